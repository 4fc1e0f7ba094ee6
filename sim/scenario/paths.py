"""Paths of numbers as people write and read them: keys joined by dots, an entry by its date, ``*`` for all names.

The name of a number is what its draw is keyed by: its path, and of a later entry of a list by date the path and the
entry's date: ``units@2025-10-01``. So it depends neither on the position in the list nor on whether the first entry
stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sim.scenario.problem import Fault, Origin, Path, one_of, quoted
from sim.scenario.tree import Branch, Node, Row, children

if TYPE_CHECKING:
    from sim.scenario.shape import Shape

WILD: Final = "*"
Touched = Mapping[str, list[Path]]
"""By what a place calls a setting: the paths that it touches."""
_FRACTION = re.compile(r"(@day\s+-?\d+)\.(\d)")
_DOT = "\0"


def steps(path: str) -> Path:
    """Return the keys of a dotted path; the dot of ``@day 12.5`` parts no keys."""
    return tuple(key.replace(_DOT, ".") for key in _FRACTION.sub(rf"\1{_DOT}\2", path).split("."))


def field_and_date(key: str) -> tuple[str, str] | None:
    """Return field and date of a key such as ``units@2025-10-01``; None if it is not one."""
    field, at, date = key.rpartition("@")
    return (field.strip(), date.strip()) if at and field.strip() and date.strip() else None


def stamp(at: datetime) -> str:
    """Return a date or time as it stands in a name, whichever way it was written."""
    at = (at + timedelta(microseconds=500_000)).replace(microsecond=0)
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return f"{at:%Y-%m-%d}"
    return at.isoformat(" ", "seconds" if at.second else "minutes")


def entry(path: Path, at: datetime | None, fallback: str) -> Path:
    """Return the name of the entry of a date in the list at ``path``; ``fallback`` stands for an unknown date."""
    return (*path[:-1], f"{path[-1]}@{fallback if at is None else stamp(at)}")


def matching(tree: Branch, shape: Shape, path: Path) -> list[Path] | Fault:
    """Return the paths for which one stands: each ``*`` for any part of one name, or of a position in a list."""
    last = max((depth + 1 for depth, key in enumerate(path) if WILD in key), default=0)
    places: list[tuple[Path, Node, Shape | None]] = [((), tree, shape)]
    for key in path[:last]:
        below = [(above, dict(_named(node, of))) for above, node, of in places]
        known = dict.fromkeys(name for _, nodes in below for name in nodes)
        places = [((*above, name), *nodes[name]) for above, nodes in below for name in nodes if fits(key, name)]
        if not places:
            wrong = "a wildcard that fits nothing" if WILD in key else "no such path"
            return Fault(wrong, quoted(key), one_of(known, key.replace(WILD, "")))
    return [(*above, *path[last:]) for above, _, _ in places]


def fits(key: str, name: str) -> bool:
    """Say whether a key, in which ``*`` stands for anything, fits a name."""
    return re.fullmatch(".*".join(map(re.escape, key.split(WILD))), name, re.DOTALL) is not None


def _named(node: Node, shape: Shape | None) -> Iterator[tuple[str, tuple[Node, Shape | None]]]:
    """Iterate over the names, or positions, of the things in a part, a table or a list, with what they hold."""
    if isinstance(node, Row) or (shape is not None and shape.kind in ("part", "table")):
        for name, item, _ in children(node):
            yield name, (item, shape and shape.below(name))


def on_all(notes: Iterable[tuple[Fault, Origin]], touched: Touched) -> list[tuple[Fault, Origin]]:
    """Return notes with their places, without those on a part only of what a setting touches: the rest counts."""
    notes = list(notes)
    busy = set()
    for file, paths in touched.items():
        noted = [note.at for note, origin in notes if origin.file == file]
        if any(not any(_meet(path, at) for at in noted) for path in paths):
            busy.add(file)
    return [(note, origin) for note, origin in notes if origin.file not in busy]


def _meet(path: Path, at: Path) -> bool:
    """Say whether what is noted at a place is on the path of a setting, or below or above it."""
    path = (*path[:-1], (field_and_date(path[-1]) or path[-1:])[0])
    return all(key == other for key, other in zip(path, at, strict=False))

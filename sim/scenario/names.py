"""Files by bare name: the scenarios, overlays and targets that can be named, and what each is in a line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Final, Literal

from sim.errors import ScenarioError
from sim.scenario.argument import argument
from sim.scenario.files import Files
from sim.scenario.folders import LAID, STRATEGIES, TARGETS, TOP, is_bare, matches, name_in, readable, roots, shown
from sim.scenario.merge import laid_together
from sim.scenario.mistaken import is_overlay
from sim.scenario.problem import nearest, plain_words, quoted, some
from sim.scenario.schema import Root
from sim.scenario.strategies import find
from sim.scenario.tree import Leaf

Kind = Literal["scenario", "overlay", "targets"]
HOMES: Final[dict[Kind, tuple[str, ...]]] = {
    "scenario": (TOP,),
    "overlay": (TOP, *LAID),
    "targets": (TOP, TARGETS),
}
"""Folders, in one of scenarios, in which files of a kind lie."""
CALLED: Final[dict[Kind, str]] = {"scenario": "scenario", "overlay": "overlay", "targets": "file of targets"}
NO_LINE: Final = ("yaml-language-server", "Use:", "Made by:")


@dataclass(frozen=True)
class Named:
    """A file that can be named.

    Attributes
    ----------
    name
        Its bare name, with the folder before it where there are two of that name.
    kind, home
        What it is, and the folder in which it lies among scenarios; empty for that folder itself.
    told
        What it says, in a line.
    path
        The file.
    """

    name: str
    kind: str
    home: str
    told: str
    path: Path


def file_of(given: str | PathLike[str], kind: Kind, beside: Path | None = None) -> Path:
    """Return the file that a path or a bare name stands for; a path that is none is for its reader to refuse.

    Parameters
    ----------
    given
        A path, or the name of a file without ending; a folder may stand before it, as in ``what-if/pause``.
    kind
        What is looked for.
    beside
        A scenario beside which names are looked for first.

    Raises
    ------
    ScenarioError
        If no file, or more than one, has that name; with the nearest name.
    """
    name = given_name(given, CALLED[kind])
    if name.strip() and (not is_bare(name) or os.path.isfile(name)):
        return Path(name)
    if kind == "overlay" and name.startswith(f"{STRATEGIES}/"):
        return find(name.partition("/")[2], beside)
    searched = roots(beside)
    for root in searched:
        held = [path for path in matches(name, root, HOMES[kind]) if path.parent != root or _may_be(path, kind)]
        if len(held) > 1:
            names = ", ".join(f"'{path.parent.name}/{path.stem}'" for path in held)
            raise ScenarioError(f"{quoted(name)} is the name of several files; expected one of {names}")
        if held:
            return Path(shown(held[0]))
    if os.path.exists(name):
        return Path(name)
    raise ScenarioError(f"no {CALLED[kind]} {quoted(name)}; {_meant(name, kind, searched)}")


def given_name(given: object, called: str) -> str:
    """Return a path or name as text.

    Raises
    ------
    ScenarioError
        If it is neither.
    """
    name = os.fspath(given) if isinstance(given, str | PathLike) else None
    if not isinstance(name, str):
        told = plain_words(given) if isinstance(given, list | tuple | dict | int | float | None) else repr(type(given))
        raise ScenarioError(f"no {called}: given {quoted(told)[1:-1]}; expected a path or a name")
    return name


def named(beside: Path | None = None) -> list[Named]:
    """Return the files that can be named, by kind and folder; of two of one folder and name, the nearer."""
    known: dict[tuple[str, str], Named] = {}
    for root in roots(beside):
        for home in (TOP, *LAID, TARGETS):
            for path in readable(root / home):
                kind = _kind_of(path) if home in (TOP, TARGETS) else "overlay"
                if kind is not None and (home, name_in(path)) not in known:
                    known[home, name_in(path)] = Named(name_in(path), kind, home, _line(path), path)
    rows = sorted(known.values(), key=lambda one: (list(HOMES).index(one.kind), one.home, one.name))  # type: ignore[arg-type]
    twice = [(one.kind, one.name) for one in rows]
    return [
        Named(f"{one.home}/{one.name}", one.kind, one.home, one.told, one.path)
        if one.home and twice.count((one.kind, one.name)) > 1
        else one
        for one in rows
    ]


def _may_be(path: Path, kind: Kind) -> bool:
    """Say whether a file that lies where files of several kinds do may be of a kind; a scenario's is told otherwise."""
    return kind == "scenario" or _kind_of(path) == kind


def _fits(path: Path, kind: Kind) -> bool:
    """Say whether a file that lies where files of several kinds do can be offered as one of a kind."""
    found = _kind_of(path)
    return found == kind or (found is None and kind == "scenario")


def _kind_of(path: Path) -> Kind | None:
    """Return what a file is; None if it is nothing that Convoi reads."""
    tree = laid_together(Files().layers(path))
    if TARGETS in tree.items and "towns" not in tree.items:
        return "targets"
    if not tree.items.keys() & Root.model_fields.keys() - {"title", "note"}:
        return None
    return "overlay" if is_overlay(tree) else "scenario"


def _line(path: Path) -> str:
    """Return what a file says of itself in a line: its first comment, or its title, or that of its strategy."""
    for text in _comments(path):
        return text.removesuffix(".")
    tree = laid_together(Files().layers(path))
    title = tree.items.get("title")
    return str(title.value) if isinstance(title, Leaf) else ""


def _comments(path: Path) -> Iterator[str]:
    """Iterate over the comments with which a file begins."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if not line.startswith("#"):
                return
            text = " ".join(line.lstrip("# ").split())
            if text and not text.startswith(NO_LINE):
                yield text


def _meant(name: str, kind: Kind, searched: list[Path]) -> str:
    """Say what may have been meant by a name that no file of a kind has."""
    for other in HOMES:
        held = (path for root in searched for path in matches(name, root, HOMES[other]))
        found = [path for path in held if path.parent not in searched or _kind_of(path) == other]
        if other != kind and found:
            return _use(other, found[0].parent.name)
    files = [path for root in searched for home in HOMES[kind] for path in readable(root / home)]
    known = [*dict.fromkeys(name_in(path) for path in files if path.parent not in searched or _fits(path, kind))]
    near = nearest(name.rpartition("/")[2], known)
    where = ", ".join(shown(root) for root in searched)
    return f"the nearest is '{near}'" if near else f"expected a path, or one of {some(known)}; looked in {where}"


def _use(kind: Kind, home: str) -> str:
    """Say what a file of a kind, in a folder, is for."""
    if kind == "overlay":
        what, by = ("a strategy", "strategy") if home == STRATEGIES else ("an overlay", "overlays")
        return f"it is {what}, to be laid on a scenario by {argument(by)}"
    return "it is a scenario" if kind == "scenario" else f"it is a file of targets, for {argument('targets')}"

"""The folder of a study: which one it may be, whose it is, and that nobody else writes there meanwhile."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sim.errors import ResultsError
from sim.plan.sealed import MANIFEST
from sim.results import store
from sim.results.files import OURS, sweep_out, sync
from sim.results.inputs import inputs_of
from sim.results.ledger import LEDGER, Ledger
from sim.results.lock import Lock, holder, plain
from sim.results.mending import standing
from sim.results.store import LAYOUT, SAME, UNFINISHED, Study, note_in
from sim.scenario.calls import argument
from sim.scenario.folders import bare_name

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.load import Scenario

LONGEST: Final = 60
"""Letters of a name, with which the path of the folder fits into a line of the answer."""
Tables: TypeAlias = "Mapping[str, pd.DataFrame | Callable[[Path], None]]"
"""By name: a frame, or what writes the table to a path."""
NAMED: Final = 3
"""Strange files that a refusal names, at most."""


class StudyFolder:
    """A folder that a study has to itself from its first write until its figures are noted.

    Parameters
    ----------
    path
        The folder, made if it is missing.
    study
        Which study; None for what only adds to the ledger, whosever it is.
    force
        Take the folder though it holds files of others or another study: those of the names that are written are
        replaced.
    command
        How the study was called.

    Raises
    ------
    ResultsError
        On entering: if another process or study is at work in the folder, or it is not this study's.
    """

    def __init__(self, path: Path, study: Study | None, *, force: bool = False, command: str | None = None) -> None:
        self.path, self._study, self._force, self.command = path, study, force, command
        self._lock: Lock | None = None
        self._made: list[Path] = []
        self._first = False
        self._kept = False

    def __enter__(self) -> StudyFolder:
        self._made = [path for path in (self.path, *self.path.parents) if not os.path.lexists(path)]
        store.make(self.path)
        with suppress(OSError):  # one may write into a folder that one may not read
            for path in self._made:
                sync(path.parent)
        lock = Lock(self.path, self._study and self._study.identity, self.command)
        self._lock = lock.__enter__()
        self._first = self._lock is lock
        try:
            if self._first:
                if not self._force and (other := in_the_way(self.path, self._study)):
                    forced = argument("force", True)
                    out = f"give another folder with {argument('folder')}, or write into this one with {forced}"
                    raise ResultsError(f"cannot write results to {self.path}: {other}; {out}", folder=self.path)
                sweep_out(self.path)
                if self._study is not None:
                    store.begin(self.path, self._study, self.command)
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._lock is not None
        refused = self._first and error is not None
        if refused and self._study is not None:
            self._drop_note()
        elif self._first and not self._kept and self.finished():
            with suppress(OSError):
                (self.path / UNFINISHED).unlink()
        self._lock.__exit__(kind, error, at)
        if refused:
            with suppress(OSError):  # what is not empty stays
                for path in self._made:
                    path.rmdir()

    def _drop_note(self) -> None:
        """Remove the note of a study that was refused before it kept anything."""
        with suppress(OSError):
            if not {path.name for path in self.path.iterdir()} & {LEDGER, MANIFEST}:
                (self.path / UNFINISHED).unlink()

    def finished(self, done: int = 0) -> bool:
        """Say whether the folder holds the finished study, of these replications and ``done`` or more at least.

        What was kept then stays: on leaving, only the note that the study goes on is dropped.
        """
        older = note_in(self.path)
        if self._study is None or older is None or _apart(older, self._study):
            return False
        whole = older.get("layout") == LAYOUT and all((self.path / name).is_file() for name in store.files_of(older))
        count = older.get("done", 0)
        more = _among(self._study.replications, older["replications"]) and isinstance(count, int) and count >= done
        return whole and more

    def keep(
        self, tables: Tables, manifest: Mapping[str, Any], scenarios: Mapping[str, Scenario] | None = None
    ) -> None:
        """Write the tables and the manifest of the study, and the scenarios that it is of.

        See `sim.results.store.keep`; ``scenarios`` are as in `sim.results.inputs.inputs_of`.
        """
        assert self._study is not None
        inputs, note = inputs_of(scenarios or {})
        self._kept = True
        store.keep(self.path, tables, {**manifest, **note, "digest": self._study.digest}, inputs)


@contextmanager
def ledger_in(
    folder: Path | None, study: Study | None, *, force: bool = False, command: str | None = None
) -> Iterator[Ledger]:
    """Yield the ledger of a study in its folder, which is taken meanwhile; a temporary one if there is no folder.

    Raises
    ------
    ResultsError
        As `StudyFolder` and `Ledger`.
    """
    if folder is None:
        with Ledger(None) as ledger:
            yield ledger
    else:
        with StudyFolder(folder, study, force=force, command=command), Ledger(folder) as ledger:
            yield ledger


def in_the_way(folder: Path, study: Study | None) -> str | None:
    """Return what is in a folder that a study must leave alone, in words; None if it may use the folder.

    A manifest or a note that cannot be read, such as one that a power cut left empty, is as none.
    """
    try:
        names = sorted(path.name for path in folder.iterdir() if not path.name.startswith(OURS))
    except OSError as error:
        return f"what it holds cannot be read ({error.strerror or error})"
    for file in (MANIFEST, UNFINISHED):
        with suppress(ResultsError):
            if not store.is_note(store.read_manifest(folder, file)):
                return f"its {file} is not that of a study"
    notes = _notes(folder)
    for note in notes:
        if study is not None and _apart(note, study):
            parts = [f"'{plain(note['title'])}'"] if "title" in note else []
            parts += [f"seed {plain(note['seed'])}"]
            parts += [f"made {plain(note['made'])} by: {plain(note.get('command'))}"] if "made" in note else []
            return f"it holds another study ({', '.join(parts)})"
    if notes or not names or standing(folder / LEDGER) not in ("none", "foreign"):
        return None
    listed = ", ".join(f"'{plain(name)}'" for name in names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"it holds {listed}{more} and no study of Convoi"


def name_of(
    scenario: str | Path,
    overlays: Iterable[str | Path] = (),
    sets: Iterable[str] = (),
    alternatives: Iterable[str | Path] = (),
) -> str:
    """Return a readable name of a study: the scenario, what is laid on it, what is set, what is compared or varied."""
    names = [bare_name(scenario), *map(bare_name, overlays)]
    settings = "_".join(_safe(setting) for setting in sets).strip("_.")
    between = ",".join(map(_alternative, alternatives)).strip("_,.")
    name = "_".join([*names, *filter(None, (settings, between))]).lstrip(".") or "scenario"  # '..' is another folder
    return name[:LONGEST].rstrip("_,.").encode()[:200].decode(errors="ignore")


def free_folder(parent: Path, name: str, study: Study, day: date | None = None) -> Path:
    """Return the folder under ``parent`` that a study goes on in, or a new one: ``name_2025-11-28``, ``…-2``, ``…-3``.

    Parameters
    ----------
    parent, name
        Where results are kept, and the name wanted.
    study
        The study to be stored; a repeat of it takes the same folder, on any later day, also while the first is at work
        there.
    day
        Which day it is; today if not given.
    """
    earlier = re.compile(rf"{re.escape(name)}_(\d{{4}}-\d\d-\d\d)(?:-(\d+))?")
    with suppress(OSError):
        matches = ((earlier.fullmatch(path.name), path) for path in parent.iterdir())
        dated = [(match[1], -int(match[2] or 1), folder) for match, folder in matches if match]
        for *_, folder in sorted(dated, reverse=True):
            begun = _notes(folder) or standing(folder / LEDGER) not in ("none", "foreign")
            if begun and _may_take(folder, study):
                return folder
    for number in count(1):
        folder = parent / f"{name}_{day or date.today()}{'' if number == 1 else f'-{number}'}"
        if not folder.is_dir() or _may_take(folder, study):
            break
    return folder


def _may_take(folder: Path, study: Study) -> bool:
    """Say whether nothing but a study is in a folder, nor at work there."""
    who = holder(folder)
    theirs = study.identity if who is None else who.get("study")
    ours = all(_is(note, study) for note in _notes(folder))
    return theirs == study.identity and ours and not in_the_way(folder, study)


def _notes(folder: Path) -> list[dict[str, Any]]:
    return [note for file in (MANIFEST, UNFINISHED) if (note := note_in(folder, file)) is not None]


def _apart(note: Mapping[str, Any], study: Study) -> bool:
    """Say whether a note is that of another study."""
    return any(note[key] != value for key, value in study.identity.items())


def _among(asked: int | str | list[int], noted: object) -> bool:
    """Say whether the replications asked for are among those of a note: a number of them, or which."""
    numbers = range(asked) if isinstance(asked, int) else asked
    if isinstance(noted, int):
        return all(isinstance(number, int) and number < noted for number in numbers)
    return asked == noted or (isinstance(noted, list) and all(number in noted for number in numbers))


def _is(older: Mapping[str, Any], study: Study) -> bool:
    return all(older[key] == getattr(study, key) for key in SAME)


def _alternative(given: str | Path) -> str:
    """Return what is compared or varied as part of a file name: files of an overlay without folders and endings."""
    parts = [part.strip() for part in str(given).split(",")]
    return "+".join(_safe(Path(part).stem if part.endswith((".yaml", ".yml")) else part) for part in parts)


def _safe(setting: str) -> str:
    """Return a setting as part of a file name: ``fleet.load=46_m3``."""
    return re.sub(r"[^\w.=+–-]+", "_", setting.replace("%", "pct")).strip("_.")

"""The studies that folders hold, as they are found there; nothing is opened for writing or waited for."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from sim.errors import ResultsError
from sim.plan.sealed import MANIFEST
from sim.results.files import OURS
from sim.results.folder import in_the_way
from sim.results.ledger import LEDGER
from sim.results.lock import holder
from sim.results.mending import UNREADABLE, as_it_stands, standing
from sim.results.store import CRATE, INPUTS, UNFINISHED, names_under, note_in
from sim.rules.steps import total
from sim.scenario.calls import command_words
from sim.scenario.folders import POSTERIORS

State = Literal["finished", "interrupted", "at work", "other"]
EACH: Final = ("run", "compare", "sweep")
"""Commands whose replications are as many for every alternative or point, so that it is known how many are left."""
ROLES: Final = {
    "tables": "table",
    INPUTS: "what the study was made of",
    "figures": "figure",
    "report": "report",
}
"""By key of the manifest under which a file is noted: what it is."""


@dataclass(frozen=True)
class Kept:
    """A folder among results.

    Parameters
    ----------
    folder
        Where it is.
    state
        Whether it holds a finished study, one that was interrupted, one at work, or something else.
    about
        What its manifest or its note says of the study, as it stands there.
    problem
        Why it is no study, or what is wrong with it.
    done, total
        Replications in the ledger of a study that is not finished, and how many there will be; None if unknown.
    files
        Size in bytes by name, of what lies in the folder itself, and of the posteriors in it.
    """

    folder: Path
    state: State
    about: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None
    done: int | None = None
    total: int | None = None
    files: dict[str, int] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return total(self.files.values())

    @property
    def when(self) -> datetime | None:
        """When it was finished, or begun if it is not; UTC."""
        for key in ("made", "begun"):
            try:
                return datetime.fromisoformat(str(self.about.get(key))).astimezone(UTC)
            except ValueError:
                continue
        return None

    @property
    def command(self) -> str | None:
        """How the study was called, if by a command."""
        command = self.about.get("command")
        return command if isinstance(command, str) and command else None

    def role(self, name: str) -> str:
        """Say what a file of the folder is."""
        if name in (MANIFEST, UNFINISHED):
            return "how the study was made"
        if name == CRATE:
            return "what describes the study for archives"
        if name == LEDGER:
            return "replications as they came; the study goes on from it"
        return next((what for key, what in ROLES.items() if name in names_under(self.about, key)), "not of this study")


def is_study(folder: Path) -> bool:
    """Say whether a folder looks like that of one study, rather than one of studies."""
    return any((folder / name).is_file() for name in (MANIFEST, UNFINISHED, LEDGER))


def kept(folder: Path) -> Kept:
    """Return what a folder holds."""
    try:
        files = _files(folder)
        other = in_the_way(folder, None)
        who = holder(folder)
    except OSError as error:
        return Kept(folder, "other", problem=f"it cannot be read ({error.strerror or error})")
    note, manifest = note_in(folder, UNFINISHED), note_in(folder)
    if who is None and other is None and note is None and manifest is None:
        other = "it holds no study of Convoi" if files else "it is empty"
        if LEDGER in files:
            what = "damaged" if MANIFEST in files else "missing"
            other = f"its {MANIFEST} is {what}; the same command makes it again"
    if who is None and other is not None:
        return Kept(folder, "other", problem=other, files=files)
    if who is None and note is None and manifest is not None:
        return Kept(folder, "finished", manifest, files=files)
    about = {**(note or manifest or {})}
    if who is not None:
        about = {"command": who.get("command"), "begun": who.get("since"), **about}
    done, whole = _progress(folder / LEDGER, about)
    return Kept(folder, "interrupted" if who is None else "at work", about, None, done, whole, files)


def listing(parent: Path) -> list[Kept]:
    """Return what each folder in a folder holds, the one that was made last at the end, those of others first.

    Raises
    ------
    ResultsError
        If the folder cannot be read.
    """
    try:
        folders = sorted(path for path in parent.iterdir() if path.is_dir())
    except OSError as error:
        raise ResultsError(f"cannot read {parent}: {error.strerror or error}", folder=parent) from error
    epoch = datetime.fromtimestamp(0, UTC)
    return sorted(map(kept, folders), key=lambda study: (study.when or epoch, study.folder.name))


def _files(folder: Path) -> dict[str, int]:
    inside = [] if (folder / POSTERIORS).is_symlink() else sorted((folder / POSTERIORS).rglob("*"))
    return {
        str(path.relative_to(folder)): path.lstat().st_size
        for path in (*sorted(folder.iterdir()), *inside)
        if not path.name.startswith(OURS) and path.is_file() and not path.is_symlink()
    }


def _progress(ledger: Path, about: dict[str, Any]) -> tuple[int | None, int | None]:
    """Return how many replications a ledger holds, and how many there will be if that can be told."""
    if standing(ledger) != "ours":
        return None, None
    try:
        with closing(as_it_stands(ledger)) as base:
            done, works = base.execute("SELECT count(*), count(DISTINCT work) FROM done").fetchone()
    except UNREADABLE:
        return None, None  # another process writes there
    words = command_words(about.get("command"))
    each = about.get("replications")
    count = len(each) if isinstance(each, list) else each
    known = isinstance(count, int) and words[1:2] and words[1] in EACH and works > 0
    whole = works * count if known and isinstance(count, int) else None
    return done, whole if whole is not None and whole >= done else None


def as_numbers(study: Kept) -> dict[str, Any]:
    """Return a folder as plain values, for JSON."""
    keys = ("title", "scenario", "seed", "replications", "central", "engine")
    return {
        "folder": str(study.folder),
        "state": study.state,
        "problem": study.problem,
        "command": study.command,
        **{key: study.about.get(key) for key in keys},
        "when": None if study.when is None else study.when.isoformat(),
        "done": study.done,
        "total": study.total,
        "bytes": study.size,
        "files": study.files,
    }

"""Files that are whole or not there, also after a power cut, and that follow nobody's link."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final

from sim.errors import ResultsError
from sim.scenario.folders import POSTERIORS

OURS: Final = ".convoi-"
"""How the names begin of files that are in a folder for a while only."""
NEW: Final = f"{OURS}new-"
_NUMBERS: Final = count()


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield a name in the same folder; the file written there takes the place of ``path``, whole and at once.

    Its bytes are on disk by then.  The folder is not: `sync` it when all its files are in place.
    """
    new = path.with_name(f"{NEW}{os.getpid()}-{next(_NUMBERS)}{path.suffix}")
    try:
        yield new
        sync(new)
        new.replace(path)
    except BaseException as error:
        with suppress(NotADirectoryError):
            new.unlink(missing_ok=True)
        if isinstance(error, OSError) and str(new) in str(error):  # told by the name that was given
            why = os.strerror(error.errno) if error.errno else "it cannot be written"
            raise OSError(error.errno or 0, why, str(path)) from error
        raise


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say what the system refuses meanwhile as an error of results in a folder.

    Raises
    ------
    ResultsError
        If something cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise ResultsError(f"cannot write results to {folder}: {error.strerror or error}", folder=folder) from error


def write(path: Path, text: str) -> None:
    """Write a text; it and all that was put in its folder before are on disk when this returns."""
    with replaced(path) as new:
        new.write_text(text + "\n", encoding="utf-8")
        sync(path.parent)  # what the text speaks of must not come after it
    sync(path.parent)


def sync(path: Path) -> None:
    """Return when a file, or the names in a folder, are on disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def sweep_out(folder: Path) -> None:
    """Remove what a process that was killed left half written."""
    for path in (*folder.glob(f"{NEW}*"), *folder.glob(f"{POSTERIORS}/**/{NEW}*")):
        path.unlink(missing_ok=True)


def aside(path: Path, what: str) -> Path:
    """Rename a file and those that SQLite keeps beside it to the first free name of ``stem-what``; return the name."""
    for number in count(1):
        other = path.with_name(f"{path.stem}-{what}{'' if number == 1 else f'-{number}'}{path.suffix}")
        if not os.path.lexists(other):
            break
    for beside in ("-journal", "-wal", "-shm"):
        companion = path.with_name(path.name + beside)
        if os.path.lexists(companion):
            companion.rename(other.with_name(other.name + beside))
    if os.path.lexists(path):
        path.rename(other)
    sync(path.parent)
    return other

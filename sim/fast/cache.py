"""Where compiled code is kept: a folder named by a hash of all that it is made of."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import Any, Final

import numba.core.config

from sim.errors import FastError

CONFIG: Any = numba.core.config
HOME: Final = Path(__file__).parents[1]
SOURCES: Final = ("fast", "rules", "world", "plan/sections.py", "record.py")
"""What compiled code is made of: a kernel that is kept beside another text would go on with the old rules."""
VARIABLE: Final = "CONVOI_CACHE"
"""Environment variable that names another folder for compiled code."""


@cache
def folder() -> Path:
    """Return the folder of the code compiled from these sources, by these versions, for this processor.

    Raises
    ------
    FastError
        If no folder can be written.
    """
    found = hashlib.sha256()
    for path in sorted(path for part in SOURCES for path in _modules(HOME / part)):
        text = path.read_bytes()
        found.update(f"{path.relative_to(HOME).as_posix()}\0{len(text)}\0".encode())
        found.update(text)
        if path.parent == HOME / "fast":
            found.update(repr(path.stat().st_mtime).encode())  # by which Numba, too, takes code to be of other sources
    made_by = (
        str(HOME),
        sys.version,
        version("numba"),
        version("llvmlite"),
        version("numpy"),
        platform.machine(),
        CONFIG.CPU_NAME,
    )
    found.update(repr(made_by).encode())
    refused = []
    for parent in _parents():
        path = parent / found.hexdigest()[:16]
        if _is_writable(path):
            return path
        refused.append(str(parent))
    where = " nor in ".join(refused) or "any folder"
    raise FastError(f"compiled code cannot be kept in {where}; name a folder in {VARIABLE}, or use --engine simpy")


def is_kept(names: Iterable[str]) -> bool:
    """Say whether the code of functions is there already."""
    return all(any(folder().rglob(f"*.{name}-*.nbc")) for name in names)


def forget(name: str) -> None:
    """Remove the code of a function, such as what a crash has left in part."""
    for path in folder().rglob(f"*.{name}-*"):
        path.unlink(missing_ok=True)


@contextmanager
def kept_in(path: Path) -> Iterator[None]:
    """Let functions that are declared meanwhile keep their code in a folder."""
    before = CONFIG.CACHE_DIR
    CONFIG.CACHE_DIR = str(path)
    try:
        yield
    finally:
        CONFIG.CACHE_DIR = before


def _parents() -> Iterator[Path]:
    """Iterate over folders to try: the one asked for or the user's cache, then one in the system's temporary folder."""
    asked, caches = os.environ.get(VARIABLE), os.environ.get("XDG_CACHE_HOME")
    if asked:
        yield Path(asked).absolute()
    else:
        with suppress(RuntimeError):  # nobody's home is known
            yield (Path(caches) if caches else Path.home() / ".cache") / "convoi"
    with suppress(OSError):
        own = Path(gettempdir()) / f"convoi-{os.getuid()}"
        own.mkdir(mode=0o700, exist_ok=True)
        if own.lstat().st_uid == os.getuid():  # what others may write there would be run
            yield own


def _is_writable(path: Path) -> bool:
    try:
        path.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=path).close()
    except OSError:
        return False
    return True


def _modules(part: Path) -> list[Path]:
    return list(part.rglob("*.py")) if part.is_dir() else [part]

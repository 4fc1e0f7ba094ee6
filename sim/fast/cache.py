"""Where compiled code is kept: a folder named by a hash of all that it is made of."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

import numba.core.config

CONFIG: Any = numba.core.config
HOME: Final = Path(__file__).parents[1]
SOURCES: Final = ("fast", "rules", "world", "plan/sections.py", "record.py")
"""What compiled code is made of: a kernel that is kept beside another text would go on with the old rules."""
VARIABLE: Final = "CONVOI_CACHE"
"""Environment variable that names another folder for compiled code."""


@cache
def folder() -> Path:
    """Return the folder of the code compiled from these sources, by these versions, for this processor."""
    found = hashlib.sha256()
    for path in sorted(path for part in SOURCES for path in _modules(HOME / part)):
        text = path.read_bytes()
        found.update(f"{path.relative_to(HOME).as_posix()}\0{len(text)}\0".encode())
        found.update(text)
    made_by = (
        sys.version,
        version("numba"),
        version("llvmlite"),
        version("numpy"),
        platform.machine(),
        CONFIG.CPU_NAME,
    )
    found.update(repr(made_by).encode())
    return _parent() / found.hexdigest()[:16]


def is_kept(names: Iterable[str]) -> bool:
    """Say whether the code of functions is there already."""
    return all(any(folder().rglob(f"*.{name}-*.nbc")) for name in names)


@contextmanager
def kept_in(path: Path) -> Iterator[None]:
    """Let functions that are declared meanwhile keep their code in a folder."""
    before = CONFIG.CACHE_DIR
    CONFIG.CACHE_DIR = str(path)
    try:
        yield
    finally:
        CONFIG.CACHE_DIR = before


def _parent() -> Path:
    """Return a folder that can be written: the one asked for, the user's cache, or the system's temporary folder."""
    asked = os.environ.get(VARIABLE)
    if asked:
        return Path(asked)
    own = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "convoi"
    try:
        own.mkdir(parents=True, exist_ok=True)
        writable = os.access(own, os.W_OK)
    except OSError:
        writable = False
    return own if writable else Path(gettempdir()) / f"convoi-{os.getuid()}"


def _modules(part: Path) -> list[Path]:
    return list(part.rglob("*.py")) if part.is_dir() else [part]

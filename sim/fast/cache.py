"""Where compiled code is kept: a folder of our own, named by a hash of all that the code is made of.

What lies there is run, so nobody else may be able to put it there; and it may have been damaged since, so it is read
only if it is what was written.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import stat
import sys
from atexit import register
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryFile, gettempdir, mkdtemp
from typing import Any, Final

import numba.core.config

from sim.errors import FastError

CONFIG: Any = numba.core.config
HOME: Final = Path(__file__).parents[1]
SOURCES: Final = ("fast", "rules", "world", "plan", "record.py")
"""What compiled code is made of: a kernel that is kept beside another text would go on with the old rules."""
VARIABLE: Final = "CONVOI_CACHE"
"""Environment variable that names another folder for compiled code."""
SUMS: Final = "sums"
"""Ending of the file that says what each file of a function holds, by SHA-256."""
OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH
ENTERED: Final = stat.S_IRWXG | stat.S_IRWXO
passed_over: Final[list[str]] = []
"""Folders that are not used since others might have put code there, each with the reason."""


@cache
def folder() -> Path:
    """Return the folder of the code compiled from these sources, by these versions, for this processor.

    Raises
    ------
    FastError
        If there is no folder that can be written and trusted.
    """
    name = _made_of()
    refused = []
    passed_over.clear()
    for parent in _parents():
        path = parent / name
        wrong = None if _is_writable(path) else "it cannot be written"
        if wrong is None:
            wrong = why_not_trusted(path)
            if wrong is not None:
                passed_over.append(f"{parent} ({wrong})")
        if wrong is None:
            return path.resolve()
        refused.append(f"{parent} ({wrong})")
    where = " nor in ".join(refused) or "any folder"
    raise FastError(f"compiled code cannot be kept in {where}; name a folder in {VARIABLE}, or use --engine simpy")


def _made_of() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for part in SOURCES for path in _modules(HOME / part)):
        text = path.read_bytes()
        digest.update(f"{path.relative_to(HOME).as_posix()}\0{len(text)}\0".encode())
        digest.update(text)
        if path.parent == HOME / "fast":
            digest.update(repr(path.stat().st_mtime).encode())  # by which Numba, too, takes code to be of other sources
    made_by = (
        str(HOME),
        sys.version,
        version("numba"),
        version("llvmlite"),
        version("numpy"),
        platform.machine(),
        CONFIG.CPU_NAME,
    )
    digest.update(repr(made_by).encode())
    return digest.hexdigest()[:16]


def is_kept(names: Iterable[str]) -> bool:
    """Say whether the code of functions is there already, as it was written."""
    return all(map(is_whole, names))


def is_whole(name: str) -> bool:
    """Say whether the code of a function is there as it was written: what is damaged may crash the process."""
    try:
        sums = json.loads((folder() / f"{name}-{SUMS}").read_bytes())
        return bool(sums) and sums == _sums(name)
    except (OSError, ValueError):
        return False


def seal(name: str) -> None:
    """Write down what the files of a function hold."""
    path = folder() / f"{name}-{SUMS}"
    part = path.with_name(f"{path.name}-{os.getpid()}")
    with suppress(OSError):  # without it the code is compiled anew next time, as on a full disk
        sums = _sums(name)
        if not sums:
            return
        try:
            part.write_text(json.dumps(sums))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def forget(name: str) -> None:
    """Remove the code of a function, such as what a crash has left in part."""
    for path in (folder() / f"{name}-{SUMS}", *folder().rglob(f"*.{name}-*")):
        path.unlink(missing_ok=True)


@contextmanager
def locked() -> Iterator[None]:
    """Let one process at a time compile into the folder; the next finds the code there."""
    with ExitStack() as stack:
        with suppress(OSError):  # a full disk, or a file system without locks: then each compiles for itself
            lock = stack.enter_context((folder() / "lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def kept_in(path: Path) -> Iterator[None]:
    """Let functions that are declared meanwhile keep their code in a folder, and nowhere else."""
    before = {name: getattr(CONFIG, name, "") for name in ("CACHE_DIR", "CACHE_LOCATOR_CLASSES")}
    CONFIG.CACHE_DIR, CONFIG.CACHE_LOCATOR_CLASSES = str(path), "UserProvidedCacheLocator"
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(CONFIG, name, value)


def _parents() -> Iterator[Path]:
    """Iterate over folders to try: the one asked for or the user's cache, then one in the system's temporary folder.

    The last is new each time, for this process alone.
    """
    named, caches = os.environ.get(VARIABLE), os.environ.get("XDG_CACHE_HOME")
    if named:
        yield Path(named).absolute()
    else:
        with suppress(RuntimeError):  # nobody's home is known
            yield (Path(caches) if caches else Path.home() / ".cache") / "convoi"
    with suppress(OSError):
        yield Path(gettempdir()) / f"convoi-{os.getuid()}"
        own = Path(mkdtemp(prefix="convoi-"))
        register(rmtree, own, ignore_errors=True)
        yield own


def _is_writable(path: Path) -> bool:
    try:
        _make(path)
        TemporaryFile(dir=path).close()
    except OSError:
        return False
    return True


def _make(path: Path) -> None:
    """Make a folder and those above it that are missing, each for us alone, whatever the umask.

    Raises
    ------
    OSError
        If they cannot be made.
    """
    if not path.is_dir():
        _make(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def why_not_trusted(path: Path) -> str | None:
    """Return why others may have put files into a folder, None if they cannot have.

    A folder and all in it must be our own, and nobody else may write there; folders above it may be the system's, and
    others may write to them only where they cannot move what is not theirs (as in /tmp).
    """
    try:
        real = path.resolve(strict=True)
        status = real.stat()
        if status.st_uid != os.getuid():
            return f"{real} is not yours"
        if status.st_mode & OTHERS:
            return f"others may write to {real}"
        for above in real.parents:
            if wrong := _above(above):
                return wrong
        return _inside(real, closed=not status.st_mode & ENTERED)
    except OSError as error:
        return f"cannot be looked into: {error}"


def _above(path: Path) -> str | None:
    status = path.stat()
    if status.st_uid not in (0, os.getuid(), Path("/").stat().st_uid):  # the system's may look like another's inside
        return f"{path} belongs to somebody else"
    sticky = bool(status.st_mode & stat.S_ISVTX)
    if status.st_mode & stat.S_IWOTH and not sticky:
        return f"anybody may write to {path}"
    if status.st_mode & stat.S_IWGRP and not sticky and not _is_private(status.st_gid):
        return f"a group may write to {path}"
    return None


def _is_private(group: int) -> bool:
    """Say whether a group is the user's own, as most systems give each user one and a umask of 002."""
    import grp
    import pwd

    with suppress(KeyError):
        user, named = pwd.getpwuid(os.getuid()), grp.getgrgid(group)
        return named.gr_gid == user.pw_gid and named.gr_name == user.pw_name and not set(named.gr_mem) - {user.pw_name}
    return False


def _inside(path: Path, closed: bool) -> str | None:
    """Look at what is in a folder; what nobody else can reach may have the modes that the umask gave it."""
    with os.scandir(path) as entries:
        for entry in entries:
            status = entry.stat(follow_symlinks=False)
            if status.st_uid != os.getuid():
                return f"{entry.path} is not yours"
            if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
                return f"{entry.path} is neither a file nor a folder"
            if status.st_mode & OTHERS and not closed:
                return f"others may write to {entry.path}"
            if stat.S_ISDIR(status.st_mode) and (wrong := _inside(Path(entry.path), closed)):
                return wrong
    return None


def _sums(name: str) -> dict[str, str]:
    """Return the SHA-256 of each file of a function."""
    return {
        path.relative_to(folder()).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder().rglob(f"*.{name}-*.nb[ci]"))
    }


def _modules(part: Path) -> list[Path]:
    return list(part.rglob("*.py")) if part.is_dir() else [part]

"""Whether a folder is ours alone: nobody else could have put a file there, or swap the folder for another."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IWGRP | stat.S_IWOTH
ENTERED = stat.S_IRWXG | stat.S_IRWXO


def make(path: Path) -> None:
    """Make a folder and those above it that are missing, each for us alone, whatever the umask.

    Raises
    ------
    OSError
        If they cannot be made.
    """
    if not path.is_dir():
        make(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def why_not_trusted(path: Path) -> str | None:
    """Return why others may have put files into a folder, None if they cannot have.

    A folder and all in it must be our own, and nobody else may write there; folders above it may be the system's, and
    others may write to them only where they cannot move what is not theirs (as in /tmp).
    """
    try:
        real = path.resolve(strict=True)
        found = real.stat()
        if found.st_uid != os.getuid():
            return f"{real} is not yours"
        if found.st_mode & OTHERS:
            return f"others may write to {real}"
        for above in real.parents:
            if wrong := _above(above):
                return wrong
        return _inside(real, closed=not found.st_mode & ENTERED)
    except OSError as error:
        return f"cannot be looked into: {error}"


def _above(path: Path) -> str | None:
    found = path.stat()
    if found.st_uid not in (0, os.getuid(), Path("/").stat().st_uid):  # the system's may look like another's inside
        return f"{path} belongs to somebody else"
    sticky = bool(found.st_mode & stat.S_ISVTX)
    if found.st_mode & stat.S_IWOTH and not sticky:
        return f"anybody may write to {path}"
    if found.st_mode & stat.S_IWGRP and not sticky and not _is_private(found.st_gid):
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
            found = entry.stat(follow_symlinks=False)
            if found.st_uid != os.getuid():
                return f"{entry.path} is not yours"
            if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
                return f"{entry.path} is neither a file nor a folder"
            if found.st_mode & OTHERS and not closed:
                return f"others may write to {entry.path}"
            if stat.S_ISDIR(found.st_mode) and (wrong := _inside(Path(entry.path), closed)):
                return wrong
    return None

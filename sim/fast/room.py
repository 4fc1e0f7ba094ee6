"""How much memory a replication may take: too large a scenario ends in a plain error, not in a killed process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final

from sim.errors import RoomError

MOST: Final = 1 << 28
"""Words of a replication (2 GiB), some hundred times what the largest shipped scenario takes."""
MEMORY: Final = Path("/proc/meminfo")
GROUP: Final = Path("/sys/fs/cgroup")
_LOCK: Final = Lock()
_at_work = 0


@contextmanager
def at_work() -> Iterator[None]:
    """Count a replication as at work meanwhile: those beside it will want as much as it does."""
    global _at_work
    with _LOCK:
        _at_work += 1
    try:
        yield
    finally:
        with _LOCK:
            _at_work -= 1


def check(words: int) -> None:
    """Refuse words that may not be had.

    Raises
    ------
    RoomError
        If a replication may not have so many, or the machine has not enough for all that are at work.
    """
    many = max(1, _at_work)
    need = f"a replication needs more than {_gigabytes(4 * words)} of memory"
    way_out = "make the scenario smaller: convoi check says what takes the room"
    if words > MOST:
        raise RoomError(f"{need}, the most that it may have; {way_out}", words=words)
    free = available()
    if free is not None and 8 * words * many > free:
        beside = f" for {many} at a time; use fewer workers or" if many > 1 else ";"
        raise RoomError(f"{need}, and {_gigabytes(free)} are free{beside} {way_out}", words=words)


def available() -> int | None:
    """Return how many bytes this process may still take of the machine and of its control group; None if unknown."""
    rooms = [free for free in (_of_machine(), _of_group()) if free is not None]
    return max(0, min(rooms)) if rooms else None


def _of_machine() -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in MEMORY.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _of_group() -> int | None:
    """Return what is left under the limit of a container; files that the system holds in memory give way."""
    with suppress(OSError, ValueError, IndexError):
        most = int((GROUP / "memory.max").read_text())  # "max" is no number: no limit
        stat = dict(line.split() for line in (GROUP / "memory.stat").read_text().splitlines())
        return most - int((GROUP / "memory.current").read_text()) + int(stat["inactive_file"])
    return None


def _gigabytes(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"

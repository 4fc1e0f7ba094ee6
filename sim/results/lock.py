"""One lock a folder: who has it may write there, and it goes with its process."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Final

from sim.errors import ResultsError
from sim.results.files import OURS, writing
from sim.scenario.calls import argument

LOCK: Final = f"{OURS}lock"
"""Name of the file, which is there only while it is held, or if a process was killed."""
_TRIES, _PAUSE = 20, 0.02
"""How often, and s between, the file of another is read that says who it is: it locks before it writes."""


class Lock:
    """The right of a process to write into a folder, for one study.

    It may be taken again by the same process for the same study, and is given back as often.

    Parameters
    ----------
    folder
        A folder that is there.
    study
        What tells the study from others; None if that does not matter: it then goes beside any of the same process.
    command
        How the study was called, for whoever finds the folder locked.

    Raises
    ------
    ResultsError
        On entering, at once, if another holds it; with its ``holder``: pid, host, command, since and study.
    """

    _locks: Final[dict[tuple[int, int], Lock]] = {}
    _registry: Final = RLock()

    def __init__(self, folder: Path, study: Mapping[str, Any] | None, command: str | None = None) -> None:
        self.folder, self._study = folder, dict(study or {})
        self._about = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "command": command or shlex.join(sys.argv),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
            "study": self._study,
        }
        self._path = self.folder / LOCK
        self._file, self._times = -1, 0

    def __enter__(self) -> Lock:
        """Take the lock; return it, or if this process has it already, the one that was taken first."""
        with writing(self.folder), self._registry:
            about = self.folder.stat()
            first = self._locks.get(place := (about.st_dev, about.st_ino))
            if first is None or first._about["pid"] != os.getpid():  # a fork has the list, but not the lock
                self._take()
                first = self._locks[place] = self
            elif self._study and first._study != self._study:
                raise refusal(self.folder, first._about)
            first._times += 1
        return first

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._registry:
            self._times -= 1
            if not self._times:
                for place in [place for place, lock in self._locks.items() if lock is self]:
                    del self._locks[place]
                with suppress(OSError):
                    if _is_at(self._file, self._path):
                        self._path.unlink()  # while it is ours
                os.close(self._file)

    def _take(self) -> None:
        path = self._path = self._path.absolute()
        while True:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(file, path):  # else who had it has removed it meanwhile
                    os.truncate(file, 0)
                    os.write(file, json.dumps(self._about, default=str).encode())
                    self._file = file
                    return
            except BlockingIOError as error:
                who = holder(self.folder)
                if who is not None:  # else it was somebody who looked, as this does
                    os.close(file)
                    raise refusal(self.folder, who) from error
            except BaseException:
                os.close(file)
                raise
            os.close(file)


def holder(folder: Path) -> dict[str, Any] | None:
    """Return what is known of who holds a folder's lock; None if nobody does."""
    try:
        file = os.open(folder / LOCK, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        for _ in range(_TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return None
            except BlockingIOError:
                pass
            try:
                about = json.loads(os.pread(file, 1 << 20, 0))
                return about if isinstance(about, dict) else {}
            except ValueError:
                time.sleep(_PAUSE)
        return {}
    finally:
        os.close(file)


def _is_at(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.lstat())
    except FileNotFoundError:
        return False


def refusal(folder: Path, who: Mapping[str, Any]) -> ResultsError:
    """Return the error of a folder that another holds."""
    process = f"process {who.get('pid', '?')} on {who.get('host', '?')} since {who.get('since', '?')}"
    message = (
        f"cannot write results to {folder}: a study is at work in it ({process}: {plain(who.get('command', '?'))}); "
        f"wait until it ends, or give another folder with {argument('folder')}"
    )
    return ResultsError(message, folder=folder, holder=who)


def plain(text: object) -> str:
    """Return what another has written, in one line that a terminal shows and does not obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(text))[:300]

"""Telling what computes for a study that the study is over, so that it stops at once and not when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import Final

from sim.errors import StoppedError


class Halt:
    """What a study's threads look at: unset while it goes on."""

    def __init__(self) -> None:
        self.told = False
        self._lock = Lock()
        self._stops: dict[object, Callable[[], object]] = {}

    def tell(self) -> None:
        """Have all that computes for the study stop soon, and all that would begin refuse to."""
        with self._lock:
            self.told = True
            for stop in self._stops.values():
                stop()

    @contextmanager
    def stopping(self, stop: Callable[[], object]) -> Iterator[None]:
        """Have a function called from the thread that tells, if it tells meanwhile: for what cannot look by itself."""
        key = object()
        with self._lock:
            self._stops[key] = stop
            if self.told:
                stop()
        try:
            yield
        finally:
            with self._lock:
                del self._stops[key]


class _Thread(local):
    halt: Halt | None = None


_THREAD: Final = _Thread()


@contextmanager
def obeyed(halt: Halt) -> Iterator[None]:
    """Let what this thread does meanwhile stop when it is told."""
    before, _THREAD.halt = _THREAD.halt, halt
    try:
        yield
    finally:
        _THREAD.halt = before


def current() -> Halt:
    """Return what this thread looks at; outside a study nobody tells it."""
    return _THREAD.halt or Halt()


def heed() -> None:
    """Go on unless the study of this thread is over.

    Raises
    ------
    StoppedError
        If it is.
    """
    if _THREAD.halt is not None and _THREAD.halt.told:
        raise StoppedError("stopped: the study that asked for it is over")

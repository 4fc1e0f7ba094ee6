"""What simulates a replication: the compiled engine, or SimPy; the same bits either way."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.fast import Twin
    from sim.plan.plan import Plan

Engine = Literal["fast", "simpy"]
COMPILING: Final = "compiling the fast engine (once after an installation or update; about a minute) ..."
MOST: Final = 512
"""Packed plans that a process keeps; a sweep goes round all of its own with each replication."""
_PREPARING: Final = Lock()
_prepared = False


def prepare(tell: Callable[[str], object] | None = None) -> None:
    """Load the compiled engine into this process, or compile it; `tell` is told if it must be compiled."""
    global _prepared
    if _prepared:
        return
    from sim import fast

    with _PREPARING:
        if not _prepared:
            if tell is not None and not fast.is_compiled():
                tell(COMPILING)
            fast.prepare()
            _prepared = True


class Twins:
    """Plans packed for the compiled engine by the digest of what is replicated, for all threads of a process."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: OrderedDict[str, Twin] = OrderedDict()
        self._lock = Lock()

    def of(self, digest: str, plan: Plan) -> Twin:
        """Return the packed plan.

        Raises
        ------
        FastError
            If the plan uses something that the compiled engine lacks.
        """
        from sim.fast import Twin

        with self._lock:
            found = self._held.get(digest)
            if found is None:
                found = self._held[digest] = Twin(plan)
                if len(self._held) > self._most:
                    self._held.popitem(last=False)
            else:
                self._held.move_to_end(digest)
        return found


TWINS: Final = Twins()

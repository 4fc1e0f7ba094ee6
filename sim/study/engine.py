"""What simulates a replication: the compiled engine, or SimPy; the same bits either way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import parent_process
from threading import Lock
from typing import TYPE_CHECKING, Final, Literal, get_args

from sim.errors import RequestError
from sim.results.mending import say

if TYPE_CHECKING:
    from sim.fast import Twin
    from sim.plan.plan import Plan

Engine = Literal["fast", "simpy"]
COMPILING: Final = "compiling the fast engine (once after an installation or update; about a minute) ..."
MOST: Final = 512
"""Packed plans that a process keeps; a sweep goes round all of its own with each replication."""
_PREPARING: Final = Lock()
_prepared = False


def check_engine(engine: str) -> None:
    """Refuse an engine that does not exist.

    Raises
    ------
    RequestError
        If it is none of the two.
    """
    if engine not in get_args(Engine):
        raise RequestError(f"no engine {engine!r}; expected 'fast' or 'simpy'", engine=engine)


def prepare(tell: Callable[[str], object] | None = say) -> None:
    """Load the compiled engine into this process, or compile it; `tell` is told if it must be compiled.

    Raises
    ------
    FastError
        If there is no folder in which compiled code can be kept.
    """
    global _prepared
    if _prepared:
        return
    from sim import fast

    with _PREPARING:
        if not _prepared:
            passed_over = fast.notice()
            if tell is not None and passed_over is not None and parent_process() is None:
                tell(passed_over)
            if not fast.is_compiled():
                if tell is not None:
                    tell(COMPILING)
                _compile_aside()
            fast.prepare()
            _prepared = True


def _compile_aside() -> None:
    """Compile in a process of its own, since the compiler does not hear Ctrl-C for seconds on end.

    If that fails, `sim.fast.prepare` compiles here.
    """
    from sim.fast.cache import VARIABLE, folder

    code = "import sys; sys.path[:] = sys.argv[1:]; from sim.fast import prepare; prepare()"
    null = subprocess.DEVNULL
    there = {**os.environ, VARIABLE: str(folder().parent)}
    with (
        suppress(OSError),
        subprocess.Popen(
            [sys.executable, "-c", code, *sys.path],
            env=there,
            stdin=null,
            stdout=null,
            stderr=null,
            start_new_session=True,
        ) as process,
    ):
        try:
            process.wait()
        except BaseException:
            process.kill()
            raise


class Twins:
    """Plans packed for the compiled engine by the digest of what is replicated, for all threads of a process."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._twins: OrderedDict[str, Twin] = OrderedDict()
        self._lock = Lock()

    def of(self, digest: str, plan: Plan) -> Twin:
        """Return the packed plan."""
        from sim.fast import Twin

        with self._lock:
            twin = self._twins.get(digest)
            if twin is None:
                twin = self._twins[digest] = Twin(plan)
                if len(self._twins) > self._most:
                    self._twins.popitem(last=False)
            else:
                self._twins.move_to_end(digest)
        return twin


TWINS: Final = Twins()

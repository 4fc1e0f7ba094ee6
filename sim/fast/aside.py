"""Running compiled code so that it can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread, current_thread, main_thread

from sim.halt import current


def stoppable(call: Callable[[], object], stop: Callable[[], object]) -> None:
    """Call what does not return to the interpreter for long; have it stopped by Ctrl-C or when its study is over.

    Parameters
    ----------
    call
        What is called; it must end soon once ``stop`` was called, from whichever thread.
    stop
        Tells it to end.
    """
    with current().stopping(stop):
        if current_thread() is not main_thread():
            call()
            return
        # The main thread alone hears Ctrl-C, between two steps of the interpreter: it waits, another one works.
        done: Future[object] = Future()
        worker = Thread(target=_fill, args=(done, call), daemon=True)
        try:
            worker.start()
            done.result()
        except BaseException:
            stop()
            raise
        finally:
            with suppress(RuntimeError):  # not quite begun: it will find that it is to stop
                worker.join()


def _fill(done: Future[object], call: Callable[[], object]) -> None:
    try:
        done.set_result(call())
    except BaseException as error:
        done.set_exception(error)

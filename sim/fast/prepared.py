"""Whether the compiled engine is ready, and getting it ready."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from numba import float64, int64

from sim.fast.cache import CONFIG, folder, forget, is_kept, is_whole, locked, passed_over, seal
from sim.fast.country import lay_parameters, replicate
from sim.fast.twin import copy_linked

SIGNATURES: list[tuple[Any, tuple[Any, ...]]] = [
    (lay_parameters, (int64[::1], float64[::1])),
    (replicate, (int64[::1], int64, int64, int64)),
    (copy_linked, (int64[::1], int64, int64, int64[:, ::1])),
]
"""What is called from outside, and with what."""


def is_compiled() -> bool:
    """Say whether the engine can run at once: its code is kept from before, or it runs interpreted."""
    return bool(CONFIG.DISABLE_JIT) or is_kept([function.__name__ for function, _ in SIGNATURES])


def prepare() -> None:
    """Load the compiled code, or compile it (about a minute) and keep it."""
    if CONFIG.DISABLE_JIT:
        return
    if is_compiled():
        _compile_all()
    else:
        with locked():
            _compile_all()


def _compile_all() -> None:
    for function, signature in SIGNATURES:
        name = function.__name__
        whole = is_whole(name)
        if not whole:
            forget(name)  # what was left in part, damaged, or written by who knows whom
        try:
            function.compile(signature)
        except Exception:  # whatever is raised by what is broken on disk
            whole = False
            forget(name)
            with suppress(OSError):  # it works unkept, as on a full disk
                function.compile(signature)
        if not whole:
            seal(name)


def notice() -> str | None:
    """Say which folders of compiled code are passed over, since others might have put code there; None if none is."""
    if not passed_over:
        return None
    return f"compiled code is not taken from {'; nor from '.join(passed_over)}; it is kept in {folder().parent}"

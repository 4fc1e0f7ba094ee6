"""Whether the compiled engine is ready, and getting it ready."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from numba import float64, int64

from sim.fast.cache import CONFIG, forget, is_kept
from sim.fast.country import lay_parameters, replicate
from sim.fast.twin import copy_linked

SIGNATURES: list[tuple[Any, tuple[Any, ...]]] = [
    (lay_parameters, (float64[::1], int64[::1], float64[::1])),
    (replicate, (float64[::1], int64[::1], int64, int64, int64)),
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
    for function, signature in SIGNATURES:
        try:
            function.compile(signature)
        except Exception:  # whatever is raised by what is broken on disk
            forget(function.__name__)
            with suppress(OSError):  # it works unkept, as on a full disk
                function.compile(signature)

"""How an argument of a verb is written by whoever gave it: in Python, or as an option of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_OPTIONS: Final = {
    "strategies": "--strategy",
    "overlays": "--overlay",
    "sets": "--set",
    "folder": "--out",
    "replications": "-n",
}
"""By name of an argument: its option, where that is not the same word."""
_IN_SHELL: ContextVar[bool] = ContextVar("in shell", default=False)


@contextmanager
def in_shell() -> Iterator[None]:
    """Write arguments as options meanwhile."""
    before = _IN_SHELL.set(True)
    try:
        yield
    finally:
        _IN_SHELL.reset(before)


def argument(name: str, value: object = None) -> str:
    """Return an argument, with its value if one is given: ``--engine simpy``, ``engine='simpy'``, ``--force``."""
    if not _IN_SHELL.get():
        return name if value is None else f"{name}={value!r}"
    option = _OPTIONS.get(name, f"--{name.replace('_', '-')}")
    return option if value is None or value is True else f"{option} {value}"

"""How what a verb returned shows itself: in a few lines, with what to read on; in a notebook, as answer and figure."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

T = TypeVar("T")


def shown(about: Callable[[Any], str], *reads: str) -> Callable[[type[T]], type[T]]:
    """Return what gives a class its short representation, and its rich one for notebooks.

    Parameters
    ----------
    about
        Says of an outcome what it is, in a line.
    *reads
        Attributes and methods with which one reads on.
    """

    def decorate(kind: type[T]) -> type[T]:
        def text(self: Any) -> str:
            folder = getattr(self, "folder", None)
            where = "" if folder is None else f", kept in {folder}"
            further = ", ".join(f".{name}" for name in reads)
            return f"{kind.__name__} of {about(self)}{where}\n  read on: {further}; in words: sim.told(…)"

        kind.__repr__ = text  # type: ignore[method-assign]
        return in_notebooks(kind)

    return decorate


def in_notebooks(kind: type[T]) -> type[T]:
    """Give a class the method by which Jupyter, marimo and others that know ``_repr_html_`` show what is of it."""

    def page(self: Any) -> str:
        # By name: every room shows something, and mypy would take all of them for one circle.
        return str(import_module("sim.view.notebook").html(self))

    kind._repr_html_ = page  # type: ignore[attr-defined]
    return kind

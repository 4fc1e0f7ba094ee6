"""What an answer sets as paragraphs and tables, before it is folded for a terminal: the same words for a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import ParamSpec

P = ParamSpec("P")


@dataclass(frozen=True)
class Prose:
    """Paragraphs, a line each; those that begin with two spaces are items under the line before them."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table: a head for each column, rows of as many cells, and the columns that are set to the right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int]


Block = Prose | Sheet

_kept: ContextVar[list[Block] | None] = ContextVar("kept", default=None)


def blocks(answer: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> list[Block]:
    """Return the paragraphs and tables that an answer sets, in their order.

    Parameters
    ----------
    answer
        A function of this room that sets its words with `sim.view.table.paragraphs` and `sim.view.table.grid`, such as
        `sim.view.run_answer.run_answer`; it is called with the rest.
    """
    kept: list[Block] = []
    token = _kept.set(kept)
    try:
        answer(*args, **kwargs)
    finally:
        _kept.reset(token)
    return kept


def keep_prose(lines: Sequence[str]) -> None:
    """Keep paragraphs for whoever asked for `blocks`."""
    _keep(Prose(tuple(filter(None, lines))))


def keep_sheet(heads: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int]) -> None:
    """Keep a table for whoever asked for `blocks`."""
    _keep(Sheet(tuple(heads), tuple(tuple(row) for row in rows), right))


def _keep(block: Block) -> None:
    kept = _kept.get()
    if kept is not None and block != Prose(()):
        kept.append(block)

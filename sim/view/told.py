"""What a study found, in words: one verb for runs, comparisons, break-evens and sweeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.results.run import Run
    from sim.study.break_even import BreakEven
    from sim.study.comparison import Comparison
    from sim.study.sweep import Sweep


def told(found: Run | Comparison | BreakEven | Sweep) -> str:
    """Return the answer that the command line prints, as plain text of at most 100 columns.

    Parameters
    ----------
    found
        What ``sim.run``, ``sim.compare``, ``sim.break_even`` or ``sim.sweep`` returned.
    """
    from sim.results.run import Run
    from sim.study.break_even import BreakEven
    from sim.study.comparison import Comparison
    from sim.study.flipping import flipping
    from sim.view.answer import answer
    from sim.view.broken_even import break_even_words
    from sim.view.compared import compared
    from sim.view.swept import swept

    if isinstance(found, Run):
        return answer(found)
    if isinstance(found, Comparison):
        return compared(found, flipping=flipping(found))
    if isinstance(found, BreakEven):
        return "\n".join(break_even_words(found))
    return swept(found)

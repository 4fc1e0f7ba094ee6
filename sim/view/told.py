"""What a study found, in words: one verb for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import ViewError
from sim.scenario.legible import legible
from sim.view.width import COLUMNS, within

if TYPE_CHECKING:
    from sim.results.run import Run
    from sim.study.break_even import BreakEven
    from sim.study.calibrate import Calibration
    from sim.study.comparison import Comparison
    from sim.study.replicate import Events
    from sim.study.sensitivity import Sensitivity
    from sim.study.sweep import Sweep
    from sim.study.validate import Validation
    from sim.view.day import Day

    Study = Run | Comparison | BreakEven | Sweep | Calibration | Validation | Sensitivity | Events | Day


def told(found: Study, *, width: int = COLUMNS) -> str:
    """Return the answer that the command line prints, as plain text with control characters shown.

    Parameters
    ----------
    found
        What ``sim.run``, ``sim.compare``, ``sim.break_even``, ``sim.sweep``, ``sim.calibrate``, ``sim.validate``,
        ``sim.sensitivity``, ``sim.events`` or ``sim.at`` returned.
    width
        Columns that a table may take; a paragraph takes 100 at most.
    """
    with within(width):
        return legible(_answer(found))


def _answer(found: Study) -> str:
    from sim.results.run import Run
    from sim.study.break_even import BreakEven
    from sim.study.calibrate import Calibration
    from sim.study.comparison import Comparison
    from sim.study.ranking import flipping
    from sim.study.replicate import Events
    from sim.study.sensitivity import Sensitivity
    from sim.study.sweep import Sweep
    from sim.study.validate import Validation
    from sim.view.answer import answer
    from sim.view.broken_even import break_even_words
    from sim.view.calibrated import calibrated
    from sim.view.compared import compared
    from sim.view.day import Day
    from sim.view.day_words import day_words
    from sim.view.events import event_lines
    from sim.view.sensitive import sensitive
    from sim.view.swept import swept
    from sim.view.validated import validated

    if isinstance(found, Run):
        return answer(found)
    if isinstance(found, Comparison):
        return compared(found, flipping=flipping(found))
    if isinstance(found, BreakEven):
        return "\n".join(break_even_words(found))
    if isinstance(found, Calibration):
        return calibrated(found)
    if isinstance(found, Validation):
        return validated(found)
    if isinstance(found, Sensitivity):
        return sensitive(found)
    if isinstance(found, Events):
        return "\n".join(event_lines(found))
    if isinstance(found, Day):
        return day_words(found)
    if isinstance(found, Sweep):
        return swept(found)
    raise ViewError(f"told: given a {type(found).__name__}; expected what a verb such as sim.run returned")

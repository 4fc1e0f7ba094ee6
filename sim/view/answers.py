"""What a study found, in words: one verb for all of them."""

from __future__ import annotations

from sim.errors import ViewError
from sim.results.run import Run
from sim.scenario.problem import legible
from sim.study.break_even import BreakEven
from sim.study.calibrate import Calibration
from sim.study.comparison import Comparison
from sim.study.ranking import reversal
from sim.study.replicate import Events
from sim.study.sensitivity import Sensitivity
from sim.study.sweep import Sweep
from sim.study.validate import Validation
from sim.view.break_even_answer import break_even_answer
from sim.view.compare_answer import comparison_answer
from sim.view.day import Day, day_words
from sim.view.events import event_lines
from sim.view.fact_answers import calibration_answer, validation_answer
from sim.view.run_answer import run_answer
from sim.view.sensitivity_answer import sensitivity_answer
from sim.view.sweep_answer import sweep_answer
from sim.view.width import COLUMNS, within

Study = Run | Comparison | BreakEven | Sweep | Calibration | Validation | Sensitivity | Events | Day


def told(outcome: Study, *, width: int = COLUMNS) -> str:
    """Return the answer that the command line prints, as plain text with control characters shown.

    Parameters
    ----------
    outcome
        What ``sim.run``, ``sim.compare``, ``sim.break_even``, ``sim.sweep``, ``sim.calibrate``, ``sim.validate``,
        ``sim.sensitivity``, ``sim.events`` or ``sim.at`` returned.
    width
        Columns that a table may take; a paragraph takes 100 at most.
    """
    with within(width):
        return legible(_answer(outcome))


def _answer(outcome: Study) -> str:
    match outcome:
        case Run():
            return run_answer(outcome)
        case Comparison():
            return comparison_answer(outcome, reversal=reversal(outcome))
        case BreakEven():
            return break_even_answer(outcome)
        case Calibration():
            return calibration_answer(outcome)
        case Validation():
            return validation_answer(outcome)
        case Sensitivity():
            return sensitivity_answer(outcome)
        case Events():
            return "\n".join(event_lines(outcome))
        case Day():
            return day_words(outcome)
        case Sweep():
            return sweep_answer(outcome)
    raise ViewError(f"told: given a {type(outcome).__name__}; expected what a verb such as sim.run returned")

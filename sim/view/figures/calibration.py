"""The figures of calibrations and validations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.verdicts import verdicts
from sim.view.figures.facts import facts
from sim.view.figures.informed import informed

if TYPE_CHECKING:
    from sim.study.calibrate import Calibration
    from sim.study.validate import Validation
    from sim.view.style import Chart

BANDS = "Bars: 5–95 % of replications, with the median; a bar that reaches the green strip holds the fact."


def save_calibration(done: Calibration, folder: str | Path) -> list[Path]:
    """Store a calibration's figures as PNG and SVG: facts, and informed parameters.

    Raises
    ------
    ViewError
        If the folder or a file cannot be written.
    """
    from sim.view.figures import save_charts

    return save_charts({"facts": facts_of_calibration(done), "informed": informed(done)}, folder)


def save_validation(done: Validation, folder: str | Path) -> list[Path]:
    """Store a validation's figure as PNG and SVG: facts.

    Raises
    ------
    ViewError
        If the folder or a file cannot be written.
    """
    from sim.view.figures import save_charts

    return save_charts({"facts": facts_of_validation(done)}, folder)


def facts_of_calibration(done: Calibration) -> Chart:
    """Draw the facts beside prior and posterior; see `sim.view.figures.facts.facts`."""
    values = {"prior": done.prior.values, "posterior": done.posterior.values}
    made = done.manifest
    detail = (
        f"{BANDS} Grey: prior; blue: posterior, with the luck fitted with it. Mode {made['mode']}, scope "
        f"{made['scope']}, volumes of {made['series']}; {len(done.posterior.fit)} particles. Inputs and checks "
        "were not fitted."
    )
    found = verdicts(done.targets, done.posterior.values)
    return facts("Calibrated", done.targets, values, found, done.plan.start, detail)


def facts_of_validation(done: Validation) -> Chart:
    """Draw the facts beside the prior and whatever is judged; see `sim.view.figures.facts.facts`."""
    values = {name: done.values[name] for name in dict.fromkeys(("prior", done.lead))}
    detail = (
        f"{BANDS} Grey: prior{f'; blue: {done.lead}' if len(values) > 1 else ''}. Mode "
        f"{done.manifest['mode']}, scope {done.manifest['scope']}; {len(values[done.lead])} replications."
    )
    found = done.verdicts[done.lead]
    return facts(done.lead.capitalize(), done.targets, values, found, done.plan.start, detail)

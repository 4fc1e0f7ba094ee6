"""The ranges that parameters have after a fit, to stand beside those before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from sim.language import say
from sim.plan.laws import draw
from sim.plan.plan import Plan
from sim.scenario.load import Scenario
from sim.study.intervals import BAND
from sim.view.parameters import shown

Fit: TypeAlias = Mapping[str, str]
"""Range after a fit by path of the number; empty without a fit."""


def fits(plan: Plan, scenario: Scenario, *, central: bool) -> Fit:
    """Return the 5–95 % range that a posterior leaves of each number it knows, by path; none if none was drawn from.

    Parameters
    ----------
    plan, scenario
        The scenario as it was run.
    central
        Whether all numbers were at their central values, the posterior aside.
    """
    posterior = plan.posterior
    if posterior is None or central:
        return {}
    places = {entity: place for place, entity in enumerate(posterior.entities)}
    told = {}
    for number in plan.uncertain:
        if number.entity not in places:
            continue
        marks = posterior.marks[:, places[number.entity]]
        order = np.argsort(marks)
        rows = np.searchsorted(np.cumsum(posterior.weights[order]), BAND)
        low, high = (
            shown(number.path, draw(number.law, mark, number.low, number.value, number.high), scenario)
            for mark in marks[order[np.minimum(rows, len(order) - 1)]].tolist()
        )
        told[number.path] = say("{low} to {high}", low=low, high=high)
    return told

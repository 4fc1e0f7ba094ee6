"""One of the things that a study compares: a scenario with something laid on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.plan.plan import Plan
    from sim.scenario.load import Scenario


@dataclass(frozen=True)
class Alternative:
    """A scenario under a name.

    Parameters
    ----------
    name
        Short and unique in a study: a strategy's name, or that of an overlay.
    label
        A few words for tables and legends.
    scenario, plan
        What is run.
    exploratory
        Whether attackers adapt; said wherever the alternative shows.
    """

    name: str
    label: str
    scenario: Scenario
    plan: Plan
    exploratory: bool = False

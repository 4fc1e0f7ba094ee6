"""What is told of a scenario before it runs: allowed, but hardly meant, or costly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sim.results.stated import unasked
from sim.study.cost import cost

if TYPE_CHECKING:
    from sim.plan.plan import Plan
    from sim.scenario.load import Scenario
    from sim.scenario.problem import Problem


def notes(pairs: Iterable[tuple[Scenario, Plan]], further: Iterable[Plan] = ()) -> Iterator[Problem | str]:
    """Iterate over the notes on scenarios and their plans, and over what these and further plans cost."""
    plans = []
    for scenario, plan in pairs:
        yield from scenario.notes
        yield from unasked(scenario, plan)
        plans.append(plan)
    for plan in (*plans, *further):
        costly = cost(plan).note
        if costly is not None:
            yield costly

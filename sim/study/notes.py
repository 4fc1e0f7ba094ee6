"""What is told of a scenario before it runs: allowed, but hardly meant, or costly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sim.results.stated import unasked
from sim.scenario.problem import Fault, Origin, Problem
from sim.study.bound import mode_of
from sim.study.cost import cost

if TYPE_CHECKING:
    from sim.plan.plan import Plan
    from sim.scenario.load import Scenario


def notes(pairs: Iterable[tuple[Scenario, Plan]], further: Iterable[Plan] = ()) -> Iterator[Problem | str]:
    """Iterate over the notes on scenarios and their plans, and over what these and further plans cost."""
    plans = []
    for scenario, plan in pairs:
        yield from scenario.notes
        yield from unasked(scenario, plan)
        yield from _misfitted(scenario, plan)
        plans.append(plan)
    for plan in (*plans, *further):
        costly = cost(plan).note
        if costly is not None:
            yield costly


def _misfitted(scenario: Scenario, plan: Plan) -> Iterator[Problem]:
    """Yield a note if convoys and attacks are imposed here and were drawn for the posterior, or the reverse."""
    fitted = plan.posterior.about["mode"] if plan.posterior is not None else mode_of(scenario)
    if fitted != mode_of(scenario):
        how = {"free": "drawn", "replay": "imposed as on record"}
        wrong = (
            f"fitted with convoys and attacks {how[fitted]}; here they are {how[mode_of(scenario)]}, so it is no fit"
        )
        yield Problem.at(scenario.origins.get(("posterior",), Origin("")), ("posterior",), Fault(wrong))

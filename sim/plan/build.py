"""From a scenario to a plan: names become indices, quantities numbers, products out of scope fall away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.errors import PlanError, ScenarioError
from sim.plan import geography, policies
from sim.plan.collect import Collector
from sim.plan.plan import Plan
from sim.plan.posterior import FILE, Posterior, misfits, parts_of, read
from sim.plan.sections import Consumers, Driving, Fleet, Retail, Roadblocks
from sim.scenario.load import Scenario
from sim.scenario.problem import Fault, Origin, Problem, quoted


def build(scenario: Scenario) -> Plan:
    """Turn a scenario into a plan.

    Raises
    ------
    PlanError
        If two names have the same hash, or inland corridors feed each other in a circle.
    ScenarioError
        If the posterior that it names cannot be used.
    """
    root = scenario.root
    start = scenario.start
    warmup = round(root.warmup.value / 24.0)
    take = Collector(start, warmup * 24.0)
    index = geography.index_of(root)
    plan = Plan(
        start=start,
        warmup=warmup,
        days=round(root.end.hours(start)[0] / 24.0),
        weekday=(start.weekday() - warmup) % 7,
        hub=index.towns[root.hub],
        lead=index.products[root.lead],
        products=geography.products(root, take, index),
        towns=geography.towns(root, take, index),
        roads=geography.roads(root, take, index),
        zones=geography.zones(root, take, index),
        terminals=geography.terminals(root, take, index),
        corridors=geography.corridors(root, take, index),
        fleet=take.section(Fleet, "fleet", root.fleet, moves_share="moves.share", moves_delay="moves.delay"),
        crews=policies.crews(root, take, index),
        escorts=policies.escorts(root.escorts, take, index),
        protection=policies.protection(root.escorts, take),
        strategy=policies.strategy(root, take, index),
        convoys=policies.convoys(root, take, index),
        driving=take.section(Driving, "driving", root.driving),
        roadblocks=take.section(Roadblocks, "roadblocks", root.roadblocks),
        attacks=policies.attacks(root.attacks, take, index),
        retail=take.section(Retail, "retail", root.retail, rule=policies.RULES[root.retail.rule]),
        rationing=policies.rationing(root, take, index),
        consumers=take.section(Consumers, "consumers", root.consumers),
        users=policies.users(root, take, index),
        policy=policies.policy(root, take),
        stocks=policies.stocks(root, take, index),
        uncertain=take.uncertain(),
    )
    _refuse_circles(plan)
    return plan if root.posterior is None else replace(plan, posterior=_posterior(scenario, plan))


def _posterior(scenario: Scenario, plan: Plan) -> Posterior:
    """Return the joint draws that the scenario names, if they are of this scenario."""
    root = scenario.root
    place = scenario.origins.get(("posterior",), Origin(""))
    folder = (Path(place.file).parent if place.line else Path()) / str(root.posterior)

    def refused(wrong: str, given: str, expected: str) -> ScenarioError:
        return ScenarioError((Problem.at(place, ("posterior",), Fault(wrong, given, expected)),))

    try:
        posterior = read(folder / FILE, root.hindcast)
    except PlanError as error:
        raise refused(str(error), quoted(str(root.posterior)), "the folder of a calibration") from error
    about = posterior.about
    if (about["scenario_name"], about["scope"]) != (scenario.name, root.scope):
        given = f"one of '{about['scenario_name']}', scope {about['scope']}"
        raise refused("a posterior of another scenario", given, f"one of '{scenario.name}', scope {root.scope}")
    files = {number.path: Path(origin.file).name for _, number, origin in scenario.numbers()}
    changed = misfits(posterior, plan, files)
    if changed:
        path, now, then = changed[0]
        more = f", and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise refused(
            "a posterior of another version of the scenario",
            f"'{path}' {now}{more}",
            f"{then}, as when it was made; make it again: {about['command'] or 'convoi calibrate'}",
        )
    if root.hindcast and set(posterior.parts) != set(parts := parts_of(plan)):
        odd = sorted(set(posterior.parts) ^ set(parts))
        raise refused("a hindcast of another map", quoted(odd[0]), "the zones and corridors of the posterior")
    return posterior


def _refuse_circles(plan: Plan) -> None:
    feeds: dict[int, set[int]] = {}
    for c, terminal in enumerate(plan.corridors.terminal):
        if terminal >= 0 and plan.terminals.depot[terminal] >= 0:
            feeds.setdefault(plan.terminals.depot[terminal], set()).update(plan.corridors.serves[c])

    done: set[int] = set()
    for first in sorted(feeds):
        path = {first: iter(sorted(feeds[first]))}
        while path:
            town = next(path[next(reversed(path))], None)
            if town is None:
                done.add(path.popitem()[0])
            elif town in path:
                circle = [*path][[*path].index(town) :]
                names = " → ".join(plan.towns.name[k] for k in (*circle, town))
                raise PlanError(f"inland corridors feed each other in a circle: {names}")
            elif town not in done:
                path[town] = iter(sorted(feeds.get(town, ())))

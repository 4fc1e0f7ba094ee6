"""Components of escorts that a scenario names: what they are called, what they do, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.plan import build as plan_of
from sim.plan.sections import AIR, FOREIGN, NATIONAL
from sim.results.tables import frame
from sim.study.alternatives import of_scenarios
from sim.study.break_even import _fixed, terms
from sim.study.replicate import simulate
from sim.view.events import Choice, lines_of
from tests import build
from tests.engines import difference
from tests.refusals import problems

GUARD, SPOTTER = 8, 16
OWN = {
    "guard": {"loss_ratio": 0.8, "cycle_factor": 1.25, "label": "private guards"},
    "spotter": {"ground": False, "loss_ratio": 0.7, "cycle_factor": 1, "by_day": False},
}
POOLS = {
    "company": {**build.GROUND, "component": "guard", "units": 3},
    "drones": {"component": "spotter", "units": 2, "availability": 0.8, "cost": "1000 USD/day"},
}
MORE = {
    "escorts": {"components": OWN, "pools": POOLS},
    "strategy": {
        "imports": [
            {**build.REGIME, "must": ["national | guard"], "daylight": False},
            {**build.REGIME, "from": "day 10", "must": ["guard"], "may": ["foreign", "spotter", "air"], "max": 15},
        ]
    },
}


def scenario(*changes):
    return build.scenario(build.INLAND, build.EVERYTHING, MORE, *changes)


def refused(*changes):
    """Return path, fault and expectation of each problem."""
    return [(problem.path, problem.wrong, problem.expected) for problem in problems(scenario, *changes)]


@pytest.fixture(scope="module")
def plan():
    return plan_of(scenario())


def test_bits_follow_the_built_in_ones_in_order_of_name(plan):
    protection = plan.protection
    assert protection.name == ("national", "foreign", "air", "guard", "spotter")
    assert protection.ground == NATIONAL | FOREIGN | GUARD
    assert protection.by_day == AIR
    assert protection.ratio == (1, 0.6, 0.5, 0.8, 0.7)
    assert protection.cycle == (1, 1.2, 1, 1.25, 1)
    assert sorted(plan.escorts.component) == [NATIONAL, FOREIGN, AIR, GUARD, SPOTTER]
    assert plan.strategy.imports.must == ((NATIONAL | GUARD,), (GUARD,))
    assert plan.strategy.imports.may == (0, FOREIGN | AIR | SPOTTER)


@pytest.mark.parametrize("replication", range(3))
def test_both_engines_agree(plan, replication):
    first = difference(plan, 7, replication, False)
    assert first is None, first


def test_they_leave_and_fight_and_stand_in_tables_under_their_names(plan):
    records = [simulate(plan, 1, number, engine="fast") for number in range(8)]
    meetings = np.concatenate([record.encounters["escort"] for record in records])
    assert (meetings & GUARD).any()
    assert (meetings & SPOTTER).any()
    escorts = set(frame(plan, {0: records[0].convoys})["escort"])
    assert any("guard" in escort and "spotter" in escort for escort in escorts), escorts


def test_what_a_component_does_and_when_is_up_to_the_scenario(plan):
    """A guard that stops every attack loses less; one by day only protects nobody by night."""

    def protected(**traits):
        changed = plan_of(scenario({"escorts": {"components": {"guard": traits}}}))
        return [simulate(changed, 1, number, engine="fast") for number in range(20)]

    def lost(records):
        return sum(int(record.encounters["lost"].sum()) for record in records)

    assert lost(protected(loss_ratio=0)) < lost(protected(loss_ratio=1)) < lost(protected(loss_ratio=4))
    for record in protected(by_day=True):
        rows = record.encounters
        day = (rows["time"] % 24 >= 6) & (rows["time"] % 24 < 18)
        assert not (rows["escort"][~day] & GUARD).any()


def test_events_call_it_by_its_label():
    told = [line.text for line in lines_of(sim.events(scenario()), Choice())]
    assert any("with private guards" in text for text in told)


def test_what_is_not_said_of_one_is_told():
    problems = refused({"escorts": {"components": {"guard": {"loss_ratio": None}}}})
    assert [(path, wrong) for path, wrong, _ in problems] == [("escorts.components.guard.loss_ratio", "missing")]


def test_a_name_that_no_component_has_is_refused():
    path = "escorts.pools.company.component"
    words = "one of national, foreign, air, guard, spotter"
    assert refused({"escorts": {"pools": {"company": {"component": "gard"}}}}) == [(path, "not a known word", words)]


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("national", "a component that is built in", "what the others are measured against"),
        ("air", "a component that is built in", "set in loss_ratio and cycle_factor"),
        ("none", "not a component's name", "'none'"),
        ("a|b", "not a component's name", "without |"),
    ],
)
def test_a_name_that_is_taken_or_joins_others_is_refused(name, wrong, told):
    ((path, given, expected),) = refused({"escorts": {"components": {name: OWN["guard"]}}})
    assert (path, given) == (f"escorts.components.{name}", wrong)
    assert told in expected


def test_the_army_s_ratio_cannot_be_set():
    ((path, wrong, _),) = refused({"escorts": {"loss_ratio": {"national": 1}}})
    assert (path, wrong) == ("escorts.loss_ratio.national", "unknown key")


def test_there_are_not_more_than_tables_can_name():
    more = {f"guard {k}": OWN["guard"] for k in range(5)}
    assert [wrong for _, wrong, _ in refused({"escorts": {"components": more}})] == ["too many components"]


def test_a_break_even_varies_it():
    ranges = {"loss_ratio": build.ranged(0.8, 0.4, 1.2), "cycle_factor": build.ranged(1, 0.8, 1.2)}
    own = {"escorts": {"components": {"guard": ranges}}}
    regime = {**build.REGIME, "must": ["national"]}
    laid = {
        name: scenario(own, {"strategy": {"imports": [{**regime, "may": may}]}})
        for name, may in (("army", []), ("guarded", ["guard"]))
    }
    two = of_scenarios(laid)
    bit, other, name, ratios, cycles = terms(*two)
    assert (bit, other, name, ratios[0], cycles[-1]) == (GUARD, 0, "guard", 0.4, 1.2)
    fixed = _fixed(two[1].plan, "guard", 0.4, 1.2)
    assert (fixed.protection.ratio[3], fixed.protection.cycle[3]) == (0.4, 1.2)
    assert not any("guard" in number.path for number in fixed.uncertain)

"""Break-even: where a ranking flips, and how units are made equal."""

from dataclasses import replace

import pandas as pd
import pytest

from sim.errors import RequestError
from sim.plan.sections import AIR, FOREIGN
from sim.study import campaign
from sim.study.alternatives import Alternative, of_scenarios
from sim.study.break_even import FEWEST, MOST, _flip, affordable, break_even, pair
from sim.study.campaign import Match
from sim.study.executors import Where
from sim.study.notes import cost
from tests import build

HERE = Where(workers=1)
COST = {"component": "foreign", "rest": "24 h", "refit": "48 h", "rebuilt": "96 h"}
POOLS = {
    "army": {**build.GROUND, "units": 3},
    "friends": {**COST, "cost": "10000 USD/day", "units": [{"value": 0}, {"from": "day 5", "value": 2}]},
    "wing": {"component": "air", "availability": 1, "cost": "25000 USD/day", "units": 2},
    "second wing": {"component": "air", "availability": 1, "cost": "5000 USD/day", "units": 1},
}
THREAT = {"savanna": {"roads": ["plain"], "effort": "60 /month", "ceiling": "90 /month"}}


def strategy(*may):
    """Return a country whose convoys the army escorts, with others when they are free."""
    regime = {**build.FREELY, "must": ["national"], "may": list(may), "min": 6, "max": 20, "headway": "12 h"}
    return build.scenario(
        {
            "end": "2030-01-31",
            "zones": THREAT,
            "escorts": {
                "pools": POOLS,
                "loss_ratio": {"foreign": build.ranged(0.6, 0.2, 1), "air": 0.5},
                "cycle_factor": {"foreign": build.ranged(1.2, 1, 1.5)},
            },
            "strategy": {"imports": [{**regime, "longest_wait": "48 h"}]},
        }
    )


@pytest.fixture(scope="module")
def two() -> tuple[Alternative, ...]:
    """Army and air, army and friends."""
    return of_scenarios({"air": strategy("air"), "ground": strategy("foreign")})


def units(plan, name: str, time: float) -> float:
    steps = plan.escorts.units[plan.escorts.name.index(name)]
    return [value for start, value in zip(*steps, strict=True) if start <= time][-1]


@pytest.mark.parametrize(("equal", "count"), [("units", 3), ("cost", 6)])
def test_units_are_made_equal_from_the_day_that_there_are_any(two, equal: str, count: int) -> None:
    """Three aircraft; two at 25,000 and one at 5,000 a day cost as much as five and a half units at 10,000."""
    plan = Match(equal, FOREIGN, AIR).applied(two[1].plan)
    assert units(plan, "friends", 0.0) == 0.0
    assert units(plan, "friends", 24.0 * 5) == count
    for name in ("army", "wing", "second wing"):
        assert units(plan, name, 24.0 * 5) == units(two[1].plan, name, 24.0 * 5)


def points(rows: list[tuple[float, float, float, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["ratio", "mean", "low", "high"])
    return frame.assign(equal="recorded", cycle=1.0, won=0.5)


def test_a_ranking_flips_where_the_mean_difference_passes_nought() -> None:
    """Fewer days are better: the second leads while its difference is negative."""
    table = points([(0.2, -4, -6, -2), (0.6, 0, -2, 2), (1.0, 4, 2, 6)])
    flip = _flip(table, "recorded", 1.0, -1, "air", "ground")
    assert flip.ratio == pytest.approx(0.6)
    assert (flip.low, flip.high) == (pytest.approx(0.4), pytest.approx(0.8))
    assert flip.ahead == ""


def test_no_flip_names_who_leads_and_a_doubtful_one_its_range() -> None:
    table = points([(0.2, 1, -1, 3), (0.6, 2, 1, 3), (1.0, 4, 3, 5)])
    flip = _flip(table, "recorded", 1.0, -1, "air", "ground")
    assert flip.ratio != flip.ratio
    assert flip.ahead == "air"
    assert (flip.low, flip.high) == (0.2, pytest.approx(0.4))


def test_the_curve_of_a_small_country(two) -> None:
    curve = break_even(*two, measure="tankers_lost", replications=6, where=HERE)
    assert (curve.first, curve.second, curve.component) == ("air", "ground", "foreign")
    assert [line.equal for line in curve.curves] == ["recorded", "units", "cost"]
    assert curve.ratios == (0.2, 0.4, 0.6, 0.8, 1.0)
    assert curve.cycles == (1.0, 1.25, 1.5)
    assert len(curve.points) == 3 * 3 * 5
    assert curve.tag == "assumption"
    recorded = curve.points[(curve.points["equal"] == "recorded") & (curve.points["cycle"] == 1.0)]
    assert recorded["mean"].iloc[0] < recorded["mean"].iloc[-1], "worse troops lose more"


def test_replications_of_a_point_follow_from_what_one_costs(two, monkeypatch: pytest.MonkeyPatch) -> None:
    assert affordable(*two) == MOST, "a small country"
    monkeypatch.setattr("sim.study.break_even.BUDGET", 1.0)
    assert affordable(*two) == FEWEST
    monkeypatch.setattr("sim.study.break_even.BUDGET", 10 * affordable_events(*two))
    monkeypatch.setattr("sim.study.break_even.FEWEST", 4)
    assert affordable(*two) == 10
    assert break_even(*two, measure="tankers_lost", where=HERE).replications == 10


def affordable_events(first: Alternative, second: Alternative) -> float:
    """Events of one replication of all 45 points, and of the strategy that they are set beside."""
    return cost(first.plan).events + 45 * cost(second.plan).events + 1.0


def test_the_two_that_differ_in_one_component_are_chosen(two) -> None:
    army = of_scenarios({"army": strategy(), "air": strategy("air")})[0]
    assert [strategy.name for strategy in pair((army, *two))] == ["army", "air"]
    named = of_scenarios({"none": strategy(), "ground": strategy("foreign"), "air-only": strategy("air")})
    assert [strategy.name for strategy in pair(named)] == ["air-only", "ground"]


def test_what_has_no_break_even_is_refused(two) -> None:
    with pytest.raises(RequestError, match="no two strategies"):
        pair(of_scenarios({"army": strategy(), "same": strategy()}))
    with pytest.raises(RequestError, match="neither air nor foreign troops beyond"):
        break_even(two[1], two[1], measure="tankers_lost", replications=1)


def test_a_ratio_without_a_range_is_told() -> None:
    certain = strategy("foreign")
    escorts = certain.root.escorts
    ratio = escorts.loss_ratio.model_copy(update={"foreign": escorts.loss_ratio.air})
    root = certain.root.model_copy(update={"escorts": escorts.model_copy(update={"loss_ratio": ratio})})
    army, ground = of_scenarios({"army": strategy(), "ground": replace(certain, root=root)})
    with pytest.raises(RequestError, match=r"loss_ratio\.foreign has no range in 'ground'"):
        break_even(army, ground, measure="tankers_lost", replications=1)


def test_failed_replications_are_told_and_left_out(two, monkeypatch: pytest.MonkeyPatch) -> None:
    really = campaign.do

    def do(job: campaign.Job) -> object:
        if job.replication == 2 and job.work.plan.protection.ratio[1] == 0.2:
            raise ArithmeticError("no such luck")
        return really(job)

    monkeypatch.setattr(campaign, "do", do)
    curve = break_even(*two, measure="tankers_lost", replications=4, where=HERE)
    assert curve.failures is not None
    assert set(curve.failures["replication"]) == {2}
    assert set(curve.failures["alternative"]) == {"ground"}
    assert len(curve.points) == 3 * 3 * 5

"""Who gets an order: willing crews first; corridors by what gets through; exogenous inflows by what is let through."""

import math

import numpy as np
import pytest

from sim.results.measures import measures
from sim.study.replicate import simulate
from tests import build

TWO = {
    **build.SECOND_WAY,
    "fleet": {"size": 300},
    "end": "2030-06-30",
    "attacks": {"mode": "none"},
}
"""Two ways into the country, of equal weight."""


def by_day(record, corridor, column):
    """Return a column of a corridor's flows by day."""
    flows = record.flows
    return flows[column][flows["corridor"] == record.plan.corridors.name.index(corridor)]


def fast(plan):
    return simulate(plan, 1, 0, central=True, engine="fast")


# Willing crews first


@pytest.mark.parametrize(("orders", "expected"), [(2, {1, 3}), (4, {1, 3, 5, 0}), (6, {0, 1, 2, 3, 4, 5})])
def test_an_unwilling_crew_takes_no_order_while_a_willing_one_is_idle(orders, expected):
    """Six idle tankers in turn; 1, 3 and 5 are willing. A need of so many tankers a day, and no gap to close."""
    need = f"{0.046 * (orders + 0.01):.5f} ML/day"
    change = {"fleet": {"size": 6}, "products": {"petrol": {"need": need}}, "orders": {"correction": "100000 h"}}
    country = build.country(build.plan(change))
    (corridor,) = country.corridors
    corridor.crews.willing = 0.5
    for tanker in corridor.idle:
        tanker.mark = 0.2 if tanker.serial % 2 else 0.7
    country.importers.midnight()
    assert corridor.ordered == orders
    assert {0, 1, 2, 3, 4, 5} - {tanker.serial for tanker in corridor.idle} == expected


def test_without_escort_rules_those_are_willing_who_go_alone():
    """A mark of 0.3 is under the willingness, 0.5, but not under its half, of those who go alone."""
    change = {
        "fleet": {"size": 2},
        "products": {"petrol": {"need": "0.0462 ML/day"}},
        "orders": {"correction": "100000 h"},
    }
    for alone, expected in ((1, [1]), (0.5, [0])):
        country = build.country(build.plan(change, {"willingness": {"alone": alone}}))
        (corridor,) = country.corridors
        corridor.crews.willing = 0.5
        for tanker, mark in zip(corridor.idle, (0.3, 0.2), strict=True):
            tanker.mark = mark
        country.importers.midnight()
        assert [tanker.serial for tanker in corridor.idle] == expected


# Weights follow what gets through


STRIKE = {"willingness": {"strikes": {"union": {"from": "day 20", "to": "day 90", "corridors": ["sea"]}}}}


def shares(record, follow, delay):
    """Return the share of each day's orders that the sea should get, from what was ordered and came before."""
    kept = math.exp(-1 / delay)
    asked, came = np.zeros(2), np.zeros(2)
    shares = []
    ordered, arrived = (
        np.array([by_day(record, name, what) for name in ("sea", "lake")]) for what in ("ordered", "arrived")
    )
    for day in range(ordered.shape[1]):
        ratio = np.minimum(1.0, np.divide(came, asked, out=np.ones(2), where=asked > 0))
        weight = 1 - follow * (1 - ratio)
        shares.append(weight[0] / weight.sum())
        asked = asked * kept + ordered[:, day] * (1 - kept)
        came = came * kept + arrived[:, day] * (1 - kept)
    return np.array(shares), ordered


@pytest.mark.parametrize("follow", [0.0, 0.5, 1.0])
def test_a_corridor_through_which_nothing_comes_loses_so_much_of_its_weight(follow):
    """On strike from day 20 to 90; the shares are those of the smoothed record, but for fractions of a tanker."""
    record = fast(build.plan(TWO, STRIKE, {"orders": {"follow": follow, "follow_delay": "5 days"}}))
    expected, ordered = shares(record, follow, 5)
    due = np.cumsum(ordered.sum(axis=0) * expected)
    assert np.abs(np.cumsum(ordered[0]) - due).max() < 2.0
    assert by_day(record, "sea", "arrived")[30:88].sum() == 0
    during, after = expected[80], expected[170]
    assert during == pytest.approx((1 - follow) / (2 - follow), abs=5e-3)
    assert after == pytest.approx(0.5, abs=0.03)


def test_following_the_open_road_brings_more():
    """Where one of two roads is struck, those who follow what comes through import more."""
    few, many = (
        measures(fast(build.plan(TWO, STRIKE, {"orders": {"follow": follow}})), ())["imports_total"]
        for follow in (0, 1)
    )
    assert many > few


# Inflows that answer to no stock


@pytest.mark.parametrize("through", [0.0, 0.25, 0.5])
def test_of_an_exogenous_inflow_so_much_gets_through_from_a_date(through):
    other = {
        "kind": "exogenous",
        "serves": ["Capital"],
        "share": 1,
        "through": [1, {"from": "day 40", "value": through}],
    }
    record = fast(build.plan({"corridors": {"other": other}}))
    came = by_day(record, "other", "ordered")
    daily = 460 / 2 / 46
    assert came[:40].sum() == pytest.approx(40 * daily, abs=1)
    assert came[40:].sum() == pytest.approx(20 * daily * through, abs=1)
    assert (by_day(record, "other", "arrived") == came).all()


# Crews: when they matter


def run_with(*changes):
    """Return the measures of a country under attack, over six months, and the orders that found no crew."""
    attacked = {
        "zones": {"west": {"roads": ["plain"], "effort": "20 /month", "ceiling": "20 /month"}},
        "attacks": {"prey": 0, "damage": 30},
        "crews": {"killed": 0.3, "abducted": 1},
        "end": "2030-07-01",
        "willingness": {"fear": 0},
    }
    record = fast(build.plan(attacked, *changes))
    return measures(record, ()), by_day(record, "sea", "no_crew").sum()


@pytest.mark.parametrize(
    "change", [{"freed": "100 days"}, {"replaced": "0.1 %"}, {"killed": 0.9}], ids=["freed", "replaced", "killed"]
)
def test_freed_and_replaced_crews_matter_when_crews_are_scarce_and_only_then(change):
    """With 0.7 crews a tanker orders find no crew, and slower returns bring less; with 2 a tanker nothing changes."""
    scarce, lacking = run_with({"crews": {"per_tanker": 0.7}}, {"fleet": {"size": 60}})
    slower, more = run_with({"crews": {"per_tanker": 0.7}}, {"fleet": {"size": 60}}, {"crews": change})
    assert 0 < lacking < more
    assert slower["imports_total"] < scarce["imports_total"]
    plenty, none = run_with({"crews": {"per_tanker": 2}})
    again, none_again = run_with({"crews": {"per_tanker": 2}}, {"crews": change})
    assert none == none_again == 0
    apart = {"crews_killed", "crews_abducted"}
    assert {k: v for k, v in again.items() if k not in apart} == pytest.approx(
        {k: v for k, v in plenty.items() if k not in apart}, rel=0, abs=0, nan_ok=True
    )


@pytest.mark.parametrize(
    "change",
    [
        {"strikes": {"union": {"from": "day 30", "to": "day 50"}}},
        {"threats": {"ban": {"at": "day 30", "factor": 0.1}}, "recovery": "100 days"},
    ],
    ids=["strike", "threat"],
)
def test_strikes_and_declared_threats_bring_less_from_their_date_and_change_nothing_before(change):
    """A fleet with little to spare: with a large one the willing crews do all the trips and imports hold."""
    calm, warned = (
        fast(build.plan({"attacks": {"mode": "none"}, "fleet": {"size": 50}}, {"willingness": given}))
        for given in ({"recovery": change.get("recovery", "10 days")}, change)
    )
    for column in calm.flows:
        before = calm.flows["day"] < 30
        assert calm.flows[column][before].tolist() == warned.flows[column][before].tolist(), column
    assert by_day(warned, "sea", "arrived")[30:50].sum() < 0.5 * by_day(calm, "sea", "arrived")[30:50].sum()
    assert by_day(warned, "sea", "waiting_refusal").sum() > 0 == by_day(calm, "sea", "waiting_refusal").sum()

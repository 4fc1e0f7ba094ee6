"""Days on which stations are closed by rule: nobody wants to buy, and no measure takes them for a shortage."""

from math import isnan

import numpy as np
import pytest

from sim.results.daily import Daily
from sim.results.measures import measures
from tests import build

SUNDAYS = slice(5, None, 7)
"""The country's run begins on a Tuesday."""
CALM = {"attacks": {"mode": "none"}, "end": "2030-01-29"}
TWO = {"products": {"diesel": {"pump": True, "need": "0.2 ML/day", "price": "700 XOF/L"}}}
CUT = {
    "corridors": {"sea": {"open": 0}},
    "fleet": {"size": 1},
    "consumers": {"short_cover": "0 days"},
    "stocks": {"Capital": {"petrol": "4000 m3"}},
}


def closed(**rule):
    return {"rationing": {"sundays": {"from": "day 0", "closed_days": ["sun"], **rule}}}


def run(*changes):
    return build.run(build.plan(CALM, *changes))


def test_what_was_wanted_on_a_closed_day_is_wanted_the_next():
    daily = Daily(run(closed()))
    wanted, calm = daily.lead("wanted"), 460.0
    assert (wanted[SUNDAYS] == 0.0).all()
    assert (daily.lead("sold")[SUNDAYS] == 0.0).all()
    assert (wanted[6::7] > 1.2 * calm).all()
    assert wanted[:26].sum() == pytest.approx(26 * calm, rel=0.02)


def test_a_closed_day_is_no_shortage_and_shuts_no_station():
    values = measures(run(closed()))
    assert values["days_short"] == values["days_half_closed"] == values["longest_dry_spell"] == 0.0
    assert all(isnan(values[name]) for name in ("first_shortage", "recovery", "half_shut.Capital"))
    assert values["fill_rate.Capital.petrol"] == values["need_met.Capital"] == 1.0
    assert values["household_cost"] == values["queue_hours"] == 0.0


def test_a_rule_on_one_product_closes_it_alone():
    daily = Daily(run(TWO, closed(products=["diesel"])))
    assert not any(daily.closed)
    lead, other = (
        daily.hub("wanted")[daily.products.index(p)]
        for p in map(daily.record.plan.products.name.index, ("petrol", "diesel"))
    )
    assert (lead > 0.0).all()
    assert (other[SUNDAYS] == 0.0).all()
    assert (daily.towns("open_any") == 1.0).all()


def test_a_rule_on_another_town_or_before_its_time_closes_nothing():
    north = {"towns": {"North": {"share": 0.2}}}
    assert not any(Daily(run(build.INLAND, north, closed(towns=["North"]))).closed)
    assert np.flatnonzero(Daily(run(closed(**{"from": "day 7"}))).closed).tolist() == [12, 19, 26]


def test_a_closed_day_within_a_shortage_does_not_end_it():
    record = run(CUT, closed())
    daily = Daily(record)
    dry = next(day for day, fill in enumerate(daily.fill) if fill < 0.8)
    assert all(daily.short[dry:])
    values = measures(record)
    sundays = len([day for day in range(5, 28, 7) if day > dry])
    assert sundays >= 2
    assert values["first_shortage"] == dry
    assert values["days_short"] == 28 - dry - sundays
    assert values["longest_dry_spell"] >= 28 - dry - 1
    assert isnan(values["recovery"])


def test_who_waits_at_midnight_goes_home():
    """Sales are held at half: a queue stands on Saturday night."""
    record = run(closed(), {"rationing": {"half": {"from": "day 0", "share": 0.5}}})
    daily = Daily(record)
    wanted, sold, given_up = (daily.lead(name) for name in ("wanted", "sold", "given_up"))
    assert (given_up[SUNDAYS] > 0.0).all()
    assert wanted[:6].sum() == pytest.approx(sold[:6].sum() + given_up[:6].sum())
    assert (daily.lead("price_index")[SUNDAYS] == 1.0).all()
    assert (daily.lead("price_index")[3:5] > 1.0).all()


@pytest.mark.parametrize("rule", [{"share": 0}, {"closed_stations": 1}])
def test_a_ceiling_of_nothing_or_all_stations_closed_is_a_shortage(rule):
    """People want to buy on such days and cannot."""
    values = measures(run({"rationing": {"none": {"from": "day 7", "to": "day 14", **rule}}}))
    assert values["first_shortage"] == 7.0
    assert values["days_short"] >= 7.0

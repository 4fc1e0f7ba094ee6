"""A run begins with a warm-up of peace, of which the record says nothing."""

import math

import pytest

from sim.fast import Twin
from sim.plan import build as build_plan
from sim.world.keys import Draws
from sim.world.nature import Nature
from sim.world.tape import unroll
from tests import build
from tests.engines import difference

EVERYTHING = (build.INLAND, build.EVERYTHING)
BARE = {"stocks": {}, "national_stock": None}


def plan(days, *changes):
    return build.plan(*EVERYTHING, BARE, {"warmup": f"{days} days"}, *changes)


@pytest.mark.parametrize("days", [0, 1, 9, 23])
def test_both_engines_agree_whatever_its_length(days):
    assert difference(plan(days), 3, 1) is None


def test_the_tape_does_not_change_with_its_length():
    def since_start(days):
        short = plan(days)
        tape = unroll(short, Draws(1, 0)).candidates
        return [(c.entity, c.serial, c.road, c.place, round(c.time - short.begin, 6)) for c in tape]

    assert since_start(0) == since_start(9) == since_start(23)
    assert min(c.time for c in unroll(plan(9), Draws(1, 0)).candidates) >= 9 * 24.0


def test_the_record_counts_from_the_start():
    record = build.run(plan(9), log=True)
    days = record.plan.days
    for table in (record.towns, record.flows, record.users, record.stocks):
        assert sorted(set(table["day"].tolist())) == list(range(days))
    assert record.imports["day"].min() >= 0
    for times in (record.log["time"], record.convoys["departed"], record.encounters["time"]):
        assert times.min() >= 0.0
        assert times.max() <= days * 24.0
    for hours, units in zip(record.unit_hours, record.plan.escorts.units, strict=True):
        assert 0.0 <= hours <= max(units.values) * days * 24.0


def test_nothing_is_laid_or_threatened_before_the_start():
    early = {
        "end": "2030-01-02",
        "willingness": {"strikes": {"union": {"from": "day -5", "to": "day -1"}}},
        "attacks": {"mode": "replayed", "replayed": {"bridge": {"at": "day -3", "window": "48 h"}}},
    }
    record = build.run(plan(9, early), log=True)
    assert record.ambushes_laid == 0
    assert len(record.encounters["time"]) == 0
    begun = build.run(plan(9, early, {"attacks": {"replayed": {"bridge": {"window": "1000 h"}}}}))
    assert begun.ambushes_laid == 1  # still armed at the start


def test_a_longer_end_changes_nothing_before_it():
    short, long = (build.run(plan(9, {"end": end})) for end in ("2030-01-20", "2030-02-12"))
    count = len(short.towns["day"])
    for column, values in short.towns.items():
        assert values.tolist() == pytest.approx(long.towns[column][:count].tolist(), nan_ok=True, abs=0), column


def test_the_start_is_an_equilibrium():
    """In peace, stock neither rises nor falls over two months."""
    calm = {"warmup": "28 days", "retail": {"lot_cover": "3 days"}}
    record = build.run(build.plan(calm))
    stock = record.stocks["depots"] + record.stocks["stations"] + record.stocks["inside"]
    assert stock[:20].mean() == pytest.approx(stock[-20:].mean(), rel=0.03)


def test_a_moment_is_drawn_in_hours_since_the_start_and_never_begins_before_it():
    uncertain = {"value": "day 1", "low": "day -4", "high": "day 2", "source": "assumption", "why": "any"}
    dated = {"rationing": {"cans": {"from": uncertain}}}
    dated_plan = plan(9, dated)
    (number,) = (n for n in dated_plan.uncertain if n.path == "rationing.cans.from")
    assert (number.low, number.value, number.high) == (-96.0, 24.0, 48.0)
    from sim.plan import with_values

    assert with_values(dated_plan, {number.path: -50.0}).rationing.start == (216.0,)
    assert with_values(dated_plan, {number.path: 30.0}).rationing.start == (246.0,)


STATED = {"stocks": {"Capital": {"petrol": "2000 m3"}, "North": {"diesel": "40 m3"}}}


def test_stated_stocks_are_there_at_the_start():
    country = build.country(build.plan(*EVERYTHING, BARE, STATED))
    seen = {}
    country._begin, begin = (lambda: (begin(), seen.update(holdings(country)))), country._begin
    country.run()
    assert seen["Capital", "petrol"] == pytest.approx(2000.0)
    assert seen["North", "diesel"] == pytest.approx(40.0)


def holdings(country):
    """Return what depot and stations hold, by town and product."""
    names = country.plan.products.name
    return {
        (country.plan.towns.name[town.number], names[market.product]): town.depot.level(market.product) + market.stock()
        for town in country.towns
        for market in town.markets
    }


@pytest.mark.parametrize("volume", [0.0, 700.0, 1e6])
def test_a_stock_beyond_the_tanks_fills_them(volume):
    stated = {"stocks": {"North": {"petrol": f"{volume!r} m3"}}}
    country = build.country(build.plan(*EVERYTHING, BARE, stated))
    seen = {}
    country._begin, begin = (lambda: (begin(), seen.update(holdings(country)))), country._begin
    country.run()
    north = next(town for town in country.towns if country.plan.towns.name[town.number] == "North")
    product = country.plan.products.name.index("petrol")
    (market,) = (m for m in north.markets if m.product == product)
    assert seen["North", "petrol"] == pytest.approx(
        min(volume, north.depot.capacity[product] + math.fsum(market.tanks))
    )


def test_the_national_stock_is_met_and_booked():
    stated = {"national_stock": {"at": "day 5", "value": "3 ML"}}
    plans = [build.plan(*EVERYTHING, BARE, {"warmup": "9 days"}, *change) for change in ((), (stated,))]
    free, record = map(build.run, plans)
    booked = sum(balance["adjusted"] for balance in record.balance)
    there = sum(free.stocks[place][free.stocks["day"] == 4].sum() for place in ("depots", "stations", "inside"))
    assert booked == pytest.approx(3000.0 - there)
    assert record.stocks["adjusted"].sum() == pytest.approx(booked)
    assert difference(plans[1], 3, 1) is None


def test_the_stored_tables_alone_close_the_balance():
    """Day by day and product by product, from the table of stocks, which agrees with those of users and towns."""
    record = Twin(build_plan(build.scenario(*EVERYTHING))).replicate(Nature(Draws(1, 0)))
    products = len(record.plan.products.name)
    stocks = {name: column.reshape(-1, products) for name, column in record.stocks.items()}
    together = sum(stocks[name] for name in ("depots", "stations", "users", "lots", "tankers"))
    change = stocks["entered"] + stocks["adjusted"] - stocks["sold"] - stocks["used"] - stocks["lost"]
    assert together[1:] - together[:-1] == pytest.approx(change[1:], abs=1e-6)
    assert record.users["used"].sum() == pytest.approx(stocks["used"].sum())
    assert record.users["stock"][-len(record.plan.users.name) :].sum() == pytest.approx(stocks["users"][-1].sum())
    assert record.towns["sold"].sum() == pytest.approx(stocks["sold"].sum())
    assert record.encounters["lost"].sum() * record.plan.fleet.load == pytest.approx(stocks["lost"].sum())

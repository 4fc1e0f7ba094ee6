"""What is read off a replication is what its tables hold."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

import sim
from sim.plan import build
from sim.results.measures import measures
from sim.results.quantity import Asked, Condition, Quantity, Seen
from sim.study.replicate import simulate


@pytest.fixture(scope="module")
def seen(root):
    plan = build(sim.load(root / "scenarios" / "tutorial.yaml"))
    return Seen(simulate(plan, 1, 3, engine="fast"))


@pytest.fixture(scope="module")
def capital(seen):
    """Rows of the capital's petrol, by column."""
    plan, towns = seen.record.plan, seen.record.towns
    ours = towns["town"] == plan.towns.name.index("Capital")
    return {name: column[ours] for name, column in towns.items()}


def of_town(seen, column, **how):
    town = seen.record.plan.towns.name.index("Capital")
    return Quantity("towns", column, town=town, product=0, **{"last": seen.record.plan.days - 1, **how}).of(seen)


@pytest.mark.parametrize(
    ("statistic", "made"), [("mean", np.mean), ("least", np.min), ("most", np.max), ("total", np.sum)]
)
def test_statistics_of_days(seen, capital, statistic, made):
    assert of_town(seen, "stock", first=5, last=30, statistic=statistic) == pytest.approx(made(capital["stock"][5:31]))


def test_days_and_first_day_under(seen, capital):
    limit = float(np.median(capital["stock"]))
    under = np.flatnonzero(capital["stock"] < limit)
    how = {"statistic": "days under", "threshold": limit}
    assert of_town(seen, "stock", **how) == len(under)
    assert of_town(seen, "stock", **{**how, "statistic": "first under"}) == under[0]
    assert of_town(seen, "stock", **{**how, "statistic": "days over"}) == (capital["stock"] > limit).sum()
    second = int(under[under > under[0]][0])
    assert of_town(seen, "stock", **{**how, "statistic": "first under"}, first=int(under[0]) + 1) == second


def test_a_first_day_that_never_comes_is_the_day_after_the_last(seen):
    assert of_town(seen, "stock", statistic="first under", threshold=-1.0, first=3, last=20) == 21.0


def test_fill_is_sold_over_wanted(seen, capital):
    day = int(np.flatnonzero(capital["wanted"] > 0.0)[4])
    wished = capital["sold"][day] / capital["wanted"][day]
    assert of_town(seen, "fill", first=day, last=day) == pytest.approx(wished)


def test_convoys_are_counted_by_departure_or_arrival(seen):
    rows, plan = seen.record.convoys, seen.record.plan
    ours = tuple(range(len(plan.corridors.name)))
    every = Quantity("convoys", corridors=ours, last=plan.days - 1, statistic="count")
    escorted, hit = rows["escort"] != 0, rows["lost"] > 0
    assert every.of(seen) == len(rows["convoy"])
    assert replace(every, flags=(True, None, None, None)).of(seen) == escorted.sum()
    assert replace(every, flags=(True, True, None, None)).of(seen) == (escorted & hit).sum()
    assert replace(every, flags=(False, None, None, None)).of(seen) == (~escorted).sum()
    largest = replace(every, column="tankers", statistic="most", flags=(True, None, None, None))
    assert largest.of(seen) == rows["tankers"][escorted].max()
    came = (rows["departed"] / 24.0 + rows["days"] < plan.days) & (rows["turned_back"] == 0)
    assert replace(every, by="arrived").of(seen) == came.sum()


def test_without_convoys_the_largest_is_none_and_the_mean_undefined(seen):
    nobody = Quantity("convoys", "tankers", corridors=(0,), statistic="most", flags=(None, None, True, None))
    assert nobody.of(seen) == 0.0
    assert isnan(replace(nobody, statistic="mean").of(seen))


def test_flows_imports_and_losses_add_up(seen):
    record = seen.record
    last = record.plan.days - 1
    imports = tuple(np.flatnonzero(seen.imports).tolist())
    arrived = Quantity("flows", "arrived", corridors=imports, last=last, statistic="total")
    assert arrived.of(seen) == record.flows["arrived"].reshape(record.plan.days, -1)[:, seen.imports].sum()
    assert Quantity("imports", "volume", last=last, statistic="total").of(seen) == pytest.approx(
        1e-3 * record.imports["volume"].sum()
    )
    lost = Quantity("encounters", "lost", last=last, statistic="total").of(seen)
    assert lost == record.encounters["lost"].sum() == measures(record)["tankers_lost"]


def test_a_measure_is_that_of_the_tables(seen):
    assert Quantity(measure="convoys_hit").of(seen) == measures(seen.record)["convoys_hit"]
    assert Quantity(measure="tankers_lost_until.2030-02-01").of(seen) <= measures(seen.record)["tankers_lost"]


def test_a_date_of_a_measure_that_never_comes_is_the_day_after_the_last(root):
    plan = build(sim.load(root / "scenarios" / "tutorial.yaml", sets="attacks.mode=none"))
    calm = Seen(simulate(plan, 1, 3, engine="fast"))
    assert isnan(measures(calm.record)["first_shortage"])
    assert Quantity(measure="first_shortage", last=plan.days - 1).of(calm) == plan.days


def test_a_condition_says_whether_a_number_is_asked(seen):
    lost = Quantity("encounters", "lost", last=seen.record.plan.days - 1, statistic="total")
    assert lost.of(seen) > 0.0
    assert Asked(lost, given=Condition(lost, low=1.0)).of(seen) == lost.of(seen)
    assert isnan(Asked(lost, given=Condition(lost, high=0.5)).of(seen))
    assert Asked(lost, minus=lost).of(seen) == 0.0

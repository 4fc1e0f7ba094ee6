"""Measures of towns and convoys where the answer is known: a cut country lives on its stock."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from sim.plan.sections import AIR, NATIONAL
from sim.results.measures import measures
from sim.results.names import names
from tests import build

NEED = 460.0
ALIKE = {"spread": 0}
CUT = {
    "corridors": {"sea": {"open": 0}},
    "fleet": {"size": 1},
    "consumers": {"short_cover": "0 days"},
    "towns": {"Capital": {"stations": ALIKE}},
}
"""Nothing comes in, nobody is alarmed, and stations are alike."""


def stock(town, volume):
    """Return what makes a town hold a volume at the start, in depot and stations."""
    return {"stocks": {town: {"petrol": f"{volume!r} m3"}}}


def cut(volume, *changes):
    return build.plan(CUT, stock("Capital", volume), *changes)


@pytest.mark.parametrize("volume", [1520.0, 5860.0, 7920.0])
def test_half_of_the_stations_shut_when_the_stock_is_used_up(volume):
    lasts = volume / NEED
    values = measures(build.run(cut(volume)))
    # The day on which it ends counts if stations were open for less than half of it.
    assert values["half_shut.Capital"] == (int(lasts) if lasts % 1.0 < 0.5 else int(lasts) + 1)
    assert values["days_half_closed"] == 60.0 - values["half_shut.Capital"]
    assert values["lowest_cover.Capital"] == pytest.approx(0.0, abs=10.0 / NEED)  # less than a lot stays behind


def test_no_date_while_stations_are_open_and_cover_falls_by_a_day_a_day():
    values = measures(build.run(cut(6720.0, {"end": "2030-01-11"})))
    assert isnan(values["half_shut.Capital"])
    assert values["lowest_cover.Capital"] == pytest.approx(6720.0 / NEED - 10.0)


def test_each_town_has_its_own_day_and_cover():
    north = {"share": 0.2, "stations": {**ALIKE, "count": 6}}
    shut = {"corridors": {"sea": {"open": 0}, "north": {"open": 0}}, "towns": {"North": north}}
    values = measures(build.run(cut(7000.0, build.INLAND, {"end": "2030-01-11"}, shut, stock("North", 516.0))))
    lasts = 516.0 / (0.2 * NEED)
    assert 5.5 < lasts < 6.0
    assert values["half_shut.North"] == 6.0
    assert isnan(values["half_shut.Capital"])
    assert values["lowest_cover.North"] == pytest.approx(0.0, abs=50.0 / NEED)
    assert values["lowest_cover.Capital"] == pytest.approx(7000.0 / (0.8 * NEED) - 10.0)
    assert values["lowest_cover"] == values["lowest_cover.Capital"]


def test_every_measure_has_a_name_and_every_name_a_measure():
    plan = build.plan(build.INLAND, build.EVERYTHING)
    assert set(measures(build.run(plan))) == names(plan)


def convoy(day, tankers, escort=NATIONAL, corridor="sea"):
    return (0, ("north", "sea").index(corridor), 24.0 * day, tankers, escort, 0, tankers, 0, 0, 2.0, 0)


def with_convoys(record, *convoys):
    columns = zip(record.convoys.items(), zip(*convoys, strict=True), strict=True)
    return replace(record, convoys={name: np.array(new, old.dtype) for (name, old), new in columns})


@pytest.fixture(scope="module")
def sixty_days():
    return build.run(build.plan(build.INLAND))


def test_escorted_convoys_are_counted_from_the_first(sixty_days):
    assert sixty_days.plan.corridors.name == ("north", "sea")
    convoys = [convoy(2, 50, escort=0), convoy(3, 4, corridor="north"), convoy(18.7, 10), convoy(30, 20, AIR)]
    values = measures(with_convoys(sixty_days, *convoys, convoy(59.9, 60)))
    assert values["escorted_per_week"] == pytest.approx(3 / 6)
    assert values["tankers_per_convoy"] == 30.0
    assert values["share_escorted"] == pytest.approx(90 / 140)


def test_no_rate_without_an_escort_or_from_less_than_a_week(sixty_days):
    none = measures(with_convoys(sixty_days, convoy(2, 50, escort=0)))
    assert isnan(none["escorted_per_week"])
    assert isnan(none["tankers_per_convoy"])
    assert measures(with_convoys(sixty_days, convoy(53, 9)))["escorted_per_week"] == 1.0
    assert isnan(measures(with_convoys(sixty_days, convoy(54, 9)))["escorted_per_week"])

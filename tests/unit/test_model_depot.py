"""Depots: what is drawn leaves, whatever rounding does."""

import math

import pytest

from tests import build

ALL_NORTH = {
    "inland": {"policy": "hub first", "reserve": "0 h"},
    "corridors": {"sea": {"fleet": 0.02}, "north": {"fleet": 0.98}},
    "fleet": {"load": "45.9 m3"},
    "retail": {"reorder": "0 h"},
    "towns": {"North": {"share": 1}},
}


def test_last_load_of_a_depot_is_drawn():
    """Three loads of 45.9 m3 add up to 137.7 m3, but 137.7 - 45.9 - 45.9 is a little under 45.9."""
    plan = build.plan(build.INLAND, ALL_NORTH)
    capital = plan.towns.name.index("Capital")
    country = build.country(plan)
    for t, town in enumerate(country.towns):
        town.depot.set_level(0, 137.7 if t == capital else 0.0)
    record = country.run()
    assert record.towns["stock"][0] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("lot", [10.0, 3.3])
def test_a_depot_gives_all_that_it_has(lot):
    depot = build.country(build.plan()).towns[0].depot
    depot.draw(0, depot.level(0) - 3 * lot)
    for _ in range(2):
        depot.draw(0, lot)
    depot.draw(0, math.nextafter(depot.level(0), math.inf))
    assert depot.level(0) == pytest.approx(0, abs=1e-9)

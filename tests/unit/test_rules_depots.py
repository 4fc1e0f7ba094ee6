"""Orders, inland release, large users, crews, consumers, stations: small rules with plain answers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import consumers, crews, hazard, orders, sharing, stations, steps, stocks

volume = st.floats(0, 1e5)


@pytest.mark.parametrize(
    ("need", "target", "position", "rate"),
    [(10, 500, 500, 10), (10, 740, 500, 12), (10, 500, 740, 8), (10, 0, 5000, 0)],
)
def test_orders_close_the_gap_in_their_time(need, target, position, rate):
    assert orders.order_rate(need, target, position, 120) == pytest.approx(rate)


@given(st.integers(0, 500), st.lists(st.just(0.0) | st.floats(1e-6, 100), min_size=1, max_size=6))
def test_a_count_is_shared_to_the_last_and_nobody_is_a_whole_one_off(count, weights):
    given = [sharing.apportioned(count, weights, k) for k in range(len(weights))]
    whole = sum(weights)
    if whole == 0:
        assert set(given) == {0}
    else:
        assert sum(given) == count
        assert all(abs(n - count * w / whole) < 1 + 1e-9 for n, w in zip(given, weights, strict=True))


def test_equal_remainders_go_in_order():
    assert [sharing.apportioned(3, (1, 4, 4), k) for k in range(3)] == [1, 1, 1]
    assert [sharing.apportioned(2, (1, 1, 1), k) for k in range(3)] == [1, 1, 0]
    assert [sharing.apportioned(10, (2, 0, 1), k) for k in range(3)] == [7, 0, 3]


@given(st.lists(st.integers(0, 5), max_size=8))
def test_the_next_least_goes_through_all_in_order(keys):
    places = [-1]
    while (place := sharing.next_least(keys, places[-1])) >= 0:
        places.append(place)
    assert places[1:] == sorted(range(len(keys)), key=lambda k: (keys[k], k))


def test_exogenous_corridors_keep_their_share_of_all_and_others_share_the_rest():
    weights = (0.8, 0.3, 0.1)
    shares = [orders.supplier_share(weights, (0, 0, 0.1), (0.8, 0, 0), k) for k in range(3)]
    assert shares == pytest.approx([1 - 0.1 / 1.2, 0, 0.1 / 1.2])


def test_orders_cover_the_towns_supplied_from_a_hub():
    own, hubs = (5.0, 3.0, 2.0), (-1, 0, 1)  # the second corridor draws on the first town, the third on the second
    shares = (1, 0, 0, 0, 1, 0, 0, 0.5, 0.5)
    assert [orders.need(town, 0, 1, own, shares, hubs) for town in range(3)] == [5 + 4 + 1, 3 + 1, 2]


def test_whole_loads_never_exceed_what_there_is():
    assert orders.whole_loads(138, 46, 138) == 3
    assert orders.whole_loads(137.9999999999, 46, 137.9999999999) == 2
    assert orders.whole_loads(137.9999999999, 46, 140) == 3


def test_target_is_stock_pipeline_and_stations():
    assert orders.target(1000, 0.75, 5, 100, 30) == 1280


def test_a_tank_has_room_for_its_days_or_for_a_day_and_some_loads():
    assert orders.capacity(240, 10, 0.5, 92) == 1200
    assert orders.capacity(24, 10, 1, 92) == 332
    assert orders.capacity(240, 0, 1, 92) == 0


@given(volume, volume, st.floats(0, 1e5))
def test_tanks_set_together_hold_what_is_wanted(first, second, wanted):
    rooms, levels = (2 * first + 1, 3 * second + 1), (first, second)
    there, most = sum(levels), sum(rooms)
    after = [stocks.set_level(*two, there, most, wanted) for two in zip(levels, rooms, strict=True)]
    assert all(0 <= level <= room * (1 + 1e-12) for level, room in zip(after, rooms, strict=True))
    if there > 0:
        assert math.isclose(sum(after), min(wanted, most), rel_tol=1e-9, abs_tol=1e-9)


def test_whole_tankers_carry_fractions():
    carried, total = 0.0, 0
    for _ in range(1000):
        n, carried = orders.whole_tankers(100.0, 46.0, carried)
        total += n
        assert 0 <= carried < 1
    assert total == math.floor(1000 * 100 / 46)


@pytest.mark.parametrize(
    ("ordered", "arrived", "factor"), [(0, 0, 1), (10, 10, 1), (10, 12, 1), (10, 0, 0.4), (10, 5, 0.7)]
)
def test_a_weight_follows_what_gets_through(ordered, arrived, factor):
    """With a limit of 0.6: nothing of the share that comes through leaves, the rest up to the limit."""
    assert orders.followed(ordered, arrived, 0.6) == pytest.approx(factor)


def test_a_smoothed_number_closes_a_part_of_its_gap_a_day():
    value = 0.0
    for day in range(1, 30):
        value = orders.smoothed(value, 8.0, 240.0)
        assert value == pytest.approx(8 * (1 - math.exp(-day / 10)))


@given(volume, volume, st.floats(0, 500), volume, st.booleans())
def test_released_is_within_stock_and_request(stock, asked, need, kept, hub_first):
    given_ = orders.released(stock, asked, need, kept, hub_first)
    assert 0 <= given_ <= asked
    assert given_ <= stock * (1 + 1e-12)


def test_who_is_served_first():
    assert orders.released(1000, 500, 5, 500, True) == 500
    assert orders.released(700, 500, 5, 500, True) == 200
    assert orders.released(300, 500, 5, 500, True) == 0
    assert orders.released(300, 480, 5, 100, False) == pytest.approx(300 * 480 / 600), "as today's needs are"
    assert orders.released(900, 480, 5, 100, False) == 480


def test_a_hub_keeps_its_reserve_or_its_part_of_a_small_depot():
    assert orders.kept_back(5, 100, 2000, 10) == 500
    assert orders.kept_back(5, 100, 600, 10) == 300
    assert orders.kept_back(0, 100, 600, 0) == 0


@pytest.mark.parametrize(("level", "stock", "takes"), [(100, 1e3, 24), (0, 1e3, 124), (0, 50, 50), (124, 1e3, 0)])
def test_a_user_fills_its_tank_beside_the_day(level, stock, takes):
    assert orders.user_takes(level, 100, 1, stock) == takes


def test_power_falls_with_the_fuel_of_power_stations():
    assert orders.power_hours(19, 0.7, 1) == 19
    assert orders.power_hours(19, 0.7, 0) == pytest.approx(5.7)


def test_fear_adds_up_and_fades():
    twice = crews.frightened(crews.frightened(1, 0.2, 10, 1), 0.2, 20, 1)
    assert twice == pytest.approx(crews.frightened(1, 0.2, 30, 1)) == pytest.approx(math.exp(-0.6))
    assert crews.frightened(0.8, 0.2, 10, 0) == 0.8
    willing = 0.3
    for _ in range(10):
        willing = crews.recovered(willing, 240)
    assert 1 - willing == pytest.approx(0.7 / math.e)


def test_replacements_carry_fractions():
    carried, hired = 0.0, 0
    for _ in range(100):
        n, carried = crews.replacements(7, 0.05, carried)
        hired += n
    assert hired in (34, 35)


def test_wanted_rate():
    assert consumers.wanted_rate(10, 720, 720, 0, 24) == 10
    assert consumers.wanted_rate(10, 720, 480, 0, 24) == 20
    assert consumers.wanted_rate(10, 720, 480, 240, 24) == 10, "those who wait are not counted twice"
    assert consumers.wanted_rate(10, 720, 1440, 0, 24) == 0


@given(st.floats(0, 100), st.floats(0, 20), st.floats(0, 20), st.floats(0.01, 24))
def test_people_burn_what_they_need_or_have(stock, burn, bought, dt):
    used = consumers.burned(stock, burn, bought, dt)
    assert used == pytest.approx(min(burn * dt, stock + bought * dt), abs=1e-9)


@pytest.mark.parametrize(("cover", "news", "alarmed"), [(50, 100, False), (40, 100, True), (50, 60, True)])
def test_alarm(cover, news, alarmed):
    assert consumers.is_alarmed(cover, 48, news, 72) is alarmed


def test_tanks_are_quantiles_of_their_law():
    n = 400
    tanks = [stations.tank(i, n, 60, 0.4) for i in range(n)]
    assert tanks == sorted(tanks)
    logs = [math.log(t / 60) for t in tanks]
    assert sum(logs) / n == pytest.approx(0, abs=1e-9)
    assert math.sqrt(sum(x * x for x in logs) / n) == pytest.approx(0.4, rel=0.02)


@pytest.mark.parametrize(("tank", "nozzles"), [(3, 1), (15, 1), (23, 2), (60, 4)])
def test_nozzles_follow_the_tank(tank, nozzles):
    assert stations.nozzles(tank, 15) == nozzles


@pytest.mark.parametrize(("time", "value"), [(-5, 1), (0, 1), (9.99, 1), (10, 2), (25, 3)])
def test_the_last_entry_that_has_started_holds(time, value):
    assert steps.at((0, 10, 20), (1, 2, 3), time) == value
    assert steps.entry((0, 10, 20), time) == value - 1


def test_an_entry_that_starts_later_than_the_next_is_passed_over():
    assert steps.at((0, 30, 20), (1, 2, 3), 25) == 3
    assert steps.at((0, 30, 20), (1, 2, 3), 35) == 3, "of those that have started, the last listed holds"


@pytest.mark.parametrize(("value", "whole"), [(2.4, 2), (2.5, 3), (-0.4, 0)])
def test_rounding(value, whole):
    assert steps.whole(value) == whole


@given(st.floats(0, 0.99), st.floats(1, 1000), st.floats(0.01, 1))
def test_rate_and_chance_are_inverse(chance, lifetime, part):
    """On a passage that drives a part of the zone's length."""
    mean = hazard.rate_of_chance(chance, lifetime, part) * lifetime * part
    assert hazard.chance_of_meeting(mean) == pytest.approx(chance, abs=1e-12)

"""How convoys form at an assembly point, with tankers put there by hand."""

import pytest

from sim.plan.sections import AIR, FOREIGN, NATIONAL
from sim.rules.order import Rank
from tests import build


def departures(regime, ready, hours, *changes):
    """Return (hour, tankers, escort) of the convoys that leave, with tankers ready at given hours."""
    country = build.country(build.plan(build.POOLS, build.imports(**regime), *changes))
    corridor, clock = country.corridors[0], country.clock

    def come():
        for tanker, hour in zip(build.tankers(country, corridor, len(ready)), sorted(ready), strict=True):
            yield clock.at(hour, Rank.TANKER, tanker.key)
            corridor.stand_by(tanker)

    def dispatch():
        for hour in range(1, hours):
            yield clock.at(float(hour), Rank.DISPATCH)
            build.assembly(country, corridor).dispatch(clock.now)

    clock.process(come())
    clock.process(dispatch())
    clock.run(until=float(hours))
    return [(convoy.departed, convoy.size, convoy.escort) for convoy in country.convoys], corridor


def left(regime, ready, hours, *changes):
    return departures(regime, ready, hours, *changes)[0]


def test_tankers_leave_on_the_next_full_hour():
    assert left({}, [0.5, 0.7, 3.2], 10) == [(1, 2, 0), (4, 1, 0)]


def test_a_convoy_waits_for_its_least_size_or_its_longest_wait():
    regime = {"min": 3, "longest_wait": "10 h"}
    assert left(regime, [0.5, 1.5, 4.5, 4.6], 30) == [(5, 4, 0)]
    assert left(regime, [0.5, 1.5], 30) == [(11, 2, 0)], "half past ten is the longest wait; eleven the next full hour"


def test_largest_size_and_headway():
    regime = {"max": 3, "headway": "6 h"}
    assert left(regime, [0.5] * 8, 30) == [(1, 3, 0), (7, 3, 0), (13, 2, 0)]


def test_by_day_only():
    assert left({"daylight": True}, [0.5, 19], 40) == [(6, 1, 0), (30, 1, 0)]


def test_all_must_and_any_free_may():
    regime = {"must": ["national"], "may": ["foreign", "air"], "max": 2, "headway": "1 h"}
    assert left(regime, [0.5] * 5, 12) == [(1, 2, NATIONAL | FOREIGN | AIR)], "the one army unit is away with it"
    assert left({**regime, "may": []}, [0.5], 12) == [(1, 1, NATIONAL)]
    regime = {"must": [], "may": ["foreign"], "max": 2, "headway": "1 h"}
    assert left(regime, [0.5] * 4, 12) == [(1, 2, FOREIGN), (2, 2, 0)]


def test_no_escort_no_convoy_but_the_weary_go_alone():
    regime = {"must": ["national"], "max": 2, "alone": True, "patience": "8 h"}
    ready = [0.5, 0.5, 0.5, 5.5]
    assert left(regime, ready, 40) == [(1, 2, NATIONAL), (9, 1, 0), (14, 1, 0)]
    assert left({**regime, "alone": False}, ready, 40) == [(1, 2, NATIONAL)]


def test_a_unit_comes_back_rests_and_goes_again():
    """480 km at 200 km a day out, 24 h at 40 km/h and 12 h a day back, 24 h of rest."""
    regime = {"must": ["national"], "max": 1}
    out, back = 480 / (200 / 24), 480 / 20
    times = [hour for hour, _, _ in left(regime, [0.5] * 3, 260)]
    free = 1 + out + back + 24
    assert times[0] == 1
    assert times[1] == pytest.approx(-(-free // 1))


def test_on_strike_nobody_joins():
    strike = {"willingness": {"strikes": {"union": {"from": "day 0", "to": "day 1"}}}}
    convoys, corridor = departures({}, [0.5, 2.5], 30, strike)
    assert convoys == [(24, 2, 0)]
    assert corridor.refusal_hours == 23 + 21
    assert corridor.rule_hours == pytest.approx(0.5 + 0.5)


def test_waiting_is_counted_by_its_cause():
    _, escort = departures({"must": ["national"], "max": 1}, [0.5, 0.5], 21)
    assert (escort.escort_hours, escort.rule_hours) == (20, 1), "half an hour each until the full hour"
    _, rule = departures({"headway": "8 h", "max": 1}, [0.5, 0.5], 21)
    assert (rule.escort_hours, rule.rule_hours) == (0, 8 + 1)


def test_a_closed_corridor_lets_nobody_leave():
    assert left({}, [0.5], 30, {"corridors": {"sea": {"open": [{"value": 0}, {"from": "day 1", "value": 1}]}}}) == [
        (24, 1, 0)
    ]

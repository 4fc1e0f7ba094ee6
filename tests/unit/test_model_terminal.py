"""Slots of a terminal by date, the fuel it is supplied with, and roads written the other way round."""

import itertools
import math

import pytest

import sim
from sim.model.corridor import Terminal
from sim.plan import build as build_plan
from sim.plan.geography import UNLIMITED
from sim.plan.sections import Steps
from sim.results.measures import measures
from sim.study.replicate import simulate
from tests import build
from tests.differs import first_difference
from tests.files import TUTORIAL


def opened(slots, *times, supply=UNLIMITED):
    """Return when slots open to tankers that come at times, in order."""
    terminal = Terminal(Steps(*slots), supply, 46.0, -1)
    return [terminal.slot(time) for time in times]


def test_tankers_load_one_slot_apart():
    assert opened(((0.0,), (2.0,)), 0.0, 0.1, 0.2, 5.0, 5.0) == [0.0, 0.5, 1.0, 5.0, 5.5]


def test_the_rate_is_that_of_the_time_in_which_a_slot_opens():
    """One a day up to hour 30, one an hour after: a quarter of the second slot is over by then."""
    assert opened(((0.0, 30.0), (1 / 24, 1.0)), *[0.0] * 5) == pytest.approx([0.0, 24.0, 30.75, 31.75, 32.75])
    assert opened(((0.0, 30.0), (1.0, 1 / 24)), *[29.5] * 3) == pytest.approx([29.5, 30.0 + 12.0, 30.0 + 36.0])


def test_without_slots_tankers_wait_until_there_are_some():
    steps = (0.0, 10.0, 20.0), (1.0, 0.0, 1.0)
    assert opened(steps, 9.5, 9.6, 9.7) == [9.5, 20.5, 21.5]
    assert opened(steps, 15.0, 15.0) == [20.0, 21.0]
    assert opened(((0.0, 10.0), (1.0, 0.0)), 9.5, 9.5) == [9.5, math.inf]


def test_fuel_supplied_limits_as_slots_do():
    """46 m3 an hour is one tanker an hour; at hour 10 the supply ends for a while."""
    supply = Steps((0.0, 10.0, 20.0), (46.0, 0.0, 46.0))
    assert opened(((0.0,), (2.0,)), *[8.0] * 4, supply=supply) == [8.0, 9.0, 20.0, 21.0]


def test_a_terminal_loads_what_it_is_supplied_with():
    """Five tankers a day of fuel, where slots would let 48 load and the country asks for ten and more."""
    plan = build.plan({"terminals": {"Harbour": {"supply": "0.23 ML/day"}}, "attacks": {"mode": "none"}})
    record = simulate(plan, 1, 0, central=True, engine="fast")
    loaded = record.flows["loaded"]
    assert len(loaded) == 60
    assert loaded[5:].max() <= 6
    assert loaded[5:].sum() == pytest.approx(5 * 55, abs=1)


def tutorial(*sets):
    """Return what is sold and burned in the capital by day, and the imports, of the tutorial in peace."""
    record = simulate(
        build_plan(sim.load(TUTORIAL, sets=["attacks.mode=none", *sets])), 1, 0, central=True, engine="fast"
    )
    towns = record.towns
    here = towns["town"] == record.plan.hub
    return towns["sold"][here], towns["burned"][here] / towns["need"][here], measures(record, ())["imports_total"]


def narrow(value):
    return f"terminals.Port.slots=[30 /day, {{from: day 10, value: {value} /day}}, {{from: day 20, value: 30 /day}}]"


def test_a_narrow_passage_ends_with_its_date():
    """Slots fall to one or none a day for ten days: the pumps run dry, and ten days after all is as it was."""
    _, wide, most = tutorial()
    assert wide.min() > 1 - 1e-9
    runs = {value: tutorial(narrow(value)) for value in (10, 1, 0)}
    for value in (1, 0):
        sold, met, _ = runs[value]
        assert sold[:20].min() > 300
        assert sold[20:28].min() < 100, "pumps are all but dry on a day"
        assert met[30:].min() > 1 - 1e-9
    for more, fewer in itertools.pairwise([most, *(runs[value][2] for value in (10, 1, 0))]):
        assert more >= fewer - 1e-9, "fewer slots are never better, but for rounding"
    early = {value: sold[:26].sum() for value, (sold, _, _) in runs.items()}
    assert early[10] > early[1] > early[0]


@pytest.mark.parametrize("engine", ["simpy", "fast"])
def test_a_single_road_may_be_written_either_way(engine):
    """The inland corridor's one road: the same run to the last bit, whichever of its ends stands first."""
    turned = ["roads.Capital–Hilltown.from=Hilltown", "roads.Capital–Hilltown.to=Capital"]
    record, other = (
        simulate(build_plan(sim.load(TUTORIAL, sets=sets)), 3, 0, engine=engine, log=True) for sets in ([], turned)
    )
    assert measures(record, ())["tankers_lost"] > 0
    assert record.towns["sold"][record.towns["town"] == 1 - record.plan.hub].sum() > 0
    assert first_difference(record, other, ("as it is", "turned")) is None

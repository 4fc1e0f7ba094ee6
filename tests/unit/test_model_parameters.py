"""A parameter that nothing reads fails here: on the way into the plan, from there into the run, and in its outcome."""

from dataclasses import fields
from datetime import timedelta
from math import floor

import pytest

import sim
from sim.errors import ConvoiError
from sim.fast import Twin
from sim.model import replicate
from sim.plan import build as build_plan
from sim.results.measures import measures
from sim.results.tables import TABLES, columns, frame
from sim.scenario.fields import Moment
from sim.world.keys import Draws
from sim.world.nature import Nature
from tests import build
from tests.differs import flatten

FOR_READERS = ("documented.", "marks.")
"""Numbers that only the answer and the figures show."""


@pytest.fixture(scope="module")
def shipped(root):
    """Return the blockade with all fuels, imposed attacks and attackers that adapt, so that all its parts count."""
    folder = root / "scenarios"
    return sim.load(
        folder / "blockade-2025.yaml",
        [folder / "scope" / "all.yaml"],
        ["attacks.mode=both", "attacks.adaptive.on=true"],
    )


@pytest.fixture(scope="module")
def everything():
    return build.scenario(build.INLAND, build.EVERYTHING)


def other_value(number):
    """Return another value of a quantity: an end of its range, or one nearby."""
    if ".open" in number.path:
        return 1 - number.value
    for end in (number.low, number.high):
        if end is not None and end != number.value:
            return end
    if number.value == 0:
        return 0.01 if number.unit == "1/h" else 0.5 if number.unit == "1" else 7.0
    if number.value == floor(number.value) and number.unit == "1" and number.value > 1:
        return number.value - 1
    return number.value * 0.7


class Changed:
    """While in force, one number of a loaded scenario has another value."""

    def __init__(self, number):
        self.number = number

    def __enter__(self):
        number = self.number
        self.kept = dict(vars(number))
        new = {"low": None, "high": None}
        if not isinstance(number, Moment):
            new |= {"value": other_value(number), "law": None}
        elif number.at is None:
            new["day"] = number.day + 1
        else:
            new["at"] = number.at + timedelta(days=1)
        for key, value in new.items():
            object.__setattr__(number, key, value)

    def __exit__(self, *_):
        for key, value in self.kept.items():
            object.__setattr__(self.number, key, value)


def content(plan):
    return dict(flatten(plan))


@pytest.mark.parametrize("name", ["shipped", "everything"])
def test_every_number_reaches_the_plan(name, request):
    scenario = request.getfixturevalue(name)
    before = content(build_plan(scenario))
    unread = []
    count = 0
    for path, number, _ in scenario.numbers():
        if path.startswith(FOR_READERS):
            continue
        count += 1
        with Changed(number):
            after = content(build_plan(scenario))
        if after == before:
            unread.append(path)
    assert content(build_plan(scenario)) == before
    assert count > 100
    assert unread == []


def test_every_uncertain_number_is_drawn(shipped):
    """Those with a range, and they only, are drawn by replications; each draw lands in the plan."""
    from sim.plan import with_values

    plan = build_plan(shipped)
    ranged = {number.path for _, number, _ in shipped.numbers() if not number.certain}
    ranged = {path for path in ranged if not path.startswith(FOR_READERS)}
    assert {number.path for number in plan.uncertain} == ranged
    before = content(plan)
    for number in plan.uncertain:
        end = number.low if number.low != number.value else number.high
        assert content(with_values(plan, {number.path: end})) != before, number.path


def watched(cls, seen, section):
    """Return a class of the same fields that notes which are read."""
    names = {field.name for field in fields(cls)}

    def __getattribute__(self, name):  # noqa: N807
        if name in names:
            seen.add(f"{section}.{name}" if section else name)
        return object.__getattribute__(self, name)

    return type(cls.__name__, (cls,), {"__slots__": (), "__getattribute__": __getattribute__})


def spy(value, seen, section=""):
    """Return a copy of a plan, or of one of its sections, that notes which fields are read."""
    copy = object.__new__(watched(type(value), seen, section))
    for field in fields(value):
        inner = getattr(value, field.name)
        if hasattr(inner, "__dataclass_fields__"):
            inner = spy(inner, seen, f"{section}.{field.name}" if section else field.name)
        object.__setattr__(copy, field.name, inner)
    return copy


def read_by_a_run(plan):
    """Return the fields that one replication and its tables and measures read."""
    seen = set()
    watched_plan = spy(plan, seen)
    record = replicate(watched_plan, Draws(1, 0))
    measures(record)
    parts = columns(record)
    for table in TABLES:
        frame(watched_plan, {0: parts[table]})
    return seen


def test_every_field_of_the_plan_is_read(root):
    """By the model, the measures or the tables, in at least one of a few countries."""
    folder = root / "scenarios"
    plans = [
        build_plan(sim.load(folder / "tutorial.yaml")),
        build.plan(build.INLAND, build.EVERYTHING),
        build.plan(build.INLAND, build.EVERYTHING, {"strategy": {"allocation": "priority"}}),
        build.plan(build.INLAND, build.EVERYTHING, {"strategy": {"allocation": "shares"}}),
        build.plan(build.INLAND, build.EVERYTHING, {"attacks": {"adaptive": {"on": True}}}),
        build.plan(build.INLAND, build.EVERYTHING, {"orders": {"pumps_first": True}}),
    ]
    seen = set().union(*map(read_by_a_run, plans))
    known = {name for name, _ in flatten(plans[0])}
    assert known - seen == set()


NOT_FELT = {
    "corridors.other.customs",  # an exogenous inflow has none
    "corridors.other.turnaround",
    "escorts.pools.army.availability",  # ground units always march
    "escorts.pools.friends.availability",
    "escorts.pools.wing.rebuilt",  # air units neither rest nor refit, nor are they knocked out
    "escorts.pools.wing.refit",
    "escorts.pools.wing.rest",
    "products.heavy.hoarding",  # no station sells it
    "products.heavy.need",
    "products.heavy.price",
}
PLENTY = {
    "fleet": {"size": 500},
    "terminals": {"Harbour": {"slots": "60 /day"}, "Capital depot": {"slots": "60 /day"}},
    "towns": {"Capital": {"depot": {"bays": 6}}, "North": {"blockade": 1}},
    "zones": {"west": {"effort": "4 /month", "mines": "0 /month"}, "north": {"chance": 0.02}},
    "willingness": {"fear": 0},
    "crews": {"per_tanker": 1},
    "consumers": {"short_cover": "0 days"},
    "strategy": {"allocation": "shares"},
}
SMALL = {"depot": {"capacity": "1 day"}, "stations": {"tank": "80 m3"}}
VARIANTS = (
    {},
    PLENTY,
    # Tankers move from the lake to the sea.
    {
        "corridors": {"lake": {"fleet": 1}, "sea": {"fleet": 0.3}},
        "fleet": {"size": 220},
        "crews": {"per_tanker": 1.2},
    },
    {"inland": {"policy": "proportional"}, "retail": {"rule": "lowest first"}, "fleet": {"size": 400}},
    {"attacks": {"adaptive": {"on": True, "recruitment": 1, "fading": "10 days"}}},
    # Crews are so few that it counts how many are hired.
    {"crews": {"per_tanker": 0.4, "killed": 0.9}, "fleet": {"size": 200}},
    # Small tanks, small deliveries, and nothing stated, so that the warm-up's stocks are felt.
    {
        "retail": {"lot_cover": "1 day", "rule": "lowest first"},
        "towns": {"Capital": SMALL, "North": SMALL},
        "fleet": {"size": 300},
        "corridors": {"sea": {"customs": [{"value": "12 h"}, {"from": "day 3", "value": "30 h"}]}},
        "crews": {"per_tanker": 0.4},
        "stocks": None,
        "national_stock": None,
    },
    # Small depots and stations, and ambushes that take interest in everybody and are never found.
    {
        "towns": {
            "Capital": {"stations": {"count": 400}},
            "North": {"depot": {"capacity": "0.3 days"}, "stations": {"count": 60, "tank": "8 m3"}},
        },
        "attacks": {"prey": 0},
        "orders": {"pumps_first": True},
        "escorts": {"detection": 0},
        "zones": {"west": {"effort": "59 /month"}},
    },
)


def outcome(scenario):
    """Return what a replication leaves behind, or the error that it ends in."""
    try:
        record = Twin(build_plan(scenario)).replicate(Nature(Draws(1, 0)), log=True)
    except ConvoiError as error:
        return str(error)
    return build.rows(record.log), build.rows(record.flows), repr(measures(record))


def test_every_number_changes_what_happens():
    """In at least one variant of a country with every part, another value gives another run."""
    unmoved = None
    for change in VARIANTS:
        scenario = build.scenario(build.INLAND, build.EVERYTHING, change)
        before = outcome(scenario)
        assert isinstance(before, tuple), before
        still = set()
        for path, number, _ in scenario.numbers():
            if unmoved is not None and path not in unmoved:
                continue
            with Changed(number):
                if outcome(scenario) == before:
                    still.add(path)
        unmoved = still if unmoved is None else unmoved & still
    assert sorted(unmoved) == sorted(NOT_FELT)

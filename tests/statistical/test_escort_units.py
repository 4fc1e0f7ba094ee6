"""With fear 0, more escort units: less waiting for them and more fuel, replication by replication."""

import pytest

from sim.results.measures import measures
from sim.study.replicate import simulate
from tests import build

REPLICATIONS = 100
ESCORTED = build.imports(must=["national"], min=5, max=40, headway="12 h", longest_wait="48 h", daylight=True)


def plan(units):
    """Return a country whose need is more than its escorts can bring: every convoy must have one."""
    return build.plan(
        {
            "products": {"petrol": {"need": "0.92 ML/day"}},
            "fleet": {"size": 300, "day_factor": build.ranged(0.1, 0, 0.2)},
            "zones": {
                "savanna": {
                    "roads": ["plain"],
                    "effort": build.ranged("6 /month", "3 /month", "9 /month"),
                    "ceiling": "10 /month",
                }
            },
            "willingness": {"fear": 0},
            "escorts": {"pools": {"army": build.pool("national", units, rest="48 h", refit="72 h", rebuilt="240 h")}},
        },
        ESCORTED,
    )


@pytest.fixture(scope="module")
def pairs():
    """Return the measures under 2 and under 4 units, with the same luck and the same parameters."""
    few, many = plan(2), plan(4)
    return [
        [measures(simulate(variant, 1, replication, engine="fast")) for variant in (few, many)]
        for replication in range(REPLICATIONS)
    ]


def test_escorts_bind(pairs):
    assert all(few["waiting_escort"] > 100 for few, _ in pairs)


def test_doubled_units_shorten_the_wait(pairs):
    """Tanker-days waiting for an escort per tanker loaded."""
    shorter = sum(
        many["waiting_escort"] / many["imports_total"] < few["waiting_escort"] / few["imports_total"]
        for few, many in pairs
    )
    assert shorter >= 95
    assert sum(many["waiting_escort"] < few["waiting_escort"] for few, many in pairs) >= 95


def test_doubled_units_bring_more_fuel(pairs):
    assert sum(many["imports_total"] > few["imports_total"] for few, many in pairs) >= 95


def test_both_face_the_same_ambushes(pairs):
    assert all(few["ambushes_laid"] == many["ambushes_laid"] > 0 for few, many in pairs)

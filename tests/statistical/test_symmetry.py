"""Two corridors that are mirror images of each other wait equally: nothing but names tells them apart.

Names decide the order of corridors in the plan, and once one of two equals waited a fifth longer for escorts.
Seeds are fixed; the bound is set so that a correct model fails with chance ALARM per statistic.
"""

import numpy as np
import pytest
from scipy import stats

from sim.study.replicate import simulate
from tests import build

ALARM = 1e-6
REPLICATIONS = 300


def corridor(side):
    return build.corridor(f"{side} quay", f"{side} road", side, "Capital", customs="12 h")


SIDES = ("A", "Z")
REGIME = build.imports(must=["national"], min=5, max=20, headway="6 h", longest_wait="24 h", daylight=True)
MIRROR = {
    "junctions": {side: {"at": build.HERE} for side in SIDES},
    "roads": {
        "coast": None,
        "plain": None,
        **{f"{side} road": {"from": side, "to": "Capital", "length": "480 km", "pace": "40 km/h"} for side in SIDES},
    },
    "zones": {
        f"zone {side}": {
            "roads": [f"{side} road"],
            "effort": "6 /month",
            "ceiling": "6 /month",
            "roadblocks": "0.001 /km",
        }
        for side in SIDES
    },
    "terminals": {"Harbour": None, **{f"{side} quay": {"town": side, "slots": "24 /day"} for side in SIDES}},
    "corridors": {"sea": None, **{f"by {side}": corridor(side) for side in SIDES}},
    "towns": {"Capital": {"depot": {"bays": 100}}},
    "fleet": {"size": 200},
    "willingness": {"fear": 0.05},
    "escorts": {"pools": {"army": {"component": "national", "units": 2, "rest": "24 h", "cost": "1 USD/day"}}},
    "end": "2030-04-01",
}


@pytest.mark.parametrize(("mode", "units"), [("drawn", 2), ("none", 1)])
def test_mirror_images_wait_equally_for_escorts(mode, units):
    """Paired difference over replications, t-test at ALARM; its interval is under a tenth, so that a fifth shows.

    Without attacks queues are equal until the one unit has left with one of them, and the first turn is drawn.
    """
    army = {"escorts": {"pools": {"army": {"units": units}}}}
    plan = build.plan(MIRROR, army, REGIME, {"attacks": {"mode": mode}})
    columns = ("waiting_escort", "arrived")
    sums = {name: np.zeros((REPLICATIONS, 2)) for name in columns}
    for k in range(REPLICATIONS):
        flows = simulate(plan, 1, k, central=True, engine="fast").flows
        for name in columns:
            sums[name][k] = [flows[name][flows["corridor"] == c].sum() for c in range(2)]
    for name in columns:
        gaps = sums[name][:, 0] - sums[name][:, 1]
        half = stats.t.isf(ALARM / 2, REPLICATIONS - 1) * gaps.std(ddof=1) / np.sqrt(REPLICATIONS)
        assert abs(gaps.mean()) < half, name
        assert 0 < half < 0.1 * sums[name].mean(), f"{name}: the test can tell"
    assert sums["waiting_escort"].mean() > 100

"""The recorded convoys and attacks of autumn 2025, imposed: attacks find prey, and the big convoy brings relief.

Seeds are fixed.  The bounds are those that the model is asked to keep, not intervals: what is counted lies well inside.
"""

from datetime import datetime

import numpy as np
import pytest

import sim
from sim.plan import build
from sim.rules.steps import whole
from sim.study.replicate import simulate
from sim.world.tape import IMPOSED

REPLICATIONS = 60


@pytest.fixture(scope="module")
def replays(root):
    """Return the replications of the replay."""
    scenario = sim.load(root / "scenarios/blockade-2025.yaml", overlays=[root / "scenarios/recorded.yaml"])
    plan = build(scenario)
    return [simulate(plan, 1, number, engine="fast") for number in range(REPLICATIONS)]


def imposed(record):
    """Return which meetings are with imposed attacks."""
    return record.encounters["kind"] == IMPOSED


def test_at_least_seven_of_eight_imposed_attacks_find_prey(replays):
    hits = [int(np.count_nonzero(imposed(record))) for record in replays]
    assert np.mean(hits) >= 7
    assert np.mean(np.array(hits) >= 7) >= 0.9


def test_losses_of_imposed_attacks_are_within_a_tenth_of_the_record(replays):
    lost = sum(int(record.encounters["lost"][imposed(record)].sum()) for record in replays)
    asked = sum(whole(value) for record in replays for value in record.plan.attacks.imposed_lost)
    assert lost == pytest.approx(asked, rel=0.1)


def test_stock_in_bamako_rises_on_9_october(replays):
    day = (datetime(2025, 10, 9) - replays[0].plan.start).days
    rises = []
    for record in replays:
        towns = record.towns
        here = towns["town"] == record.plan.hub
        fuel = towns["stock"] + towns["station_stock"]
        stock = [float(fuel[here & (towns["day"] == d)].sum()) for d in (day - 1, day)]
        rises.append(stock[1] > stock[0])
    assert np.mean(rises) >= 0.9


def test_what_a_convoy_on_record_lacks_is_reported(replays):
    for record in replays:
        wanted = [whole(value) for value in record.plan.convoys.tankers]
        assert all(0 <= missing <= most for missing, most in zip(record.missing, wanted, strict=True))
        assert int(record.convoys["short"].sum()) <= sum(record.missing)

"""The kernel that simulators are compared on gives the same events in each that is installed."""

import numpy as np
import pytest

from benchmarks.peers.compare import FIRST, here, prepared
from benchmarks.peers.kernel import Kernel, Kind, canonical, difference, draw

SMALL = Kernel(days=40, tankers=24, least=8, most=12, longest=12.0, tank=200, draw=200)
HOURS = draw(SMALL)
EVENTS = canonical(prepared(FIRST, SMALL, HOURS)())


def times(kind: Kind) -> list[float]:
    return EVENTS["time"][EVENTS["kind"] == kind].tolist()


def test_simpy_and_numba_are_always_compared():
    assert {"SimPy", "Numba, as the fast engine"} <= set(here())


@pytest.mark.parametrize("name", here()[1:])
def test_every_simulator_gives_the_same_events(name: str):
    assert difference(EVENTS, canonical(prepared(name, SMALL, HOURS)())) is None


def test_the_kernel_meets_every_case():
    sizes = [times(Kind.LEFT).count(departed) for departed in times(Kind.CONVOY)]
    assert set(EVENTS["kind"].tolist()) == set(Kind)
    assert max(sizes) == SMALL.most and min(sizes) < SMALL.least
    assert set(times(Kind.UNLOADING)) & set(times(Kind.DRAWN))  # waited for room in the tank
    assert set(times(Kind.UNLOADING)) & set(times(Kind.UNLOADED))  # waited for a bay


def test_the_first_difference_is_told():
    later, other, longer = EVENTS.copy(), EVENTS.copy(), np.append(EVENTS, EVENTS[-1:])
    later["time"][7] = np.nextafter(later["time"][7], np.inf)
    other["number"][3] += 1
    assert difference(EVENTS, later).startswith("event 7: expected LOADED ")
    assert difference(EVENTS, other).startswith("event 3: ")
    assert "first missing" in difference(longer, EVENTS) and "first too many" in difference(EVENTS, longer)

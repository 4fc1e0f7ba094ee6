"""The assembly point against Bailey's bulk queue: random arrivals, service at fixed intervals, at most s at once.

N. T. J. Bailey (1954), "On queueing processes with bulk service", Journal of the Royal Statistical Society B 16, 80–87;
waiting times as in F. Downton (1955), "Waiting time in bulk service queues", the same journal, 17, 256–261.

With Poisson arrivals, m on average between two departures, s > m the largest convoy and z_1 … z_{s-1} the roots of
``z**s = exp(-m (1 - z))`` inside the unit circle, the number left behind has the mean
``E U = sum 1 / (1 - z_k) - (s (s - 1) - m**2) / (2 (s - m))``, the number before a departure ``E U + m``, and a tanker
waits ``E U / m + 1 / 2`` intervals.
"""

import cmath

import numpy as np
import pytest
from scipy import stats

from sim.model.corridor import Tanker
from sim.rules.order import Rank
from tests import build

ALARM = 1e-6
BATCHES = 40


def left_behind(m, s):
    """Return Bailey's mean number left behind."""
    total = 0
    for k in range(1, s):
        turn = cmath.exp(2j * cmath.pi * k / s)
        z = 0j
        for _ in range(10_000):
            z, last = cmath.exp(-m / s * (1 - z)) * turn, z
            if abs(z - last) < 1e-15:
                break
        assert abs(z**s - cmath.exp(-m * (1 - z))) < 1e-9
        total += 1 / (1 - z)
    return total.real - (s * (s - 1) - m * m) / (2 * (s - m))


@pytest.mark.parametrize(("m", "s"), [(0.5, 1), (3.0, 4), (8.5, 10), (27.0, 30)])
def test_the_formula_against_a_markov_chain(m, s):
    """U' = max(U + A - s, 0) on 0 … 1,999, by power iteration."""
    states = np.zeros(2000)
    states[0] = 1.0
    arrivals = stats.poisson(m).pmf(np.arange(200))
    for _ in range(4000):
        met = np.convolve(states, arrivals)
        after = met[s : s + 2000].copy()
        after[0] += met[:s].sum()
        if np.abs(after - states).max() < 1e-15:
            break
        states = after
    assert left_behind(m, s) == pytest.approx(float((states * np.arange(2000)).sum()), rel=1e-6)


def served(s, interval, rate, departures, seed):
    """Let tankers come at random; return the queue before departures, the waits by departure, and the corridor."""
    plan = build.plan(
        build.imports(max=s, headway=f"{interval} h"),
        {"willingness": {"on": False}, "roads": {"plain": {"length": "1 km", "pace": "100 km/h"}}},
    )
    country = build.country(plan)
    corridor, clock = country.corridors[0], country.clock
    assembly = build.assembly(country, corridor)
    chance = np.random.default_rng(seed)
    ends = interval * departures

    def come():
        time, serial = 0.0, 0
        while True:
            time += chance.exponential(1 / rate)
            if time > ends:
                return
            yield clock.at(time, Rank.TANKER)
            tanker = Tanker(corridor, serial)
            tanker.destination, tanker.product = 0, 0
            tanker.at_stop = clock.event()
            corridor.stand_by(tanker)
            serial += 1

    before, waits = [], []

    def dispatch():
        for hour in range(1, ends + 1):
            yield clock.at(float(hour), Rank.DISPATCH)
            queue, known = len(assembly.queue), len(country.convoys)
            assembly.dispatch(clock.now)
            if interval == 1 or country.convoys[known:]:
                before.append(queue)
            for convoy in country.convoys[known:]:
                waits.append([clock.now - tanker.ready for tanker in convoy.column])

    clock.process(come())
    clock.process(dispatch())
    clock.run(until=ends + 0.5)
    return before, waits, corridor, assembly


def batches(values):
    """Return the mean, and the half-width of its interval at ALARM by batch means."""
    means = [part.mean() for part in np.array_split(np.asarray(values, dtype=float), BATCHES)]
    half = stats.t.isf(ALARM / 2, BATCHES - 1) * np.std(means, ddof=1) / np.sqrt(BATCHES)
    return np.mean(means), half


@pytest.mark.parametrize(
    ("s", "interval", "m", "departures"), [(10, 1, 8.0, 20_000), (4, 1, 3.0, 30_000), (30, 6, 26.0, 6_000)]
)
def test_assembly_point_is_a_bulk_queue(s, interval, m, departures):
    before, waits, corridor, assembly = served(s, interval, m / interval, departures, seed=s)
    # With one hour between departures they keep to the hours, also when nobody waits; with six, somebody always does.
    assert len(before) == pytest.approx(departures, abs=1)
    expected = left_behind(m, s)
    mean, half = batches(before)
    assert abs(mean - (expected + m)) < half
    assert half < 0.2 * (expected + m), "the test can tell"
    parts = np.array_split(np.arange(len(waits)), BATCHES)
    means = [sum(sum(waits[k]) for k in part) / sum(len(waits[k]) for k in part) for part in parts]
    mean, half = batches(means)
    assert abs(mean - interval * (expected / m + 0.5)) < half
    assert half < 0.2 * mean
    # What the model counts as waiting by rule is what the tankers waited, those left included.
    left = sum(corridor.world.clock.now - 0.5 + 1 - ready for ready, *_ in assembly.queue)
    assert corridor.rule_hours == pytest.approx(sum(map(sum, waits)) + left, rel=1e-9)

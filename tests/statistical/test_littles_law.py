"""Little's law on the event log of a run: mean number = arrival rate times mean time, at customs and before convoys.

J. D. C. Little (1961), "A proof for the queuing formula L = λW", Operations Research 9, 383–387.  Over a whole run,
with the times of those still there cut at its end, it is an identity; in a steady state it holds for means as well.
"""

import math
from collections import defaultdict

import numpy as np
import pytest
from scipy import stats

from sim.model.corridor import Tanker
from sim.record import Kind
from tests import build

ALARM = 1e-6
ARMY = {
    **build.imports(must=["national"], min=5, max=30, headway="6 h", longest_wait="24 h", daylight=True),
    "escorts": {"pools": {"army": {"component": "national", "units": 3, "rest": "24 h", "cost": "1 USD/day"}}},
}
THREAT = {"zones": {"savanna": {"roads": ["plain"], "effort": "8 /month", "ceiling": "8 /month"}}}


@pytest.fixture
def ready(monkeypatch):
    """Return the times at which tankers stand by, by corridor, as a run goes on."""
    times = defaultdict(list)
    stand_by = Tanker.stand_by

    def noted(self):
        times[self.corridor.number].append(self.world.clock.now)
        stand_by(self)

    monkeypatch.setattr(Tanker, "stand_by", noted)
    return times


def test_tankers_at_customs():
    plan = build.plan(ARMY, THREAT, {"corridors": {"sea": {"customs": "36 h"}}, "end": "2030-07-01"})
    record = build.run(plan, log=True)
    end = plan.days * 24.0
    came, went = {}, []
    for entry in build.rows(record.log):
        if entry.kind == Kind.REACHED:
            came[entry.serial] = entry.time
        elif entry.kind == Kind.CLEARED and entry.serial in came:
            went.append((came.pop(entry.serial), entry.time))
    spans = went + [(time, end) for time in came.values()]
    # Those who are at customs when the run begins are not in the log as having come; they leave within 36 h.
    counted = 24 * sum(row.waiting_customs for row in build.rows(record.flows) if row.day >= 3)
    in_log = sum(min(end, out) - max(72.0, into) for into, out in spans if out > 72.0)
    assert len(went) > 1000
    assert counted == pytest.approx(in_log, rel=1e-9)
    # In the steady state: λ W, W the delay that the scenario states.
    rows = build.rows(record.flows)
    days = [sum(row.waiting_customs for row in rows if row.day == day) for day in range(20, plan.days)]
    arrivals = [sum(1 for into, _ in spans if into // 24 == day) for day in range(20, plan.days)]
    batches = [
        np.mean(number) - np.mean(rate) * 1.5
        for number, rate in zip(np.array_split(days, 20), np.array_split(arrivals, 20), strict=True)
    ]
    half = stats.t.isf(ALARM / 2, 19) * np.std(batches, ddof=1) / math.sqrt(20)
    assert abs(np.mean(batches)) < half
    assert half < 0.5 * np.mean(days)


def test_tankers_before_convoys(ready):
    """Waiting by refusal, escort and rule together is the time from standing by to departure."""
    plan = build.plan(ARMY, THREAT, {"willingness": {"fear": 0.3}, "end": "2030-07-01"})
    record = build.run(plan, log=True)
    end = plan.days * 24.0
    departures = [entry for entry in build.rows(record.log) if entry.kind == Kind.DEPARTED]
    gone = sum(entry.value for entry in departures)
    spent = sum(entry.time * entry.value for entry in departures) + end * (len(ready[0]) - gone) - sum(ready[0])
    rows = build.rows(record.flows)
    counted = 24 * sum(row.waiting_refusal + row.waiting_escort + row.waiting_rule for row in rows)
    assert sum(row.waiting_refusal for row in rows) > 0
    assert sum(row.waiting_escort for row in rows) > 0
    assert counted == pytest.approx(spent, rel=1e-9)

"""Random small countries whose attackers adapt: fuel is conserved, and no effort leaves its bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.adaptation import declared
from sim.record import Kind
from sim.study.replicate import simulate
from tests import build
from tests.property.scenarios import countries, plan_of
from tests.property.test_conservation import check

ADAPTIVE = {"warmup": "0 days", "attacks": {"adaptive": {"on": True}}}


@settings(max_examples=50)
@given(countries(), st.integers(0, 1000))
def test_whatever_attackers_learn_fuel_is_conserved_and_ceilings_hold(content, replication):
    record = simulate(plan_of(build.lay(content, ADAPTIVE)), 7, replication, log=True)
    check(record)
    plan, zones = record.plan, record.plan.zones
    weeks = {}
    for entry in build.rows(record.log):
        if entry.kind == Kind.EFFORT:
            weeks.setdefault(entry.time, []).append(entry.value)
    assert sorted(weeks) == (list(range(168, plan.days * 24, 168)) if zones.name else [])
    for time, efforts in weeks.items():
        base = [declared(plan, zone, plan.begin + time) for zone in range(len(zones.name))]
        for effort, before, ceiling in zip(efforts, base, zones.ceiling, strict=True):
            assert 0 <= effort <= ceiling
            assert before > 0 or effort == 0
        if plan.attacks.adaptive.recruitment == 0:
            assert sum(efforts) <= sum(base) * (1 + 1e-12)
            cut = any(effort == ceiling for effort, ceiling in zip(efforts, zones.ceiling, strict=True))
            assert cut or sum(efforts) == pytest.approx(sum(base))

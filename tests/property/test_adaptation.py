"""Random small countries whose attackers adapt: fuel is conserved, and no effort leaves its bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.model.adaptation import declared
from sim.plan import build as build_plan
from sim.record import Kind
from sim.study.replicate import simulate
from tests import build
from tests.property.test_conservation import check, countries, share, some, steps

adapting = st.fixed_dictionaries(
    {"on": st.just(True), "reshare": share, "recruitment": some(0, 0.1, 2), "fading": some("1 day", "60 days")}
)
efforts = steps(some("0 /month", "5 /month", "30 /month"))


@settings(max_examples=60)
@given(countries(), adapting, efforts, st.integers(0, 1000))
def test_whatever_attackers_learn_fuel_is_conserved_and_ceilings_hold(content, adaptive, effort, replication):
    lakeside = {"roads": ["lakeside"], "effort": effort, "ceiling": "30 /month"}
    plan = build_plan(
        sim.load(build.lay(content, {"zones": {"lakeside": lakeside}, "attacks": {"adaptive": adaptive}}))
    )
    record = simulate(plan, 7, replication, log=True)
    check(record)
    zones = record.plan.zones
    weeks = {}
    for entry in build.rows(record.log):
        if entry.kind == Kind.EFFORT:
            weeks.setdefault(entry.time, []).append(entry.value)
    assert sorted(weeks) == [168, 336]
    for time, found in weeks.items():
        base = [declared(record.plan, zone, time) for zone in range(len(zones.name))]
        for effort, before, ceiling in zip(found, base, zones.ceiling, strict=True):
            assert 0 <= effort <= ceiling
            assert before > 0 or effort == 0
        if adaptive["recruitment"] == 0:
            assert sum(found) <= sum(base) * (1 + 1e-12)
            cut = any(effort == ceiling for effort, ceiling in zip(found, zones.ceiling, strict=True))
            assert cut or sum(found) == pytest.approx(sum(base))

"""One ambush, two escorts: the better protected convoy never fares worse."""

from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.convoy import Convoy
from sim.plan.sections import AIR, FOREIGN, NATIONAL
from sim.rules.encounter import cover, loss_ratio, stages
from sim.rules.road import is_day
from sim.world.tape import AMBUSH, MINE, Candidate
from tests import build

escorts = st.integers(0, NATIONAL | FOREIGN | AIR)
share = st.floats(0, 0.99)


@cache
def base():
    return build.plan(build.POOLS)


@st.composite
def protections(draw):
    """Return numbers of protection that a scenario may state."""
    return replace(
        base().protection,
        ratio_none=draw(st.floats(0.1, 5)),
        ratio=(1.0, draw(st.floats(0, 3)), draw(st.floats(0, 3))),
        detection=draw(share),
        deterrence=draw(share),
        split_detection=draw(st.floats(0, 1)),
        split_deterrence=draw(st.floats(0, 1)),
        split_damage=draw(st.floats(0.001, 1)),
    )


@st.composite
def meetings(draw):
    """Return what is fixed when two escorts are compared: protection and attack numbers, ambush, size, hour."""
    plan = replace(
        base(),
        protection=draw(protections()),
        attacks=replace(
            base().attacks,
            damage=draw(st.floats(0, 80)),
            exponent=draw(st.floats(-1, 2)),
            shape=draw(st.floats(0.05, 20)),
            knocked_out=draw(st.floats(0, 1)),
            prey=draw(st.sampled_from([0.0, 5.0, 30.0])),
        ),
    )
    return {
        "plan": plan,
        "size": draw(st.integers(1, 120)),
        "hour": draw(st.floats(0, 24, exclude_max=True)),
        "replication": draw(st.integers(0, 2**31)),
        "entity": draw(st.integers(0, 2**32 - 1)),
        "serial": draw(st.integers(0, 2**16 - 1)),
        "ordinal": draw(st.integers(0, 50)),
        "kind": draw(st.sampled_from([AMBUSH, AMBUSH, AMBUSH, MINE])),
    }


def meet(plan, escort, size, hour, replication, entity, serial, ordinal, kind):
    """Let one convoy meet one ambush; return the outcome and the places lost."""
    country = build.country(plan, replication)
    if hour > 0:
        country.clock.run(until=hour)
    corridor = country.corridors[0]
    units = [pool.units[0] for pool in country.pools if pool.component & escort]
    convoy = Convoy(country.ambushes, corridor, build.tankers(country, corridor, size), units, False)
    country.ambushes.armed[entity, serial] = ordinal
    country.ambushes.meet(convoy, Candidate(0.0, entity, serial, kind, 0, 0, 0.5, 1e9, 0.0, 1.0, -1.0))
    (row,) = build.encounters(country)
    gone = set(range(size)) - {tanker.serial for tanker in convoy.column}
    assert len(gone) == row.lost
    assert ((entity, serial) in country.ambushes.armed) == (row.outcome in ("deterred", "let pass"))
    return row.outcome, gone


def protection(plan, escort, hour):
    """Return the stages of an escort at an hour: detection, deterrence, factor on damage."""
    driving, p = plan.driving, plan.protection
    there = cover(escort, p.ground, AIR, p.by_day, is_day(hour, driving.day_from, driving.day_to))
    ratio = loss_ratio(there, p.ground, p.ratio_none, p.ratio)
    return stages(ratio, p.detection, p.deterrence, p.split_detection, p.split_deterrence, p.split_damage)


@settings(max_examples=600)
@given(meetings(), escorts, escorts)
def test_the_better_protected_convoy_never_fares_worse(fixed, escort, other):
    plan, hour = fixed["plan"], fixed["hour"]
    a, b = protection(plan, escort, hour), protection(plan, other, hour)
    if not (b[0] >= a[0] and b[1] >= a[1] and b[2] <= a[2]):
        escort, other, a, b = other, escort, b, a
    # Ratios move all three stages the same way, so one of two escorts always protects at least as well.
    assert b[0] >= a[0] - 1e-12
    assert b[1] >= a[1] - 1e-12
    assert b[2] <= a[2] * (1 + 1e-12)
    worse, lost_worse = meet(escort=escort, **fixed)
    better, lost_better = meet(escort=other, **fixed)
    assert (worse == "let pass") == (better == "let pass"), "an ambush takes interest by the size of a party alone"
    if better == "sprung":
        assert worse == "sprung"
    if worse == "detected":
        assert better == "detected"
    assert len(lost_better) <= len(lost_worse)
    assert lost_better <= lost_worse


@settings(max_examples=100)
@given(meetings(), escorts)
def test_a_meeting_repeats(fixed, escort):
    assert meet(escort=escort, **fixed) == meet(escort=escort, **fixed)

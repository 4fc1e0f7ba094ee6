"""The same seed, the same bytes; the same ambushes for every strategy."""

import pytest

import sim
from sim.plan import build
from sim.record import Kind
from sim.study.replicate import simulate
from tests.build import rows
from tests.digest import measures_digest

STRATEGIES = ["none", "army", "air-only", "ground", "ground+air", "air-without-troops"]


@pytest.fixture(scope="module")
def tutorial(root):
    return sim.load(root / "scenarios" / "tutorial.yaml")


@pytest.fixture(scope="module")
def alone(tutorial):
    return sim.run(tutorial, 6, seed=11, workers=1)


@pytest.mark.parametrize("workers", [2, 4])
def test_number_of_workers_changes_nothing(tutorial, alone, workers):
    shared = sim.run(tutorial, 6, seed=11, workers=workers)
    assert measures_digest(shared.measures) == measures_digest(alone.measures)
    for table in ("towns", "flows", "convoys", "encounters", "users", "stocks", "binding"):
        assert getattr(shared, table).equals(getattr(alone, table)), table


def test_a_replication_does_not_depend_on_how_many_are_run(tutorial, alone):
    few = sim.run(tutorial, 3, seed=11, workers=1)
    assert measures_digest(few.measures) == measures_digest(alone.measures.loc[:2])


def test_another_seed_is_another_world(tutorial, alone):
    other = sim.run(tutorial, 6, seed=12, workers=1)
    assert measures_digest(other.measures) != measures_digest(alone.measures)


def test_pairs_share_parameters_and_not_luck(tutorial, alone):
    plan = build(tutorial)
    first, second, third = (simulate(plan, 11, replication, log=True) for replication in range(3))
    assert first.plan == second.plan != third.plan
    assert laid(first) != laid(second)


def laid(record):
    """Return what was laid, where and when."""
    return [(e.time, e.entity, e.serial) for e in rows(record.log) if e.kind == Kind.LAID]


def test_strategies_face_the_same_ambushes(root):
    folder = root / "scenarios"
    records = {}
    for name in STRATEGIES:
        scenario = sim.load(folder / "blockade-2025.yaml", [folder / "strategies" / f"{name}.yaml"])
        records[name] = simulate(build(scenario), 5, 0, log=True, engine="fast")
    first = laid(records["none"])
    assert len(first) > 10
    assert all(laid(record) == first for record in records.values())
    # Who meets them differs.
    met = {name: [(row.time, row.outcome) for row in rows(record.encounters)] for name, record in records.items()}
    assert len({tuple(meetings) for meetings in met.values()}) > 3


def test_strategies_share_their_parameters(root):
    """What a strategy does not state is drawn the same for all of them."""
    from sim.world.nature import nature, values

    folder = root / "scenarios"
    drawn = []
    for name in STRATEGIES:
        scenario = sim.load(folder / "blockade-2025.yaml", [folder / "strategies" / f"{name}.yaml"])
        plan = build(scenario)
        drawn.append(values(plan, nature(plan, 5, 0).marks))
    shared = set.intersection(*map(set, drawn))
    assert len(shared) > 200
    apart = {path for path in shared if len({values_by_path[path] for values_by_path in drawn}) > 1}
    assert {path.split(".")[0] for path in apart} <= {"strategy", "escorts"}

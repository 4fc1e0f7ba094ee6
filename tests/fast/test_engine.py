"""The fast engine gives what SimPy gives, compiled or not, in any order, from any thread, with a log or without."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import sim
from sim.errors import ModelError
from sim.fast import Twin
from sim.plan import build as build_plan
from sim.plan.sections import Steps
from sim.world.nature import nature
from tests import build
from tests.differs import first_difference, logged
from tests.engines import FAILED, compared, difference, fast, simpy

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"
STRATEGIES = sorted(path.stem for path in (SCENARIOS / "strategies").glob("*.yaml"))
TUTORIAL = SCENARIOS / "tutorial.yaml"


@pytest.fixture(scope="module")
def everything():
    """Return the plan of a country in which everything happens."""
    return build_plan(build.scenario(build.INLAND, build.EVERYTHING))


@pytest.mark.parametrize(
    ("strategy", "seed", "scope"),
    [(strategy, *[(1, "pump"), (2, "all")][k % 2]) for k, strategy in enumerate(STRATEGIES)],
)
def test_the_blockade_is_the_same_in_both_engines(strategy, seed, scope):
    """Each strategy to the end, the scopes by turns: four months of all the country take SimPy many seconds."""
    overlays = [SCENARIOS / "strategies" / f"{strategy}.yaml", SCENARIOS / "scope" / f"{scope}.yaml"]
    plan = build_plan(sim.load(SCENARIOS / "blockade-2025.yaml", overlays))
    fault = difference(plan, seed, seed)
    assert fault is None, fault


@pytest.mark.parametrize("central", [False, True])
def test_a_country_in_which_everything_happens_is_the_same_in_both_engines(everything, central):
    for replication in range(6):
        fault = difference(everything, 2**64 - 1 - replication, 2**32 - 1 - replication, central)
        assert fault is None, fault


def test_interpreted_it_gives_the_same(tmp_path):
    code = (
        "import pickle, sys, sim\n"
        "from sim.plan import build\n"
        "from tests.engines import fast\n"
        f"record = fast(build(sim.load({str(TUTORIAL)!r})), 1, 1, False, True)\n"
        "print('numba' in sys.modules and sys.modules['numba'].config.DISABLE_JIT)\n"
        f"pickle.dump(record, open({str(tmp_path / 'record')!r}, 'wb'))\n"
    )
    variables = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", code]
    ran = subprocess.run(words, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() in ("1", "True")
    record = pickle.loads((tmp_path / "record").read_bytes())
    compiled = fast(build_plan(sim.load(TUTORIAL)), 1, 1, False, True)
    fault = first_difference(record, compiled, ("interpreted", "compiled"))
    assert fault is None, fault


def test_the_order_of_replications_does_not_matter(everything):
    def replicated(order):
        twin = Twin(everything)
        return {r: twin.replicate(nature(twin.plan, 5, r), log=True) for r in order}

    forth, back = replicated(range(6)), replicated((5, 4, 3, 3, 2, 1, 0))
    for r, record in forth.items():
        fault = first_difference(record, back[r], ("forth", "back"))
        assert fault is None, f"replication {r}: {fault}"


def test_threads_do_not_disturb_each_other(everything):
    tutorial = build_plan(sim.load(TUTORIAL))
    shared = {id(plan): Twin(plan) for plan in (everything, tutorial)}
    jobs = [(plan, r) for r in range(8) for plan in (everything, tutorial)]

    def replicated(job):
        plan, r = job
        return shared[id(plan)].replicate(nature(plan, 5, r), log=True)

    with ThreadPoolExecutor(4) as threads:
        records = list(threads.map(replicated, jobs))
    for (plan, r), record in zip(jobs, records, strict=True):
        fault = first_difference(fast(plan, 5, r, False, True), record, ("alone", "beside others"))
        assert fault is None, f"replication {r}: {fault}"


@pytest.mark.parametrize("engine", [simpy, fast])
def test_with_a_log_or_without_the_tables_are_the_same(engine, everything):
    with_log, without = (engine(everything, 3, 4, False, log) for log in (True, False))
    assert logged(with_log)
    assert not logged(without)
    assert first_difference(with_log, without) is None


def test_a_run_that_breaks_a_rule_fails_in_both_engines(everything):
    """No file can say so: more effort than the tape holds."""
    effort = (Steps((0.0, 120.0), (0.01, 9.0)), *everything.zones.effort[1:])
    plan = build.with_section(everything, "zones", effort=effort, by_chance=(False, False))
    with pytest.raises(ModelError):
        fast(plan, 1, 0, True, False)
    assert compared(plan, 1, 0, central=True).kind == FAILED


def test_a_crowd_of_users_draws_on_a_depot_before_which_a_tanker_waits():
    users = {
        f"mine {k:03}": {
            "town": "Capital", "product": "petrol", "need": "0.001 m3/day", "tank": "2 days",
            "before": True, "pump_market": True, "power": False,
        }
        for k in range(150)
    }  # fmt: skip
    shut = {"from": "day 2", "to": "day 20", "closed_stations": 1}
    few = {
        "users": users,
        "towns": {"Capital": build.town(capacity="1 day", count=4)},
        "products": {"petrol": {"need": "0.05 ML/day"}},
        "rationing": {"all shut": shut},
        "fleet": {"size": 4},
        "end": "2030-01-21",
    }
    plan = build_plan(build.scenario(few))
    fault = difference(plan, 1, 1)
    assert fault is None, fault
    assert simpy(plan, 1, 1, False, False).flows["waiting_unloading"].max() > 0.9

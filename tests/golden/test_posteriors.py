"""Shipped posteriors: they lie on their scenario, hold what they must, and a small one comes out the same again."""

from dataclasses import replace

import pytest

import sim
from sim.plan import build
from sim.plan.posterior import FILE, read
from sim.scenario.targets import load
from sim.study.calibrate import QUICK, Setting, calibrate
from tests.engines import difference
from tests.files import ROOT

POSTERIORS = ROOT / "scenarios" / "posteriors"
NAMES = sorted(path.stem for path in POSTERIORS.glob("*.yaml"))
AGAIN = "make it again by the command in its overlay, and say in CHANGELOG what moved"


@pytest.mark.parametrize("name", NAMES)
def test_a_posterior_lies_on_its_scenario(name):
    overlay = POSTERIORS / f"{name}.yaml"
    draws = read(POSTERIORS / name / FILE)
    scenario = sim.load(ROOT / "scenarios" / f"{draws.about['scenario_name']}.yaml", [overlay])
    assert build(scenario).posterior is not None
    assert draws.about["command"] in overlay.read_text(encoding="utf-8")
    assert (POSTERIORS / name / "parameters.csv").is_file()
    assert (POSTERIORS / name / FILE).stat().st_size < 350_000


@pytest.mark.parametrize("name", [name for name in NAMES if name != "tutorial"])
def test_a_posterior_of_the_blockade_has_many_lines(name):
    draws = read(POSTERIORS / name / FILE)
    assert draws.lines >= 200
    if draws.about["scope"] == "pump":  # the others were made with fewer sweeps, and docs/calibration.md says so
        assert draws.effective >= 300


def test_every_mode_scope_and_series_is_calibrated():
    kinds = {tuple(read(POSTERIORS / name / FILE).about[key] for key in ("scope", "series", "mode")) for name in NAMES}
    assert {("pump", "customs", "free"), ("pump", "customs", "replay")} <= kinds
    assert {("all", "customs", "free"), ("all", "minister", "free")} <= kinds


def test_the_small_one_comes_out_the_same():
    scenarios = ROOT / "scenarios"
    targets = load(scenarios / "targets" / "tutorial.yaml")
    done = calibrate(sim.load(scenarios / "tutorial.yaml"), targets, Setting(*QUICK))
    assert repr(done.draws) == repr(read(POSTERIORS / "tutorial" / FILE)), AGAIN


@pytest.mark.parametrize("name", [name for name in NAMES if name != "tutorial"])
def test_both_engines_show_the_same_hindcast(name):
    """Shared assembly points, recorded convoys and imposed attacks keep their order under other names."""
    overlay = POSTERIORS / f"{name}.yaml"
    plan = build(sim.load(ROOT / "scenarios" / "blockade-2025.yaml", [overlay], "hindcast=yes"))
    fault = difference(replace(plan, days=92), 1, 1)
    assert fault is None, fault

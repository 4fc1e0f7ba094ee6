"""What every shipped scenario must hold: it loads, and every number in it has a source or a reason."""

from pathlib import Path

import pytest

import sim
from sim.plan import build
from sim.plan.sections import INLAND
from sim.scenario.describe import bases

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ("mali", "blockade-2025", "tutorial")
OVERLAYS = sorted(str(p.relative_to(ROOT / "scenarios")) for p in (ROOT / "scenarios").glob("*/*.yaml"))
LISTED = {
    "scope/all.yaml",
    "scope/pump.yaml",
    *(f"strategies/{n}.yaml" for n in ("none", "army", "air-only", "ground", "ground+air", "air-without-troops")),
}


def unsourced(scenario):
    return [
        basis.path
        for basis in bases(scenario)
        if basis.grade == "none" or (basis.grade == "assumption" and not basis.why)
    ]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_number_of_a_scenario_has_a_source_or_a_reason(name):
    assert unsourced(sim.load(ROOT / "scenarios" / f"{name}.yaml")) == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_overlay_lies_on_the_blockade_with_sources(overlay):
    scenario = sim.load(ROOT / "scenarios/blockade-2025.yaml", overlays=[ROOT / "scenarios" / overlay])
    assert unsourced(scenario) == []
    assert build(scenario).days == 122


def test_what_must_be_shipped_is():
    assert set(OVERLAYS) >= LISTED
    assert len([name for name in OVERLAYS if name.startswith("what-if/")]) >= 13


def test_the_central_scope_is_pump():
    plain = sim.load(ROOT / "scenarios/blockade-2025.yaml")
    laid = sim.load(ROOT / "scenarios/blockade-2025.yaml", overlays=[ROOT / "scenarios/scope/pump.yaml"])
    assert plain.digest == laid.digest


def test_mali_has_what_it_must():
    plan = build(sim.load(ROOT / "scenarios/mali.yaml"))
    assert len([n for n in plan.towns.stations if n >= 1]) >= 14
    assert plan.towns.stations[plan.hub] == 400
    assert {"Kayes–Diéma", "Kayes–Nioro", "Sikasso", "Kolondiéba", "Guinea", "Mauritania", "other"} <= set(
        plan.corridors.name
    )
    inland = [c for c, kind in enumerate(plan.corridors.kind) if kind == INLAND]
    served = {plan.towns.name[town] for c in inland for town in plan.corridors.serves[c]}
    assert {"Ségou", "Mopti-Sévaré", "Koutiala"} <= served

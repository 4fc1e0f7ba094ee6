"""What every shipped scenario must hold: it loads, and every number in it has a source or a reason."""

import pytest

import sim
from sim.plan import build
from sim.plan.sections import INLAND
from sim.scenario.describe import bases
from tests.files import BLOCKADE, ROOT
from tests.refusals import problems

SCENARIOS = ("mali", "blockade-2025", "tutorial")
OTHERS = {"targets/blockade-2025.yaml", "targets/tutorial.yaml", "posteriors/tutorial.yaml"}
"""What is no overlay of the blockade."""
OVERLAYS = sorted({str(p.relative_to(ROOT / "scenarios")) for p in (ROOT / "scenarios").glob("*/*.yaml")} - OTHERS)
LISTED = {
    "scope/all.yaml",
    "scope/pump.yaml",
    *(f"strategies/{n}.yaml" for n in ("none", "army", "air-only", "ground", "ground+air", "air-without-troops")),
    *(f"strategies/{n}.yaml" for n in ("few-large", "many-small", "one-corridor", "shared", "inland")),
    *(f"what-if/{n}.yaml" for n in ("reserved-stations", "escorted-only")),
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
    (problem,) = problems(sim.load, ROOT / "scenarios" / overlay)
    assert "is an overlay" in problem.wrong


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
    assert plan.towns.stations[plan.hub] == pytest.approx(413, abs=1)  # the median of 400 (360 to 480)
    assert {"Kayes–Diéma", "Kayes–Nioro", "Sikasso", "Kolondiéba", "Guinea", "Mauritania", "other"} <= set(
        plan.corridors.name
    )
    inland = [c for c, kind in enumerate(plan.corridors.kind) if kind == INLAND]
    served = {plan.towns.name[town] for c in inland for town in plan.corridors.serves[c]}
    assert {"Ségou", "Mopti-Sévaré", "Koutiala"} <= served


def strategy(name, *overlays):
    return sim.load(BLOCKADE, [ROOT / f"scenarios/strategies/{name}.yaml", *overlays])


def test_the_varied_strategies_differ_from_air_only_in_what_they_say():
    base = {path: number.text for path, number, _ in strategy("air-only").numbers()}

    def differing(name):
        numbers = {path: number.text for path, number, _ in strategy(name).numbers()}
        assert base.keys() <= numbers.keys()
        return {path for path, text in numbers.items() if base.get(path) != text}

    sizes = {f"strategy.imports.1.{key}" for key in ("min", "max", "headway", "longest_wait")}
    assert differing("few-large") == differing("many-small") == sizes
    assert differing("shared") == differing("one-corridor") == set()
    assert all(path.startswith("strategy.inland.1") for path in differing("inland"))


def test_few_large_and_many_small_may_send_as_many_a_day_with_the_same_escorts():
    few, many = (strategy(name).root for name in ("few-large", "many-small"))
    for root in (few, many):
        regime = root.strategy.imports[1]
        assert regime.max.value / regime.headway.value * 24 == 50
        assert (regime.must, regime.may) == (["national"], ["air"])
    assert few.escorts == many.escorts == strategy("air-only").root.escorts


def test_escorted_only_lets_nobody_go_alone_under_any_strategy():
    overlay = ROOT / "scenarios/what-if/escorted-only.yaml"
    for path in sorted((ROOT / "scenarios/strategies").glob("*.yaml")):
        before, after = strategy(path.stem).root.strategy, strategy(path.stem, overlay).root.strategy
        assert after.imports[1].alone is False
        assert after.imports[1].model_copy(update={"alone": before.imports[1].alone}) == before.imports[1]
        assert (after.imports[0], after.inland) == (before.imports[0], before.inland)

"""A scenario that was fitted, and runs without the fit, says so."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.scenario.calls import in_shell
from sim.study.posteriors import posteriors_for
from sim.view.compare_answer import comparison_answer
from sim.view.run_answer import run_answer
from sim.view.study_words import unfitted_words
from tests.unit.charts import one_line
from tests.unit.comparisons import SCENARIOS, comparison
from tests.unit.test_view_answer import made


@pytest.mark.parametrize(
    ("scenario", "laid", "names"),
    [
        ("blockade-2025", [], ["pump-free"]),
        ("blockade-2025", ["ration-13l"], ["pump-free"]),
        ("blockade-2025", ["scope/all"], ["all-customs-free", "all-minister-free"]),
        ("blockade-2025", ["recorded"], ["pump-replay"]),
        ("blockade-2025", ["pump-free"], []),
        ("tutorial", [], ["posteriors/tutorial"]),
        ("mali", [], []),
    ],
)
def test_posteriors_are_of_the_scenario_its_scope_and_mode(scenario: str, laid: list[str], names: list[str]) -> None:
    loaded = sim.load(SCENARIOS / f"{scenario}.yaml", laid)
    assert posteriors_for(loaded) == names
    for name in names:
        assert posteriors_for(sim.load(loaded, name)) == [], "each can be laid on"


def test_one_that_cannot_be_read_or_is_none_is_not_named(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    (folder / "posteriors").mkdir(parents=True)
    for name in ("tutorial", "common"):
        (folder / f"{name}.yaml").write_bytes((SCENARIOS / f"{name}.yaml").read_bytes())
    (folder / "posteriors" / "gone.yaml").write_text("posterior: gone\n", encoding="utf-8")
    (folder / "posteriors" / "other.yaml").write_text("title: nothing fitted\n", encoding="utf-8")
    assert posteriors_for(sim.load(folder / "tutorial.yaml")) == ["posteriors/tutorial"]


def test_what_runs_unfitted_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told = "Parameters: drawn from their ranges, before any fit; overlays='mine' takes the fitted."
    assert told not in one_line(run_answer(made()))
    monkeypatch.setattr("sim.view.study_words.posteriors_for", lambda _: ["mine"])
    assert told in one_line(run_answer(made()))
    with in_shell():
        assert "before any fit; --overlay mine takes the fitted." in one_line(run_answer(made()))
    assert told in one_line(comparison_answer(comparison(("none", "army"), replications=2)))
    tutorial = sim.load(SCENARIOS / "tutorial.yaml")
    assert unfitted_words(tutorial, central=True).startswith(
        "Parameters: at the middle of their ranges, before any fit;"
    )

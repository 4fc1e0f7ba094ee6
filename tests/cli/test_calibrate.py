"""convoi calibrate, validate and sensitivity: what they print and keep, that they go on, and what they refuse."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import Result

import sim
from sim.plan import build
from sim.plan.posterior import FILE, read
from sim.results.ledger import LEDGER
from sim.results.store import read_manifest
from sim.scenario.targets import load as load_targets
from sim.study.bound import bind, log_likelihood
from tests import calls
from tests.files import SCENARIOS, of_a_day

TUTORIAL, TARGETS = str(SCENARIOS / "tutorial.yaml"), str(SCENARIOS / "targets" / "tutorial.yaml")
SMALL = ("--targets", TARGETS, "--particles", "24", "--sweeps", "1")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("here")


def convoi(here: Path, *words: str, code: int | None = None) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        return calls.convoi(*words, code=code)


@pytest.fixture(scope="module")
def fit(here: Path) -> tuple[Path, Result]:
    answer = convoi(here, "calibrate", TUTORIAL, *SMALL, code=0)
    return of_a_day("calibrate_tutorial", here / "results"), answer


def test_a_calibration_is_answered_and_kept(fit: tuple[Path, Result]) -> None:
    folder, answer = fit
    assert answer.stderr == ""
    text = answer.stdout
    assert text.startswith("Tutorial: calibrated\nMode: free. Scope: pump. Volumes: customs. 3 facts fitted.")
    assert "Log evidence −" in text or "Log evidence -" in text
    assert "tankers lost in two months" in text
    assert "The facts inform" in text
    assert max(map(len, text.splitlines())) <= 100
    names = {"posterior.parquet", "values.parquet", "parameters.csv", "stages.csv", "facts.png", "informed.png"}
    assert names <= {path.name for path in folder.iterdir()}
    manifest = read_manifest(folder)
    assert manifest["targets"]["fitted"] == ["first shortage", "lost", "convoys"]
    assert manifest["calibration"]["particles"] == 24
    draws = read(folder / FILE)
    assert draws.weights.sum() == pytest.approx(1.0)
    assert draws.about["mode"] == "free"


def test_stages_end_at_the_whole_likelihood(fit: tuple[Path, Result]) -> None:
    stages = pd.read_csv(fit[0] / "stages.csv")
    assert stages["power"].iloc[-1] == 1.0
    assert stages["power"].is_monotonic_increasing
    assert stages["replications"].iloc[-1] == read_manifest(fit[0])["simulated"]


def test_what_was_interrupted_goes_on_and_ends_the_same(here: Path, fit: tuple[Path, Result]) -> None:
    folder = fit[0]
    bytes_before = (folder / FILE).read_bytes()
    stages = (folder / "stages.csv").read_bytes()
    with sqlite3.connect(folder / LEDGER) as base:
        count = base.execute("SELECT count(*) FROM done").fetchone()[0]
        base.execute("DELETE FROM done WHERE replication >= ?", (count // 2,))
    convoi(here, "calibrate", TUTORIAL, *SMALL, code=0)
    assert (folder / FILE).read_bytes() == bytes_before
    assert (folder / "stages.csv").read_bytes() == stages
    with sqlite3.connect(folder / LEDGER) as base:
        assert base.execute("SELECT count(*) FROM done").fetchone()[0] == count


def test_it_is_read_by_arviz(fit: tuple[Path, Result]) -> None:
    from sim.study.posteriors import to_arviz

    data = to_arviz(fit[0])
    assert "products.petrol.need" in data.posterior
    assert data.posterior.sizes["draw"] == 24
    assert {"lost", "first shortage"} <= set(data.posterior_predictive)
    assert float(data.posterior["products.petrol.need"].mean()) == pytest.approx(500.0 / 24.0, rel=0.1)  # m3 an hour


def test_facts_are_set_beside_the_posterior(here: Path, fit: tuple[Path, Result]) -> None:
    words = ("validate", TUTORIAL, "--targets", TARGETS, "-n", "30", "--set", f"posterior={fit[0]}")
    answer = convoi(here, *words, "--out", "facts", code=0)
    assert "Posterior with its own luck (hindcast): " in answer.stdout
    assert "Against" in answer.stdout and "mass balance" in answer.stdout
    assert max(map(len, answer.stdout.splitlines())) <= 100
    facts = pd.read_csv(here / "facts" / "facts.csv")
    assert set(facts["draws"]) == {"central", "prior", "posterior", "hindcast"}
    assert (here / "facts" / "facts.png").is_file()
    told = json.loads(convoi(here, *words, "--json", "--no-figures", "--out", "facts").stdout)
    assert {"facts", "scores"} == set(told)


def test_a_run_draws_from_the_posterior(here: Path, fit: tuple[Path, Result]) -> None:
    tables = {}
    for name, words in {
        "prior": (),
        "fresh": (f"posterior={fit[0]}",),
        "own": (f"posterior={fit[0]}", "hindcast"),
    }.items():
        sets = [part for word in words if word != "hindcast" for part in ("--set", word)]
        also = ["--hindcast"] if "hindcast" in words else []
        convoi(here, "run", TUTORIAL, "-n", "8", *sets, *also, "--quiet", "--no-figures", "--out", name, code=0)
        tables[name] = pd.read_parquet(here / name / "measures.parquet")
    assert not np.allclose(tables["prior"]["tankers_lost"], tables["fresh"]["tankers_lost"])
    fitted = pd.read_parquet(fit[0] / "values.parquet").loc["posterior"]
    assert set(tables["own"]["tankers_lost"]) <= set(fitted["lost"])


def test_a_strategy_is_compared_under_the_posterior(here: Path, fit: tuple[Path, Result]) -> None:
    answer = convoi(
        here, "compare", TUTORIAL, "--strategy", "none", "--strategy", "army", "-n", "4",
        "--set", f"posterior={fit[0]}", "--quiet", "--no-figures", "--out", "compared",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    drawn = pd.read_parquet(here / "compared" / "parameters.parquet")
    values = pd.read_csv(fit[0] / "parameters.csv", index_col=0)
    need = drawn["products.petrol.need"]
    assert need.nunique() <= 2  # two pairs
    assert values.loc["products.petrol.need", "prior_low"] <= need.min() <= need.max()


def test_sensitivity_is_answered_and_kept(here: Path) -> None:
    words = ("sensitivity", TUTORIAL, "--trajectories", "2", "--base", "4", "--top", "2", "--out", "moved")
    answer = convoi(here, *words, code=0)
    assert "Shares of the variance under ‘as it is’" in answer.stdout
    assert (here / "moved" / "screened.csv").is_file()
    assert (here / "moved" / "sensitivity.png").is_file()


def test_pyabc_gives_a_second_opinion(here: Path) -> None:
    words = ("calibrate", TUTORIAL, "--targets", TARGETS, "--particles", "20", "--sweeps", "1", "--method", "pyabc")
    convoi(here, *words, "--no-figures", "--out", "second", code=0)
    values = pd.read_parquet(here / "second" / "values.parquet")
    scenario = sim.load(TUTORIAL)
    bounds = bind(load_targets(TARGETS), scenario, build(scenario))
    prior, accepted = (log_likelihood(bounds, values.loc[name].to_numpy()) for name in ("prior", "posterior"))
    assert len(accepted) == 20
    assert accepted.min() >= np.quantile(prior, 7 / 8) - 1e-9  # nearer than one in eight of the prior


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("calibrate", TUTORIAL, "--targets", "nowhere.yaml"), "no such file"),
        (("calibrate", TUTORIAL, "--targets", TUTORIAL), "not a key of targets; given 'extends'"),
        (("calibrate", "nowhere.yaml", "--targets", TARGETS), "no such file"),
        (("calibrate", TUTORIAL, *SMALL, "--without", "lots"), "no target 'lots' to leave out"),
        (("calibrate", TUTORIAL, *SMALL, "--until", "2029-01-01"), "no target is left to be fitted"),
        (("validate", TUTORIAL, "--targets", TARGETS, "--since", "2031-01-01"), "no target looks beyond 2031-01-01"),
        (("validate", TUTORIAL, "--targets", TARGETS, "--set", "posterior=nowhere"), "no posterior: 'nowhere"),
        (("run", TUTORIAL, "--hindcast", "-n", "2"), "laid on by --overlay NAME (convoi scenarios lists them"),
        (("sensitivity", TUTORIAL, "--measure", "tankers_lots"), "the nearest is"),
        (("sensitivity", TUTORIAL, "--base", "12"), "expected a power of 2"),
        (("calibrate", str(SCENARIOS / "blockade-2025.yaml"), "--targets", TARGETS), "unknown town"),
    ],
)
def test_what_cannot_be_done_is_said(here: Path, words: tuple[str, ...], said: str) -> None:
    answer = convoi(here, *words, code=2)
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr

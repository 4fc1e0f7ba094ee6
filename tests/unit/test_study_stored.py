"""A study read back from its folder is the one that was made, wherever the folder lies; what is none is refused."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.errors import RequestError, ResultsError
from sim.plan import build as plan_of
from sim.results.listing import kept
from sim.results.lock import Lock
from sim.results.run import Run
from sim.results.store import LAYOUT, MANIFEST, UNFINISHED, Study, clear, is_as_written, read_manifest, sealed
from sim.results.tables import TABLES
from sim.study.break_even import BreakEven
from sim.study.comparison import Comparison
from sim.study.stored import break_even_in
from sim.view.break_even_answer import break_even_answer
from sim.view.figures import save
from sim.view.figures.forest import forest
from sim.view.figures.waiting import waiting
from sim.view.style import Chart
from tests import build
from tests.calls import TINY, convoi
from tests.files import SCENARIOS, write
from tests.refusals import refusal
from tests.unit.test_study_break_even import strategy

Change = Callable[[Path], object]
Made = tuple[Comparison, BreakEven, Path]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the shell, with a fitted posterior."""
    folder = tmp_path_factory.mktemp("stored") / "run"
    words = ["run", "tutorial", "--overlay", "posteriors/tutorial", "-n", "4", "--out", str(folder), "--no-figures"]
    convoi(*words, "--quiet", code=0)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A comparison with break-even curves, and the folder in which both are kept."""
    folder = tmp_path_factory.mktemp("stored") / "comparison"
    names = {"the air, ‘alone’/": strategy("air"), "=ground": strategy("foreign")}
    comparison = sim.compare(names, replications=4, measure="tankers_lost")
    flips = sim.break_even(comparison, replications=4, measure="tankers_lost")
    row = {"alternative": "=ground", "replication": 3, "seed": 2**64 - 1, "stage": "model", "message": '-1 m3, "NA"\n'}
    comparison = replace(comparison, failures=pd.DataFrame([row, {**row, "message": "NA"}]))
    return sim.save(comparison, folder, break_even=flips), flips, folder


@pytest.fixture
def copy(ran: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ran, tmp_path / "copy"))


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def picture(chart: Chart, stem: Path) -> list[bytes]:
    return [path.read_bytes() for path in save(chart, stem)]


def test_a_run_read_back_is_the_run(ran: Path, tmp_path: Path) -> None:
    again = sim.open(ran)
    first = sim.run("tutorial", 4, overlays="posteriors/tutorial")
    assert isinstance(again, Run)
    assert sim.told(again) == sim.told(replace(first, folder=ran))
    assert (again.scenario.digest, again.scenario.laid) == (first.scenario.digest, ("tutorial",))
    assert again.scenario.name == first.scenario.name
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(again, table), getattr(first, table))
    pd.testing.assert_frame_equal(again.measures, first.measures)
    pd.testing.assert_frame_equal(again.failures, first.failures)
    now = {"command", "made", "seconds"}
    assert {k: v for k, v in again.manifest.items() if k not in now} == {
        k: v for k, v in first.manifest.items() if k not in now
    }
    assert picture(waiting(again), tmp_path / "again") == picture(waiting(first), tmp_path / "first")


def test_a_comparison_read_back_is_the_comparison(made: Made, tmp_path: Path) -> None:
    first, flips, folder = made
    again = sim.open(folder)
    assert isinstance(again, Comparison)
    assert again.names == first.names == ("the air, ‘alone’/", "=ground")
    assert sim.told(again) == sim.told(first)
    assert {"scenario-the_air_alone.yaml", "scenario-ground.yaml"} <= {path.name for path in folder.iterdir()}
    for table in ("measures", "parameters", "days", "hub", "failures"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(first, table), check_dtype=table != "failures")
    assert dict(again.manifest) == json.loads(json.dumps(dict(first.manifest)))
    assert picture(forest(again), tmp_path / "again") == picture(forest(first), tmp_path / "first")
    curve = break_even_in(again)
    assert curve is not None
    pd.testing.assert_frame_equal(curve.points, flips.points)
    assert break_even_answer(curve) == break_even_answer(flips)
    assert repr((curve.curves, curve.tag, curve.replications)) == repr((flips.curves, flips.tag, flips.replications))
    assert break_even_in(replace(again, manifest={**again.manifest, "seed": 5})) is None, "it is of another study"


def test_a_posterior_goes_along_wherever_the_folder_goes(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.scenario.folders.shipped_folder", lambda: tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    scenario = sim.open("copy").scenario
    expected = repr(plan_of(sim.load(SCENARIOS / "tutorial.yaml", SCENARIOS / "posteriors" / "tutorial.yaml")))
    assert repr(plan_of(scenario)) == expected
    assert repr(plan_of(sim.load("copy/scenario.yaml"))) == expected, "the file stands alone, too"
    more = sim.load(scenario, sets="fleet.size=200")
    assert (more.laid, more.name) == (("tutorial", "fleet.size=200"), "tutorial")
    again = sim.save(sim.run(more, 1), "again")
    assert sim.open("again").scenario.digest == more.digest
    assert sim.told(sim.open("again")) == sim.told(again)


def test_posteriors_of_one_name_are_told_apart_and_none_is_taken_from_outside(tmp_path: Path) -> None:
    for name in ("a", "b"):
        shutil.copytree(SCENARIOS / "posteriors" / "tutorial", tmp_path / name / "fit")
        write(tmp_path / f"{name}.yaml", f"posterior: {name}/fit\n")
    comparison = sim.compare("tutorial", overlays=[tmp_path / "a.yaml", tmp_path / "b.yaml"], replications=2)
    folder = tmp_path / "kept"
    sim.save(comparison, folder)
    for name in ("a", "b"):
        shutil.rmtree(tmp_path / name)
    again = sim.open(folder)
    assert [a.scenario.root.posterior for a in again.alternatives] == [None, "posteriors/fit", "posteriors/2/fit"]
    assert sim.told(again) == sim.told(replace(comparison, folder=folder))
    clear(folder)
    assert [*folder.iterdir()] == [], "with the study goes what it was made of"


def test_a_scenario_called_as_its_copy_keeps_its_posterior(tmp_path: Path) -> None:
    """Whether a number should be the one that was fitted is told by the name of its file."""
    from sim.plan.posterior import FILE, read
    from sim.plan.posterior import write as store

    own = tmp_path / "scenario.yaml"
    sim.load("tutorial").to_yaml(own)
    fit = read(SCENARIOS / "posteriors" / "tutorial" / FILE)
    (tmp_path / "fit").mkdir()
    about = {**fit.about, "scenario_name": "scenario", "files": ["scenario.yaml"]}
    store(replace(fit, about=about), tmp_path / "fit" / FILE)
    laid = write(tmp_path / "laid.yaml", "posterior: fit\nfleet: {size: {value: 100, low: 90, high: 110}}\n")
    run = sim.save(sim.run(own, 1, overlays=laid), tmp_path / "kept")
    assert (tmp_path / "kept" / "scenario-2.yaml").is_file()
    assert repr(plan_of(sim.open(tmp_path / "kept").scenario)) == repr(plan_of(run.scenario))


def test_a_country_without_a_file_is_kept_too(tmp_path: Path) -> None:
    run = sim.save(sim.run(build.scenario(), 2), tmp_path / "kept")
    assert sim.told(sim.open(tmp_path / "kept")) == sim.told(run)
    copied = sim.save(sim.open(tmp_path / "kept"), tmp_path / "copied")
    assert read_manifest(tmp_path / "copied")["sha256"] == read_manifest(tmp_path / "kept")["sha256"]
    assert sim.told(sim.open(tmp_path / "copied")) == sim.told(copied)


def test_a_seal_tells_what_was_changed_alone() -> None:
    note = json.loads(json.dumps(sealed({"undefined": float("nan"), "seed": 1})))
    assert is_as_written(note)
    assert not is_as_written(note | {"seed": 2})
    assert not is_as_written({"seed": 1})


def test_failures_of_a_run_are_kept(tmp_path: Path) -> None:
    row = {"replication": 7, "seed": 1, "stage": "model", "message": "=1+1"}
    run = replace(sim.run(TINY, 1), failures=pd.DataFrame([row]))
    again = sim.open(sim.save(run, tmp_path / "kept").folder)
    assert again.failures is not None
    assert again.failures.to_dict("records") == [row]


def test_what_a_file_is_for_is_told_and_a_posterior_counts(ran: Path) -> None:
    study = kept(ran)
    posterior = "posteriors/tutorial/posterior.parquet"
    assert study.role("scenario.yaml") == study.role(posterior) == "what the study was made of"
    assert study.files[posterior] == (ran / posterior).stat().st_size
    assert {*study.files} >= {*read_manifest(ran)["sha256"]}


def manifest(key: bool = True, **values: object) -> Change:
    """Return what changes entries of the manifest, and its seal with them if so; None takes one away."""

    def change(folder: Path) -> None:
        note = read_manifest(folder) | values
        note = {name: value for name, value in note.items() if value is not None}
        (folder / MANIFEST).write_text(json.dumps(sealed(note) if key else note))

    return change


def emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def replaced_by_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    write(folder, "x")


def of_others(folder: Path) -> None:
    emptied(folder)
    write(folder / "notes.txt", "mine")


def of_another_maker(folder: Path) -> None:
    emptied(folder)
    write(folder / MANIFEST, '{"name": "app"}')


def cut(folder: Path) -> None:
    with (folder / "towns.parquet").open("r+b") as file:
        file.truncate(100)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (shutil.rmtree, "no folder 'copy'; expected the folder of a study"),
        (replaced_by_a_file, "'copy' is a file; expected the folder of a study"),
        (emptied, "copy holds no study: it is empty; expected"),
        (of_others, "copy holds no study: it holds 'notes.txt' and no study of Convoi; expected"),
        (of_another_maker, "its manifest.json is not that of a study; expected"),
        (lambda folder: (folder / MANIFEST).rename(folder / UNFINISHED), "not finished.*: convoi .* --out copy"),
        (lambda folder: (folder / MANIFEST).write_text(""), "its manifest.json is damaged; .*makes it again"),
        (lambda folder: (folder / MANIFEST).unlink(), "its manifest.json is missing; "),
        (lambda folder: (folder / "towns.parquet").unlink(), "no 'towns.parquet'.*make it again: convoi .* --out copy"),
        (cut, "'copy/towns.parquet' was altered"),
        (lambda folder: (folder / "scenario.yaml").unlink(), "no 'scenario.yaml'.*make it again: convoi "),
        (lambda folder: write(folder / "scenario.yaml", "title: x"), "'copy/scenario.yaml' was altered"),
        (lambda folder: shutil.rmtree(folder / "posteriors"), "no 'posteriors/tutorial/posterior.parquet'"),
        (manifest(layout=None), "without its scenario, of an earlier version of Convoi; make it again: convoi "),
        (manifest(layout=LAYOUT + 1), f"layout {LAYOUT + 1}; this version reads {LAYOUT}; make it again: convoi "),
        (manifest(versions={"convoi": "0.0.1"}), r"made by Convoi 0\.0\.1; expected \d.*; make it again: convoi "),
        (manifest(versions=None), "made by Convoi None; expected"),
        (manifest(study="sweep"), "holds a sweep; expected a run or a comparison, which alone can be opened"),
        (manifest(study="comparison"), "no 'days.parquet'"),
        (manifest(tables=[]), None),
        (manifest(sha256={}), "'copy/binding.parquet' was altered"),
        (manifest(scenarios={}), "what its manifest.json says cannot be understood"),
        (manifest(laid=3), "what its manifest.json says cannot be understood"),
        (manifest(scenarios={"": {"file": "../copy/scenario.yaml"}}), "cannot be understood.*scenario: '../copy/"),
        (manifest(digest="0" * 64), "is another scenario to this version of Convoi.*expected 000000000000…"),
        (manifest(key=False, seed=2), "'copy/manifest.json' was altered after its study was finished; expected it as"),
        (manifest(command="convoi \x1b[2J run"), None),
    ],
)
def test_a_folder_that_is_none_is_refused_and_left_alone(
    copy: Path, change: Change, told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copy.parent)
    change(copy)
    before = content(copy.parent)
    if told is None:
        assert isinstance(sim.open("copy"), Run)
    else:
        error = refusal(sim.open, "copy", error=ResultsError)
        assert re.search(told, str(error)), str(error)
        assert error.folder == Path("copy")
    assert content(copy.parent) == before


def test_a_name_that_is_too_long_is_that_of_no_folder() -> None:
    assert "no folder 'aaaa" in str(refusal(sim.open, "a" * 5000, error=ResultsError))
    assert str(refusal(sim.open, 3, error=RequestError)).startswith("open: folder is 3; expected a folder")


def test_a_folder_in_which_a_study_is_at_work_is_refused(copy: Path) -> None:
    with Lock(copy, Study("d", 1, 2).identity, "convoi run other"):
        assert "a study is at work in" in str(refusal(sim.open, copy, error=ResultsError))
    assert isinstance(sim.open(copy), Run)


def test_a_study_that_was_not_saved_is_told_so(tmp_path: Path) -> None:
    sim.run(TINY, 1, folder=tmp_path / "there")
    assert "then sim.save" in str(refusal(sim.open, tmp_path / "there", error=ResultsError))


def test_a_name_that_leads_out_of_the_folder_is_none_of_its_files(copy: Path) -> None:
    outside = [write(copy.parent / name, "mine") for name in ("a.yaml", "b.parquet", "c.html")]
    (copy.parent / "elsewhere").mkdir()
    beyond = write(copy.parent / "elsewhere" / "x.parquet", "mine")
    (copy / "posteriors" / "link").symlink_to(copy.parent / "elsewhere")
    names = ["../a.yaml", "posteriors/../../b.parquet", "posteriors/link/x.parquet", str(outside[0])]
    manifest(inputs=names, report=["../c.html"], figures=["../a.yaml"])(copy)
    clear(copy)
    assert all(path.read_text() == "mine" for path in (*outside, beyond))


def test_tables_are_read_when_they_are_asked_for(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    class Refused:
        def __init__(self, *_: object) -> None:
            raise AssertionError("a table was read")

    monkeypatch.setattr(pq, "ParquetFile", Refused)
    run = sim.open(ran)
    with pytest.raises(AssertionError, match="a table was read"):
        _ = run.towns

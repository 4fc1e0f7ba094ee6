"""convoi report and --report: a page of a stored study, in its folder or elsewhere, and what it must not touch."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import sim
from sim.errors import RequestError, ViewError
from sim.results.lock import Lock
from sim.results.run import Run
from sim.results.store import CRATE, Study, read_manifest, sealed
from sim.study.comparison import Comparison
from tests.calls import TINY, convoi
from tests.refusals import refusal
from tests.unit.test_study_break_even import strategy

STRANGE = "is there already and is no report of this study; expected another file, or --force to replace it"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "run"
    convoi("run", TINY, "-n", "2", "--no-figures", "--quiet", "--out", str(folder), code=0)
    return folder


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, object]]:
    """Have pages of a line, the scenario's title, where it counts only where they go; what they are of is listed."""
    seen = []

    def written(outcome: Run | Comparison, path: Path, break_even: object = None) -> None:
        seen.append((outcome, break_even))
        scenario = outcome.scenario if isinstance(outcome, Run) else outcome.alternatives[0].scenario
        path.write_text(scenario.root.title)

    monkeypatch.setattr("sim.view.report.write_report", written)
    return seen


@pytest.fixture
def study(made: Path) -> Path:
    return Path(shutil.copytree(made, "study"))


def test_the_report_is_written_into_the_folder_and_is_the_study_s_own(study: Path) -> None:
    before = read_manifest(study)
    convoi("crate", "study", code=0)
    answer = convoi("report", "study", code=0)
    page = study / "report.html"
    size = page.stat().st_size
    assert answer.stdout == f"Report: study/report.html ({size / 1e6:.1f} MB)\n"
    assert answer.stderr == ""
    assert "Tiny" in page.read_text(encoding="utf-8")
    assert read_manifest(study) == sealed(before | {"report": ["report.html"]})
    assert not (study / CRATE).exists(), "it tells of files that were there before"
    first = page.read_bytes()
    assert sim.report(sim.open("study")) == page
    assert page.read_bytes() == first
    assert "report.html" in convoi("results", "study").stdout
    convoi("crate", "study", code=0)
    graph = json.loads((study / CRATE).read_text())["@graph"]
    told = {entity["@id"]: entity for entity in graph}
    assert told["report.html"]["description"] == "report"
    assert {"@id": "scenario.yaml"} in told["#study"]["object"]
    assert {"@id": "report.html"} in told["#study"]["result"]
    assert '<html lang="en"' in page.read_text(encoding="utf-8")
    french = convoi("report", "study", "--lang", "fr", code=0)
    assert french.stdout.startswith("Rapport\N{NO-BREAK SPACE}: study/report.html (")
    assert '<html lang="fr"' in page.read_text(encoding="utf-8")
    convoi("run", TINY, "-n", "2", "--no-figures", "--quiet", "--out", "study", code=0)
    assert not page.exists(), "it is of the study that was there before"


@pytest.mark.usefixtures("pages")
def test_it_is_written_where_it_is_wanted_and_replaces_nothing_unasked(study: Path) -> None:
    note = (study / "manifest.json").read_bytes()
    answer = convoi("report", "study", "--out", "page.html", code=0)
    assert answer.stdout.startswith("Report: page.html (")
    assert (study / "manifest.json").read_bytes() == note
    Path("page.html").write_text("mine")
    assert convoi("report", "study", "--out", "page.html", code=2).stderr == f"'page.html' {STRANGE}\n"
    assert Path("page.html").read_text() == "mine"
    convoi("report", "study", "--out", "page.html", "--force", code=0)
    assert "Tiny" in Path("page.html").read_text()
    (study / "report.html").write_text("mine")
    for out in ([], ["--out", "study/report.html"], ["--out", f"{study.resolve()}/report.html"]):
        assert STRANGE in convoi("report", "study", *out, code=2).stderr
    assert (study / "report.html").read_text() == "mine"
    convoi("report", "study", "--force", code=0)
    assert read_manifest(study)["report"] == ["report.html"]


def test_an_earlier_report_of_the_study_is_replaced_wherever_it_is_and_one_of_another_study_is_not(study: Path) -> None:
    convoi("report", "study", "--out", "page.html", "--lang", "fr", code=0)
    convoi("report", "study", "--out", "page.html", code=0)
    text = Path("page.html").read_text(encoding="utf-8")
    assert '<html lang="en"' in text
    convoi("run", TINY, "-n", "4", "--no-figures", "--quiet", "--out", "other", code=0)
    assert STRANGE in convoi("report", "other", "--out", "page.html", code=2).stderr
    assert Path("page.html").read_text(encoding="utf-8") == text


@pytest.mark.usefixtures("pages")
def test_each_report_in_the_folder_is_the_study_s_own_by_whichever_name(study: Path) -> None:
    for name in ("report.html", "kept.html", "gone.html", "kept.html"):
        convoi("report", "study", "--out", f"study/{name}", code=0)
    (study / "gone.html").unlink()
    convoi("report", "study", code=0)
    assert read_manifest(study)["report"] == ["kept.html", "report.html"]
    assert "not of this study" not in convoi("results", "study", code=0).stdout
    sim.open("study")
    convoi("run", TINY, "-n", "2", "--no-figures", "--quiet", "--out", "study", code=0)
    assert not (study / "kept.html").exists(), "it is of the study that was there before"


@pytest.mark.parametrize(
    ("out", "told"),
    [
        ("study/measures.parquet", "expected a file that ends in .html"),
        ("nowhere/page.html", "no folder 'nowhere'; expected one that exists"),
        ("there.html", "it is a folder; expected a file"),
    ],
)
def test_a_place_where_no_report_can_be_is_refused(study: Path, out: str, told: str) -> None:
    Path("there.html").mkdir()
    before = {path: path.read_bytes() for path in study.iterdir()}
    assert told in convoi("report", "study", "--out", out, "--force", code=2).stderr
    assert {path: path.read_bytes() for path in study.iterdir()} == before


def test_a_folder_of_no_study_is_bad_input(study: Path) -> None:
    answer = convoi("report", "nowhere", code=2)
    assert answer.stderr == "no folder 'nowhere'; expected the folder of a study (convoi results lists them)\n"
    (study / "towns.parquet").unlink()
    answer = convoi("report", "study", code=2)
    assert "study holds no 'towns.parquet'; expected it, since it is of the study; make it again: convoi" in (
        " ".join(answer.stderr.split())
    )
    assert not (study / "report.html").exists()


@pytest.mark.usefixtures("pages")
def test_a_folder_that_cannot_be_written_to_can_still_be_reported_on(study: Path) -> None:
    study.chmod(0o500)
    try:
        convoi("report", "study", "--out", "page.html", code=0)
    finally:
        study.chmod(0o700)
    assert Path("page.html").is_file()


def test_a_folder_in_which_a_study_is_at_work_gets_none(study: Path) -> None:
    with Lock(study, Study("d", 1, 2).identity, "convoi run other"):
        assert "a study is at work in study (convoi" in convoi("report", "study", code=2).stderr
    assert not (study / "report.html").exists()


@pytest.mark.usefixtures("pages")
def test_a_run_writes_it_at_once_and_again() -> None:
    words = ["run", TINY, "-n", "2", "--no-figures", "--out", "there", "--report"]
    answer = convoi(*words, code=0)
    assert answer.stderr.splitlines()[-1].startswith("Report: there/report.html (")
    assert read_manifest(Path("there"))["report"] == ["report.html"]
    page = Path("there/report.html").read_bytes()
    told = convoi(*words, "--json", code=0)
    assert json.loads(told.stdout)["tankers_lost"]
    assert convoi(*words, "--quiet", code=0).output == ""
    assert Path("there/report.html").is_file()
    assert page


def test_a_comparison_s_report_tells_of_its_break_even(pages: list[tuple[object, object]]) -> None:
    strategy("air").to_yaml("base.yaml")
    for name in ("air", "foreign"):
        own = {**strategy(name).merged["strategy"], "name": name, "label": name}
        Path(f"{name}.yaml").write_text(json.dumps({"strategy": own}))
    line = ["--strategy", "air.yaml", "--strategy", "foreign.yaml", "--break-even", "-n", "2"]
    convoi("compare", "base.yaml", *line, "--out", "c", "--no-figures", "--quiet", "--report", code=0)
    convoi("report", "c", code=0)
    (first, curve), (again, same) = pages
    assert sim.told(first) == sim.told(again)
    assert sim.told(curve) == sim.told(same)
    assert Path("c/report.html").is_file()


def test_a_report_that_fails_loses_neither_study_nor_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Path:
        raise ValueError("no ink")

    monkeypatch.setattr("sim.view.report.write_report", broken)
    answer = convoi("run", TINY, "-n", "1", "--no-figures", "--out", "there", "--report", code=1)
    assert "the report could not be written: ValueError: no ink" in answer.stderr
    assert "Tiny" in answer.stdout
    assert [path.name for path in Path("there").iterdir() if "report" in path.name or "new" in path.name] == []
    assert "report" not in read_manifest(Path("there"))
    sim.open("there")


@pytest.mark.usefixtures("pages")
def test_in_python_a_study_that_is_kept_nowhere_needs_a_file() -> None:
    run = sim.run(TINY, 1)
    assert "no folder holds the finished study" in str(refusal(sim.report, run, error=RequestError))
    assert sim.report(run, "page.html") == Path("page.html")
    assert "is there already" in str(refusal(sim.report, run, "page.html", error=RequestError))
    kept = sim.save(run, "there")
    assert sim.report(kept) == Path("there/report.html") == sim.report("there")
    other = sim.save(sim.run(TINY, 1, seed=2), "there", force=True)
    assert "'there' does not hold" in str(refusal(sim.report, kept, error=RequestError))
    assert sim.report(other, force=True) == Path("there/report.html")
    for given in (3, sim.load(TINY)):
        assert "expected what sim.run or sim.compare returned" in str(refusal(sim.report, given, error=RequestError))
    assert "cannot write the report to 'aaa" in str(refusal(sim.report, run, "a" * 300 + ".html", error=ViewError))

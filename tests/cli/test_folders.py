"""Where a run is kept: no run overwrites another, and nothing but a run's own files is removed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sim.cli.main import main
from sim.errors import ResultsError
from sim.results.folder import StudyFolder, free_folder, name_of
from sim.results.store import MANIFEST, UNFINISHED, Study, begin, clear, held, read_manifest
from sim.results.store import keep as store

TINY = str(Path(__file__).resolve().parents[1] / "data" / "tiny.yaml")
STUDY = Study("d", 1, 20)
RUN = STUDY._asdict()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def convoi(*words: str) -> Result:
    answer = CliRunner().invoke(main, ["run", TINY, "-n", "1", "--workers", "1", *words])
    assert answer.exit_code == 0, answer.output
    return answer


def keep(folder: str, **manifest: object) -> Path:
    path = Path(folder)
    path.mkdir(parents=True)
    (path / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("sets", "name"),
    [
        ([], "tutorial_army"),
        (["fleet.load=46 m3"], "tutorial_army_fleet.load=46_m3"),
        (["willingness.on=no", "crews.killed=5 %"], "tutorial_army_willingness.on=no_crews.killed=5_pct"),
        (["towns.Ségou.share=0.2"], "tutorial_army_towns.Ségou.share=0.2"),
        (["a=../../x/\0y"], "tutorial_army_a=.._.._x_y"),
        (["a=" + "9" * 100], "tutorial_army_a=" + "9" * 58),
    ],
)
def test_the_name_of_a_folder_tells_what_was_laid_on(sets: list[str], name: str) -> None:
    assert name_of("scenarios/tutorial.yaml", ["strategies/army.yaml"], sets) == name


def test_a_long_name_stays_a_file_name() -> None:
    name = name_of("s.yaml", [f"{'é' * 90}.yaml"] * 3)
    assert len(name.encode()) <= 200
    Path(name).mkdir()


@pytest.mark.parametrize("key", ["digest", "seed", "replications", "central"])
def test_another_run_gets_a_folder_of_its_own_and_a_repeat_the_same(key: str) -> None:
    assert free_folder(Path("r"), "a", STUDY) == Path("r/a")
    keep("r/a", **RUN)
    assert free_folder(Path("r"), "a", STUDY) == Path("r/a")
    other = STUDY._replace(**{key: "other"})
    assert free_folder(Path("r"), "a", other) == Path("r/a-2")
    keep("r/a-2", **{**RUN, "digest": "third"})
    assert free_folder(Path("r"), "a", other) == Path("r/a-3")


@pytest.mark.parametrize("text", ["{}", "[]", "not JSON", "", '{"name": "web page"}'])
def test_a_manifest_of_something_else_is_left_alone(text: str) -> None:
    folder = keep("r/a")
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    assert held(folder) is None
    assert free_folder(Path("r"), "a", STUDY) == Path("r/a-2")
    clear(folder)
    assert (folder / MANIFEST).read_text(encoding="utf-8") == text
    with pytest.raises(ResultsError, match=r"not that of a study|no study of Convoi"), StudyFolder(folder, STUDY):
        pass
    assert (folder / MANIFEST).read_text(encoding="utf-8") == text


def test_clearing_removes_what_the_run_wrote_and_nothing_else() -> None:
    figures = ["stock-old.png", "../out.png", "notes.txt", 7, "/abs.png"]
    folder = keep("r/a", **RUN, figures=figures)
    mine = ["notes.txt", "stock-mine.png", "more.parquet", "map.pdf"]
    for name in (*mine, "stock-old.png", "map.png", "funnel.svg", "towns.parquet", "../out.png"):
        (folder / name).write_text("", encoding="utf-8")
    (folder / "flows.png").mkdir()
    clear(folder)
    assert {path.name for path in folder.iterdir()} == {*mine, "flows.png"}
    assert Path("r/out.png").exists()


def test_runs_do_not_overwrite_each_other() -> None:
    told = [line for seed in ("1", "2", "1") for line in convoi("--seed", seed).stdout.splitlines() if "Tables" in line]
    assert told == ["Tables: results/tiny", "Tables: results/tiny-2", "Tables: results/tiny"]
    convoi("--central", "--quiet")
    assert {path.name for path in Path("results").iterdir()} == {"tiny", "tiny-2", "tiny-3"}
    assert read_manifest(Path("results/tiny-2"))["seed"] == 2


def test_a_given_folder_is_rid_of_the_older_run() -> None:
    convoi("--quiet", "--out", "there")
    manifest = read_manifest(Path("there"))
    assert {name.split("-")[0] for name in manifest["figures"]} >= {"flows.png", "stock"}
    manifest["figures"].append("stock-elsewhere.png")
    Path("there", MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    for name in ("stock-elsewhere.png", "mine.png"):
        Path("there", name).write_text("", encoding="utf-8")
    convoi("--quiet", "--out", "there", "--seed", "2", "--force")
    assert Path("there/mine.png").exists()
    assert not Path("there/stock-elsewhere.png").exists()
    assert read_manifest(Path("there"))["seed"] == 2


def test_a_study_killed_before_it_noted_its_figures_leaves_none_behind() -> None:
    store(Path("there"), {"measures": pd.DataFrame({"a": [1.0]})}, RUN)
    for name in ("break-even.png", "flips.svg", "mine.png"):
        Path("there", name).write_text("", encoding="utf-8")
    store(Path("there"), {"measures": pd.DataFrame({"a": [2.0]})}, RUN)
    assert {path.name for path in Path("there").iterdir()} == {"measures.parquet", "mine.png", MANIFEST}


def test_a_study_killed_while_it_wrote_its_tables_leaves_none_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killed(*words: object, **more: object) -> None:
        raise Killed

    some = pd.DataFrame({"a": [1.0]})
    folder = begin(Path("there"), STUDY)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(pd.DataFrame, "to_parquet", killed)
        store(folder, {"failures.csv": some, "mine.csv": some, "measures": some}, RUN)
    assert {path.name for path in folder.iterdir()} == {"failures.csv", "mine.csv", UNFINISHED}
    assert free_folder(Path(), "there", STUDY) == folder, "the same study goes on in it"
    begin(folder, STUDY._replace(seed=2))
    store(folder, {"measures": some}, {**RUN, "seed": 2})
    assert {path.name for path in folder.iterdir()} == {"measures.parquet", MANIFEST}


def test_clearing_takes_the_manifest_last(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = keep("r/a", **RUN, tables=["parameters.parquet", "a.csv"])
    for name in ("parameters.parquet", "a.csv", "measures.parquet"):
        (folder / name).write_text("", encoding="utf-8")
    really, order = Path.unlink, []
    monkeypatch.setattr(Path, "unlink", lambda path: (order.append(path.name), really(path)))
    clear(folder)
    assert len(order) == 4
    assert order[-1] == MANIFEST


@pytest.mark.parametrize("command", ["check", "show", "run"])
def test_notes_go_to_stderr(command: str) -> None:
    words = [command, TINY, "--set", "marks.embargo.at=2026-01-01", *(["-n", "1"] if command == "run" else [])]
    answer = CliRunner().invoke(main, words)
    assert answer.exit_code == 0, answer.output
    assert answer.stderr.startswith(
        "note: --set marks.embargo.at=2026-01-01: marks.embargo.at: 2026-01-01 does not lie"
    )
    assert "note: --set" not in answer.stdout


def test_json_and_csv_exclude_each_other() -> None:
    answer = CliRunner().invoke(main, ["evidence", TINY, "--json", "--csv"])
    assert answer.exit_code == 2
    assert "--json and --csv together; expected one of them" in answer.stderr


def test_a_working_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    answer = CliRunner().invoke(main, ["run", TINY, "-n", "1"])
    assert answer.exit_code == 1
    assert "the working folder is gone" in answer.stderr
    monkeypatch.undo()

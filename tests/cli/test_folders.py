"""Where a run is kept: no run overwrites another, and nothing but a run's own files is removed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from sim.cli.main import main
from sim.errors import ResultsError
from sim.results.folder import StudyFolder, free_folder, in_the_way, name_of
from sim.results.store import MANIFEST, UNFINISHED, Study, begin, clear, note_figures, note_in, read_manifest
from sim.results.store import keep as store
from tests.calls import TINY, convoi

STUDY = Study("d", 1, 20)
DAY = date(2025, 11, 28)
RUN = STUDY._asdict()
ran = partial(convoi, "run", TINY, "-n", "1", "--workers", "1", code=0)


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
        (["a=" + "9" * 100], "tutorial_army_a=" + "9" * 44),
    ],
)
def test_the_name_of_a_folder_tells_what_was_laid_on(sets: list[str], name: str) -> None:
    assert name_of("scenarios/tutorial.yaml", ["strategies/army.yaml"], sets) == name


def test_a_long_name_stays_a_file_name() -> None:
    name = name_of("s.yaml", [f"{'é' * 90}.yaml"] * 3)
    assert len(name.encode()) <= 200
    Path(name).mkdir()


@pytest.mark.parametrize(
    ("alternatives", "name"),
    [
        (["army", "scenarios/strategies/ground+air.yaml"], "a_army,ground+air"),
        (["more.yaml, less.yaml", "most.yml"], "a_more+less,most"),
        (["escorts.pools.army.units", "../x"], "a_escorts.pools.army.units,x"),
        (["b" * 70], "a_" + "b" * 58),
        (["b" * 57, "c"], "a_" + "b" * 57),
    ],
)
def test_the_name_of_a_folder_tells_what_is_compared(alternatives: list[str], name: str) -> None:
    assert name_of("a.yaml", alternatives=alternatives) == name


@pytest.mark.parametrize("key", ["digest", "seed", "replications", "central"])
def test_another_run_gets_a_folder_of_its_own_and_a_repeat_the_same(key: str) -> None:
    first, second, third = (Path(f"r/a_2025-11-28{end}") for end in ("", "-2", "-3"))
    assert free_folder(Path("r"), "a", STUDY, DAY) == first
    keep(str(first), **RUN)
    assert free_folder(Path("r"), "a", STUDY, DAY) == first
    other = STUDY._replace(**{key: "other"})
    assert free_folder(Path("r"), "a", other, DAY) == second
    keep(str(second), **{**RUN, "digest": "third"})
    assert free_folder(Path("r"), "a", other, DAY) == third


@pytest.mark.parametrize("file", [MANIFEST, UNFINISHED])
def test_a_study_goes_on_in_its_folder_on_any_later_day(file: str) -> None:
    folder = keep("r/a_2025-11-27-2", **RUN)
    (folder / MANIFEST).rename(folder / file)
    for name, study in (("a_2025-11-28", {"digest": "other"}), ("ab_2025-11-28", {}), ("a_b_2025-11-27", {})):
        keep(f"r/{name}", **{**RUN, **study})
    Path("r/a_2025-11-26").mkdir()
    assert free_folder(Path("r"), "a", STUDY, DAY) == folder
    assert free_folder(Path("r"), "a", STUDY._replace(seed=2), DAY) == Path("r/a_2025-11-28-2")
    later = keep("r/a_2025-11-28-3", **RUN)
    assert free_folder(Path("r"), "a", STUDY, DAY + timedelta(days=9)) == later, "the last of two"


def test_a_run_past_midnight_repeats_nothing(today: date) -> None:
    ran("--quiet", "--no-figures")
    folder = Path(f"results/run_tiny_{today}")
    yesterday = folder.with_name("run_tiny_2025-01-01")
    folder.rename(yesterday)
    before = (yesterday / "ledger.sqlite").read_bytes()
    assert f"Tables: {yesterday}" in ran("--no-figures").stdout
    assert [*Path("results").iterdir()] == [yesterday]
    assert (yesterday / "ledger.sqlite").read_bytes() == before


@pytest.mark.parametrize("text", ["{}", "[]", "not JSON", "", '{"name": "web page"}'])
def test_a_manifest_of_something_else_is_left_alone(text: str) -> None:
    folder = keep("r/a_2025-11-28")
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    assert note_in(folder) is None
    assert free_folder(Path("r"), "a", STUDY, DAY) == Path("r/a_2025-11-28-2")
    clear(folder)
    assert (folder / MANIFEST).read_text(encoding="utf-8") == text
    with pytest.raises(ResultsError, match=r"not that of a study|no study of Convoi"), StudyFolder(folder, STUDY):
        pass
    assert (folder / MANIFEST).read_text(encoding="utf-8") == text


def test_clearing_removes_what_the_run_wrote_and_nothing_else() -> None:
    figures = ["stock-old.png", "map.png", "funnel.svg", "../out.png", "notes.txt", 7, "/abs.png"]
    folder = keep("r/a", **RUN, figures=figures)
    mine = ["notes.txt", "stock-mine.png", "more.parquet", "map.pdf"]
    for name in (*mine, "stock-old.png", "map.png", "funnel.svg", "towns.parquet", "../out.png"):
        (folder / name).write_text("", encoding="utf-8")
    (folder / "flows.png").mkdir()
    clear(folder)
    assert {path.name for path in folder.iterdir()} == {*mine, "flows.png"}
    assert Path("r/out.png").exists()


def test_runs_do_not_overwrite_each_other(today: date) -> None:
    name = f"run_tiny_{today}"
    answers = [ran("--seed", seed, "--no-figures").stdout for seed in ("1", "2", "1")]
    told = [line for answer in answers for line in answer.splitlines() if "Tables" in line]
    assert told == [f"Tables: results/{name}", f"Tables: results/{name}-2", f"Tables: results/{name}"]
    ran("--central", "--quiet", "--no-figures")
    assert {path.name for path in Path("results").iterdir()} == {name, f"{name}-2", f"{name}-3"}
    assert read_manifest(Path(f"results/{name}-2"))["seed"] == 2


def test_figures_that_are_not_wanted_are_drawn_later_from_what_is_kept(today: date) -> None:
    folder = Path(f"results/run_tiny_{today}")
    told = ran("--no-figures").stdout
    assert "Figures: not drawn; the same command without --no-figures draws them" in told
    assert not [*folder.glob("*.png"), *folder.glob("*.svg")]
    assert read_manifest(folder)["figures"] is None
    kept = (folder / "ledger.sqlite").read_bytes()
    assert f"Figures: {folder}" in ran().stdout
    assert (folder / "ledger.sqlite").read_bytes() == kept, "no replication was done again"
    assert "flows.png" in read_manifest(folder)["figures"]
    ran("--no-figures", "--quiet")
    assert not [*folder.glob("*.png")], "those that are there are of the tables"


@pytest.mark.parametrize("command", ["run", "compare", "sweep", "calibrate", "validate", "sensitivity"])
def test_every_command_that_draws_figures_can_do_without(command: str) -> None:
    declared = main.get_command(None, command)
    assert "--no-figures" in {word for option in declared.params for word in option.opts}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "--only", "3", "-n", "5"), "--only with -n, which is how many from 0 on; expected one of them"),
        (("run", "--only", "3", "-n", "200"), "--only with -n"),
        (("run", "-n", "1", "--force"), "--force without --out"),
        (("sweep", "--vary", "fleet.size=60:90:2", "--confidence", "0.9"), "--confidence without --target"),
        (("calibrate", "--targets", "t.yaml", "--quick", "--sweeps", "9"), "--quick with --particles or --sweeps"),
    ],
)
def test_what_would_be_ignored_is_refused(words: tuple[str, ...], told: str) -> None:
    answer = convoi(words[0], TINY, *words[1:], code=2)
    assert told in answer.stderr
    assert not Path("results").exists()


def test_a_given_folder_is_rid_of_the_older_run() -> None:
    ran("--quiet", "--out", "there")
    manifest = read_manifest(Path("there"))
    assert {name.split("-")[0] for name in manifest["figures"]} >= {"flows.png", "stock"}
    manifest["figures"].append("stock-elsewhere.png")
    Path("there", MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    for name in ("stock-elsewhere.png", "mine.png"):
        Path("there", name).write_text("", encoding="utf-8")
    ran("--quiet", "--out", "there", "--seed", "2", "--force")
    assert Path("there/mine.png").exists()
    assert not Path("there/stock-elsewhere.png").exists()
    assert read_manifest(Path("there"))["seed"] == 2


def test_a_study_killed_while_it_drew_leaves_no_figure_behind() -> None:
    store(Path("there"), {"measures": pd.DataFrame({"a": [1.0]})}, RUN)
    for name in ("break-even.png", "flips.svg", "mine.png"):
        Path("there", name).write_text("", encoding="utf-8")
    note_figures(Path("there"), [Path("break-even.png"), Path("flips.svg")])  # as before the first is drawn
    store(Path("there"), {"measures": pd.DataFrame({"a": [2.0]})}, RUN)
    assert {path.name for path in Path("there").iterdir()} == {"measures.parquet", "mine.png", MANIFEST}


def test_a_study_killed_while_it_wrote_its_tables_leaves_none_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killed(*words: object, **more: object) -> None:
        raise Killed

    table = pd.DataFrame({"a": [1.0]})
    folder = begin(Path("there"), STUDY)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(pd.DataFrame, "to_parquet", killed)
        store(folder, {"failures.csv": table, "mine.csv": table, "measures": table}, RUN)
    assert {path.name for path in folder.iterdir()} == {"failures.csv", "mine.csv", UNFINISHED}
    assert not in_the_way(folder, STUDY), "the same study goes on in it"
    begin(folder, STUDY._replace(seed=2))
    store(folder, {"measures": table}, {**RUN, "seed": 2})
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
    answer = convoi(*words, code=0)
    assert answer.stderr.startswith(
        "note: --set marks.embargo.at=2026-01-01: marks.embargo.at: 2026-01-01 does not lie"
    )
    assert "note: --set" not in answer.stdout


def test_json_and_csv_exclude_each_other() -> None:
    answer = convoi("evidence", TINY, "--json", "--csv", code=2)
    assert "--json and --csv together; expected one of them" in answer.stderr


def test_a_working_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    answer = convoi("run", TINY, "-n", "1", code=1)
    assert "the working folder is gone" in answer.stderr
    monkeypatch.undo()

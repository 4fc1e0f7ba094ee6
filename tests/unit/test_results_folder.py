"""A folder belongs to one study at a time: nothing of others is replaced, followed or removed, and nothing is half."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from inspect import signature
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli.main import COMMANDS, main
from sim.cli.task import Task
from sim.errors import PlanError, ResultsError
from sim.plan.posterior import FILE, read
from sim.results.files import OURS, replaced
from sim.results.folder import StudyFolder, free_folder, in_the_way, ledger_in, name_of
from sim.results.ledger import LEDGER, Ledger, Outcome
from sim.results.lock import LOCK, holder
from sim.results.store import MANIFEST, UNFINISHED, Study, clear, keep, note_figures, read_manifest, read_table
from sim.study.executors import Where
from sim.study.validate import study_of
from sim.view.figures import save_charts
from sim.view.figures.flows import flows
from tests.files import ROOT, TINY

STUDY = Study("d", 1, 20)
OTHER = STUDY._replace(digest="other")
TASK = Task(Where(), None, False, True, False)
DRAWN = ("flows", "map")
SOME = {"measures": pd.DataFrame({"cover": [0.5, 0.25]}), "facts.csv": pd.DataFrame({"fact": [1]})}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def finished(folder: Path, study: Study = STUDY) -> Path:
    """Return a folder with a study that has ended."""
    with StudyFolder(folder, study) as place:
        with Ledger(folder) as ledger:
            ledger.put("w", 0, Outcome({"cover": 0.5}, {}))
        place.keep(SOME, {**study._asdict(), "title": "Tiny\x1b[2J", "made": "today", "command": "convoi run tiny"})
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("name", ["map.png", "measures.parquet", "notes.txt", LEDGER, MANIFEST])
def test_a_folder_with_files_of_somebody_else_is_refused_before_any_work(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sim.study.replicate.complete", lambda *_, **__: pytest.fail("the run began"))
    Path("there").mkdir()
    (Path("there") / name).write_bytes(b"mine")
    with pytest.raises(ResultsError, match=f"cannot write results to there: it holds '{name}' and no study of Convoi"):
        sim.run(sim.load(TINY), 1, folder=Path("there"))
    assert main(["run", str(TINY), "-n", "1", "--out", "there"], standalone_mode=False) == 1
    told = capsys.readouterr().err
    assert f"it holds '{name}'" in told
    assert "another folder with --out" in told
    assert "with --force" in told
    assert files(Path("there")) == {name: b"mine"}


def test_force_replaces_what_has_the_names_of_results_and_follows_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    there = Path("there")
    there.mkdir()
    with sqlite3.connect(there / LEDGER) as base:
        base.execute("CREATE TABLE done (what TEXT)")
    base.close()
    database = (there / LEDGER).read_bytes()
    Path("outside").write_bytes(b"mine")
    for name in ("flows.svg", MANIFEST, UNFINISHED, "towns.parquet"):
        (there / name).symlink_to(Path("../outside"))
    for name in ("map.png", "measures.parquet", "forest.png", "notes.txt"):
        (there / name).write_bytes(b"mine")
    monkeypatch.setattr(
        "sim.view.figures.save_all", lambda run, path, **_: save_charts(dict.fromkeys(DRAWN, flows(run)), path)
    )
    words = ["run", str(TINY), "-n", "1", "--workers", "1", "--quiet", "--out", "there", "--force"]
    assert main(words, standalone_mode=False) is None
    assert Path("outside").read_bytes() == b"mine"
    after = files(there)
    assert after["notes.txt"] == after["forest.png"] == b"mine", "nothing is removed, and a run has no forest"
    assert after["ledger-set-aside.sqlite"] == database
    assert after["map.png"].startswith(b"\x89PNG")
    assert not any(path.is_symlink() for path in there.iterdir())
    assert len(read_table(there, "measures")) == 1
    with StudyFolder(there, Study(sim.load(TINY).digest, 1, 1)):
        pass  # it is this study's now


def test_another_study_is_refused_and_the_same_is_not() -> None:
    folder = finished(Path("there"))
    before = files(folder)
    told = (
        r"there: it holds another study \('Tiny\?\[2J', seed 1, made today by: convoi run tiny\); give another folder"
    )
    for other in (OTHER, STUDY._replace(seed=2), STUDY._replace(central=True)):
        with pytest.raises(ResultsError, match=told), StudyFolder(folder, other):
            pass
    assert files(folder) == before
    for same in (STUDY, STUDY._replace(replications=4), STUDY._replace(replications="auto")):
        with StudyFolder(folder, same):
            pass
    with StudyFolder(folder, OTHER, force=True) as place:
        assert {*before} < {*files(folder)}, "the first stands until the second has come to its end"
        place.keep({"measures": SOME["measures"]}, OTHER._asdict())
    assert {*files(folder)} == {LEDGER, MANIFEST, "measures.parquet"}


def test_what_only_adds_to_the_ledger_goes_beside_any_study_of_ours() -> None:
    folder = finished(Path("there"))
    before = files(folder)
    with ledger_in(folder, None) as ledger:
        assert ledger.done("w") == {0}
    assert files(folder) == before
    Path("mine").mkdir()
    Path("mine/a").touch()
    with pytest.raises(ResultsError, match="no study of Convoi"), ledger_in(Path("mine"), None):
        pass


@pytest.mark.parametrize("name", ["...yaml", "..", ".", "a/...yaml", ".yaml"])
def test_no_name_of_a_scenario_leads_out_of_the_folder_of_results(name: str) -> None:
    assert free_folder(Path("results"), name_of(name), STUDY).resolve().parent == Path("results").resolve()
    assert not name_of(name).startswith(".")


@pytest.mark.parametrize("command", ["run", "compare", "sweep", "calibrate", "validate", "sensitivity"])
def test_every_command_that_keeps_results_can_be_forced(command: str) -> None:
    assert command in COMMANDS
    click_command = main.get_command(None, command)
    assert {"--out", "--force"} <= {word for option in click_command.params for word in option.opts}


@pytest.mark.parametrize("verb", ["run", "compare", "sweep", "break_even", "calibrate", "validate", "sensitivity"])
def test_every_verb_that_keeps_results_can_be_forced(verb: str) -> None:
    assert {"folder", "force"} <= signature(getattr(sim, verb)).parameters.keys()


def test_a_validation_with_more_replications_is_the_same_study() -> None:
    scenario = sim.load(ROOT / "scenarios" / "tutorial.yaml")
    targets = sim.load_targets(ROOT / "scenarios" / "targets" / "tutorial.yaml")
    few, many, other = (
        study_of(scenario, targets, n, seed, "customs", None) for n, seed in ((20, 1), (400, 1), (20, 2))
    )
    assert few.identity == many.identity != other.identity


def test_a_study_that_is_refused_leaves_nothing_behind() -> None:
    with pytest.raises(ZeroDivisionError), StudyFolder(Path("a/b"), STUDY):
        raise ZeroDivisionError
    assert [*Path().iterdir()] == []
    with pytest.raises(ZeroDivisionError), ledger_in(Path("a/b"), STUDY):
        raise ZeroDivisionError
    assert {*files(Path("a/b"))} == {LEDGER, UNFINISHED}


# One at a time.


@contextmanager
def at_work(folder: str, study: Study) -> Iterator[subprocess.Popen[str]]:
    """Have another process hold a folder."""
    code = f"""
import sys
from pathlib import Path
from sim.results.folder import StudyFolder
from sim.results.store import Study
with StudyFolder(Path({folder!r}), {study!r}, command="convoi run other.yaml"):
    print("held", flush=True)
    sys.stdin.read()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_folder_that_another_process_holds_is_refused_until_that_is_dead(today: date) -> None:
    name = f"results/a_{today}"
    with at_work(name, STUDY) as process:
        told = (
            rf"process {process.pid} on \S+ since 20\S+: convoi run other.yaml\); wait until it ends, or give another"
        )
        for study, force in ((STUDY, False), (STUDY, True), (OTHER, True), (None, True)):
            with pytest.raises(ResultsError, match=told), StudyFolder(Path(name), study, force=force):
                pass
        with pytest.raises(ResultsError, match=told), TASK.folder(STUDY, "a"):
            pass
        with TASK.folder(OTHER, "a") as place:
            assert place.path == Path(f"{name}-2"), "another study goes on to the next name"
        with TASK.folder(STUDY._replace(replications=4), "a") as place:
            assert place.path == Path(f"{name}-3"), "as it would if the first had ended"
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (Path(name) / LOCK).exists()
        with StudyFolder(Path(name), STUDY):
            assert holder(Path(name))["pid"] == os.getpid()
    assert [path.name for path in Path(name).iterdir()] == [UNFINISHED]


def test_a_study_that_was_faster_is_given_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both saw the name free before either had taken it."""
    offers = iter([Path("results/a"), Path("results/a-2")])
    monkeypatch.setattr("sim.results.folder.free_folder", lambda *_: next(offers))
    with StudyFolder(Path("results/a"), OTHER), TASK.folder(STUDY, "a") as place:
        assert place.path == Path("results/a-2")


def test_a_folder_is_taken_again_by_the_same_study_of_the_same_process() -> None:
    folder = Path("there")
    with StudyFolder(folder, STUDY):
        Path("link").symlink_to(folder)
        with ledger_in(Path("link"), STUDY._replace(replications=3)), ledger_in(folder, None):
            pass
        assert holder(folder) is not None
        assert json.loads((folder / UNFINISHED).read_text())["replications"] == 20
        with pytest.raises(ResultsError, match=f"process {os.getpid()} "), StudyFolder(folder, OTHER, force=True):
            pass
        assert holder(folder) is not None
    assert holder(folder) is None
    assert not (folder / LOCK).exists()


def test_a_child_that_was_forked_does_not_hold_what_its_parent_holds() -> None:
    folder = Path("there")
    with StudyFolder(folder, STUDY):
        child = os.fork()
        if not child:
            try:
                with StudyFolder(folder, STUDY):
                    os._exit(1)
            except ResultsError:
                os._exit(0)
        assert os.waitpid(child, 0)[1] == 0


def test_a_link_in_place_of_the_lock_is_not_followed() -> None:
    Path("mine").write_bytes(b"mine")
    folder = finished(Path("there"))
    (folder / LOCK).symlink_to(Path("../mine"))
    with pytest.raises(ResultsError, match="cannot write results to there"), StudyFolder(folder, STUDY):
        pass
    assert Path("mine").read_bytes() == b"mine"


# Whole, or as none.


@pytest.mark.parametrize("text", ["", "\0" * 40, '{"digest": "d", "se', '{"digest": "d"'])
@pytest.mark.parametrize("file", [MANIFEST, UNFINISHED])
def test_a_note_that_a_power_cut_left_empty_is_as_none(file: str, text: str) -> None:
    folder = finished(Path("results/a_2025-11-27"))
    (folder / file).write_text(text, encoding="utf-8")
    assert free_folder(Path("results"), "a", STUDY) == folder
    with StudyFolder(folder, STUDY) as place:
        with Ledger(folder) as ledger:
            assert ledger.done("w") == {0}, "what was done goes on"
        place.keep(SOME, STUDY._asdict())
    assert read_manifest(folder)["digest"] == "d"
    (folder / LEDGER).unlink()
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    assert (
        in_the_way(folder, STUDY) == "it holds 'facts.csv', 'manifest.json', 'measures.parquet' and no study of Convoi"
    )


def test_a_file_is_on_disk_before_it_has_its_name_and_its_name_before_the_next_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps: list[str] = []
    really = os.fsync, Path.replace

    def fsync(file: int) -> None:
        name = Path(os.readlink(f"/proc/self/fd/{file}")).name
        steps.append("file" if name.startswith(OURS) else name)
        really[0](file)

    def replace(path: Path, target: Path) -> Path:
        steps.append(f"{'new' if path.name.startswith(OURS) else path.name} > {target.name}")
        return really[1](path, target)

    Path("there").mkdir()
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    keep(Path("there"), {"measures": SOME["measures"]}, STUDY._asdict())
    note = ["there", "file", f"new > {UNFINISHED}", "there"]
    table = ["file", "new > measures.parquet"]
    assert steps == [*note, *table, *note, f"{UNFINISHED} > {MANIFEST}", "there"]


def test_what_fails_leaves_the_old_file_and_what_was_killed_is_swept_out() -> None:
    Path("a.csv").write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), replaced(Path("a.csv")) as new:
        new.write_text("half", encoding="utf-8")
        raise ZeroDivisionError
    assert files(Path()) == {"a.csv": b"old"}
    folder = finished(Path("there"))
    (folder / f"{OURS}new-1-2.png").write_bytes(b"half")
    with StudyFolder(folder, STUDY):
        pass
    assert not [name for name in files(folder) if name.startswith(OURS)]


# Sealed.


def test_a_manifest_seals_the_tables_that_it_names() -> None:
    folder = finished(Path("there"))
    note_figures(folder, [])
    manifest = read_manifest(folder)
    assert [*manifest["sha256"]] == manifest["tables"] == ["measures.parquet", "facts.csv"]
    pd.testing.assert_frame_equal(read_table(folder, "measures"), SOME["measures"])
    pd.DataFrame({"cover": [0.5, 0.75]}).to_parquet(folder / "measures.parquet")
    with pytest.raises(ResultsError, match=r"measures.parquet' was altered after its study was finished"):
        read_table(folder, "measures")


def test_a_posterior_that_was_altered_is_not_laid_on_a_plan() -> None:
    there = ROOT / "scenarios" / "posteriors" / "tutorial" / FILE
    keep(Path("fit"), {"posterior": lambda path: path.write_bytes(there.read_bytes()) and None}, STUDY._asdict())
    assert repr(read(Path("fit") / FILE)) == repr(read(there))
    data = np.frombuffer(there.read_bytes(), np.uint8).copy()
    data[len(data) // 2] ^= 1
    (Path("fit") / FILE).write_bytes(data.tobytes())
    with pytest.raises(PlanError, match="was altered after its study was finished"):
        read(Path("fit") / FILE)


def test_figures_are_noted_before_they_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.view.figures.save_all", kill)
    words = ["run", str(TINY), "-n", "1", "--workers", "1", "--quiet", "--out", "there"]
    assert main(words, standalone_mode=False)
    noted = read_manifest(Path("there"))["figures"]
    assert {"map.png", "flows.svg", "stock-capital.png"} <= {*noted}
    (Path("there") / "map.png").write_bytes(b"half")
    clear(Path("there"))
    assert not (Path("there") / "map.png").exists()

"""convoi results: what is kept, whatever else lies there, and nothing of it touched."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from sim.results.folder import StudyFolder, ledger_in
from sim.results.ledger import LEDGER, Ledger, Outcome
from sim.results.listing import kept, listing
from sim.results.store import MANIFEST, UNFINISHED, Study
from sim.view.study_folders import room
from tests import calls
from tests.calls import TINY

STUDY = Study("d", 1, 20)
COMMAND = "convoi compare tiny.yaml --strategy army --strategy none -n 20"
MADE = {"title": "Tiny\x1b[2J", "command": COMMAND, "made": "2025-11-28T10:00:00+00:00", "figures": ["map.png"]}
convoi = partial(calls.convoi, "results")


def finished(folder: str) -> Path:
    path = Path(folder)
    with StudyFolder(path, STUDY, command=COMMAND) as place:
        with Ledger(path) as ledger:
            ledger.put("w", 0, Outcome({"cover": 0.5}, {}))
        place.keep({}, {**STUDY._asdict(), **MADE})
    (path / "map.png").write_bytes(b"x" * 2000)
    return path


def interrupted(folder: str) -> Path:
    path = Path(folder)
    with pytest.raises(KeyboardInterrupt), ledger_in(path, STUDY, command=COMMAND) as ledger:
        for work, count in (("army", 5), ("none", 4)):
            for replication in range(count):
                ledger.put(work, replication, Outcome({"cover": 0.5}, {}))
        raise KeyboardInterrupt
    return path


def everything() -> Iterator[tuple[Path, bytes]]:
    return ((path, path.read_bytes()) for path in sorted(Path().rglob("*")) if path.is_file())


def test_without_results_there_is_nothing_to_list() -> None:
    answer = convoi()
    assert (answer.exit_code, answer.stdout) == (0, "no studies yet: there is no folder 'results' here\n")
    assert convoi("--json").stdout == "[]\n"
    answer = convoi("nowhere")
    assert (answer.exit_code, answer.stderr) == (2, "no folder 'nowhere'; expected a folder of results\n")


def test_studies_are_listed_with_what_they_are_and_how_far_they_came() -> None:
    finished("results/done")
    interrupted("results/half")
    before = [*everything()]
    lines = convoi().stdout.splitlines()
    assert lines[:3] == [
        "done",
        f"    Tiny?[2J, n = 20, seed 1, finished 28 Nov 2025 10:00, {room(kept(Path('results/done')).size)}",
        f"    {COMMAND}",
    ]
    assert lines[3] == "half"
    assert "n = 20, seed 1, interrupted, begun" in lines[4]
    assert "with 9 of 40 replications done" in " ".join(lines[4:6])
    assert lines[-1].startswith("results: 2 studies, 1 of them interrupted, ")
    assert [*everything()] == before


def test_a_run_is_listed_with_the_command_that_goes_on_with_it() -> None:
    calls.convoi("run", TINY, "-n", "2", "--no-figures", "--quiet", "--out", "there", code=0)
    study = json.loads(convoi("there", "--json").stdout)
    assert (study["state"], study["title"], study["seed"], study["replications"]) == ("finished", "Tiny", 1, 2)
    assert study["bytes"] == sum(study["files"].values()) > 10_000
    assert set(study["files"]) == {path.name for path in Path("there").iterdir()}


def test_one_study_is_told_file_by_file() -> None:
    folder = finished("results/done")
    (folder / "mine.txt").write_text("mine")
    rows = {line.split()[0]: line for line in convoi(str(folder)).stdout.splitlines()[3:] if line.strip()}
    assert "figure" in rows["map.png"] and "2.0 kB" in rows["map.png"]
    assert "not of this study" in rows["mine.txt"]
    assert "replications as they came" in rows[LEDGER]
    assert "how the study was made" in rows[MANIFEST]


def test_a_study_at_work_is_said_to_be() -> None:
    with StudyFolder(Path("results/a"), STUDY, command=COMMAND), Ledger(Path("results/a")) as ledger:
        ledger.put("army", 0, Outcome({"cover": 0.5}, {}))
        ledger.flush()
        (study,) = listing(Path("results"))
        assert (study.state, study.command, study.done, study.total) == ("at work", COMMAND, 1, 20)
        assert "at work, begun" in convoi().stdout


def test_what_is_no_study_is_listed_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, files in {
        "other": {"notes.txt": "mine"},
        "page": {MANIFEST: '{"name": "web page"}'},
        "cut": {MANIFEST: "", "measures.parquet": "?"},
        "bad": {UNFINISHED: "[[[", LEDGER: "no database"},
        "odd": {MANIFEST: json.dumps({**STUDY._asdict(), "made": 7, "command": ["x"], "figures": 3, "title": None})},
        "empty": {},
    }.items():
        (Path("results") / name).mkdir(parents=True)
        for file, text in files.items():
            (Path("results") / name / file).write_text(text)
    Path("results/stray.txt").write_text("mine")
    answer = convoi(code=0)
    lines = answer.stdout.splitlines()
    told = dict(zip(lines[:-1:2], lines[1:-1:2], strict=True))
    assert told["other"] == "    no study: it holds 'notes.txt' and no study of Convoi"
    assert told["page"] == "    no study: its manifest.json is not that of a study"
    assert "no study of Convoi" in told["cut"]
    assert "no study of Convoi" in told["bad"]
    assert told["odd"].startswith("    None, n = 20, seed 1, finished, ")
    assert told["empty"] == "    no study: it is empty"
    assert lines[-1].startswith("results: 1 study, 5 other folders, 1 other file, ")
    assert {entry["state"] for entry in json.loads(convoi("--json").stdout)} == {"finished", "other"}
    for name in ("cut", "bad", "odd"):
        assert convoi(f"results/{name}").exit_code == 0


def test_a_folder_without_its_manifest_is_no_study_that_was_interrupted() -> None:
    (finished("results/done") / MANIFEST).unlink()
    missing = "no study: its manifest.json is missing; the same command makes it again"
    assert convoi().stdout.splitlines()[1] == f"    {missing}"
    assert missing in " ".join(convoi("results/done").stdout.split())


def test_a_damaged_ledger_hides_no_study() -> None:
    folder = interrupted("results/half")
    data = bytearray((folder / LEDGER).read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    (folder / LEDGER).write_bytes(data)
    (study,) = listing(Path("results"))
    assert (study.state, study.done) == ("interrupted", None)
    assert "interrupted, begun" in convoi().stdout


def test_five_hundred_studies_are_listed_at_once() -> None:
    for number in range(500):
        folder = Path(f"results/run_{number}")
        folder.mkdir(parents=True)
        (folder / MANIFEST).write_text(json.dumps({**STUDY._asdict(), **MADE}))
        for name in range(10):
            (folder / f"{name}.parquet").touch()
    began = time.process_time()
    assert convoi().stdout.splitlines()[-1].startswith("results: 500 studies, ")
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    ("size", "written"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (99_960, "100 kB"), (12_345_678, "12.3 MB")],
)
def test_sizes_are_written_as_people_read_them(size: int, written: str) -> None:
    assert room(size) == written

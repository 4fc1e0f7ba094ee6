"""convoi events: the log on a terminal, through a pipe, and as a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

import sim
from tests import calls
from tests.calls import TINY
from tests.files import ROOT

convoi = partial(calls.convoi, "events")


def test_the_log_of_a_replication_is_printed() -> None:
    answer = convoi(TINY, "--replication", "3", "--seed", "2")
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout == sim.told(sim.events(sim.load(TINY), 3, seed=2)) + "\n"
    assert answer.stdout.startswith("Tiny: replication 3 of seed 2, 1 January 2025 – 31 January 2025\n")
    assert not Path("results").exists()


def test_settings_and_choices_reach_it() -> None:
    words = ("--set", "fleet.size=60", "--central", "--what", "convoys, attacks", "--from", "2025-01-20")
    answer = convoi(TINY, *words, "--to", "2025-01-22", "--town", "North", "--json")
    lines = json.loads(answer.stdout)
    assert {line["date"][:10] for line in lines} <= {"2025-01-20", "2025-01-21", "2025-01-22"}
    assert {line["what"] for line in lines} <= {"convoys", "attacks"}
    assert lines and all("North" in line["places"] for line in lines)


def test_every_event_goes_into_a_file() -> None:
    answer = convoi(TINY, "--parquet", "e.parquet", "--csv", "e.csv", code=0)
    table = pd.read_parquet("e.parquet")
    assert answer.stdout == f"{len(table):,} events: e.parquet, e.csv\n"
    pd.testing.assert_frame_equal(table, sim.events(sim.load(TINY)).table, check_dtype=False)
    assert len(pd.read_csv("e.csv")) == len(table)
    again = convoi(TINY, "--csv", "e.csv")
    assert (again.exit_code, again.stderr) == (
        1,
        "'e.csv' is there already; give another name, or replace it with --force\n",
    )
    assert convoi(TINY, "--csv", "e.csv", "--force", "--quiet").stdout == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--what", "convoy"), "no events of kind 'convoy'"),
        (("--town", "Atlantis"), "no town 'Atlantis'"),
        (("--from", "2026-01-01"), "'2026-01-01' is outside the run; expected a day from 2025-01-01 to 2025-01-31"),
        (("--from", "January"), "given 'January'"),
        (("--from", "day 99"), "'day 99' is outside the run"),
        (("--replication", "-1"), "Invalid value for '--replication'"),
        (("--parquet", "e.parquet", "--what", "crews"), "--what with --parquet or --csv, which hold every event"),
        (("--force",), "--force without --parquet or --csv"),
    ],
)
def test_what_cannot_be_told_is_refused(words: tuple[str, ...], told: str) -> None:
    answer = convoi(TINY, *words, code=2)
    assert told in answer.stderr
    assert not [*Path().iterdir()]


def test_a_folder_that_is_not_there_is_told() -> None:
    for option in ("--csv", "--parquet"):
        answer = convoi(TINY, option, "nowhere/e", code=2)
        assert f"Invalid value for '{option}': no folder 'nowhere'; expected a file in one" in answer.stderr


def test_a_file_that_cannot_be_written_is_told_by_the_name_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, *args: object, **options: object) -> int:
        raise OSError(28, "No space left on device", str(path))

    def unopened(frame: pd.DataFrame, path: Path, **options: object) -> None:
        raise OSError(f"Failed to open local file '{path}'")

    monkeypatch.setattr(Path, "write_text", full)
    monkeypatch.setattr(pd.DataFrame, "to_parquet", unopened)
    other = convoi(TINY, "--parquet", "e.parquet")
    assert (other.exit_code, other.stderr) == (1, "cannot go on: it cannot be written: 'e.parquet'\n")
    answer = convoi(TINY, "--csv", "e.csv")
    assert (answer.exit_code, answer.stderr) == (1, "cannot go on: No space left on device: 'e.csv'\n")


def test_a_reader_that_has_read_enough_is_no_error() -> None:
    code = "from sim.cli.main import main; main(prog_name='convoi')"
    words = [sys.executable, "-c", code, "events", TINY, "--what", "all"]
    process = subprocess.Popen(
        words,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith("Tiny: replication 0")
    process.stdout.close()
    assert (process.wait(60), process.stderr.read()) == (0, "")
    process.stderr.close()

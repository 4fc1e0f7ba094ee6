"""convoi check, show, evidence and schema."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

import sim
from sim.cli import main as cli
from sim.cli.main import COMMANDS, Commands
from sim.errors import ConvoiError, EvidenceError, ModelError, ScenarioError
from sim.scenario.load import load
from tests.calls import TINY, convoi
from tests.files import write


@pytest.fixture
def bad(tmp_path: Path) -> str:
    path = tmp_path / "bad.yaml"
    text = Path(TINY).read_text(encoding="utf-8")
    path.write_text(text.replace("hub: Capital", "hub: Capitol").replace("30 days", "30 km"), encoding="utf-8")
    return str(path)


def test_help_lists_every_command() -> None:
    answer = convoi("--help", code=0)
    assert all(f"  {name} " in answer.output for name in COMMANDS)


def test_help_imports_no_command_and_nothing_heavy() -> None:
    heavy = {
        "pydantic",
        "pint",
        "ruamel",
        "numpy",
        "pandas",
        "matplotlib",
        "rich",
        "scipy",
        "pyarrow",
        "numba",
        "simpy",
    }
    code = (
        "import sys\n"
        "from sim.cli.main import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "print('loaded:', sorted({name.split('.')[0] for name in sys.modules} | set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(TINY).parents[2]
    )
    loaded = answer.stdout.rsplit("loaded:", 1)[1]
    assert not [name for name in heavy if f"'{name}'" in loaded]
    assert "'sim.cli.scenario'" not in loaded


def test_a_misspelt_command_is_answered_with_the_nearest() -> None:
    answer = convoi("chek", code=2)
    assert "no command 'chek'; did you mean 'check'?" in answer.output


def test_version_is_told() -> None:
    answer = convoi("--version", code=0)
    assert answer.output == f"convoi {sim.__version__}\n"


def test_check_counts_what_a_fine_file_holds() -> None:
    answer = convoi("check", TINY)
    numbers = sum(1 for _ in load(TINY).numbers())
    assert answer.exit_code == 0
    assert f"fine (2 towns, 3 corridors, {numbers} numbers, 2025-01-01 to 2025-02-01)" in answer.output


def test_check_lists_all_problems_of_all_files(bad: str, tmp_path: Path) -> None:
    answer = convoi("check", TINY, bad, str(tmp_path / "absent.yaml"), code=2)
    assert "tiny.yaml: fine" in answer.stdout
    assert "hub: unknown town; given 'Capitol'" in answer.stderr
    assert "crews.freed: 'km' is not a unit of a time" in answer.stderr
    assert "bad.yaml: 2 problems" in answer.stderr
    assert "absent.yaml: no such file" in answer.stderr


def test_check_as_json(bad: str) -> None:
    answer = convoi("check", "--json", TINY, bad, code=2)
    fine, faulty = json.loads(answer.stdout)
    assert (fine["fine"], fine["towns"]) == (True, 2)
    assert [problem["path"] for problem in faulty["problems"]] == ["hub", "crews.freed"]
    assert all(problem["line"] > 0 and problem["column"] > 0 for problem in faulty["problems"])


def test_overlays_and_settings_are_laid_on(tmp_path: Path) -> None:
    overlay = write(tmp_path / "o.yaml", "fleet: {size: 77}\n")
    rows = json.loads(
        convoi("evidence", TINY, "--overlay", str(overlay), "--set", "crews.freed=9 days", "--json").stdout
    )
    values = {row["path"]: row["value"] for row in rows}
    assert (values["fleet.size"], values["crews.freed"]) == ("77", "9 days")


@pytest.mark.parametrize("command", ["show", "evidence", "check"])
def test_bad_input_ends_with_code_2_and_no_traceback(command: str, bad: str) -> None:
    for words in (
        [bad],
        ["/nowhere.yaml"],
        [TINY, "--set", "x"],
        [TINY, "--overlay", "/nowhere.yaml"],
        [TINY, "--ovrlay", "x"],
        [],
    ):
        answer = convoi(command, *words, code=2)
        assert isinstance(answer.exception, SystemExit)
        assert answer.stderr
        assert "Traceback" not in answer.output


def test_evidence_fits_into_100_columns() -> None:
    for words in ([], ["--why"]):
        answer = convoi("evidence", TINY, *words, code=0)
        assert max(map(len, answer.output.split("\n"))) <= 100
    assert "Fuel that a tanker carries" in answer.output


def test_evidence_shows_range_source_and_shares() -> None:
    lines = convoi("evidence", TINY).output.split("\n")
    (row,) = [line for line in lines if line.startswith("fleet.load ")]
    assert row.split()[1:9] == ["45", "m3", "44", "to", "48", "m3", "triangular", "TRK-01"]
    closing = lines[-2]
    rows = json.loads(convoi("evidence", TINY, "--json").stdout)
    none = sum(row["grade"] == "none" for row in rows)
    assert closing.startswith(f"{len(rows)} numbers: ")
    assert f"none {none / len(rows):.0%} ({none})" in closing


def test_evidence_as_csv_holds_the_same_rows() -> None:
    rows = list(csv.DictReader(io.StringIO(convoi("evidence", TINY, "--csv").stdout)))
    assert [row["path"] for row in rows] == [
        row["path"] for row in json.loads(convoi("evidence", TINY, "--json").stdout)
    ]


def test_show_prints_a_scenario_file_and_the_chances(tmp_path: Path) -> None:
    answer = convoi("show", TINY, "--set", "fleet.size=9", code=0)
    rows = [line.split() for line in answer.output.split("# corridor")[1].split("\n")[2:] if line]
    assert [(row[1], row[2]) for row in rows] == [
        ("Coast", "2025-01-01"),
        ("Coast", "2025-01-11"),
        ("Savanna", "2025-01-01"),
    ]
    assert rows[2][3:] == ["0.3%", "2.1%", "4.5%", "0.2%", "1.7%", "3.6%", "0.0%"]
    path = write(tmp_path / "shown.yaml", answer.output)
    assert load(path).digest == load(TINY, sets=["fleet.size=9"]).digest
    origins = convoi("show", TINY, "--set", "fleet.size=9", "--origins").output
    assert any(line.startswith("  size:") and line.endswith("# --set fleet.size=9") for line in origins.split("\n"))


def test_schema_is_json_schema() -> None:
    for words in ([], ["--partial"]):
        schema = json.loads(convoi("schema", *words).stdout)
        assert schema["$schema"].startswith("https://json-schema.org/")
        assert "extends" in schema["properties"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ScenarioError("bad scenario"), 2),
        (EvidenceError("bad evidence"), 2),
        (ModelError("run failed"), 1),
        (ConvoiError("failed"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_errors_become_exit_codes_in_one_place(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(Commands, "get_command", lambda self, ctx, name: click.Command("check", callback=fail))
    answer = convoi("check")
    assert answer.exit_code == code
    assert answer.stderr.strip() == (
        str(error) or "interrupted; what is done is kept, the same command goes on from there"
    )
    assert cli.INTERRUPTED == 130


TELLING = ("at", "calibrate", "check", "compare", "events", "run", "sensitivity", "show", "sweep", "validate")


@pytest.mark.parametrize("command", TELLING)
def test_every_command_that_runs_a_scenario_tells_the_same_notes(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They come from one place and before anything runs: here they end the command."""

    def ended(*_: object) -> list[str]:
        raise ConvoiError("notes are told")

    monkeypatch.setattr("sim.study.notes.notes", ended)
    scenarios = Path(TINY).parents[2] / "scenarios"
    more = {
        "at": ["day 5"],
        "sweep": ["--vary", "escorts.pools.army.units=1:2"],
        "compare": ["--strategy", "army", "--strategy", "none"],
        **{key: ["--targets", str(scenarios / "targets" / "tutorial.yaml")] for key in ("calibrate", "validate")},
    }
    answer = convoi(command, str(scenarios / "tutorial.yaml"), *more.get(command, []))
    assert (answer.exit_code, answer.stderr.strip()) == (1, "notes are told")

"""convoi scenarios, new and init; names and --strategy on the command line; all of it from an installed package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.scenario.load import load
from tests.calls import convoi
from tests.files import ROOT, installed, of_a_day

pytestmark = pytest.mark.usefixtures("here")


def test_names_and_a_strategy_do_wherever_layers_are_taken() -> None:
    words = ("tutorial", "--strategy", "none", "--overlay", "posteriors/tutorial")
    assert convoi("check", *words).stdout.startswith("tutorial: fine")
    assert "name: none" in convoi("show", *words).output
    assert convoi("evidence", *words, "--json").exit_code == 0
    for command in ("run", "show", "check", "evidence", "validate", "calibrate"):
        assert "--strategy NAME" in convoi(command, "--help").output
    twice = convoi("run", "tutorial", "--strategy", "none", "--strategy", "army")
    assert (twice.exit_code, "2 strategies; expected one" in twice.stderr) == (2, True)
    wrong = convoi("run", "tutorial", "--strategy", "armi")
    assert (wrong.exit_code, wrong.stderr.startswith("no strategy 'armi'; the nearest is 'army'")) == (2, True)


def test_a_run_by_name_equals_one_by_path_and_goes_to_a_folder_of_its_name(here: Path) -> None:
    shipped, also = ROOT / "scenarios", ("-n", "1", "--json", "--no-figures")
    by_name = convoi("run", "tutorial", "--strategy", "none", *also)
    by_path = convoi("run", f"{shipped}/tutorial.yaml", "--overlay", f"{shipped}/strategies/none.yaml", *also)
    assert by_name.stdout == by_path.stdout
    assert [*(here / "results").iterdir()] == [of_a_day("run_tutorial_none", here / "results")]


def test_compare_and_sweep_take_names() -> None:
    words = ("compare", "tutorial", "--strategy", "none", "--overlay", "strategies/army", "-n", "1", "--json")
    lines = convoi(*words, "--no-figures")
    assert set(json.loads(lines.stdout)["summary"]) == {"none", "as it is", "army"}
    swept = convoi("sweep", "tutorial", "--vary", "fleet.size=100:120:2", "--common", "posteriors/tutoril", "-n", "1")
    assert (swept.exit_code, "the nearest is 'tutorial'" in swept.stderr) == (2, True)


def test_a_working_folder_that_cannot_be_written_is_told(here: Path) -> None:
    (here / "results").write_text("a file", encoding="utf-8")
    answer = convoi("run", "tutorial", "-n", "1", code=1)
    assert "cannot write results to results" in answer.stderr


def test_the_list_has_all_kinds_in_a_line_each(here: Path) -> None:
    (here / "mine.yaml").write_text("extends: tutorial\ntitle: My own\n", encoding="utf-8")
    lines = convoi("scenarios").output.splitlines()
    assert lines[0] == "Scenarios: convoi run NAME"
    assert "  mine                    My own" in lines
    assert any(line.startswith("  customs-24h  ") for line in lines)
    assert max(map(len, lines)) <= 100
    assert "mine.yaml" in convoi("scenarios", "--where").output
    rows = json.loads(convoi("scenarios", "--json").output)
    assert rows[2] == {
        "name": "mine",
        "kind": "scenario",
        "home": "",
        "told": "My own",
        "path": str(here / "mine.yaml"),
    }
    assert {row["kind"] for row in rows} == {"scenario", "overlay", "targets"}


def test_names_are_completed(here: Path) -> None:
    environment = {"_CONVOI_COMPLETE": "bash_complete", "COMP_WORDS": "convoi run tuto", "COMP_CWORD": "2"}
    answer = convoi(prog_name="convoi", env=environment)
    assert answer.output.splitlines() == ["plain,tutorial"]


COUNTRIES = {
    "default": (),
    "two ways in": ("--towns", "A, B,C's: town", "--ports", "P,Q", "--need", "3", "--attacks", "5", "--escorts", "9"),
    "alone": ("--towns", "X", "--escorts", "0", "--attacks", "0", "--need", "0.02", "--start", "2027-05-01"),
    "names that YAML reads otherwise": ("--towns", "no,1.5,yes", "--ports", "null,2030-01-01", "--attacks", "5"),
}


@pytest.mark.parametrize("words", COUNTRIES.values(), ids=COUNTRIES)
def test_a_new_country_checks_without_notes_and_runs_with_sensible_numbers(words: tuple[str, ...]) -> None:
    from sim.study.replicate import run

    made = convoi("new", "mine", *words)
    if "1.5" in " ".join(words):
        assert (made.exit_code, "not a name: '1.5'" in made.stderr) == (2, True)
        made = convoi("new", "mine", *(word.replace("1.5", "~") for word in words))
    assert made.exit_code == 0, made.output
    check = convoi("check", "mine")
    assert (check.exit_code, check.stderr) == (0, ""), check.stderr
    done = run("mine", 2, workers=1)
    root = done.scenario.root
    peace = done.flows[done.flows["day"] < 14]
    imported = peace[peace["corridor"].isin([name for name, route in root.corridors.items() if route.kind == "import"])]
    assert imported["arrived"].sum() > 0
    assert done.measures["days_half_closed"].lt(10).all()
    assert done.measures[[f"need_met.{town}" for town in root.towns]].gt(0.9).all(axis=None)
    assert done.measures["tankers_lost"].gt(0).all() == ("--attacks" not in words or "5" in words)


def test_a_new_country_is_asked_for_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.cli.new.on_a_terminal", lambda: True)
    answer = convoi("new", "asked", input="North,South\n\n0.3\nmany\n3\n\n", code=0)
    assert "'many' is not a valid float" in answer.output
    assert list(load("asked").root.towns) == ["North", "South"]


def test_a_name_that_hides_a_shipped_scenario_is_noted(here: Path) -> None:
    answer = convoi("new", "mali")
    assert (answer.exit_code, answer.stderr) == (
        0,
        "note: 'mali' is a shipped scenario, too: here the name means yours from now on\n",
    )
    assert (convoi("new", "army").stderr, convoi("new", "elsewhere/mali").stderr) == ("", "")
    (here / "scenarios").mkdir()
    assert "means yours" in convoi("new", "scenarios/tutorial").stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("new", "mine"), "mine.yaml is there already"),
        (("new", "."), "no name of a file"),
        (("new", "a/"), "no name of a file"),
        (("new", "x", "--towns", "A,A"), "'A' stands twice"),
        (("new", "x", "--towns", ","), "no town; expected at least one name"),
        (("new", "x", "--ports", "A*B"), "not a name: 'A*B'"),
        (("new", "x", "--towns", ",".join(map(str, range(40)))), "expected at most 20"),
        (("init", "full"), "full holds files (x); give an empty or new folder"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is_lost(here: Path, words: tuple[str, ...], told: str) -> None:
    (here / "mine.yaml").write_text("mine", encoding="utf-8")
    (here / "full").mkdir()
    (here / "full" / "x").write_text("x", encoding="utf-8")
    answer = convoi(*words)
    assert (answer.exit_code, told in answer.stderr) == (2, True), answer.output
    assert (here / "mine.yaml").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in here.rglob("*")) == ["full", "mine.yaml", "x"]


def test_what_is_copied_is_what_is_shipped_and_is_found_first(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = convoi("init", "mine")
    assert (answer.exit_code, "cd mine" in answer.output) == (0, True)
    shipped = {path.relative_to(ROOT / "scenarios"): path for path in (ROOT / "scenarios").rglob("*") if path.is_file()}
    for name, path in shipped.items():
        assert (here / "mine" / "scenarios" / name).read_bytes() == path.read_bytes()
    monkeypatch.chdir(here / "mine")
    tutorial = Path("scenarios/tutorial.yaml")
    tutorial.write_text(tutorial.read_text(encoding="utf-8").replace("title: Tutorial", "title: Mine"))
    assert load("tutorial", ["posteriors/tutorial"]).root.title == "Mine"
    assert load("mali", "all-customs-free").files[0].is_relative_to("scenarios")
    assert convoi("init", ".").exit_code == 2
    assert convoi("init", ".", "--force").exit_code == 0
    assert load("tutorial").root.title == "Tutorial"


def test_an_installed_package_does_all_this_in_an_empty_folder(tmp_path: Path, here: Path) -> None:
    site = installed(tmp_path / "site")
    code = (
        "from click.testing import CliRunner; from sim.cli.main import main\n"
        "for line in ('check blockade-2025 --overlay all-customs-free --strategy army',"
        " 'check blockade-2025 --overlay pump-replay', 'new mine', 'check mine', 'scenarios', 'init copies',"
        " 'evidence tutorial', 'check scenarios/mali.yaml'):\n"
        "    done = CliRunner().invoke(main, line.split()); print(done.exit_code, done.output.splitlines()[-1])"
    )
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    codes = [line.split()[0] for line in done.stdout.splitlines()]
    assert codes == ["0"] * 7 + ["2"], done.stdout
    assert {path.name for path in here.iterdir()} == {"mine.yaml", "copies"}

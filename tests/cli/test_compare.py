"""convoi compare and convoi sweep: what they print and keep, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result
from PIL import Image

from sim.errors import RequestError
from sim.results.store import read_manifest
from tests import calls
from tests.calls import TINY
from tests.files import ROOT, of_a_day

BLOCKADE = str(ROOT / "scenarios" / "blockade-2025.yaml")
UNITS = "escorts.pools.army.units"


@pytest.fixture(autouse=True)
def files(elsewhere: None) -> None:
    Path("more.yaml").write_text(
        "escorts:\n  pools:\n    army:\n      units: {value: 9, source: assumption, why: what-if}\n", encoding="utf-8"
    )
    Path("shares.yaml").write_text(
        "extends: army\nstrategy: {name: shares, allocation: shares, shares: {Sikasso: 1}}\n", encoding="utf-8"
    )


def convoi(*words: str, code: int | None = None) -> Result:
    return calls.convoi(*words, "--workers", "1", code=code)


def test_a_comparison_is_answered_and_kept() -> None:
    answer = convoi("compare", TINY, "--overlay", "more.yaml", "-n", "4", code=0)
    assert answer.stderr == ""
    folder = of_a_day("compare_tiny_more")
    manifest = read_manifest(folder)
    assert (manifest["baseline"], manifest["done"]) == ("as it is", 4)
    assert list(manifest["alternatives"]) == ["as it is", "more"]
    for name in (*manifest["tables"], *manifest["figures"]):
        assert (folder / name).is_file(), name
    rows = pd.read_csv(folder / "differences.csv")
    measures = pd.read_parquet(folder / "measures.parquet")
    assert set(rows["measure"]) == set(measures.columns)
    assert "crn" in rows
    assert {"forest.png", "towns.png", "stock-by-strategy.png", "frontier.png", "funnels.png"} <= {
        path.name for path in folder.iterdir()
    }


def test_numbers_come_as_json() -> None:
    answer = convoi("compare", TINY, "--overlay", "more.yaml", "-n", "4", "--json", "--no-figures")
    comparison = json.loads(answer.stdout)
    assert comparison["baseline"] == "as it is"
    assert comparison["differences"]["more"]["tankers_lost"]["crn"] is not None
    assert comparison["selection"]["outcome"] == comparison["choice"]["kind"] == "few"
    swept = json.loads(convoi("sweep", TINY, "--vary", f"{UNITS}=1:2", "-n", "2", "--json", "--no-figures").stdout)
    assert set(swept["means"]) == {"0", "1"}


def test_figures_are_drawn_for_slides_as_the_environment_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVOI_STYLE", "slides")
    answer = convoi("sweep", TINY, "--vary", f"{UNITS}=2:4", "-n", "2", "--out", "slides", code=0)
    assert "CONVOI_STYLE=slides in the environment stands for --style" in answer.stderr
    assert " --style slides " in read_manifest(Path("slides"))["command"] + " "
    with Image.open(Path("slides") / "levels.png") as picture:
        assert picture.size == (1920, 1080)


def test_a_sweep_is_answered_and_kept() -> None:
    answer = convoi("sweep", TINY, "--vary", f"{UNITS}=2:9:2", "-n", "4", "--target", "tankers_lost <= 5000", code=0)
    assert "held in all 4 replications" in " ".join(answer.stdout.split())
    folder = of_a_day(f"sweep_tiny_{UNITS}")
    assert {"levels.png", "target.png", "means.csv", "measures.parquet"} <= {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["compare", BLOCKADE, "--strategy", "grond", "--strategy", "army"], "'ground'"),
        (["compare", TINY, "--overlay", "more.yaml", "--baseline", "mor"], "the nearest is 'more'"),
        (["compare", TINY, "--overlay", "more.yaml", "--measure", "tanker_lost"], "the nearest is 'tankers_lost'"),
        (["compare", TINY, "--overlay", "more.yaml", "-n", "none"], "Invalid value for '-n'"),
        (["compare", TINY, "--overlay", "more.yaml", "-n", "Auto"], "'Auto' is neither a whole number nor 'auto'"),
        (["compare", TINY, "--overlay", "more.yaml", "-n", "0"], "0 is not in the range 1<=x<=1000000"),
        (["compare", TINY, "--overlay", "more.yaml", "--worth", "nan"], "'nan' is not a number"),
        (["compare", TINY, "--overlay", "more.yaml", "--measure", ""], "no such measure"),
        (["compare", TINY, "--overlay", "more.yaml", "--out", ""], "an empty name; expected a folder"),
        (["compare", TINY], "a comparison of nothing"),
        (["compare", TINY, "--overlay", "absent.yaml"], "absent.yaml"),
        (["compare", TINY, "--overlay", "more.yaml", "--break-even"], "no two strategies"),
        (["compare", TINY, "--overlay", "more.yaml", "--between", "a", "b"], "--between without --break-even"),
        (["compare", BLOCKADE, "--strategy", "army", "--strategy", "shares.yaml"], "an escort that never comes"),
        (["sweep", TINY, "--vary", "escorts.pools.amry.units=1:2"], "the nearest is 'escorts.pools.army"),
        (["sweep", TINY, "--vary", "fleet.load=40:50"], "a number without a unit; given '40'"),
        (["sweep", TINY, "--vary", f"{UNITS}=1:2", "--target", ""], "target ''"),
        (["sweep", TINY, "--vary", f"{UNITS}=1:2", "--confidence", "nan"], "nan is not a finite number"),
        (["sweep", TINY, "--vary", f"{UNITS}=1:2", "--target", "cover.Captal >= 5 d"], "'Capital'"),
        (["sweep", TINY, "--vary", f"{UNITS}=1:2", "--target", "cover.Capital >= 5"], "a number without unit"),
        (
            ["sweep", TINY, "--vary", f"{UNITS}=1:2", "--target", "cover.Capital >= 900 d", "-n", "2"],
            "at most in 0 % at 1; expected a target that can be met there",
        ),
    ],
)
def test_bad_input_is_told_in_words_with_exit_code_2(words: list[str], told: str) -> None:
    answer = convoi(*words, code=2)
    assert told in " ".join(answer.stderr.split())
    assert "Traceback" not in answer.output


@pytest.mark.parametrize("measure", ["convoys", "first_shortage"])
def test_a_measure_that_selects_no_best_is_answered(measure: str) -> None:
    words = ["compare", TINY, "--overlay", "more.yaml", "--measure", measure, "-n", "2", "--no-figures"]
    answer = convoi(*words, code=0)
    told = "neither more nor less of it is better" if measure == "convoys" else "too few to name a best"
    assert told in " ".join(answer.stdout.split())
    comparison = json.loads(convoi(*words, "--json").stdout)
    assert (comparison["selection"] is None) == (measure == "convoys")


def test_notes_of_all_alternatives_are_told_once() -> None:
    Path("late.yaml").write_text("marks: {embargo: {at: 2026-01-01}}\n", encoding="utf-8")
    late = ["--overlay", "late.yaml", "--overlay", "late.yaml,more.yaml"]
    for words in (["compare", TINY, *late], ["sweep", TINY, "--vary", f"{UNITS}=1:2", *late]):
        answer = convoi(*words, "-n", "1", "--no-figures", code=0)
        assert answer.stderr.count("marks.embargo.at: 2026-01-01 does not lie") == 1


def test_an_amount_is_read_with_its_unit() -> None:
    words = ["compare", TINY, "--overlay", "more.yaml", "-n", "2", "--json", "--no-figures"]
    for measure, worth, expected in (("need_met.Capital", "2 %", 0.02), ("tankers_lost", "7", 7.0)):
        answer = convoi(*words, "--measure", measure, "--worth", worth)
        assert json.loads(answer.stdout)["selection"]["worth"] == expected
    refused = convoi(*words, "--worth", "2", code=2)
    assert "a number without unit" in refused.stderr


@pytest.mark.parametrize(
    ("between", "told"),
    [(("winged", "alone"), "neither air nor foreign troops beyond"), (("alone", "winged"), "has no range")],
)
def test_a_break_even_that_cannot_be_is_refused_before_anything_is_run(between: tuple[str, str], told: str) -> None:
    regime = "{min: 1, max: 50, headway: 1 h, longest_wait: 1 h, daylight: no, alone: yes, patience: 0 h"
    for name, may in (("alone", "[]"), ("winged", "[air]")):
        text = f"strategy: {{name: {name}, label: {name}, imports: [{regime}, may: {may}}}]}}\n"
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    words = ["compare", TINY, "--strategy", "alone.yaml", "--strategy", "winged.yaml", "--break-even"]
    answer = convoi(*words, "--between", *between, code=2)
    assert told in answer.stderr
    assert not Path("results").exists()


@pytest.mark.parametrize(("given", "asked"), [(["-n", "3"], 3), ([], 4)])
def test_a_break_even_takes_as_many_as_are_asked_or_as_it_can_afford(
    given: list[str], asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(*_: object, replications: int, **__: object) -> None:
        raise RequestError(f"asked for {replications}")

    monkeypatch.setattr("sim.cli.compare.USUAL", 2)
    monkeypatch.setattr("sim.study.break_even.affordable", lambda *_: 4)
    monkeypatch.setattr("sim.study.break_even.break_even", find)
    answer = convoi("compare", BLOCKADE, "--strategy", "army", "--strategy", "ground", "--break-even", *given)
    assert f"asked for {asked}" in answer.stderr
    told = "break-even: 4 replications at each point; -n says another number"
    assert (told in answer.stderr) == (asked == 4)


def test_an_address_that_is_none_leaves_nothing_behind() -> None:
    answer = calls.convoi("compare", TINY, "--overlay", "more.yaml", "--cluster", "garbage", code=2)
    assert "expected such as tcp://" in answer.stderr
    assert not Path("results").exists()


def test_both_worlds_stand_side_by_side() -> None:
    answer = convoi("compare", TINY, "--overlay", "more.yaml", "--adaptive", "both", "-n", "2", "--no-figures", code=0)
    assert "more, adaptive: more (exploratory: attackers adapt)" in " ".join(answer.stdout.split())


def test_an_answer_is_not_lost_with_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no ink")

    monkeypatch.setattr("sim.view.figures.save_all", fail)
    answer = convoi("compare", TINY, "--overlay", "more.yaml", "-n", "2", code=1)
    assert "How sure: " in answer.stdout
    assert answer.stderr == "the figures could not be drawn: RuntimeError: no ink\n"


ELSEWHERE = """
towns:
  North: null
  {town}:
    at: {{lat: 12.0, lon: -7.0, source: assumption}}
    share: 20 %
    depot: {{capacity: 16 days, target: 80 %, bays: 2}}
    stations: {{count: 6, tank: 30 m3, spread: 0.4}}
roads:
  savanna: {{to: {town}}}
corridors:
  Savanna: {{serves: [{town}]}}
  Other: {{serves: [Capital, {town}]}}
"""


def test_towns_that_one_side_does_not_have_are_named_and_not_compared() -> None:
    for town in ("East", "West"):
        Path(f"{town}.yaml").write_text(ELSEWHERE.format(town=town), encoding="utf-8")
    answer = convoi("compare", TINY, "--overlay", "East.yaml", "--overlay", "West.yaml", "-n", "2", code=0)
    assert "Not compared, since one side does not have them: East, North, West." in answer.stdout
    assert "towns.png" in answer.stdout

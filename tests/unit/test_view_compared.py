"""The answer to a comparison: three sentences, tables, and what is not measured."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import sim
from sim.study.alternatives import AS_IS, alternative
from sim.study.comparison import Comparison
from sim.study.effects import finding
from sim.study.ranking import Box, Reversal, regrets_of, reversal
from sim.view.compare_answer import comparison_answer
from sim.view.ranking import flip_words
from sim.view.study_words import CAVEAT, alternative_words
from tests.unit.charts import one_line
from tests.unit.comparisons import SCENARIOS, comparison

FIVE = ("none", "army", "air-only", "ground", "ground+air")


@cache
def five() -> Comparison:
    return comparison(FIVE, replications=80)


def lines_of(text: str, head: str) -> str:
    """Return the sentence that begins with a word."""
    flat = one_line(text)
    return flat[flat.index(f"{head}: ") :]


def test_three_sentences_say_what_how_sure_and_on_what() -> None:
    text = comparison_answer(five())
    sentence = lines_of(text, "Found")
    assert sentence.startswith("Found: ground+air has the fewest days with under half the stations open: ")
    assert lines_of(text, "How sure").startswith(
        "How sure: within these parameter ranges, ground+air is the best so far"
    )
    assert "Kim and Nelson" not in text, "what the procedure is stands in docs/comparing.md"
    assert lines_of(text, "Turns on").startswith("Turns on: ")


@pytest.mark.parametrize(
    "names",
    [
        FIVE,
        ("none", "army"),
        (*FIVE, "few-large", "many-small", "one-corridor", "shared", "inland", "air-without-troops"),
    ],
)
@pytest.mark.parametrize("replications", [1, 7, 40])
def test_no_line_is_longer_than_100_columns(names: tuple[str, ...], replications: int) -> None:
    text = comparison_answer(comparison(names, replications=replications))
    assert max(map(len, text.splitlines())) <= 100
    for name in names:
        assert f"\n{name} " in text, "each has a row that is not folded"


def test_what_is_not_measured_is_said() -> None:
    flat = one_line(comparison_answer(five()))
    assert CAVEAT in flat
    assert "A strategy that ranks first here is not thereby recommended." in flat


def test_few_replications_and_central_ones_are_said_to_be() -> None:
    assert "80 replications give a first look; quote 200 or more." in comparison_answer(five())
    central = comparison_answer(comparison(("none", "army"), replications=8, central=True))
    assert "at central parameters" in one_line(central)
    assert "nothing was drawn; run without central=True to see" in one_line(central)


def test_attackers_that_adapt_are_called_exploratory() -> None:
    text = comparison_answer(comparison(("army", "army, adaptive"), adaptive=("army, adaptive",), replications=12))
    assert "Exploratory: attackers that adapt rest on no Malian data" in text
    assert "Exploratory" not in comparison_answer(five())


def test_failures_are_told() -> None:
    outcome = five()
    failures = outcome.failures.copy()
    failures.loc[0] = ["army", 7, 1, "model", "fuel appeared"]
    flat = one_line(comparison_answer(replace(outcome, failures=failures)))
    assert "1 replication failed and is left out, in all alternatives" in flat
    assert "replication 7 of army (seed 1), at model: fuel appeared" in flat


def test_a_flip_is_said_with_its_conditions() -> None:
    box = Box((("escorts.loss_ratio.foreign", None, 0.5),), density=0.9, coverage=0.6, mass=0.3, base=0.45)
    words = flip_words(five(), Reversal("air-only", "ground", box, 20))
    assert "ground beats air-only in 90 % of the draws with loss ratio of foreign ground troops under 0.5" in words
    assert "against 45 % of all draws" in words
    assert flip_words(five(), Reversal("air-only", "ground", None, 20)).startswith("No condition on the parameters")


def test_flips_are_asked_of_the_one_behind() -> None:
    turn = reversal(five(), "none", "ground+air")
    assert turn is not None
    assert (turn.ahead, turn.behind) == ("ground+air", "none")
    assert reversal(comparison(("none", "army"), replications=4, central=True)) is None


@pytest.mark.parametrize(("army", "same"), [([5.0, 3.0, 5.0, 3.0], False), ([3.0, 5.0, 3.0, 5.0], True)])
def test_the_same_in_the_mean_is_not_the_same_in_every_replication(army: list[float], same: bool) -> None:
    outcome = comparison(("none", "army"), replications=4)
    outcome.measures.loc["none", "days_half_closed"] = [3.0, 5.0, 3.0, 5.0]
    outcome.measures.loc["army", "days_half_closed"] = army
    assert finding(outcome, "army", "none").difference == (0.0, 0.0, 0.0)
    assert ("do not differ in days with under half" in one_line(comparison_answer(outcome))) == same


def test_one_draw_gives_no_interval() -> None:
    flat = one_line(comparison_answer(comparison(("none", "army"), replications=1)))
    assert (
        "Found: no difference in days with under half the stations open can be told between army and ‘none’: " in flat
    )
    assert " fewer (no interval)." in flat
    assert "(– to –)" not in flat, "there is one way to say that there is no interval"
    assert "1 replication gives a first look" in flat


def test_a_selection_on_central_parameters_says_so() -> None:
    flat = one_line(comparison_answer(comparison(("none", "army"), replications=36, central=True)))
    assert "within the central parameters" in flat
    assert "these parameter ranges" not in flat


def test_how_often_a_date_came_is_said() -> None:
    outcome = comparison(("none", "army"), replications=24, goal="first_shortage")
    outcome.measures.loc["army", "first_shortage"] = np.nan
    flat = one_line(comparison_answer(outcome))
    assert "army has the latest first shortage: after 30 Nov, " in flat
    assert "days later than ‘none’ (" in flat
    assert "of 24 replications it is defined in: ‘none’ 24, army 0. A date that never came counts as the day" in flat


def test_a_date_that_did_not_always_come_has_no_mean_in_a_comparison() -> None:
    outcome = comparison(("none", "army"), replications=24, goal="first_shortage")
    outcome.measures.loc["army", "first_shortage"] = np.where(np.arange(24) < 18, 70.0, np.nan)
    text = comparison_answer(outcome)
    assert "first shortage: 10 Oct in half of all runs (5–95 %: 10 Oct – after 30 Nov), " in one_line(text)
    assert "10 Oct (10 Oct – after 30 Nov)" in text
    assert "of dates, the days by which half, and 5 and 95 %, of all have them." in one_line(text)


def test_the_baseline_that_leads_is_set_beside_another_of_its_world() -> None:
    names = ("army", "army, adaptive", "none", "none, adaptive")
    worth = dict(zip(names, (0.8, 0.7, 0.2, 0.1), strict=True))
    outcome = comparison(names, adaptive=names[1::2], worth=worth, replications=24)
    flat = one_line(comparison_answer(outcome))
    assert "Found: in these replications army has the fewest days" in flat
    assert "Against ‘none’, army is better in" in flat
    regrets = regrets_of(outcome)
    assert regrets is not None
    assert list(regrets.index) == ["army", "none", "army, adaptive", "none, adaptive"]
    assert regrets["best"].iloc[:2].sum() == regrets["best"].iloc[2:].sum() == pytest.approx(1.0)


def test_a_name_comes_with_its_label_where_that_says_more() -> None:
    tutorial = sim.load(SCENARIOS / "tutorial.yaml")
    assert alternative_words(alternative(AS_IS, tutorial)) == "as it is (strategy army alone)"
    assert alternative_words(alternative("x", tutorial, "another")) == "x: another"
    assert alternative_words(alternative("two-words", tutorial, "two words")) == "two-words"


def test_who_feels_a_change_is_told_or_said_to_be_untold() -> None:
    few = one_line(comparison_answer(comparison(("as it is", "customs-24h"), replications=20)))
    draws = "10 draws of the parameters"
    assert f"From which week on towns feel it cannot be told from {draws}; it takes replications=40." in few
    assert f"{draws} are too few to tell; it takes replications=40." in few
    few = comparison(("as it is", "customs-24h"), replications=8, central=True)
    central = one_line(comparison_answer(few))
    assert "From which week on towns feel it cannot be told from 8 replications; it takes replications=20." in central
    changed = comparison(("as it is", "customs-24h"), replications=40, worth={"as it is": 0.2})
    many = one_line(comparison_answer(changed))
    assert re.search(r"customs-24h against ‘as it is’: .* towns feel it from the week of ", many)


def test_a_change_that_no_two_weeks_show_is_said_to_be_untold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.view.town_changes.since", lambda *_: None)
    outcome = comparison(("as it is", "customs-24h"), replications=40, worth={"as it is": 0.2})
    assert "; from when on cannot be told from 20 draws of the parameters, more may tell." in " ".join(
        comparison_answer(outcome).split()
    )


def test_the_few_draws_of_luck_and_ignorance_are_said_in_replications() -> None:
    few = comparison_answer(comparison(("army", "ground"), replications=58))
    said = "how much of what is left is luck and how much ignorance of the parameters cannot be told, which takes "
    assert said in one_line(few)
    assert not re.search(r"CRN removes +luck", few), "no column of dashes"
    many = comparison_answer(comparison(("army", "ground"), replications=60))
    assert re.search(r"\nground .*\d+ % +49 % +51 %", many)
    assert "(–: fewer than 60 replications, too uneven to tell, or hardly any variance)" in one_line(many)


def test_on_what_a_difference_rests_has_a_column_where_that_can_be_told() -> None:
    for count, told in ((38, False), (40, True), (120, True)):
        answer = comparison_answer(comparison(("as it is", "customs-24h"), replications=count, worth={"as it is": 0.2}))
        assert ("rests on" in answer, "Rests on: whether" in answer) == (told, told)
    assert re.search(r"better / worse +CRN removes +luck +ignorance +rests on\n", answer)


def test_at_central_parameters_nothing_is_said_of_ignorance() -> None:
    answer = comparison_answer(comparison(("army", "none"), replications=60, central=True))
    assert "ignorance" not in answer
    assert "rests on" not in answer

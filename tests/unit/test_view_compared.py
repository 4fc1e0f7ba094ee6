"""The answer to a comparison: three sentences, tables of 100 columns, and what is not measured."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from sim.study.comparison import Comparison
from sim.study.finding import finding
from sim.study.flipping import Flipping, flipping
from sim.study.robust import Box
from sim.view.answer import CAVEAT
from sim.view.compared import compared, flip_words, sure_words
from tests.unit.comparisons import comparison

FIVE = ("none", "army", "air-only", "ground", "ground+air")


@cache
def five() -> Comparison:
    return comparison(FIVE, replications=40)


def lines_of(text: str, head: str) -> str:
    """Return the sentence that begins with a word."""
    flat = " ".join(text.split())
    return flat[flat.index(f"{head}: ") :]


def test_three_sentences_say_what_how_sure_and_on_what() -> None:
    text = compared(five())
    best = finding(five(), "ground+air", "none")
    found = lines_of(text, "Found")
    assert found.startswith("Found: by mean ground+air ranks first (fewest or least) in days with under half")
    assert f"[{best.tag}]" in found
    assert "conditional on these parameter ranges" in lines_of(text, "Sure")
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
    text = compared(comparison(names, replications=replications))
    assert max(map(len, text.splitlines())) <= 100
    for name in names:
        assert f"\n{name} " in text, "each has a row that is not folded"


def test_what_is_not_measured_is_said() -> None:
    flat = " ".join(compared(five()).split())
    assert CAVEAT in flat
    assert "A strategy that ranks first here is not thereby recommended." in flat


def test_few_replications_and_central_ones_are_said_to_be() -> None:
    assert "40 replications give a first look; quote 200 or more." in compared(five())
    central = compared(comparison(("none", "army"), replications=8, central=True))
    assert "at central parameters" in " ".join(central.split())
    assert "nothing was drawn; run without --central to see" in " ".join(central.split())


def test_attackers_that_adapt_are_called_exploratory() -> None:
    text = compared(comparison(("army", "army, adaptive"), adaptive=("army, adaptive",), replications=12))
    assert "Exploratory: attackers that adapt rest on no Malian data" in text
    assert "Exploratory" not in compared(five())


def test_failures_are_told() -> None:
    held = five()
    failures = held.failures.copy()
    failures.loc[0] = ["army", 7, 1, "model", "fuel appeared"]
    flat = " ".join(compared(replace(held, failures=failures)).split())
    assert "1 replication failed and is left out, in all alternatives" in flat
    assert "replication 7 of army (seed 1), at model: fuel appeared" in flat


def test_a_flip_is_said_with_its_conditions() -> None:
    box = Box((("escorts.loss_ratio.foreign", None, 0.5),), density=0.9, coverage=0.6, mass=0.3, base=0.45)
    words = flip_words(five(), Flipping("air-only", "ground", box, 20))
    assert "ground beats air-only in 90 % of the draws with loss ratio of foreign ground troops under 0.5" in words
    assert "against 45 % of all draws" in words
    assert flip_words(five(), Flipping("air-only", "ground", None, 20)).startswith("No condition on the parameters")


def test_flips_are_asked_of_the_one_behind() -> None:
    found = flipping(five(), "none", "ground+air")
    assert found is not None
    assert (found.ahead, found.behind) == ("ground+air", "none")
    assert flipping(comparison(("none", "army"), replications=4, central=True)) is None


def test_the_guarantee_is_worded_as_the_procedure_gives_it() -> None:
    from sim.study.compare import selection

    held = replace(five(), manifest={**five().manifest, "worth": 0.5})
    chosen = selection(held)
    words = sure_words(chosen, finding(held, "ground+air", "none"))
    if chosen.outcome == "selected":
        assert "names the best in at least 95 % of studies in which it leads every other by" in words
    else:
        assert "no best can be named yet" in words
    assert "conditional on these parameter ranges" in words

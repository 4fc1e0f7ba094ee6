"""Figures draw names as text, whatever they hold, and stay readable with many and long ones."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest
from matplotlib.text import Text

import sim
import sim.view as plot
from sim.results.run import Run
from sim.view.figures import save_charts
from sim.view.figures.flows import SHOWN
from sim.view.figures.sides import shortened
from sim.view.figures.winners import line_key
from sim.view.panel import USUAL, Chart, coverage, written
from sim.view.style import canvas, headline, legend, settle
from tests.files import TINY, write
from tests.unit.comparisons import comparison

FORMULAS = (r"$\frac{1}{$", "$_$", "_", "^", r"\$5 and $6", "$x$ & <b>")
NOWHERE = "\U0010fffd"
"""A character that means nothing, so that no font has it."""


def run(tmp_path: Path, text: str) -> Run:
    file = write(tmp_path / "made.yaml", text)
    return sim.run(sim.load(file), replications=1, workers=1)


def drawn_texts(chart: Chart) -> list[Text]:
    return [text for text in chart.findobj(Text) if isinstance(text, Text) and text.get_text()]


def test_text_is_drawn_as_it_is_written() -> None:
    for text in FORMULAS:
        assert written(text) == (text, {"parse_math": False}, "")
    assert written("a\x1b[31m\u202e\tb\nc").text == "a\\x1b[31m\\u202e b\nc"


def test_other_fonts_of_the_machine_are_used_for_what_the_usual_one_lacks() -> None:
    code = min(coverage("STIXGeneral") - coverage(USUAL))
    label = written(f"a{chr(code)}")
    assert label.text == f"a{chr(code)}"
    assert label.looks["fontfamily"][0] == USUAL
    assert code in coverage(label.looks["fontfamily"][1])
    chart = canvas(1.0)
    headline(chart, label.text)
    chart.draw_without_rendering()  # a font that lacks it would warn


def test_what_no_font_has_is_shown_by_its_code_and_told_once(tmp_path: Path) -> None:
    chart = canvas(1.0)
    axes = chart.add_subplot()
    axes.set_title(f"one {NOWHERE}")
    axes.set_yticks([0, 1], [f"two {NOWHERE}", "three"])
    settle(chart)
    assert axes.get_title() == r"one \U0010fffd"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        save_charts({"one": chart, "two": chart}, tmp_path)
    assert [str(warning.message) for warning in told] == [
        f"no font of this machine has {NOWHERE}; the figures show codes instead"
    ]


@pytest.mark.parametrize("name", FORMULAS)
def test_every_way_to_write_on_a_figure_takes_any_text(name: str, tmp_path: Path) -> None:
    chart = canvas(3.0)
    axes = chart.add_subplot()
    axes.plot([0, 1], [0, 1], label=f"of {name}")
    axes.text(0, 0, name)
    axes.annotate(name, (0, 1), xytext=(1, 1))
    axes.set_title(name)
    axes.set_xlabel(name)
    axes.set_ylabel(name)
    axes.set_xticks([0, 1], [name, "x"])
    axes.set_yticks([0, 1], [name, "y"])
    legend(axes)
    headline(chart, name, name)
    settle(chart)
    save_charts({"one": chart}, tmp_path)
    labels = [text for text in drawn_texts(chart) if name in text.get_text()]
    assert len(labels) >= 10  # ticks have labels on their other side, too
    assert not any(text.get_parse_math() for text in labels)
    assert (tmp_path / "one.svg").read_text(encoding="utf-8").count("</text>") >= 10


@pytest.mark.parametrize("figure", [plot.frontier, plot.delays], ids=lambda figure: figure.__name__)
def test_strategies_of_any_name_can_be_compared_a_dozen_at_a_time(figure) -> None:
    names = ["none", "army", "ground+air", "x" * 60, "a strategy with a name of some sixty letters, none too many"]
    chart = figure(comparison([*names, *FORMULAS, "=cmd"], replications=8))
    assert not [text for text in drawn_texts(chart) if "$" in text.get_text() and text.get_parse_math()]


def test_places_of_any_name_are_drawn(tmp_path: Path) -> None:
    long, name = "x" * 57, r"$\frac{1}{$ _^"
    text = TINY.read_text(encoding="utf-8").replace("Savanna", long)
    made = run(tmp_path, re.sub(r"\bNorth\b", lambda _: f"'{name}'", text))
    for chart in (plot.flows(made), plot.waiting(made), plot.corridor_map(made)):
        assert long not in " ".join(axes.get_title("left") for axes in chart.axes)
        assert not [text for text in drawn_texts(chart) if "$" in text.get_text() and text.get_parse_math()]
    assert name in {text.get_text() for text in drawn_texts(chart)}
    assert f"{'x' * 43} …" in {text.get_text() for text in drawn_texts(chart)}


def test_of_forty_two_corridors_each_has_its_letters_and_the_largest_their_panels(tmp_path: Path) -> None:
    count = 42
    text = TINY.read_text(encoding="utf-8")
    block = re.search(r"  Savanna:\n(?:    .+\n)+", text)
    assert block is not None
    names = [f"Road {k:02}" for k in range(count)]
    blocks = "".join(
        block[0]
        .replace("Savanna", name)
        .replace("share: 1\n", f"share: {1.0 / count:.12f}\n")
        .replace("fleet: 20 %", f"fleet: {0.2 / count:.12f}")
        for name in names
    )
    text = text.replace(block[0], blocks).replace(
        "priority: [Coast, Savanna]", f"priority: [Coast, {', '.join(names)}]"
    )
    made = run(tmp_path, text.replace("  shares: {Coast: 0.8, Savanna: 0.2}\n", "").replace("queue", "priority"))
    key = plot.corridor_map(made).axes[2]
    letters = [text.get_text() for text in key.texts[::3] if text.get_text() != "–"]
    assert len(letters) == len(set(letters)) == count + 1
    assert letters[:2] == ["A", "B"] and letters[25:28] == ["Z", "AA", "AB"]
    chart = plot.flows(made)
    assert len([axes for axes in chart.axes if axes.get_title("left")]) == SHOWN
    assert f"Left out: {count + 2 - SHOWN} corridors that delivered least." in chart.get_supxlabel().replace("\n", " ")


def test_a_text_is_cut_between_words_or_within_a_long_one() -> None:
    assert shortened("a name of some words", 12) == "a name of …"
    assert shortened("to " + "x" * 57, 38) == f"to {'x' * 34} …"
    assert shortened("short", 5) == "short"


def test_a_name_that_begins_with_an_underscore_has_its_line_in_the_key() -> None:
    axes = canvas(1.0).add_subplot()
    axes.plot([0, 1], [0, 1], label="_base")
    axes.plot([0, 1], [1, 0])
    assert list(line_key(axes)) == ["_base"]

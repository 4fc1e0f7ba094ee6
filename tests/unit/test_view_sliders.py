"""Sliders of a notebook: what is moved moves the answer, without a browser."""

from __future__ import annotations

import pytest

import sim
from sim.errors import RequestError
from sim.view.sliders import Sliders

UNITS = "escorts.pools.army.units"


@pytest.fixture(scope="module")
def panel() -> Sliders:
    return Sliders("tutorial", ["none", "army"], replications=4)


def test_a_slider_that_is_moved_moves_answer_figure_and_command(panel: Sliders) -> None:
    before = panel.answer.value, panel.figure.value, panel.command.value
    panel.moves[UNITS].value = 8.0
    after = panel.answer.value, panel.figure.value, panel.command.value
    assert all(first != second for first, second in zip(before, after, strict=True))
    assert "convoi compare tutorial --strategy none --strategy army --set escorts.pools.army.units=8 -n 4" in after[2]
    study = sim.compare("tutorial", ["none", "army"], sets=[f"{UNITS}=8"], replications=4)
    opening = next(line for line in sim.told(study).splitlines() if line.startswith("Found: "))
    assert opening.split("(")[0][:60] in after[0].replace("&#x27;", "'")
    panel.moves[UNITS].value = 4.0
    assert (panel.answer.value, panel.command.value) == (before[0], before[2])


def test_what_cannot_be_asked_is_said_and_a_better_choice_answered(panel: Sliders) -> None:
    panel.choice.value = ("army",)
    assert panel.answer.value == "<p>Choose two strategies or more to compare.</p>" and panel.figure.value == ""
    panel.choice.value = ("none", "army")
    assert "<table" in panel.answer.value and "data:image/png" in panel.figure.value


def test_each_slider_says_what_it_moves_and_what_that_rests_on(panel: Sliders) -> None:
    said = [widget.value for widget in panel.box.children[0].children if "<b>" in str(getattr(widget, "value", ""))]
    assert len(said) == 1 + len(panel.moves)
    assert any("units of army</b><br><small>as given: 4; an assumption" in text for text in said)
    assert "Sliders of tutorial: none, army" in repr(panel)
    assert "application/vnd.jupyter.widget-view+json" in panel._repr_mimebundle_()


def test_one_strategy_alone_is_refused() -> None:
    with pytest.raises(RequestError, match="expected two or more to compare"):
        Sliders("tutorial", ["army"])

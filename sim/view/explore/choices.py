"""What an explorer offers: made by the command, read by the page, which shows it before it has read the scenario."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.errors import RequestError
from sim.scenario.problem import legible
from sim.study.lever import Lever

if TYPE_CHECKING:
    from sim.study.alternatives import Alternative
    from sim.study.explore import State

HOMES: Final[dict[str, tuple[str, ...]]] = {
    "strategies": ("strategies",),
    "overlays": ("what-if", ""),
    "common": ("what-if", "scope", "posteriors", ""),
}
"""By what is chosen: the folders of the overlays that are offered for it."""


class Slider(NamedTuple):
    """A lever with its label, as marimo reads it, and what is said below it."""

    lever: Lever
    label: str
    told: str


class Choices(NamedTuple):
    """What is chosen at first, as `sim.study.explore.State` takes it, and what is on offer.

    ``names`` are those of overlays, by what they are chosen as: a key of `HOMES`.
    """

    state: Mapping[str, Any]
    names: Mapping[str, Sequence[str]]
    sliders: Sequence[Slider]


def choices(state: State, line: Sequence[Alternative], further: Iterable[str] = ()) -> Choices:
    """Return what is offered for a state and its alternatives, said in the language spoken.

    Parameters
    ----------
    state, line
        What is asked first, and its alternatives.
    further
        Levers beyond the usual ones; see `sim.study.levers.levers`.

    Raises
    ------
    RequestError
        If one of the further ones is no number, or its range cannot be read.
    """
    from sim.scenario.fitting import fitting
    from sim.scenario.names import named_files
    from sim.study.levers import levers
    from sim.view.explore.words import lever_words, start_words

    scenario = line[0].scenario
    movable = levers(line, further)
    known = fitting(scenario, [file for file in named_files() if file.kind == "overlay"])
    given = asdict(state)
    names = {
        key: [*dict.fromkeys([*(file.name for file in known if file.home in homes), *given[key]])]
        for key, homes in HOMES.items()
    }
    sliders = [Slider(lever, as_label(lever_words(lever, scenario)), start_words(lever)) for lever in movable]
    return Choices(given, names, sliders)


def as_text(choices: Choices) -> str:
    """Return choices as text that `of_text` reads."""
    sliders = [{**slider._asdict(), "lever": asdict(slider.lever)} for slider in choices.sliders]
    return json.dumps({**choices._asdict(), "sliders": sliders})


def of_text(text: str) -> Choices:
    """Return the choices that a text tells.

    Raises
    ------
    RequestError
        If the text is not what `as_text` made.
    """
    try:
        given = json.loads(text)
        state = {key: tuple(value) if isinstance(value, list) else value for key, value in given["state"].items()}
        sliders = [Slider(_lever(each["lever"]), each["label"], each["told"]) for each in given["sliders"]]
        return Choices(state, {key: given["names"][key] for key in HOMES}, sliders)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RequestError(
            f"the explorer was begun with {text[:80]!r}; expected what convoi explore gives it"
        ) from error


def _lever(given: Mapping[str, Any]) -> Lever:
    settings = tuple(map(tuple, given["settings"]))
    return Lever(**{**given, "settings": settings, "values": tuple(given["values"])})


def as_label(text: str) -> str:
    """Return text as a label of marimo shows it, which else reads it as Markdown and HTML."""
    # By number rather than behind backslashes, which would make mathematics of text in brackets.
    return re.sub(r"[^\w\s]|_", lambda sign: f"&#{ord(sign[0])};", legible(text).replace("\n", " "))


def heading(text: str) -> str:
    """Return the heading of the choices, as HTML."""
    return f'<h2 class="convoi-side">{escape(legible(text))}</h2>'


def beside(slider: str, text: str) -> str:
    """Return a slider, as HTML, with what is said of it."""
    return f'<div class="convoi-lever">{slider}<p>{escape(legible(text))}</p></div>'

"""Sliders for a notebook: strategies chosen and numbers moved, the answer follows on the same luck; by ipywidgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib import import_module
from typing import Any, Final

from sim.errors import ConvoiError, RequestError
from sim.language import points, say
from sim.scenario.problem import legible
from sim.study.executors import HERE, Where
from sim.study.explore import STEPS, Explorer, State
from sim.study.levers import levers
from sim.study.packages import need
from sim.view.explore.words import lever_words, refusal_lines, start_words
from sim.view.notebook import html, picture
from sim.view.words import number

WIDE: Final = "42em"


class Sliders:
    """What is asked of strategies, with a slider for each number that moves them; a notebook shows it as it is.

    Parameters
    ----------
    scenario
        A file, or the bare name of one.
    strategies
        Names to choose from.
    chosen
        Those compared at first, two or more; all if not given.
    common
        Overlays laid on every alternative.
    replications
        Of each strategy, after every change.
    seed, where
        As in `sim.compare`.

    Attributes
    ----------
    choice, moves, answer, figure, command
        The widgets: strategies, a slider for each number by its path, the answer in words, the figure, the command
        that gives the same numbers.
    state
        What is asked now.

    Raises
    ------
    RequestError
        If ipywidgets is not installed, or fewer than two strategies are chosen.
    ScenarioError
        If a strategy does not go with the scenario.

    Examples
    --------
    >>> panel = Sliders("blockade-2025", ["army", "air-only", "ground"], common=["pump-free"])
    >>> panel.moves["escorts.pools.foreign air.units"].value = 4.0
    """

    def __init__(
        self,
        scenario: str,
        strategies: Sequence[str],
        chosen: Sequence[str] = (),
        *,
        common: Sequence[str] = (),
        replications: int = STEPS[0],
        seed: int = 1,
        where: Where = HERE,
    ) -> None:
        need("ipywidgets")
        widgets: Any = import_module("ipywidgets")
        chosen = chosen or strategies
        if len(chosen) < 2:
            raise RequestError(f"given {', '.join(map(str, chosen)) or 'no strategy'}; expected two or more to compare")
        self._first = State(scenario, tuple(chosen), (), tuple(common), (), seed)
        self._explorer, self._replications = Explorer(where), replications
        line = self._explorer.line(State(scenario, tuple(strategies), (), tuple(common), (), seed))
        self._levers = {lever.path: lever for lever in levers(line)}
        root = line[0].scenario
        wide = widgets.Layout(width="auto", max_width=WIDE)
        self.choice: Any = widgets.SelectMultiple(
            options=list(strategies), value=tuple(chosen), rows=len(strategies), layout=wide
        )
        self.moves: Mapping[str, Any] = {
            path: widgets.SelectionSlider(
                options=[(points(f"{value:,g}"), value) for value in lever.values],
                value=lever.values[lever.start],
                continuous_update=False,
                layout=wide,
            )
            for path, lever in self._levers.items()
        }
        self.answer: Any = widgets.HTML()
        self.figure: Any = widgets.HTML()
        self.command: Any = widgets.HTML()
        rows = [_said(widgets, say("Strategies to compare (hold Ctrl for several)")), self.choice]
        for path, lever in self._levers.items():
            rows += [_said(widgets, lever_words(lever, root), start_words(lever)), self.moves[path]]
        asked = widgets.VBox(rows, layout=widgets.Layout(width=WIDE))
        self.box: Any = widgets.VBox([asked, self.command, self.answer, self.figure])
        for widget in (self.choice, *self.moves.values()):
            widget.observe(self._follow, "value")
        self._follow()

    @property
    def state(self) -> State:
        """What is asked now."""
        moved = [text for path, lever in self._levers.items() for text in lever.setting(self.moves[path].value)]
        first = self._first
        return State(first.scenario, tuple(self.choice.value), (), first.common, tuple(moved), first.seed)

    def _follow(self, _change: object = None) -> None:
        """Answer what is asked now; what cannot be asked is said in words."""
        state, count = self.state, self._replications
        self.command.value = _command(state.command(count))
        if not state.compares:
            self.answer.value, self.figure.value = _lines([say("Choose two strategies or more to compare.")]), ""
            return
        self.answer.value = _lines([say("Running {count} replications of each …", count=number(count))])
        try:
            look = next(self._explorer.looks(state, (count,)))
        except ConvoiError as error:
            self.answer.value, self.figure.value = _lines(refusal_lines(error)), ""
            return
        self.answer.value = html(look.outcome, pictured=False)
        self.figure.value = picture(look.outcome)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.box._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        return f"Sliders of {self.state.scenario}: {', '.join(self.state.strategies)}\n  {self.state.command()}"


def _said(widgets: Any, words: str, basis: str = "") -> Any:
    below = f"<br><small>{_text(basis)}</small>" if basis else ""
    return widgets.HTML(f'<div style="line-height:1.3;margin-top:.6em"><b>{_text(words)}</b>{below}</div>')


def _command(command: str) -> str:
    words = _text(say("The same numbers on the command line:"))
    return f'<p>{words}</p><pre style="white-space:pre-wrap;max-width:60em">{_text(command)}</pre>'


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"<p>{_text(text)}</p>" for text in lines)


def _text(text: str) -> str:
    return escape(legible(text))

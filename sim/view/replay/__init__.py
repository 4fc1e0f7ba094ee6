"""The replay: one replication plays on a map, alone or beside another strategy on the same tape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.language import language, say
from sim.plan import build
from sim.plan.plan import Plan
from sim.results.measures import goal
from sim.results.run import Run
from sim.study.comparison import Comparison
from sim.view.replay.film import Film, film, parting
from sim.view.replay.ground import Ground
from sim.view.replay.picks import Pick, picks
from sim.view.replay.words import page_words, script_words
from sim.view.words import long_date, short_date

if TYPE_CHECKING:
    from markupsafe import Markup

HERE: Final = Path(__file__).parent
ROOM: Final = 900_000
"""Characters that films may take; further replications are left out of a comparison of many alternatives."""


@dataclass(frozen=True)
class ReplayParts:
    """What a page needs to play.

    Attributes
    ----------
    html
        The player, without a heading.
    css, js
        Its style and its script.  The style uses the properties --ink --soft --paper --panel --line --accent --loss
        --good where the page has them.
    data
        What the script reads as JSON from the element ``replay-data``.
    """

    html: Markup
    css: str
    js: str
    data: dict[str, Any]


@dataclass(frozen=True)
class _Side:
    """An alternative, or the run itself."""

    name: str
    plan: Plan


def replay_parts(outcome: Run | Comparison) -> ReplayParts | None:
    """Return the replay of a run or comparison; None if nothing drives in it, or no replication has its lead measure.

    Replications are run again by their seed and number; those of a run or comparison that was kept give the same.
    """
    sides = _sides(outcome)
    scenarios = [outcome.scenario] if isinstance(outcome, Run) else [each.scenario for each in outcome.alternatives]
    ground = Ground(tuple(scenario.root for scenario in scenarios))
    chosen = picks(outcome)
    if not chosen or not any(route.roads for _, route in ground.routes.values()):
        return None
    seed, central = int(outcome.manifest["seed"]), bool(outcome.manifest["central"])
    shown, films, parts = _films(sides, chosen, ground, seed, central)
    plan, root = sides[0].plan, scenarios[0].root
    dates = [(plan.start + timedelta(days=day)).date() for day in range(plan.days)]
    data = {
        "language": language(),
        "days": plan.days,
        "dates": [long_date(each) for each in dates],
        "ticks": _ticks(dates),
        "ground": ground.data(),
        "hub": ground.places[root.hub].number,
        "alternatives": [side.name for side in sides],
        "picks": [pick.label for pick in shown],
        "first": _first(outcome),
        "films": films,
        "parts": parts,
        "messages": script_words(plan.products.name[plan.lead], root.hub),
    }
    html = _html(sides, shown, data)
    css, js = ((HERE / name).read_text("utf-8") for name in ("replay.css", "replay.js"))
    return ReplayParts(html, css, js, data)


def _sides(outcome: Run | Comparison) -> list[_Side]:
    if isinstance(outcome, Run):
        return [_Side(outcome.scenario.root.title, build(outcome.scenario))]
    return [_Side(say(each.label), each.plan) for each in outcome.alternatives]


def _films(
    sides: Sequence[_Side], chosen: Sequence[Pick], ground: Ground, seed: int, central: bool
) -> tuple[list[Pick], list[list[dict[str, Any]]], list[dict[str, int | None]]]:
    """Return the replications that have room, the films of each, and when each two of them part."""
    shown: list[Pick] = []
    films: list[list[dict[str, Any]]] = []
    parts: list[dict[str, int | None]] = []
    room = ROOM
    for pick in chosen:
        made: list[Film] = [film(side.plan, ground, seed, pick.replication, central=central) for side in sides]
        data = [each.data() for each in made]
        room -= sum(len(each["bytes"]) for each in data)
        if shown and room < 0:
            break
        shown.append(pick)
        films.append(data)
        parts.append({f"{a}-{b}": parting(made[a], made[b]) for a, b in combinations(range(len(made)), 2)})
    return shown, films, parts


def _first(outcome: Run | Comparison) -> list[int]:
    """Return the two alternatives that stand beside each other at first: the baseline, and the best of the others."""
    if isinstance(outcome, Run):
        return [0, -1]
    better = goal(outcome.goal).better or -1
    base = outcome.names.index(outcome.baseline)
    means = {name: better * float(outcome.of[name][outcome.goal].mean()) for name in outcome.names}
    others = [name for name in outcome.names if name != outcome.baseline]
    return [base, outcome.names.index(max(others, key=lambda name: means[name])) if others else -1]


def _ticks(dates: Sequence[date]) -> list[list[Any]]:
    """Return the days at which the time axis is named: the first of months, or every tenth day of a short run."""
    if len(dates) > 75:
        return [[day, short_date(each)] for day, each in enumerate(dates) if each.day == 1]
    return [[day, short_date(dates[day])] for day in range(0, len(dates), 10)]


def _html(sides: Sequence[_Side], shown: Sequence[Pick], data: dict[str, Any]) -> Markup:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("replay.html")
    names = [side.name for side in sides]
    text = template.render(
        words=page_words(len(sides)), names=names, picks=[pick.label for pick in shown], first=data["first"],
        last=data["days"] * 1440, source=data["ground"]["source"],
    )  # fmt: skip
    return Markup(text)

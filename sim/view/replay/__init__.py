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
from sim.view.figures.sides import sides as alternatives
from sim.view.replay.film import Film, film, parting
from sim.view.replay.ground import Ground
from sim.view.replay.picks import Pick, picks
from sim.view.replay.words import page_words, script_words
from sim.view.report.marks import LIGHT, MARKERS, colour, contrast, dashes, style_sheet
from sim.view.style import Look
from sim.view.style import product as product_look
from sim.view.words import day_ticks, long_date, short_date

if TYPE_CHECKING:
    from markupsafe import Markup

HERE: Final = Path(__file__).parent
EDGED: Final = 3.0
"""Contrast with the paper under which a sign has an edge of ink."""
ROOM: Final = 900_000
"""Characters that films may take; what has no room is left out: the alternatives after the first two, replications."""


@dataclass(frozen=True)
class ReplayParts:
    """What a page needs to play.

    Attributes
    ----------
    html
        The player, without a heading.
    css, js
        Its style and its script.  The style uses the properties --ink --soft --paper --panel --line --accent --loss
        --good where the page has them, and brings the colours of its strategies, which are those of the charts.
    data
        What the script reads as JSON from the element ``replay-data``.
    """

    html: Markup
    css: str
    js: str
    data: dict[str, Any]


@dataclass(frozen=True)
class _Side:
    """An alternative, or the run itself, by its place in the study, with the look of its lines and the colour of signs.

    Both are as in the charts: of an alternative its own look, of a run that of its lead product, and ink for convoys.
    """

    place: int
    name: str
    plan: Plan
    look: Look
    signs: str

    def marks(self) -> dict[str, Any]:
        """Return its colours as the style sheet knows them, whether they are pale on white paper, dashes and marker."""
        return {
            "colour": colour(self.look),
            "signs": self.signs,
            "pale": contrast(self.look.colour, LIGHT) < EDGED,
            "dash": dashes(self.look),
            "marker": MARKERS.get(self.look.marker, ""),
        }


def replay_parts(outcome: Run | Comparison) -> ReplayParts | None:
    """Return the replay of a run or comparison; None if nothing drives in it, or no replication has its lead measure.

    Replications are run again by their seed and number; those of a run or comparison that was kept give the same.
    """
    sides = _sides(outcome)
    scenarios = [outcome.scenario] if isinstance(outcome, Run) else [each.scenario for each in outcome.alternatives]
    ground = Ground(tuple(scenario.root for scenario in scenarios))
    chosen, undefined = picks(outcome)
    if not chosen or not any(route.roads for _, route in ground.routes.values()):
        return None
    seed, central = int(outcome.manifest["seed"]), bool(outcome.manifest["central"])
    first, compared = _first(outcome), len(sides)
    sides = sorted(sides, key=lambda side: side.place not in first)
    first = [next((k for k, side in enumerate(sides) if side.place == place), -1) for place in first]
    films, parts, same = _films(sides, chosen, ground, seed, central)
    sides, shown = sides[: len(films[0])], chosen[: len(films)]
    plan, root = sides[0].plan, scenarios[0].root
    product = say(plan.products.name[plan.lead])
    dates = [(plan.start + timedelta(days=day)).date() for day in range(plan.days)]
    data = {
        "language": language(),
        "days": plan.days,
        "dates": _written(dates),
        "ticks": [*day_ticks(plan.start, plan.days).items()],
        "ground": ground.data(),
        "hub": ground.places[root.hub].number,
        "short": [short_date(each) for each in dates],
        "alternatives": [side.name for side in sides],
        "looks": [side.marks() for side in sides],
        "picks": [pick.label for pick in shown],
        "measures": [[pick.measure, *(pick.values[side.place] for side in sides)] for pick in shown],
        "first": first,
        "films": films,
        "parts": parts,
        "names": {"town": root.hub},
        "messages": script_words(product),
    }
    full = len(sides) < compared or len(shown) < len(chosen)
    words = page_words(len(sides), same=same, full=full, undefined=undefined, product=product, unserved=ground.unserved)
    html = _html(sides, shown, data, words)
    css, js = ((HERE / name).read_text("utf-8") for name in ("replay.css", "replay.js"))
    return ReplayParts(html, css + style_sheet({side.look.colour for side in sides}), js, data)


def _sides(outcome: Run | Comparison) -> list[_Side]:
    if isinstance(outcome, Run):
        look = product_look(outcome.scenario.root.lead)
        return [_Side(0, say("The scenario"), build(outcome.scenario), look, "var(--r-ink)")]
    pairs = zip(outcome.alternatives, alternatives(outcome), strict=True)
    return [
        _Side(place, say(each.label), each.plan, side.look, colour(side.look))
        for place, (each, side) in enumerate(pairs)
    ]


def _films(
    sides: Sequence[_Side], chosen: Sequence[Pick], ground: Ground, seed: int, central: bool
) -> tuple[list[list[dict[str, Any]]], list[dict[str, int | None]], bool]:
    """Return the films of the replications and sides that have room, when each two of a replication part, and more.

    The first two sides of the first replication always have room.  The last that is returned is whether in each
    replication the same ambushes are laid in all sides.
    """
    films: list[list[dict[str, Any]]] = []
    parts: list[dict[str, int | None]] = []
    same, taken = True, 0
    for pick in chosen:
        if films and taken + taken / len(films) > ROOM:
            break
        made: list[Film] = []
        data: list[dict[str, Any]] = []
        for side in sides[: len(films[0]) if films else None]:
            if not films and len(made) > 1 and taken + taken / len(made) > ROOM:
                break
            made.append(film(side.plan, ground, seed, pick.replication, central=central))
            data.append(made[-1].data())
            taken += len(data[-1]["bytes"])
        films.append(data)
        same = same and all(each.laid == made[0].laid for each in made)
        parts.append({f"{a}-{b}": parting(made[a], made[b]) for a, b in combinations(range(len(made)), 2)})
    return films, parts, same


def _first(outcome: Run | Comparison) -> list[int]:
    """Return the two alternatives that stand beside each other at first: the baseline, and the best of the others."""
    if isinstance(outcome, Run):
        return [0, -1]
    better = goal(outcome.goal).better or -1
    base = outcome.names.index(outcome.baseline)
    means = {name: better * float(outcome.of[name][outcome.goal].mean()) for name in outcome.names}
    others = [name for name in outcome.names if name != outcome.baseline]
    best = max(others, key=lambda name: (means[name] == means[name], means[name]), default=None)
    return [base, -1 if best is None else outcome.names.index(best)]


def _written(dates: Sequence[date]) -> list[str]:
    """Return dates in words, with the year if they lie in more than one."""
    if dates[0].year == dates[-1].year:
        return [long_date(each) for each in dates]
    return [f"{long_date(each)} {each.year:04}" for each in dates]


def _html(sides: Sequence[_Side], shown: Sequence[Pick], data: dict[str, Any], words: dict[str, str]) -> Markup:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("replay.html")
    names = [side.name for side in sides]
    text = template.render(
        words=words, names=names, picks=[pick.label for pick in shown], first=data["first"],
        last=data["days"] * 1440, source=data["ground"]["source"],
    )  # fmt: skip
    return Markup(text)

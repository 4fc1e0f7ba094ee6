"""What a run shows, computed once for titles and for the answer: shortage, what bound, the worst town."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from sim.errors import ViewError
from sim.results.measure import column_of
from sim.scenario.argument import argument
from sim.study.bound import mode_of
from sim.study.posteriors import posteriors_for
from sim.view.bands import DAYS_PER_WEEK, Band, band, measured
from sim.view.towns import FULL
from sim.view.words import CAUSE_WORDS, counted, each_in, long_date, on_day, percent, range_words, short_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from pandas import DataFrame

    from sim.scenario.load import Scenario
    from sim.scenario.schema import Root
    from sim.view.source import Viewed

SHORT = 0.8
"""A town is short of a product on the first day on which sales fall under this share of what was wanted."""


def pump_products(run: Viewed) -> list[str]:
    """Products sold at stations, in the scenario's order."""
    return [name for name, product in run.scenario.root.products.items() if product.pump]


def town_rows(run: Viewed, town: str, columns: Iterable[str]) -> DataFrame:
    """Columns of the towns table, of one town; a town without rows is an error with the nearest name."""
    from difflib import get_close_matches

    town = normalize("NFC", town)
    rows = run.part("towns", columns, town=town)
    if rows.empty:
        known = sorted(run.part("towns", ["town"])["town"].unique())
        near = get_close_matches(town, known, 1, 0.4)
        hint = f"; nearest: {near[0]}" if near else ""
        raise ViewError(f"no town '{town}' in the run; it has {', '.join(known)}{hint}")
    return rows


def first_shortage(run: Viewed, town: str, product: str) -> Band:
    """Band of the day number of the first shortage, over all replications.

    For the hub's lead product this is the measure ``first_shortage``; for others it is read off the towns table.
    """
    root, days = run.scenario.root, days_of(run)
    if town == root.hub and product == root.lead:
        return measured(run.measures, "first_shortage", days)
    rows = town_rows(run, town, ["replication", "day", "product", "sold", "wanted"])
    rows = rows[rows["product"] == product]
    short = rows[rows["sold"] < SHORT * rows["wanted"]]
    first = short.groupby("replication")["day"].min().reindex(run.measures.index).astype(float)
    return measured(first.to_frame("first_shortage"), "first_shortage", days)


def days_of(run: Viewed) -> int:
    """Return the length of the run."""
    return (run.scenario.end - run.scenario.start).days


def laid_words(run: Viewed) -> str:
    """Overlays and settings laid on a run's scenario, as `laid_on`."""
    return laid_on(run.scenario, run.manifest.get("laid", run.scenario.laid))


def laid_on(scenario: Scenario, laid: Iterable[str]) -> str:
    """Overlays and settings laid on the scenario, in order; empty if there are none.

    Its posterior is told apart, unless it comes with recorded convoys and attacks.
    """
    posterior = scenario.root.posterior
    name = Path(posterior).name if posterior and mode_of(scenario) == "free" else None
    return ", ".join(one for one in laid if one != name and not one.startswith(("posterior=", "hindcast=")))


def shared_words(scenarios: Sequence[Scenario], central: bool, varied: int = 0) -> list[str]:
    """Say what was laid on all that are compared, but for what is ``varied``, and where their parameters come from.

    ``varied`` is how many settings a sweep has laid on each, which come last.
    """
    first, *others = scenarios
    given = first.laid[: len(first.laid) - varied]
    laid = laid_on(first, [one for one in given if all(one in other.laid for other in others)])
    told = f"Laid on {'all' if others else 'it'}: {laid}." if laid else ""
    return [*filter(None, (told, posterior_words(first.root), unfitted_words(first, central)))]


def posterior_words(root: Root) -> str:
    """Say where parameters and luck come from, if not from ranges and chance."""
    if root.posterior is None:
        return ""
    name = Path(root.posterior).name
    if root.hindcast:
        return f"Parameters and luck: fitted together to the record (hindcast, posterior '{name}')."
    return f"Parameters: fitted together to the record (posterior '{name}'); luck drawn anew."


def unfitted_words(scenario: Scenario, central: bool) -> str:
    """Say that parameters are as they were before any fit, and which fit can be had; empty if there is none."""
    names = " or ".join(argument("overlays", name) for name in posteriors_for(scenario))
    ranges = "at the middle of their ranges" if central else "drawn from their ranges"
    return f"Parameters: {ranges}, before any fit; {names} takes the fitted." if names else ""


def made_words(run: Viewed) -> str:
    """Strategy of the run, whether attackers adapt, and what was laid on its scenario, for answer and figures."""
    return made_of(run.scenario, laid_words(run))


def made_of(scenario: Scenario, laid: str) -> str:
    """Strategy of a scenario, whether attackers adapt, what was laid on it, and where its parameters come from."""
    root = scenario.root
    parts = [f"Strategy: {root.strategy.label}."]
    if root.attacks.adaptive.on:
        parts.append("Exploratory: attackers adapt.")
    if laid:
        parts.append(f"Laid on: {laid}.")
    if root.posterior is not None:
        parts.append(posterior_words(root))
    return " ".join(parts)


def shortage_words(town: str, product: str, short: Band, start: datetime, end: datetime) -> str:
    """Say by when which shares of all replications run short of a product in a town, and how many do not in the run."""
    days, last = (end - start).days, long_date(end - timedelta(days=1))
    if not short.came:
        return f"{town} does not run short of {product} by {last} ({counted(str(short.total), 'replication')})"
    if not short.wide:
        return f"{town} runs short of {product} on {long_date(on_day(start, short.median))} (one replication)"
    low, high = ("first", "last") if short.few else ("5 %", "95 %")
    pairs = ((low, short.low), (high, short.high))
    ends = [f"{words} by {long_date(on_day(start, day))}" for words, day in pairs if day < days]
    half = short.median < days
    if half and short.never:
        ends.append(f"{short.never} of {short.total} not by {last}")
    when = long_date(on_day(start, short.median)) if half else last
    share = "in half of all runs" if half else f"in {short.came} of {short.total} runs"
    beside = f" ({', '.join(ends)})" if ends else ""
    return f"{town} runs short of {product} by {when} {share}{beside}"


TIE = 0.1
"""Causes that bind in shares of replications nearer than this are not told apart."""


@dataclass(frozen=True)
class Spell:
    """Weeks on end bound by the same cause most often, or by two that cannot be told apart.

    ``share`` is the share of replication-weeks of the spell bound by the cause; ``rival`` and ``rival_share`` are
    those of the second if it is within 10 % points, else empty and 0.
    """

    first: date
    last: date
    cause: str
    share: float
    rival: str = ""
    rival_share: float = 0.0

    @property
    def causes(self) -> frozenset[str]:
        """The cause and its rival."""
        return frozenset((self.cause, self.rival) if self.rival else (self.cause,))

    @property
    def words(self) -> str:
        """The cause in words, with its rival."""
        return " or ".join(CAUSE_WORDS.get(one, one) for one in (self.cause, self.rival) if one)

    @property
    def often(self) -> str:
        """In how many replications, in words."""
        return each_in((self.share, self.rival_share)) if self.rival else f"in {percent(self.share)} of replications"

    @property
    def weeks(self) -> int:
        """Length in weeks, counting a last incomplete one."""
        return ((self.last - self.first).days + DAYS_PER_WEEK) // DAYS_PER_WEEK


def binding_shares(run: Viewed) -> DataFrame:
    """Share of replications bound by each cause: a row per week, a column per cause that ever bound."""
    from pandas import crosstab

    table = run.part("binding", ["week", "bound"])
    return crosstab(table["week"], table["bound"], normalize="index")


def spells(run: Viewed) -> list[Spell]:
    """Weeks joined by the cause that bound most replications, or by the two that lead together.

    A single week in which two causes lead together joins a longer spell beside it of one of them, and the reverse.
    """
    shares = binding_shares(run)
    start = run.scenario.start.date()
    end = start + timedelta(days=int(run.part("flows", ["day"])["day"].max()))
    held = [(week, week, _spell(shares, week, week, start, end)) for week in range(len(shares))]
    for joined in (_alike, _nested):
        place = 0
        while place < len(held) - 1:
            (first, _, before), (_, last, after) = held[place : place + 2]
            if joined(before, after):
                held[place : place + 2] = [(first, last, _spell(shares, first, last, start, end))]
                place = max(0, place - 1)
            else:
                place += 1
    return [spell for _, _, spell in held]


def _alike(one: Spell, other: Spell) -> bool:
    return one.causes == other.causes


def _nested(one: Spell, other: Spell) -> bool:
    single = min(one.weeks, other.weeks) == 1
    return _alike(one, other) or (single and (one.causes <= other.causes or other.causes <= one.causes))


def _spell(shares: DataFrame, first: int, last: int, start: date, end: date) -> Spell:
    opens = start + timedelta(days=DAYS_PER_WEEK * int(shares.index[first]))
    ends = start + timedelta(days=DAYS_PER_WEEK * int(shares.index[last]) + DAYS_PER_WEEK - 1)
    means = shares.iloc[first : last + 1].mean().sort_values(ascending=False, kind="stable")
    leaders = [(str(name), float(share)) for name, share in means.iloc[:2].items() if share > 0]
    if len(leaders) > 1 and leaders[0][1] - leaders[1][1] > TIE + 1e-9:
        leaders.pop()
    return Spell(opens, min(ends, end), *leaders[0], *(leaders[1] if len(leaders) > 1 else ()))


def bound_words(run: Viewed) -> str:
    """Say in a title what bound longest, at most two causes and none twice; and if nothing did in most weeks."""
    held = spells(run)
    weeks = sum(spell.weeks for spell in held)
    free = sum(spell.weeks for spell in held if spell.causes == {"none"})
    if 2 * free > weeks or free == weeks:
        return f"nothing binds in {'any week' if free == weeks else f'{free} of {weeks} weeks'}"
    named: list[Spell] = []
    for spell in sorted(held, key=lambda spell: (-spell.weeks, -spell.share)):
        if len(named) < 2 and "none" not in spell.causes and not any(spell.causes & other.causes for other in named):
            named.append(spell)
    if not named:
        return "no cause binds for long"
    named.sort(key=lambda spell: spell.first)
    parts = [f"{spell.words} ({range_words(short_date(spell.first), short_date(spell.last))})" for spell in named]
    return f"{' and then '.join(parts)} {'binds' if len(parts) == 1 else 'bind'} most"


def worst_town(run: Viewed) -> tuple[str, int, Band] | None:
    """Town most often worst off by need met over the run, in how many replications, and its need met.

    Replications in which every town's need is met in full have none; in 0 of them the first is one as good as any.
    """
    columns = {column_of("need_met", name): name for name in run.scenario.root.towns}
    held = run.measures[[one for one in columns if one in run.measures]].dropna(axis=1, how="all")
    if held.empty:
        return None
    counts = held[held.min(axis=1) < FULL].idxmin(axis=1).value_counts()
    name = str(counts.index[0] if len(counts) else held.mean().idxmin())
    return columns[name], int(counts.max()) if len(counts) else 0, band(run.measures[name])

"""What a run shows, computed once for titles and for the answer: shortage, what bound, the worst town."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from unicodedata import normalize

from sim.errors import ViewError
from sim.language import say
from sim.plan import build
from sim.results.daily import SHORT, closed_days
from sim.results.measures import column_of
from sim.results.run import Run
from sim.rules.steps import WEEK
from sim.view.bands import Band, band, measured
from sim.view.words import CAUSE_WORDS, counted, each_in, either, long_date, on_day, percent, range_words, short_date

if TYPE_CHECKING:
    from pandas import DataFrame

FULL = 0.995
"""Need met that counts as all of it."""


def pump_products(run: Run) -> list[str]:
    """Products sold at stations, the lead product first, then in the scenario's order."""
    root = run.scenario.root
    return lead_first((name for name, product in root.products.items() if product.pump), root.lead)


def lead_first(products: Iterable[str], lead: str) -> list[str]:
    """Return products with the lead at their head: whatever speaks of one alone speaks of that, as the measures do."""
    return sorted(products, key=lambda name: name != lead)


def town_rows(run: Run, town: str, columns: Iterable[str]) -> DataFrame:
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


def first_shortage(run: Run, town: str, product: str) -> Band:
    """Band of the day number of the first shortage, over all replications.

    For the hub's lead product this is the measure ``first_shortage``; for others it is read off the towns table by the
    same rule (`sim.results.daily.Daily.fill`).
    """
    root, days = run.scenario.root, days_of(run)
    if town == root.hub and product == root.lead:
        return measured(run.measures, "first_shortage", days)
    rows = town_rows(run, town, ["replication", "day", "product", "sold", "wanted", "open_share"])
    rows = rows[(rows["product"] == product) & ~rows["day"].isin(_closed(run, town, product))]
    none_wanted = rows["wanted"] <= 0.0
    fill = (rows["sold"] / rows["wanted"]).mask(none_wanted, (rows["open_share"] > 0.0).astype(float))
    first = rows[fill < SHORT].groupby("replication")["day"].min().reindex(run.measures.index).astype(float)
    return measured(first.to_frame("first_shortage"), "first_shortage", days)


def _closed(run: Run, town: str, product: str) -> list[int]:
    """Days on which a rule lets a town sell none of a product, by the middle of an uncertain date of the rule."""
    if not any(rule.closed_days for rule in run.scenario.root.rationing.values()):
        return []
    plan = build(run.scenario)
    closed = closed_days(plan, plan.towns.name.index(town), plan.products.name.index(product))
    return [day for day, shut in enumerate(closed) if shut]


def days_of(run: Run) -> int:
    """Return the length of the run."""
    return (run.scenario.end - run.scenario.start).days


def shortage_words(town: str, product: str, short: Band, start: datetime, end: datetime) -> str:
    """Say by when which shares of all replications run short of a product in a town, and how many do not in the run."""
    days, last = (end - start).days, long_date(end - timedelta(days=1))
    values = {"town": town, "product": say(product), "last": last, "came": short.came, "total": short.total}
    if not short.came:
        count = counted(str(short.total), "replication")
        return say("{town} does not run short of {product} by {last} ({replications})", **values, replications=count)
    when = long_date(on_day(start, short.median)) if short.median < days else last
    if not short.wide:
        return say("{town} runs short of {product} on {when} (one replication)", **values, when=when)
    low, high = (say("first"), say("last")) if short.few else (percent(0.05), percent(0.95))
    pairs = ((low, short.low), (high, short.high))
    ends = [
        say("{share} by {when}", share=words, when=long_date(on_day(start, day))) for words, day in pairs if day < days
    ]
    if short.median < days:
        if short.never:
            ends.append(say("{never} of {total} not by {last}", **values, never=short.never))
        text = say("{town} runs short of {product} by {when} in half of all runs", **values, when=when)
    else:
        text = say("{town} runs short of {product} by {last} in {came} of {total} runs", **values)
    return f"{text} ({', '.join(ends)})" if ends else text


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
        return either([say(CAUSE_WORDS.get(cause, cause)) for cause in (self.cause, self.rival) if cause])

    @property
    def dates(self) -> str:
        """Its first and last day."""
        return range_words(short_date(self.first), short_date(self.last))

    @property
    def often(self) -> str:
        """In how many replications, in words."""
        if self.rival:
            return each_in((self.share, self.rival_share))
        return say("in {share} of replications", share=percent(self.share))

    @property
    def weeks(self) -> int:
        """Length in weeks, counting a last incomplete one."""
        return ((self.last - self.first).days + WEEK) // WEEK


def binding_shares(run: Run) -> DataFrame:
    """Share of replications bound by each cause: a row per week, a column per cause that ever bound."""
    from pandas import crosstab

    table = run.part("binding", ["week", "bound"])
    return crosstab(table["week"], table["bound"], normalize="index")


def spells(run: Run) -> list[Spell]:
    """Weeks joined by the cause that bound most replications, or by the two that lead together.

    A single week in which two causes lead together joins a longer spell beside it of one of them, and the reverse.
    """
    shares = binding_shares(run)
    start = run.scenario.start.date()
    end = start + timedelta(days=int(run.part("flows", ["day"])["day"].max()))
    blocks = [(week, week, _spell(shares, week, week, start, end)) for week in range(len(shares))]
    for joined in (_alike, _nested):
        place = 0
        while place < len(blocks) - 1:
            (first, _, before), (_, last, after) = blocks[place : place + 2]
            if joined(before, after):
                blocks[place : place + 2] = [(first, last, _spell(shares, first, last, start, end))]
                place = max(0, place - 1)
            else:
                place += 1
    return [spell for _, _, spell in blocks]


def _alike(before: Spell, after: Spell) -> bool:
    return before.causes == after.causes


def _nested(before: Spell, after: Spell) -> bool:
    single = min(before.weeks, after.weeks) == 1
    return _alike(before, after) or (single and (before.causes <= after.causes or after.causes <= before.causes))


def _spell(shares: DataFrame, first: int, last: int, start: date, end: date) -> Spell:
    opens = start + timedelta(days=WEEK * int(shares.index[first]))
    ends = start + timedelta(days=WEEK * int(shares.index[last]) + WEEK - 1)
    means = shares.iloc[first : last + 1].mean().sort_values(ascending=False, kind="stable")
    leaders = [(str(name), float(share)) for name, share in means.iloc[:2].items() if share > 0]
    if len(leaders) > 1 and leaders[0][1] - leaders[1][1] > TIE + 1e-9:
        leaders.pop()
    return Spell(opens, min(ends, end), *leaders[0], *(leaders[1] if len(leaders) > 1 else ()))


def bound_words(run: Run) -> str:
    """Say in a title what bound longest, at most two causes and none twice; and if nothing did in most weeks."""
    blocks = spells(run)
    weeks = sum(spell.weeks for spell in blocks)
    free = sum(spell.weeks for spell in blocks if spell.causes == {"none"})
    if 2 * free > weeks or free == weeks:
        if free == weeks:
            return say("nothing binds in any week")
        return say("nothing binds in {free} of {weeks} weeks", free=free, weeks=weeks)
    named = bound_most(run)
    if not named:
        return say("no cause binds for long")
    first, *then = (f"{spell.words} ({spell.dates})" for spell in named)
    if not then:
        return say("{cause} binds most", cause=first)
    return say("{first} and then {second} bind most", first=first, second=then[0])


def bound_most(run: Run) -> list[Spell]:
    """Return what bound longest, at most two spells of different causes, in order of time; none if mostly nothing."""
    blocks = spells(run)
    weeks = sum(spell.weeks for spell in blocks)
    if 2 * sum(spell.weeks for spell in blocks if spell.causes == {"none"}) > weeks:
        return []
    named: list[Spell] = []
    for spell in sorted(blocks, key=lambda spell: (-spell.weeks, -spell.share)):
        if len(named) < 2 and "none" not in spell.causes and not any(spell.causes & other.causes for other in named):
            named.append(spell)
    return sorted(named, key=lambda spell: spell.first)


def worst_town(run: Run) -> tuple[str, int, Band] | None:
    """Town most often worst off by need met over the run, in how many replications, and its need met.

    Replications in which every town's need is met in full have none; in 0 of them the first is one as good as any.
    """
    columns = {column_of("need_met", name): name for name in run.scenario.root.towns}
    needs = run.measures[[name for name in columns if name in run.measures]].dropna(axis=1, how="all")
    if needs.empty:
        return None
    counts = needs[needs.min(axis=1) < FULL].idxmin(axis=1).value_counts()
    name = str(counts.index[0] if len(counts) else needs.mean().idxmin())
    return columns[name], int(counts.max()) if len(counts) else 0, band(run.measures[name])

"""One day of a run: what the model says of it, beside what is on record for it, and both in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import sim.evidence
from sim.errors import RequestError
from sim.evidence.rows import Event
from sim.language import mark, say
from sim.results.measures import days_after, read
from sim.results.run import Run
from sim.results.stated import day_numbers
from sim.scenario.load import Scenario
from sim.scenario.moment import read_moment
from sim.scenario.problem import one_of, quoted
from sim.scenario.schema import Documented
from sim.scenario.sources import ASSUMPTION
from sim.shown import shown
from sim.study.verdicts import LONGEST, Verdict
from sim.view.bands import Band, band
from sim.view.fact_answers import band_of, documented, ordered, verdict_of
from sim.view.record_words import RecordLine, beside, beside_not, compare_record
from sim.view.run_findings import days_of, pump_products, town_rows
from sim.view.study_words import page, run_opening
from sim.view.table import band_head, grid, paragraphs, where
from sim.view.words import CAUSE_WORDS, CAUSES, M3_PER_ML, Measure, long_date, on_day, range_words, spelled

if TYPE_CHECKING:
    from pandas import DataFrame, Series


Label = tuple[str, str]
"""What a number is, in the language spoken and in English."""
COUNTRY = mark("The country")


class Number(NamedTuple):
    """What the model says of one thing on a day, over all replications."""

    place: str
    measure: Measure
    band: Band


@shown(
    lambda day: f"'{day.run.scenario.root.title}': {day.date}, day {day.day} of the run, n = {len(day.run.measures):,}",
    *("model", "on_record", "events", "run"),
)
@dataclass(frozen=True)
class Day:
    """A day of a run.

    Parameters
    ----------
    run
        The run.
    day
        Its number, from 0.
    numbers
        What the model says, the hub first, then other towns that were asked for, then the country.
    record
        Documented figures of the scenario that tell of the day; none if it does not stand for what happened.
    events
        What the evidence has for the day, if the scenario rests on it.
    facts
        Facts of a file of targets that tell of the day, if one was given and the scenario stands for what happened.
    """

    run: Run
    day: int
    numbers: Sequence[Number]
    record: Sequence[RecordLine]
    events: Sequence[Event]
    facts: Sequence[Verdict] | None = None

    @property
    def date(self) -> date:
        """The date."""
        return on_day(self.run.scenario.start, self.day)

    @cached_property
    def model(self) -> DataFrame:
        """What the model says: columns place, what, unit, median, low, high (5 and 95 % points)."""
        import pandas as pd

        return pd.DataFrame(self.plain()["model"])

    @cached_property
    def on_record(self) -> DataFrame:
        """What is on record beside the model: columns name, measure, source, verdict, median, low, high."""
        import pandas as pd

        columns = ["name", "measure", "source", "verdict", "median", "low", "high"]
        return pd.DataFrame(self.plain()["record"], columns=columns)

    def plain(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        points = attrgetter("median", "low", "high")

        def row(spread: Band | Verdict, **about: Any) -> dict[str, Any]:
            return about | dict(zip(("median", "low", "high"), points(spread), strict=True))

        plain = {
            "date": self.date.isoformat(),
            "replications": len(self.run.measures),
            "model": [
                row(spread, place=place, what=measure.plain, unit="share" if measure.unit == "%" else measure.unit)
                for place, measure, spread in self.numbers
            ],
            "record": [
                row(line.model, name=line.name, measure=line.stated.measure, source=line.source, verdict=line.verdict)
                for line in self.record
            ],
            "events": [{"id": event.id, "text": event.describe()} for event in self.events],
        }
        if self.facts is not None:
            plain["targets"] = [
                row(fact, name=fact.bound.name, facts=fact.bound.target.facts, verdict=verdict_of(fact))
                for fact in self.facts
            ]
        return plain


def day_in(scenario: Scenario, when: str | date, towns: Collection[str] = ()) -> int:
    """Return the number of a day of the run, if it can be asked of some towns.

    Raises
    ------
    RequestError
        If it is no date, or outside the run, or there is no such town.
    """
    moment = read_moment(when if isinstance(when, str) else f"{when:%Y-%m-%d}", None)
    if isinstance(moment, list):
        raise RequestError(str(moment[0]), value=when)
    day = int(moment.hours(scenario.start)[0] // 24.0)
    if not 0 <= day < (scenario.end - scenario.start).days:
        last = scenario.end - timedelta(days=1)
        raise RequestError(
            f"{quoted(str(when))} is outside the run; expected a day from {scenario.start:%Y-%m-%d} to {last:%Y-%m-%d}",
            value=when,
        )
    for town in towns:
        if town not in scenario.root.towns:
            expected = one_of([*scenario.root.towns], town)
            raise RequestError(f"no such town: {quoted(town)}; expected {expected}", value=town)
    return day


def day_of(run: Run, when: str | date, towns: Collection[str] = ()) -> Day:
    """Return what a run says of a day; ``when``, ``towns`` and what is refused as in `sim.view.at.at`."""
    day, root = day_in(run.scenario, when, towns), run.scenario.root
    numbers = [number for town in dict.fromkeys((root.hub, *towns)) for number in _of_town(run, town, day)]
    numbers += _of_country(run, day)
    if not root.record:
        return Day(run, day, numbers, [], [])
    record = [line for line in compare_record(run) if _tells_of(root.documented[line.name], run, day)]
    return Day(run, day, numbers, record, _events(run, on_day(run.scenario.start, day)))


def _label(message: str, **values: str) -> Label:
    return say(message, **{key: say(word) for key, word in values.items()}), message.format(**values)


def _measure(label: Label, unit: str) -> Measure:
    words, plain = label
    return Measure(words, unit, plain=plain)


def _of_town(run: Run, town: str, day: int) -> list[Number]:
    columns = ["stock", "station_stock", "need", "burned", "open_share", "queue_hours", "price_index"]
    rows = town_rows(run, town, ["replication", "day", "product", *columns])
    rows = rows[rows["day"] == day]
    values_of: list[tuple[Label, str, Series]] = []
    for product in pump_products(run):
        ours = rows[rows["product"] == product].set_index("replication")
        values_of += [
            (_label(mark("stations open with {product}"), product=product), "%", ours["open_share"]),
            (_label(mark("queue for {product}"), product=product), "h", ours["queue_hours"]),
            (_label(mark("black-market index, {product}"), product=product), "", ours["price_index"]),
        ]
    together = rows.groupby("replication")[columns].sum()
    stock, need = together["stock"] + together["station_stock"], together["need"]
    need = need.where(need > 0.0)  # where that is nothing, a share of it is not defined
    values_of += [
        (_label(mark("stock in depot and stations")), "ML", stock / M3_PER_ML),
        (_label(mark("cover: days of use in depot and stations")), "days", stock / need),
        (_label(mark("need met")), "%", together["burned"] / need),
    ]
    return [Number(town, _measure(label, unit), band(values)) for label, unit, values in values_of]


def _of_country(run: Run, day: int) -> list[Number]:
    kinds = {name: corridor.kind for name, corridor in run.scenario.root.corridors.items()}
    waiting = [f"waiting_{cause}" for cause in CAUSES]
    flows = run.part("flows", ["replication", "day", "corridor", "arrived", "lost", *waiting])
    kind = flows["corridor"].astype(str).map(kinds)
    abroad, so_far = kind != "inland", flows["day"] <= day

    def added(column: str, met: Series) -> Series:
        """Sum a column by replication over the rows that are met."""
        sums: Series = flows[met].groupby("replication")[column].sum()
        return sums.reindex(run.measures.index, fill_value=0)

    # Every tanker has the same load in a replication, so that volumes go as arrivals do.
    arrived, all_of_them = added("arrived", abroad & so_far), added("arrived", abroad)
    volume = run.measures["imports_total"] * (arrived / all_of_them.where(all_of_them > 0)).fillna(0.0)
    stocks = run.part("stocks", ["replication", "day", "depots", "stations", "inside"])
    stocks = stocks[stocks["day"] == day].groupby("replication")[["depots", "stations", "inside"]].sum()
    values_of: list[tuple[Label, str, Series]] = [
        (_label(mark("stock in depots, stations and laden tankers inside")), "ML", stocks.sum(axis=1) / M3_PER_ML),
        (_label(mark("imports so far")), "ML", volume),
        (_label(mark("tankers lost so far")), "", added("lost", so_far)),
    ]
    for column, cause in zip(waiting, CAUSES, strict=True):
        values = added(column, (kind == "import") & (flows["day"] == day))
        if values.any():
            label = _label(mark("import tankers waiting, {cause}"), cause=CAUSE_WORDS[cause])
            values_of.append((label, "", values))
    return [Number(COUNTRY, _measure(label, unit), band(values)) for label, unit, values in values_of]


def _tells_of(entry: Documented, run: Run, day: int) -> bool:
    """Say whether a documented figure tells of a day: its date, its range of dates, its month or fortnight."""
    start = run.scenario.start
    if entry.date is not None:
        value, low, high = day_numbers(entry.date, start)
        return (value if low is None else low) <= day <= (value if high is None else high)
    measure, when = read(entry.measure), on_day(start, day)
    assert measure is not None
    if measure.month:
        return measure.month == when.isoformat()[:7]
    if not measure.date:
        return False
    first = date.fromisoformat(measure.date)
    return first <= when <= first + timedelta(days=days_after(measure))


def _events(run: Run, day: date) -> list[Event]:
    """Return the events of the evidence that tell of a day, if the scenario's documented figures or marks cite one."""
    rows, root = sim.evidence.load().events, run.scenario.root
    cited = {entry.source for entry in root.documented.values()} | {mark.source for mark in root.marks.values()}
    if not cited & rows.keys():
        return []
    ends = [(row, row.date_end or row.date) for row in rows.values()]
    events = [row for row, end in ends if row.date <= day <= end and (end - row.date).days < LONGEST]
    return sorted(events, key=attrgetter("date", "id"))


def day_words(day: Day) -> str:
    """Say what the model says of a day, and what is on record for it."""
    run, start = day.run, day.run.scenario.start
    count, when = len(run.measures), long_date(day.date)
    run_days = range_words(long_date(start.date()), long_date(on_day(start, days_of(run) - 1)))
    notes = [say("Medians and bands are over all replications, each line by itself.")] if count > 1 else []
    opening = say(
        "{date} {year}, day {day} of the run ({days}).", date=when, year=day.date.year, day=day.day, days=run_days
    )
    return page(
        paragraphs(run_opening(run, f"{opening} ")),
        *_tables(day, when),
        paragraphs(notes),
        *_on_record(day, when),
        where(run.folder, ()),
    )


def _tables(day: Day, when: str) -> list[str]:
    """Return a table for each place."""
    count, tables = len(day.run.measures), []
    wide = count > 1
    heads = [say("median"), band_head(count)] if wide else [say("value")]
    headings = spelled([number.measure.heading for number in day.numbers])
    for place, numbers in groupby(zip(headings, day.numbers, strict=True), key=lambda pair: pair[1].place):
        rows = [
            [heading[:1].upper() + heading[1:], measure.text(spread.median), *[measure.ends(spread)] * wide]
            for heading, (_, measure, spread) in numbers
        ]
        tables.append(grid([f"{say(place)}, {when}", *heads], rows))
    return tables


def _on_record(day: Day, when: str) -> list[str]:
    """Return what is on record for the day, in tables and lines; one line if there is nothing, or it is not asked."""
    run = day.run
    if not run.scenario.root.record:
        return [paragraphs([beside_not(run)])]
    facts = ordered(day.facts or ())
    # A target asks of a fact more closely: what one tells of by itself is not set beside the model a second time.
    alone = {tuple(fact.bound.target.facts) for fact in facts if fact.holds is not None}
    record = [line for line in day.record if line.source == ASSUMPTION or (line.source,) not in alone]
    parts = [beside(run, record, medians=True)] if record else []
    if facts:
        start = run.scenario.start
        rows = [
            (
                _asked(fact, start),
                documented(fact.bound, start),
                ", ".join(fact.bound.target.facts),
                band_of(fact, start),
                verdict_of(fact),
            )
            for fact in facts
        ]
        heads = [
            say("Targets on the day"),
            say("documented"),
            say("source"),
            say("model's 5–95 % band"),
            say("verdict"),
        ]
        parts.append(grid(heads, rows, (1, 3), prose=(0, 2)))
    if day.events:
        lines = [say("The evidence has for {date}:", date=when), *(f"  {event.describe()}" for event in day.events)]
        parts.append(paragraphs(lines, "    "))
    return parts or [say("Nothing is on record for {date}.", date=when)]


def _asked(verdict: Verdict, start: datetime) -> str:
    """Return what is asked, with the days from which it is read if they are more than one and its label has others."""
    label, quantity = say(verdict.bound.target.label), verdict.bound.asked.quantity
    if verdict.bound.is_date or quantity.first == quantity.last:
        return label
    days = range_words(*(long_date(on_day(start, day)) for day in (quantity.first, quantity.last)))
    return label if days in label else f"{label} ({days})"

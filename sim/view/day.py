"""One day of a run: what the model says of it, beside what is on record for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import sim.evidence
from sim.errors import RequestError
from sim.results.measure import read
from sim.results.named import days_after
from sim.results.shown import shown
from sim.results.stated import day_numbers
from sim.scenario.moment import read_moment
from sim.scenario.problem import one_of, quoted
from sim.study.verdicts import LONGEST
from sim.view.bands import band
from sim.view.facts import verdict_of
from sim.view.findings import pump_products, town_rows
from sim.view.record import compare_record
from sim.view.words import CAUSE_WORDS, CAUSES, M3_PER_ML, Measure, on_day

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from sim.evidence.rows import Event
    from sim.scenario.load import Scenario
    from sim.scenario.schema import Documented
    from sim.study.verdicts import Verdict
    from sim.view.bands import Band
    from sim.view.record import Compared
    from sim.view.source import Viewed

COUNTRY = "The country"


class Number(NamedTuple):
    """What the model says of one thing on a day, over all replications."""

    place: str
    measure: Measure
    band: Band


@shown(
    lambda found: (
        f"'{found.run.scenario.root.title}': {found.date}, day {found.day} of the run, n = {len(found.run.measures):,}"
    ),
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

    run: Viewed
    day: int
    numbers: Sequence[Number]
    record: Sequence[Compared]
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
        targets = [
            {"name": one.bound.name, "facts": one.bound.target.facts, "verdict": verdict_of(one)}
            | {key: getattr(one, key) for key in ("median", "low", "high")}
            for one in self.facts or ()
        ]
        return {
            "date": self.date.isoformat(),
            "replications": len(self.run.measures),
            "model": [
                {
                    "place": one.place,
                    "what": one.measure.label,
                    "unit": "share" if one.measure.unit == "%" else one.measure.unit,
                }
                | {key: getattr(one.band, key) for key in ("median", "low", "high")}
                for one in self.numbers
            ],
            "record": [
                {"name": one.name, "measure": one.stated.measure, "source": one.source, "verdict": one.verdict}
                | {key: getattr(one.model, key) for key in ("median", "low", "high")}
                for one in self.record
            ],
            "events": [{"id": one.id, "text": one.describe()} for one in self.events],
            **({} if self.facts is None else {"targets": targets}),
        }


def day_in(scenario: Scenario, when: str | date) -> int:
    """Return the number of a day of the run.

    Raises
    ------
    RequestError
        If it is no date, or outside the run.
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
    return day


def day_of(run: Viewed, when: str | date, towns: Collection[str] = ()) -> Day:
    """Return what a run says of a day.

    Parameters
    ----------
    run
        A run with its tables.
    when
        The date, or ``day 12`` after the start.
    towns
        Towns beside the hub.

    Raises
    ------
    RequestError
        If the day is not one of the run, or there is no such town.
    """
    day, root = day_in(run.scenario, when), run.scenario.root
    for town in towns:
        known_town(run.scenario, town)
    found = [number for town in dict.fromkeys((root.hub, *towns)) for number in _of_town(run, town, day)]
    record = (
        [one for one in compare_record(run) if _tells_of(root.documented[one.name], run, day)] if root.record else []
    )
    events = _events(run) if root.record else ()
    date_of = on_day(run.scenario.start, day)
    held = [event for event in events if event.date <= date_of <= (event.date_end or event.date)]
    return Day(run, day, [*found, *_of_country(run, day)], record, held)


def known_town(scenario: Scenario, name: str) -> None:
    """Refuse a name that is no town, before anything runs."""
    if name not in scenario.root.towns:
        raise RequestError(f"no such town: {quoted(name)}; expected {one_of([*scenario.root.towns], name)}", value=name)


def _of_town(run: Viewed, town: str, day: int) -> list[Number]:
    columns = ["stock", "station_stock", "need", "burned", "open_share", "queue_hours", "price_index"]
    rows = town_rows(run, town, ["replication", "day", "product", *columns])
    rows = rows[rows["day"] == day]
    found = []
    for product in pump_products(run):
        ours = rows[rows["product"] == product].set_index("replication")
        told: list[tuple[str, str, Series]] = [
            (f"stations open with {product}", "%", ours["open_share"]),
            (f"queue for {product}", "h", ours["queue_hours"]),
            (f"black-market index, {product}", "", ours["price_index"]),
        ]
        found += [Number(town, Measure(label, unit), band(values)) for label, unit, values in told]
    together = rows.groupby("replication")[columns].sum()
    stock = together["stock"] + together["station_stock"]
    whole: list[tuple[str, str, Series]] = [
        ("stock in depot and stations", "ML", stock / M3_PER_ML),
        ("cover: days of use in depot and stations", "days", _over(stock, together["need"])),
        ("need met", "%", _over(together["burned"], together["need"])),
    ]
    return [*found, *(Number(town, Measure(label, unit), band(values)) for label, unit, values in whole)]


def _over(values: Series, of: Series) -> Series:
    """Return one over another; not defined where that is nothing."""
    return values / of.where(of > 0.0)


def _of_country(run: Viewed, day: int) -> list[Number]:
    kinds = {name: corridor.kind for name, corridor in run.scenario.root.corridors.items()}
    waiting = [f"waiting_{cause}" for cause in CAUSES]
    flows = run.part("flows", ["replication", "day", "corridor", "arrived", "lost", *waiting])
    kind = flows["corridor"].astype(str).map(kinds)
    imports, abroad = flows[kind == "import"], flows[kind != "inland"]

    def over(rows: DataFrame, column: str, met: Callable[[DataFrame], Any]) -> Series:
        """Sum a column by replication over the days that are met."""
        found: Series = rows[met(rows)].groupby("replication")[column].sum()
        return found.reindex(run.measures.index, fill_value=0)

    def so_far(rows: DataFrame) -> Any:
        return rows["day"] <= day

    # Every tanker has the same load in a replication, so that volumes go as arrivals do.
    arrived, all_of_them = over(abroad, "arrived", so_far), over(abroad, "arrived", lambda rows: rows["day"] >= 0)
    volume = run.measures["imports_total"] * (arrived / all_of_them.where(all_of_them > 0)).fillna(0.0)
    stocks = run.part("stocks", ["replication", "day", "depots", "stations", "inside"])
    stocks = stocks[stocks["day"] == day].groupby("replication")[["depots", "stations", "inside"]].sum()
    told: list[tuple[str, str, Series]] = [
        ("stock in depots, stations and laden tankers inside", "ML", stocks.sum(axis=1) / M3_PER_ML),
        ("imports so far", "ML", volume),
        ("tankers lost so far", "", over(flows, "lost", so_far)),
    ]
    for column, cause in zip(waiting, CAUSES, strict=True):
        values = over(imports, column, lambda rows: rows["day"] == day)
        if values.any():
            told.append((f"import tankers waiting, {CAUSE_WORDS[cause]}", "", values))
    return [Number(COUNTRY, Measure(label, unit), band(values)) for label, unit, values in told]


def _tells_of(entry: Documented, run: Viewed, day: int) -> bool:
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


def _events(run: Viewed) -> list[Event]:
    """Return the events of the evidence that tell of days, if the scenario's documented figures or marks cite one."""
    rows, root = sim.evidence.load().events, run.scenario.root
    cited = {one.source for one in root.documented.values()} | {one.source for one in root.marks.values()}
    if not cited & rows.keys():
        return []
    found = [row for row in rows.values() if ((row.date_end or row.date) - row.date).days < LONGEST]
    return sorted(found, key=lambda row: (row.date, row.id))

"""The events of a replication as a log that people read: day and hour, where, what."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import merge
from typing import Final

from sim.errors import RequestError
from sim.language import mark, say
from sim.record import Record
from sim.results.daily import DRY, HALF, Daily
from sim.results.events import WHAT
from sim.scenario.problem import one_of
from sim.study.replicate import Events
from sim.view.event_words import Line, Words, moment_of
from sim.view.run_findings import lead_first
from sim.view.study_words import laid_on, made_of, unfitted_words
from sim.view.width import line as room
from sim.view.words import apart, folded, long_date, number, percent, short_date

STORY: Final = ("convoys", "attacks", "stations", "crews")
"""What is told unless asked otherwise."""
NOTHING: Final = mark("nothing of what was asked for happened")
STATIONS: Final = (
    mark("hardly a station has {product} ({share})"),
    mark("under half of the stations have {product} ({share})"),
    mark("half of the stations or more have {product} again ({share})"),
)
"""By how many are open."""


@dataclass(frozen=True)
class Choice:
    """Which events are told.

    Parameters
    ----------
    what
        Of WHAT.
    since, until
        First and last day; None for those of the run.
    town
        Town or junction; None for all.
    """

    what: Collection[str] = STORY
    since: date | None = None
    until: date | None = None
    town: str | None = None


def lines_of(events: Events, choice: Choice) -> Iterator[Line]:
    """Iterate over the events of a choice, in order of time.

    Raises
    ------
    RequestError
        If there is no such kind of event, no such place, or the days lie outside the run.
    """
    first, last = _days_of(events, choice)
    # What holds for a day comes at its end.
    lines = merge(Words(events.scenario, events.record).lines(), pump_days(events.record), key=lambda line: line.day)
    return (
        line
        for line in lines
        if line.what in choice.what
        and first <= line.day <= last
        and (choice.town is None or choice.town in line.places)
    )


def event_lines(events: Events, choice: Choice | None = None) -> Iterator[str]:
    """Iterate over the log's lines, within the columns of a paragraph: what it is of, then a line or two an event.

    Raises
    ------
    RequestError
        As in `lines_of`.
    """
    choice = choice or Choice()
    lines = lines_of(events, choice)
    for text in (*head_lines(events), *_pumps(events, choice)):
        yield from folded(text, room())
    yield ""
    start, years, some = events.scenario.start, events.scenario.start.year != _last(events).year, False
    for line in lines:
        moment = moment_of(start, line.time)
        hour = " " * 5 if line.whole_day else f"{moment:%H:%M}"
        when = f"{short_date(moment):>6}{f' {moment.year:04}' if years else ''} {hour}  "
        yield from folded(f"{when}{line.text}", room(), " " * len(when))
        some = True
    if not some:
        yield say(NOTHING)


def head_lines(events: Events) -> Iterator[str]:
    """Iterate over the lines that say which replication it is, and of what."""
    scenario, start, last = events.scenario, events.scenario.start.date(), _last(events)
    root = scenario.root
    values = {
        "title": say(root.title),
        "replication": events.replication,
        "seed": events.seed,
        "days": f"{long_date(start)} {start.year} – {long_date(last)} {last.year}",
    }
    if events.central:
        yield say("{title}: replication {replication} of seed {seed}, central values, {days}", **values)
    else:
        yield say("{title}: replication {replication} of seed {seed}, {days}", **values)
    yield made_of(scenario, laid_on(scenario, scenario.laid))
    yield unfitted_words(scenario, events.central)


def _pumps(events: Events, choice: Choice) -> Iterator[str]:
    start, root = events.scenario.start.date(), events.scenario.root
    since, town = choice.since or start, choice.town or root.hub
    if town in root.towns and (choice.town is not None or since > start):
        yield pumps_on(events.record, town, since, (since - start).days)


def _last(events: Events) -> date:
    return (events.scenario.end - timedelta(days=1)).date()


def _days_of(events: Events, choice: Choice) -> tuple[int, int]:
    """Return the first and the last day of a choice."""
    if wrong := [what for what in choice.what if what not in WHAT]:
        raise RequestError(f"no events of kind '{wrong[0]}'; expected {one_of(WHAT, wrong[0])}")
    root = events.scenario.root
    places = [*root.towns, *root.junctions]
    if choice.town is not None and choice.town not in places:
        raise RequestError(f"no town '{choice.town}'; expected {one_of(places, choice.town)}")
    start, last = events.scenario.start.date(), _last(events)
    for day in (choice.since, choice.until):
        if day is not None and not start <= day <= last:
            raise RequestError(f"no events on {day}; expected a day from {start} to {last}")
    if choice.since and choice.until and choice.since > choice.until:
        raise RequestError(f"no events from {choice.since} to {choice.until}; expected a day and a later one")
    return ((choice.since or start) - start).days, ((choice.until or last) - start).days


def pump_days(record: Record) -> Iterator[Line]:
    """Iterate, day by day, over what changed at the pumps: the hub's shortage, then each town's stations."""
    daily, plan = Daily(record), record.plan
    towns, products = plan.towns.name, plan.products.name
    open_share = daily.towns("open_share").tolist()
    before = {(place, product): 2 for place in range(len(daily.places)) for product in range(len(daily.products))}

    def line(day: int, town: str, text: str) -> Line:
        said = say("{town}: {text}", town=town, text=text)
        return Line(day * 24.0, "stations", frozenset([town]), said, whole_day=True)

    short = False
    for day in range(plan.days):
        if daily.short[day] != short:
            short = daily.short[day]
            sold = say("all") if daily.fill[day] >= 1.0 else percent(daily.fill[day])
            values = {"product": say(products[plan.lead]), "share": sold}
            if short:
                text = say("short of {product}, {share} of what was wanted was sold", **values)
            else:
                text = say("no longer short of {product}, {share} of what was wanted was sold", **values)
            yield line(day, towns[plan.hub], text)
        for (place, product), level in before.items():
            share, name = open_share[day][place][product], products[daily.products[product]]
            now = 0 if share < DRY else 1 if share < HALF else 2
            if now != level:
                before[place, product] = now
                # Cut, not rounded: 49.6 % is under half.
                values = {"product": say(name), "share": percent(int(share * 100) / 100)}
                if (level, now) == (0, 1):
                    text = say("more stations have {product}, but under half ({share})", **values)
                else:
                    text = say(STATIONS[now], **values)
                yield line(day, towns[daily.places[place]], text)


def pumps_on(record: Record, town: str, when: date, day: int) -> str:
    """Say of a town on a day which stations were open and how much was there, by product; empty if it needs no fuel."""
    daily, place = Daily(record), record.plan.towns.name.index(town)
    if place not in daily.places:
        return ""
    row = daily.places.index(place)
    open_share = daily.towns("open_share")[day, row].tolist()
    stock = (daily.towns("stock")[day, row] + daily.towns("station_stock")[day, row]).tolist()
    names = record.plan.products.name
    by_product = {
        names[product]: say(
            "{product}: {share} of stations open, {volume} m³ in depot and stations at its end",
            product=say(names[product]),
            share=percent(share),
            volume=number(volume),
        )
        for product, share, volume in zip(daily.products, open_share, stock, strict=True)
    }
    products = lead_first(by_product, names[record.plan.lead])
    stations = apart(by_product[name] for name in products)
    return say("{town} on {date}: {stations}.", town=town, date=long_date(when), stations=stations)

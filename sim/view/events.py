"""The events of a replication as a log that people read: day and hour, where, what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from sim.errors import RequestError
from sim.results.events import WHAT
from sim.scenario.problem import one_of
from sim.view.event_words import Words
from sim.view.findings import laid_on, made_of, unfitted_words
from sim.view.pump_days import pump_days, pumps_on
from sim.view.width import line as room
from sim.view.words import MONTHS, folded, long_date

if TYPE_CHECKING:
    from datetime import datetime

    from sim.study.replicate import Events
    from sim.view.event_words import Line

STORY: Final = ("convoys", "attacks", "stations", "crews")
"""What is told unless asked otherwise."""
NOTHING: Final = "nothing of what was asked for happened"


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


def chosen(found: Events, choice: Choice) -> Iterator[Line]:
    """Iterate over the events of a choice, in order of time.

    Raises
    ------
    RequestError
        If there is no such kind of event, no such place, or the days lie outside the run.
    """
    first, last = _checked(found, choice)
    days = _by_day(found)
    return (
        line
        for line in days
        if line.what in choice.what
        and first <= line.day <= last
        and (choice.town is None or choice.town in line.places)
    )


def event_lines(found: Events, choice: Choice | None = None) -> Iterator[str]:
    """Iterate over the log's lines, within the columns of a paragraph: what it is of, then a line or two an event.

    Raises
    ------
    RequestError
        As `chosen`.
    """
    choice = choice or Choice()
    lines = chosen(found, choice)
    yield from _head(found, choice)
    start, years = found.scenario.start, found.scenario.start.year != _last(found).year
    told = False
    for line in lines:
        yield from folded(f"{_when(line, start, years)}{line.text}", room(), " " * len(_when(line, start, years)))
        told = True
    if not told:
        yield NOTHING


def _head(found: Events, choice: Choice) -> Iterator[str]:
    start, last = found.scenario.start.date(), _last(found)
    drawn = ", central values" if found.central else ""
    text = f"{found.scenario.root.title}: replication {found.replication} of seed {found.seed}{drawn}"
    yield from folded(f"{text}, {long_date(start)} {start.year} – {long_date(last)} {last.year}", room())
    scenario = found.scenario
    made = made_of(scenario, laid_on(scenario, scenario.laid)), unfitted_words(scenario, found.central)
    for told in filter(None, made):
        yield from folded(told, room())
    since, root = choice.since or start, scenario.root
    town = root.hub if choice.town is None else choice.town
    if town in root.towns and (choice.town is not None or since > start):
        yield from folded(pumps_on(found.record, town, since, (since - start).days), room())
    yield ""


def _last(found: Events) -> date:
    return (found.scenario.end - timedelta(days=1)).date()


def _when(line: Line, start: datetime, years: bool) -> str:
    """Return day and hour of a line; of what holds for a day, the day."""
    moment = start + timedelta(minutes=int(line.time * 60.0 + 1e-6))
    if line.whole_day:
        moment = start + timedelta(days=line.day)
    day = f"{moment.day:2} {MONTHS[moment.month - 1][:3]}{f' {moment.year:04}' if years else ''}"
    return f"{day} {'     ' if line.whole_day else f'{moment:%H:%M}'}  "


def _by_day(found: Events) -> Iterator[Line]:
    """Iterate over all lines; what holds for a day comes at its end."""
    words = Words(found.scenario, found.record)
    held = {day: [*lines] for day, lines in groupby(pump_days(found.record), key=lambda line: line.day)}
    days = found.record.plan.days
    for day, lines in _with_empty(groupby(_slots(found, words), key=lambda line: line.day), days):
        yield from lines
        yield from held.get(day, [])


def _with_empty(given: Iterable[tuple[int, Iterator[Line]]], days: int) -> Iterator[tuple[int, Iterable[Line]]]:
    """Iterate over all days in order, those without lines too."""
    passed = 0
    for day, lines in given:
        yield from ((empty, ()) for empty in range(passed, day))
        yield day, lines
        passed = day + 1
    yield from ((empty, ()) for empty in range(passed, days))


def _slots(found: Events, words: Words) -> Iterator[Line]:
    """Iterate over lines of the log: what happens at one moment to many things of a kind is one line.

    What is known beforehand, such as when a unit's duty ends, stands in the log ahead of its time.
    """
    for _, entries in groupby(sorted(words.entries(found.record.log), key=itemgetter(0)), key=itemgetter(0)):
        yield from words.at_once([*entries])


def _checked(found: Events, choice: Choice) -> tuple[int, int]:
    """Return the first and the last day of a choice."""
    if wrong := [what for what in choice.what if what not in WHAT]:
        raise RequestError(f"no events of kind '{wrong[0]}'; expected {one_of(WHAT, wrong[0])}")
    root = found.scenario.root
    places = [*root.towns, *root.junctions]
    if choice.town is not None and choice.town not in places:
        raise RequestError(f"no town '{choice.town}'; expected {one_of(places, choice.town)}")
    start, last = found.scenario.start.date(), _last(found)
    for day in (choice.since, choice.until):
        if day is not None and not start <= day <= last:
            raise RequestError(f"no events on {day}; expected a day from {start} to {last}")
    if choice.since and choice.until and choice.since > choice.until:
        raise RequestError(f"no events from {choice.since} to {choice.until}; expected a day and a later one")
    return ((choice.since or start) - start).days, ((choice.until or last) - start).days

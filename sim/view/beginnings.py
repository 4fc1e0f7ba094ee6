"""From when alternatives differ, in words: what begins late has less time to show."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from sim.language import say
from sim.results.measures import kind, read
from sim.scenario.calls import argument
from sim.scenario.difference import change_of_strategy, onset
from sim.study.comparison import Comparison
from sim.view.figures.sides import measure_of
from sim.view.words import listed, long_date, name_words, on_day


def _beginnings(comparison: Comparison) -> dict[date, list[str]]:
    """Return the days on which alternatives begin, each with their names as sentences have them.

    A strategy begins with its second regime of imports, an overlay when it first makes a difference to the baseline;
    the baseline itself, and what differs in nothing or in no regime, is left out.
    """
    scenarios = {alternative.name: alternative.scenario for alternative in comparison.alternatives}
    start, base = comparison.alternatives[0].scenario.start, scenarios[comparison.baseline]
    days: dict[date, list[str]] = {}
    for name, scenario in scenarios.items():
        hours = change_of_strategy(scenario) if len(comparison.strategies) > 1 else onset(scenario, base)
        if hours is not None:
            days.setdefault(on_day(start, hours / 24.0), []).append(name_words(name))
    return days


def beginning_words(comparison: Comparison) -> list[str]:
    """Say which alternatives begin when, if not all on one day, and how to count from the last of these days on."""
    days, month = _beginnings(comparison), _month_of(comparison.goal)
    if len(days) < 2 or (month is not None and month >= max(days)):
        return []
    first = comparison.alternatives[0].scenario.start.date()
    begins = [
        say("{names} with the run", names=listed(names))
        if day == first
        else say("{names} on {date}", names=listed(names), date=long_date(day))
        for day, names in sorted(days.items())
    ]
    label = measure_of(comparison, comparison.goal).label
    other = _whole_month(comparison, max(days))
    if month is None:
        text = say(
            "They begin on different days, {days}: '{measure}' is of the whole run, in which what begins late has less "
            "time to show",
            days=listed(begins),
            measure=label,
        )
    else:
        text = say(
            "They begin on different days, {days}: '{measure}' begins before the last of them, so that what begins "
            "late has less time to show",
            days=listed(begins),
            measure=label,
        )
    if not other:
        return [f"{text}."]
    return [say("{text}; {option} ranks by what comes after.", text=text, option=argument("measure", other))]


def _month_of(measure: str) -> date | None:
    """Return the first day of the month that a measure is of; None if it is of the whole run."""
    parts = read(measure)
    return date.fromisoformat(f"{parts.month}-01") if parts and parts.month else None


def _whole_month(comparison: Comparison, day: date) -> str:
    """Return the measure of the imports of the first whole month from a day on, if the run has one."""
    last = comparison.alternatives[0].scenario.end.date()
    for name in sorted(map(str, comparison.measures)):
        first = _month_of(name) if kind(name) == "imports" else None
        if first and day <= first and name != comparison.goal:
            after = first + timedelta(monthrange(first.year, first.month)[1])
            return name if after <= last else ""
    return ""

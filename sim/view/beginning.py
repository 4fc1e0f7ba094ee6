"""When alternatives begin, if not all on one day: who begins late has less of the run to show what it does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sim.results.measures import read
from sim.scenario.calls import argument
from sim.scenario.difference import change_of_strategy, onset
from sim.view.differ import said
from sim.view.figures.sides import listed, measure_of
from sim.view.words import long_date, on_day

if TYPE_CHECKING:
    from sim.study.comparison import Comparison


def beginnings(comparison: Comparison) -> dict[str, date]:
    """Return the day on which each alternative begins.

    A strategy begins with its second regime of imports, an overlay when it first makes a difference to the baseline;
    the baseline itself, and what differs in nothing or in no regime, is left out.
    """
    start = comparison.alternatives[0].scenario.start
    strategies = len({one.scenario.root.strategy.name for one in comparison.alternatives}) > 1
    base = next(one for one in comparison.alternatives if one.name == comparison.baseline)
    found = {}
    for one in comparison.alternatives:
        hours = change_of_strategy(one.scenario) if strategies else onset(one.scenario, base.scenario)
        if hours is not None:
            found[one.name] = on_day(start, hours / 24.0)
    return found


def beginning_words(comparison: Comparison) -> list[str]:
    """Say which alternatives begin when, if not all on one day, and how to count from the last of these days on."""
    days: dict[date, list[str]] = {}
    for name, day in beginnings(comparison).items():
        days.setdefault(day, []).append(said(name))
    counted = _month_of(comparison.goal)
    if len(days) < 2 or (counted is not None and counted >= max(days)):
        return []
    first = comparison.alternatives[0].scenario.start.date()
    told = [
        f"{listed(names)} {'with the run' if day == first else f'on {long_date(day)}'}"
        for day, names in sorted(days.items())
    ]
    label = measure_of(comparison, comparison.goal).label
    month = _month(comparison, max(days))
    after = f"; {argument('measure', month)} ranks by what comes after" if month else ""
    of = "is of the whole run, in which" if counted is None else "begins before the last of them, so that"
    return [
        f"They begin on different days, {listed(told)}: '{label}' {of} what begins late has less time to show{after}."
    ]


def _month_of(measure: str) -> date | None:
    """Return the first day of the month that a measure is of; None if it is of the whole run."""
    found = read(measure)
    return date.fromisoformat(f"{found.month}-01") if found and found.month else None


def _month(comparison: Comparison, day: date) -> str:
    """Return the measure of the imports of the first whole month from a day on, if the run has one."""
    held = sorted(str(name) for name in comparison.measures if (one := read(str(name))) and one.what == "imports")
    last = comparison.alternatives[0].scenario.end.date()
    for name in held:
        first = _month_of(name) or date.max
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        if day <= first and after <= last and name != comparison.goal:
            return name
    return ""

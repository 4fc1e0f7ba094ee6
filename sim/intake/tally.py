"""Events counted by zone and month, and those left out by the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from math import fsum
from typing import Final

from sim.errors import IntakeError
from sim.intake.districts import Districts, Labels, Place, by_name, districts_of
from sim.intake.events import LONGEST, Event, Export, month_end, months
from sim.intake.sheet import Sheet, folded, refusal
from sim.scenario.problem import nearest, quoted
from sim.scenario.units import MONTH

TOLD: Final = 8
"""Districts that are told by name."""

TWICE = "in rows that repeat an event"
COUNTRY = "of other countries"
TYPE = "of other types"
VAGUE = f"without days that lie within {LONGEST}"
PERIOD = "outside the period"
NOWHERE = "without a known district"
UNMAPPED = "in districts of no zone"


@dataclass(frozen=True)
class Selection:
    """Which events are asked for: types and countries (all if empty), and the first and last day, if any is given."""

    types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Tally:
    """Counts by zone and month.

    ``months`` are the first and last day of each; ``counts`` has one number per month, no whole one where an event of
    a week lies in two. ``left_out`` counts events by reason, ``unmapped`` those of districts without a zone.
    """

    months: Sequence[tuple[date, date]]
    counts: Mapping[str, Sequence[float]]
    counted: float
    left_out: Mapping[str, float]
    unmapped: Mapping[str, float]
    notes: tuple[str, ...] = ()

    @property
    def exposures(self) -> list[float]:
        """Length of each month, or part of one, in months of the unit ``/month``."""
        return [((last - first).days + 1) / (MONTH / 24.0) for first, last in self.months]


def tally(
    sheet: Sheet, export: Export, labels: Labels | None, selection: Selection, within: tuple[date, date] | None = None
) -> Tally:
    """Count events by zone and month.

    Parameters
    ----------
    sheet, export
        The table, and what kind of table it is.
    labels
        Zones by district; None if each district is a zone.
    selection
        Which events count, and what period the table covers; if not said, from its first event to its last.
    within
        Period of the run; no month that has no day in it is asked for.
    """
    file = sheet.file
    left = defaultdict[str, float](float)
    every = _once(sheet.read(export.read), file, left)
    period, notes = _period(every, file, selection, within)
    places = {(event.region, event.district) for event in every}
    chosen = _chosen(every, file, export, selection, left)
    if labels is None:
        notes.append("each district is a zone; --zones joins districts to zones, --on takes the zones of a scenario")
        labels = by_name(sorted({district for _, district in places if district}))
    districts = districts_of(labels, places)
    counts, unmapped = _by_month(chosen, districts, labels, period, left)
    counted = fsum(chain.from_iterable(counts.values()))
    if not counts or (not counted and unmapped):
        raise _no_zone(file, unmapped, labels)
    lands = {event.country for event in every}
    if len(lands) > 1 and not selection.countries:
        notes.append(f"the table has events of {len(lands)} countries; --country takes those of one")
    notes += _label_notes(districts, labels, places)
    return Tally(months(*period), counts, counted, {k: v for k, v in left.items() if v > 0}, unmapped, tuple(notes))


def _once(rows: Iterable[Event], file: str, left: dict[str, float]) -> list[Event]:
    """Return the events, of rows with one id that with the latest stamp, or the last."""
    events: list[Event] = []
    position: dict[str, int] = {}
    for row in rows:
        at = position.setdefault(row.id, len(events)) if row.id else len(events)
        if at == len(events):
            events.append(row)
        else:
            left[TWICE] += 1
            if row.stamp >= events[at].stamp:
                events[at] = row
    if not events:
        raise refusal(file, 0, "no events", "a table without rows", "a row for each event or week")
    return events


def _period(
    events: Sequence[Event], file: str, selection: Selection, within: tuple[date, date] | None
) -> tuple[tuple[date, date], list[str]]:
    """Return the first and last day that count, and what had to be assumed."""
    surest = min((event.last - event.first).days for event in events)
    sure = [event for event in events if (event.last - event.first).days == surest]
    covered = min(event.first for event in sure), max(event.last for event in sure)
    first, last = selection.first or covered[0], selection.last or covered[1]
    guessed = [name for name, day in (("--from", selection.first), ("--to", selection.last)) if day is None]
    period = f"{first} to {last}"
    if within is not None:
        first, last = max(first, within[0].replace(day=1)), min(last, month_end(within[1]))
    if first > last:
        run = f", in a run from {within[0]} to {within[1]}" if within else ""
        raise refusal(file, 0, "no day is covered", f"a table of {period}{run}", "another table, --from or --to")
    if not guessed:
        return (first, last), []
    note = f"the table is taken to cover {period}, by its first and last event"
    return (first, last), [f"{note}; {' and '.join(guessed)} may say otherwise"]


def _chosen(
    events: Sequence[Event], file: str, export: Export, selection: Selection, left: dict[str, float]
) -> list[Event]:
    """Return the events of the types and countries that are asked for."""
    types = {folded(name) for name in selection.types} or set(export.attacks)
    others = set() if selection.types else set(export.others)
    countries = {folded(name) for name in selection.countries}
    chosen = []
    known: set[str] = set()
    for event in events:
        known.update(event.types)
        if countries and folded(event.country) not in countries:
            left[COUNTRY] += event.count
        elif event.types and types and (types.isdisjoint(event.types) or not others.isdisjoint(event.types)):
            left[TYPE] += event.count
        else:
            chosen.append(event)
    for name in selection.types:
        if folded(name) not in known:
            near = nearest(folded(name), known & {*export.attacks, *export.others, "1", "2", "3"})
            expected = f"a type of the table; the nearest is '{near}'" if near else "a type that the table has"
            raise refusal(file, 0, "no event of this type", quoted(name), expected)
    if not chosen:
        what = "type and country" if countries else "type"
        raise refusal(file, 0, f"no event of the {what} asked for", f"{len(events):,} events", "another choice")
    return chosen


def _by_month(
    events: Sequence[Event], districts: Districts, labels: Labels, period: tuple[date, date], left: dict[str, float]
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Return counts by zone and month, an event spread evenly over its days, and those without a zone by district."""
    parts = months(*period)
    idle = {zone for label, zone in labels.zones.items() if label in districts.idle}
    zones = [zone for zone in dict.fromkeys(labels.zones.values()) if zone not in idle or labels.file]
    counts = {zone: [0.0] * len(parts) for zone in zones}
    unmapped = defaultdict[str, float](float)
    cached: dict[Place, str | None] = {}
    for event in events:
        place = (event.region, event.district)
        zone = cached[place] if place in cached else cached.setdefault(place, districts.zone(place))
        days = (event.last - event.first).days + 1
        inside = _overlap(event, *period) / days
        if days > LONGEST:
            left[VAGUE] += event.count
            continue
        left[PERIOD] += event.count * (1.0 - inside)
        if not inside:
            continue
        if zone is None:
            left[UNMAPPED if event.district else NOWHERE] += event.count * inside
            if event.district:
                unmapped[event.district] += event.count * inside
            continue
        row = counts[zone]
        for month, (first, last) in enumerate(parts):
            if first > event.last:
                break
            if last >= event.first:
                row[month] += event.count * _overlap(event, first, last) / days
    return counts, dict(sorted(unmapped.items(), key=lambda pair: -pair[1]))


def _overlap(event: Event, first: date, last: date) -> int:
    return max(0, (min(event.last, last) - max(event.first, first) + timedelta(days=1)).days)


def _no_zone(file: str, unmapped: Mapping[str, float], labels: Labels) -> IntakeError:
    zones = ", ".join(sorted(set(labels.zones.values()))[:TOLD]) or "none"
    expected = "another file" if labels.file else "--zones FILE, a table of district and zone"
    given = f"districts {listed(unmapped) or 'none'}; zones {zones}"
    return refusal(file, 0, "no event lies in a zone", given, expected)


def _label_notes(districts: Districts, labels: Labels, places: Collection[Place]) -> list[str]:
    notes = []
    known = sorted({name for place in places for name in place if name})
    if labels.file:
        for label in districts.idle[:TOLD]:
            near = nearest(label.rpartition("/")[2], known)
            hint = f"; the nearest name in the table is '{near}'" if near else ""
            notes.append(f"{labels.file}: no event lies in '{label}', which then counts as quiet{hint}")
        if len(districts.idle) > TOLD:
            notes.append(f"{labels.file}: nor in {len(districts.idle) - TOLD} more of its districts")
    for label in districts.ambiguous[:TOLD]:
        notes.append(f"'{label}' is a district of several regions, and all count; 'REGION/{label}' names one")
    return notes


def amount(count: float) -> str:
    """Return a number of events; those that lie among days of two months are shared between them."""
    return f"{count:,.0f}" if abs(count - round(count)) < 1e-6 else f"{count:,.1f}"


def listed(counts: Mapping[str, float]) -> str:
    """Return names with their counts, the first of many."""
    words = [f"{name} ({amount(count)})" for name, count in list(counts.items())[:TOLD]]
    more = len(counts) - len(words)
    return ", ".join(words) + (f" and {more} more" if more > 0 else "")

"""One day of a run in words: what the model says, and what is on record for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.sources import ASSUMPTION
from sim.view.facts import band_of, documented, ordered, verdict_of
from sim.view.findings import days_of, made_words, unfitted_words
from sim.view.record import beside, changed_words
from sim.view.table import band_head, grid, paragraphs, where
from sim.view.words import SCOPES, counted, long_date, on_day, range_words, spelled

if TYPE_CHECKING:
    from datetime import datetime

    from sim.study.verdicts import Verdict
    from sim.view.day import Day


def day_words(found: Day) -> str:
    """Say what the model says of a day, and what is on record for it."""
    run, root, start = found.run, found.run.scenario.root, found.run.scenario.start
    count, when = len(run.measures), long_date(found.date)
    seed = f", seed {run.manifest['seed']}" if "seed" in run.manifest else ""
    run_days = range_words(long_date(start.date()), long_date(on_day(start, days_of(run) - 1)))
    opening = [
        root.title,
        f"{when} {found.date.year}, day {found.day} of the run ({run_days}). "
        f"{counted(str(count), 'replication')}{seed}. {made_words(run)} Scope: {SCOPES[root.scope]}.",
        *filter(None, [unfitted_words(run.scenario, bool(run.manifest.get("central")))]),
    ]
    notes = ["Medians and bands are over all replications, each line by itself."] if count > 1 else []
    parts = [paragraphs(opening), *_tables(found, when), paragraphs(notes)]
    return "\n\n".join(part for part in (*parts, *_on_record(found, when), where(run.folder, ())) if part)


def _tables(found: Day, when: str) -> list[str]:
    """Return a table for each place."""
    count, start, made = len(found.run.measures), found.run.scenario.start, []
    heads = ["median", band_head(count)] if count > 1 else ["value"]
    headings = spelled([one.measure.heading for one in found.numbers])
    for place in dict.fromkeys(one.place for one in found.numbers):
        rows = []
        told = [(heading, one) for heading, one in zip(headings, found.numbers, strict=True) if one.place == place]
        for heading, (_, measure, spread) in told:
            row = [heading[:1].upper() + heading[1:], measure.text(spread.median, start)]
            ends = range_words(measure.text(spread.low, start), measure.text(spread.high, start))
            rows.append([*row, ends] if count > 1 else row)
        made.append(grid([f"{place}, {when}", *heads], rows))
    return made


def _on_record(found: Day, when: str) -> list[str]:
    """Return what is on record for the day, in tables and lines; one line if there is nothing, or it is not asked."""
    run = found.run
    if not run.scenario.root.record:
        return [paragraphs([f"Not set beside the record: {changed_words(run)}."])]
    facts = ordered(found.facts or ())
    # A target asks of a fact more closely: what one tells of by itself is not set beside the model a second time.
    alone = {tuple(one.bound.target.facts) for one in facts if one.holds is not None}
    record = [one for one in found.record if one.source == ASSUMPTION or (one.source,) not in alone]
    parts = [beside(run, record, medians=True)] if record else []
    if facts:
        start = run.scenario.start
        rows = [
            (_asked(one, start), documented(one.bound, start), ", ".join(target.facts), band_of(one, start), word)
            for one in facts
            for target, word in ((one.bound.target, verdict_of(one)),)
        ]
        heads = ["Targets on the day", "documented", "source", "model's 5–95 % band", "verdict"]
        parts.append(grid(heads, rows, (1, 3), prose=(0, 2)))
    if found.events:
        told = [f"The evidence has for {when}:", *(f"  {event.describe()}" for event in found.events)]
        parts.append(paragraphs(told, "    "))
    return parts or [f"Nothing is on record for {when}."]


def _asked(one: Verdict, start: datetime) -> str:
    """Return what is asked, with the days from which it is read if they are more than one and its label has others."""
    label, quantity = one.bound.target.label, one.bound.asked.quantity
    if one.bound.is_date or quantity.first == quantity.last:
        return label
    days = range_words(*(long_date(on_day(start, day)) for day in (quantity.first, quantity.last)))
    return label if days in label else f"{label} ({days})"

"""One day of a run in words: what the model says, and what is on record for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.view.facts import band_of, documented, ordered, verdict_of
from sim.view.findings import days_of, made_words, unfitted_words
from sim.view.record import beside, changed_words
from sim.view.table import band_head, grid, paragraphs, where
from sim.view.words import SCOPES, counted, long_date, on_day, range_words, spelled

if TYPE_CHECKING:
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
    parts = [beside(run, found.record)] if found.record else []
    if found.facts:
        start = run.scenario.start
        rows = [
            (target.label, documented(one.bound, start), ", ".join(target.facts), band_of(one, start), verdict_of(one))
            for one in ordered(found.facts)
            for target in (one.bound.target,)
        ]
        parts.append(grid(["Targets on the day", "documented", "source", "model's 5–95 % band", ""], rows, (1, 3)))
    if found.events:
        told = [f"The evidence has for {when}:", *(f"  {event.describe()}" for event in found.events)]
        parts.append(paragraphs(told, "    "))
    return parts or [f"Nothing is on record for {when}."]

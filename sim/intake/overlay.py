"""From a file of events to an overlay: the effort of zones by month, from counts, and what is told of them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from sim.errors import IntakeError
from sim.intake.districts import by_name, read_labels
from sim.intake.events import EVERYTHING, Export, export_of
from sim.intake.gamma import USUAL, WEAK, Gamma, Share, points, prior_of
from sim.intake.sheet import Sheet, read_sheet
from sim.intake.tally import PERIOD, Selection, Tally, amount, listed, tally
from sim.scenario.fields import name_fault
from sim.scenario.load import Scenario
from sim.scenario.number import Quantity
from sim.scenario.paths import stamp
from sim.scenario.places import Zone
from sim.scenario.problem import Fault, legible, legible_json
from sim.scenario.read import BYTES
from sim.scenario.units import MONTH

PER_MONTH: Final = 1.0 / MONTH
"""One per month in the unit of the model, per hour."""
HIGHEST: Final = 10.0 * MONTH
"""Highest effort and ceiling that a scenario may state, per month."""
DRAW: Final = "ambushes per event"
DatedNumbers = list[tuple[datetime | None, Quantity]]


@dataclass(frozen=True)
class Belief:
    """What counts cannot tell: ambushes per event counted, and the effort of a zone before anything is counted.

    Without a ``prior`` it is the range that the scenario gives, and where it gives none a weak law.
    """

    share: Share = USUAL
    prior: Gamma | None = None


@dataclass(frozen=True)
class Citation:
    """How a file is cited: a text instead of the usual one, and when it was downloaded."""

    text: str | None = None
    accessed: date | None = None

    def shown(self, usual: str) -> str:
        """Return the citation."""
        day = f"accessed {self.accessed}" if self.accessed else "day of access not given"
        return f"{self.text or usual}, {day}"


def overlay(
    file: Path, labels: Path | None, selection: Selection, belief: Belief, citation: Citation, scenario: Scenario | None
) -> tuple[str, list[str]]:
    """Return the text of an overlay with the effort by zone and month, and notes.

    Raises IntakeError with all that is wrong with the table of events, or with the table ``labels`` of zones.
    """
    names = tuple(scenario.root.zones) if scenario is not None else None
    zones = read_labels(labels, names) if labels is not None else by_name(names) if names is not None else None
    sheet = read_sheet(file)
    export = export_of(sheet)
    within = (scenario.start.date(), scenario.end.date() - timedelta(days=1)) if scenario is not None else None
    result = tally(sheet, export, zones, selection, within)
    cited = f"{citation.shown(export.name)}, file {sheet.digest[:12]}; {export.bias}"
    lines, notes = _effort(result, cited, belief, scenario)
    counted = _counted(result)
    head = _head(sheet, export, result, selection, belief, citation, scenario is not None)
    kept = [name for name in names or () if name not in result.counts]
    text = "\n".join([*(f"# {legible(' '.join(line.split()))}" for line in [*head, *counted]), *lines, ""])
    if len(text.encode()) > BYTES:
        given = f"{len(result.counts)} zones, {len(result.months)} months"
        raise IntakeError(str(Fault("an overlay too big to be read", given, "fewer, by --zones, --on, --from or --to")))
    if kept:
        notes.insert(0, f"zones without a district keep the scenario's numbers: {', '.join(kept)}")
    licence = f"{export.licence}: {citation.shown(export.citation)}"
    return text, [*sheet.notes, *counted, *result.notes, *notes, licence]


def _head(
    sheet: Sheet, export: Export, result: Tally, selection: Selection, belief: Belief, citation: Citation, laid: bool
) -> list[str]:
    first, last = result.months[0][0], result.months[-1][1]
    prior = "as given by hand" if belief.prior else "the range of the scenario, a weak one where there is none"
    types = ", ".join(selection.types) or (export.meaning if sheet.position("event_type") is not None else EVERYTHING)
    return [
        "Effort of attackers by zone and month, from counts of events; to be laid on a country by --overlay.",
        f"Data: {citation.shown(export.citation)}; {export.licence}.",
        f"File: {Path(sheet.file).name}, SHA-256 {sheet.digest}.",
        f"Period: {first} to {last}.  Types: {types}.",
        f"Effort: ambushes a month; a Gamma law by Poisson counts, times {belief.share} ambushes per event.",
        f"Prior: {prior if laid or belief.prior else 'a weak one'}.  Value: the median; low, high: 5 and 95 % points.",
        f"Beware: {export.bias}.",
    ]


def _counted(result: Tally) -> list[str]:
    """Return how many events were counted, and how many were left out for which reason."""
    zones, parts = len(result.counts), len(result.months)
    words = f"{amount(result.counted)} events are counted, in {zones} zone{'s' * (zones != 1)} and {parts} month"
    words += "s" * (parts != 1)
    span = f"outside {result.months[0][0]} to {result.months[-1][1]}"
    left = [f"{amount(count)} {span if reason == PERIOD else reason}" for reason, count in result.left_out.items()]
    unmapped = [f"districts of no zone: {listed(result.unmapped)}"] if result.unmapped else []
    return [words + (f"; left out: {', '.join(left)}" if left else ""), *unmapped]


def _effort(result: Tally, cited: str, belief: Belief, scenario: Scenario | None) -> tuple[list[str], list[str]]:
    """Return the zones with their effort by month, as lines of an overlay, and notes.

    Without a scenario that it is laid on the overlay states all that a zone's effort needs.
    """
    lines, notes = ["zones:"], list[str]()
    share = belief.share
    for name, counts in result.counts.items():
        wrong = name_fault(name)
        if wrong is not None:
            fault = Fault("no name for a zone", wrong.given, f"{wrong.expected}; --zones gives others")
            raise IntakeError(str(fault))
        zone = scenario.root.zones[name] if scenario is not None else None
        known = _known(zone, scenario.start) if scenario is not None else []
        numbers = []
        for (first, last), count, exposure in zip(result.months, counts, result.exposures, strict=True):
            law = belief.prior or _prior(known, first, last) or WEAK
            low, value, high = points(law, count, exposure, share)
            if high > HIGHEST:
                fault = Fault("more ambushes than a zone may have", f"up to {high:.4g} /month in {name}",
                              f"at most {HIGHEST:g} /month; a smaller --share, or fewer types")  # fmt: skip
                raise IntakeError(str(fault))
            events = f"{amount(count)} {'event' if count == 1 else 'events'} in {(last - first).days + 1} days"
            why = f"{events}, {share} ambushes each; {cited}"
            numbers.append((first, _number((low, value, high), why, share), high))
        highest = max(high for *_, high in numbers)
        lines.append(f"  {_quoted(name)}:")
        ceiling = _ceiling(zone, highest)
        if ceiling is not None:
            lines.append(f"    ceiling: {{value: {ceiling:g} /month, source: assumption, why: above all effort below}}")
            if zone is not None:
                had = f"{zone.ceiling.least / PER_MONTH:.4g} to {ceiling:g} /month"
                notes.append(f"zones.{name}.ceiling: raised from {had}, so that its ambushes are drawn anew")
        if not known:
            stated = [key for key in ("chance", "along") if zone is not None and getattr(zone, key) is not None]
            lines += [f"    {key}: null" for key in stated]
            lines.append("    effort:")
            since = ["", *(f"from: {first}, " for first, *_ in numbers[1:])]
            lines += [f"      - {{{begin}{text}" for begin, (_, text, _) in zip(since, numbers, strict=True)]
            continue
        lines += [f"    effort@{first}: {{{text}" for first, text, _ in numbers]
        lines += [f"    effort@{when}: null" for when in _within(known, result)]
    return lines, notes


def _known(zone: Zone | None, start: datetime) -> DatedNumbers:
    """Return the effort that a scenario gives a zone, each number with its date; the first may have none."""
    entries = zone.effort.entries if zone is not None and zone.effort is not None else ()
    return [(None if moment is None else moment.on(start), number) for moment, number in entries]


def _prior(known: DatedNumbers, first: date, last: date) -> Gamma | None:
    """Return the law of the effort that a scenario gives in the middle of a month."""
    if not known:
        return None
    middle = datetime(first.year, first.month, first.day) + (last - first + timedelta(days=1)) / 2
    begun = [number for at, number in known[1:] if at is not None and at <= middle]
    return prior_of([known[0][1], *begun][-1], PER_MONTH)


def _within(known: DatedNumbers, result: Tally) -> list[str]:
    """Return the dates of a scenario's entries that counts replace."""
    months = {datetime(first.year, first.month, first.day) for first, _ in result.months}
    first, last = result.months[0][0], result.months[-1][1]
    return [stamp(at) for at, _ in known if at is not None and first <= at.date() <= last and at not in months]


def _ceiling(zone: Zone | None, highest: float) -> float | None:
    """Return a ceiling above the highest effort, in two figures; None if the scenario's own will do."""
    if zone is not None and zone.ceiling.least / PER_MONTH >= highest * (1.0 + 1e-3):
        return None
    step = 10.0 ** (math.floor(math.log10(highest)) - 1)
    return min(HIGHEST, max(1.0, math.ceil(1.25 * highest / step) * step))


def _number(ends: tuple[float, float, float], why: str, share: Share) -> str:
    """Return a number from its brace on: the median, and 5 and 95 % points."""
    low, value, high = (f"{end:.4g}" for end in ends)
    draw = "" if share.certain else f", draw: {DRAW}"
    wide = 0.0 < float(low) < float(value) < float(high)
    spread = f"low: {low} /month, high: {high} /month, law: lognormal, " if wide else ""
    return f"value: {value} /month, {spread}source: assumption{draw},\n       why: {_quoted(why)}}}"


def _quoted(text: str) -> str:
    return legible_json(json.dumps(text, ensure_ascii=False))

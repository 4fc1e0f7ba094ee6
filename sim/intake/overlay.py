"""From a file of events to an overlay: what is read, counted, told and written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sim.errors import IntakeError
from sim.intake.districts import by_name, read_labels
from sim.intake.effort import Belief, Origin, effort
from sim.intake.events import EVERYTHING, Export, recognised
from sim.intake.sheet import Sheet, read_sheet
from sim.intake.tally import PERIOD, Tally, Wanted, amount, listed, tally
from sim.scenario.load import Scenario
from sim.scenario.problem import Fault, legible
from sim.scenario.read import BYTES


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
    file: Path, labels: Path | None, wanted: Wanted, belief: Belief, citation: Citation, scenario: Scenario | None
) -> tuple[str, list[str]]:
    """Return the text of an overlay with the effort by zone and month, and notes.

    Raises IntakeError with all that is wrong with the table of events, or with the table ``labels`` of zones.
    """
    names = tuple(scenario.root.zones) if scenario is not None else None
    zones = read_labels(labels, names) if labels is not None else by_name(names) if names is not None else None
    sheet = read_sheet(file)
    export = recognised(sheet)
    within = (scenario.start.date(), scenario.end.date() - timedelta(days=1)) if scenario is not None else None
    result = tally(sheet, export, zones, wanted, within)
    origin = Origin(citation.shown(export.name), sheet.digest, export.bias)
    lines, notes = effort(result, origin, belief, scenario)
    counted = _counted(result)
    head = _head(sheet, export, result, wanted, belief, citation, scenario is not None)
    kept = [name for name in names or () if name not in result.counts]
    text = "\n".join([*(f"# {legible(' '.join(line.split()))}" for line in [*head, *counted]), *lines, ""])
    if len(text.encode()) > BYTES:
        given = f"{len(result.counts)} zones, {len(result.months)} months"
        raise IntakeError(str(Fault("an overlay too big to be read", given, "fewer, by --zones, --on, --from or --to")))
    if kept:
        notes.insert(0, f"zones without a district keep the scenario's numbers: {', '.join(kept)}")
    cited = f"{export.licence}: {citation.shown(export.citation)}"
    return text, [*sheet.notes, *counted, *result.notes, *notes, cited]


def _head(
    sheet: Sheet, export: Export, result: Tally, wanted: Wanted, belief: Belief, citation: Citation, laid: bool
) -> list[str]:
    first, last = result.months[0][0], result.months[-1][1]
    prior = "as given by hand" if belief.prior else "the range of the scenario, a weak one where there is none"
    types = ", ".join(wanted.types) or (export.meaning if sheet.position("event_type") is not None else EVERYTHING)
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

"""The effort of zones by month from counts, as an overlay."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sim.errors import IntakeError
from sim.intake.gamma import USUAL, WEAK, Gamma, Share, points, prior_of
from sim.intake.tally import Tally, amount
from sim.scenario.load import Scenario
from sim.scenario.number import Quantity
from sim.scenario.paths import stamp
from sim.scenario.places import Zone
from sim.scenario.problem import Fault, legible_json
from sim.scenario.units import MONTH

PER_MONTH: Final = 1.0 / MONTH
"""One per month in the unit of the model, per hour."""
HIGHEST: Final = 10.0 * MONTH
"""Highest effort and ceiling that a scenario may state, per month."""
DRAW: Final = "ambushes per event"
Entries = list[tuple[datetime | None, "Quantity"]]


@dataclass(frozen=True)
class Origin:
    """Where counts come from: who is named, the SHA-256 of the file, and what it does not hold."""

    name: str
    digest: str
    bias: str


@dataclass(frozen=True)
class Belief:
    """What counts cannot tell: ambushes per event counted, and the effort of a zone before anything is counted.

    Without a ``prior`` it is the range that the scenario gives, and where it gives none a weak law.
    """

    share: Share = USUAL
    prior: Gamma | None = None


def effort(tally: Tally, origin: Origin, belief: Belief, scenario: Scenario | None) -> tuple[list[str], list[str]]:
    """Return the zones with their effort by month, as lines of an overlay, and notes.

    Parameters
    ----------
    tally, origin, belief
        What was counted, where it comes from, and what it cannot tell.
    scenario
        What the overlay is laid on. If None the overlay states all that a zone's effort needs.
    """
    from sim.scenario.fields import name_fault

    lines, notes = ["zones:"], list[str]()
    share = belief.share
    for name, counts in tally.counts.items():
        wrong = name_fault(name)
        if wrong is not None:
            fault = Fault("no name for a zone", wrong.given, f"{wrong.expected}; --zones gives others")
            raise IntakeError(str(fault))
        zone = scenario.root.zones[name] if scenario is not None else None
        known = _known(zone, scenario.start) if scenario is not None else []
        numbers = []
        for (first, last), count, exposure in zip(tally.months, counts, tally.exposures, strict=True):
            law = belief.prior or _prior(known, first, last) or WEAK
            low, value, high = points(law, count, exposure, share)
            if high > HIGHEST:
                fault = Fault("more ambushes than a zone may have", f"up to {high:.4g} /month in {name}",
                              f"at most {HIGHEST:g} /month; a smaller --share, or fewer types")  # fmt: skip
                raise IntakeError(str(fault))
            days = (last - first).days + 1
            numbers.append((first, _number((low, value, high), _why(count, days, origin, share), share), high))
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
        lines += [f"    effort@{when}: null" for when in _within(known, tally)]
    return lines, notes


def _known(zone: Zone | None, start: datetime) -> Entries:
    """Return the effort that a scenario gives a zone, each number with its date; the first may have none."""
    entries = zone.effort.entries if zone is not None and zone.effort is not None else ()
    return [(None if moment is None else moment.on(start), number) for moment, number in entries]


def _prior(known: Entries, first: date, last: date) -> Gamma | None:
    """Return the law of the effort that a scenario gives in the middle of a month."""
    if not known:
        return None
    middle = datetime(first.year, first.month, first.day) + (last - first + timedelta(days=1)) / 2
    begun = [number for at, number in known[1:] if at is not None and at <= middle]
    return prior_of([known[0][1], *begun][-1], PER_MONTH)


def _within(known: Entries, tally: Tally) -> list[str]:
    """Return the dates of a scenario's entries that counts replace."""
    months = {datetime(first.year, first.month, first.day) for first, _ in tally.months}
    first, last = tally.months[0][0], tally.months[-1][1]
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


def _why(count: float, days: int, origin: Origin, share: Share) -> str:
    events = "event" if count == 1 else "events"
    cited = f"{origin.name}, file {origin.digest[:12]}"
    return f"{amount(count)} {events} in {days} days, {share} ambushes each; {cited}; {origin.bias}"


def _quoted(text: str) -> str:
    return legible_json(json.dumps(text, ensure_ascii=False))

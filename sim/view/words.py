"""Dates and numbers as people read them, and the names of measures in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor, isfinite, log10
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NO_BREAK = "\N{NO-BREAK SPACE}"
CAUSES = ("loading", "closed", "refusal", "escort", "rule", "customs", "unloading")
"""Causes for which a tanker with an order waits; a tanker without an order is a reserve."""
CAUSE_WORDS = {
    "none": "nothing",
    "tankers": "lack of tankers",
    "crews": "lack of crews",
    "order": "no order",
    "loading": "loading slots",
    "closed": "closed road",
    "refusal": "refusal of crews",
    "escort": "lack of escorts",
    "rule": "convoy rule",
    "customs": "customs",
    "unloading": "unloading",
}
DATED = frozenset({"first_shortage", "recovery"})
"""Measures that are days since the start, read as dates."""


def long_date(when: date) -> str:
    """Write a date as ``6 October``."""
    return f"{when.day} {MONTHS[when.month - 1]}"


def short_date(when: date) -> str:
    """Write a date as ``6 Oct``."""
    return f"{when.day} {MONTHS[when.month - 1][:3]}"


def on_day(start: datetime, day: float) -> date:
    """Date of a day number counted from the scenario's start; fractions are cut."""
    return (start + timedelta(days=floor(day + 1e-9))).date()


def range_words(low: str, high: str) -> str:
    """Write a range: a plain dash between numbers, a spaced one between phrases; a shared unit or month once."""
    if low == high:
        return low
    (first, _, unit), (_, _, same) = low.partition(" "), high.partition(" ")
    if unit == same and first[-1].isdigit():
        return f"{first}–{high}"
    return f"{low} – {high}" if " " in low + high else f"{low}–{high}"


def unbroken(text: str) -> str:
    """Join with fixed spaces what a line break should not part: numbers and units, dates, short parentheses."""
    held = re.sub(r"(?<=\d) (?=[%A-Z])| (?=–)|(?<=–) ", NO_BREAK, text)
    return re.sub(r"\([^()]{1,40}\)", lambda found: found[0].replace(" ", NO_BREAK), held)


def folded(text: str, width: int, indent: str = "") -> list[str]:
    """Fold a text into lines without parting dates and numbers from their units; later lines are indented."""
    lines = wrap(unbroken(text), width, subsequent_indent=indent)
    return [line.replace(NO_BREAK, " ") for line in lines]


def number(value: float) -> str:
    """Write a number with two or three figures, thousands apart."""
    if not isfinite(value):
        return "–"
    size = abs(value)
    if size >= 1e6:
        return f"{value / 1e6:,.3g} million"
    if size >= 9.5:
        digits = max(0, floor(log10(size)) - 2)
        return f"{round(value, -digits):,.0f}"
    if abs(value - round(value)) < 5e-3:
        return str(round(value))
    return f"{value:.1f}" if size >= 0.95 else f"{value:.2f}".removesuffix("0")


def whole(value: float) -> str:
    """Write a mean count of things as a whole number; a little is ``under 1``."""
    return number(float(round(value))) if value >= 1 or value <= 0 else "under 1"


def counted(text: str, one: str, many: str = "") -> str:
    """Write a number with its noun: ``1 tanker``, ``12 tankers``; other plurals than with s are given."""
    return f"{text} {one if text == '1' else many or one + 's'}"


def is_are(text: str) -> str:
    """Verb that goes with a written number."""
    return "is" if text == "1" else "are"


def each_in(shares: Sequence[float]) -> str:
    """Say in how many replications each of some causes bound: ``each in half``."""
    mean = sum(shares) / len(shares)
    return "each in half" if 0.45 <= mean <= 0.5 else f"each in about {percent(mean)}"


def percent(share: float) -> str:
    """Write a share as a percentage."""
    return f"{100 * share:.0f} %" if isfinite(share) else "–"


@dataclass(frozen=True)
class Measure:
    """A measure in words: its label, its unit and how its numbers are written."""

    label: str
    unit: str = ""

    def text(self, value: float, start: datetime, *, unit: bool = False) -> str:
        """Write one value of the measure, with its unit if wished."""
        if not isfinite(value):
            return "–"
        if self.unit == "date":
            return short_date(on_day(start, value))
        if self.unit == "%":
            return percent(value)
        written = number(value)
        if not unit:
            return written
        return f"{written} {self.unit.removesuffix('s') if written == '1' else self.unit}".rstrip()

    @property
    def heading(self) -> str:
        """Label with the unit behind it, unless the label says it."""
        said = self.unit in ("", "%", "date") or self.label.lower().startswith(self.unit)
        return self.label if said else f"{self.label}, {self.unit}"


_PLAIN = {
    "imports_total": Measure("Imports, whole run", "ML"),
    "convoys": Measure("Convoys"),
    "convoys_escorted": Measure("Convoys with escort"),
    "share_escorted": Measure("Tankers that went with an escort", "%"),
    "ambushes_laid": Measure("Ambushes laid"),
    "ambushes_met": Measure("Ambushes met"),
    "ambushes_detected": Measure("Ambushes detected"),
    "ambushes_deterred": Measure("Ambushes deterred"),
    "ambushes_sprung": Measure("Ambushes sprung"),
    "tankers_lost": Measure("Tankers lost"),
    "crews_killed": Measure("Crews killed"),
    "crews_abducted": Measure("Crews abducted"),
    "escorts_knocked_out": Measure("Escort units knocked out"),
    "largest_loss": Measure("Largest single loss", "tankers"),
    "short_of_tankers": Measure("Loads ordered without a free tanker"),
    "worst_town_need_met": Measure("Need met in the worst-off town", "%"),
    "worst_town_ratio": Measure("Worst-off town relative to the hub", "%"),
    "days_half_closed": Measure("Days with under half the stations open", "days"),
    "longest_dry_spell": Measure("Longest dry spell", "days"),
    "days_short": Measure("Days short of fuel at the pump", "days"),
    "first_shortage": Measure("First shortage", "date"),
    "recovery": Measure("Recovery", "date"),
    "lowest_cover": Measure("Lowest cover", "days"),
    "lag_loss_to_pump": Measure("From loss to pump", "days"),
    "lag_convoy_to_relief": Measure("From convoy to relief", "days"),
    "queue_hours": Measure("Queue for petrol", "h"),
    "power_hours": Measure("Power", "h/day"),
    "escort_unit_days": Measure("Escort unit-days"),
    "escort_cost": Measure("Cost of escorts", "million USD"),
    "litres_per_unit_day": Measure("Fuel per escort unit-day", "L"),
    "cost_per_m3": Measure("Escorts and losses per delivered m3", "USD"),
    "household_cost": Measure("Cost to households", "million USD"),
}
_UNTIL = re.compile(r"(?P<base>.+)_(?P<how>until|on)_(?P<y>\d{4})_(?P<m>\d\d)_(?P<d>\d\d)")
_MONTH = re.compile(r"imports_(?P<y>\d{4})_(?P<m>\d\d)")
_RELIEF = re.compile(r"relief_(?P<y>\d{4})_(?P<m>\d\d)_(?P<d>\d\d)")


def describe(name: str, start: datetime | None = None, end: datetime | None = None) -> Measure:
    """Words for a measure's column name; a name that is not known is read out as it stands.

    With the run's first and last midnight, a month of which the run has only a part is said to be one.
    """
    if name in _PLAIN:
        return _PLAIN[name]
    if found := _MONTH.fullmatch(name):
        month = date(int(found["y"]), int(found["m"]), 1)
        part = "" if start is None or end is None else _part(month, start.date(), end.date())
        return Measure(f"Imports in {MONTHS[month.month - 1]}{part}", "ML")
    if found := _RELIEF.fullmatch(name):
        return Measure(f"Days of relief after {_day(found)}", "days")
    if found := _UNTIL.fullmatch(name):
        base = describe(found["base"])
        if found["how"] == "until":
            return Measure(f"{base.label} to {_day(found)}", base.unit)
        label = base.label.removeprefix("Waiting, ")
        return Measure(f"Tankers waiting on {_day(found)}, {label}")
    return _patterned(name)


def _patterned(name: str) -> Measure:
    if name.startswith("waiting_"):
        cause = name.removeprefix("waiting_")
        return Measure(f"Waiting, {CAUSE_WORDS.get(cause, cause)}", "tanker-days")
    if name.startswith("weeks_bound_"):
        cause = name.removeprefix("weeks_bound_")
        return Measure(f"Weeks bound by {CAUSE_WORDS.get(cause, cause)}")
    shares = {"need_met_": "Need met,", "fill_rate_": "Sold of what was wanted,", "served_": "Served,"}
    for prefix, words in shares.items():
        if name.startswith(prefix):
            return Measure(f"{words} {name.removeprefix(prefix).replace('_', ', ')}", "%")
    return Measure(name.replace("_", " "))


def _part(month: date, start: date, end: date) -> str:
    """Days of a month that lie in a run, unless all do; the run ends at the first moment of ``end``."""
    after = (month + timedelta(days=31)).replace(day=1)
    days = (min(after, end) - max(month, start)).days
    return "" if days == (after - month).days else f" ({counted(str(days), 'day')})"


def _day(found: re.Match[str]) -> str:
    return long_date(date(int(found["y"]), int(found["m"]), int(found["d"])))

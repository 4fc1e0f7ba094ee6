"""What a measure is of: its kind, and the town, product, user, month or date that it speaks of."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

from sim.results.binding import BOUNDS, CAUSES
from sim.results.daily import month

Field = Literal["town", "product", "user", "month", "date"]

PLAIN: Final = (
    *("imports_total", "convoys", "convoys_escorted", "share_escorted"),
    *("tankers_per_convoy", "escorted_per_week", "convoys_hit", "largest_convoy", "missing_on_record"),
    *(f"ambushes_{what}" for what in ("laid", "met", "let_pass", "detected", "deterred", "sprung")),
    *("roadblocks", "tankers_lost", "tankers_taken", "largest_loss"),
    *("crews_killed", "crews_abducted", "escorts_knocked_out"),
    *(f"waiting_{cause}" for cause in ("order", *CAUSES)),
    *("short_of_tankers", "worst_town_need_met", "worst_town_ratio", "household_cost"),
    *("days_half_closed", "longest_dry_spell", "days_short", "first_shortage", "recovery", "lowest_cover"),
    *("lag_loss_to_pump", "lag_convoy_to_relief", "queue_hours", "power_hours"),
    *("escort_unit_days", "escort_cost", "litres_per_unit_day", "cost_per_m3"),
    *(f"weeks_bound_{bound}" for bound in BOUNDS),
)
"""Measures of the whole run."""
FIELDS: Final[dict[str, tuple[tuple[Field, ...], ...]]] = {
    "imports": (("month",),),
    "need_met": (("town",), ("town", "product")),
    "fill_rate": (("town", "product"),),
    "half_shut": (("town",),),
    "lowest_cover": (("town",),),
    "served": (("user",),),
    "relief": (("date",),),
    "convoys_escorted_until": (("date",),),
    "tankers_lost_until": (("date",),),
    **{f"waiting_{cause}_on": (("date",),) for cause in CAUSES},
}
"""By kind: what it may speak of, in the order in which it is written."""
SHORT: Final = {"cover": "lowest_cover"}
"""What may be written in place of a kind."""


class Measure(NamedTuple):
    """A measure: its kind, and what it speaks of; what it does not is empty.

    It is written with dots between, ``need_met.Bamako.petrol``, ``imports.2025-10``.  No name of a scenario holds a
    dot, so whatever towns, products and users are called, what is written is one measure's.
    """

    what: str
    town: str = ""
    product: str = ""
    user: str = ""
    month: str = ""
    date: str = ""

    def __str__(self) -> str:
        return ".".join(filter(None, self))


def read(text: str) -> Measure | None:
    """Return the measure that is written so, whether or not a run has it; None if none is.

    ``cover`` may be written for ``lowest_cover``.
    """
    what, *values = text.split(".")
    what = SHORT.get(what, what)
    if not values and what in PLAIN:
        return Measure(what)
    for fields in FIELDS.get(what, ()):
        if len(fields) == len(values) and all(map(_reads, fields, values)):
            return Measure(what, **dict(zip(fields, values, strict=True)))
    return None


def kind(text: str) -> str:
    """Return the kind of a written measure, also of one that does not exist."""
    return text.partition(".")[0]


def _reads(field: Field, value: str) -> bool:
    if field not in ("month", "date"):
        return bool(value)
    try:
        day = date.fromisoformat(value if field == "date" else f"{value}-01")
    except ValueError:
        return False
    return value == (day.isoformat() if field == "date" else month(day))


def column_of(what: str, town: str = "", product: str = "", user: str = "") -> str:
    """Return what the table of measures calls one."""
    return str(Measure(what, town, product, user))


def written(text: str) -> str:
    """Return a measure as the table of measures holds it; what is written for none stays as it is."""
    return str(read(text) or text)

"""The measures of one replication, one number each, and what is declared of them.

A measure is declared at the function that computes it, in the module of its subject; the subjects here stand in the
order of the columns of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from importlib import import_module
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sim.errors import ResultsError
from sim.plan.plan import Plan
from sim.record import Record
from sim.results.daily import Daily, month, months
from sim.results.measures.definition import DATE as DATE
from sim.results.measures.definition import DEFINITIONS, Definition, Field, Measure

SUBJECTS: Final = (
    *("imports", "convoys", "waiting", "people", "stations", "power", "escorts", "binding"),
    "dated",
)
for _subject in SUBJECTS:
    import_module(f"{__name__}.{_subject}")

KINDS: Final[dict[str, Definition]] = {}
"""By kind, the first that is declared of it: what else is declared of the kind differs in what it speaks of."""
for _definition in DEFINITIONS:
    KINDS.setdefault(_definition.kind, _definition)
FORMS: Final[dict[str, tuple[tuple[Field, ...], ...]]] = {
    kind: tuple(definition.of for definition in DEFINITIONS if definition.kind == kind) for kind in KINDS
}
"""By kind: what it may speak of; nothing if it is of the whole run."""
SHORT: Final = {"cover": "lowest_cover"}
"""What may be written in place of a kind."""
MAIN: Final = "days_half_closed"
"""The measure that ranks alternatives unless another is asked for: do stations stay open?"""
_UNKNOWN: Final = Definition("", (), "", "", "", lambda daily: float("nan"))


def measures(record: Record, wanted: Iterable[str] = ()) -> dict[str, float]:
    """Return the measures of a replication, by what is written for them.

    Parameters
    ----------
    record
        A record with its daily tables.
    wanted
        Names of further measures that a scenario's documented figures speak of (see `named`).
    """
    daily = Daily(record)
    values = {name: definition.value(daily, *of) for name, definition, of in columns(record.plan)}
    return values | {name: named(daily, name) for name in wanted if name not in values}


def columns(plan: Plan) -> Iterator[tuple[str, Definition, tuple[Any, ...]]]:
    """Iterate over the columns of the table of measures: the name, what is declared, and what it is computed of.

    Measures that follow each other and speak of the same things stand thing by thing; those of a date have no column.
    """
    for of, declared in groupby(DEFINITIONS, key=attrgetter("of")):
        together = [*declared]
        for parts, place in _things(plan, of):
            for definition in together:
                yield str(Measure(definition.kind, **parts)), definition, place


def _things(plan: Plan, of: tuple[Field, ...]) -> Iterator[tuple[dict[str, str], tuple[Any, ...]]]:
    """Iterate over what measures of a plan's runs may speak of: in words, and as `Definition` takes it."""
    if of == ():
        yield {}, ()
    elif of == ("month",):
        yield from (({"month": name}, (days,)) for name, days in months(plan.start, plan.days).items())
    elif of == ("town",):
        yield from (({"town": name}, (place,)) for place, name in enumerate(fed(plan)))
    elif of == ("town", "product"):
        hub = plan.towns.name[plan.hub]
        yield from (({"town": hub, "product": name}, (place,)) for place, name in enumerate(sold(plan)))
    elif of == ("user",):
        yield from (({"user": name}, (user,)) for user, name in enumerate(plan.users.name))


def fed(plan: Plan) -> list[str]:
    """Return the towns that need fuel."""
    return [name for name, share in zip(plan.towns.name, plan.towns.share, strict=True) if share > 0.0]


def sold(plan: Plan) -> list[str]:
    """Return the products that people need and stations sell."""
    products = zip(plan.products.name, plan.products.pump, plan.products.need, strict=True)
    return [name for name, pump, need in products if pump and need > 0.0]


def is_named(name: str) -> bool:
    """Say whether a name is that of a measure with a date."""
    measure = read(name)
    return measure is not None and bool(measure.date)


def named(daily: Daily, name: str) -> float:
    """Return a measure with a date; NaN if what it looks at lies outside the run.

    Raises
    ------
    ResultsError
        If there is no such measure.
    """
    measure = read(name)
    if measure is None or not measure.date:
        kinds = ", ".join(kind for kind, forms in FORMS.items() if ("date",) in forms)
        raise ResultsError(
            f"there is no measure {name!r} with a date; those are {kinds}, each with a date as in relief.2025-10-07"
        )
    day = daily.day_of(measure.date)
    if not 0 <= day < daily.record.plan.days - days_after(measure):
        return float("nan")
    return KINDS[measure.what].value(daily, day)


def days_after(measure: Measure) -> int:
    """Return how many days after its date a measure looks at."""
    return KINDS[measure.what].after


def read(text: str) -> Measure | None:
    """Return the measure that is written so, whether or not a run has it; None if none is.

    ``cover`` may be written for ``lowest_cover``.
    """
    what, *values = text.split(".")
    what = SHORT.get(what, what)
    for fields in FORMS.get(what, ()):
        if len(fields) == len(values) and all(map(_reads, fields, values)):
            return Measure(what, **dict(zip(fields, values, strict=True)))
    return None


def _reads(field: Field, value: str) -> bool:
    if field not in ("month", "date"):
        return bool(value)
    try:
        day = date.fromisoformat(value if field == "date" else f"{value}-01")
    except ValueError:
        return False
    return value == (day.isoformat() if field == "date" else month(day))


def kind(text: str) -> str:
    """Return the kind of a written measure, also of one that does not exist."""
    return text.partition(".")[0]


def column_of(what: str, town: str = "", product: str = "", user: str = "") -> str:
    """Return what the table of measures calls one."""
    return str(Measure(what, town, product, user))


def written(text: str) -> str:
    """Return a measure as the table of measures holds it; what is written for none stays as it is."""
    return str(read(text) or text)


def goal(measure: str) -> Definition:
    """Return what is declared of a measure: `better`, `worth` and so on; of one that does not exist, nothing much."""
    return KINDS.get(kind(measure), _UNKNOWN)


def unit(measure: str) -> str:
    """Return the unit of a measure, empty for counts; ``%`` marks shares, held as 0 to 1."""
    return goal(measure).unit


def dated(measure: str) -> bool:
    """Say whether a measure is a day since the start, read as a date."""
    return unit(measure) == DATE

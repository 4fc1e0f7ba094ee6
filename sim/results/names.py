"""The names of all measures, to tell a user of a misspelt one before anything runs."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sim.plan.plan import Plan
from sim.results.measures import FORMS, SHORT, columns, days_after, fed, read, sold
from sim.results.measures.definition import Measure
from sim.scenario.problem import Fault, nearest, one_of, quoted, some

_DATED = re.compile(r"(.+)_(\d{4})_(\d\d)_(\d\d)")


def names(plan: Plan) -> set[str]:
    """Return the measures of a plan's runs, those with a date apart (see `sim.results.measures.named`)."""
    return {name for name, *_ in columns(plan)}


def outside(measure: Measure | None, start: datetime, days: int) -> str:
    """Say how what a measure looks at lies outside a run of so many days; empty if it does not.

    A month must lie in the run with all its days: a part of one is not what is on record of the month.
    """
    if measure is None:
        return ""
    begin = start.date().toordinal()
    end = begin + days
    if measure.month:
        first_day = date.fromisoformat(f"{measure.month}-01")
        first = first_day.toordinal()
        after = first + monthrange(first_day.year, first_day.month)[1]
        if after <= begin or first >= end:
            return "a month outside the run"
        return "a month of which the run has only a part" if first < begin or after > end else ""
    if measure.date:
        day = date.fromisoformat(measure.date).toordinal()
        if day < begin or day + days_after(measure) >= end:
            return "days outside the run"
    return ""


def fault(text: str, plan: Plan) -> Fault | None:
    """Return why the runs of a plan do not have a measure; None if they do."""
    measure, known = read(text), names(plan)
    if measure is not None and str(measure) in known:
        return None
    if measure is None:
        return _unread(text, plan, known)
    _, town, product, user, *_ = measure
    if wrong := outside(measure, plan.start, plan.days):
        first = plan.start.date()
        return Fault(wrong, quoted(text), f"days from {first} to {first + timedelta(days=plan.days - 1)}")
    if measure.date:
        return None
    if user:
        return Fault(f"no user {quoted(user)}", quoted(text), one_of(plan.users.name, user))
    if town not in plan.towns.name:
        return Fault(f"no town {quoted(town)}", quoted(text), one_of(plan.towns.name, town))
    if town not in fed(plan):
        return Fault(f"{quoted(town)} needs no fuel: its share is 0", quoted(text), one_of(fed(plan)))
    if town != plan.towns.name[plan.hub]:
        hub = plan.towns.name[plan.hub]
        return Fault("a product of a town that is not the hub", quoted(text), f"the hub, '{hub}'")
    return Fault(f"no product {quoted(product)} at stations", quoted(text), one_of(sold(plan), product))


def _unread(text: str, plan: Plan, known: Collection[str]) -> Fault:
    """Return what is wrong with what is written for no measure."""
    what, dot, rest = text.partition(".")
    of_things = [kind for kind, forms in FORMS.items() if any(forms)]
    if dot and SHORT.get(what, what) not in of_things and "." not in rest:
        place = "a town" if rest in plan.towns.name else "anything"
        return Fault(f"no measure {quoted(what)} of {place}", quoted(text), one_of([*of_things, *SHORT], what))
    return Fault("no such measure", quoted(text), expected(text, known))


def expected(text: str, known: Collection[str]) -> str:
    """Return what is expected in place of a name that is none: the nearest known one, or the page that lists them."""
    dated = _DATED.fullmatch(text)
    alike = {re.sub(r"\W", "_", name): name for name in known}
    if dated and read(written := "{}.{}-{}-{}".format(*dated.groups())):
        near: str | None = written
    else:
        near = alike.get(text) or nearest(text, sorted(known))
    if near:
        return f"a measure; the nearest is '{near}'"
    whole = [name for name in sorted(known) if "." not in name]
    return f"a measure such as {some(whole)} (all are in docs/measures.md)"

"""Documented figures: what of a run each speaks of, whether it can be that, and whether the run can be asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from math import inf
from typing import NamedTuple

from sim.errors import RequestError, ScenarioError
from sim.plan.plan import Plan
from sim.results.measures import dated, goal, read, unit
from sim.results.names import fault, outside
from sim.results.target import in_unit
from sim.scenario.dates_outside import APART, first_of
from sim.scenario.fields import Moment
from sim.scenario.load import Scenario
from sim.scenario.problem import Fault, Problem, quoted
from sim.scenario.schema import Documented


class Stated(NamedTuple):
    """A documented figure in the unit of its measure, days since the start for dates; a bound alone has no value.

    ``low`` and ``high`` are the ends of what is documented, infinite where a bound leaves one open.
    """

    measure: str
    value: float | None
    low: float
    high: float


def stated(figure: Documented, start: datetime) -> Stated:
    """Return a figure that `documented` accepts."""
    measure = str(read(figure.measure))
    if figure.date is not None:
        value, *ends = day_numbers(figure.date, start)
    elif (bound := figure.at_least if figure.at_least is not None else figure.at_most) is not None:
        least = in_unit(bound, measure)
        return Stated(measure, None, *((least, inf) if figure.at_least is not None else (-inf, least)))
    else:
        assert figure.value is not None
        value = in_unit(figure.value, measure)
        ends = [None if end is None else in_unit(end, measure) for end in (figure.low, figure.high)]
    low, high = (value if end is None else end for end in ends)
    return Stated(measure, value, low, high)


def scale(measure: str, days: int) -> tuple[float, float] | None:
    """Return the least and the greatest value that a measure can have in so many days; None if there is no greatest."""
    most = goal(measure).most_of(days)
    return (0.0, most) if most < inf else None


def day_numbers(moment: Moment, start: datetime) -> tuple[float, float | None, float | None]:
    """Day numbers since the start of a documented date and of its range; hours of the day are cut."""
    value, low, high = (None if hours is None else float(hours // 24) for hours in moment.hours(start))
    assert value is not None
    return value, low, high


def beyond(figure: Documented, start: datetime, days: int) -> bool:
    """Say whether a figure speaks of days outside a run, or of a month of which it has a part: it is not asked."""
    if figure.date is not None and not 0.0 <= day_numbers(figure.date, start)[0] < days:
        return True
    return bool(outside(read(figure.measure), start, days))


def misplaced(figure: Documented, scope: str) -> bool:
    """Say whether a figure is of another scope of demand than a run: it is not asked either."""
    return figure.scope not in ("both", scope)


def unasked(scenario: Scenario, plan: Plan) -> Iterator[Problem]:
    """Iterate over notes on figures that a run is not asked for; many are told as one.

    A date outside the run is noted with the scenario.
    """
    reasons = {
        name: out
        for name, figure in scenario.root.documented.items()
        if (out := outside(read(figure.measure), plan.start, plan.days))
    }
    if len(reasons) > APART:
        message = f"{len(reasons)} figures are not asked, since they look at days outside the run"
        flaw = Fault(f"{message}: {first_of([*map(quoted, reasons)])}")
        yield Problem.at(scenario.origins["documented",], ("documented",), flaw)
        return
    for name, out in reasons.items():
        path = ("documented", name, "measure")
        given = quoted(scenario.root.documented[name].measure)
        yield Problem.at(scenario.origins[path], path, Fault(f"not asked: {out}", given))


def documented(scenario: Scenario, plan: Plan) -> tuple[str, ...]:
    """Return the measures that a scenario's documented figures speak of and that its run can be asked for.

    Raises
    ------
    ScenarioError
        If one does not exist, or cannot have the value that is given; with file, line and what is expected.
    """
    measures, problems = set(), []
    for name, figure in scenario.root.documented.items():
        path, flaws = ("documented", name), [*_faults(figure, plan)]
        for flaw in flaws:
            origin = scenario.origins.get((*path, *flaw.at)) or scenario.origins[(*path, "measure")]
            problems.append(Problem.at(origin, path, flaw))
        if not flaws and not beyond(figure, plan.start, plan.days):
            measures.add(str(read(figure.measure)))
    if problems:
        raise ScenarioError(problems)
    return tuple(sorted(measures))


def _faults(figure: Documented, plan: Plan) -> Iterator[Fault]:
    measure = read(figure.measure)
    if not outside(measure, plan.start, plan.days):
        wrong = fault(figure.measure, plan)
        if wrong is not None:
            yield wrong.under("measure")
            return
    name = str(measure)
    keys = ("low", "value", "high", "at_least", "at_most")
    numbers = {key: getattr(figure, key) for key in keys if getattr(figure, key) is not None}
    if figure.date is not None and not dated(name):
        due = f", in {unit(name)}" if unit(name) else ""
        yield Fault(f"a date for {name}, which is none", quoted(figure.date.text), f"a 'value'{due}", ("date",))
        return
    unfit = {key: number_fault(name, number) for key, number in numbers.items()}
    most = goal(name).most_of(plan.days)
    for key in ("value", "at_least"):
        if key in numbers and unfit[key] is None and in_unit(numbers[key], name) > most:
            given, limit = quoted(numbers[key]), f"{most:g} {unit(name)}".rstrip()
            unfit[key] = Fault(f"more than {name} can be in a run of {plan.days} days", given, f"at most {limit}")
    yield from (flaw.under(key) for key, flaw in unfit.items() if flaw is not None)
    if any(unfit.values()):
        return
    values = [in_unit(number, name) for number in numbers.values()]
    if values != sorted(values):
        given = " to ".join(map(str, numbers.values()))
        yield Fault("the range does not hold the value", given, "low ≤ value ≤ high", ("low",))


def number_fault(measure: str, number: float | str) -> Fault | None:
    """Return why a measure cannot have a value; None if it can."""
    if dated(measure):
        return Fault(f"a number for {measure}, which is a date", quoted(number), "'date', with its own range")
    try:
        value = in_unit(number, measure)
    except RequestError as error:
        return Fault(str(error))
    if unit(measure) == "%" and not 0.0 <= value <= 1.0:
        return Fault(f"{measure} is a share", quoted(number), "0 to 1, or a percentage such as '90 %'")
    return Fault(f"{measure} is never negative", quoted(number), "0 or more") if value < 0.0 else None

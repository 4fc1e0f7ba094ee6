"""Documented figures: what of a run each speaks of, whether it can be that, and whether the run can be asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.errors import RequestError, ScenarioError
from sim.results.measure import read
from sim.results.names import fault, outside
from sim.results.target import in_unit
from sim.results.units import dated, most_of, unit
from sim.scenario.problem import Fault, Problem, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sim.plan.plan import Plan
    from sim.scenario.fields import Moment
    from sim.scenario.load import Scenario
    from sim.scenario.schema import Documented


class Stated(NamedTuple):
    """A documented figure in the unit of its measure, days since the start for dates."""

    measure: str
    value: float | None
    low: float | None
    high: float | None


def stated(figure: Documented, start: datetime) -> Stated:
    """Return a figure that `documented` accepts."""
    measure = str(read(figure.measure))
    if figure.date is not None:
        return Stated(measure, *day_numbers(figure.date, start))
    value, low, high = (
        None if number is None else _in(number, measure) for number in (figure.value, figure.low, figure.high)
    )
    return Stated(measure, value, low, high)


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


def unasked(scenario: Scenario, plan: Plan) -> Iterator[Problem]:
    """Iterate over notes on figures that a run is not asked for; a date outside the run is noted with the scenario."""
    for name, figure in scenario.root.documented.items():
        out = outside(read(figure.measure), plan.start, plan.days)
        if out:
            path = ("documented", name, "measure")
            yield Problem.at(scenario.origins[path], path, Fault(f"not asked: {out}", quoted(figure.measure)))


def documented(scenario: Scenario, plan: Plan) -> tuple[str, ...]:
    """Return the measures that a scenario's documented figures speak of and that its run can be asked for.

    Raises
    ------
    ScenarioError
        If one does not exist, or cannot have the value that is given; with file, line and what is expected.
    """
    found, problems = set(), []
    for name, figure in scenario.root.documented.items():
        wrong = [*_faults(figure, plan)]
        for one in wrong:
            path = ("documented", name, *one.at)
            origin = scenario.origins.get(path) or scenario.origins[(*path[:2], "measure")]
            problems.append(Problem.at(origin, path, Fault(one.wrong, one.given, one.expected)))
        if not wrong and not beyond(figure, plan.start, plan.days):
            found.add(str(read(figure.measure)))
    if problems:
        raise ScenarioError(problems)
    return tuple(sorted(found))


def _faults(figure: Documented, plan: Plan) -> Iterator[Fault]:
    measure = read(figure.measure)
    if not outside(measure, plan.start, plan.days):
        wrong = fault(figure.measure, plan)
        if wrong is not None:
            yield wrong.under("measure")
            return
    name = str(measure)
    numbers = {key: getattr(figure, key) for key in ("low", "value", "high") if getattr(figure, key) is not None}
    if figure.date is not None and not dated(name):
        due = f", in {unit(name)}" if unit(name) else ""
        yield Fault(f"a date for {name}, which is none", quoted(figure.date.text), f"a 'value'{due}", ("date",))
        return
    unfit = {key: number_fault(name, number) for key, number in numbers.items()}
    most = most_of(name, plan.days)
    if figure.value is not None and unfit["value"] is None and _in(figure.value, name) > most:
        given, limit = quoted(figure.value), f"{most:g} {unit(name)}".rstrip()
        unfit["value"] = Fault(f"more than {name} can be in a run of {plan.days} days", given, f"at most {limit}")
    yield from (one.under(key) for key, one in unfit.items() if one is not None)
    if any(unfit.values()):
        return
    values = [_in(number, name) for number in numbers.values()]
    if values != sorted(values):
        given = " to ".join(map(str, numbers.values()))
        yield Fault("the range does not hold the value", given, "low ≤ value ≤ high", ("low",))


def _in(number: float | str, measure: str) -> float:
    """Return a documented number in the unit of its measure."""
    return in_unit(number, measure) if isinstance(number, str) else number


def number_fault(measure: str, number: float | str) -> Fault | None:
    """Return why a measure cannot have a value; None if it can."""
    if dated(measure):
        return Fault(f"a number for {measure}, which is a date", quoted(number), "'date', with its own range")
    try:
        value = _in(number, measure)
    except RequestError as error:
        return Fault(str(error))
    if unit(measure) == "%" and not 0.0 <= value <= 1.0:
        return Fault(f"{measure} is a share", quoted(number), "0 to 1, or a percentage such as '90 %'")
    return Fault(f"{measure} is never negative", quoted(number), "0 or more") if value < 0.0 else None

"""Targets bound to a plan: what each reads off a replication, and how likely what it reads is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf, nan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

import sim.evidence
from sim.errors import ScenarioError
from sim.plan.plan import Plan
from sim.plan.sections import IMPORT
from sim.results.measures import dated, read, written
from sim.results.names import fault, outside
from sim.results.quantity import OF_TABLES, Asked, Condition, Quantity
from sim.results.stated import number_fault, scale
from sim.scenario.load import Scenario
from sim.scenario.problem import Fault, Path, one_of, quoted
from sim.scenario.sources import ASSUMPTION
from sim.scenario.targets import Bounded, Simulated, Target, Targets

Mode = Literal["replay", "free"]
Series = Literal["customs", "minister"]
Use = Literal["fit", "check", "claim", "input"]
SHARES = ("open_share", "open_any", "fill", "need_met")
"""Columns of the table of towns that are shares."""


@dataclass(frozen=True)
class Bound:
    """A target of a plan.

    Parameters
    ----------
    name, target
        As in the file.
    asked
        What it reads off a replication.
    low, high
        Documented interval, infinite at an open end; dates in days since the start.
    soft
        One standard deviation of what lies outside.
    value
        The documented value: the date, the middle, or the bound.
    use
        fit, check or claim; input where the fact is imposed.
    last
        Last day that it looks at.
    leans
        Ranges of the scenario that cite one of its facts.
    """

    name: str
    target: Target
    asked: Asked
    low: float
    high: float
    soft: float
    value: float
    use: Use
    last: int
    leans: tuple[str, ...] = ()

    @property
    def is_date(self) -> bool:
        """Whether its quantity is a day of the run."""
        return self.target.date is not None

    @property
    def is_share(self) -> bool:
        """Whether its quantity is a share, 0 to 1."""
        quantity = self.asked.quantity
        return quantity.column in SHARES and quantity.statistic in ("mean", "least", "most")

    @property
    def scale(self) -> tuple[float, float] | None:
        """Least and greatest value that its quantity can have; None if there is no greatest, or two are compared."""
        quantity = self.asked.quantity
        if self.asked.minus is not None:
            return None
        if quantity.measure:
            return scale(quantity.measure, quantity.last + 1)
        if self.is_date:
            return float(quantity.first), float(quantity.last + 1)
        if quantity.statistic.startswith("days"):
            return 0.0, float(quantity.last - quantity.first + 1)
        return (0.0, 1.0) if self.is_share else None

    @property
    def known(self) -> int:
        """Last day that one must have seen to know the fact: of a date its latest, else the last that is looked at."""
        return int(self.high) if self.is_date else self.last

    def until(self, day: int) -> Bound:
        """Return a date as it is asked of a run that ends with a day: later is not yet."""
        quantity = replace(self.asked.quantity, last=min(self.asked.quantity.last, day))
        return replace(self, asked=replace(self.asked, quantity=quantity), last=min(self.last, day))

    def misfit(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far values lie outside, in standard deviations; 0 inside, and where nothing is asked."""
        outside = np.maximum(0.0, np.maximum(self.low - values, values - self.high)) / self.soft
        return np.where(np.isnan(values), 0.0, outside)


def mode_of(scenario: Scenario) -> Mode:
    """Say whether a scenario imposes the recorded convoys or attacks."""
    root = scenario.root
    return "replay" if root.convoys.mode != "formed" or root.attacks.mode == "replayed" else "free"


def bind(targets: Targets, scenario: Scenario, plan: Plan, series: Series = "customs") -> tuple[Bound, ...]:
    """Return the targets that can be asked of a scenario, in the order of the file.

    Those of another mode, scope or series are left out.

    Raises
    ------
    ScenarioError
        If one speaks of what does not exist or lies outside the run, or is to be fitted though its fact is imposed.
    """
    mode, (inputs, leaning), events = mode_of(scenario), cited(scenario), _events()
    bounds: list[Bound] = []
    wrong: list[Fault] = []
    for name, target in targets.root.targets.items():
        if not (
            mode in target.modes and target.scope in ("both", scenario.root.scope) and target.series in ("both", series)
        ):
            continue
        told = {row for fact in target.facts for row in events.get(fact, (fact,))}
        imposed = sorted(told & inputs.keys())
        if imposed and target.use == "fit":
            given = f"{imposed[0]}, which sets '{inputs[imposed[0]]}'"
            fault = Fault("a fact that is an input", given, "use: check, or another mode", ("targets", name, "facts"))
            wrong.append(fault)
            continue
        reader = _Reader(plan, ("targets", name))
        asked = Asked(
            reader.quantity(target.quantity, "quantity"),
            reader.quantity(target.minus, "minus") if target.minus else None,
            reader.condition(target.given) if target.given else None,
        )
        wrong += reader.wrong or [fault.under("targets", name) for fault in _unfit(target)]
        low, high, value = _ends(target, plan.start)
        if target.date is not None and not 0.0 <= value < plan.days:
            fault = Fault("a date outside the run", quoted(target.date.text), _run(plan), ("targets", name, "date"))
            wrong.append(fault)
        use: Use = "input" if imposed and target.use != "claim" else target.use
        leans = tuple(sorted({path for row in told for path in leaning.get(row, ())}))
        bounds.append(Bound(name, target, asked, low, high, target.soft, value, use, reader.last, leans))
    if not bounds and not wrong:
        given = f"mode {mode}, scope {scenario.root.scope}, series {series}"
        wrong.append(Fault("no target for this scenario", given, "at least one", ("targets",)))
    if wrong:
        raise ScenarioError(tuple(targets.problem(fault) for fault in wrong))
    return tuple(bounds)


def log_likelihood(bounds: Sequence[Bound], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-likelihood of replications, shape (replications,), from values of shape (replications, targets).

    Minus half the sum of squared misfits of the targets to be fitted; 0 where all lie inside what is documented.
    """
    total = np.zeros(len(values))
    for k, bound in enumerate(bounds):
        if bound.use == "fit":
            total -= 0.5 * np.square(bound.misfit(values[:, k]))
    return total


def cited(scenario: Scenario) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return the facts that a scenario imposes, each with the number that it sets, and the ranges that cite each fact.

    Imposed are recorded convoys and attacks where they are in force, and every number without a range.
    """
    root = scenario.root
    in_force = {
        "attacks.replayed": root.attacks.mode not in ("drawn", "none"),
        "convoys.recorded": root.convoys.mode != "formed",
    }
    inputs: dict[str, str] = {}
    leaning: dict[str, tuple[str, ...]] = {}
    for path, number, _ in scenario.numbers():
        if path.startswith(("documented.", "marks.")) or number.source in (None, ASSUMPTION):
            continue
        recorded = next((part for part in in_force if path.startswith(part)), None)
        if in_force[recorded] if recorded else number.law is None:
            inputs.setdefault(number.source, path)
        elif recorded is None:
            leaning[number.source] = (*leaning.get(number.source, ()), path)
    return inputs, leaning


def _events() -> dict[str, tuple[str, ...]]:
    """Return all rows on the event of each row that shares one."""
    rows = sim.evidence.load().events
    together: dict[str, list[str]] = {}
    for name, row in rows.items():
        if row.same_event:
            together.setdefault(row.same_event, []).append(name)
    return {name: tuple(together[row.same_event]) for name, row in rows.items() if row.same_event}


def _ends(target: Target, start: datetime) -> tuple[float, float, float]:
    """Return the documented interval, and the documented value."""
    if target.date is not None:
        value, low, high = target.date.hours(start)
        day = value // 24.0
        return (day if low is None else low // 24.0), (day if high is None else high // 24.0), day
    if target.at_least is not None:
        return target.at_least, inf, target.at_least
    if target.at_most is not None:
        return -inf, target.at_most, target.at_most
    low, high = target.low or 0.0, target.high or 0.0
    return low, high, (low + high) / 2.0


def _unfit(target: Target) -> Iterator[Fault]:
    """Iterate over what a measure cannot have: a date if it is none, a number if it is one, a share beyond 1."""
    measure = written(target.quantity.measure or "")
    if not measure or target.minus is not None:
        return
    if target.date is not None and not dated(measure):
        yield Fault(f"a date for {measure}, which is none", quoted(target.date.text), "low and high", ("date",))
    for key in ("low", "high", "at_least", "at_most"):
        number = getattr(target, key)
        if number is not None and (wrong := number_fault(measure, number)):
            yield wrong.under(key)


def _run(plan: Plan) -> str:
    last = plan.start + timedelta(days=plan.days - 1)
    return f"a day from {plan.start:%Y-%m-%d} to {last:%Y-%m-%d}"


def days_of(part: Simulated, plan: Plan) -> tuple[int, int]:
    """Return the first and the last day from which something is read: those of the run where none are named."""
    first, last = (None if m is None else int(m.hours(plan.start)[0] // 24.0) for m in (part.from_, part.to))
    return 0 if first is None else first, plan.days - 1 if last is None else last


class _Reader:
    """Turns what a target says into indices of the plan, and notes what does not exist."""

    def __init__(self, plan: Plan, path: Path) -> None:
        self.plan = plan
        self.path = path
        self.wrong: list[Fault] = []
        self.last = 0

    def condition(self, part: Bounded) -> Condition:
        """Return a condition."""
        low = -inf if part.at_least is None else part.at_least
        high = inf if part.at_most is None else part.at_most
        return Condition(self.quantity(part, "given"), low, high)

    def quantity(self, part: Simulated, key: str) -> Quantity:
        """Return a quantity."""
        plan = self.plan
        faults = [*self._faults(part)]
        self.wrong += [fault.under(*self.path, key) for fault in faults]
        if faults:
            return Quantity()
        if part.measure is not None:
            self.last = plan.days - 1
            return Quantity(measure=str(read(part.measure)), last=self.last)
        names = part.corridors or [
            name for name, kind in zip(plan.corridors.name, plan.corridors.kind, strict=True) if kind == IMPORT
        ]
        first, last = days_of(part, plan)
        self.last = max(self.last, last)
        return Quantity(
            part.table or "",
            part.column or "",
            town=plan.towns.name.index(part.town) if part.town else 0,
            product=plan.products.name.index(part.product) if part.product else 0,
            corridors=tuple(plan.corridors.name.index(name) for name in names),
            first=first,
            last=last,
            statistic=part.statistic,
            threshold=nan if part.threshold is None else part.threshold,
            flags=(part.escorted, part.hit, part.ground, part.air),
            by=part.by,
        )

    def _faults(self, part: Simulated) -> Iterator[Fault]:
        plan = self.plan
        if part.measure is not None:
            wrong = fault(part.measure, plan)
            if wrong is None and (cut := outside(read(part.measure), plan.start, plan.days)):
                wrong = Fault(cut, quoted(part.measure), _run(plan))
            if wrong is not None:
                yield wrong.under("measure")
            return
        assert part.table is not None
        columns = OF_TABLES[part.table]
        if part.column is not None and part.column not in columns:
            yield Fault(
                f"no such column of {part.table}", quoted(part.column), one_of(columns, part.column), ("column",)
            )
        known = {"town": plan.towns.name, "product": self._sold()}
        for key, names in known.items():
            given = getattr(part, key)
            if part.table == "towns" and given is None:
                yield Fault(f"a table of towns without a {key}", "nothing", f"a {key}")
            elif part.table != "towns" and given is not None:
                yield Fault(f"a {key} of the table {part.table}", quoted(given), f"no {key}", (key,))
            elif given is not None and given not in names:
                yield Fault(f"unknown {key}", quoted(given), one_of(names, given), (key,))
        for k, name in enumerate(part.corridors):
            if name not in plan.corridors.name:
                yield Fault("unknown corridor", quoted(name), one_of(plan.corridors.name, name), ("corridors", str(k)))
        first, last = days_of(part, plan)
        for key, moment, day in (("from", part.from_, first), ("to", part.to, last)):
            if moment is not None and not 0 <= day < plan.days:
                yield Fault("a date outside the run", quoted(moment.text), _run(plan), (key,))
        if first > last:
            yield Fault("a last day before the first", f"day {last}", f"day {first} or later", ("to",))

    def _sold(self) -> list[str]:
        products = self.plan.products
        return [name for name, pump in zip(products.name, products.pump, strict=True) if pump]

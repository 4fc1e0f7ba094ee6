"""Numbers of a scenario that an explorer moves: which there are, what each may be set to, and the setting of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from sim.plan.plan import Plan
from sim.scenario.components import ARMY, components_of, effect_path
from sim.scenario.components import alternatives as components_wanted
from sim.scenario.describe import bases
from sim.scenario.load import Scenario
from sim.scenario.number import Quantity, Scale
from sim.scenario.paths import WILD, steps
from sim.scenario.schema import Root
from sim.scenario.shape import shape_at
from sim.study.alternatives import Alternative
from sim.study.axis import axis
from sim.study.lever import Kind, Lever
from sim.study.replicate import simulate

Basis: TypeAlias = tuple[str, str | None, str | None, bool]
CONVOY, THREAT = "strategy.imports.*.max", "zones.*.effort"
FACTORS = tuple(Fraction(step) for step in ("0", "1/4", "1/2", "3/4", "1", "5/4", "3/2", "2", "5/2", "3", "4"))
"""By what numbers are multiplied that are many, or change by date."""
PARTS = 8
"""Steps over a range."""
DIGITS = 3
"""Decimals of a factor, at most."""


def levers(alternatives: Sequence[Alternative], further: Iterable[str] = ()) -> tuple[Lever, ...]:
    """Return the levers of some alternatives: those that fit all of them, then further ones.

    Parameters
    ----------
    alternatives
        What is compared; the first gives values and words.
    further
        What else is to be moved, as a sweep varies it: ``path=from:to:count``.

    Raises
    ------
    RequestError
        If one of the further ones is no number, or its range cannot be read.
    """
    return (*filter(None, _usual(alternatives)), *(_further(text, alternatives[0]) for text in further))


def _usual(alternatives: Sequence[Alternative]) -> Iterator[Lever | None]:
    root = alternatives[0].scenario.root
    views = [_Numbers(each) for each in alternatives]
    musts = {name for each in alternatives for name in _musts(each.scenario)}
    for name, pool in root.escorts.pools.items():
        yield _units(f"escorts.pools.{name}.units", views, 1 if pool.component in musts else 0)
    yield _convoy(views)
    for component in components_of(root.escorts):
        if component != ARMY and any(pool.component == component for pool in root.escorts.pools.values()):
            yield _between("ratio", effect_path(component, "loss_ratio"), views)
    yield _times("threat", THREAT, views)
    yield _stock(alternatives[0], views)


def _musts(scenario: Scenario) -> Iterator[str]:
    """Iterate over the components without which some convoy does not leave."""
    for regime in scenario.root.strategy.imports:
        for wanted in regime.must:
            yield from components_wanted(wanted)


class _Numbers:
    """The numbers of a scenario by position, and what they rest on."""

    def __init__(self, alternative: Alternative) -> None:
        numbers = alternative.scenario.numbers()
        self.all = {path: number for path, number, _ in numbers if isinstance(number, Quantity)}
        self._alternative = alternative

    @cached_property
    def _bases(self) -> dict[str, Basis]:
        plan = self._alternative.plan
        known = () if plan.posterior is None else plan.posterior.entities
        fitted = {number.path for number in plan.uncertain if number.entity in known}
        rows = bases(self._alternative.scenario)
        return {row.path: (row.grade, row.low, row.high, row.path in fitted) for row in rows}

    def basis(self, path: str) -> Basis:
        """Return grade and range of a number, and whether a posterior draws it, by the path by which it is drawn."""
        return self._bases.get(path, ("none", None, None, False))

    def at(self, pattern: str) -> list[Quantity]:
        """Return the numbers at a path, in which ``*`` stands for any name, and at the entries of a list there."""
        keys = steps(pattern)
        return [number for path, number in self.all.items() if _fits(keys, steps(path))]


def _fits(pattern: Sequence[str], path: Sequence[str]) -> bool:
    size = len(pattern)
    entry = len(path) == size or (len(path) == size + 1 and path[-1].isdecimal())
    return entry and all(key in (WILD, name) for key, name in zip(pattern, path, strict=False))


def _scale(path: str) -> Scale:
    shape = shape_at(Root, steps(path))
    assert shape is not None and shape.rule is not None
    return shape.rule


def _units(path: str, views: Sequence[_Numbers], least: int) -> Lever | None:
    """Return the lever of a pool's units: a number where it is one in all alternatives, else factors on all entries."""
    last = next((number for number in reversed(views[0].at(path)) if number.value > 0.0), None)
    if last is None:
        return None
    most = int(max(2.0 * last.value, last.most))
    if all(path in view.all for view in views):
        basis = views[0].basis(path)
        return _absolute("units", path, [*range(least, most + 1), last.value], last.value, _scale(path), basis)
    return _times("units", path, views, [Fraction(n) / Fraction(last.value) for n in range(least, most + 1)])


def _convoy(views: Sequence[_Numbers]) -> Lever | None:
    """Return the lever of the largest import convoy, in all regimes; none is smaller than a least size may be."""
    largest = [number for view in views for number in view.at(CONVOY)]
    least = [number.most for view in views for number in view.at(CONVOY.replace(".max", ".min"))]
    first = views[0].at(CONVOY)
    if not first:
        return None
    now = min(first, key=lambda number: number.value)
    low, high = max([1.0, *least]), now.most if not now.certain else 2.0 * now.value
    if not low < high or not least or not largest:
        return None
    sizes = {float(f"{low + (high - low) * k / PARTS:.2g}") for k in range(PARTS + 1)} | {now.value}
    sizes = {size for size in sizes if size >= low}
    lever = _absolute("convoy", CONVOY, sizes, now.value, _scale(now.path), views[0].basis(now.path))
    return replace(lever, path=now.path)


def _times(kind: Kind, path: str, views: Sequence[_Numbers], factors: Iterable[Fraction] = FACTORS) -> Lever | None:
    """Return the lever that multiplies numbers by factors that all of them can take; None without two."""
    numbers = [number for view in views for number in view.at(path)]
    scale = _scale(numbers[0].path) if numbers else None
    if scale is None or not any(number.value for number in numbers):
        return None
    ceilings = [number.value for view in views for number in view.at("zones.*.ceiling")] if kind == "threat" else []
    most = min([scale.high, *ceilings])
    fits = [
        factor
        for factor in factors
        if _written(factor) is not None and all(_holds(number, factor, scale, most) for number in numbers)
    ]
    if len(fits) < 2 or 1 not in fits:
        return None
    first = views[0].at(path)
    shown = {scale.shown(number.value) for number in first if number.value}
    last = next((number for number in reversed(first) if number.value), first[-1])
    amount = float(scale.shown(last.value).split(" ")[0]) if kind != "threat" or len(shown) == 1 else float("nan")
    return Lever(
        kind,
        last.path,
        tuple((f"{path}*={_written(factor)}",) for factor in fits),
        tuple(map(float, fits)),
        fits.index(Fraction(1)),
        scale.shown(1.0).partition(" ")[2],
        True,
        amount,
        *views[0].basis(last.path),
    )


def _written(factor: Fraction) -> str | None:
    """Return a factor as a setting states it, without loss; None if it takes too many digits."""
    whole = factor * 10**DIGITS
    return f"{float(factor):g}" if whole.denominator == 1 else None


def _holds(number: Quantity, factor: Fraction, scale: Scale, most: float) -> bool:
    """Say whether a number can be multiplied so: its range within bounds, a whole number whole."""
    ends = [float(factor * Fraction(end)) for end in (number.least, number.most)]
    if not (scale.low <= ends[0] and ends[1] <= most):
        return False
    return not scale.whole or (factor * Fraction(number.value)).denominator == 1


def _between(kind: Kind, path: str, views: Sequence[_Numbers]) -> Lever | None:
    """Return the lever that sets one number over its range, or from half to twice its value where it has none."""
    if not all(path in view.all for view in views):
        return None
    number, scale = views[0].all[path], _scale(path)
    low, high = (0.5 * number.value, 2.0 * number.value) if number.certain else (number.least, number.most)
    low, high = max(scale.low, low), min(scale.high, high)
    if not low < high:
        return None
    amounts = {low + (high - low) * k / PARTS for k in range(PARTS + 1)} | {number.value}
    return _absolute(kind, path, amounts, number.value, scale, views[0].basis(path))


def _absolute(
    kind: Kind,
    path: str,
    amounts: Iterable[float],
    start: float,
    scale: Scale,
    basis: Basis,
) -> Lever:
    texts = [scale.shown(round(amount) if scale.whole else amount) for amount in amounts]
    values = {float(text.split(" ")[0]): text for text in texts}
    here = float(scale.shown(start).split(" ")[0])
    order = sorted(values)
    return Lever(
        kind,
        path,
        tuple((f"{path}={values[value]}",) for value in order),
        tuple(order),
        order.index(here),
        scale.shown(1.0).partition(" ")[2],
        False,
        float("nan"),
        *basis,
    )


def _stock(alternative: Alternative, views: Sequence[_Numbers]) -> Lever | None:
    """Return the lever of the hub's stock of the lead product at the start; as it is, the warm-up leaves it."""
    scenario, plan = alternative.scenario, alternative.plan
    path = f"stocks.{scenario.root.hub}.{scenario.root.lead}"
    given = views[0].all.get(path)
    town, product = plan.towns.name.index(scenario.root.hub), plan.products.name.index(scenario.root.lead)
    full = replace(plan, stocks=replace(plan.stocks, town=(town,), product=(product,), volume=(_scale(path).high,)))
    usual, room = (_first_day(each, town, product) for each in (plan, full))
    if not room > 0.0:
        return None
    start = usual if given is None else given.value
    room = max(room, start)
    amounts = {room * k / PARTS for k in range(PARTS + 1)} | {start}
    rounded = {float(f"{amount:.2g}") for amount in amounts}
    lever = _absolute("stock", path, rounded, float(f"{start:.2g}"), _scale(path), views[0].basis(path))
    hub, lead = scenario.root.hub, scenario.root.lead
    if all(view.at(f"stocks.{hub}.*") for view in views):
        return lever
    texts = [settings[0].partition("=")[2] for settings in lever.settings]
    named = tuple((f"stocks.{hub}={{{json.dumps(lead, ensure_ascii=False)}: {text}}}",) for text in texts)
    return replace(lever, settings=named)


def _first_day(plan: Plan, town: int, product: int) -> float:
    """Return a town's stock of a product at the end of the first day, at central values, m3."""
    rows = simulate(plan, 1, 0, central=True, engine="fast").towns
    here = (rows["day"] == 0) & (rows["town"] == town) & (rows["product"] == product)
    return float(rows["stock"][here].sum())


def _further(text: str, alternative: Alternative) -> Lever:
    """Return the lever of what a sweep would vary, with the scenario's own value among the others."""
    along, numbers = axis(text, alternative.scenario), _Numbers(alternative)
    path = along.paths[0].removesuffix(WILD)
    number = next(iter(numbers.at(path)), None) or next(each for each in numbers.all.values() if each.path == path)
    scale = _scale(number.path)
    here = "1" if along.relative else scale.shown(number.value)
    start = float(here.split(" ")[0])
    texts = {start: here} | dict(zip(along.values, along.texts, strict=True))
    order = sorted(texts)
    return Lever(
        "further",
        number.path,
        tuple(tuple(f"{each}={texts[value]}" for each in along.paths) for value in order),
        tuple(order),
        order.index(start),
        scale.shown(1.0).partition(" ")[2],
        along.relative,
        float(scale.shown(number.value).split(" ")[0]) if len(numbers.at(path)) < 2 else float("nan"),
        *numbers.basis(number.path),
    )

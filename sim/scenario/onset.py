"""From when on two scenarios differ, and from when on a strategy is another than in peace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.scenario.conduct import Attacks, Convoys, Regime
from sim.scenario.moment import Dated, Moment
from sim.scenario.number import Quantity
from sim.scenario.record import APART

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

Steps = list[tuple[Moment | None, Any]]
CALLED = frozenset({"name", "label", "note"})
"""What things are called, which changes nothing."""


def onset(one: Scenario, other: Scenario) -> float | None:
    """Return from when on what is modelled differs between two scenarios of one start; None if it never does.

    Returns
    -------
    float or None
        Hours since the start; 0 for what holds throughout.
    """
    ours, theirs = ({key: getattr(it.root, key) for key in type(it.root).model_fields} for it in (one, other))
    kept = ours.keys() - APART
    return min((found for key in kept for found in _apart(ours[key], theirs[key], one.start)), default=None)


def change_of_strategy(scenario: Scenario) -> float | None:
    """Return when the strategy's second regime of imports begins, h since the start; None if it has one only."""
    later = [_opens(one, scenario.start) for one in scenario.root.strategy.imports[1:]]
    return min(later, default=None)


def _apart(one: Any, other: Any, start: datetime) -> Iterator[float]:
    """Iterate over the hours from which on two things differ."""
    one, other = _acting(one), _acting(other)
    if isinstance(one, Dated) and isinstance(other, Dated):
        ours, theirs = ([(at, _plain(value)) for at, value in it.entries] for it in (one, other))
        yield from _steps(ours, theirs, start)
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in one.keys() | other.keys():
            yield from _apart(one.get(key), other.get(key), start)
    elif _regimes(one) and _regimes(other):
        ours, theirs = ([(it.from_, _plain(it) | {"from_": None}) for it in some] for some in (one, other))
        yield from _steps(ours, theirs, start)
    elif _plain(one) != _plain(other):
        opens = min(_opens(it, start) for it in (one, other) if it is not None)
        if type(one) is type(other) and isinstance(one, BaseModel):
            for key in type(one).model_fields.keys() - CALLED:
                for found in _apart(getattr(one, key), getattr(other, key), start):
                    yield max(opens, found)
        else:
            yield opens


def _acting(value: Any) -> Any:
    """Return attacks or convoys by whether they come of themselves, and those listed only where they are imposed."""
    if not isinstance(value, Attacks | Convoys):
        return value
    own, imposed = ("drawn", "replayed") if isinstance(value, Attacks) else ("formed", "recorded")
    held: dict[str, Any] = {key: getattr(value, key) for key in type(value).model_fields if key != "mode"}
    listed = held[imposed] if value.mode in (imposed, "both") else {}
    return held | {own: value.mode in (own, "both"), imposed: listed}


def _regimes(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Regime) for one in value)


def _steps(one: Steps, other: Steps, start: datetime) -> Iterator[float]:
    """Yield the first moment at which of two things that change by date other entries hold."""
    held = [[(_hours(at, start), value) for at, value in some] for some in (one, other)]
    for when in sorted({at for some in held for at, _ in some}):
        ours, theirs = (next((value for at, value in reversed(some) if at <= when), None) for some in held)
        if ours != theirs:
            yield when
            return


def _opens(thing: Any, start: datetime) -> float:
    """Return from when on a thing plays a part: its first moment, or that from which it has units."""
    for key in ("from_", "at"):
        if isinstance(when := getattr(thing, key, None), Moment):
            return _hours(when, start)
    if isinstance(units := getattr(thing, "units", None), Dated):
        return next((_hours(at, start) for at, value in units.entries if value.value > 0.0), 0.0)
    return 0.0


def _hours(when: Moment | None, start: datetime) -> float:
    return 0.0 if when is None else max(0.0, when.hours(start)[0])


def _plain(value: Any) -> Any:
    """Return what is equal for two values if and only if the model sees no difference between them."""
    if isinstance(value, Quantity):
        return value.value, value.low, value.high, value.law, value.draw
    if isinstance(value, Moment):
        return value.at, value.day, _plain(value.low), _plain(value.high)
    if isinstance(value, Dated):
        return [(_plain(at), _plain(one)) for at, one in value.entries]
    if isinstance(value, BaseModel):
        return {key: _plain(getattr(value, key)) for key in type(value).model_fields if key not in CALLED}
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value

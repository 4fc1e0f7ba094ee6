"""What of a scenario the model sees: its digest, whether what is laid on it makes a what-if, from when two differ."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.conduct import Attacks, Convoys, Regime
from sim.scenario.fields import Dated, Moment, Part, Quantity
from sim.scenario.schema import Root
from sim.scenario.tree import Branch, Leaf

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

Steps = list[tuple[Moment | None, Any]]
APART: Final = {"title", "note", "end", "documented", "marks", "posterior", "hindcast", "record"}
"""Keys that change nothing of what is modelled: which draws of its ranges are taken is no other country."""
KEY: Final = "record"
CALLED = frozenset({"name", "label", "note"})
"""What things are called, which changes nothing."""


def essence(value: Any, without: Container[str] = ()) -> Any:
    """Return plain data, equal for two values if and only if the model sees no difference; ``without`` some fields."""
    match value:
        case Quantity():
            return [value.value, value.low, value.high, value.law, value.draw]
        case Moment():
            return [value.day, str(value.at), *(end and essence(end) for end in (value.low, value.high))]
        case Dated(entries):
            return [[at and essence(at), essence(number)] for at, number in entries]
        case Part():
            fields = type(value).model_fields
            return {name: essence(getattr(value, name), without) for name in fields if name not in without}
        case Mapping():
            return {key: essence(item, without) for key, item in value.items()}
        case list():
            return [essence(item, without) for item in value]
    return value


def digest_of(root: Root) -> str:
    """Return the SHA-256 of what the model sees: values, ranges and names, not notes, sources or spelling."""
    parts = {name: essence(getattr(root, name)) for name in Root.model_fields if name not in ("note", "title", KEY)}
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def what_if(overlays: Iterable[Branch], settings: Iterable[str]) -> bool:
    """Say whether what is laid on a scenario makes it a what-if: files, with what they extend, then settings.

    A file that changes the model does, unless it says ``record: yes``; so does any that says ``record: no``.  A setting
    of ``record`` has the last word, which is that of the scenario itself.
    """
    changed = False
    for layer in overlays:
        said = layer.items.get(KEY)
        changed |= not _yes(said.value) if isinstance(said, Leaf) else bool(layer.items.keys() - APART)
    keys = [re.split(r"[.=@*]", setting, maxsplit=1)[0].strip() for setting in settings]
    return KEY not in keys and (changed or bool(set(keys) - APART))


def _yes(value: object) -> bool:
    return value is True or str(value).lower() in ("yes", "true", "on", "y", "t", "1")


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
        ours, theirs = ([(at, essence(value)) for at, value in it.entries] for it in (one, other))
        yield from _steps(ours, theirs, start)
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in one.keys() | other.keys():
            yield from _apart(one.get(key), other.get(key), start)
    elif _regimes(one) and _regimes(other):
        ours, theirs = ([(it.from_, essence(it, CALLED) | {"from_": None}) for it in some] for some in (one, other))
        yield from _steps(ours, theirs, start)
    elif essence(one, CALLED) != essence(other, CALLED):
        opens = min(_opens(it, start) for it in (one, other) if it is not None)
        if type(one) is type(other) and isinstance(one, Part):
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

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
APART: Final = {"title", "note", "name", "end", "documented", "marks", "posterior", "hindcast", "record"}
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
            return {name: essence(item, without) for name, item in value if name not in without}
        case Mapping():
            return {key: essence(item, without) for key, item in value.items()}
        case list():
            return [essence(item, without) for item in value]
    return value


def digest_of(root: Root) -> str:
    """Return the SHA-256 of what the model sees: values, ranges and names, not notes, sources or spelling."""
    parts = {name: essence(part) for name, part in root if name not in ("title", "note", "name", KEY)}
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


def onset(scenario: Scenario, other: Scenario) -> float | None:
    """Return from when on what is modelled differs between two scenarios of one start; None if it never does.

    Returns
    -------
    float or None
        Hours since the start; 0 for what holds throughout.
    """
    ours, theirs = (dict(root) for root in (scenario.root, other.root))
    start, keys = scenario.start, ours.keys() - APART
    return min((hour for key in keys for hour in _apart(ours[key], theirs[key], start)), default=None)


def change_of_strategy(scenario: Scenario) -> float | None:
    """Return when the strategy's second regime of imports begins, h since the start; None if it has one only."""
    later = [_opens(regime, scenario.start) for regime in scenario.root.strategy.imports[1:]]
    return min(later, default=None)


def _apart(ours: Any, theirs: Any, start: datetime) -> Iterator[float]:
    """Iterate over the hours from which on two things differ."""
    both = ours, theirs = _acting(ours), _acting(theirs)
    steps = [_steps(thing) for thing in both]
    if steps[0] and steps[1]:
        yield from _parting(steps[0], steps[1], start)
    elif isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        for key in ours.keys() | theirs.keys():
            yield from _apart(ours.get(key), theirs.get(key), start)
    elif essence(ours, CALLED) != essence(theirs, CALLED):
        opens = min(_opens(thing, start) for thing in both if thing is not None)
        if type(ours) is type(theirs) and isinstance(ours, Part):
            for key in type(ours).model_fields.keys() - CALLED:
                for hour in _apart(getattr(ours, key), getattr(theirs, key), start):
                    yield max(opens, hour)
        else:
            yield opens


def _acting(value: Any) -> Any:
    """Return attacks or convoys by whether they come of themselves, and those listed only where they are imposed."""
    if not isinstance(value, Attacks | Convoys):
        return value
    own, imposed = ("drawn", "replayed") if isinstance(value, Attacks) else ("formed", "recorded")
    fields = dict(value)
    del fields["mode"]
    listed = fields[imposed] if value.mode in (imposed, "both") else {}
    return fields | {own: value.mode in (own, "both"), imposed: listed}


def _steps(thing: Any) -> Steps:
    """Return the entries of a thing that changes by date; none of any other."""
    if isinstance(thing, Dated):
        return [(at, essence(value)) for at, value in thing.entries]
    if isinstance(thing, list) and all(isinstance(item, Regime) for item in thing):
        return [(regime.from_, essence(regime, CALLED) | {"from_": None}) for regime in thing]
    return []


def _parting(ours: Steps, theirs: Steps, start: datetime) -> Iterator[float]:
    """Yield the first moment at which of two things that change by date other entries hold."""
    both = [[(_hours(at, start), value) for at, value in steps] for steps in (ours, theirs)]
    for when in sorted({at for steps in both for at, _ in steps}):
        in_force = [next((value for at, value in reversed(steps) if at <= when), None) for steps in both]
        if in_force[0] != in_force[1]:
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

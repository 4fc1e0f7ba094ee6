"""From plain data to the schema's parts: validation, paths and defaults filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from sim.scenario import address
from sim.scenario.faults import KIND
from sim.scenario.fields import Dated, Moment, Part, Quantity, faults_of
from sim.scenario.moment import EXPECTED
from sim.scenario.number import read_number
from sim.scenario.problem import TOLD, Fault, Path, quoted
from sim.scenario.read import scalar
from sim.scenario.schema import Root
from sim.scenario.shape import Shape, shape_at, unknown
from sim.scenario.sources import Sources

DATE = "a date such as 2025-09-03"
UNTOLD = "something wrong here too"
"""What is said of each fault after the first ones, which is counted and told last if at all."""


def validated(data: dict[str, Any], sources: Sources | None) -> tuple[Root | None, list[Fault]]:
    """Return the scenario that ``data`` states, or None and every fault; each fault's ``at`` is its full path."""
    try:
        root = Root.model_validate(data, context={"sources": sources})
    except ValidationError as error:
        return None, faults(error, Root)
    return with_paths(root), []


def faults(error: ValidationError, schema: type[Part]) -> list[Fault]:
    """Return what pydantic found in the words of a file of this schema; each fault's ``at`` is its full path."""
    found = faults_of(error)
    said = [fault for path, detail in found[:TOLD] for fault in _faults(path, detail, schema)]
    return said + [Fault(UNTOLD, at=path) for path, _ in found[TOLD:]]


def with_paths(root: Root) -> Root:
    """Return the same scenario with the name of each number and moment filled in."""
    named = _named(root, (), root.start.at)
    assert isinstance(named, Root)
    return named


def numbers(value: object, path: Path = ()) -> Iterator[tuple[Path, Quantity | Moment]]:
    """Iterate over the path and the number of every number and moment below ``value``."""
    match value:
        case Quantity() | Moment():
            yield path, value
        case Dated(entries):
            for (since, number), key in zip(entries, _entry_keys(value), strict=True):
                if since is not None:
                    yield (*path, *key, "from"), since
                yield (*path, *key), number
        case Part():
            for name, info in type(value).model_fields.items():
                yield from numbers(getattr(value, name), (*path, info.alias or name))
        case dict():
            for key, item in value.items():
                yield from numbers(item, (*path, key))
        case list():
            for position, item in enumerate(value):
                yield from numbers(item, (*path, str(position)))


def filled(value: object, raw: Any) -> Any:
    """Return what was written for ``value``, in the schema's order and with defaults filled in."""
    if isinstance(value, Part) and isinstance(raw, dict):
        whole = {}
        for name, info in type(value).model_fields.items():
            key, item = info.alias or name, getattr(value, name)
            default = info.get_default(call_default_factory=False)
            written = raw.get(key, default)
            if written is not None:
                whole[key] = filled(item, written)
        return whole
    if isinstance(value, dict) and isinstance(raw, dict):
        return {key: filled(item, raw[key]) for key, item in value.items()}
    if isinstance(value, list) and isinstance(raw, list):
        return [filled(item, written) for item, written in zip(value, raw, strict=True)]
    if isinstance(value, Quantity | Dated):
        return _bare(raw)
    return dict(raw) if isinstance(raw, dict) else raw


def _bare(raw: Any) -> Any:
    """Return a number as written, its amounts as numbers where they have no unit."""
    if isinstance(raw, dict):
        return {key: _bare(item) if key in ("value", "low", "high") else item for key, item in raw.items()}
    if isinstance(raw, list):
        return [_bare(item) for item in raw]
    return scalar(raw) if isinstance(raw, str) and isinstance(scalar(raw), int | float) else raw


def _entry_keys(dated: Dated) -> list[Path]:
    if len(dated.entries) == 1 and not dated.listed:
        return [()]
    return [(str(position),) for position in range(len(dated.entries))]


def _named(value: Any, path: Path, start: datetime | None) -> Any:
    match value:
        case Quantity() | Moment():
            return replace(value, path=".".join(path))
        case Dated(entries):
            named = (
                (
                    since and _named(since, (*_dated(path, since, start), "from"), start),
                    _named(number, _dated(path, since, start) if since and position else path, start),
                )
                for position, (since, number) in enumerate(entries)
            )
            return replace(value, entries=tuple(named))
        case Part():
            fields = type(value).model_fields
            update = {
                name: _named(getattr(value, name), (*path, info.alias or name), start) for name, info in fields.items()
            }
            return value.model_copy(update=update)
        case dict():
            return {key: _named(item, (*path, key), start) for key, item in value.items()}
        case list():
            return [_named(item, _place(item, position, path, start), start) for position, item in enumerate(value)]
        case _:
            return value


def _dated(path: Path, since: Moment, start: datetime | None) -> Path:
    return address.entry(path, since.instant(start), since.text)


def _place(item: object, position: int, path: Path, start: datetime | None) -> Path:
    """Return the name of an entry of a list: by date if it has one and is not the first, else by position."""
    since = getattr(item, "from_", None)
    return _dated(path, since, start) if position and isinstance(since, Moment) else (*path, str(position))


def _faults(path: Path, detail: dict[str, Any], schema: type[Part]) -> list[Fault]:
    """Say in the words of a scenario file what pydantic found."""
    given = quoted(detail["input"])
    if path and path[-1] == "[key]":
        path = path[:-1]
    if detail["type"] == KIND:
        told = [_explained(fault.under(*path), schema) for fault in detail["ctx"]["faults"]]
        return [
            replace(fault, expected=DATE) if path == ("start",) and fault.expected == EXPECTED else fault
            for fault in told
        ]
    expected = shape_at(schema, path)
    if detail["type"] == "missing":
        words = f"{expected.expected}: {expected.meaning.rstrip('.')}" if expected else ""
        return [Fault("missing", "nothing", words, path)]
    if detail["type"] == "extra_forbidden":
        return [Fault("unknown key", quoted(path[-1]), unknown(shape_at(schema, path[:-1]), path[-1]), path)]
    words = expected.expected if expected else detail["msg"]
    wrong = {
        "literal_error": "not a known word",
        "finite_number": "not a number that can be used",
        "greater_than_equal": "out of range",
        "less_than_equal": "out of range",
    }.get(detail["type"], "of the wrong kind")
    if wrong == "out of range":
        limits = detail["ctx"]
        words = f"at least {limits['ge']:g}" if "ge" in limits else f"at most {limits['le']:g}"
    if expected is not None and expected.kind == "part":
        words += _example(expected, detail["input"])
    if detail["type"] == "string_type" and isinstance(detail["input"], bool | int | float):
        words += ", in quotes if need be"
    return [Fault(wrong, given, words, path)]


def _explained(fault: Fault, schema: type[Part]) -> Fault:
    """Return a fault of a number out of range with what the number means."""
    path = fault.at[:-1] if fault.at[-1:] in (("value",), ("low",), ("high",)) else fault.at
    found = shape_at(schema, path) if fault.wrong == "out of range" else None
    if found is None or found.kind not in ("number", "dated"):
        return fault
    return replace(fault, expected=f"{fault.expected}: {found.meaning.rstrip('.')}")


def _example(section: Shape, raw: object) -> str:
    """Return a key of a section that can take what was given in its place, if one can."""
    if not isinstance(raw, int | float | str) or isinstance(raw, bool):
        return ""
    for key in section.keys:
        rule = getattr(section.below(key), "rule", None)
        if rule is not None and isinstance(read_number(raw, rule, None), Quantity):
            return f"; for example '{key}: {raw}' in it"
    return ""

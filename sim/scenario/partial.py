"""A scenario with faults, as far as it can be read: the rules between its sound values are checked all the same.

What cannot be read is left unset, so that a rule that needs it ends with AttributeError and is left out.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim.scenario.fields import Part
from sim.scenario.moment import read_dated, read_moment
from sim.scenario.number import read_number
from sim.scenario.schema import Root
from sim.scenario.shape import Shape, shape


class UnreadableError(Exception):
    """A value that cannot be read."""


def partial(data: dict[str, Any]) -> Root:
    """Return the scenario without what cannot be read."""
    root = _part(Root, data)
    assert isinstance(root, Root)
    return root


def _part(kind: type[Part], raw: dict[str, Any]) -> Part:
    fields = kind.model_fields
    strange = raw.keys() - {info.alias or name for name, info in fields.items()}
    part = kind.model_construct()
    found: dict[str, Any] = {}
    for name, info in fields.items():
        key = info.alias or name
        if key not in raw and (strange or info.is_required()):
            continue  # an absent key may be the misspelt one
        written = raw[key] if key in raw else info.get_default(call_default_factory=True)
        if written is None:
            found[name] = None
            continue
        try:
            found[name] = _value(shape(info.annotation, "", info.metadata), written)
        except UnreadableError:
            continue
    part.__dict__.clear()
    part.__dict__.update(found)
    return part


def _value(of: Shape, raw: Any) -> Any:
    match of.kind:
        case "part" if of.part is not None and isinstance(raw, dict):
            return _part(of.part, raw)
        case "table" if isinstance(raw, dict):
            return {key: _value(shape(of.of, ""), item) for key, item in raw.items()}
        case "list" if isinstance(raw, list):
            return [_value(shape(of.of, ""), item) for item in raw]
        case "number" if of.rule is not None:
            read: Any = read_number(raw, of.rule, None)
        case "dated" if of.rule is not None:
            read = read_dated(raw, of.rule, None)
        case "moment":
            read = read_moment(raw, None)
        case "plain":
            try:
                return TypeAdapter(of.type).validate_python(raw, strict=True)
            except ValidationError as error:
                raise UnreadableError from error
        case _:
            raise UnreadableError
    if isinstance(read, list):
        raise UnreadableError
    return read

"""What the schema expects at a path."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Annotated, Any, Literal, NamedTuple

from sim.scenario.fields import Dated, Distinct, In, Known, Moment, Part, Quantity
from sim.scenario.moment import EXPECTED
from sim.scenario.moment import KEYS as MOMENT_KEYS
from sim.scenario.number import KEYS as NUMBER_KEYS
from sim.scenario.paths import field_and_date
from sim.scenario.problem import Path

Kind = Literal["part", "table", "list", "number", "dated", "moment", "plain"]


@dataclass(frozen=True)
class Shape:
    """What is expected at a place: its kind, and what lies below it.

    ``of`` is the type below a table or list, ``part`` the class of a part, ``rule`` the scale of a number,
    ``meaning`` the description of the nearest field, ``check`` what pydantic reads a plain value by; ``optional`` says
    that nothing may stand here, ``distinct`` that each name of a list stands once.
    """

    kind: Kind
    meaning: str
    part: type[Part] | None = None
    of: Any = None
    rule: In | None = None
    type: Any = None
    check: Any = None
    optional: bool = False
    distinct: bool = False

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys known below this place, as files write them."""
        match self.kind:
            case "part" if self.part is not None:
                return tuple(fields_of(self.part))
            case "number" | "dated":
                return NUMBER_KEYS
            case "moment":
                return MOMENT_KEYS
            case _:
                return ()

    def below(self, key: str) -> Shape | None:
        """Return what is expected at a key or position below; None if the schema knows no such place."""
        match self.kind:
            case "part" if self.part is not None:
                pair = self.field_and_date(key)
                known = fields_of(self.part).get(pair[0] if pair else key)
                return known and (known.shape.by_date if pair else known.shape)
            case "table":
                return self.item
            case "list" if key.isdecimal():
                return self.item
            case "dated" if key.isdecimal():
                return Shape("dated", self.meaning, rule=self.rule)
            case "dated" if key == "from":
                return Shape("moment", self.meaning)
            case "number" | "dated" | "moment" if key in self.keys:
                return Shape("plain", self.meaning, type=str)
        return None

    def field_and_date(self, key: str) -> tuple[str, str] | None:
        """Return field and date of a key such as ``units@2025-10-01`` of a part; None if it is not one."""
        return field_and_date(key) if self.kind == "part" and key not in self.keys else None

    @cached_property
    def item(self) -> Shape:
        """What is expected of each thing in a table or list."""
        return shape(self.of, self.meaning)

    @property
    def by_date(self) -> Shape | None:
        """What is expected in an entry, if this is a number by date or a list of parts by date; else None."""
        if self.kind == "dated":
            return self
        listed = self.kind == "list" and self.item.kind == "part" and "from" in self.item.keys
        return self.item if listed else None

    @property
    def expected(self) -> str:
        """What may be written here, in words."""
        match self.kind:
            case "part":
                return f"a mapping with {', '.join(self.keys[:6])}" + (", …" if len(self.keys) > 6 else "")
            case "table":
                return "a mapping by name"
            case "list":
                choices = _choices(self.of)
                return "a list" + (f" of {', '.join(choices)}" if choices else "")
            case "number" | "dated" if self.rule is not None:
                return self.rule.expected
            case "moment":
                return EXPECTED
            case _:
                choices = _choices(self.type) or _choices(self.check)
                return f"one of {', '.join(choices)}" if choices else _WORDS.get(self.type, "text")


_WORDS: dict[Any, str] = {bool: "true or false", float: "a number without unit", int: "a whole number"}


class Field(NamedTuple):
    """A field of a part: its name in Python, its shape, whether it must be given, and what holds if it is not."""

    name: str
    shape: Shape
    required: bool
    default: Any


@cache
def fields_of(part: type[Part]) -> dict[str, Field]:
    """Return the fields of a part by their keys in files."""
    return {
        info.alias or name: Field(
            name,
            shape(info.annotation, info.description or "", info.metadata),
            info.is_required(),
            None if info.is_required() else info.get_default(call_default_factory=True),
        )
        for name, info in part.model_fields.items()
    }


def shape(annotation: Any, meaning: str, metadata: typing.Iterable[Any] = ()) -> Shape:
    """Return the shape of a type annotation."""
    marks = list(metadata)
    while typing.get_origin(annotation) is Annotated:
        annotation, *more = typing.get_args(annotation)
        marks += more
    rule = next((mark for mark in marks if isinstance(mark, In)), None)
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        inner = shape(next(arg for arg in args if arg is not type(None)), meaning, [rule] if rule else [])
        check = inner.check if len(args) == 2 and type(None) in args else _annotated(annotation, marks)
        return replace(inner, optional=type(None) in args, check=check)
    if rule is not None and annotation in (Quantity, Dated):
        return Shape("dated" if annotation is Dated else "number", meaning, rule=rule)
    if annotation is Moment:
        return Shape("moment", meaning)
    if origin is dict:
        return Shape("table", meaning, of=args[1])
    if origin is list:
        return Shape("list", meaning, of=args[0], distinct=Distinct in marks)
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return Shape("part", meaning, part=annotation)
    return Shape("plain", meaning, type=annotation, check=_annotated(annotation, marks))


def _annotated(annotation: Any, marks: list[Any]) -> Any:
    return Annotated[annotation, *marks] if marks else annotation


def shape_at(root: type[Part], path: Path) -> Shape | None:
    """Return what is expected at ``path``; None if the schema knows no such place."""
    place: Shape | None = Shape("part", "A whole scenario.", part=root)
    for key in path:
        place = place.below(key) if place is not None else None
    return place


def _choices(annotation: Any) -> tuple[str, ...]:
    if typing.get_origin(annotation) is Literal:
        return tuple(str(choice) for choice in typing.get_args(annotation))
    marks = typing.get_args(annotation)[1:] if typing.get_origin(annotation) is Annotated else ()
    return next((mark.names for mark in marks if isinstance(mark, Known)), ())

"""The vocabulary in which the schema declares a scenario."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema, ValidationError, core_schema

from sim.scenario.faults import checked
from sim.scenario.moment import Dated, Moment, read_dated
from sim.scenario.number import HUGE, Quantity, Scale, read_number
from sim.scenario.problem import Fault, quoted
from sim.scenario.sources import ASSUMPTION, in_context

__all__ = [
    "SIGNS",
    "Dated",
    "Distinct",
    "Figure",
    "In",
    "Line",
    "Maybe",
    "Moment",
    "Name",
    "Part",
    "Quantity",
    "SourceId",
    "default",
    "doc",
]

T = TypeVar("T")
Maybe: TypeAlias = T | None
"""A value that may be absent."""

_REQUIRED: Any = ...


class Part(BaseModel):
    """A part of a scenario: frozen, with no keys but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True)


@dataclass(frozen=True)
class In(Scale):
    """The unit of a number, and its range in that unit; ``show`` is the unit in messages and tables."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate a Quantity or Dated, or None if it may be absent."""
        types = typing.get_args(source) or (source,)

        def validate(raw: object, info: core_schema.ValidationInfo) -> Quantity | Dated | None:
            if raw is None and type(None) in types:
                return None
            sources = in_context(info.context)
            if Dated in types:
                return checked(read_dated(raw, self, sources))
            return checked(read_number(raw, self, sources))

        return core_schema.with_info_plain_validator_function(validate, metadata={"dated": Dated in types})

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe the forms of the number."""
        from sim.scenario.forms import number_form

        return number_form(self, bool((schema.get("metadata") or {}).get("dated")))


SIGNS = ".[]=@*<>"
"""Characters that part what is said of a name from the name in settings, dates and targets."""


def name_fault(text: str) -> Fault | None:
    """Return why a thing of a scenario cannot be called so; None if it can."""
    if 1 <= len(text) <= 60 and text == text.strip() and text.isprintable() and not set(SIGNS) & set(text):
        return None
    expected = f"1 to 60 characters without control characters, blanks at its ends, or any of {' '.join(SIGNS)}"
    return Fault("not a name", quoted(text), expected)


def _name(text: str) -> str:
    fault = name_fault(text)
    return text if fault is None else checked([fault])


def _line(text: str) -> str:
    return " ".join(filter(None, map(str.strip, text.splitlines())))


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    for position, name in enumerate(names):
        seen.setdefault(name, position)
    again = [position for position, name in enumerate(names) if seen[name] != position]
    if again:
        checked([Fault("named twice", quoted(names[position]), "each once", (str(position),)) for position in again])
    return names


def _source(text: str, info: core_schema.ValidationInfo) -> str:
    sources = in_context(info.context)
    fault = sources.fault(text) if sources and text != ASSUMPTION else None
    return checked([fault] if fault else text)


def _figure(value: object) -> object:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= HUGE:
        return value
    return checked([Fault("not a number", quoted(value), "a bare number such as 12, or one with a unit: '90 %'")])


Figure = Annotated[float | str, BeforeValidator(_figure)]
"""A number in the unit of what it is set beside, or one with a unit of its own."""

Name = Annotated[str, AfterValidator(_name)]
"""Name of a thing of the scenario."""

Line = Annotated[str, AfterValidator(_line)]
"""A few words that tables, figures and answers show on one line: line breaks become blanks."""

Distinct = AfterValidator(_distinct)
"""Marks a list in which each name stands once, such as the towns that a rule is on."""

SourceId = Annotated[str, AfterValidator(_source)]
"""Evidence id, or ``assumption`` for what is invented."""


def doc(
    text: str, default: Any = _REQUIRED, *, alias: str | None = None, ge: float | None = None, le: float | None = None
) -> Any:
    """Declare a field: its meaning, its default if it has one, its key in files, and its limits."""
    return Field(default, description=text, alias=alias, ge=ge, le=le)


def default(text: str, why: str, low: str | None = None, high: str | None = None) -> Mapping[str, str]:
    """Declare the default of a number: an assumption with its reason, and its range if it has one."""
    if not why.strip():
        raise ValueError(f"default({text!r}) needs a reason; given {why!r}")
    number = {"value": text, "low": low, "high": high, "source": ASSUMPTION, "why": why}
    return {key: value for key, value in number.items() if value is not None}


def faults_of(error: ValidationError) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """Return place and detail of each error that pydantic collected."""
    return [(tuple(str(key) for key in detail["loc"]), dict(detail)) for detail in error.errors(include_url=False)]

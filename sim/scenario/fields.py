"""The vocabulary in which the schema declares a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from sim.scenario.moment import Dated as Dated
from sim.scenario.moment import Moment as Moment
from sim.scenario.number import HUGE, Scale
from sim.scenario.number import Quantity as Quantity
from sim.scenario.problem import Fault, quoted
from sim.scenario.sources import ASSUMPTION

T = TypeVar("T")
Maybe: TypeAlias = T | None
"""A value that may be absent."""

_REQUIRED: Any = ...
KIND: Final = "convoi"
"""Type of an error of pydantic that carries a fault."""


class Part(BaseModel):
    """A part of a scenario: frozen fields, which pydantic holds and `sim.scenario.parts` reads."""

    model_config = ConfigDict(frozen=True, defer_build=True)


In = Scale
"""What a number is in: its unit and its range."""
SIGNS = ".[]=@*<>"
"""Characters that part what is said of a name from the name in settings, dates and targets."""


def name_fault(text: str) -> Fault | None:
    """Return why a thing of a scenario cannot be called so; None if it can."""
    if 1 <= len(text) <= 60 and text == text.strip() and text.isprintable() and not set(SIGNS) & set(text):
        return None
    expected = f"1 to 60 characters without control characters, blanks at its ends, or any of {' '.join(SIGNS)}"
    return Fault("not a name", quoted(text), expected)


def repeated(names: list[str]) -> list[Fault]:
    """Return the fault of each name that stands in a list already."""
    first = {name: position for position, name in reversed(list(enumerate(names)))}
    again = [position for position, name in enumerate(names) if first[name] != position]
    return [Fault("named twice", quoted(names[position]), "each once", (str(position),)) for position in again]


def accept(text: T, fault: Fault | None) -> T:
    """Return what was read, or raise what is wrong with it as an error that pydantic collects."""
    if fault is None:
        return text
    message = str(fault).replace("{", "(").replace("}", ")")
    raise PydanticCustomError(KIND, message, {"faults": (fault,)})


def _name(text: str) -> str:
    return accept(text, name_fault(text))


def _line(text: str) -> str:
    return " ".join(filter(None, map(str.strip, text.splitlines())))


def _source(text: str, info: ValidationInfo) -> str:
    sources = (info.context or {}).get("sources")
    return accept(text, sources.fault(text) if sources and text != ASSUMPTION else None)


def _figure(value: object) -> object:
    if isinstance(value, str):
        return value
    sound = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= HUGE
    expected = "a bare number such as 12, or one with a unit: '90 %'"
    return accept(value, None if sound else Fault("not a number", quoted(value), expected))


Figure = Annotated[float | str, BeforeValidator(_figure)]
"""A number in the unit of what it is set beside, or one with a unit of its own."""

Name = Annotated[str, AfterValidator(_name)]
"""Name of a thing of the scenario."""


@dataclass(frozen=True)
class Known:
    """Marks a name with those that are there whatever a scenario declares."""

    names: tuple[str, ...]


Line = Annotated[str, AfterValidator(_line)]
"""A few words that tables, figures and answers show on one line: line breaks become blanks."""

Distinct: Final = "distinct"
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

"""Plain data read as the parts of a schema, in one walk: values, the names of numbers, what was written, every fault.

What cannot be read is left unset, so that the rules between sound values are checked all the same: a rule that needs
what is unset ends with AttributeError and is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any, Final, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from sim.scenario.fields import KIND, Dated, In, Moment, Part, Quantity, name_fault, repeated
from sim.scenario.moment import EXPECTED, read_dated, read_moment
from sim.scenario.number import read_number
from sim.scenario.paths import entry
from sim.scenario.problem import MISSING, NO_LIST, TOLD, Fault, Path, one_of, quoted
from sim.scenario.read import scalar
from sim.scenario.shape import Shape, fields_of
from sim.scenario.sources import Sources

DATE = "a date such as 2025-09-03"
UNTOLD = "something wrong here too"
"""What is said of each fault after the first ones, which is counted and told last if at all."""
_UNREAD: Final = object()
_UNUSED: Final = (("__pydantic_extra__", None), ("__pydantic_private__", None))
_READ: Final[dict[str, Callable[[object, In, Sources | None], Quantity | Dated | list[Fault]]]] = {
    "number": read_number,
    "dated": read_dated,
}
_WRONG: Final = {
    "literal_error": "not a known word",
    "finite_number": "not a number that can be used",
    "greater_than_equal": "out of range",
    "less_than_equal": "out of range",
}
P = TypeVar("P", bound=Part)
T = TypeVar("T")


def read_part(schema: type[P], data: dict[str, Any], sources: Sources | None) -> tuple[P, list[Fault]]:
    """Return the part that plain data hold, as far as it can be read, and the faults, of which ``at`` is the full path.

    ``sources`` are the evidence ids that the data may name, None if they are not checked.
    """
    start = read_moment(data.get("start"), None)
    reader = _Reader(sources, start.at if isinstance(start, Moment) else None)
    part = reader.part(schema, data, (), ())
    assert isinstance(part, schema)
    return part, reader.faults


def filled(shape: Shape, raw: Any) -> Any:
    """Return sound data in the order of the schema, with defaults filled in and amounts without unit as numbers."""
    match shape.kind:
        case "part" if shape.part is not None:
            items = [(key, field.shape, raw.get(key, field.default)) for key, field in fields_of(shape.part).items()]
            return {key: filled(below, item) for key, below, item in items if item is not None}
        case "table":
            return {key: filled(shape.item, item) for key, item in raw.items()}
        case "list":
            return [filled(shape.item, item) for item in raw]
        case "number" | "dated":
            return _bare(raw)
    return raw


def walk(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Iterate over a value and all that is set below it, each with its path as files write it."""
    yield path, value
    match value:
        case Part():
            values = value.__dict__
            for key, known in fields_of(type(value)).items():
                if known.name in values:
                    yield from walk(values[known.name], (*path, key))
        case dict():
            for key, item in value.items():
                yield from walk(item, (*path, key))
        case list():
            for position, item in enumerate(value):
                yield from walk(item, (*path, str(position)))


def numbers(root: Part) -> Iterator[tuple[Path, Quantity | Moment]]:
    """Iterate over the path and the number of every number and moment of a part."""
    for path, value in walk(root):
        if isinstance(value, Quantity | Moment):
            yield path, value
        elif isinstance(value, Dated):
            for position, (since, number) in enumerate(value.entries):
                at = (*path, str(position)) if value.listed else path
                if since is not None:
                    yield (*at, "from"), since
                yield at, number


@dataclass
class _Reader:
    """Reads values, each at its path and by the name of its draw, which tells entries by date and not by position."""

    sources: Sources | None
    start: datetime | None
    faults: list[Fault] = field(default_factory=list)
    count: int = 0

    def part(self, kind: type[Part], raw: dict[str, Any], at: Path, name: Path) -> Part:
        fields = fields_of(kind)
        strange = raw.keys() - fields.keys()
        values: dict[str, Any] = {}
        for key, known in fields.items():
            item, shape = raw.get(key, known.default), known.shape
            if key not in raw and known.required:
                self.tell((*at, key), Fault(MISSING, "nothing", f"{shape.expected}: {shape.meaning.rstrip('.')}"))
            elif key not in raw and strange:
                continue  # it may be the misspelt one
            elif item is None and shape.optional:
                values[known.name] = None
            else:
                value = self.value(shape, item, (*at, key), (*name, key))
                if value is not _UNREAD:
                    values[known.name] = value
        for key in raw:
            if key in strange:
                expected = one_of(fields, key) if self.count < TOLD else ""
                self.tell((*at, key), Fault("unknown key", quoted(key), expected))
        part = kind.__new__(kind)  # as `model_construct` makes one, without the defaults, which are among the values
        fields_set: set[str] = set()
        for slot, content in (("__dict__", values), ("__pydantic_fields_set__", fields_set), *_UNUSED):
            object.__setattr__(part, slot, content)
        return part

    def value(self, shape: Shape, raw: Any, at: Path, name: Path) -> Any:
        """Return a value; it is unread if it cannot be read."""
        if isinstance(raw, dict) and raw and (shape.kind == "list" or shape.by_date) and all(map(str.isdigit, raw)):
            self.tell(at, Fault(NO_LIST, quoted(raw), shape.expected))
            return _UNREAD
        match shape.kind:
            case "part" if shape.part is not None and isinstance(raw, dict):
                return self.part(shape.part, raw, at, name)
            case "table" if isinstance(raw, dict):
                return self._table(shape.item, raw, at, name)
            case "list" if isinstance(raw, list):
                return self._list(shape, raw, at, name)
            case "number" | "dated" if shape.rule is not None:
                return self._number(shape, raw, at, name)
            case "moment":
                moment = self._sourced(lambda sources: read_moment(raw, sources), at, lambda fault: _dayless(fault, at))
                return moment if moment is _UNREAD else replace(moment, path=".".join(name))
            case "plain":
                return self._plain(shape, raw, at)
        self.tell(at, Fault("of the wrong kind", quoted(raw), shape.expected + _example(shape, raw)))
        return _UNREAD

    def _table(self, below: Shape, raw: dict[str, Any], at: Path, name: Path) -> Any:
        values = {}
        for key, item in raw.items():
            fault = name_fault(key)
            if fault is not None:
                self.tell((*at, key), fault)
            values[key] = self.value(below, item, (*at, key), (*name, key))
        return _whole(values, values.values())

    def _list(self, shape: Shape, raw: list[Any], at: Path, name: Path) -> Any:
        below, values, before = shape.item, [], self.count
        for position, item in enumerate(raw):
            here = self._entry(name, position, item.get("from") if isinstance(item, dict) else None)
            values.append(self.value(below, item, (*at, str(position)), here))
        if shape.distinct and self.count == before and (twice := repeated(raw)):
            self.tell(at, *twice)
        return _whole(values, values)

    def _entry(self, name: Path, position: int, since: Any) -> Path:
        """Return the name of an entry of a list: by date if it has one and is not the first, else by position."""
        moment = read_moment(since, None) if position and since is not None else None
        return _dated(name, moment, self.start) if isinstance(moment, Moment) else (*name, str(position))

    def _number(self, shape: Shape, raw: Any, at: Path, name: Path) -> Any:
        assert shape.rule is not None
        try:
            return _sound(_Spelt(raw), shape.kind, shape.rule, self.sources, name, self.start)
        except ValueError:  # what is wrong is told anew, with the nearest names that may still be looked for
            read = partial(_READ[shape.kind], raw, shape.rule)
        value = self._sourced(read, at, lambda fault: _explained(fault, shape))
        return value if value is _UNREAD else _named(value, name, self.start)

    def _sourced(self, read: Callable[[Sources | None], Any], at: Path, words: Callable[[Fault], Fault]) -> Any:
        """Return what is read, even where a source is unknown, which is told; unread if more is wrong."""
        value = read(self.sources)
        if isinstance(value, list):
            self.tell(at, *map(words, value))
            value = read(None)
        return _UNREAD if isinstance(value, list) else value

    def _plain(self, shape: Shape, raw: Any, at: Path) -> Any:
        try:
            return _adapter(shape.check).validate_python(raw, context={"sources": self.sources})
        except ValidationError as error:
            details = error.errors(include_url=False)
        for detail in details:
            kind, limits = detail["type"], detail.get("ctx", {})
            if kind == KIND:
                self.tell(at, *limits["faults"])
                continue
            wrong, words = _WRONG.get(kind, "of the wrong kind"), shape.expected
            if wrong == "out of range":
                words = f"at least {limits['ge']:g}" if "ge" in limits else f"at most {limits['le']:g}"
            if kind == "string_type" and isinstance(raw, bool | int | float):
                words += ", in quotes if need be"
            self.tell(at, Fault(wrong, quoted(raw), words))
        own = isinstance(raw, str) and all(detail["type"] == KIND for detail in details)
        return raw if own else _UNREAD  # a text that is no name is one that others may have used

    def tell(self, at: Path, *faults: Fault) -> None:
        """Note what is wrong with the value at a path; after the first ones, that something is."""
        self.count += 1
        self.faults += [fault.under(*at) for fault in faults] if self.count <= TOLD else [Fault(UNTOLD, at=at)]


class _Spelt:
    """Plain data that are the same as others if they are written alike: ``1`` is not ``1.0``."""

    __slots__ = ("raw", "text")

    def __init__(self, raw: object) -> None:
        self.raw, self.text = raw, repr(raw)

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Spelt) and self.text == other.text


@lru_cache(4096)
def _sound(
    spelt: _Spelt, kind: str, rule: In, sources: Sources | None, name: Path, start: datetime | None
) -> Quantity | Dated:
    """Return the number that data state, by its name; raises ValueError if anything is wrong with it.

    Most numbers of a scenario are as they were in the one that was loaded before.
    """
    value = _READ[kind](spelt.raw, rule, sources)
    if isinstance(value, list):
        raise ValueError(spelt.text)
    return _named(value, name, start)


def _named(value: Quantity | Dated, name: Path, start: datetime | None) -> Quantity | Dated:
    """Return a number with the name of its draw; each later entry of one by date is named by its date."""
    if isinstance(value, Quantity):
        return replace(value, path=".".join(name))
    entries = []
    for position, (since, number) in enumerate(value.entries):
        own = name if since is None else _dated(name, since, start)
        entries.append((
            since and replace(since, path=".".join((*own, "from"))),
            replace(number, path=".".join(own if position else name)),
        ))  # fmt: skip
    return replace(value, entries=tuple(entries))


def _dated(name: Path, since: Moment, start: datetime | None) -> Path:
    return entry(name, since.instant(start), since.text)


def _whole(values: T, items: Iterable[object]) -> T | object:
    """Return a table or list if all its items are read."""
    return _UNREAD if any(item is _UNREAD for item in items) else values


@cache
def _adapter(check: Any) -> TypeAdapter[Any]:
    return TypeAdapter(check, config=ConfigDict(strict=True, allow_inf_nan=False))


def _bare(raw: Any) -> Any:
    """Return a number as written, its amounts as numbers where they have no unit."""
    if isinstance(raw, dict):
        return {key: _bare(item) if key in ("value", "low", "high") else item for key, item in raw.items()}
    if isinstance(raw, list):
        return [_bare(item) for item in raw]
    return scalar(raw) if isinstance(raw, str) and isinstance(scalar(raw), int | float) else raw


def _dayless(fault: Fault, at: Path) -> Fault:
    """Return a fault of a moment; the start is no day after itself."""
    return replace(fault, expected=DATE) if at == ("start",) and fault.expected == EXPECTED else fault


def _explained(fault: Fault, shape: Shape) -> Fault:
    """Return a fault of a number out of range with what the number means."""
    if fault.wrong != "out of range":
        return fault
    return replace(fault, expected=f"{fault.expected}: {shape.meaning.rstrip('.')}")


def _example(section: Shape, raw: object) -> str:
    """Return a key of a section that can take what was given in its place, if one can."""
    if section.kind != "part" or not isinstance(raw, int | float | str) or isinstance(raw, bool):
        return ""
    for key in section.keys:
        rule = getattr(section.below(key), "rule", None)
        if rule is not None and isinstance(read_number(raw, rule, None), Quantity):
            return f"; for example '{key}: {raw}' in it"
    return ""

"""Typed records over the words of a replication.

A record is a thing: the place of its first word, and the memory it lies in.  Its class declares its fields once, as
annotations, from which follow where each lies, how the interpreter reads it, and how compiled code does (see
`sim.fast.lowering`); mypy takes them for plain attributes.  A field holds

- ``float``, ``int`` or ``bool``: one word;
- a record, or ``Link[...]``: the place of a thing, 0 for none, which is false;
- ``Part[...]`` or a section of the plan: the thing itself;
- ``Row[...]`` or a tuple: where words that hold numbers or links are, and how many;
- ``Many[...]``: where things lie one after the other, and how many.

Every record leads to the whole that it is part of, as its ``country``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    NamedTuple,
    TypeAlias,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)  # fmt: skip

import numpy as np

from sim.plan.plan import Plan
from sim.plan.sections import Ints, Names, Regimes

if TYPE_CHECKING:
    from sim.fast.layout import Country

T = TypeVar("T")
THERE, ELSEWHERE = "there", "elsewhere"
Part: TypeAlias = Annotated[T, THERE]
Link: TypeAlias = Annotated[T, ELSEWHERE]
LEFT_OUT: Final = frozenset({"start", "lead", "uncertain", "posterior"})
"""Fields of the plan that compiled code does not read, beside names."""


class Memory(NamedTuple):
    """The words of a replication as whole and as floating-point numbers."""

    n: Any
    f: Any


class Kind(NamedTuple):
    """What a field holds: a float, an int, a bool, a link, a part or a row; of which record, or of what."""

    name: str
    of: Any = None

    @property
    def words(self) -> int:
        """How many words it takes."""
        if self.name == "part":
            return int(self.of.words)
        return 2 if self.name == "row" else 1

    def read(self, memory: Memory, place: int) -> Any:
        """Return what lies at a place."""
        word = memory.n[place]
        match self.name:
            case "float":
                return float(memory.f[place])
            case "int":
                return int(word)
            case "bool":
                return bool(word)
            case "link":
                return self.of(memory, int(word))
            case "part":
                return self.of(memory, place)
        return Row(memory, self.of, int(word), int(memory.n[place + 1]))

    def write(self, memory: Memory, place: int, value: Any) -> None:
        """Put something at a place."""
        match self.name:
            case "float":
                memory.f[place] = value
            case "int" | "bool":
                memory.n[place] = value
            case "link":
                memory.n[place] = value.where
            case "row":
                memory.n[place], memory.n[place + 1] = value.first, len(value)
            case _:
                raise AttributeError("a part stays where it is")


FLOAT, INT, BOOL = Kind("float"), Kind("int"), Kind("bool")
WORDS: Final[dict[Any, Kind]] = {float: FLOAT, int: INT, bool: BOOL}
NAMES: Final[dict[str, Any]] = {}
"""What annotations of fields may name: records, whichever module declares them, and what this module gives."""


class Field(NamedTuple):
    """Where in a record a field lies, in words from its first, and what it holds."""

    offset: int
    kind: Kind


class Several(NamedTuple):
    """One of several fields that are declared together."""

    kind: Kind


class Declared(type):
    """The class of a record, which knows its fields; ``source`` is the one whose annotations declare them."""

    source: type
    several: dict[str, Kind]

    def __new__(cls, name: str, bases: tuple[type, ...], scope: dict[str, Any]) -> Declared:
        """Return the class, without what stands for fields in its body: a record has them itself."""
        several = {name: value.kind for name, value in scope.items() if isinstance(value, Several)}
        rest = {name: value for name, value in scope.items() if name not in several}
        record = super().__new__(cls, name, bases, rest | {"several": several})
        NAMES.setdefault(name, record)
        return record

    @property
    def fields(cls) -> dict[str, Field]:
        """The fields by name, in order."""
        return _fields(cls)

    @property
    def words(cls) -> int:
        """How many words a record takes."""
        last = next(reversed(cls.fields.values()))
        return last.offset + last.kind.words


class Record(metaclass=Declared):
    """A thing in a memory."""

    if TYPE_CHECKING:
        memory: Memory
        where: int
        country: Country

    def __init__(self, memory: Memory, where: int) -> None:
        self.__dict__.update(memory=memory, where=where)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and other.where == self.where

    def __hash__(self) -> int:
        return hash(self.where)

    def __bool__(self) -> bool:
        return self.where != 0

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name == "country":
                return NAMES["Country"](self.memory, 0)
            if name not in type(self).fields:
                raise AttributeError(f"{type(self).__name__} has no field {name}")
            offset, kind = type(self).fields[name]
            return kind.read(self.memory, self.where + offset)

        def __setattr__(self, name, value):
            offset, kind = type(self).fields[name]
            kind.write(self.memory, self.where + offset, value)


class Row(Sequence[T]):
    """Numbers, links or things one after the other; as in compiled code, nothing keeps to its length."""

    def __init__(self, memory: Memory, kind: Kind, first: int, count: int) -> None:
        self.memory, self.kind, self.first, self._count = memory, kind, first, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, k: int) -> T:  # type: ignore[override]
        value: T = self.kind.read(self.memory, self.first + k * self.kind.words)
        return value

    def __setitem__(self, k: int, value: T) -> None:
        self.kind.write(self.memory, self.first + k * self.kind.words, value)

    def __iter__(self) -> Iterator[T]:
        return map(self.__getitem__, range(len(self)))

    @property
    def array(self) -> Any:
        """The words as an array of numbers: shape (how many,), or (how many, words of a thing)."""
        words = self.memory.f if self.kind == FLOAT else self.memory.n
        array: Any = words[self.first : self.first + len(self) * self.kind.words]
        return array.reshape(-1, self.kind.words) if self.kind.name == "part" else array


class Many(Row[T]):
    """Things themselves, one after the other."""


def _several(kind: Kind, count: int) -> Iterator[Any]:
    return iter([Several(kind) for _ in range(count)])


def floats(count: int) -> Iterator[float]:
    """Declare so many fields that hold a float each: ``rate, due = floats(2)``."""
    return _several(FLOAT, count)


def ints(count: int) -> Iterator[int]:
    """Declare so many fields that hold a whole number each."""
    return _several(INT, count)


def flags(count: int) -> Iterator[bool]:
    """Declare so many fields that hold yes or no each."""
    return _several(BOOL, count)


def rows(of: type[T], count: int) -> Iterator[Row[T]]:
    """Declare so many fields that hold a row of numbers each."""
    return _several(Kind("row", WORDS[of]), count)


NAMES.update(Row=Row, Many=Many, Part=Part, Link=Link, Regimes=Regimes, Ints=Ints, Plan=Plan)


def kind_of(hint: Any) -> Kind:
    """Return what a field with an annotation holds."""
    if hint in WORDS:
        return WORDS[hint]
    origin, given = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return Kind("part" if given[1] == THERE else "link", record_of(given[0]))
    if origin in (tuple, Row):
        return Kind("row", kind_of(given[0]))
    if origin is Many:
        return Kind("row", Kind("part", record_of(given[0])))
    return Kind("link" if isinstance(hint, Declared) else "part", record_of(hint))


@cache
def record_of(source: Any) -> Declared:
    """Return the record that a class declares: itself, or one with the fields of a section of the plan."""
    if isinstance(source, Declared):
        return source
    return Declared(f"plan {source.__name__}", (Record,), {"source": source})


@cache
def _fields(cls: Declared) -> dict[str, Field]:
    fields, offset = {}, 0
    source = getattr(cls, "source", cls)
    hints = get_type_hints(source, localns=NAMES if source is cls else None, include_extras=True)
    for name, hint in hints.items():
        if hint != Names and (source is not Plan or name not in LEFT_OUT):
            fields[name] = Field(offset, kind_of(hint))
            offset += fields[name].kind.words
    for name, kind in cls.several.items():
        fields[name] = Field(offset, kind)
        offset += kind.words
    return fields


def memory_of(words: Any) -> Memory:
    """Return an array of whole numbers as a memory."""
    return Memory(words, words.view(np.float64))

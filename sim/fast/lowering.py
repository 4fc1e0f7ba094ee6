"""How compiled code reads and writes records: an attribute is a load or a store at an offset.

In compiled code a record is two numbers, the address of all words and its place among them; a row has a third, how many
it holds.  Nothing is allocated, counted or checked.  Interpreted, the functions here work on the records themselves.
"""

# mypy: disable-error-code="misc, name-defined, no-untyped-call, untyped-decorator, override, import-untyped"
from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from llvmlite import ir
from numba import types
from numba.core.cgutils import alloca_once_value
from numba.core.imputils import (
    RefType,
    iternext_impl,
    lower_constant,
    lower_getattr_generic,
    lower_setattr_generic,
)  # fmt: skip
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, overload, register_model, typeof_impl
from numba.np.arrayobj import make_array

from sim.fast.cache import CONFIG
from sim.fast.compiled import OPTIONS
from sim.fast.layout import Country
from sim.fast.records import FLOAT, WORDS, Declared, Kind, Many, Record, Row, memory_of

F = TypeVar("F", bound=Callable[..., Any])
R = TypeVar("R", bound=Record)
L = TypeVar("L", bound=Row[Any])
T = TypeVar("T")
WORD: Final[Any] = ir.IntType(64)
ADDRESS: Final[Any] = WORD.as_pointer()
NUMBERS: Final[dict[str, Any]] = {"float": types.float64, "int": types.int64, "bool": types.boolean}


class RecordType(types.Type):
    """A record in compiled code."""

    def __init__(self, record: Declared) -> None:
        self.record = record
        super().__init__(name=f"record {record.__name__}")


class DeclaredType(types.Opaque):
    """The class of a record in compiled code."""

    def __init__(self, record: Declared) -> None:
        self.record = record
        super().__init__(name=f"class {record.__name__}")


class RowType(types.SimpleIterableType):
    """A row in compiled code."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        super().__init__(f"row of {_in_words(kind)}", RowIterator(self, kind))


class RowIterator(types.SimpleIteratorType):
    """What goes through a row."""

    def __init__(self, row: RowType, kind: Kind) -> None:
        self.row = row
        super().__init__(f"through {_in_words(kind)}", type_of(kind))


def _in_words(kind: Kind) -> str:
    of = _in_words(kind.of) if isinstance(kind.of, Kind) else getattr(kind.of, "__name__", "")
    return f"{kind.name} {of}".strip()


def type_of(kind: Kind) -> Any:
    """Return the type of what a field holds."""
    if kind.name in NUMBERS:
        return NUMBERS[kind.name]
    return RowType(kind.of) if kind.name == "row" else RecordType(kind.of)


class RecordModel(models.StructModel):
    """Address and place."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, [("base", types.CPointer(types.int64)), ("where", types.int64)])


class RowModel(models.StructModel):
    """Address, place and number."""

    def __init__(self, manager: Any, kind: Any) -> None:
        members = [("base", types.CPointer(types.int64)), ("first", types.int64), ("count", types.int64)]
        super().__init__(manager, kind, members)


class IteratorModel(models.StructModel):
    """A row and how far it is gone through."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, [("row", kind.row), ("next", types.EphemeralPointer(types.int64))])


register_model(RecordType)(RecordModel)
register_model(RowType)(RowModel)
register_model(RowIterator)(IteratorModel)
register_model(DeclaredType)(models.OpaqueModel)


def _struct(builder: Any, *parts: Any) -> Any:
    struct = ir.Constant(ir.LiteralStructType([part.type for part in parts]), ir.Undefined)
    for k, part in enumerate(parts):
        struct = builder.insert_value(struct, part, k)
    return struct


def _address(builder: Any, base: Any, place: Any, is_float: bool = False) -> Any:
    address = builder.gep(base, [place], inbounds=True)
    return builder.bitcast(address, ir.DoubleType().as_pointer()) if is_float else address


def _plus(builder: Any, place: Any, offset: int) -> Any:
    return builder.add(place, WORD(offset)) if offset else place


def load(builder: Any, kind: Kind, base: Any, place: Any) -> Any:
    """Build the reading of what lies at a place."""
    if kind.name == "part":
        return _struct(builder, base, place)
    word = builder.load(_address(builder, base, place, kind == FLOAT))
    match kind.name:
        case "bool":
            return builder.icmp_signed("!=", word, WORD(0))
        case "link":
            return _struct(builder, base, word)
        case "row":
            return _struct(builder, base, word, builder.load(_address(builder, base, _plus(builder, place, 1))))
    return word


def store(builder: Any, kind: Kind, base: Any, place: Any, value: Any) -> None:
    """Build the writing of something at a place."""
    match kind.name:
        case "part":
            raise TypeError("a part stays where it is")
        case "bool":
            value = builder.zext(value, WORD)
        case "link":
            value = builder.extract_value(value, 1)
        case "row":
            builder.store(builder.extract_value(value, 2), _address(builder, base, _plus(builder, place, 1)))
            value = builder.extract_value(value, 1)
    builder.store(value, _address(builder, base, place, kind == FLOAT))


@infer_getattr
class RecordAttributes(AttributeTemplate):
    """The types of a record's fields."""

    key = RecordType

    def generic_resolve(self, record: RecordType, name: str) -> Any:
        """Return the type of a field, None if there is none of this name."""
        if name in ("where", "country"):
            return types.int64 if name == "where" else RecordType(Country)
        field = record.record.fields.get(name)
        return field and type_of(field.kind)


@lower_getattr_generic(RecordType)
def _get(context: Any, builder: Any, record: RecordType, value: Any, name: str) -> Any:
    base, where = builder.extract_value(value, 0), builder.extract_value(value, 1)
    if name in ("where", "country"):
        return where if name == "where" else _struct(builder, base, WORD(0))
    offset, kind = record.record.fields[name]
    return load(builder, kind, base, _plus(builder, where, offset))


@lower_setattr_generic(RecordType)
def _set(context: Any, builder: Any, sig: Any, values: Any, name: str) -> None:
    record, value = values
    offset, kind = sig.args[0].record.fields[name]
    base, where = builder.extract_value(record, 0), builder.extract_value(record, 1)
    store(builder, kind, base, _plus(builder, where, offset), value)


@infer_getattr
class DeclaredAttributes(AttributeTemplate):
    """The type of the number of words."""

    key = DeclaredType

    def generic_resolve(self, declared: DeclaredType, name: str) -> Any:
        """Return that of a whole number."""
        return types.int64 if name == "words" else None


@lower_getattr_generic(DeclaredType)
def _get_words(context: Any, builder: Any, declared: DeclaredType, value: Any, name: str) -> Any:
    return WORD(declared.record.words)


@typeof_impl.register(Declared)
def _typeof(record: Declared, context: Any) -> DeclaredType:
    return DeclaredType(record)


@lower_constant(DeclaredType)
def _constant(context: Any, builder: Any, declared: DeclaredType, value: Any) -> Any:
    return context.get_dummy_value()


def _means(operation: Any, *given: Any, returns: Any) -> Callable[[F], F]:
    """Say what an operation on records or rows gives, and how it is built."""

    class Template(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            if len(args) != len(given) or not all(map(isinstance, args, given)):
                return None
            gives = returns(*args)
            return gives and signature(*gives)

    infer_global(operation)(Template)
    register: Callable[[F], F] = lower_builtin(operation, *given)
    return register


def _of_same(record: RecordType, other: RecordType) -> Any:
    return (types.boolean, record, other) if record == other else None


@_means(bool, RecordType, returns=lambda record: (types.boolean, record))
def _is_thing(context: Any, builder: Any, sig: Any, values: Any) -> Any:
    return builder.icmp_signed("!=", builder.extract_value(values[0], 1), WORD(0))


@_means(operator.not_, RecordType, returns=lambda record: (types.boolean, record))
def _is_no_thing(context: Any, builder: Any, sig: Any, values: Any) -> Any:
    return builder.icmp_signed("==", builder.extract_value(values[0], 1), WORD(0))


@_means(operator.eq, RecordType, RecordType, returns=_of_same)
def _equal(context: Any, builder: Any, sig: Any, values: Any) -> Any:
    return builder.icmp_signed("==", *(builder.extract_value(value, 1) for value in values))


@_means(operator.ne, RecordType, RecordType, returns=_of_same)
def _differ(context: Any, builder: Any, sig: Any, values: Any) -> Any:
    return builder.icmp_signed("!=", *(builder.extract_value(value, 1) for value in values))


@_means(len, RowType, returns=lambda row: (types.int64, row))
def _length(context: Any, builder: Any, sig: Any, values: Any) -> Any:
    return builder.extract_value(values[0], 2)


def _item(builder: Any, row: RowType, value: Any, k: Any) -> tuple[Any, Any]:
    base, first = builder.extract_value(value, 0), builder.extract_value(value, 1)
    words = row.kind.words
    return base, builder.add(first, builder.mul(k, WORD(words)) if words > 1 else k)


@_means(operator.getitem, RowType, types.Integer, returns=lambda row, _: (type_of(row.kind), row, types.int64))
def _get_item(context: Any, builder: Any, sig: Any, values: Any) -> Any:
    return load(builder, sig.args[0].kind, *_item(builder, sig.args[0], *values))


@_means(
    operator.setitem, RowType, types.Integer, types.Type,
    returns=lambda row, _, value: (types.void, row, types.int64, type_of(row.kind)),
)  # fmt: skip
def _set_item(context: Any, builder: Any, sig: Any, values: Any) -> Any:
    row, k, value = values
    store(builder, sig.args[0].kind, *_item(builder, sig.args[0], row, k), value)


@overload(operator.contains, jit_options=OPTIONS)
def _contains(row: Any, value: Any) -> Any:
    if not isinstance(row, RowType):
        return None

    def contains(row: Any, value: Any) -> bool:
        for item in row:  # noqa: SIM110
            if item == value:
                return True
        return False

    return contains


@lower_builtin("getiter", RowType)
def _begin(context: Any, builder: Any, sig: Any, values: Any) -> Any:
    return _struct(builder, values[0], alloca_once_value(builder, WORD(0)))


@lower_builtin("iternext", RowIterator)
@iternext_impl(RefType.UNTRACKED)
def _next(context: Any, builder: Any, sig: Any, values: Any, result: Any) -> None:
    row, place = builder.extract_value(values[0], 0), builder.extract_value(values[0], 1)
    k = builder.load(place)
    is_there = builder.icmp_signed("<", k, builder.extract_value(row, 2))
    result.set_valid(is_there)
    with builder.if_then(is_there):
        of = sig.args[0].row
        result.yield_(load(builder, of.kind, *_item(builder, of, row, k)))
        builder.store(builder.add(k, WORD(1)), place)


def lowered(build: Callable[..., Any]) -> Callable[[F], F]:
    """Compile a function by building its code, or leave it as it is to the interpreter."""

    def choose(function: F) -> F:
        choice: Any = function if CONFIG.DISABLE_JIT else intrinsic(build)
        return cast("F", choice)

    return choose


def _build_country_of(typing: Any, words: Any) -> Any:
    def build(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        return _struct(builder, make_array(words)(context, builder, values[0]).data, WORD(0))

    return signature(RecordType(Country), words), build


def _build_there(gives: Any, kind: Any, of: Any, *numbers: Any) -> Any:
    """Build what lies in the memory of a record, given the numbers that follow the address."""

    def build(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        return _struct(builder, builder.extract_value(values[1], 0), *values[2:])

    return signature(gives, kind, of, *(types.int64 for _ in numbers)), build


def _build_thing(typing: Any, kind: Any, of: Any, where: Any) -> Any:
    return _build_there(RecordType(kind.record), kind, of, where)


def _build_row(typing: Any, kind: Any, of: Any, first: Any, count: Any) -> Any:
    item = Kind("link", kind.record) if isinstance(kind, DeclaredType) else WORDS[kind.typing_key]
    return _build_there(RowType(item), kind, of, first, count)


def _build_many(typing: Any, kind: Any, of: Any, first: Any, count: Any) -> Any:
    return _build_there(RowType(Kind("part", kind.record)), kind, of, first, count)


def _build_part(typing: Any, row: Any, first: Any, count: Any) -> Any:
    def build(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        base, place = _item(builder, row, values[0], values[1])
        return _struct(builder, base, place, values[2])

    return signature(row, row, types.int64, types.int64), build


@lowered(_build_country_of)
def country_of(words: Any) -> Country:
    """Return the whole that an array of words holds."""
    return Country(memory_of(words), 0)


@lowered(_build_thing)
def thing(kind: type[R], of: Record, where: int) -> R:
    """Return the record at a place in the memory of another; none at 0."""
    return kind(of.memory, where)


@lowered(_build_row)
def row(kind: type[T], of: Record, first: int, count: int) -> Row[T]:
    """Return so many words from a place on as numbers or links."""
    item = WORDS.get(kind) or Kind("link", kind)
    return Row(of.memory, item, first, count)


@lowered(_build_many)
def many(kind: type[R], of: Record, first: int, count: int) -> Many[R]:
    """Return so many records from a place on."""
    return Many(of.memory, Kind("part", kind), first, count)


@lowered(_build_part)
def part(row: L, first: int, count: int) -> L:
    """Return so many of a row, from one of them on."""
    return type(row)(row.memory, row.kind, row.first + first * row.kind.words, count)

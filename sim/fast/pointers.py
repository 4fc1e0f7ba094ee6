"""Words by their address alone: compiled code reads and writes them without length, checks or negative places.

Interpreted, a pointer is the array itself.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np import arrayobj

from sim.fast.cache import CONFIG

ARRAYS: Any = arrayobj
LISTS: Any = cgutils
POINTER_TO: Any = types.CPointer


def _pointer(typing: Any, array: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return ARRAYS.make_array(array)(context, builder, values[0]).data

    return POINTER_TO(array.dtype)(array), build


def _stretch(typing: Any, pointer: Any, first: Any, count: Any) -> Any:
    kind = types.Array(pointer.dtype, 1, "C")

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        start, offset, length = values
        size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(pointer.dtype)))
        found = ARRAYS.make_array(kind)(context, builder)
        ARRAYS.populate_array(
            found,
            data=builder.gep(start, [offset]),
            shape=LISTS.pack_array(builder, [length]),
            strides=LISTS.pack_array(builder, [size]),
            itemsize=size,
            meminfo=None,
        )
        return found._getvalue()

    return kind(pointer, types.intp, types.intp), build


def _same(array: Any) -> Any:
    return array


def _slice(words: Any, first: int, count: int) -> Any:
    return words[first : first + count]


pointer: Any = _same if CONFIG.DISABLE_JIT else intrinsic(_pointer)
"""Gives the address of an array's words."""
stretch: Any = _slice if CONFIG.DISABLE_JIT else intrinsic(_stretch)
"""Gives some of the words as an array: of words, from a place on, so many."""

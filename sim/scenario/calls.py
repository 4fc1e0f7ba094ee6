"""How a verb was called: what its arguments may be, and how an argument is written by whoever gave it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from difflib import get_close_matches
from functools import wraps
from inspect import Parameter, Signature, signature
from math import isfinite
from operator import index
from os import PathLike
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeAlias, TypeVar

from sim.errors import RequestError
from sim.scenario.problem import quoted

P = ParamSpec("P")
T = TypeVar("T")
MOST: Final = 1_000_000
"""Replications of a study, at most."""
LAST: Final = 2**32 - 1
"""The highest number of a replication."""
Overlay: TypeAlias = str | PathLike[str] | Mapping[str, Any]
"""A file, its bare name, or data that say what its file would."""
_OPTIONS: Final = {
    "strategies": "--strategy",
    "overlays": "--overlay",
    "sets": "--set",
    "folder": "--out",
    "replications": "-n",
}
"""By name of an argument: its option, where that is not the same word."""
_IN_SHELL: ContextVar[bool] = ContextVar("in shell", default=False)


def command_words(command: object) -> list[str]:
    """Return the words of a call of ``convoi`` that was noted; none if it came from Python or cannot be read."""
    try:
        words = shlex.split(command) if isinstance(command, str) else []
    except ValueError:
        return []
    return words if words[:1] == ["convoi"] else []


def verb(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function of the package's face that refuses, before it begins, arguments that cannot be meant.

    An argument is read by what its name stands for in all verbs (`READ`): ``folder`` may be text, ``replications`` is a
    number of them.  Raises RequestError with the verb, the argument, what was given and what is expected.
    """
    known = signature(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        for keyword in kwargs.keys() - known.parameters.keys():
            raise RequestError(f"{function.__name__} has no argument '{keyword}'; {_expected(keyword, known)}")
        try:
            bound = known.bind(*args, **kwargs)
        except TypeError as error:
            raise RequestError(f"{function.__name__}: {error}; expected {function.__name__}{_short(known)}") from None
        for key, value in bound.arguments.items():
            default = known.parameters[key].default
            if key in READ and not (value is default or (value is None and default is None)):
                try:
                    bound.arguments[key] = _read(key, value, str(known.parameters[key].annotation))
                except _UnfitError as error:
                    refusal = f"{function.__name__}: {key} is {_shown(value)}; expected {error}"
                    raise RequestError(refusal, value=value) from None
        return function(*bound.args, **bound.kwargs)

    return call


class _UnfitError(Exception):
    """What is expected in place of an argument."""


def _read(key: str, value: object, kind: str) -> object:
    """Return an argument as it is meant; ``kind`` is what the verb says of it, since not every one takes a list."""
    if key == "replications" and ((value == "auto" and "auto" not in kind) or (_several(value) and "Iter" not in kind)):
        raise _UnfitError(f"a whole number from 1 to {MOST:,}")
    return READ[key](value)


@contextmanager
def in_shell() -> Iterator[None]:
    """Write arguments as options meanwhile."""
    before = _IN_SHELL.set(True)
    try:
        yield
    finally:
        _IN_SHELL.reset(before)


def argument(name: str, value: object = None) -> str:
    """Return an argument, with its value if one is given: ``--engine simpy``, ``engine='simpy'``, ``--force``."""
    if not _IN_SHELL.get():
        return name if value is None else f"{name}={value!r}"
    option = _OPTIONS.get(name, f"--{name.replace('_', '-')}")
    return option if value is None or value is True else f"{option} {value}"


def as_tuple(value: Any) -> tuple[Any, ...]:
    """Return one name, one dict, or several of them, as a tuple."""
    return (value,) if isinstance(value, str | PathLike | Mapping) else tuple(value)


def _several(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | Mapping)


def _expected(keyword: str, known: Signature) -> str:
    near = get_close_matches(keyword, known.parameters, 1)
    return f"the nearest is '{near[0]}'" if near else f"expected some of {', '.join(known.parameters)}"


def _short(known: Signature) -> str:
    """Return what a verb needs."""
    names = [parameter.name for parameter in known.parameters.values() if parameter.default is Parameter.empty]
    return f"({', '.join([*names, '…'])})"


def _shown(value: object) -> str:
    plain = isinstance(value, str | int | float | list | tuple | dict | None)
    return quoted(value) if plain else f"a {type(value).__name__}"


def _whole(value: object, low: int, high: int, expected: str) -> int:
    try:
        number = -1 if isinstance(value, bool) else index(value)  # type: ignore[arg-type]
    except TypeError:
        raise _UnfitError(expected) from None
    if not low <= number <= high:
        raise _UnfitError(expected)
    return number


def _between(low: int, high: int, expected: str) -> Callable[[object], int]:
    return lambda value: _whole(value, low, high, expected)


def _replications(value: object) -> object:
    if value == "auto":
        return value
    if _several(value):
        numbers = [_whole(each, 0, LAST, "numbers of replications, from 0") for each in value]  # type: ignore[attr-defined]
        if not numbers:
            raise _UnfitError("at least one replication")
        return numbers
    return _whole(value, 1, MOST, f"a whole number from 1 to {MOST:,}")


def _list_of(kinds: Any, expected: str, each: str) -> Callable[[object], tuple[object, ...]]:
    """Return what reads one or more of some kinds; of overlays that are laid together each may be a list again."""

    def read(value: object) -> tuple[object, ...]:
        if not isinstance(value, kinds) and not _several(value):
            raise _UnfitError(expected)
        items = as_tuple(value)
        for item in items:
            if not all(isinstance(part, kinds) for part in (item if _several(item) else [item])):
                raise _UnfitError(f"{each}, of which {_shown(item)} is none")
        return items

    return read


def _that(holds: Callable[[Any], object], expected: str, meant: Callable[[Any], object] = lambda value: value) -> Any:
    """Return what reads a value of which something holds, as it is ``meant``."""

    def read(value: object) -> object:
        if not holds(value):
            raise _UnfitError(expected)
        return meant(value)

    return read


def _is_amount(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and value >= 0


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_folder(value: object) -> bool:
    name = os.fspath(value) if isinstance(value, str | PathLike) else None
    return isinstance(name, str) and _is_text(name) and "\0" not in name


def _is_study(value: object) -> bool:
    return hasattr(value, "part") and hasattr(value, "manifest")


def _setting(value: object) -> object:
    if not isinstance(value, tuple) or not hasattr(value, "particles"):
        raise _UnfitError("a sim.Setting(particles=…, sweeps=…)")
    for key, part in value._asdict().items():  # type: ignore[attr-defined]
        try:
            READ.get(key, lambda same: same)(part)
        except _UnfitError as error:
            raise _UnfitError(f"for its {key} {error}") from None
    return value


def _one_of(*known: str) -> Any:
    return _that(lambda value: value in known, " or ".join(f"'{word}'" for word in known))


_READ_BY: Final[Mapping[tuple[str, ...], Callable[[Any], Any]]] = {
    ("replications",): _replications,
    ("replication",): _between(0, LAST, f"the number of a replication, from 0 to {LAST:,}, as in the tables"),
    ("seed",): _between(0, 2**64 - 1, "a whole number from 0 to 2⁶⁴ − 1"),
    ("workers", "trajectories", "top", "particles", "sweeps"): _between(1, MOST, "a whole number from 1"),
    ("central", "force"): _that(lambda it: it in (True, False) and hasattr(it, "__bool__"), "True or False", bool),
    ("measure", "baseline", "engine", "command", "town"): _that(_is_text, "a name, as text"),
    ("strategies", "sets", "vary", "towns"): _list_of(str | PathLike, "a name or a list of names", "names"),
    ("overlays", "common"): _list_of(str | PathLike | Mapping, "a name, a dict, or a list of them", "names or dicts"),
    ("when",): _that(lambda it: isinstance(it, str | date), "a date, such as '2025-10-20' or 'day 12'"),
    ("worth",): _that(_is_amount, "a number, at least 0", float),
    ("folder",): _that(_is_folder, "a folder, as text or a path", Path),
    ("file",): _that(_is_folder, "a file, as text or a path", Path),
    ("study",): _that(_is_study, "what sim.run or sim.compare returned"),
    ("study_or_folder",): _that(
        lambda it: _is_study(it) or _is_folder(it), "what sim.run or sim.compare returned, or the folder of it"
    ),
    ("setting",): _setting,
    ("run",): _that(_is_study, "what sim.run returned"),
    ("where",): _that(lambda it: hasattr(it, "said"), "a sim.Where(workers=…)"),
    ("adaptive",): _one_of("as set", "off", "on", "both"),
    ("series",): _one_of("customs", "minister"),
    ("since", "until"): _that(lambda it: it is None or type(it) is date, "a datetime.date"),
    ("progress", "tell"): _that(callable, "a function"),
}
READ: Final = {name: read for names, read in _READ_BY.items() for name in names}
"""By name of an argument, which means the same in all verbs: what reads it."""

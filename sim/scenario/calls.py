"""How a verb was called from Python: arguments that cannot be what they are given as are refused in words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import wraps
from inspect import Parameter, Signature, signature
from math import isfinite
from operator import index
from os import PathLike
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from sim.errors import RequestError
from sim.scenario.problem import quoted

P = ParamSpec("P")
T = TypeVar("T")
MOST: Final = 1_000_000
"""Replications of a study, at most."""
LAST: Final = 2**32 - 1
"""The highest number of a replication."""


def verb(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function of the package's face that refuses, before it begins, arguments that cannot be meant.

    An argument is read by what its name stands for in all verbs (`READ`): ``folder`` may be text, ``replications`` is a
    number of them.  Raises RequestError with the verb, the argument, what was given and what is expected.
    """
    known = signature(function)

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
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
                    told = f"{function.__name__}: {key} is {_told(value)}; expected {error}"
                    raise RequestError(told, value=value) from None
        return function(*bound.args, **bound.kwargs)

    return called


class _UnfitError(Exception):
    """What is expected in place of an argument."""


def _read(key: str, value: object, kind: str) -> object:
    """Return an argument as it is meant; ``kind`` is what the verb says of it, since not every one takes a list."""
    if key == "replications" and ((value == "auto" and "auto" not in kind) or (_several(value) and "Iter" not in kind)):
        raise _UnfitError(f"a whole number from 1 to {MOST:,}")
    return READ[key](value)


def several(given: Any) -> tuple[Any, ...]:
    """Return one name, or one dict, or several as several."""
    return (given,) if isinstance(given, str | PathLike | Mapping) else tuple(given)


def _several(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | Mapping)


def _expected(keyword: str, known: Signature) -> str:
    near = get_close_matches(keyword, known.parameters, 1)
    return f"the nearest is '{near[0]}'" if near else f"expected some of {', '.join(known.parameters)}"


def _short(known: Signature) -> str:
    """Return what a verb needs."""
    names = [one.name for one in known.parameters.values() if one.default is Parameter.empty]
    return f"({', '.join([*names, '…'])})"


def _told(value: object) -> str:
    return quoted(value) if _is_plain(value) else f"a {type(value).__name__}"


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool | list | tuple | dict)


def _whole(value: object, low: int, high: int, expected: str) -> int:
    try:
        number = -1 if isinstance(value, bool) else index(value)  # type: ignore[arg-type]
    except TypeError:
        raise _UnfitError(expected) from None
    if not low <= number <= high:
        raise _UnfitError(expected)
    return number


def _replications(value: object) -> object:
    if value == "auto":
        return value
    if _several(value):
        numbers = [_whole(one, 0, LAST, "numbers of replications, from 0") for one in value]  # type: ignore[attr-defined]
        if not numbers:
            raise _UnfitError("at least one replication")
        return numbers
    return _whole(value, 1, MOST, f"a whole number from 1 to {MOST:,}")


def _replication(value: object) -> int:
    return _whole(value, 0, LAST, f"the number of a replication, from 0 to {LAST:,}, as in the tables")


def _seed(value: object) -> int:
    return _whole(value, 0, 2**64 - 1, "a whole number from 0 to 2⁶⁴ − 1")


def _count(value: object) -> int:
    return _whole(value, 1, MOST, "a whole number from 1")


def _yes(value: object) -> object:
    if value not in (True, False) or not hasattr(value, "__bool__"):
        raise _UnfitError("True or False")
    return bool(value)


def _text(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise _UnfitError("a name, as text")
    return value


def _names(value: object) -> tuple[object, ...]:
    """Read one name or more; of overlays that are laid together each may be a list again."""
    if not isinstance(value, str | PathLike) and not _several(value):
        raise _UnfitError("a name or a list of names")
    names = several(value)
    for one in names:
        if not (isinstance(one, str | PathLike) or (_several(one) and all(isinstance(k, str | PathLike) for k in one))):
            raise _UnfitError(f"names, of which {_told(one)} is none")
    return names


def _overlays(value: object) -> tuple[object, ...]:
    """Read one overlay or more, each a name or a dict; of those that are laid together each may be a list again."""
    if not isinstance(value, str | PathLike | Mapping) and not _several(value):
        raise _UnfitError("a name, a dict, or a list of them")
    overlays = several(value)
    for one in overlays:
        if not all(isinstance(each, str | PathLike | Mapping) for each in (one if _several(one) else [one])):
            raise _UnfitError(f"names or dicts, of which {_told(one)} is none")
    return overlays


def _amount(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value < 0:
        raise _UnfitError("a number, at least 0")
    return float(value)


def _folder(value: object) -> Path:
    name = os.fspath(value) if isinstance(value, str | PathLike) else None
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise _UnfitError("a folder, as text or a path")
    return Path(name)


def _setting(value: object) -> object:
    if not isinstance(value, tuple) or not hasattr(value, "particles"):
        raise _UnfitError("a sim.Setting(particles=…, sweeps=…)")
    for key, part in value._asdict().items():  # type: ignore[attr-defined]
        try:
            READ.get(key, lambda same: same)(part)
        except _UnfitError as error:
            raise _UnfitError(f"for its {key} {error}") from None
    return value


def _one_of(*known: str) -> Callable[[object], object]:
    def read(value: object) -> object:
        if value not in known:
            raise _UnfitError(" or ".join(f"'{one}'" for one in known))
        return value

    return read


def _day(value: object) -> object:
    if value is not None and type(value) is not date:
        raise _UnfitError("a datetime.date")
    return value


def _moment(value: object) -> object:
    if not isinstance(value, str | date):
        raise _UnfitError("a date, such as '2025-10-20' or 'day 12'")
    return value


def _run(value: object) -> object:
    if not hasattr(value, "part") or not hasattr(value, "manifest"):
        raise _UnfitError("what sim.run returned")
    return value


def _where(value: object) -> object:
    if not hasattr(value, "said"):
        raise _UnfitError("a sim.Where(workers=…)")
    return value


def _called(value: object) -> object:
    if not callable(value):
        raise _UnfitError("a function")
    return value


READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "replications": _replications,
    "replication": _replication,
    "seed": _seed,
    **dict.fromkeys(("workers", "trajectories", "top", "particles", "sweeps"), _count),
    **dict.fromkeys(("central", "force"), _yes),
    **dict.fromkeys(("measure", "baseline", "engine", "command", "town"), _text),
    **dict.fromkeys(("strategies", "sets", "vary", "towns"), _names),
    **dict.fromkeys(("overlays", "common"), _overlays),
    "when": _moment,
    "worth": _amount,
    "folder": _folder,
    "setting": _setting,
    "run": _run,
    "where": _where,
    "adaptive": _one_of("as set", "off", "on", "both"),
    "series": _one_of("customs", "minister"),
    **dict.fromkeys(("since", "until"), _day),
    **dict.fromkeys(("progress", "tell"), _called),
}
"""By name of an argument, which means the same in all verbs: what reads it."""

"""What a sweep varies: one or more parameters over a range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from unicodedata import normalize

from sim.errors import RequestError
from sim.scenario.calls import argument
from sim.scenario.load import Scenario
from sim.scenario.number import HUGE, Quantity, Scale, read_number
from sim.scenario.paths import WILD, field_and_date, fits, steps
from sim.scenario.problem import nearest, some
from sim.scenario.schema import Root
from sim.scenario.shape import shape_at

POINTS = 5
"""Values tried over a range that does not say how many; whole numbers from one end to another go by ones."""
MOST = 200


@dataclass(frozen=True)
class Axis:
    """Parameters that take the same value, and the values.

    Parameters
    ----------
    paths
        Paths in the scenario, as a setting states them; with ``*`` at the end the values are factors.
    texts
        Each value as a setting states it: ``46 m3``.
    values
        The same in the unit that people read.
    unit
        That unit; empty for plain numbers.
    """

    paths: tuple[str, ...]
    texts: tuple[str, ...]
    values: tuple[float, ...]
    unit: str

    @property
    def relative(self) -> bool:
        """Whether the values are factors."""
        return self.paths[0].endswith(WILD)

    def settings(self, point: int) -> tuple[str, ...]:
        """Return the settings ``path=value`` of one of the values."""
        return tuple(f"{path}={self.texts[point]}" for path in self.paths)


def axis(text: str, scenario: Scenario) -> Axis:
    """Read ``path=from:to:count``, ``path=from:to`` or ``path`` (the scenario's own range).

    After ``path*`` the values are factors, on all entries of a list by date, or, after ``path@date*``, on those from a
    date on.  Several paths that take the same value are joined by commas.  Whole numbers go by ones unless a count is
    given.  A unit may stand at both ends or at the last alone.

    Raises
    ------
    RequestError
        If a path does not exist or is no number, a unit is missing or wrong, or the range is empty or out of bounds.
    """
    text = normalize("NFC", text)
    names, _, span = text.partition("=")
    numbers = _numbers(scenario)
    paths = _paths(names, numbers)
    scales = [_scale(path, numbers, names) for path in paths]
    scale = scales[0]
    relative = {path.endswith(WILD) for path in paths}
    if len(relative) > 1:
        raise _refused(text, "factors and values together; expected '*' at the end of all paths or none")
    if relative == {True}:
        scale = Scale("1", 0.0, HUGE, whole=any(other.whole for other in scales))
    elif any((other.unit, other.whole) != (scale.unit, scale.whole) for other in scales):
        raise _refused(text, "the parameters differ in unit; expected the same for all")
    low, high, count = _own(paths, numbers, text) if not span.strip() else _span(span, scale, text)
    if not low < high:
        raise _refused(text, "an empty range; expected from < to")
    if scale.whole:
        steps = {math.floor(low + (high - low) * k / (count - 1) + 0.5) for k in range(count)}
        values = [float(step) for step in sorted(steps)]
    else:
        values = [low + (high - low) * k / (count - 1) for k in range(count)]
    texts = tuple(scale.shown(number) for number in values)
    unit = texts[0].partition(" ")[2]
    return Axis(paths, texts, tuple(float(shown.partition(" ")[0]) for shown in texts), unit)


def _refused(text: str, why: str) -> RequestError:
    return RequestError(f"{argument('vary')} {text}: {why}")


def _paths(names: str, numbers: dict[str, Quantity]) -> tuple[str, ...]:
    """Return the paths that commas part; a name in them may hold a comma too."""
    paths: list[str] = []
    pieces = names.split(",")
    while pieces:
        joined = (",".join(pieces[:count]).strip() for count in range(1, len(pieces) + 1))
        path = next((name for name in joined if name in numbers), pieces[0].strip())
        bare, factor = _parted(path)
        fitting = _fitting(bare, numbers) if WILD in bare else [bare]
        if factor and len(fitting) > 1:  # of several, those that are not given are passed over, as by a setting
            fitting = [match for match in fitting if _entry_of(match) in numbers] or fitting
        paths += [match + factor for match in fitting]
        del pieces[: path.count(",") + 1]
    return tuple(dict.fromkeys(paths))


def _parted(path: str) -> tuple[str, str]:
    """Return a path and the ``*`` at its end that makes values factors, if there is one."""
    factor = WILD if path.endswith(WILD) and not path.endswith(f".{WILD}") else ""
    return path.removesuffix(factor).rstrip() if factor else path, factor


def _entry_of(path: str) -> str:
    """Return a path without the date of an entry."""
    *above, last = steps(path)
    return ".".join((*above, (field_and_date(last) or (last, ""))[0]))


def _fitting(path: str, numbers: dict[str, Quantity]) -> list[str]:
    """Return the paths for which one with a ``*`` stands, each with what follows the last of them."""
    *_, last = (depth for depth, key in enumerate(steps(path)) if WILD in key)
    head, tail = steps(path)[: last + 1], steps(path)[last + 1 :]
    above = dict.fromkeys(steps(name)[: last + 1] for name in numbers)
    fitting = [keys for keys in above if len(keys) == len(head) and all(map(fits, head, keys))]
    if not fitting:
        raise _refused(path, f"a wildcard that fits nothing; expected {_hint(path, numbers)}")
    return [".".join((*keys, *tail)) for keys in fitting]


def _numbers(scenario: Scenario) -> dict[str, Quantity]:
    """Return the numbers of a scenario by name and by position."""
    numbers = [(path, number) for path, number, _ in scenario.numbers() if isinstance(number, Quantity)]
    return {number.path: number for _, number in numbers} | dict(numbers)


def _scale(path: str, numbers: dict[str, Quantity], names: str) -> Scale:
    path, factor = _parted(path)
    shape = shape_at(Root, steps(path))
    if not factor:
        _refuse_list(path, numbers, names)
    if shape is None or not (path in numbers or _entry_of(path) in numbers):
        what = "no number" if shape is not None else "no such path"
        raise _refused(path, f"{what}; expected {_hint(path, numbers)}")
    if shape.rule is None:
        raise _refused(path, "not a number; expected a number of the scenario, such as 'fleet.load'")
    return shape.rule


def _hint(path: str, numbers: dict[str, Quantity]) -> str:
    """Return what may be meant by a path of no number: what lies where it leaves the known ones."""
    keys, known = steps(path), [steps(name) for name in numbers]
    for depth, key in enumerate(keys):
        names = dict.fromkeys(name[depth] for name in known if len(name) > depth and all(map(fits, keys[:depth], name)))
        if not any(fits(key, name) for name in names):
            break
    above = ".".join(keys[:depth])
    near = nearest(key.replace(WILD, ""), names)
    if near is not None:
        return f"a number of the scenario, the nearest is '{'.'.join((*keys[:depth], near, *keys[depth + 1 :]))}'"
    listed = [name for name in names if "@" not in name]
    place = f"below '{above}': " if above else ""
    return f"a number of the scenario, {place}{some(listed)}"


def _refuse_list(path: str, numbers: dict[str, Quantity], names: str) -> None:
    """Refuse a list by date, whose dates one number would wipe."""
    if f"{path}.1" not in numbers:
        return
    entries = [f"{path}.0", *(name for name in numbers if name.startswith(f"{path}@"))]
    whole = path if "," in names else names.strip()
    shown = ", ".join(entries[:4]) + (", …" if len(entries) > 4 else "")
    raise _refused(path, f"a list by date; expected the path of an entry: {shown}; or a factor on all: '{whole}*=1:4'")


def _own(paths: tuple[str, ...], numbers: dict[str, Quantity], text: str) -> tuple[float, float, int]:
    number = numbers.get(paths[0])  # of a path of factors there is none
    if number is None or number.low is None or number.high is None:
        example = "path*=1:3" if paths[0].endswith(WILD) else "fleet.load=45 m3:48 m3:4"
        raise _refused(
            text, f"the scenario gives no range of its own; expected path=from:to:count, such as '{example}'"
        )
    return number.low, number.high, POINTS


def _span(span: str, scale: Scale, text: str) -> tuple[float, float, int]:
    parts = [part.strip() for part in span.split(":")]
    if len(parts) not in (2, 3) or not all(parts):
        raise _refused(text, "not a range; expected from:to:count, such as '45 m3:48 m3:4'")
    count = POINTS
    if len(parts) == 3:
        if not parts[2].isdecimal() or len(parts[2]) > 9 or not 2 <= int(parts[2]) <= MOST:
            raise _refused(text, f"'{parts[2]}' values; expected a whole number from 2 to {MOST}")
        count = int(parts[2])
    unit = parts[1].lstrip("+-.0123456789eE").strip()
    if unit and parts[0].lstrip("+-.0123456789eE").strip() == "":
        parts[0] = f"{parts[0]} {unit}"
    ends = []
    for part in parts[:2]:
        raw: object = part
        read = read_number(raw, scale, None)
        if isinstance(read, list):
            fault = read[0]
            raise _refused(text, f"{fault.wrong}; given {fault.given}; expected {fault.expected}")
        ends.append(read.value)
    if scale.whole and len(parts) == 2:
        count = int(ends[1] - ends[0]) + 1
        if count > MOST:
            way = f"'{parts[0]}:{parts[1]}:{POINTS}' with a count, or a range of at most {MOST} whole numbers"
            raise _refused(text, f"by ones these are {count:,} values; expected {way}")
    return ends[0], ends[1], count

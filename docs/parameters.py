"""Write docs/parameters.md: every parameter of a scenario, from the schema, and which module reads it, from a run.

Use: python docs/parameters.py
"""

from __future__ import annotations

import ast
import dataclasses
import re
import sys
import tempfile
import types
import typing
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from pydantic_core import PydanticUndefined
from ruamel.yaml import YAML

from sim.plan import sections
from sim.plan.collect import Collector
from sim.plan.plan import Plan, Slot
from sim.scenario import units
from sim.scenario.fields import Name, Part
from sim.scenario.load import load
from sim.scenario.schema import Root
from sim.scenario.shape import Shape, shape

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "parameters.md"
HEAD = """# Parameters

Everything that a scenario file may say, by its sections. *By date*: one number, or a list of numbers by date
([dates](scenarios.md#dates)). *Default*: what holds where no file says otherwise, with the range that replications draw
from, or the value that a file has with `extends: common.yaml`, as shipped ones do. *Read by*: the rooms and modules of
`sim/` that work with the value; those of `model` have compiled twins in `fast`, and `plan` alone stands where the value
only shapes what they read. `convoi evidence SCENARIO --why` tells
what the numbers of a scenario rest on, [the model](model.md) what is done with them.

This page is made by `python docs/parameters.py` from the schema in `sim/scenario`, and from a run of a small country in
which everything is on.
"""
EVERYTHING = """
record: yes
strategy:
  imports:
    0: {may: [air, guard], min: 5, alone: yes, patience: 12 h}
    1: {from: day 40, must: [], may: [], min: 1, max: 60, headway: 12 h, longest_wait: 24 h, daylight: no, alone: yes}
  allocation: shares
  shares: {from the sea: 1, aside: 1}
terminals:
  Port: {supply: 2 ML/day}
escorts:
  pools:
    army: {serves: [from the sea, aside]}
    planes: {component: air, units: 3, cost: 1000 USD/day}
    company: {component: guard, units: 3, cost: 1000 USD/day}
  components: {guard: {loss_ratio: 80 %, cycle_factor: 1.1}}
crews: {per_tanker: 2, killed: 50 %}
willingness:
  threats: {speech: {at: day 16, factor: 80 %}}
  strikes: {walkout: {from: day 20, to: day 21}}
zones:
  savanna: {effort: 90 /month, ceiling: 90 /month, mines: 30 /month, roadblocks: 0.002 /km}
  hills: {roads: [Capital–Hilltown], chance: 10 %, along: to the hills, ceiling: 90 /month}
attacks:
  mode: both
  knocked_out: 50 %
  replayed: {early: {at: day 12, road: Border–Capital, window: 99 h, lost: 3}}
  adaptive: {on: yes}
convoys:
  mode: both
  recorded: {first: {at: day 18, corridor: from the sea, tankers: 5, escort: [national]}}
rationing:
  limit: {from: day 30, to: day 40, towns: [Capital], products: [petrol], fill: 20 L, share: 50 %,
          closed_days: [sun], closed_stations: 10 %}
users:
  plant: {town: Capital, product: petrol, need: 0.02 ML/day, tank: 1 days, before: yes, pump_market: yes, power: yes}
stocks: {Capital: {petrol: 3 ML}}
national_stock: {at: day 2, value: 5 ML}
corridors:
  aside:
    {kind: import, terminal: Port, roads: [Port–Border, Border–Capital], assembly: Border, serves: [Capital],
     share: 1, fleet: 0.01}
  round about:
    {kind: exogenous, serves: [Hilltown], share: 0.1, through: 50 %}
orders: {pumps_first: yes}
documented:
  loss: {measure: tankers_lost, value: 10, low: 5, high: 20, label: a figure, source: assumption}
  shortage: {measure: first_shortage, date: day 20, label: a date, source: assumption}
marks: {signal: {at: day 15, label: attacks begin, source: assumption}}
"""
"""Laid on the tutorial, so that no parameter is left unread."""

NUMBERS = ("number", "dated", "moment")
"""Kinds of what the plan takes as numbers."""
BUILDING = ("plan.", "scenario.places")
"""Where the plan is made from the parts of a scenario."""
_NAMED = frozenset(typing.get_args(Name)[1:])
"""What makes text a name."""
FOR_PEOPLE = "people, in the file and in `convoi show`"
"""Who reads a text that no module does."""

Field = tuple[str, str]
"""Class and attribute, of a part of a scenario or of a section of the plan."""


class Parameter(NamedTuple):
    """A row of the page."""

    path: str
    shape: Shape
    default: Any
    part: str
    name: str
    named: bool


def page() -> str:
    """Return the page."""
    readers = read_by()
    listed = list(parameters(Root))
    for parameter in listed:
        if parameter.shape.expected == "text":
            readers.setdefault((parameter.part, parameter.name), {FOR_PEOPLE})
    unread = [parameter.path for parameter in listed if not readers.get((parameter.part, parameter.name))]
    if unread:
        raise SystemExit(f"nothing reads {', '.join(unread)}: a defect, or more is to be on in {__file__}")
    return HEAD + "".join(_tables(listed, readers))


def parameters(part: type[Part], above: str = "") -> Iterator[Parameter]:
    """Iterate over the parameters below a part, by path."""
    for name, info in part.model_fields.items():
        key = info.alias or name
        path = f"{above}{key}"
        of = shape(info.annotation, info.description or "", info.metadata)
        annotation = info.annotation
        while of.kind == "table":
            path += f".<{_thing(annotation, key)}>"
            annotation = typing.get_args(annotation)[1]
            of = shape(annotation, of.meaning)
        if of.kind == "list" and (entry := of.below("0")) is not None and entry.kind == "part":
            of, path = entry, f"{path}.<number>"
        if of.part is not None:
            yield from parameters(of.part, f"{path}.")
        else:
            named = set(info.metadata) >= _NAMED or any(map(_is_name, typing.get_args(annotation)))
            yield Parameter(path, of, info.default, part.__name__, name, named)


def _thing(annotation: Any, key: str) -> str:
    """Return what the names of a table are names of: as the schema says, or else the key without its s."""
    words = [word for word in typing.get_args(typing.get_args(annotation)[0])[1:] if isinstance(word, str)]
    return words[0] if words else key.removesuffix("s")


def _tables(listed: list[Parameter], readers: dict[Field, set[str]]) -> Iterator[str]:
    def section_of(parameter: Parameter) -> str:
        return parameter.path.partition(".")[0] if "." in parameter.path else ""

    order = ["", *Root.model_fields]
    common = YAML(typ="safe").load(ROOT / "scenarios" / "common.yaml")
    for section, group in groupby(sorted(listed, key=lambda parameter: order.index(section_of(parameter))), section_of):
        rows = list(group)
        meaning = Root.model_fields[section].description if section else "What stands at the top of a file."
        yield f"\n## {section or 'The scenario'}\n\n{meaning}\n\n"
        yield "| name | meaning | unit and range | default | by date | read by |\n|---|---|---|---|---|---|\n"
        for parameter in rows:
            cells = (
                f"`{parameter.path}`",
                parameter.shape.meaning,
                _range(parameter),
                _default(parameter, common),
                "yes" if parameter.shape.kind == "dated" else "",
                _readers(readers[parameter.part, parameter.name]),
            )
            yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _range(parameter: Parameter) -> str:
    rule = parameter.shape.rule
    if rule is not None:
        span = rule.span
        if re.search(r"[.]\d{3}", span):
            span = f"{units.shown(rule.low, rule.unit)} to {units.shown(rule.high, rule.unit)}"
        return f"{span}, whole" if rule.whole else span
    if parameter.shape.kind == "moment":
        return "a date, a time or a day"
    if parameter.shape.kind == "list":
        return "a list of names" if _is_name(parameter.shape.of) else parameter.shape.expected
    return "a name" if parameter.named else parameter.shape.expected


def _is_name(annotation: Any) -> bool:
    return set(typing.get_args(annotation)[1:]) >= _NAMED


def _default(parameter: Parameter, common: Mapping[str, Any]) -> str:
    """Return the default, and what common.yaml says instead."""
    given: Any = common
    for key in parameter.path.split("."):
        given = given.get(key) if isinstance(given, Mapping) else None
    if given is not None:
        return f"{_written(given)}, in common.yaml"
    return "must be given" if parameter.default is PydanticUndefined else _written(parameter.default)


def _written(value: Any) -> str:
    if isinstance(value, Mapping) and "value" in value:
        return f"{value['value']}" + (f" ({value['low']} to {value['high']})" if "low" in value else "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None or value in ("", [], {}) else str(value)


def _readers(modules: set[str]) -> str:
    if modules == {FOR_PEOPLE}:
        return FOR_PEOPLE
    order = ["evidence", "scenario", "plan", "world", "rules", "model", "results", "study", "view", "cli"]
    rooms = defaultdict(list)
    for module in sorted(modules):
        room, _, name = module.partition(".")
        rooms[room].append(name.replace(".", "/"))
    return "; ".join(f"{room}: {', '.join(rooms[room])}" for room in sorted(rooms, key=order.index))


def read_by() -> dict[Field, set[str]]:
    """Return the modules that read each field of each part of a scenario, by way of the plan or directly."""
    from sim.study import replicate
    from sim.view import figures
    from sim.view.run_answer import run_answer

    parts: defaultdict[Field, set[str]] = defaultdict(set)
    slots: defaultdict[Field, set[Field]] = defaultdict(set)
    used: defaultdict[Field, set[str]] = defaultdict(set)
    numbers = {(parameter.part, parameter.name) for parameter in parameters(Root) if parameter.shape.kind in NUMBERS}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        overlay = Path(folder) / "everything.yaml"
        overlay.write_text(EVERYTHING, encoding="utf-8")
        scenario = load(ROOT / "scenarios" / "tutorial.yaml", overlays=[overlay])
        stack.enter_context(_collected(slots))
        for part in _below(Part):
            stack.enter_context(_watched(part, part.model_fields, _noting_part(parts, slots, numbers)))
        for section in _sections():
            names = [field.name for field in dataclasses.fields(section)]
            stack.enter_context(_watched(section, names, _noting_slot(used)))
        run = replicate.run(scenario, 1, engine="simpy")
        stack.enter_context(patch.object(figures, "save", return_value=[]))  # drawn, and not written
        run_answer(run, figures.save_all(run, folder))
    for field, places in slots.items():
        readers = set().union(*(used[place] for place in places))
        parts[field] = parts[field] | readers if readers else set()  # what lies in the plan, and nothing takes it
    for field, modules in parts.items():
        beyond = {module for module in modules if not module.startswith(("plan.", "scenario."))}
        parts[field] = beyond or modules
    return parts


def _below(kind: type[Part]) -> Iterator[type[Part]]:
    for part in kind.__subclasses__():
        yield part
        yield from _below(part)


@cache
def _sections() -> tuple[type, ...]:
    return (*(section for section in vars(sections).values() if dataclasses.is_dataclass(section)), Plan)


@contextmanager
def _watched(kind: type, names: Any, note: Callable[[str, str, types.FrameType], None]) -> Iterator[None]:
    """Tell of every reading of a field of a class."""
    known = frozenset(names)
    before = kind.__getattribute__

    def watched(self: Any, name: str) -> Any:
        value = before(self, name)
        if name in known:
            note(kind.__name__, name, sys._getframe(1))
        return value

    own = "__getattribute__" in vars(kind)
    kind.__getattribute__ = watched
    try:
        yield
    finally:
        if own:
            kind.__getattribute__ = before
        else:
            del kind.__getattribute__


def _noting_part(
    parts: defaultdict[Field, set[str]], slots: defaultdict[Field, set[Field]], numbers: set[Field]
) -> Callable[[str, str, types.FrameType], None]:
    def note(kind: str, name: str, frame: types.FrameType) -> None:
        module = _module(frame)
        if (kind, name) not in numbers and module.startswith(BUILDING) and (slot := _slot(frame)) is not None:
            slots[kind, name].add(slot)
        if module:
            parts[kind, name].add(module)

    return note


def _noting_slot(used: defaultdict[Field, set[str]]) -> Callable[[str, str, types.FrameType], None]:
    def note(kind: str, name: str, frame: types.FrameType) -> None:
        while _module(frame) == "plan.sections" and frame.f_back is not None:
            frame = frame.f_back
        module = _module(frame)
        if module and not module.startswith(("plan.", "fast.")):
            used[kind, name].add(module)

    return note


def _module(frame: types.FrameType) -> str:
    """Return the module of a frame without ``sim.``; empty if it is none of ours."""
    name = str(frame.f_globals["__name__"])
    return name.removeprefix("sim.") if name.startswith("sim.") else ""


def _slot(frame: types.FrameType | None) -> Field | None:
    """Return the field of a section that a reading goes into: the innermost that is being made, up the stack."""
    first = frame
    while frame is not None and _module(frame).startswith(BUILDING):
        if frame.f_code is Collector.section.__code__:
            return frame.f_locals["kind"].__name__, frame.f_locals["field"].name
        line, _, column, _ = list(frame.f_code.co_positions())[frame.f_lasti // 2]
        around = [
            (end[0] - begin[0], end[1] - begin[1], slot)
            for begin, end, slot in _keywords(frame.f_code.co_filename)
            if begin <= (line, column) <= end and (frame is first or slot[0] != Plan.__name__)
        ]
        if around:
            return min(around)[2]
        frame = frame.f_back
    return None


@contextmanager
def _collected(slots: defaultdict[Field, set[Field]]) -> Iterator[None]:
    """Note where in the plan each number and moment of a scenario goes."""
    fields = [
        (re.compile(re.sub("[.]<[^>]*>", "[.@][^.]+", parameter.path) + "(@.*)?"), (parameter.part, parameter.name))
        for parameter in parameters(Root)
        if parameter.shape.kind in NUMBERS
    ]

    @cache
    def field_of(path: str) -> Field:
        return next(field for pattern, field in fields if pattern.fullmatch(path))

    def noting(take: Callable[..., float]) -> Callable[..., float]:
        def noted(self: Collector, number: Any, *rest: Any) -> float:
            slot = next(argument for argument in rest if isinstance(argument, Slot))
            slots[field_of(number.path)].add((_kind_of(slot.section), slot.field))
            return take(self, number, *rest)

        return noted

    before = Collector._number, Collector._time
    Collector._number, Collector._time = map(noting, before)
    try:
        yield
    finally:
        Collector._number, Collector._time = before


@cache
def _keywords(file: str) -> tuple[tuple[tuple[int, int], tuple[int, int], Field], ...]:
    """Return where a file gives the fields of sections of the plan: begin, end, section and field."""
    names = {section.__name__ for section in _sections()}
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return tuple(
        (
            (keyword.value.lineno, keyword.value.col_offset),
            (keyword.value.end_lineno or 0, keyword.value.end_col_offset or 0),
            (kind.id, keyword.arg),
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for kind in (node.func, *node.args[:1])  # Plan(…) or take.section(Towns, …)
        if isinstance(kind, ast.Name) and kind.id in names
        for keyword in node.keywords
        if keyword.arg is not None
    )


def _kind_of(section: str) -> str:
    """Return the class of a section of the plan, by its dotted name."""
    kind: Any = Plan
    for name in section.split("."):
        kind = typing.get_type_hints(kind)[name]
    return str(kind.__name__)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

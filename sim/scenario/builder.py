"""A small country in a few lines of Python, without a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sim.errors import ScenarioError
from sim.scenario.draft import Wanted, draft_text
from sim.scenario.fields import In, Quantity
from sim.scenario.files import Data, data_tree
from sim.scenario.folders import shipped_folder
from sim.scenario.load import Scenario, scenario_of
from sim.scenario.moment import PLAIN, plain_day
from sim.scenario.number import read_number
from sim.scenario.problem import Fault, Origin, Problem, quoted
from sim.scenario.read import read_value
from sim.scenario.tree import plain
from sim.scenario.units import factor

SAID_BY = {"title": "title", "start": "start", "end": "days", "products": "need", "zones": "attacks",
           "escorts": "escorts", "strategy": "escorts", "towns": "towns"}  # fmt: skip
"""By section of the draft: the argument that it is made from; the others are made from the ports."""
NEED = In("m3/h", 0, 1e5, show="ML/day")
ATTACKS = In("1/h", 0, 10, show="1/month")


def scenario(
    towns: str | Iterable[str] | Mapping[str, Any] = ("Capital", "Hilltown"),
    ports: str | Iterable[str] | Mapping[str, Any] = ("Port",),
    need: str | float | Mapping[str, Any] = 0.5,
    attacks: str | float | Mapping[str, Any] = 12,
    escorts: int | Mapping[str, Any] = 4,
    *,
    start: str | date = "2030-01-01",
    days: int = 60,
    title: str = "Country",
    **parts: Any,
) -> Scenario:
    """Make a small country, which checks and runs as it is: the one that ``convoi new`` writes.

    A road leads from every port over a border to the capital, and one from the capital to every other town. People,
    tankers and stations are those of the shipped files, the other numbers are invented and say so.

    Parameters
    ----------
    towns
        Names, the capital first; or by name the town's share of the need, or a dict laid on what the town is.
    ports
        Names of ports or border towns abroad, a corridor ``from NAME`` each; or by name the port's share of imports.
    need
        What the whole country burns a day: ML (million litres), or with a unit, ``"500 m3/day"``; a range of a tenth
        either way, unless a dict states its own.
    attacks
        Ambushes laid a month on each road from abroad, from day 15 on: a number, or with a unit, ``"3 /week"``; or a
        dict for the section ``attacks``.
    escorts
        Units of escort; or a dict for the section ``escorts``.
    start, days
        First day, and how many.
    title
        What it is called.
    parts
        Any section of a scenario file (docs/parameters.md), as a dict laid on what the draft says: numbers with their
        unit as text, ``None`` takes away.

    Raises
    ------
    ScenarioError
        With every problem, as of a file; the argument stands in the place of file and line.

    Examples
    --------
    >>> country = sim.scenario(["Capital", "North", "East"], ["Harbour", "Quay"], "0.8 ML/day", attacks=6,
    ...                        fleet={"size": 400, "load": "40 m3"}, corridors={"from Quay": {"customs": "24 h"}})
    >>> list(country.root.corridors)
    ['from Harbour', 'from Quay', 'to North', 'to East']
    """
    town_names, port_names = _names("towns", towns), _names("ports", ports)
    sections = {"escorts": escorts, "attacks": attacks}
    parts = {key: given for key, given in sections.items() if isinstance(given, Mapping)} | parts
    if not isinstance(title, str) or not title.strip():
        raise _refusal("title", "no title", title, "a few words")
    wanted = Wanted(
        title,
        town_names,
        port_names,
        _amount("need", need, NEED),
        12.0 if "attacks" in parts else _amount("attacks", attacks, ATTACKS),
        4 if "escorts" in parts else _count("escorts", escorts, 0, 500),
        _day(start),
        _count("days", days, 1, 1830),
    )
    draft = plain(read_value(draft_text(wanted), Origin("draft")))
    abroad = 0.9 if len(town_names) > 1 else 1.0
    shares = _own(ports)
    for _, own in shares:
        if isinstance(own, bool) or not isinstance(own, int | float):
            raise _refusal("ports", "not a share", own, "a number from 0 to 1, or a list of names")
    said: list[tuple[str, Any]] = [
        *((SAID_BY.get(key, "ports"), {key: part}) for key, part in draft.items()),
        ("towns", {"towns": {name: {"share": own} if _bare(own) else own for name, own in _own(towns)}}),
        ("ports", {"corridors": {f"from {name}": {"share": own, "fleet": abroad * own} for name, own in shares}}),
        ("need", {"products": {"petrol": {"need": need}}} if isinstance(need, Mapping) else {}),
        *((key, {key: part}) for key, part in parts.items()),
    ]
    trees = tuple(data_tree(data, Origin(argument)) for argument, data in said if data)
    return scenario_of(Data(trees, title, shipped_folder()))


def _refusal(argument: str, wrong: str, value: object, expected: str) -> ScenarioError:
    return ScenarioError((Problem.at(Origin(argument), (), Fault(wrong, quoted(value), expected)),))


def _names(argument: str, value: Any) -> tuple[str, ...]:
    names = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, Iterable) else ()
    if not names or not all(isinstance(name, str) for name in names):
        raise _refusal(argument, "not names", value, "one name or more, as text, or a dict by name")
    return names


def _own(value: Any) -> list[tuple[str, Any]]:
    """Return what is said of each of the things given by name."""
    return [(name, own) for name, own in value.items() if own is not None] if isinstance(value, Mapping) else []


def _bare(own: object) -> bool:
    """Say whether what is said of a town is its share alone."""
    return not isinstance(own, Mapping) or "value" in own


def _amount(argument: str, value: Any, scale: In) -> float:
    """Return a number in the unit in which it is shown, which is that of a bare number."""
    show = scale.show or scale.unit
    bare = isinstance(value, int | float) and not isinstance(value, bool)
    read = read_number(f"{value!r} {show.removeprefix('1')}" if bare else value, scale, None)
    if not isinstance(read, Quantity):
        raise ScenarioError(tuple(Problem.at(Origin(argument), (), fault) for fault in read))
    return read.value / float(factor(show, scale.unit))


def _count(argument: str, value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _refusal(argument, "not a count", value, f"a whole number from {least} to {most}")
    return value


def _day(value: Any) -> date:
    day = plain_day(value) if isinstance(value, str) else value
    if not isinstance(day, date):
        raise _refusal("start", "not a date", value, PLAIN)
    return day

"""A first draft of a country: a small scenario with invented numbers, each with its meaning, that runs as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from math import ceil

from sim.errors import ScenarioError
from sim.scenario.fields import SIGNS, name_fault
from sim.scenario.problem import quoted

LOAD = 45.0
"""m3 in a tanker, as in the shipped files."""
MOST = 20
"""Towns and ports of a draft, at most."""
TRUCKS = 16.2
"""Tankers of a fleet for each that is loaded a day: twice those at work on 1,000 km and back."""
PER_STATION = 13.0
"""m3 that a station sells a day."""
INLAND = (
    "inland:  # who is served first inside the country",
    "  policy: proportional  # or: hub first",
    "  reserve: {value: 0 days, source: assumption, why: nothing is kept back}",
)
REGIME = """\
  inland:
    - alone: no
      min: &one {value: 1, source: assumption, why: no convoys inland}
      max: *one
      headway: &none {value: 0 h, source: assumption, why: no convoys inland}
      longest_wait: *none
      daylight: no
"""
LONGEST, UNFIT = 40, '"–'
"""Letters of a name, from which names of roads and corridors are made, and what it cannot hold beside `SIGNS`."""


@dataclass(frozen=True)
class Wanted:
    """What a draft is made of: towns, the capital first; need in ML a day; attacks a month on each road from abroad."""

    name: str
    towns: tuple[str, ...]
    ports: tuple[str, ...]
    need: float
    attacks: float
    escorts: int
    start: date
    days: int


def draft_text(wanted: Wanted) -> str:
    """Return the draft as the text of a scenario file.

    Raises
    ------
    ScenarioError
        If a name cannot be one, stands twice, or there are too many.
    """
    names = (*wanted.towns, *wanted.ports)
    for name in names:
        if name_fault(name) is not None or set(UNFIT) & set(name) or len(name) > LONGEST:
            expected = f"up to {LONGEST} letters without any of {SIGNS}{UNFIT}"
            raise ScenarioError(f"not a name: {quoted(name)}; expected {expected}")
        if names.count(name) > 1:
            raise ScenarioError(f"{quoted(name)} stands twice; expected a name of its own for each town and port")
    if len(names) > MOST:
        raise ScenarioError(f"{len(names)} towns and ports; expected at most {MOST}: add more in the file")
    return "\n".join(
        [*_head(wanted), *_towns(wanted), *_roads(wanted), *_corridors(wanted), *_threat(wanted), *_strategy(wanted)]
    )


def _tankers(wanted: Wanted) -> float:
    """Return the tankers that the need takes a day."""
    return wanted.need * 1000.0 / LOAD


def _share(wanted: Wanted, place: int) -> float:
    """Return a town's share of the need: four fifths in the capital, if there are others."""
    others = len(wanted.towns) - 1
    return (0.8 if others else 1.0) if place == 0 else 0.2 / others


def _n(value: float) -> str:
    return f"{value:.6g}"


def _q(name: str) -> str:
    """Return a name as YAML reads it back, whatever it holds."""
    return json.dumps(name, ensure_ascii=False)


def _head(wanted: Wanted) -> list[str]:
    hub = wanted.towns[0]
    need = wanted.need
    return f"""\
# An invented country, to be made yours: replace each number that says "invented" by what you know.
# A number is a value with its unit; low and high are the ends of what it may be; source is an id of the evidence or
# "assumption", and why says what it rests on.
extends: common  # how tankers, crews, stations and people behave, as in the shipped files

title: {_q(wanted.name)}
note: An invented country; its numbers are placeholders.
start: {{value: {wanted.start:%Y-%m-%d}, source: assumption, why: invented}}
end: {{value: day {wanted.days}, source: assumption, why: "{wanted.days} days"}}
scope: pump        # the need below is what stations sell
hub: {_q(hub)}     # the town that the main answers speak of
lead: petrol       # and the fuel

products:
  petrol:
    pump: yes
    # What the whole country burns a day, in million litres (ML).
    need: {{value: {_n(need)} ML/day, low: {_n(0.9 * need)} ML/day, high: {_n(1.1 * need)} ML/day,
           source: assumption, why: invented}}
    price: {{value: 700 XOF/L, source: assumption, why: invented}}
""".splitlines()


def _towns(wanted: Wanted) -> list[str]:
    lines = ["# Where fuel is used. A town needs a corridor that serves it."]
    lines += ["# A name after & stands for the number, and * uses it again.", "towns:"]
    bays = ceil(max(4.0, _tankers(wanted) / 2.0))
    for place, town in enumerate(wanted.towns):
        share = _share(wanted, place)
        stations = max(2, round(share * wanted.need * 1000.0 / PER_STATION))
        lines += [
            f"  {_q(town)}:",
            f"    at: {{lat: {_n(12.0 + 0.7 * place)}, lon: {_n(-6.0 + place)}, source: assumption}}",
            f"    share: {{value: {_n(share)}, source: assumption, why: invented}}  # part of the need",
            "    depot:",
            f"      capacity: {{value: {15 if place else 10} days, source: assumption, why: invented}}  # of its need",
            f"      target: {'&filled {value: 75 %, source: assumption, why: invented}' if place == 0 else '*filled'}",
            f"      bays: {{value: {bays}, source: assumption, why: invented}}  # tankers that unload at a time",
            "    stations:",
            f"      count: {{value: {stations}, source: assumption, why: about {PER_STATION:g} m3 a day each}}",
            f"      tank: {'&tank {value: 80 m3, source: assumption, why: invented}' if place == 0 else '*tank'}",
            f"      spread: {'&spread {value: 0.2, source: assumption, why: invented}' if place == 0 else '*spread'}",
        ]
    return [*lines, ""]


def _roads(wanted: Wanted) -> list[str]:
    hub, *inland = wanted.towns
    lines = ["# How it comes: a road joins two places. Junctions are places without stations.", "junctions:"]
    for place, port in enumerate(wanted.ports):
        at = f"{{lat: {_n(5.0)}, lon: {_n(-6.0 + 2 * place)}, source: assumption}}"
        border = f"{{lat: {_n(9.0)}, lon: {_n(-6.0 + 1.5 * place)}, source: assumption}}"
        lines += [f"  {_q(port)}: {{at: {at}}}", f"  {_q(_border(port))}: {{at: {border}}}  # convoys assemble here"]
    lines.append("roads:")
    far = "{value: 500 km, source: assumption, why: invented}"
    near = "{value: 200 km, source: assumption, why: invented}"
    pace = "{value: 40 km/h, source: assumption, why: a paved road}"
    ends = [(port, _border(port), far) for port in wanted.ports]
    ends += [(_border(port), hub, far) for port in wanted.ports]
    ends += [(hub, town, near) for town in inland]
    for start, end, length in ends:
        lines += [
            f"  {_q(_road(start, end))}:",
            f"    {{from: {_q(start)}, to: {_q(end)}, length: {length},",
            f"     pace: {pace}}}",
        ]
    return [*lines, ""]


def _border(port: str) -> str:
    return f"Border to {port}"


def _road(start: str, end: str) -> str:
    return f"{start}–{end}"


def _corridors(wanted: Wanted) -> list[str]:
    hub, *inland = wanted.towns
    slots = ceil(3.0 * _tankers(wanted))
    lines = ["# Where tankers load: abroad, or at a depot of the country.", "terminals:"]
    loading = f"slots: {{value: {slots} /day, source: assumption, why: three times the need}}"
    lines += [f"  {_q(port)}: {{town: {_q(port)}, {loading}}}" for port in wanted.ports]
    if inland:
        lines.append(f"  {_q(hub + ' depot')}: {{town: {_q(hub)}, {loading}, depot: yes}}")
    lines += [
        "# A corridor is a way of tankers: from a terminal over its roads to the towns that it serves.",
        "corridors:",
    ]
    abroad = 0.9 if inland else 1.0
    for port in wanted.ports:
        lines += [
            f"  {_q('from ' + port)}:",
            "    kind: import",
            f"    terminal: {_q(port)}",
            f"    roads: [{_q(_road(port, _border(port)))}, {_q(_road(_border(port), hub))}]",
            f"    assembly: {_q(_border(port))}  # where convoys form",
            f"    serves: [{_q(hub)}]",
            f"    share: {{value: {_n(1.0 / len(wanted.ports))}, source: assumption, why: invented}}  # of the imports",
            "    # Its part of all tankers.",
            f"    fleet: {{value: {_n(abroad / len(wanted.ports))}, source: assumption, why: the long way}}",
        ]
    for town in inland:
        lines += [
            f"  {_q('to ' + town)}:",
            "    kind: inland",
            f"    terminal: {_q(hub + ' depot')}",
            f"    roads: [{_q(_road(hub, town))}]",
            f"    assembly: {_q(hub)}",
            f"    serves: [{_q(town)}]",
            "    share: {value: 1, source: assumption, why: the only way}",
            f"    fleet: {{value: {_n(0.1 / len(inland))}, source: assumption, why: the short way}}",
        ]
    size = max(10 * len(wanted.ports) + 5 * len(inland), ceil(TRUCKS * _tankers(wanted)))
    return [
        *lines,
        "fleet:",
        f"  size: {{value: {size}, source: assumption, why: twice the tankers at work in peace}}",
        *(INLAND if inland else ()),
        "",
    ]


def _threat(wanted: Wanted) -> list[str]:
    roads = ", ".join(_q(_road(_border(port), wanted.towns[0])) for port in wanted.ports)
    effort = wanted.attacks * len(wanted.ports)
    low, high, ceiling = 0.7 * effort, 1.3 * effort, max(1.0, 1.7 * effort)
    span = f", low: {_n(low)} /month, high: {_n(high)} /month" if effort else ""
    return f"""\
# The threat: ambushes laid a month on the roads of a zone, by date.
zones:
  road from abroad:
    roads: [{roads}]
    effort:
      - {{value: 0 /month, source: assumption, why: peace at first}}
      - {{from: {{value: day 15, source: assumption, why: invented}},
         value: {_n(effort)} /month{span}, source: assumption, why: invented}}
    ceiling: {{value: {_n(ceiling)} /month, source: assumption, why: above the highest effort}}
""".splitlines()


def _strategy(wanted: Wanted) -> list[str]:
    served = ", ".join(_q(f"from {port}") for port in wanted.ports)
    day = _tankers(wanted) / len(wanted.ports)
    least, most = max(1, round(0.9 * day)), max(5, round(5.4 * day))
    pools = f"""\
# Escorts: units, and the corridors whose convoys they go with.
escorts:
  pools:
    army:
      component: national
      units: {{value: {wanted.escorts}, source: assumption, why: invented}}
      serves: [{served}]
      rest: {{value: 24 h, source: assumption, why: a day at base}}
      cost: {{value: 5000 USD/day, source: assumption, why: invented}}
"""
    named = "name: escorted\n  label: with escort" if wanted.escorts else "name: unescorted\n  label: no escort"
    escorted = "must: [national]  # who must come along\n      alone: no         # no tanker goes without"
    must = escorted if wanted.escorts else "alone: yes  # tankers may go without a convoy"
    text = f"""\
# How convoys form, and with whom. Entries with a date may follow: - {{from: day 30, …}}
# A shipped strategy laid on replaces all of this by Mali's numbers and dates.
strategy:
  {named}
  imports:
    - {must}
      min: {{value: {least}, source: assumption, why: about a day's need}}
      max: {{value: {most}, source: assumption, why: five days' need}}
      headway: {{value: 24 h, source: assumption, why: one convoy a day}}
      longest_wait: {{value: 48 h, source: assumption, why: invented}}
      daylight: yes
{REGIME if wanted.towns[1:] else ""}  allocation: queue

power:  # no power stations here
  hours: {{value: 24 h, source: assumption, why: invented}}
  thermal: {{value: 0, source: assumption, why: invented}}
"""
    return [*((pools + "\n" if wanted.escorts else "") + text).splitlines(), ""]

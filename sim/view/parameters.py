"""Uncertain parameters in words: short names for titles and axes, and values in the unit that people read."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final

from sim.language import ENGLISH, language, points, say
from sim.scenario import units
from sim.scenario.entries import instant
from sim.scenario.load import Scenario
from sim.scenario.moment import Dated, Moment
from sim.scenario.paths import field_and_date, steps
from sim.scenario.schema import Root
from sim.scenario.shape import Shape, shape_at
from sim.view.words import short_date, with_unit

FIGURES = 3
"""Significant figures of a value."""
LONGEST = 60
"""Characters of the schema's words that stand for a parameter without words of its own."""
WORDS: Final = {
    "attacks.adaptive.fading": "time in which recruitment fades",
    "attacks.adaptive.recruitment": "growth of effort per ten ambushes sprung",
    "attacks.adaptive.reshare": "share of effort that follows unprotected fuel each week",
    "attacks.damage": "mean tankers lost in an attack on a convoy of 100",
    "attacks.exponent": "exponent of losses on convoy size",
    "attacks.knocked_out": "chance that an attack knocks out the ground escort",
    "attacks.lifetime": "time that an ambush stays in place",
    "attacks.mine_lifetime": "mean time that a mine stays in place",
    "attacks.prey": "tankers that make a party worth an ambush",
    "attacks.shape": "shape of the law of losses",
    "consumers.alarmed": "stock that alarmed people aim for",
    "consumers.black_cap": "highest black-market index",
    "consumers.black_exponent": "exponent of the black-market index",
    "consumers.calm": "stock that calm people aim for",
    "consumers.holds": "stock that people can hold",
    "consumers.news": "tankers lost in an attack that makes news",
    "consumers.news_held": "time that an attack stays in the news",
    "consumers.refill": "time in which people refill",
    "consumers.short_cover": "cover under which people are alarmed",
    "corridors.*.customs": "customs delay on {name}",
    "corridors.*.share": "share of the corridor {name}",
    "corridors.*.turnaround": "turnaround at the terminal of {name}",
    "costs.exchange": "CFA francs per dollar",
    "costs.fuel": "value of fuel on the road",
    "crews.abducted": "chance that a lost tanker's crew is abducted",
    "crews.freed": "time until an abducted crew is back",
    "crews.killed": "chance that a lost tanker's crew is killed",
    "crews.per_tanker": "crews per tanker at the start",
    "crews.replaced": "share of missing crews replaced a day",
    "driving.escorted": "pace of an escorted convoy",
    "driving.halt": "halt at an ambush that was found",
    "driving.regroup": "time to regroup after an attack",
    "driving.turn_back": "share of losses at which a convoy turns back",
    "escorts.components.*.cycle_factor": "cycle factor of {name}",
    "escorts.components.*.loss_ratio": "loss ratio of {name}",
    "escorts.cycle_factor.air": "cycle factor of air cover",
    "escorts.cycle_factor.foreign": "cycle factor of foreign ground troops",
    "escorts.detection": "chance that the army detects an ambush",
    "escorts.deterrence": "chance that the army deters an ambush",
    "escorts.loss_ratio.air": "loss ratio of air cover",
    "escorts.loss_ratio.foreign": "loss ratio of foreign ground troops",
    "escorts.loss_ratio.none": "loss ratio without troops",
    "escorts.pools.*.availability": "chance that {name} flies on a day",
    "escorts.pools.*.cost": "cost of {name}",
    "escorts.pools.*.rebuilt": "time until {name} that was knocked out is rebuilt",
    "escorts.pools.*.refit": "refit of {name} after a fight",
    "escorts.pools.*.rest": "rest of {name} after a convoy",
    "escorts.pools.*.units": "units of {name}",
    "escorts.split.damage": "weight of damage in loss ratios",
    "escorts.split.detection": "weight of detection in loss ratios",
    "escorts.split.deterrence": "weight of deterrence in loss ratios",
    "fleet.day_factor": "spread of road pace from day to day",
    "fleet.driving": "hours of driving per day of a tanker outside convoys",
    "fleet.load": "load of a tanker",
    "fleet.loading": "time to load a tanker",
    "fleet.moves.delay": "time until a moved tanker can load",
    "fleet.moves.share": "share of a corridor's tankers that may move away",
    "fleet.returning": "time of the empty return",
    "fleet.size": "tankers of all corridors",
    "fleet.unloading": "time to unload a tanker",
    "fleet.value": "cost of a lost tanker",
    "inland.reserve": "reserve that a depot keeps from inland tankers",
    "orders.correction": "time in which orders close a gap",
    "orders.follow": "share of imports that may change corridor",
    "orders.follow_delay": "time in which importers judge a corridor",
    "national_stock.value": "stock of the country at a date",
    "orders.least_tank": "loads that a depot has room for at least",
    "products.*.cover": "factor on depots of {name}",
    "products.*.hoarding": "hoarding of {name}",
    "products.*.need": "need of {name}",
    "rationing.*.from": "first day of the rule, {name}",
    "rationing.*.fill": "largest purchase, {name}",
    "rationing.*.closed_stations": "share of stations closed, {name}",
    "roadblocks.delay": "delay at a roadblock",
    "roadblocks.killed": "chance that a captured crew is killed",
    "roadblocks.taken": "chance that a roadblock takes a tanker",
    "roadblocks.turned_back": "chance that a roadblock turns a tanker back",
    "retail.fill": "usual purchase",
    "retail.flow": "flow of a nozzle",
    "retail.give_up": "rate at which waiting customers give up",
    "retail.lot": "largest delivery of a product to a station",
    "retail.reorder": "stock at which stations ask for fuel",
    "retail.service": "time of a customer at the nozzle",
    "retail.lot_cover": "days that a delivery to a station covers at most",
    "retail.tank_per_nozzle": "tank volume per nozzle",
    "strategy.imports.#.headway": "headway of import convoys",
    "strategy.imports.#.longest_wait": "longest wait for an import convoy",
    "strategy.imports.#.max": "largest import convoy",
    "strategy.imports.#.min": "smallest import convoy",
    "strategy.imports.#.patience": "patience of import tankers",
    "strategy.inland.#.headway": "headway of inland convoys",
    "strategy.inland.#.longest_wait": "longest wait for an inland convoy",
    "strategy.inland.#.max": "largest inland convoy",
    "strategy.inland.#.min": "smallest inland convoy",
    "strategy.inland.#.patience": "patience of inland tankers",
    "corridors.*.through": "share of the inflow {name} that gets through",
    "convoys.recorded.*.at": "departure of the convoy of {name}",
    "convoys.recorded.*.tankers": "tankers of the convoy of {name}",
    "terminals.*.slots": "loading slots at {name}",
    "terminals.*.supply": "fuel supplied at {name}",
    "towns.*.blockade": "share of deliveries that may enter {name}",
    "towns.*.depot.bays": "unloading bays in {name}",
    "towns.*.depot.capacity": "capacity of {name}'s depot",
    "towns.*.depot.target": "stock that orders for {name}'s depot aim for",
    "towns.*.share": "share of {name} in the country's sales",
    "towns.*.stations.count": "stations in {name}",
    "towns.*.stations.spread": "spread of station tanks in {name}",
    "towns.*.stations.tank": "station tanks in {name}",
    "users.*.need": "need of {name}",
    "users.*.tank": "stock of {name}",
    "willingness.alone": "share of the willing who go alone",
    "willingness.resolve": "time after which a crew thinks again",
    "willingness.fear": "fear of crews per ten tankers lost",
    "willingness.recovery": "time in which crews' reluctance fades",
    "willingness.spill": "share of fear felt on other corridors",
    "willingness.strikes.*.from": "first day of the strike, {name}",
    "willingness.strikes.*.to": "last day of the strike, {name}",
    "willingness.threats.*.factor": "effect of the threat, {name}",
    "zones.*.effort": "ambushes laid in {name}",
    "zones.*.roadblocks": "roadblocks per kilometre in {name}",
}
"""Words where the schema's own would not do: by path, with names (*) and positions (#) left out.

The date of an entry and what is under it are dropped.
"""


def parameter_words(path: str, scenario: Scenario) -> str:
    """Return a short name of a parameter, without its unit, such as ``loss ratio of foreign ground troops``.

    Parameters
    ----------
    path
        Name of a number or moment of a scenario, or its path by position.
    scenario
        The scenario, for the date from which a dated number holds.
    """
    pattern, names, place = _pattern(path)
    words = _named(pattern, path, names)
    since = "" if place is None else _since(path, place, scenario)
    if path.endswith(".from") and not pattern.endswith(".from"):
        return say("date of the change in {parameter} about {date}", parameter=words, date=since)
    return say("{parameter} from {date}", parameter=words, date=since) if since else words


def shown(path: str, value: float, scenario: Scenario | None = None) -> str:
    """Write a value of a parameter with its unit, to three figures.

    Parameters
    ----------
    path
        Dotted path of a number or moment of a scenario.
    value
        In the model's unit; of a moment, hours since the start.
    scenario
        For the dates of moments; without it they are days since the start.
    """
    shape = shape_at(Root, steps(path))
    if shape is not None and shape.kind == "moment":
        if scenario:
            return short_date(scenario.start + timedelta(hours=value))
        return say("day {day}", day=points(f"{value / 24:.1f}"))
    factor, unit = scale(path)
    text = units.shown(float(f"{value * factor:.{FIGURES}g}"), unit or "1")
    written, _, unit = text.partition(" ")
    return with_unit(points(written), unit)


def scale(path: str) -> tuple[float, str]:
    """Return the factor from the model's unit of a parameter to the unit that people read, and that unit."""
    shape = shape_at(Root, steps(path))
    if shape is None or shape.rule is None:
        return (1 / 24, "days since the start") if shape is not None and shape.kind == "moment" else (1.0, "")
    unit = shape.rule.show or shape.rule.unit
    return 1 / float(units.factor(unit, shape.rule.unit)), "" if unit == "1" else unit


def _pattern(path: str) -> tuple[str, list[str], str | int | None]:
    """Split a path into its pattern, the names in it, and the date of the entry or the depth of its position."""
    keys: list[str] = []
    names: list[str] = []
    place: str | int | None = None
    parent: Shape | None = Shape("part", "", part=Root)
    for depth, key in enumerate(steps(path)):
        kind = parent.kind if parent is not None else "plain"
        pair = field_and_date(key) if kind == "part" and parent is not None and key not in parent.keys else None
        if kind == "dated":
            return ".".join(keys), names, depth if place is None else place
        if kind == "table":
            names.append(key)
        if kind == "list":
            place = depth
        parent = parent.below(key) if parent is not None else None
        if pair is None:
            keys.append({"table": "*", "list": "#"}.get(kind, key))
            continue
        keys += [pair[0]] if parent is not None and parent.kind == "dated" else [pair[0], "#"]
        place = pair[1]
    return ".".join(keys), names, place


def _named(pattern: str, path: str, names: list[str]) -> str:
    if pattern in WORDS:
        return say(WORDS[pattern], name=", ".join(map(say, names)))
    shape = shape_at(Root, steps(path))
    if shape is None or language() != ENGLISH:
        return path
    meaning = re.split(r"[;:(]|, by date", shape.meaning, maxsplit=1)[0].strip().rstrip(".")
    words = f"{meaning[0].lower()}{meaning[1:]}{', ' if names else ''}{', '.join(names)}"
    return words if len(words) <= LONGEST else path


def _since(path: str, place: str | int, scenario: Scenario) -> str:
    """Return the date from which an entry holds; empty if it holds from the start."""
    if isinstance(place, str):
        at = instant(place, scenario.start)
        return short_date(at) if isinstance(at, datetime) else place
    keys = steps(path)
    part: Any = scenario.root
    for key in keys[:place]:
        part = part[key] if isinstance(part, dict) else part[int(key)] if isinstance(part, list) else getattr(part, key)
    position = int(keys[place])
    moment = part.entries[position][0] if isinstance(part, Dated) else getattr(part[position], "from_", None)
    return short_date(moment.on(scenario.start)) if isinstance(moment, Moment) else ""

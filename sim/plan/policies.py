"""The parts of a plan that are rules and behaviour rather than geography."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim.plan.collect import Collector
from sim.plan.geography import Index, positions
from sim.plan.sections import (
    BY_PRIORITY,
    BY_QUEUE,
    BY_SHARES,
    EVEN,
    LOWEST_FIRST,
    PRIORITY,
    Adaptive,
    Attacks,
    Convoys,
    Crews,
    Escorts,
    Policy,
    Protection,
    Rationing,
    Regimes,
    Stocks,
    Strategy,
    Users,
)
from sim.scenario import conduct
from sim.scenario.components import ARMY, Effect, components_of, effect_of
from sim.scenario.fields import Quantity
from sim.scenario.schema import Root

ALLOCATIONS = {"queue": BY_QUEUE, "priority": BY_PRIORITY, "shares": BY_SHARES}
RULES = {"even": EVEN, "lowest first": LOWEST_FIRST, "priority": PRIORITY}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNSET = -1.0
NEVER = -1.0


def bits_of(names: Iterable[str], known: Iterable[str]) -> int:
    """Return the bits of some of the components, which are known in order of their bits."""
    there = set(names)
    return sum(1 << k for k, name in enumerate(known) if name in there)


def escort_name(bits: int, components: Iterable[str]) -> str:
    """Return an escort in words: none, national, national+foreign+air and so on."""
    return "+".join(name for k, name in enumerate(components) if bits >> k & 1) or "none"


def crews(root: Root, take: Collector, index: Index) -> Crews:
    """Return crews, their willingness, and the dated threats and strikes in order of name."""
    mood = root.willingness
    threats = [mood.threats[name] for name in sorted(mood.threats)]
    strikes = [mood.strikes[name] for name in sorted(mood.strikes)]
    imports = tuple(k for name, k in index.corridors.items() if root.corridors[name].kind == "import")
    return take.section(
        Crews,
        "crews",
        mood,
        **dict(root.crews),
        threat_at=[threat.at for threat in threats],
        threat_factor=[threat.factor for threat in threats],
        strike_from=[take.start_of(strike.from_, "crews", "strike_from", k) for k, strike in enumerate(strikes)],
        strike_to=[strike.to for strike in strikes],
        strike_corridors=[positions(strike.corridors, index.corridors) or imports for strike in strikes],
    )


def escorts(part: conduct.Escorts, take: Collector, index: Index) -> Escorts:
    """Return the escort pools in order of name; an empty list of corridors means all."""
    names = tuple(sorted(part.pools))
    pools = [part.pools[name] for name in names]
    known = components_of(part)
    return take.section(
        Escorts,
        "escorts",
        pools,
        name=names,
        entity=take.entities("pool", names),
        component=[bits_of([pool.component], known) for pool in pools],
        serves=[positions(pool.serves or index.corridors, index.corridors) for pool in pools],
    )


def protection(part: conduct.Escorts, take: Collector) -> Protection:
    """Return what escorts do, relative to army alone."""
    known = components_of(part)

    def effects(effect: Effect) -> list[float | Quantity]:
        return [1.0 if name == ARMY else effect_of(part, name, effect) for name in known]

    return take.section(
        Protection,
        "protection",
        part,
        name=tuple(known),
        ground=bits_of((name for name, component in known.items() if component.ground), known),
        by_day=bits_of((name for name, component in known.items() if component.by_day), known),
        ratio_none="loss_ratio.none",
        ratio=effects("loss_ratio"),
        cycle=effects("cycle_factor"),
        split_detection="split.detection",
        split_deterrence="split.deterrence",
        split_damage="split.damage",
    )


def strategy(root: Root, take: Collector, index: Index) -> Strategy:
    """Return the strategy; corridors absent from the priority list come last."""
    part, known = root.strategy, components_of(root.escorts)
    rank = {name: k for k, name in enumerate(part.priority)}
    return take.section(
        Strategy,
        "strategy",
        part,
        imports=_regimes(part.imports, take, "strategy.imports", known),
        inland=_regimes(part.inland, take, "strategy.inland", known),
        allocation=ALLOCATIONS[part.allocation],
        priority=[rank.get(name, len(rank)) for name in index.corridors],
        weight=[part.shares.get(name, 0.0) for name in index.corridors],
    )


def _regimes(part: list[conduct.Regime], take: Collector, place: str, known: Iterable[str]) -> Regimes:
    return take.section(
        Regimes,
        place,
        part,
        start=[take.start_of(regime.from_, place, "start", k) for k, regime in enumerate(part)],
        must=[tuple(bits_of(entry.split(" | "), known) for entry in regime.must) for regime in part],
        may=[bits_of(regime.may, known) for regime in part],
    )


def convoys(root: Root, take: Collector, index: Index) -> Convoys:
    """Return the convoys on record in order of name; none unless the mode asks for them."""
    part, known = root.convoys, components_of(root.escorts)
    names = sorted(part.recorded) if part.mode != "formed" else []
    listed = [part.recorded[name] for name in names]
    return take.section(
        Convoys,
        "convoys",
        listed,
        formed=part.mode != "recorded",
        entity=take.entities("convoy", names),
        corridor=[index.corridors[convoy.corridor] for convoy in listed],
        escort=[bits_of(convoy.escort, known) for convoy in listed],
    )


def attacks(part: conduct.Attacks, take: Collector, index: Index) -> Attacks:
    """Return what an attack is, and the imposed ones in order of name (none unless the mode asks for them)."""
    names = sorted(part.replayed) if part.mode in ("replayed", "both") else []
    imposed = [part.replayed[name] for name in names]
    return take.section(
        Attacks,
        "attacks",
        part,
        drawn=part.mode in ("drawn", "both"),
        imposed_entity=take.entities("attack", names),
        imposed_at=[attack.at for attack in imposed],
        imposed_road=[index.roads[attack.road] for attack in imposed],
        imposed_window=[attack.window for attack in imposed],
        imposed_smallest=[attack.smallest for attack in imposed],
        imposed_lost=[attack.lost for attack in imposed],
        adaptive=_adaptive(part.adaptive, take),
    )


def _adaptive(part: conduct.Adaptive, take: Collector) -> Adaptive:
    """Return how attackers adapt; where they do not, replications draw none of its numbers."""
    certain = {} if part.on else {name: number.value for name, number in part if isinstance(number, Quantity)}
    return take.section(Adaptive, "attacks.adaptive", part, **certain)


def rationing(root: Root, take: Collector, index: Index) -> Rationing:
    """Return the rules on sales in order of name."""
    rules = [root.rationing[name] for name in sorted(root.rationing)]
    return take.section(
        Rationing,
        "rationing",
        rules,
        start=[take.start_of(rule.from_, "rationing", "start", k) for k, rule in enumerate(rules)],
        end=[math.inf if rule.to is None else rule.to for rule in rules],
        towns=[positions(rule.towns, index.towns) for rule in rules],
        products=[_in_scope(rule.products, index.products) for rule in rules],
        fill=[UNSET if rule.fill is None else rule.fill for rule in rules],
        share=[UNSET if rule.share is None else rule.share for rule in rules],
        closed_days=[tuple(WEEKDAYS.index(day) for day in rule.closed_days) for rule in rules],
        closed_stations=[UNSET if rule.closed_stations is None else rule.closed_stations for rule in rules],
    )


def _in_scope(names: list[str], products: dict[str, int]) -> tuple[int, ...]:
    """Return the products named that are in scope; (-1,) if none of those named is, () if none was named."""
    there = positions((name for name in names if name in products), products)
    return there if there or not names else (-1,)


def users(root: Root, take: Collector, index: Index) -> Users:
    """Return the large users in scope in order of name."""
    names = tuple(sorted(name for name, user in root.users.items() if root.scope == "all" or user.pump_market))
    listed = [root.users[name] for name in names]
    return take.section(
        Users,
        "users",
        listed,
        name=names,
        town=[index.towns[user.town] for user in listed],
        product=[index.products[user.product] for user in listed],
    )


def policy(root: Root, take: Collector) -> Policy:
    """Return orders, inland policy, electricity and costs."""
    scarce = root.orders.scarce
    return take.section(
        Policy,
        "policy",
        root.orders,
        scarce=scarce if root.orders.pumps_first else scarce.value,
        hub_first=root.inland.policy == "hub first",
        reserve=root.inland.reserve,
        power_hours=root.power.hours,
        power_thermal=root.power.thermal,
        fuel_value=root.costs.fuel,
        exchange=root.costs.exchange,
    )


def stocks(root: Root, take: Collector, index: Index) -> Stocks:
    """Return the stocks that a scenario states, in order of town and product, as far as they are in scope."""
    listed = [
        (index.towns[town], index.products[product], volume)
        for town, volumes in sorted(root.stocks.items())
        for product, volume in sorted(volumes.items())
        if product in index.products
    ]
    national = root.national_stock
    return take.section(
        Stocks,
        "stocks",
        [],
        town=[town for town, _, _ in listed],
        product=[product for _, product, _ in listed],
        volume=[volume for _, _, volume in listed],
        national_at=NEVER if national is None else national.at,
        national=0.0 if national is None else national.value,
    )

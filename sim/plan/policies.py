"""The parts of a plan that are rules and behaviour rather than geography."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.plan.sections import (
    BY_PRIORITY,
    BY_QUEUE,
    BY_SHARES,
    EVEN,
    LOWEST_FIRST,
    PRIORITY,
    Adaptive,
    Attacks,
    Consumers,
    Convoys,
    Crews,
    Driving,
    Escorts,
    Fleet,
    Policy,
    Protection,
    Rationing,
    Regimes,
    Retail,
    Roadblocks,
    Stocks,
    Strategy,
    Users,
)
from sim.scenario import conduct, demand
from sim.scenario.components import ARMY, Effect, components_of, effect_of
from sim.scenario.fields import Quantity
from sim.scenario.schema import Root

if TYPE_CHECKING:
    from sim.plan.collect import Collector
    from sim.plan.entities import Entities

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


def fleet(given: conduct.Fleet, take: Collector) -> Fleet:
    """Return the fleet."""
    return Fleet(
        moves_share=take.number(given.moves.share, "fleet", "moves_share"),
        moves_delay=take.number(given.moves.delay, "fleet", "moves_delay"),
        **take.numbers(given, "fleet"),
    )


def crews(root: Root, take: Collector, corridors: dict[str, int]) -> Crews:
    """Return crews, their willingness, and the dated threats and strikes in order of name."""
    given, mood = root.crews, root.willingness
    threats = [mood.threats[name] for name in sorted(mood.threats)]
    strikes = [mood.strikes[name] for name in sorted(mood.strikes)]
    imports = tuple(k for name, k in corridors.items() if root.corridors[name].kind == "import")
    return Crews(
        on=mood.on,
        **take.numbers(given, "crews"),
        **take.numbers(mood, "crews"),
        alone=take.steps(mood.alone, "crews", "alone", -1),
        threat_at=tuple(take.moment(t.at, "crews", "threat_at", k) for k, t in enumerate(threats)),
        threat_factor=tuple(take.number(t.factor, "crews", "threat_factor", k) for k, t in enumerate(threats)),
        strike_from=tuple(take.start_of(s.from_, "crews", "strike_from", k) for k, s in enumerate(strikes)),
        strike_to=tuple(take.moment(s.to, "crews", "strike_to", k) for k, s in enumerate(strikes)),
        strike_corridors=tuple(
            tuple(sorted(corridors[name] for name in s.corridors)) if s.corridors else imports for s in strikes
        ),
    )


def escorts(given: conduct.Escorts, take: Collector, corridors: dict[str, int], entities: Entities) -> Escorts:
    """Return the escort pools in order of name; an empty list of corridors means all."""
    names = tuple(sorted(given.pools))
    pools = [given.pools[name] for name in names]
    known = components_of(given)
    return Escorts(
        name=names,
        entity=tuple(entities("pool", name) for name in names),
        component=tuple(bits_of([p.component], known) for p in pools),
        serves=tuple(tuple(sorted(corridors[name] for name in p.serves or corridors)) for p in pools),
        **take.columns("escorts", pools, "units", "rest", "refit", "rebuilt", "availability", "cost"),
    )


def protection(given: conduct.Escorts, take: Collector) -> Protection:
    """Return what escorts do, relative to army alone."""

    def number(field: str, quantity: Quantity) -> float:
        return take.number(quantity, "protection", field)

    known = components_of(given)

    def effects(field: str, effect: Effect) -> tuple[float, ...]:
        return tuple(
            1.0 if name == ARMY else take.number(effect_of(given, name, effect), "protection", field, k)
            for k, name in enumerate(known)
        )

    return Protection(
        name=tuple(known),
        ground=bits_of((name for name, one in known.items() if one.ground), known),
        by_day=bits_of((name for name, one in known.items() if one.by_day), known),
        ratio_none=number("ratio_none", given.loss_ratio.none),
        ratio=effects("ratio", "loss_ratio"),
        cycle=effects("cycle", "cycle_factor"),
        split_detection=number("split_detection", given.split.detection),
        split_deterrence=number("split_deterrence", given.split.deterrence),
        split_damage=number("split_damage", given.split.damage),
        detection=number("detection", given.detection),
        deterrence=number("deterrence", given.deterrence),
    )


def strategy(root: Root, take: Collector, corridors: dict[str, int]) -> Strategy:
    """Return the strategy; corridors absent from the priority list come last."""
    given, known = root.strategy, components_of(root.escorts)
    rank = {name: k for k, name in enumerate(given.priority)}
    return Strategy(
        imports=_regimes(given.imports, take, "strategy.imports", known),
        inland=_regimes(given.inland, take, "strategy.inland", known),
        allocation=ALLOCATIONS[given.allocation],
        priority=tuple(rank.get(name, len(rank)) for name in corridors),
        weight=tuple(
            take.number(given.shares[name], "strategy", "weight", k) if name in given.shares else 0.0
            for name, k in corridors.items()
        ),
    )


def _regimes(given: list[conduct.Regime], take: Collector, section: str, known: Iterable[str]) -> Regimes:
    listed = list(enumerate(given))
    return Regimes(
        start=tuple(0.0 if r.from_ is None else take.start_of(r.from_, section, "start", k) for k, r in listed),
        must=tuple(tuple(bits_of(entry.split(" | "), known) for entry in r.must) for _, r in listed),
        may=tuple(bits_of(r.may, known) for _, r in listed),
        **take.columns(section, given, "min", "max", "headway", "longest_wait", "patience"),
        daylight=tuple(r.daylight for _, r in listed),
        alone=tuple(r.alone for _, r in listed),
    )


def convoys(root: Root, take: Collector, corridors: dict[str, int], entities: Entities) -> Convoys:
    """Return the convoys on record in order of name; none unless the mode asks for them."""
    given, known = root.convoys, components_of(root.escorts)
    names = sorted(given.recorded) if given.mode != "formed" else []
    listed = list(enumerate(given.recorded[name] for name in names))
    return Convoys(
        formed=given.mode != "recorded",
        entity=tuple(entities("convoy", name) for name in names),
        at=tuple(take.moment(c.at, "convoys", "at", k) for k, c in listed),
        corridor=tuple(corridors[c.corridor] for _, c in listed),
        **take.columns("convoys", [c for _, c in listed], "tankers"),
        escort=tuple(bits_of(c.escort, known) for _, c in listed),
    )


def roadblocks(given: conduct.Roadblocks, take: Collector) -> Roadblocks:
    """Return what a roadblock does."""
    return Roadblocks(**take.numbers(given, "roadblocks"))


def driving(given: conduct.Driving, take: Collector) -> Driving:
    """Return how convoys drive."""
    return Driving(**take.numbers(given, "driving"))


def attacks(given: conduct.Attacks, take: Collector, roads: dict[str, int], entities: Entities) -> Attacks:
    """Return what an attack is, and the imposed ones in order of name (none unless the mode asks for them)."""
    imposed = given.mode in ("replayed", "both")
    names = sorted(given.replayed) if imposed else []
    listed = list(enumerate(given.replayed[name] for name in names))

    return Attacks(
        drawn=given.mode in ("drawn", "both"),
        **take.numbers(given, "attacks"),
        imposed_entity=tuple(entities("attack", name) for name in names),
        imposed_at=tuple(take.moment(a.at, "attacks", "imposed_at", k) for k, a in listed),
        imposed_road=tuple(roads[a.road] for _, a in listed),
        imposed_window=tuple(take.number(a.window, "attacks", "imposed_window", k) for k, a in listed),
        imposed_smallest=tuple(take.number(a.smallest, "attacks", "imposed_smallest", k) for k, a in listed),
        imposed_lost=tuple(take.number(a.lost, "attacks", "imposed_lost", k) for k, a in listed),
        adaptive=_adaptive(given.adaptive, take),
    )


def _adaptive(given: conduct.Adaptive, take: Collector) -> Adaptive:
    """Return how attackers adapt; where they do not, replications draw none of its numbers."""
    if given.on:
        return Adaptive(on=True, **take.numbers(given, "attacks.adaptive"))
    return Adaptive(
        on=False, reshare=given.reshare.value, recruitment=given.recruitment.value, fading=given.fading.value
    )


def retail(given: demand.Retail, take: Collector) -> Retail:
    """Return the rules of stations; purchases in L, flows in L/h."""
    return Retail(rule=RULES[given.rule], **take.numbers(given, "retail"))


def rationing(root: Root, take: Collector, towns: dict[str, int], products: dict[str, int]) -> Rationing:
    """Return the rules on sales in order of name."""
    listed = list(enumerate(root.rationing[name] for name in sorted(root.rationing)))

    def maybe(quantity: Quantity | None, field: str, k: int) -> float:
        return UNSET if quantity is None else take.number(quantity, "rationing", field, k)

    return Rationing(
        start=tuple(take.start_of(r.from_, "rationing", "start", k) for k, r in listed),
        end=tuple(float("inf") if r.to is None else take.moment(r.to, "rationing", "end", k) for k, r in listed),
        towns=tuple(tuple(sorted(towns[name] for name in r.towns)) for _, r in listed),
        products=tuple(_in_scope(r.products, products) for _, r in listed),
        fill=tuple(maybe(r.fill, "fill", k) for k, r in listed),
        share=tuple(maybe(r.share, "share", k) for k, r in listed),
        closed_days=tuple(tuple(WEEKDAYS.index(day) for day in r.closed_days) for _, r in listed),
        closed_stations=tuple(maybe(r.closed_stations, "closed_stations", k) for k, r in listed),
    )


def _in_scope(names: list[str], products: dict[str, int]) -> tuple[int, ...]:
    """Return the products named that are in scope; (-1,) if none of those named is, () if none was named."""
    found = tuple(sorted(products[name] for name in names if name in products))
    return found if found or not names else (-1,)


def consumers(given: demand.Consumers, take: Collector) -> Consumers:
    """Return how people hold and buy fuel."""
    return Consumers(**take.numbers(given, "consumers"))


def users(root: Root, take: Collector, towns: dict[str, int], products: dict[str, int]) -> Users:
    """Return the large users in scope in order of name."""
    names = tuple(sorted(n for n, user in root.users.items() if root.scope == "all" or user.pump_market))
    listed = [root.users[name] for name in names]
    return Users(
        name=names,
        town=tuple(towns[u.town] for u in listed),
        product=tuple(products[u.product] for u in listed),
        **take.columns("users", listed, "need", "tank"),
        before=tuple(u.before for u in listed),
        power=tuple(u.power for u in listed),
    )


def policy(root: Root, take: Collector) -> Policy:
    """Return orders, inland policy, electricity and costs."""

    def number(field: str, quantity: Quantity) -> float:
        return take.number(quantity, "policy", field)

    return Policy(
        correction=number("correction", root.orders.correction),
        follow=number("follow", root.orders.follow),
        follow_delay=number("follow_delay", root.orders.follow_delay),
        pumps_first=root.orders.pumps_first,
        scarce=number("scarce", root.orders.scarce) if root.orders.pumps_first else root.orders.scarce.value,
        least_tank=number("least_tank", root.orders.least_tank),
        hub_first=root.inland.policy == "hub first",
        reserve=number("reserve", root.inland.reserve),
        power_hours=number("power_hours", root.power.hours),
        power_thermal=number("power_thermal", root.power.thermal),
        fuel_value=number("fuel_value", root.costs.fuel),
        exchange=number("exchange", root.costs.exchange),
    )


def stocks(root: Root, take: Collector, towns: dict[str, int], products: dict[str, int]) -> Stocks:
    """Return the stocks that a scenario states, in order of town and product, as far as they are in scope."""
    listed = [
        (towns[town], products[product], volume)
        for town, held in sorted(root.stocks.items())
        for product, volume in sorted(held.items())
        if product in products
    ]
    national = root.national_stock
    return Stocks(
        town=tuple(town for town, _, _ in listed),
        product=tuple(product for _, product, _ in listed),
        volume=tuple(take.number(volume, "stocks", "volume", k) for k, (_, _, volume) in enumerate(listed)),
        national_at=NEVER if national is None else take.moment(national.at, "stocks", "national_at", -1),
        national=0.0 if national is None else take.number(national.value, "stocks", "national"),
    )

"""Whether fuel can come at all: tankers of corridors, shares of orders, towns that somebody serves.

Shares that do not add up to 1 are taken in proportion, which is hardly meant.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime

from sim.scenario.fields import Dated
from sim.scenario.no_effect import DEFAULT, Layers
from sim.scenario.places import Product
from sim.scenario.pools import tankers, values_in
from sim.scenario.problem import Fault, some
from sim.scenario.schema import Root

STATE = "its weight in the fleet, such as 'fleet: 1'"
ABLE = "an import corridor that can bring fuel: one with a share of orders, tankers, crews, and a terminal that loads"
ROUNDING = 0.005
"""How far a sum may be off."""
PROPORTION, ALONE = "they are taken in proportion", "it is taken as 1"


def supply_faults(root: Root) -> Iterator[Fault]:
    """Iterate over the faults of a country into which no fuel can come.

    A corridor that is cut counts as one that brings fuel: closures may be what is asked about, a lack of means is not.
    """
    driven = [name for name, corridor in root.corridors.items() if corridor.kind != "exogenous"]
    imports = [name for name in driven if root.corridors[name].kind == "import"]
    hindered = [fault for name in imports if (fault := _hindrance(root, name)) is not None]
    coming = [name for name in root.corridors if root.corridors[name].kind != "inland"]
    if root.corridors and not any(_ordered(root, name) for name in coming):
        given = f"share 0 on {some(coming)}" if coming else "inland corridors alone"
        expected = "an import or exogenous corridor with a share above 0"
        yield Fault("no fuel comes into the country", given, expected, ("corridors",))
    elif imports and len(hindered) == len(imports):
        for fault in dict.fromkeys(hindered):
            yield Fault("a country that imports nothing", fault.wrong, ABLE, fault.at)
    elif driven and not any(root.corridors[name].fleet.most > 0 for name in driven):
        for name in driven:
            yield Fault("no corridor has a tanker", "fleet 0 on each", STATE, ("corridors", name, "fleet"))
    for name, corridor in root.corridors.items():
        if corridor.kind == "exogenous" and corridor.fleet.most > 0:
            wrong, expected = "a key without meaning here", "no 'fleet' on an exogenous corridor: it has no tankers"
            yield Fault(wrong, corridor.fleet.text, expected, ("corridors", name, "fleet"))


def supply_notes(root: Root, layers: Layers) -> Iterator[Fault]:
    """Iterate over corridors that never bring fuel, and over towns that use fuel and never get any, or use none."""
    yield from dict.fromkeys(fault for name in root.corridors if (fault := _corridor_note(root, layers, name)))
    yield from _loading_note(root)
    served = {town for name, corridor in root.corridors.items() if _ordered(root, name) for town in corridor.serves}
    users = {user.town for user in root.users.values() if user.need.most > 0}
    sources = {terminal.town for terminal in root.terminals.values() if terminal.depot}
    for name, town in root.towns.items():
        used = town.share.most > 0 or name in users
        if not used and name not in sources:
            yield Fault("nobody uses fuel here: share 0, and no user", at=("towns", name))
        elif name not in served:
            yield Fault("no corridor serves this town: when its depot is empty, nothing comes", at=("towns", name))
    for name, product in root.products.items():
        yield from _product_notes(root, name, product)


def _corridor_note(root: Root, layers: Layers, name: str) -> Fault | None:
    """Return what keeps a corridor from ever bringing fuel, or that it has forgotten its tankers."""
    corridor, at = root.corridors[name], ("corridors", name, "fleet")
    none = corridor.kind != "exogenous" and corridor.fleet.most <= 0
    if none and _ordered(root, name) and layers.rank(at) == DEFAULT:
        return Fault(f"no tanker is its own, since it states no 'fleet': write {STATE}", at=at)
    return _hindrance(root, name)


def _hindrance(root: Root, name: str) -> Fault | None:
    """Return what keeps a corridor from ever bringing fuel, the first reason if there are several."""
    corridor, path = root.corridors[name], ("corridors", name)
    if not _ordered(root, name):
        return Fault("share 0 all the time: nothing is ever ordered by this corridor", at=(*path, "share"))
    if corridor.kind == "exogenous":
        return None
    others = [other for key, other in root.corridors.items() if other.kind == corridor.kind and key != name]
    lent = root.fleet.moves.share.most > 0 and any(other.fleet.most > 0 for other in others)
    own = tankers(root)[name]
    if corridor.fleet.most <= 0 and not lent:
        return Fault("fleet 0 and no moves: no tanker ever comes here", at=(*path, "fleet"))
    if not own and not lent:
        wrong = f"no tanker: its part of fleet.size {root.fleet.size.text} is less than one"
        return Fault(wrong, at=(*path, "fleet"))
    if own and math.floor(own * root.crews.per_tanker.most + 0.5) < 1:
        wrong = f"no crew: {own} {'tanker' if own == 1 else 'tankers'} times crews.per_tanker "
        return Fault(f"{wrong}{root.crews.per_tanker.text} is less than one", at=path)
    terminal = root.terminals.get(corridor.terminal or "")
    for key, dated in (("slots", terminal.slots), ("supply", terminal.supply)) if terminal else ():
        if dated is not None and not _ever(root, dated):
            return Fault("0 all the time: no tanker ever loads here", at=("terminals", corridor.terminal or "", key))
    return None


def _product_notes(root: Root, name: str, product: Product) -> Iterator[Fault]:
    users = any(user.product == name and user.need.most > 0 for user in root.users.values())
    if not product.pump and product.need.most > 0:
        wrong = "changes nothing: no station sells this product; say who uses it under 'users'"
        yield Fault(wrong, at=("products", name, "need"))
    elif product.need.most <= 0 and not users:
        yield Fault("nobody uses this product: need 0, and no user", at=("products", name))


def _loading_note(root: Root) -> Iterator[Fault]:
    """Yield a note if all fuel comes by terminals that at their best load less than half of what is used."""
    if any(corridor.kind == "exogenous" and _ordered(root, name) for name, corridor in root.corridors.items()):
        return
    names = {corridor.terminal or "" for corridor in root.corridors.values() if corridor.kind == "import"} - {""}
    slots = [max(number.most for _, number in root.terminals[name].slots.entries) for name in sorted(names)]
    loaded = math.fsum(slots) * root.fleet.load.most
    users = [user.need for user in root.users.values() if root.scope == "all" or user.pump_market]
    used = math.fsum(need.least for need in (*(product.need for product in root.products.values()), *users))
    if 0.0 < loaded < used / 2.0:
        wrong = f"all terminals together load {24.0 * loaded:,.0f} m3 a day at most; "
        wrong += f"{24.0 * used:,.0f} or more are used"
        yield Fault(wrong, at=("terminals",))


def _ordered(root: Root, name: str) -> bool:
    """Say whether orders ever go by a corridor."""
    return _ever(root, root.corridors[name].share)


def _ever(root: Root, dated: Dated) -> bool:
    """Say whether a number by date is above 0 at some time of the run, or may be."""
    start = root.start.on(datetime.min)
    return any(number.most > 0 for number in values_in(dated, start, (0.0, root.end.hours(start)[0])))


def weight_notes(root: Root) -> Iterator[Fault]:
    """Iterate over sets of shares whose sum is not 1: those of the towns, and those of corridors to the same towns.

    Shares by date are meant as they stand if they add up to 1 on one of their dates: a what-if may add a corridor.
    """
    towns = [town.share.value for town in root.towns.values()]
    if _are_off(sums := [math.fsum(towns)]):
        yield Fault(f"the shares of the towns add up to {sums[0]:.4g}, not 1: {PROPORTION}", at=("towns",))
    for kinds in (("import", "exogenous"), ("inland",)):
        for names in _groups(root, kinds):
            sums = _sums([root.corridors[name].share for name in names], root.start.on(datetime.min))
            wrong = f"the shares of {some(names)} add up to {sums[0]:.4g}, not 1: {PROPORTION}"
            if len(names) == 1:
                wrong = f"the share of {names[0]} is {sums[0]:.4g}, not 1, and no other serves its towns: {ALONE}"
            if _are_off(sums):
                yield Fault(wrong, at=("corridors",))


def _are_off(sums: list[float]) -> bool:
    """Say whether shares add up to 1 on no date."""
    return sums[0] > 0.0 and not any(abs(total - 1.0) <= ROUNDING for total in sums)


def _groups(root: Root, kinds: tuple[str, ...]) -> list[list[str]]:
    """Return the corridors of some kinds in groups that have no town in common."""
    groups: list[tuple[list[str], set[str]]] = []
    for name, corridor in root.corridors.items():
        if corridor.kind in kinds:
            names, towns = [name], set(corridor.serves)
            apart = []
            for group in groups:
                if towns.isdisjoint(group[1]):
                    apart.append(group)
                else:
                    names, towns = [*group[0], *names], towns | group[1]
            groups = [*apart, (names, towns)]
    return [names for names, _ in groups]


def _sums(shares: list[Dated], start: datetime) -> list[float]:
    """Return the sums of shares by date: at the start, and at each date of an entry."""
    dates = {since.hours(start)[0] for dated in shares for since, _ in dated.entries if since is not None}
    return [math.fsum(_value_at(dated, hour, start) for dated in shares) for hour in (0.0, *sorted(dates))]


def _value_at(dated: Dated, hour: float, start: datetime) -> float:
    begun = [number for since, number in dated.entries if since is None or since.hours(start)[0] <= hour]
    return (begun or [dated.entries[0][1]])[-1].value

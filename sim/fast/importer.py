"""Orders at midnight: what each depot asks for, which corridor carries it, which tanker takes it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.fast.agenda import WHAT, add, urgently
from sim.fast.compiled import compile_all
from sim.fast.corridor import is_escorted, is_open, loads, pull_idle
from sim.fast.crews import drives
from sim.fast.depot import draw, tank_of
from sim.fast.geography import ABSENT, lead_hours, suppliers
from sim.fast.layout import KIND
from sim.fast.lowering import part
from sim.fast.market import market_of
from sim.fast.memory import at, new_row, note
from sim.fast.moves import move_tankers
from sim.fast.rules import orders, sharing
from sim.fast.tanker import count_import
from sim.plan.sections import EXOGENOUS, IMPORT, INLAND

if TYPE_CHECKING:
    from sim.fast.corridor import Corridor
    from sim.fast.layout import Country
    from sim.fast.records import Row
    from sim.fast.tanker import Tanker


def build_importers(country: Country) -> None:
    """Set the position that orders of each town and product aim for."""
    plan, shares = country.plan, country.shares
    towns, products, corridors = len(country.towns), len(country.balance), len(country.corridors)
    country.carried = new_row(float, country, corridors * towns * products)
    country.asked = new_row(int, country, corridors * towns * products)
    country.granted = new_row(int, country, corridors * towns * products)
    country.target = new_row(float, country, towns * products)
    country.taken = new_row(int, country, towns * products)
    country.factors = new_row(float, country, corridors)
    for t in range(towns):
        lead = 0.0
        suppliers(country, t, 0.0, shares, part(shares, 0, 0))
        for corridor in country.corridors:
            share = shares[corridor.number]
            if share != ABSENT and corridor.kind != EXOGENOUS:
                hours = lead_hours(country, corridor.number, t)
                lead += share * (corridor.turnaround + plan.fleet.loading + hours)
        for p in range(products):
            place, market = t * products + p, market_of(country, t, p)
            stations = market.usual if market else 0.0
            capacity, wanted = tank_of(country, t, p).capacity, plan.towns.target[t]
            country.target[place] = orders.target(capacity, wanted, country.need[place], lead, stations)


def midnight(country: Country) -> None:
    """Order for every town and product, then send tankers to corridors that lack them."""
    _ask(country)
    for corridor in country.corridors:
        if corridor.kind == EXOGENOUS:
            _flow_in(corridor, _of(corridor, country.asked))
        elif corridor.kind == IMPORT:
            _assign(corridor, _of(corridor, country.asked))
    _release(country)
    move_tankers(country, IMPORT)
    move_tankers(country, INLAND)


def _of(corridor: Corridor, tankers: Row[int]) -> Row[int]:
    """Return what is a corridor's of tankers by corridor, town and product."""
    places = len(corridor.country.taken)
    return part(tankers, corridor.number * places, places)


def _ask(country: Country) -> None:
    """Set the tankers that today's orders of each town and product ask of each corridor."""
    plan, policy = country.plan, country.plan.policy
    now, load, shares, factors = country.now, plan.fleet.load, country.shares, country.factors
    for k in range(len(country.asked)):
        country.asked[k] = 0
    for corridor in country.corridors:
        factors[corridor.number] = orders.followed(corridor.asked_of, corridor.got_through, policy.follow)
    withheld = policy.pumps_first and _lacks_at_the_pump(country)
    products = len(country.balance)
    for t in range(len(country.towns)):
        enters = at(plan.towns.blockade[t], now)
        suppliers(country, t, now, shares, factors)
        for p in range(products):
            place = t * products + p
            need = country.need[place]
            if need <= 0.0:
                continue
            market = market_of(country, t, p)
            there = tank_of(country, t, p).level + (market.at_midnight if market else 0.0)
            position = there + country.bound[place] * load
            rate = orders.order_rate(need, country.target[place], position, policy.correction)
            for corridor in country.corridors:
                c = corridor.number
                if shares[c] == ABSENT:
                    continue
                through, exogenous = at(plan.corridors.through[c], now), corridor.kind == EXOGENOUS
                lacks = withheld and not plan.products.pump[p]
                volume = orders.asked_volume(need, rate, enters, through, shares[c], exogenous, lacks)
                carried = c * len(country.taken) + place
                tankers, left = orders.whole_tankers(volume, load, country.carried[carried])
                country.carried[carried] = left
                country.asked[carried] = tankers


def _lacks_at_the_pump(country: Country) -> bool:
    """Say whether the hub's depot is scarce of a product that stations sell."""
    plan = country.plan
    for p in range(len(plan.products.pump)):
        tank = tank_of(country, plan.hub, p)
        aim = tank.capacity * plan.towns.target[plan.hub]
        if plan.products.pump[p] and orders.is_scarce(tank.level, aim, plan.policy.scarce):
            return True
    return False


def judge(country: Country) -> None:
    """At the end of a day: note what was ordered on each import corridor and what came through."""
    delay = country.plan.policy.follow_delay
    for corridor in country.corridors:
        if corridor.kind == IMPORT:
            corridor.asked_of = orders.smoothed(corridor.asked_of, float(corridor.ordered), delay)
            corridor.got_through = orders.smoothed(corridor.got_through, float(corridor.arrived), delay)


def _flow_in(corridor: Corridor, asked: Row[int]) -> None:
    """Put the exogenous inflow into depots, as far as there is room."""
    country, products = corridor.country, len(corridor.country.balance)
    load = country.plan.fleet.load
    for place in range(len(asked)):
        wanted = asked[place]
        if wanted == 0:
            continue
        corridor.ordered += wanted
        product = place % products
        tank = tank_of(country, place // products, product)
        room = tank.capacity - tank.level
        fits = min(wanted, orders.whole_loads(room, load, room))
        if fits != 0:
            volume = fits * load
            tank.level += volume
            corridor.arrived += fits
            country.balance[product].entered += volume
            count_import(corridor, product, volume)
            note(country, country.now, KIND.INFLOW, corridor.entity, product, volume)


def _assign(corridor: Corridor, wanted: Row[int]) -> None:
    """Give orders to idle tankers with crews; what finds none lapses and is counted."""
    country, taken, products = corridor.country, corridor.country.taken, len(corridor.country.balance)
    now, together = country.now, 0
    for place in range(len(wanted)):
        together += wanted[place]
        taken[place] = 0
    corridor.ordered += together
    can_load = bool(corridor.terminal) and loads(corridor.terminal, now) and is_open(corridor, now)
    # A crew that would not drive takes no order while a willing one is there.
    would = drives(corridor, now, is_escorted(corridor, now))
    willing, tanker = True, corridor.idle.first
    for _ in range(together):
        # Towns and products take turns in proportion to what they ask for.
        first, least = -1, math.inf
        for place in range(len(wanted)):
            if taken[place] < wanted[place]:
                turn = (taken[place] + 0.5) / wanted[place]
                if turn < least:
                    first, least = place, turn
        taken[first] += 1
        if not can_load or corridor.idle.count == 0 or corridor.crews.free < 1:
            corridor.short += 1
            if can_load and corridor.idle.count == 0:
                corridor.no_tanker += 1
            if can_load and corridor.idle.count > 0:
                corridor.no_crew += 1
            continue
        while willing and tanker and not tanker.mark < would:
            tanker = tanker.next
        if not tanker:
            willing, tanker = False, corridor.idle.first
        after = tanker.next
        pull_idle(tanker)
        add(corridor.waiting_order, now, -1)
        _send(tanker, first // products, first % products)
        tanker = after


def _send(tanker: Tanker, town: int, product: int) -> None:
    country, corridor = tanker.country, tanker.corridor
    corridor.crews.free -= 1
    corridor.crews.away += 1
    prepare(tanker, town, product)
    if corridor.kind == INLAND:
        draw(tank_of(country, corridor.hub, product), country.plan.fleet.load)
        tanker.laden = True
    note(country, country.now, KIND.ORDERED, corridor.entity, tanker.serial, float(town))
    urgently(country, WHAT.TRIP, tanker.where)


def prepare(tanker: Tanker, town: int, product: int) -> None:
    """Begin a tanker's next trip: its load and its destination."""
    country = tanker.country
    tanker.trips += 1
    tanker.attempts = 0
    tanker.inside = tanker.corridor.kind == INLAND
    tanker.destination = town
    tanker.product = product
    country.bound[town * len(country.balance) + product] += 1


def _release(country: Country) -> None:
    """Let inland tankers load as much as the policy gives them of each hub's stock."""
    plan, products, load = country.plan, len(country.balance), country.plan.fleet.load
    for hub in range(len(country.towns)):
        for k in range(len(country.granted)):
            country.granted[k] = 0
        for p in range(products):
            asked_for = 0
            for corridor in country.corridors:
                if corridor.hub == hub:
                    for t in range(len(country.towns)):
                        asked_for += _of(corridor, country.asked)[t * products + p]
            if asked_for == 0:
                continue
            tank, place = tank_of(country, hub, p), hub * products + p
            own = country.own_need[place]
            target = tank.capacity * plan.towns.target[hub]
            kept = orders.kept_back(own, plan.policy.reserve, target, country.need[place])
            volume = orders.released(tank.level, asked_for * load, own, kept, plan.policy.hub_first)
            _share(country, hub, p, orders.whole_loads(volume, load, tank.level))
        for corridor in country.corridors:
            if corridor.hub == hub:
                asked, granted = _of(corridor, country.asked), _of(corridor, country.granted)
                for k in range(len(asked)):
                    corridor.short += asked[k] - granted[k]
                    corridor.ordered += asked[k] - granted[k]
                _assign(corridor, granted)


def _share(country: Country, hub: int, product: int, may: int) -> None:
    """Grant at most ``may`` tankers in proportion to what is wanted, ties by corridor and town."""
    products, free = len(country.balance), country.free
    most = len(country.corridors) * len(country.towns)
    wanted, places, whole = new_row(float, country, most), new_row(int, country, most), 0
    count = 0
    for place in range(product, len(country.asked), products):
        asked = country.asked[place]
        if asked != 0 and country.corridors[place // len(country.taken)].hub == hub:
            wanted[count] = asked
            places[count] = place
            whole += asked
            count += 1
    for k in range(count):
        country.granted[places[k]] = sharing.apportioned(min(may, whole), part(wanted, 0, count), k)
    country.free = free


compile_all(globals())

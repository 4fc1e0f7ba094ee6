"""Orders at midnight: what each depot asks for, which corridor carries it, which tanker takes it."""

from __future__ import annotations

import math

from sim.fast.agenda import WHAT, urgently
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.corridor import add, is_escorted, is_open, loads, pull_idle
from sim.fast.crews import drives
from sim.fast.depot import draw, tank_of
from sim.fast.geography import ABSENT, hub_of, lead_hours, suppliers
from sim.fast.layout import (
    CORRIDOR,
    FLEET,
    HEAD,
    KIND,
    LINE,
    MARKET,
    POLICY,
    PRODUCT,
    TANK,
    TANKER,
    TOWN,
)
from sim.fast.market import market_of
from sim.fast.memory import at, new, note
from sim.fast.moves import move_tankers
from sim.fast.pointers import stretch
from sim.fast.sort import scratch
from sim.fast.tanker import count_import
from sim.plan.sections import EXOGENOUS, IMPORT, INLAND
from sim.rules import orders, sharing

order_rate, order_target, whole_tankers = (
    rule(orders.order_rate),
    rule(orders.target),
    rule(orders.whole_tankers),
)
asked_volume, whole_loads = rule(orders.asked_volume), rule(orders.whole_loads)
apportioned = rule(sharing.apportioned)
followed, smoothed, is_scarce = rule(orders.followed), rule(orders.smoothed), rule(orders.is_scarce)
kept_back, released = rule(orders.kept_back), rule(orders.released)


@compiled
def build_importers(f: Reals, n: Words) -> None:
    """Set the position that orders of each town and product aim for."""
    towns, products, corridors = n[HEAD.towns_count], n[HEAD.products_count], n[HEAD.corridors_count]
    n[HEAD.carried] = new(n, corridors * towns * products)
    n[HEAD.asked] = new(n, corridors * towns * products)
    n[HEAD.target] = new(n, towns * products)
    n[HEAD.granted] = new(n, corridors * towns * products)
    n[HEAD.taken] = new(n, towns * products)
    n[HEAD.factors] = new(n, corridors)
    for t in range(towns):
        lead = 0.0
        suppliers(f, n, t, 0.0, n[HEAD.shares])
        for c in range(corridors):
            share = f[n[HEAD.shares] + c]
            if share != ABSENT and n[n[HEAD.corridors] + c * CORRIDOR.words + CORRIDOR.kind] != EXOGENOUS:
                turnaround = f[n[HEAD.corridors] + c * CORRIDOR.words + CORRIDOR.turnaround]
                lead += share * (turnaround + f[FLEET.loading] + lead_hours(f, n, c, t))
        wanted = f[n[HEAD.towns] + t * TOWN.words + TOWN.target]
        for p in range(products):
            capacity = f[tank_of(n, t, p) + TANK.capacity]
            need = f[n[HEAD.need] + t * products + p]
            market = market_of(n, t, p)
            stations = f[market + MARKET.usual] if market != 0 else 0.0
            f[n[HEAD.target] + t * products + p] = order_target(capacity, wanted, need, lead, stations)


@compiled
def midnight(f: Reals, n: Words) -> None:
    """Order for every town and product, then send tankers to corridors that lack them."""
    _ask(f, n)
    asked = n[HEAD.towns_count] * n[HEAD.products_count]
    for c in range(n[HEAD.corridors_count]):
        line = n[HEAD.lines] + c * LINE.words
        if n[line + LINE.kind] == EXOGENOUS:
            _flow_in(f, n, line, n[HEAD.asked] + c * asked)
        elif n[line + LINE.kind] == IMPORT:
            _assign(f, n, line, n[HEAD.asked] + c * asked)
    _release(f, n)
    move_tankers(f, n, IMPORT)
    move_tankers(f, n, INLAND)


@compiled
def _ask(f: Reals, n: Words) -> None:
    """Set the tankers that today's orders of each town and product ask of each corridor."""
    towns, products, corridors = n[HEAD.towns_count], n[HEAD.products_count], n[HEAD.corridors_count]
    now = f[HEAD.now]
    load = f[FLEET.load]
    for k in range(n[HEAD.asked], n[HEAD.asked] + corridors * towns * products):
        n[k] = 0
    shares, factors = n[HEAD.shares], n[HEAD.factors]
    for c in range(corridors):
        line = n[HEAD.lines] + c * LINE.words
        f[factors + c] = followed(f[line + LINE.asked_of], f[line + LINE.got_through], f[POLICY.follow])
    withheld = n[POLICY.pumps_first] != 0 and _lacks_at_the_pump(f, n)
    for t in range(towns):
        enters = at(f, n, n[HEAD.towns] + t * TOWN.words + TOWN.blockade, now)
        suppliers(f, n, t, now, shares, factors)
        for p in range(products):
            place = t * products + p
            need = f[n[HEAD.need] + place]
            if need <= 0.0:
                continue
            market = market_of(n, t, p)
            there = f[tank_of(n, t, p) + TANK.level] + (f[market + MARKET.at_stations] if market != 0 else 0.0)
            position = there + n[n[HEAD.bound] + place] * load
            rate = order_rate(need, f[n[HEAD.target] + place], position, f[POLICY.correction])
            is_sold = n[n[HEAD.products] + p * PRODUCT.words + PRODUCT.pump] != 0
            for c in range(corridors):
                share = f[shares + c]
                if share == ABSENT:
                    continue
                plan = n[HEAD.corridors] + c * CORRIDOR.words
                through, exogenous = at(f, n, plan + CORRIDOR.through, now), n[plan + CORRIDOR.kind] == EXOGENOUS
                volume = asked_volume(need, rate, enters, through, share, exogenous, withheld and not is_sold)
                carried = n[HEAD.carried] + c * towns * products + place
                tankers, left = whole_tankers(volume, load, f[carried])
                f[carried] = left
                n[n[HEAD.asked] + c * towns * products + place] = tankers


@compiled
def _lacks_at_the_pump(f: Reals, n: Words) -> bool:
    """Say whether the hub's depot is scarce of a product that stations sell."""
    aim = f[n[HEAD.towns] + n[HEAD.hub] * TOWN.words + TOWN.target]
    for p in range(n[HEAD.products_count]):
        tank = tank_of(n, n[HEAD.hub], p)
        is_sold = n[n[HEAD.products] + p * PRODUCT.words + PRODUCT.pump] != 0
        if is_sold and is_scarce(f[tank + TANK.level], f[tank + TANK.capacity] * aim, f[POLICY.scarce]):
            return True
    return False


@compiled
def judge(f: Reals, n: Words) -> None:
    """At the end of a day: note what was ordered on each import corridor and what came through."""
    delay = f[POLICY.follow_delay]
    for c in range(n[HEAD.corridors_count]):
        line = n[HEAD.lines] + c * LINE.words
        if n[line + LINE.kind] == IMPORT:
            f[line + LINE.asked_of] = smoothed(f[line + LINE.asked_of], float(n[line + LINE.ordered]), delay)
            f[line + LINE.got_through] = smoothed(f[line + LINE.got_through], float(n[line + LINE.arrived]), delay)


@compiled
def _flow_in(f: Reals, n: Words, line: int, asked: int) -> None:
    """Put the exogenous inflow into depots, as far as there is room."""
    load = f[FLEET.load]
    products = n[HEAD.products_count]
    for place in range(n[HEAD.towns_count] * products):
        wanted = n[asked + place]
        if wanted == 0:
            continue
        n[line + LINE.ordered] += wanted
        town, product = place // products, place % products
        tank = tank_of(n, town, product)
        room = f[tank + TANK.capacity] - f[tank + TANK.level]
        fits = min(wanted, whole_loads(room, load, room))
        if fits != 0:
            volume = fits * load
            f[tank + TANK.level] += volume
            n[line + LINE.arrived] += fits
            f[n[HEAD.entered] + product] += volume
            count_import(f, n, line, product, volume)
            note(f, n, f[HEAD.now], KIND.INFLOW, n[line + LINE.entity], product, volume)


@compiled
def _assign(f: Reals, n: Words, line: int, wanted: int) -> None:
    """Give orders to idle tankers with crews; what finds none lapses and is counted."""
    now = f[HEAD.now]
    places = n[HEAD.towns_count] * n[HEAD.products_count]
    together = 0
    for place in range(places):
        together += n[wanted + place]
        n[n[HEAD.taken] + place] = 0
    n[line + LINE.ordered] += together
    terminal = n[line + LINE.terminal]
    can_load = terminal != 0 and loads(f, n, terminal, now) and is_open(f, n, line, now)
    # A crew that would not drive takes no order while a willing one is there.
    would = drives(f, n, line, now, is_escorted(f, n, line, now))
    willing, tanker = True, n[line + LINE.idle]
    for _ in range(together):
        # Towns and products take turns in proportion to what they ask for.
        first, least = -1, math.inf
        for place in range(places):
            if n[n[HEAD.taken] + place] < n[wanted + place]:
                turn = (n[n[HEAD.taken] + place] + 0.5) / n[wanted + place]
                if turn < least:
                    first, least = place, turn
        n[n[HEAD.taken] + first] += 1
        if not can_load or n[line + LINE.idle_count] == 0 or n[line + LINE.crews_free] < 1:
            n[line + LINE.short] += 1
            if can_load and n[line + LINE.idle_count] == 0:
                n[line + LINE.no_tanker] += 1
            if can_load and n[line + LINE.idle_count] > 0:
                n[line + LINE.no_crew] += 1
            continue
        while willing and tanker != 0 and not f[tanker + TANKER.mark] < would:
            tanker = n[tanker + TANKER.next]
        if tanker == 0:
            willing, tanker = False, n[line + LINE.idle]
        after = n[tanker + TANKER.next]
        pull_idle(n, line, tanker)
        add(f, n, line + LINE.waiting_order, now, -1)
        _send(f, n, line, tanker, first // n[HEAD.products_count], first % n[HEAD.products_count])
        tanker = after


@compiled
def _send(f: Reals, n: Words, line: int, tanker: int, town: int, product: int) -> None:
    n[line + LINE.crews_free] -= 1
    n[line + LINE.crews_away] += 1
    prepare(n, tanker, town, product)
    if n[line + LINE.kind] == INLAND:
        draw(f, n, n[line + LINE.hub], product, f[FLEET.load])
        n[tanker + TANKER.laden] = 1
    note(f, n, f[HEAD.now], KIND.ORDERED, n[line + LINE.entity], n[tanker + TANKER.serial], float(town))
    urgently(n, WHAT.TRIP, tanker)


@compiled
def prepare(n: Words, tanker: int, town: int, product: int) -> None:
    """Begin a tanker's next trip: its load and its destination."""
    n[tanker + TANKER.trips] += 1
    n[tanker + TANKER.attempts] = 0
    n[tanker + TANKER.inside] = 1 if n[n[tanker + TANKER.line] + LINE.kind] == INLAND else 0
    n[tanker + TANKER.destination] = town
    n[tanker + TANKER.product] = product
    n[n[HEAD.bound] + town * n[HEAD.products_count] + product] += 1


@compiled
def _release(f: Reals, n: Words) -> None:
    """Let inland tankers load as much as the policy gives them of each hub's stock."""
    towns, products, corridors = n[HEAD.towns_count], n[HEAD.products_count], n[HEAD.corridors_count]
    load = f[FLEET.load]
    places = towns * products
    for hub in range(towns):
        for k in range(corridors * places):
            n[n[HEAD.granted] + k] = 0
        for p in range(products):
            asked_for = 0
            for c in range(corridors):
                if hub_of(n, c) == hub:
                    for t in range(towns):
                        asked_for += n[n[HEAD.asked] + c * places + t * products + p]
            if asked_for == 0:
                continue
            tank = tank_of(n, hub, p)
            own = f[n[HEAD.own_need] + hub * products + p]
            target = f[tank + TANK.capacity] * f[n[HEAD.towns] + hub * TOWN.words + TOWN.target]
            kept = kept_back(own, f[POLICY.reserve], target, f[n[HEAD.need] + hub * products + p])
            stock = f[tank + TANK.level]
            volume = released(stock, asked_for * load, own, kept, n[POLICY.hub_first] != 0)
            _share(f, n, hub, p, whole_loads(volume, load, stock))
        for c in range(corridors):
            if hub_of(n, c) == hub:
                line = n[HEAD.lines] + c * LINE.words
                for k in range(places):
                    withheld = n[n[HEAD.asked] + c * places + k] - n[n[HEAD.granted] + c * places + k]
                    n[line + LINE.short] += withheld
                    n[line + LINE.ordered] += withheld
                _assign(f, n, line, n[HEAD.granted] + c * places)


@compiled
def _share(f: Reals, n: Words, hub: int, product: int, may: int) -> None:
    """Grant at most ``may`` tankers in proportion to what is wanted, ties by corridor and town."""
    towns, products = n[HEAD.towns_count], n[HEAD.products_count]
    most = n[HEAD.corridors_count] * towns
    wanted = scratch(n, 2 * most)
    places, count, whole = wanted + most, 0, 0
    for c in range(n[HEAD.corridors_count]):
        if hub_of(n, c) == hub:
            for t in range(towns):
                place = (c * towns + t) * products + product
                if n[n[HEAD.asked] + place] != 0:
                    f[wanted + count] = n[n[HEAD.asked] + place]
                    n[places + count] = place
                    whole += n[n[HEAD.asked] + place]
                    count += 1
    for k in range(count):
        n[n[HEAD.granted] + n[places + k]] = apportioned(min(may, whole), stretch(f, wanted, count), k)

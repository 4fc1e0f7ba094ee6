"""The country: everything of one replication, and the calendar that drives it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.fast import agenda, tanker
from sim.fast.adaptation import build_adaptation, draw_conclusions
from sim.fast.agenda import CODE, WHAT, add, at_once, call, done, first_due, own_time, take_first
from sim.fast.ambush import await_next, lay
from sim.fast.assembly import build_points, build_record, change_minds, hour_begins
from sim.fast.books import (
    FLOW_COUNTS,
    FLOW_REALS,
    STOCK_COLUMNS,
    TOWN_COLUMNS,
    Balance,
    check_balance,
    close_day,
    open_books,
)  # fmt: skip
from sim.fast.compiled import compile_all, entry
from sim.fast.convoy import Convoy, drive
from sim.fast.corridor import Corridor, Terminal, push_idle
from sim.fast.crews import replace_crews, set_free, threaten
from sim.fast.depot import Depot, Tank, build_depot, grant_bay, grant_room, let_in
from sim.fast.escort import Pool, build_pool, duty_until
from sim.fast.geography import hours_abroad, hours_to, hub_of, lay_fleets, lay_needs
from sim.fast.importer import build_importers, judge, midnight
from sim.fast.layout import RANK
from sim.fast.lowering import country_of, part, thing
from sim.fast.market import Market, advance, own_event, receive
from sim.fast.memory import heed, new, new_row
from sim.fast.queue import stand_by
from sim.fast.rules import laws, steps
from sim.fast.start import spread_tankers
from sim.fast.stocks import set_national, set_stocks
from sim.fast.tanker import Tanker, draw_phases, think_again
from sim.fast.tape import Candidate, unroll
from sim.fast.town import Town, allot, build_town, day
from sim.plan.sections import EXOGENOUS, INLAND
from sim.rules.stations import ALLOTMENT_HOUR
from sim.rules.steps import WEEK

if TYPE_CHECKING:
    from sim.fast.layout import Country

WHAT_BITS = (1 << CODE) - 1


@entry
def lay_parameters(words: Any, marks: Any) -> None:
    """Put the value of every uncertain number at its mark into the plan."""
    _lay_parameters(country_of(words), marks)


def _lay_parameters(country: Country, marks: Any) -> None:
    for k in range(len(country.uncertain)):
        number = country.uncertain[k]
        number.drawn = laws.draw(number.law, marks[k], number.low, number.value, number.high)
        placed = max(number.drawn, number.least) + number.later
        for place in number.places:
            place.value = placed


@entry
def replicate(words: Any, key_low: int, key_high: int, replication: int) -> None:
    """Run one replication of the plan in the words, to the last midnight, and check that no fuel appeared or vanished.

    Parameters
    ----------
    words
        The words of the replication, as whole numbers; see `sim.fast.layout`.
    key_low, key_high, replication
        Words of the seed, and the number of the replication.
    """
    country = country_of(words)
    country.key_low, country.key_high, country.replication = key_low, key_high, replication
    _replicate(country)


def _replicate(country: Country) -> None:
    country.until = country.plan.warmup + country.plan.days
    country.begin = country.plan.warmup * 24.0
    agenda.begin(country)
    _build(country)
    agenda.open_rings(country)
    _begin(country)
    while True:
        heed(country)
        task = at_once(country)
        while task != 0:
            country.events += 1
            _handle(country, task & WHAT_BITS, task >> CODE, 0, 0.0)
            task = at_once(country)
        event, market = first_due(country), country.next_market
        if market and own_time(market, event):
            country.now = market.due
            country.events += 1
            own_event(market)
            continue
        take_first(country)
        country.now = event.time
        what, who, more, value = event.what, event.who, event.more, event.value
        done(event)
        if what == WHAT.END:
            break
        country.events += 1
        _handle(country, what, who, more, value)
    for pool in country.pools:
        before = country.duty_before[pool.number]
        country.unit_hours[pool.number] = duty_until(pool, country.now) - before
    check_balance(country)


def _build(country: Country) -> None:
    plan = country.plan
    towns, products, corridors = len(plan.towns.entity), len(plan.products.pump), len(plan.corridors.entity)
    users, pools, days, until = len(plan.users.need), len(plan.escorts.entity), plan.days, country.until
    unroll(country)
    country.alone = new_row(float, country, len(plan.roads.entity) * (until + 1))
    country.shares = new_row(float, country, corridors)
    country.givers = new_row(Corridor, country, corridors)
    country.towns = new(Town, country, towns)
    lay_needs(country)
    country.passed = new_row(float, country, products * STOCK_COLUMNS)
    country.bound = new_row(int, country, towns * products)
    country.balance = new(Balance, country, products)
    country.markets = part(new(Market, country, towns * products), 0, 0)
    for t in range(towns):
        heed(country)
        build_depot(country, t)
        build_town(country, t)
    _build_corridors(country)
    build_points(country)
    build_record(country)
    country.pools = new(Pool, country, pools)
    for k in range(pools):
        build_pool(country, k)
    if plan.attacks.adaptive.on:
        build_adaptation(country)
    build_importers(country)
    country.town_rows = new_row(float, country, days * len(country.markets) * TOWN_COLUMNS)
    country.flow_counts = new_row(int, country, days * corridors * FLOW_COUNTS)
    country.flow_reals = new_row(float, country, days * corridors * FLOW_REALS)
    country.user_rows = new_row(float, country, days * users)
    country.user_stocks = new_row(float, country, days * users)
    country.stock_rows = new_row(float, country, days * products * STOCK_COLUMNS)
    country.imports = new_row(float, country, (until + 1) * corridors * products)
    country.imports_noted = new_row(bool, country, (until + 1) * corridors * products)
    country.unit_hours = new_row(float, country, pools)
    country.duty_before = new_row(float, country, pools)
    country.last_news = -math.inf


def _build_corridors(country: Country) -> None:
    """Lay out terminals, corridors and their tankers, all of them idle."""
    plan, towns = country.plan, len(country.towns)
    corridors = len(plan.corridors.entity)
    terminals = new(Terminal, country, len(plan.terminals.depot))
    for k in range(len(terminals)):
        terminals[k].number = k
    sizes, tankers = new_row(int, country, corridors), 0
    lay_fleets(country, steps.whole(plan.fleet.size), sizes)
    for size in sizes:
        tankers += size
    country.tankers = new(Tanker, country, tankers)
    country.corridors = new(Corridor, country, corridors)
    tankers = 0
    for c in range(corridors):
        corridor = country.corridors[c]
        corridor.number = c
        corridor.entity = plan.corridors.entity[c]
        corridor.kind = plan.corridors.kind[c]
        if plan.corridors.terminal[c] >= 0:
            corridor.terminal = terminals[plan.corridors.terminal[c]]
        corridor.hub = hub_of(country, c)
        corridor.abroad = plan.corridors.abroad[c]
        corridor.roads = plan.corridors.roads[c]
        corridor.stops = plan.corridors.stops[c]
        corridor.turnaround = plan.corridors.turnaround[c]
        corridor.regimes = plan.strategy.inland if corridor.kind == INLAND else plan.strategy.imports
        corridor.fleet = sizes[c]
        corridor.crews.tankers = sizes[c]
        corridor.crews.free = steps.whole(sizes[c] * plan.crews.per_tanker)
        corridor.crews.willing = 1.0
        corridor.idle_from = new_row(int, country, corridors)
        corridor.back_hours = new_row(float, country, towns)
        corridor.last_out = new_row(float, country, towns)
        away = hours_abroad(country, c)
        for t in range(towns):
            corridor.back_hours[t] = plan.fleet.returning * (away + hours_to(country, c, t))
        for serial in range(sizes[c]):
            lorry = country.tankers[tankers]
            tankers += 1
            lorry.home = corridor
            lorry.corridor = corridor
            lorry.serial = serial
            lorry.product = -1
            lorry.destination = -1
            push_idle(lorry)


def _begin(country: Country) -> None:
    """Spread tankers over their cycle, and open the calendar."""
    draw_phases(country)
    think_again(country)
    spread_tankers(country)
    for corridor in country.corridors:
        add(corridor.waiting_order, 0.0, corridor.idle.count)
    agenda.urgently(country, WHAT.MIDNIGHT, 0)
    call(country, ALLOTMENT_HOUR, RANK.ALLOTMENT, 0, WHAT.MORNING, 0)
    call(country, 0.0, RANK.DISPATCH, 0, WHAT.HOUR, 0)
    await_next(country)
    crews, horizon = country.plan.crews, country.until * 24.0
    for k in range(len(crews.threat_at)):
        if country.begin <= crews.threat_at[k] < horizon:
            call(country, crews.threat_at[k], RANK.THREAT, 0, WHAT.THREAT, k)
    call(country, horizon, RANK.DISPATCH, 0, WHAT.END, 0)


def _handle(country: Country, what: int, who: int, more: int, value: float) -> None:
    """Let an event happen."""
    if what == WHAT.LOT:
        receive(thing(Market, country, who), more, value)
    elif what == WHAT.HOUR:
        hour_begins(country, who)
    elif what == WHAT.CONVOY:
        drive(thing(Convoy, country, who), more)
    elif what == WHAT.ARRIVED or what == WHAT.THERE:
        tanker.reached(thing(Tanker, country, who))
    elif what == WHAT.TRIP:
        tanker.begin_trip(thing(Tanker, country, who))
    elif what == WHAT.TURNED:
        tanker.turned(thing(Tanker, country, who))
    elif what == WHAT.SLOT:
        tanker.at_slot(thing(Tanker, country, who))
    elif what == WHAT.LOADED:
        tanker.loaded(thing(Tanker, country, who))
    elif what == WHAT.READY or what == WHAT.STAND_BY:
        stand_by(thing(Tanker, country, who))
    elif what == WHAT.CUSTOMS:
        tanker.out(thing(Tanker, country, who))
    elif what == WHAT.BAY:
        tanker.at_bay(thing(Tanker, country, who))
    elif what == WHAT.UNLOADED:
        tanker.unloaded(thing(Tanker, country, who))
    elif what == WHAT.POURED:
        tanker.poured(thing(Tanker, country, who))
    elif what == WHAT.BAY_FREE:
        grant_bay(thing(Depot, country, who))
    elif what == WHAT.DRAWN:
        grant_room(thing(Tank, country, who))
    elif what == WHAT.BACK:
        tanker.back(thing(Tanker, country, who))
    elif what == WHAT.MOVED:
        tanker.moved(thing(Tanker, country, who))
    elif what == WHAT.FREED:
        set_free(thing(Corridor, country, who))
    elif what == WHAT.AMBUSH:
        lay(thing(Candidate, country, who))
        await_next(country)
    elif what == WHAT.THREAT:
        _threaten(country, country.plan.crews.threat_factor[who])
    elif what == WHAT.MORNING:
        for town in country.towns:
            allot(town, who)
        if who + 1 < country.until:
            call(country, (who + 1) * 24.0 + ALLOTMENT_HOUR, RANK.ALLOTMENT, 0, WHAT.MORNING, who + 1)
    elif what == WHAT.MIDNIGHT:
        _midnight(country, who)


def _threaten(country: Country, factor: float) -> None:
    for corridor in country.corridors:
        if corridor.kind != EXOGENOUS:
            threaten(corridor, factor)


def _midnight(country: Country, number: int) -> None:
    """Close the day before, unless it is the first, and begin a day."""
    plan, now = country.plan, country.now
    if number > 0:
        judge(country)
        close_day(country, number - 1 - plan.warmup)
        if number == country.until:
            return
        for corridor in country.corridors:
            if corridor.kind != EXOGENOUS:
                replace_crews(corridor)
        think_again(country)
        for point in country.assemblies:
            change_minds(point)
        passed = number - plan.warmup
        if plan.attacks.adaptive.on and passed > 0 and passed % WEEK == 0:
            draw_conclusions(country)
    if number == plan.warmup:
        _begin_scenario(country)
    if now == plan.stocks.national_at:
        set_national(country)
    for town in country.towns:
        let_in(town.depot)
    for town in country.towns:
        day(town, number, now - country.last_news)
    midnight(country)
    call(country, (number + 1) * 24.0, RANK.MIDNIGHT, 0, WHAT.MIDNIGHT, number + 1)


def _begin_scenario(country: Country) -> None:
    """Begin the scenario: from now on the record counts."""
    for market in country.markets:
        advance(market, country.now)
    set_stocks(country)
    open_books(country)
    for pool in country.pools:
        country.duty_before[pool.number] = duty_until(pool, country.now)


compile_all(globals())

"""The country: everything of one replication, and the calendar that drives it."""

from __future__ import annotations

import math

from sim.fast import agenda, tanker
from sim.fast.adaptation import build_adaptation, draw_conclusions
from sim.fast.agenda import CODE, WHAT, at_once, call, done, first_due, own_time, take
from sim.fast.ambush import await_next, lay
from sim.fast.assembly import change_minds
from sim.fast.books import PASSES, STOCK_COLUMNS, SUMS, check_balance, close_day, open_books
from sim.fast.compiled import Reals, Words, compiled, entry, rule
from sim.fast.convoy import drive
from sim.fast.corridor import add, push_idle
from sim.fast.crews import draw_phases, replace_crews, set_free, think_again, threaten
from sim.fast.depot import build_depot, grant_bay, grant_room, let_in
from sim.fast.escort import build_pool, duty_until
from sim.fast.geography import hours_to, hub_of, lay_fleets, lay_needs, peace_hours
from sim.fast.importer import build_importers, judge, midnight
from sim.fast.layout import (
    ADAPTIVE,
    CORRIDOR,
    CREWS,
    DEPOT,
    EVENT,
    FLEET,
    FORCE,
    GATE,
    HEAD,
    LINE,
    MARKET,
    PLACE,
    POINT,
    RANK,
    STOCKS,
    STRATEGY,
    TANKER,
    TERMINAL,
    UNCERTAIN,
)
from sim.fast.market import advance, own_event, receive
from sim.fast.memory import heed, new
from sim.fast.pointers import pointer
from sim.fast.points import build_points, build_record, hour_begins
from sim.fast.start import spread_tankers
from sim.fast.stocks import set_national, set_stocks
from sim.fast.tape import unroll
from sim.fast.town import allot, build_town, day
from sim.plan.sections import EXOGENOUS, INLAND
from sim.record import FLOWS, TOWNS
from sim.rules import steps
from sim.rules.adaptation import DAYS
from sim.rules.stations import ALLOTMENT_HOUR
from sim.world import laws

draw_law, whole = rule(laws.draw), rule(steps.whole)
WHAT_BITS = (1 << CODE) - 1


@entry
def lay_parameters(f: Reals, n: Words, marks: Reals) -> None:
    """Put the value of every uncertain number at its mark into the plan."""
    _lay_parameters(pointer(f), pointer(n), pointer(marks))


@compiled
def _lay_parameters(f: Reals, n: Words, marks: Reals) -> None:
    for k in range(n[HEAD.uncertain_count]):
        number = n[HEAD.uncertain] + k * UNCERTAIN.words
        low, high = f[number + UNCERTAIN.low], f[number + UNCERTAIN.high]
        value = draw_law(n[number + UNCERTAIN.law], marks[k], low, f[number + UNCERTAIN.value], high)
        f[number + UNCERTAIN.drawn] = value
        placed = max(value, f[number + UNCERTAIN.least]) + f[number + UNCERTAIN.later]
        first = n[number + UNCERTAIN.places]
        for j in range(first, first + n[number + UNCERTAIN.places_count]):
            f[n[j]] = placed


@entry
def replicate(f: Reals, n: Words, key_low: int, key_high: int, replication: int) -> None:
    """Run one replication of the plan in the words, to the last midnight, and check that no fuel appeared or vanished.

    Parameters
    ----------
    f, n
        The same words as floating-point and as whole numbers; see `sim.fast.layout`.
    key_low, key_high, replication
        Words of the seed, and the number of the replication.
    """
    _replicate(pointer(f), pointer(n), key_low, key_high, replication)


@compiled
def _replicate(f: Reals, n: Words, key_low: int, key_high: int, replication: int) -> None:
    n[HEAD.key_low], n[HEAD.key_high], n[HEAD.replication] = key_low, key_high, replication
    n[HEAD.until] = n[HEAD.warmup] + n[HEAD.days]
    f[HEAD.begin] = n[HEAD.warmup] * 24.0
    agenda.begin(f, n)
    _build(f, n)
    agenda.open_rings(n)
    _begin(f, n)
    while True:
        heed(n)
        found = at_once(n)
        while found != 0:
            n[HEAD.events] += 1
            _handle(f, n, found & WHAT_BITS, found >> CODE, 0, 0.0)
            found = at_once(n)
        place = first_due(f, n)
        market = n[HEAD.next_market]
        if market != 0 and own_time(f, n, market, place):
            f[HEAD.now] = f[market + MARKET.due]
            n[HEAD.events] += 1
            own_event(f, n, market)
            continue
        take(f, n)
        f[HEAD.now] = f[place + EVENT.time]
        what, who, more = n[place + EVENT.what], n[place + EVENT.who], n[place + EVENT.more]
        value = f[place + EVENT.value]
        done(n, place)
        if what == WHAT.END:
            break
        n[HEAD.events] += 1
        _handle(f, n, what, who, more, value)
    for k in range(n[HEAD.escorts_count]):
        force = n[HEAD.forces] + k * FORCE.words
        f[n[HEAD.unit_hours] + k] = duty_until(f, n, force, f[HEAD.now]) - f[n[HEAD.duty_before] + k]
    check_balance(f, n)


@compiled
def _build(f: Reals, n: Words) -> None:
    towns, products, corridors = n[HEAD.towns_count], n[HEAD.products_count], n[HEAD.corridors_count]
    days, until = n[HEAD.days], n[HEAD.until]
    unroll(f, n)
    n[HEAD.alone] = new(n, n[HEAD.roads_count] * (until + 1))
    n[HEAD.shares] = new(n, corridors)
    n[HEAD.givers] = new(n, corridors)
    lay_needs(f, n)
    n[HEAD.initial] = new(n, products)
    n[HEAD.entered] = new(n, products)
    n[HEAD.adjusted] = new(n, products)
    n[HEAD.passed] = new(n, products * PASSES)
    n[HEAD.sold] = new(n, products)
    n[HEAD.used] = new(n, products)
    n[HEAD.gone] = new(n, products)
    n[HEAD.bound] = new(n, towns * products)
    n[HEAD.balance] = new(n, products * len(SUMS))
    n[HEAD.depots] = new(n, towns * DEPOT.words)
    n[HEAD.places] = new(n, towns * PLACE.words)
    n[HEAD.markets] = new(n, towns * products * MARKET.words)
    for t in range(towns):
        heed(n)
        build_depot(f, n, t)
        build_town(f, n, n[HEAD.places] + t * PLACE.words, t)
    _build_lines(f, n)
    build_points(f, n)
    build_record(f, n)
    n[HEAD.forces] = new(n, n[HEAD.escorts_count] * FORCE.words)
    for k in range(n[HEAD.escorts_count]):
        build_pool(f, n, n[HEAD.forces] + k * FORCE.words, k)
    if n[ADAPTIVE.on] != 0:
        build_adaptation(f, n)
    build_importers(f, n)
    n[HEAD.town_rows] = new(n, days * n[HEAD.markets_count] * (len(TOWNS) - 3))
    n[HEAD.flow_rows] = new(n, days * corridors * (len(FLOWS) - 2))
    n[HEAD.user_rows] = new(n, days * n[HEAD.users_count])
    n[HEAD.user_stocks] = new(n, days * n[HEAD.users_count])
    n[HEAD.stock_rows] = new(n, days * products * STOCK_COLUMNS)
    n[HEAD.imports] = new(n, (until + 1) * corridors * products)
    n[HEAD.imports_noted] = new(n, (until + 1) * corridors * products)
    n[HEAD.unit_hours] = new(n, n[HEAD.escorts_count])
    n[HEAD.duty_before] = new(n, n[HEAD.escorts_count])
    f[HEAD.last_news] = -math.inf


@compiled
def _build_lines(f: Reals, n: Words) -> None:
    """Lay out terminals, corridors and their tankers, all of them idle."""
    towns, corridors = n[HEAD.towns_count], n[HEAD.corridors_count]
    gates = new(n, n[HEAD.terminals_count] * GATE.words)
    for k in range(n[HEAD.terminals_count]):
        plan, place = n[HEAD.terminals] + k * TERMINAL.words, gates + k * GATE.words
        n[place + GATE.slots] = n[plan + TERMINAL.slots]
        n[place + GATE.slots_count] = n[plan + TERMINAL.slots_count]
        n[place + GATE.supply] = n[plan + TERMINAL.supply]
        n[place + GATE.supply_count] = n[plan + TERMINAL.supply_count]
        n[place + GATE.depot] = n[plan + TERMINAL.depot]
    sizes = new(n, corridors)
    lay_fleets(f, n, whole(f[FLEET.size]), sizes)
    for c in range(corridors):
        n[HEAD.tankers_count] += n[sizes + c]
    n[HEAD.tankers] = new(n, n[HEAD.tankers_count] * TANKER.words)
    n[HEAD.lines] = new(n, corridors * LINE.words)
    lorry = n[HEAD.tankers]
    for c in range(corridors):
        plan, line = n[HEAD.corridors] + c * CORRIDOR.words, n[HEAD.lines] + c * LINE.words
        n[line + LINE.corridor] = plan
        n[line + LINE.number] = c
        n[line + LINE.entity] = n[plan + CORRIDOR.entity]
        n[line + LINE.kind] = n[plan + CORRIDOR.kind]
        if n[plan + CORRIDOR.terminal] >= 0:
            n[line + LINE.terminal] = gates + n[plan + CORRIDOR.terminal] * GATE.words
        n[line + LINE.hub] = hub_of(n, c)
        n[line + LINE.regimes] = n[STRATEGY.inland] if n[line + LINE.kind] == INLAND else n[STRATEGY.imports]
        n[line + LINE.fleet] = n[sizes + c]
        n[line + LINE.crews_tankers] = n[sizes + c]
        n[line + LINE.crews_free] = whole(n[sizes + c] * f[CREWS.per_tanker])
        f[line + LINE.willing] = 1.0
        n[line + LINE.idle_from] = new(n, corridors)
        n[line + LINE.back] = new(n, towns)
        n[line + LINE.last_out] = new(n, towns)
        away = peace_hours(f, n, n[plan + CORRIDOR.abroad], n[plan + CORRIDOR.abroad_count])
        for t in range(towns):
            f[n[line + LINE.back] + t] = f[FLEET.returning] * (away + hours_to(f, n, c, t))
        for serial in range(n[sizes + c]):
            n[lorry + TANKER.home] = line
            n[lorry + TANKER.line] = line
            n[lorry + TANKER.serial] = serial
            n[lorry + TANKER.product] = -1
            n[lorry + TANKER.destination] = -1
            push_idle(n, line, lorry)
            lorry += TANKER.words


@compiled
def _begin(f: Reals, n: Words) -> None:
    """Spread tankers over their cycle, and open the calendar."""
    draw_phases(f, n)
    think_again(f, n)
    spread_tankers(f, n)
    for c in range(n[HEAD.corridors_count]):
        line = n[HEAD.lines] + c * LINE.words
        add(f, n, line + LINE.waiting_order, 0.0, n[line + LINE.idle_count])
    agenda.urgently(n, WHAT.MIDNIGHT, 0)
    call(f, n, ALLOTMENT_HOUR, RANK.ALLOTMENT, 0, WHAT.MORNING, 0)
    call(f, n, 0.0, RANK.DISPATCH, 0, WHAT.HOUR, 0)
    await_next(f, n)
    horizon = n[HEAD.until] * 24.0
    for k in range(n[CREWS.threat_at_count]):
        time = f[n[CREWS.threat_at] + k]
        if f[HEAD.begin] <= time < horizon:
            call(f, n, time, RANK.THREAT, 0, WHAT.THREAT, k)
    call(f, n, horizon, RANK.DISPATCH, 0, WHAT.END, 0)


@compiled
def _handle(f: Reals, n: Words, what: int, who: int, more: int, value: float) -> None:
    """Let an event happen."""
    if what == WHAT.LOT:
        receive(f, n, who, more, value)
    elif what == WHAT.HOUR:
        hour_begins(f, n, who)
    elif what == WHAT.CONVOY:
        drive(f, n, who, more)
    elif what == WHAT.ARRIVED or what == WHAT.THERE:
        tanker.reached(f, n, who)
    elif what == WHAT.TRIP:
        tanker.begin_trip(f, n, who)
    elif what == WHAT.TURNED:
        tanker.turned(f, n, who)
    elif what == WHAT.SLOT:
        tanker.at_slot(f, n, who)
    elif what == WHAT.LOADED:
        tanker.loaded(f, n, who)
    elif what == WHAT.READY or what == WHAT.STAND_BY:
        tanker.ready(f, n, who)
    elif what == WHAT.CUSTOMS:
        tanker.out(f, n, who)
    elif what == WHAT.BAY:
        tanker.at_bay(f, n, who)
    elif what == WHAT.UNLOADED:
        tanker.unloaded(f, n, who)
    elif what == WHAT.POURED:
        tanker.poured(f, n, who)
    elif what == WHAT.BAY_FREE:
        grant_bay(n, who)
    elif what == WHAT.DRAWN:
        grant_room(f, n, who)
    elif what == WHAT.BACK:
        tanker.back(f, n, who)
    elif what == WHAT.MOVED:
        tanker.moved(f, n, who)
    elif what == WHAT.FREED:
        set_free(f, n, who)
    elif what == WHAT.AMBUSH:
        lay(f, n, who)
        await_next(f, n)
    elif what == WHAT.THREAT:
        _threaten(f, n, who)
    elif what == WHAT.MORNING:
        for t in range(n[HEAD.towns_count]):
            allot(f, n, n[HEAD.places] + t * PLACE.words, who)
        if who + 1 < n[HEAD.until]:
            call(f, n, (who + 1) * 24.0 + ALLOTMENT_HOUR, RANK.ALLOTMENT, 0, WHAT.MORNING, who + 1)
    elif what == WHAT.MIDNIGHT:
        _midnight(f, n, who)


@compiled
def _threaten(f: Reals, n: Words, k: int) -> None:
    for c in range(n[HEAD.corridors_count]):
        line = n[HEAD.lines] + c * LINE.words
        if n[line + LINE.kind] != EXOGENOUS:
            threaten(f, n, line, f[n[CREWS.threat_factor] + k])


@compiled
def _midnight(f: Reals, n: Words, number: int) -> None:
    """Close the day before, unless it is the first, and begin a day."""
    if number > 0:
        judge(f, n)
        close_day(f, n, number - 1 - n[HEAD.warmup])
        if number == n[HEAD.until]:
            return
        for c in range(n[HEAD.corridors_count]):
            line = n[HEAD.lines] + c * LINE.words
            if n[line + LINE.kind] != EXOGENOUS:
                replace_crews(f, n, line)
        think_again(f, n)
        for k in range(n[HEAD.points_count]):
            change_minds(f, n, n[HEAD.points] + k * POINT.words)
        passed = number - n[HEAD.warmup]
        if n[ADAPTIVE.on] != 0 and passed > 0 and passed % DAYS == 0:
            draw_conclusions(f, n)
    if number == n[HEAD.warmup]:
        _begin_scenario(f, n)
    if f[HEAD.now] == f[STOCKS.national_at]:
        set_national(f, n)
    let_in(f, n)
    since = f[HEAD.now] - f[HEAD.last_news]
    for t in range(n[HEAD.towns_count]):
        day(f, n, n[HEAD.places] + t * PLACE.words, number, since)
    midnight(f, n)
    call(f, n, (number + 1) * 24.0, RANK.MIDNIGHT, 0, WHAT.MIDNIGHT, number + 1)


@compiled
def _begin_scenario(f: Reals, n: Words) -> None:
    """Begin the scenario: from now on the record counts."""
    for k in range(n[HEAD.markets_count]):
        advance(f, n, n[HEAD.markets] + k * MARKET.words, f[HEAD.now])
    set_stocks(f, n)
    open_books(f, n)
    for k in range(n[HEAD.escorts_count]):
        force = n[HEAD.forces] + k * FORCE.words
        f[n[HEAD.duty_before] + k] = duty_until(f, n, force, f[HEAD.now])

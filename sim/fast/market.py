"""A town's stations for one product under the retail law, and the people who buy there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.agenda import set_clock
from sim.fast.compiled import compiled, rule
from sim.fast.layout import KIND
from sim.fast.lowering import thing
from sim.fast.memory import note
from sim.fast.records import Record
from sim.rules import consumers, retail
from sim.rules.retail import NEVER

if TYPE_CHECKING:
    from sim.fast.layout import Country
    from sim.fast.records import Many, Row
    from sim.fast.town import Town

backlog_after, backlog_hours = rule(retail.backlog_after), rule(retail.backlog_hours)
ceiling, selling = rule(retail.ceiling), rule(retail.selling)
dry_in, queue_ends_in = rule(retail.dry_in), rule(retail.queue_ends_in)
burned = rule(consumers.burned)


class Forecourt(Record):
    """How many stations of a town have any product at all, over time; ``wet`` counts products by station."""

    wet: Row[int]
    any: int
    total: float
    last: float


class Station(Record):
    """A station's tank of one product.

    ``lot`` is what a tanker leaves there, ``reorder`` the stock under which it asks, ``lots`` are those of seven days.
    """

    wet: bool
    nozzles: int
    dry_key: float
    kept: float
    open: bool
    coming: float
    tank: float
    lot: float
    reorder: float
    lots: int
    stock: float
    asks: float
    asking: bool


class Match(Record):
    """A node of the tournament over dry keys: the least key below it, and whose it is."""

    key: float
    station: int


class Market(Record):
    """Stations, queue and consumers of a town and product.

    ``matches`` is a tournament over dry keys, ``recent`` has the lots given to each station on each of the last seven
    days, ``at_midnight`` is what stations held then, ``usual`` what they hold on average.
    """

    town: Town
    number: int
    product: int
    key: int
    stations: Many[Station]
    all_nozzles: int
    recent: Row[int]
    matches: Many[Match]
    leaves: int
    phi: float
    wet_nozzles: int
    wet_stations: int
    burn: float
    held: float
    backlog: float
    wanted: float
    kappa: float
    policy: float
    rate: float
    last: float
    due: float
    queue_ends: bool
    pending_first: float
    pending_rate: float
    pending_backlog: float
    pending_nozzles: int
    pending: bool
    at_midnight: float
    usual: float
    sum_wanted: float
    sum_sold: float
    sum_given_up: float
    sum_burned: float
    sum_backlog: float
    sum_open: float
    fill: float
    share: float
    closed: bool


@compiled
def turn(forecourt: Forecourt, time: float, station: int, change: int) -> None:
    """Note that a station of a town begins (+1) or ceases (-1) to sell a product."""
    before = forecourt.wet[station]
    after = before + change
    forecourt.wet[station] = after
    if (before == 0) != (after == 0):
        forecourt.total += forecourt.any * (time - forecourt.last)
        forecourt.last = time
        forecourt.any += 1 if after != 0 else -1


@compiled
def take_wet(forecourt: Forecourt, time: float) -> float:
    """Return station-hours with any product since the last call."""
    total = forecourt.total + forecourt.any * (time - forecourt.last)
    forecourt.total = 0.0
    forecourt.last = time
    return total


@compiled
def market_of(country: Country, town: int, product: int) -> Market:
    """Return a town's stations of a product, or nothing if none sells it."""
    for market in country.towns[town].markets:
        if market.product == product:
            return market
    return thing(Market, country, 0)


@compiled
def stock_of(market: Market, station: Station) -> float:
    """Return what a station holds, m3 (after ``advance``)."""
    if station.wet:
        return station.nozzles * (station.dry_key - market.phi)
    return station.kept


@compiled
def stock(market: Market) -> float:
    """Return what all stations hold, m3 (after ``advance``)."""
    total = 0.0
    for station in market.stations:
        total += stock_of(market, station)
    return total


@compiled
def advance(market: Market, now: float) -> None:
    """Move sales, queue and consumers on to a time; nothing else happens in between."""
    dt = now - market.last
    if dt <= 0.0:
        return
    sold, wanted = market.rate, market.wanted
    net = wanted - sold
    market.sum_wanted += wanted * dt
    market.sum_sold += sold * dt
    backlog = market.backlog
    if backlog > 0.0 or net > 0.0:
        give_up = market.country.plan.retail.give_up
        after = backlog_after(backlog, net, give_up, dt)
        area = backlog_hours(backlog, after, net, give_up, dt)
        market.sum_backlog += area
        market.sum_given_up += give_up * area
        market.backlog = after
    used = burned(market.held, market.burn, sold, dt)
    market.sum_burned += used
    held = market.held + sold * dt - used
    market.held = held if held > 0.0 else 0.0
    if market.wet_nozzles != 0:
        market.phi += sold / market.wet_nozzles * dt
    if market.policy > 0.0:
        market.sum_open += market.wet_stations * dt
    market.last = now


@compiled
def settle(market: Market) -> None:
    """After a change: set the sales rate and the next own event."""
    nozzles, backlog, wanted = market.wet_nozzles, market.backlog, market.wanted
    most = ceiling(market.kappa, nozzles, market.policy)
    rate = selling(wanted, most, backlog)
    market.rate = rate
    first = _first_key(market)
    dry = dry_in(first, market.phi, nozzles, rate)
    ends = queue_ends_in(backlog, wanted, rate, market.country.plan.retail.give_up)
    # An event already pending for the same dry station at the same rates stands; setting it anew would only move it
    # by rounding.
    behind = backlog if ends < dry else 0.0
    if (
        market.pending
        and market.pending_first == first
        and market.pending_rate == rate
        and market.pending_backlog == behind
        and market.pending_nozzles == nozzles
    ):
        return
    market.pending = True
    market.pending_first = first
    market.pending_rate = rate
    market.pending_backlog = behind
    market.pending_nozzles = nozzles
    wait = dry if dry <= ends else ends
    market.queue_ends = ends < dry
    set_clock(market, market.last + wait if wait < NEVER else NEVER)


@compiled
def own_event(market: Market) -> None:
    """Let the first station run dry, or the queue end."""
    now = market.due
    advance(market, now)
    market.pending = False
    set_clock(market, NEVER)
    if market.queue_ends:
        market.sum_given_up += market.backlog
        market.backlog = 0.0
        note(market.country, now, KIND.QUEUE_ENDS, market.town.entity, market.product, 0.0)
    else:
        first = _first_key(market)
        if first < NEVER:
            market.phi = first
            while _first_key(market) <= first:
                _dry(market, now, market.matches[1].station)
    settle(market)


@compiled
def _first_key(market: Market) -> float:
    return market.matches[1].key


@compiled
def _replay(market: Market, station: int, key: float) -> None:
    """Set a station's key and play its matches of the tournament again, up to one that ends as before."""
    matches = market.matches
    node = market.leaves + station
    match = matches[node]
    match.key = key
    match.station = station
    node >>= 1
    while node >= 1:
        winner, other = matches[2 * node], matches[2 * node + 1]
        if other.key < winner.key:
            winner = other
        match = matches[node]
        if match.station == winner.station and match.key == winner.key:
            return
        match.key = winner.key
        match.station = winner.station
        node >>= 1


@compiled
def set_up_tournament(market: Market) -> None:
    """Fill the tournament with all stations, none of them wet."""
    leaves = market.leaves
    for node in range(2 * leaves - 1, 0, -1):
        match = market.matches[node]
        match.key = NEVER
        match.station = node - leaves if node >= leaves else market.matches[2 * node].station


@compiled
def _dry(market: Market, now: float, number: int) -> None:
    station = market.stations[number]
    station.wet = False
    station.kept = 0.0
    market.wet_nozzles -= station.nozzles
    market.wet_stations -= 1
    _replay(market, number, NEVER)
    turn(market.town.forecourt, now, number, -1)
    note(market.country, now, KIND.DRY, market.town.entity, number, float(market.product))


@compiled
def _wet(market: Market, now: float, number: int, key: float) -> None:
    station = market.stations[number]
    if not station.wet:
        station.wet = True
        market.wet_nozzles += station.nozzles
        market.wet_stations += 1
        turn(market.town.forecourt, now, number, 1)
    station.dry_key = key
    _replay(market, number, key)


@compiled
def set_stock(market: Market, number: int, volume: float) -> None:
    """Set by hand what a station holds (after ``advance``, before ``settle``)."""
    station, now = market.stations[number], market.last
    if not station.open:
        station.kept = volume
    elif volume > 0.0:
        _wet(market, now, number, market.phi + volume / station.nozzles)
    elif station.wet:
        _dry(market, now, number)


@compiled
def receive(market: Market, number: int, volume: float) -> None:
    """Take in a lot that was coming."""
    now = market.country.now
    advance(market, now)
    market.stations[number].coming -= volume
    pour(market, now, number, volume)
    note(market.country, now, KIND.LOT, market.town.entity, number, volume)
    settle(market)


@compiled
def pour(market: Market, now: float, number: int, volume: float) -> None:
    """Put fuel into a station's tank; a closed station keeps it."""
    if volume <= 0.0:
        return
    station = market.stations[number]
    if not station.open:
        station.kept += volume
        return
    base = station.dry_key if station.wet else market.phi
    _wet(market, now, number, base + volume / station.nozzles)


@compiled
def set_open(market: Market, number: int, is_open: bool) -> None:
    """Open or close a station to the public; its fuel stays (after ``advance``, before ``settle``)."""
    station, now = market.stations[number], market.last
    if station.open == is_open:
        return
    if not is_open:
        held = stock_of(market, station)
        if station.wet:
            _dry(market, now, number)
        station.kept = held
        station.open = False
    else:
        station.open = True
        held = station.kept
        station.kept = 0.0
        pour(market, now, number, held)


@compiled
def close(market: Market) -> float:
    """Send home who waits, as nobody sells today; return what people want to buy there: nothing."""
    market.sum_given_up += market.backlog
    market.backlog = 0.0
    return 0.0

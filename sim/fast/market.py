"""A town's stations for one product under the retail law, and the people who buy there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fast.agenda import add, set_clock
from sim.fast.compiled import compile_all
from sim.fast.layout import KIND
from sim.fast.lowering import thing
from sim.fast.memory import note
from sim.fast.records import Record, flags, floats, ints
from sim.fast.rules import consumers, retail
from sim.rules.retail import NEVER

if TYPE_CHECKING:
    from sim.fast.agenda import Tally
    from sim.fast.layout import Country
    from sim.fast.records import Many, Part, Row
    from sim.fast.town import Town


class Forecourt(Record):
    """How many stations of a town have any product at all, over time; ``wet`` counts products by station."""

    wet: Row[int]
    any: Part[Tally]


class Station(Record):
    """A station's tank of one product.

    ``lot`` is what a tanker leaves there, ``reorder`` the stock under which it asks, ``lots`` are those of seven days.
    """

    nozzles: int
    lots: int
    dry_key, kept, coming, tank, lot, reorder, stock, asks = floats(8)
    wet, open, asking = flags(3)


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
    stations: Many[Station]
    recent: Row[int]
    matches: Many[Match]
    phi, burn, consumer_stock, backlog, wanted, kappa, policy, rate, last, due, pending_first, pending_rate = floats(12)
    at_midnight, usual, sum_wanted, sum_sold, sum_given_up, sum_burned, sum_backlog = floats(7)
    sum_open, fill, share = floats(3)
    number, product, key, all_nozzles, leaves, wet_nozzles, wet_stations, pending_nozzles = ints(8)
    queue_ends, pending, closed = flags(3)


def turn(forecourt: Forecourt, time: float, station: int, change: int) -> None:
    """Note that a station of a town begins (+1) or ceases (-1) to sell a product."""
    before = forecourt.wet[station]
    after = before + change
    forecourt.wet[station] = after
    if (before == 0) != (after == 0):
        add(forecourt.any, time, change)


def market_of(country: Country, town: int, product: int) -> Market:
    """Return a town's stations of a product, or nothing if none sells it."""
    for market in country.towns[town].markets:
        if market.product == product:
            return market
    return thing(Market, country, 0)


def stock_of(market: Market, station: Station) -> float:
    """Return what a station holds, m3 (after ``advance``)."""
    if station.wet:
        return station.nozzles * (station.dry_key - market.phi)
    return station.kept


def stock(market: Market) -> float:
    """Return what all stations hold, m3 (after ``advance``)."""
    total = 0.0
    for station in market.stations:
        total += stock_of(market, station)
    return total


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
        after = retail.backlog_after(backlog, net, give_up, dt)
        area = retail.backlog_hours(backlog, after, net, give_up, dt)
        market.sum_backlog += area
        market.sum_given_up += give_up * area
        market.backlog = after
    used = consumers.burned(market.consumer_stock, market.burn, sold, dt)
    market.sum_burned += used
    left = market.consumer_stock + sold * dt - used
    market.consumer_stock = left if left > 0.0 else 0.0
    if market.wet_nozzles != 0:
        market.phi += sold / market.wet_nozzles * dt
    if market.policy > 0.0:
        market.sum_open += market.wet_stations * dt
    market.last = now


def settle(market: Market) -> None:
    """After a change: set the sales rate and the next own event."""
    nozzles, backlog, wanted = market.wet_nozzles, market.backlog, market.wanted
    most = retail.ceiling(market.kappa, nozzles, market.policy)
    rate = retail.selling(wanted, most, backlog)
    market.rate = rate
    first = _first_key(market)
    dry = retail.dry_in(first, market.phi, nozzles, rate)
    ends = retail.queue_ends_in(backlog, wanted, rate, market.country.plan.retail.give_up)
    # A station's running dry that is already pending at the same rates stands; setting it anew would only move it by
    # rounding.  The end of a queue rests on what is wanted, too, and is always set anew.
    stands = market.pending and market.pending_first == first and market.pending_rate == rate
    if stands and market.pending_nozzles == nozzles and dry <= ends:
        return
    market.pending_first = first
    market.pending_rate = rate
    market.pending_nozzles = nozzles
    market.queue_ends = ends < dry
    market.pending = not market.queue_ends
    wait = ends if market.queue_ends else dry
    set_clock(market, market.last + wait if wait < NEVER else NEVER)


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


def _first_key(market: Market) -> float:
    return market.matches[1].key


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


def set_up_tournament(market: Market) -> None:
    """Fill the tournament with all stations, none of them wet."""
    leaves = market.leaves
    for node in range(2 * leaves - 1, 0, -1):
        match = market.matches[node]
        match.key = NEVER
        match.station = node - leaves if node >= leaves else market.matches[2 * node].station


def _dry(market: Market, now: float, number: int) -> None:
    station = market.stations[number]
    station.wet = False
    station.kept = 0.0
    market.wet_nozzles -= station.nozzles
    market.wet_stations -= 1
    _replay(market, number, NEVER)
    turn(market.town.forecourt, now, number, -1)
    note(market.country, now, KIND.DRY, market.town.entity, number, float(market.product))


def _wet(market: Market, now: float, number: int, key: float) -> None:
    station = market.stations[number]
    if not station.wet:
        station.wet = True
        market.wet_nozzles += station.nozzles
        market.wet_stations += 1
        turn(market.town.forecourt, now, number, 1)
    station.dry_key = key
    _replay(market, number, key)


def set_stock(market: Market, number: int, volume: float) -> None:
    """Set by hand what a station holds (after ``advance``, before ``settle``)."""
    station, now = market.stations[number], market.last
    if not station.open:
        station.kept = volume
    elif volume > 0.0:
        _wet(market, now, number, market.phi + volume / station.nozzles)
    elif station.wet:
        _dry(market, now, number)


def receive(market: Market, number: int, volume: float) -> None:
    """Take in a lot that was coming."""
    now = market.country.now
    advance(market, now)
    market.stations[number].coming -= volume
    pour(market, now, number, volume)
    note(market.country, now, KIND.LOT, market.town.entity, number, volume)
    settle(market)


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


def set_open(market: Market, number: int, is_open: bool) -> None:
    """Open or close a station to the public; its fuel stays (after ``advance``, before ``settle``)."""
    station, now = market.stations[number], market.last
    if station.open == is_open:
        return
    if not is_open:
        volume = stock_of(market, station)
        if station.wet:
            _dry(market, now, number)
        station.kept = volume
        station.open = False
    else:
        station.open = True
        volume = station.kept
        station.kept = 0.0
        pour(market, now, number, volume)


def close(market: Market) -> float:
    """Send home who waits, as nobody sells today; return what people want to buy there: nothing."""
    market.sum_given_up += market.backlog
    market.backlog = 0.0
    return 0.0


compile_all(globals())

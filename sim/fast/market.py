"""A town's stations for one product under the retail law, and the people who buy there."""

from __future__ import annotations

from sim.fast.agenda import set_clock
from sim.fast.compiled import Reals, Words, compiled, rule
from sim.fast.layout import HEAD, KIND, MARKET, MATCH, PLACE, RETAIL, STATION
from sim.fast.memory import note
from sim.rules import consumers, retail
from sim.rules.retail import NEVER

backlog_after, backlog_hours = rule(retail.backlog_after), rule(retail.backlog_hours)
ceiling, selling = rule(retail.ceiling), rule(retail.selling)
dry_in, queue_ends_in = rule(retail.dry_in), rule(retail.queue_ends_in)
burned = rule(consumers.burned)


@compiled
def turn(f: Reals, n: Words, place: int, time: float, station: int, change: int) -> None:
    """Note that a station of a town begins (+1) or ceases (-1) to sell a product."""
    wet = n[place + PLACE.wet] + station
    before = n[wet]
    after = before + change
    n[wet] = after
    if (before == 0) != (after == 0):
        f[place + PLACE.wet_total] += n[place + PLACE.wet_any] * (time - f[place + PLACE.wet_last])
        f[place + PLACE.wet_last] = time
        n[place + PLACE.wet_any] += 1 if after != 0 else -1


@compiled
def take_wet(f: Reals, n: Words, place: int, time: float) -> float:
    """Return station-hours with any product since the last call."""
    total = f[place + PLACE.wet_total] + n[place + PLACE.wet_any] * (time - f[place + PLACE.wet_last])
    f[place + PLACE.wet_total] = 0.0
    f[place + PLACE.wet_last] = time
    return total


@compiled
def market_of(n: Words, town: int, product: int) -> int:
    """Return a town's stations of a product, or 0 if none sells it."""
    place = n[HEAD.places] + town * PLACE.words
    for k in range(n[place + PLACE.markets_count]):
        market = n[place + PLACE.markets] + k * MARKET.words
        if n[market + MARKET.product] == product:
            return market
    return 0


@compiled
def stock_of(f: Reals, n: Words, market: int, station: int) -> float:
    """Return what a station holds, m3 (after ``advance``); the station is given by its place."""
    if n[station + STATION.wet] != 0:
        return n[station + STATION.nozzles] * (f[station + STATION.dry_key] - f[market + MARKET.phi])
    return f[station + STATION.kept]


@compiled
def stock(f: Reals, n: Words, market: int) -> float:
    """Return what all stations hold, m3 (after ``advance``)."""
    total = 0.0
    station = n[market + MARKET.stations]
    for _ in range(n[market + MARKET.count]):
        total += stock_of(f, n, market, station)
        station += STATION.words
    return total


@compiled
def advance(f: Reals, n: Words, market: int, now: float) -> None:
    """Move sales, queue and consumers on to a time; nothing else happens in between."""
    dt = now - f[market + MARKET.last]
    if dt <= 0.0:
        return
    sold = f[market + MARKET.rate]
    wanted = f[market + MARKET.wanted]
    net = wanted - sold
    f[market + MARKET.sum_wanted] += wanted * dt
    f[market + MARKET.sum_sold] += sold * dt
    backlog = f[market + MARKET.backlog]
    if backlog > 0.0 or net > 0.0:
        give_up = f[RETAIL.give_up]
        after = backlog_after(backlog, net, give_up, dt)
        area = backlog_hours(backlog, after, net, give_up, dt)
        f[market + MARKET.sum_backlog] += area
        f[market + MARKET.sum_given_up] += give_up * area
        f[market + MARKET.backlog] = after
    used = burned(f[market + MARKET.held], f[market + MARKET.burn], sold, dt)
    f[market + MARKET.sum_burned] += used
    held = f[market + MARKET.held] + sold * dt - used
    f[market + MARKET.held] = held if held > 0.0 else 0.0
    if n[market + MARKET.wet_nozzles] != 0:
        f[market + MARKET.phi] += sold / n[market + MARKET.wet_nozzles] * dt
    if f[market + MARKET.policy] > 0.0:
        f[market + MARKET.sum_open] += n[market + MARKET.wet_stations] * dt
    f[market + MARKET.last] = now


@compiled
def settle(f: Reals, n: Words, market: int) -> None:
    """After a change: set the sales rate and the next own event."""
    nozzles = n[market + MARKET.wet_nozzles]
    backlog = f[market + MARKET.backlog]
    wanted = f[market + MARKET.wanted]
    most = ceiling(f[market + MARKET.kappa], nozzles, f[market + MARKET.policy])
    rate = selling(wanted, most, backlog)
    f[market + MARKET.rate] = rate
    first = _first_key(f, n, market)
    dry = dry_in(first, f[market + MARKET.phi], nozzles, rate)
    ends = queue_ends_in(backlog, wanted, rate, f[RETAIL.give_up])
    # An event already pending for the same dry station at the same rates stands; setting it anew would only move it
    # by rounding.
    behind = backlog if ends < dry else 0.0
    if (
        n[market + MARKET.pending] != 0
        and f[market + MARKET.pending_first] == first
        and f[market + MARKET.pending_rate] == rate
        and f[market + MARKET.pending_backlog] == behind
        and n[market + MARKET.pending_nozzles] == nozzles
    ):
        return
    n[market + MARKET.pending] = 1
    f[market + MARKET.pending_first] = first
    f[market + MARKET.pending_rate] = rate
    f[market + MARKET.pending_backlog] = behind
    n[market + MARKET.pending_nozzles] = nozzles
    wait = dry if dry <= ends else ends
    n[market + MARKET.queue_ends] = 1 if ends < dry else 0
    set_clock(f, n, market, f[market + MARKET.last] + wait if wait < NEVER else NEVER)


@compiled
def own_event(f: Reals, n: Words, market: int) -> None:
    """Let the first station run dry, or the queue end."""
    now = f[market + MARKET.due]
    advance(f, n, market, now)
    n[market + MARKET.pending] = 0
    set_clock(f, n, market, NEVER)
    entity = n[n[market + MARKET.place] + PLACE.entity]
    if n[market + MARKET.queue_ends] != 0:
        f[market + MARKET.sum_given_up] += f[market + MARKET.backlog]
        f[market + MARKET.backlog] = 0.0
        note(f, n, now, KIND.QUEUE_ENDS, entity, n[market + MARKET.product], 0.0)
    else:
        first = _first_key(f, n, market)
        if first < NEVER:
            f[market + MARKET.phi] = first
            while _first_key(f, n, market) <= first:
                _dry(f, n, market, now, n[n[market + MARKET.matches] + MATCH.words + MATCH.station])
    settle(f, n, market)


@compiled
def _first_key(f: Reals, n: Words, market: int) -> float:
    return f[n[market + MARKET.matches] + MATCH.words + MATCH.key]


@compiled
def _replay(f: Reals, n: Words, market: int, station: int, key: float) -> None:
    """Set a station's key and play its matches of the tournament again, up to one that ends as before."""
    matches = n[market + MARKET.matches]
    node = n[market + MARKET.leaves] + station
    place = matches + node * MATCH.words
    f[place + MATCH.key] = key
    n[place + MATCH.station] = station
    node >>= 1
    while node >= 1:
        winner = matches + 2 * node * MATCH.words
        if f[winner + MATCH.words + MATCH.key] < f[winner + MATCH.key]:
            winner += MATCH.words
        place = matches + node * MATCH.words
        best, whose = f[winner + MATCH.key], n[winner + MATCH.station]
        if n[place + MATCH.station] == whose and f[place + MATCH.key] == best:
            return
        f[place + MATCH.key] = best
        n[place + MATCH.station] = whose
        node >>= 1


@compiled
def set_up_tournament(f: Reals, n: Words, market: int) -> None:
    """Fill the tournament with all stations, none of them wet."""
    matches, leaves = n[market + MARKET.matches], n[market + MARKET.leaves]
    for node in range(2 * leaves - 1, 0, -1):
        place = matches + node * MATCH.words
        f[place + MATCH.key] = NEVER
        n[place + MATCH.station] = node - leaves if node >= leaves else n[place + node * MATCH.words + MATCH.station]


@compiled
def _dry(f: Reals, n: Words, market: int, now: float, station: int) -> None:
    place = n[market + MARKET.stations] + station * STATION.words
    n[place + STATION.wet] = 0
    f[place + STATION.kept] = 0.0
    n[market + MARKET.wet_nozzles] -= n[place + STATION.nozzles]
    n[market + MARKET.wet_stations] -= 1
    _replay(f, n, market, station, NEVER)
    town = n[market + MARKET.place]
    turn(f, n, town, now, station, -1)
    note(f, n, now, KIND.DRY, n[town + PLACE.entity], station, float(n[market + MARKET.product]))


@compiled
def pour(f: Reals, n: Words, market: int, now: float, station: int, volume: float) -> None:
    """Put fuel into a station's tank; a closed station keeps it."""
    if volume <= 0.0:
        return
    place = n[market + MARKET.stations] + station * STATION.words
    if n[place + STATION.open] == 0:
        f[place + STATION.kept] += volume
        return
    base = f[place + STATION.dry_key] if n[place + STATION.wet] != 0 else f[market + MARKET.phi]
    _wet(f, n, market, now, station, base + volume / n[place + STATION.nozzles])


@compiled
def _wet(f: Reals, n: Words, market: int, now: float, station: int, key: float) -> None:
    place = n[market + MARKET.stations] + station * STATION.words
    if n[place + STATION.wet] == 0:
        n[place + STATION.wet] = 1
        n[market + MARKET.wet_nozzles] += n[place + STATION.nozzles]
        n[market + MARKET.wet_stations] += 1
        turn(f, n, n[market + MARKET.place], now, station, 1)
    f[place + STATION.dry_key] = key
    _replay(f, n, market, station, key)


@compiled
def set_stock(f: Reals, n: Words, market: int, station: int, volume: float) -> None:
    """Set by hand what a station holds (after ``advance``, before ``settle``)."""
    place = n[market + MARKET.stations] + station * STATION.words
    now = f[market + MARKET.last]
    if n[place + STATION.open] == 0:
        f[place + STATION.kept] = volume
    elif volume > 0.0:
        _wet(f, n, market, now, station, f[market + MARKET.phi] + volume / n[place + STATION.nozzles])
    elif n[place + STATION.wet] != 0:
        _dry(f, n, market, now, station)


@compiled
def receive(f: Reals, n: Words, market: int, station: int, volume: float) -> None:
    """Take in a lot that was coming."""
    now = f[HEAD.now]
    advance(f, n, market, now)
    f[n[market + MARKET.stations] + station * STATION.words + STATION.coming] -= volume
    pour(f, n, market, now, station, volume)
    note(f, n, now, KIND.LOT, n[n[market + MARKET.place] + PLACE.entity], station, volume)
    settle(f, n, market)


@compiled
def close(f: Reals, market: int) -> float:
    """Send home who waits, as nobody sells today; return what people want to buy there: nothing."""
    f[market + MARKET.sum_given_up] += f[market + MARKET.backlog]
    f[market + MARKET.backlog] = 0.0
    return 0.0


@compiled
def set_open(f: Reals, n: Words, market: int, station: int, is_open: bool) -> None:
    """Open or close a station to the public; its fuel stays (after ``advance``, before ``settle``)."""
    place = n[market + MARKET.stations] + station * STATION.words
    if (n[place + STATION.open] != 0) == is_open:
        return
    now = f[market + MARKET.last]
    if not is_open:
        held = stock_of(f, n, market, place)
        if n[place + STATION.wet] != 0:
            _dry(f, n, market, now, station)
        f[place + STATION.kept] = held
        n[place + STATION.open] = 0
    else:
        n[place + STATION.open] = 1
        held = f[place + STATION.kept]
        f[place + STATION.kept] = 0.0
        pour(f, n, market, now, station, held)

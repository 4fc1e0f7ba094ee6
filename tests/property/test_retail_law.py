"""A town's market against two independent calculations that keep every station's stock on its own.

Without giving up everything is piecewise linear, and `Exact` follows it in fractions from event to event.  With giving
up `Euler` takes small steps.  Neither knows dry keys, backlog formulas or pending events.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import inf, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.market import Forecourt, Market
from sim.model.world import Clock, Log
from sim.rules.order import Rank

SUMS = ("wanted", "sold", "given_up", "burned", "backlog_hours", "station_hours")


@dataclass
class Town:
    """Stations and people at the start; an action is (hour, what, numbers)."""

    nozzles: list
    stocks: list
    burn: float
    consumer_stock: float
    give_up: float
    actions: list


@dataclass
class Exact:
    """Piecewise linear motion in fractions; ``give_up`` is 0."""

    town: Town
    now: Fraction = Fraction(0)
    wanted: Fraction = Fraction(0)
    kappa: Fraction = Fraction(0)
    policy: float | Fraction = inf
    backlog: Fraction = Fraction(0)
    sums: dict = field(default_factory=lambda: dict.fromkeys(SUMS, Fraction(0)))

    def __post_init__(self):
        self.w = [Fraction(w) for w in self.town.nozzles]
        self.x = [Fraction(x) for x in self.town.stocks]
        self.open = [True] * len(self.w)
        self.burn, self.consumer_stock = Fraction(self.town.burn), Fraction(self.town.consumer_stock)

    def selling(self):
        """Return the stations that sell, and the sales rate."""
        wet = [i for i, x in enumerate(self.x) if x > 0 and self.open[i]]
        most = min(self.kappa * sum(self.w[i] for i in wet), self.policy)
        rate = most if self.backlog > 0 or self.wanted > most else self.wanted
        return wet, rate

    def run(self, until):
        while self.now < until:
            wet, rate = self.selling()
            nozzles = sum(self.w[i] for i in wet)
            waits = [until - self.now]
            if rate > 0:
                waits += [self.x[i] * nozzles / (self.w[i] * rate) for i in wet]
            if self.backlog > 0 and rate > self.wanted:
                waits.append(self.backlog / (rate - self.wanted))
            if self.consumer_stock > 0 and rate < self.burn:
                waits.append(self.consumer_stock / (self.burn - rate))
            self.step(min(waits), wet, nozzles, rate)

    def step(self, dt, wet, nozzles, rate):
        net = self.wanted - rate
        after = self.backlog + net * dt if self.backlog > 0 or net > 0 else self.backlog
        used = self.burn * dt if self.consumer_stock > 0 or rate >= self.burn else rate * dt
        for i in wet:
            self.x[i] -= self.w[i] / nozzles * rate * dt
        for name, value in (
            ("wanted", self.wanted * dt),
            ("sold", rate * dt),
            ("burned", used),
            ("backlog_hours", (self.backlog + after) / 2 * dt),
            ("station_hours", len(wet) * dt if self.policy > 0 else 0),
        ):
            self.sums[name] += value
        self.consumer_stock += rate * dt - used
        self.backlog = after
        self.now += dt

    def act(self, what, values):
        if what == "day":
            self.wanted, self.kappa = Fraction(values[0]), Fraction(values[1])
            self.policy = values[2] if values[2] == inf else Fraction(values[2])
        elif what == "lot":
            self.x[values[0]] += Fraction(values[1])
        else:
            self.open[values[0]] = values[1]


class Euler(Exact):
    """Small steps in floats, people giving up."""

    dt = 0.002

    def __post_init__(self):
        super().__post_init__()
        self.w, self.x = [float(w) for w in self.w], [float(x) for x in self.x]
        self.burn, self.consumer_stock, self.backlog, self.now = float(self.burn), float(self.consumer_stock), 0.0, 0.0
        self.sums = dict.fromkeys(SUMS, 0.0)

    def act(self, what, values):
        super().act(what, values)
        self.wanted, self.kappa = float(self.wanted), float(self.kappa)
        self.policy = float(self.policy)
        self.x = [float(x) for x in self.x]

    def run(self, until):
        steps = round((until - self.now) / self.dt)
        for _ in range(steps):
            wet, rate = self.selling()
            dt = (until - self.now) / steps if steps else 0.0
            dt = self.dt
            before, gone = self.backlog, self.town.give_up * self.backlog * dt
            sold = rate * dt
            if before > 0 and before - gone + (self.wanted - rate) * dt < 0:
                sold = before - gone + self.wanted * dt  # the last of the queue
            nozzles = sum(self.w[i] for i in wet)
            for i in wet:
                self.x[i] = max(0.0, self.x[i] - self.w[i] / nozzles * sold)
            if before > 0 or self.wanted > rate:
                self.backlog = max(0.0, before - gone + self.wanted * dt - sold)
            used = min(self.burn * dt, self.consumer_stock + sold)
            self.consumer_stock += sold - used
            for name, value in (
                ("wanted", self.wanted * dt),
                ("sold", sold),
                ("given_up", gone),
                ("burned", used),
                ("backlog_hours", before * dt),
                ("station_hours", len(wet) * dt if self.policy > 0 else 0),
            ):
                self.sums[name] += value
        self.now = until


def model(town, checks, look):
    """Let the model's market go through a town's actions; call ``look(market)`` at each of the checks."""
    clock = Clock()
    n = len(town.nozzles)
    market = Market(
        clock,
        Log(False),
        0,
        0,
        1,
        town.nozzles,
        [town.burn / n] * n,
        [inf] * n,
        [inf] * n,
        town.burn,
        town.give_up,
        Forecourt(n),
    )
    market.consumer_stock = town.consumer_stock
    for i, x in enumerate(town.stocks):
        market.fill(i, x)

    def act(what, values):
        if what == "day":
            market.advance(clock.now)
            market.set_day(*values)
        elif what == "lot":
            market.coming[values[0]] += values[1]
            market.receive(*values)
        else:
            market.advance(clock.now)
            market.set_open(*values)
            market.settle()

    for k, (hour, what, values) in enumerate(town.actions):
        clock.call(hour, Rank.LOT, k, lambda _, what=what, values=values: act(what, values))
    for hour in checks:
        # After all that happens at the hour.
        clock.call(hour, Rank.DISPATCH, 0, lambda _: (market.advance(clock.now), look(market)))
    clock.run(until=checks[-1] + 0.01)


def account(market):
    return {
        "wanted": market.sum_wanted,
        "sold": market.sum_sold,
        "given_up": market.sum_given_up,
        "burned": market.sum_burned,
        "backlog_hours": market.sum_backlog,
        "station_hours": market.sum_open,
    }


def state(market):
    return [*market.stocks(), market.backlog, market.consumer_stock, *account(market).values()]


def compare(town, other, tolerance):
    """Follow both from check to check: every 5 hours and at the end of each action's hour."""
    last = max(hour for hour, *_ in town.actions)
    checks = sorted({*(k * 5.0 for k in range(1, int(last // 5) + 6))})
    seen = []
    model(town, checks, lambda market: seen.append(state(market)))
    todo = sorted(town.actions, key=lambda action: action[0])
    for hour, reading in zip(checks, seen, strict=True):
        while todo and todo[0][0] <= hour:
            at, what, values = todo.pop(0)
            other.run(Fraction(at) if type(other) is Exact else at)
            other.act(what, values)
        other.run(Fraction(hour) if type(other) is Exact else hour)
        expected = [*other.x, other.backlog, other.consumer_stock, *(other.sums[name] for name in SUMS)]
        for name, value, exact in zip([*range(len(town.nozzles)), "B", "V", *SUMS], reading, expected, strict=True):
            assert isclose(value, exact, rel_tol=tolerance, abs_tol=tolerance), (hour, name, value, float(exact))


eighths = st.integers(0, 160).map(lambda k: k / 8)
hours = st.integers(0, 400).map(lambda k: k / 8)


@st.composite
def towns(draw):
    n = draw(st.integers(1, 5))
    nozzles = draw(st.lists(st.integers(1, 6), min_size=n, max_size=n))
    stocks = draw(st.lists(eighths, min_size=n, max_size=n))
    station = st.integers(0, n - 1)
    policy = st.one_of(st.just(inf), st.sampled_from([0.0, 1.5023, 4.0031]))
    # Odd rates: no station runs dry at the very hour of an action, where rounding would decide which comes first.
    day = st.tuples(eighths.map(lambda x: x * 0.50137), st.sampled_from([0.2513, 0.3771, 0.5019, 1.1257]), policy)
    actions = [(24.0 * k, "day", draw(day)) for k in range(3)]
    for hour, what in draw(st.lists(st.tuples(hours, st.sampled_from(["lot", "lot", "lot", "open"])), max_size=12)):
        if what == "lot":
            actions.append((hour, "lot", (draw(station), draw(st.integers(1, 16)) * 0.75)))
        else:
            actions.append((hour, "open", (draw(station), draw(st.booleans()))))
    # Simultaneous actions in one order for all, midnight's first.
    actions.sort(key=lambda action: action[0])
    return Town(nozzles, stocks, draw(eighths), draw(eighths) * 4, 0.0, actions)


@settings(max_examples=400)
@given(towns())
def test_market_against_fractions(town):
    compare(town, Exact(town), 1e-9)


def test_a_queue_ends_later_if_more_is_wanted_at_the_moment_that_set_its_end():
    """Sales are at the ceiling before and after: the wanted rate is all that changes."""
    days = [(0.0, "day", (6.0, 1.0, 4.0)), (24.0, "day", (1.0, 1.0, 4.0)), (24.0, "day", (3.0, 1.0, 4.0))]
    town = Town([4], [500.0], 3.0, 20.0, 0.0, days)
    compare(town, Exact(town), 1e-9)


@settings(max_examples=20)
@given(towns(), st.sampled_from([0.03, 0.2, 1.0]))
def test_market_against_small_steps(town, give_up):
    town = Town(**{**vars(town), "give_up": give_up})
    compare(town, Euler(town), 0.08)


def test_small_steps_close_in():
    """The difference from the model falls with the step: what is left is the integration's, not the model's."""
    town = Town(
        [2, 3, 1],
        [9.0, 5.0, 4.0],
        3.0,
        20.0,
        0.1,
        [
            (0.0, "day", (6.0, 0.5, inf)),
            (5.0, "lot", (1, 9.0)),
            (13.0, "lot", (0, 6.0)),
            (24.0, "day", (1.0, 1.0, inf)),
            (25.0, "lot", (2, 12.0)),
        ],
    )
    reading = []
    model(town, [40.0], lambda market: reading.extend(state(market)))
    errors = []
    for dt in (0.02, 0.002):
        other = Euler(town)
        other.dt = dt
        for at, what, values in town.actions:
            other.run(at)
            other.act(what, values)
        other.run(40.0)
        expected = [*other.x, other.backlog, other.consumer_stock, *(other.sums[name] for name in SUMS)]
        errors.append(max(abs(value - exact) for value, exact in zip(reading, expected, strict=True)))
    assert errors[1] < 0.06
    assert errors[1] < errors[0] / 4


@settings(max_examples=300)
@given(towns(), st.sampled_from([0.0, 0.03, 0.2, 1.0, 10.0]))
def test_wanted_is_sold_given_up_or_waiting(town, give_up):
    """At every moment; and fuel bought is burned or held, fuel delivered is sold or in tanks."""
    town = Town(**{**vars(town), "give_up": give_up})
    poured = sum(town.stocks) + sum(values[1] for _, what, values in town.actions if what == "lot")
    last = max(hour for hour, *_ in town.actions)

    def look(market):
        sums = account(market)
        assert sums["wanted"] == pytest.approx(sums["sold"] + sums["given_up"] + market.backlog, rel=1e-9, abs=1e-9)
        used = sums["burned"] + market.consumer_stock
        assert town.consumer_stock + sums["sold"] == pytest.approx(used, rel=1e-9, abs=1e-9)
        assert min(state(market)) >= -1e-9
        if market.clock.now > last:
            assert market.stock() + sums["sold"] == pytest.approx(poured, rel=1e-9, abs=1e-9)

    model(town, [7.0, 24.0, 31.5, 48.0, 60.0, 80.0], look)


def test_stations_of_different_nozzles_run_dry_in_order():
    """Sales are shared by nozzles: of equal tanks, the station with most nozzles is empty first."""
    town = Town([1, 4, 2], [12.0, 12.0, 12.0], 0.0, 0.0, 0.0, [(0.0, "day", (7.0, 1.0, inf))])
    dry = {}

    def look(market):
        for i, wet in enumerate(market.wet):
            if not wet:
                dry.setdefault(i, market.clock.now)

    model(town, [k / 4 for k in range(1, 60)], look)
    # 3 h at 7 m3/h empties station 1; the others hold 9 and 6 and sell 3 between them, by nozzles: 1 and 2 m3/h.
    # Station 2 is empty after 3 h more, then station 0 sells its last 6 m3 at its one nozzle's 1 m3/h.
    assert dry == {1: 3.0, 2: 6.0, 0: 12.0}

"""Each rule gives the same bits compiled as interpreted, on 100,000 inputs with edges and ties among them."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
from typing import NamedTuple

import numpy as np
import pytest
from numba import njit

import sim.rules
from sim.fast.draws import keyed
from sim.fast.rules import RULES
from sim.plan import laws
from sim.world import occasions
from sim.world.philox import philox4x32, uniform

MANY = 100_000
INF = math.inf


class Real(NamedTuple):
    """Real numbers from low to high, a third of them spread over the powers of ten, and edges."""

    low: float
    high: float
    edges: tuple[float, ...] = ()

    def sample(self, chance, shape):
        """Return an array of them."""
        values = chance.uniform(self.low, self.high, shape)
        small = 10.0 ** chance.uniform(-12, math.log10(max(abs(self.low), abs(self.high))), shape)
        values = np.where(chance.random(shape) < 0.3, np.clip(small * np.sign(values), self.low, self.high), values)
        edges = np.array((self.low, self.high, *self.edges, *(self._whole(chance) for _ in range(4))))
        return np.where(chance.random(shape) < 0.2, chance.choice(edges, shape), values)

    def _whole(self, chance):
        return min(float(math.ceil(chance.uniform(self.low, self.high))), self.high)


class Whole(NamedTuple):
    """Whole numbers from low to high, and edges."""

    low: int
    high: int
    edges: tuple[int, ...] = ()

    def sample(self, chance, shape):
        """Return an array of them."""
        values = chance.integers(self.low, self.high + 1, shape)
        edges = chance.choice((self.low, self.high, *self.edges), shape)
        return np.where(chance.random(shape) < 0.1, edges, values)


class Flag(NamedTuple):
    """Yes or no."""

    def sample(self, chance, shape):
        """Return an array of them."""
        return chance.random(shape) < 0.5


class Row(NamedTuple):
    """Several numbers at once; where a ``mask`` says so, they are nothing."""

    each: Real | Whole
    length: int
    mask: tuple[int, ...] = ()

    def sample(self, chance, shape):
        """Return an array with a row for each input."""
        return self.each.sample(chance, (shape, self.length)) * np.array(self.mask or (1,) * self.length)


SHARE = Real(0, 1)
HOURS = Real(0, 400, (24.0, 48.0, 1e5))
TIME = Real(0, 4392, (6.0, 18.0, 24.0, 1e-9))
VOLUME = Real(0, 2e4, (10.0, 46.0, 1e7))
RATE = Real(0, 500, (1e5,))
MARK = Real(0, 1 - 2**-53, (2**-53, 0.075, 0.925, 0.5, math.nextafter(0.5, 0)))
RATIO = Real(0, 10, (1.0, 0.5))
ESCORT = Whole(0, 15)
END = Real(1e-3, 1e4, (1.0,))

ALIKE = (
    (
        "abducted alone carried detects deters driven enters felt follow interest killed part phase rate served "
        "share taken thermal through turned_back w_detection w_deterrence willing",
        SHARE,
    ),
    (
        "aim asked capacity coming everything inside kept level national position reorder room stations stock "
        "tank target together",
        VOLUME,
    ),
    (
        "arrived base before bought_rate burn exposed need ordered own_need sales today whole whole_base "
        "whole_exposed whole_need",
        RATE,
    ),
    ("calm cover days delay holds hours lead news_held refit reserve rest short_cover wait", HOURS),
    ("exogenous fought halts hub_first is_alarmed is_ambush is_day is_imposed with_escort withheld", Flag()),
    ("by_day escort flying ground", ESCORT),
    ("high low median mode", END),
    ("home_at last left_at time", TIME),
)

RANGES = {name: each for names, each in ALIKE for name in names.split()} | {
    "alarmed": Real(0, 5),
    "all_nozzles": Whole(1, 4000),
    "backlog": Real(0, 2e4, (1e-15, 1e-9)),
    "after": Real(0, 2e4),
    "cap": Real(1, 100),
    "ceiling": Real(1e-6, 10),
    "chance": Real(0, 0.999),
    "correction": Real(24, 1e5),
    "count": Whole(1, 5000),
    "cycle": Real(0.1, 100, (1.0,)),
    "damage": Real(0, 5000),
    "day": Whole(0, 6400),
    "day_from": Real(0, 24, (6.0,)),
    "day_to": Real(0, 24, (18.0,)),
    "delivered_from": Real(0, 18),
    "delivered_to": Real(0, 18),
    "detection": Real(0, 0.99),
    "deterrence": Real(0, 0.99),
    "driving": Real(1, 24),
    "dt": Real(0, 24, (1e-9, 1e-15)),
    "effort": Real(0, 10, (1e-300,)),
    "escorted": Real(0.5, 60),
    "exponent": Real(-1, 3, (0.0, 0.5, 1.0)),
    "factor": Real(0.1, 1.9, (1.0,)),
    "factors": Row(RATIO, 4),
    "fading": Real(1, 1e5),
    "fear": Real(0, 10),
    "fights": Whole(0, 1000),
    "fill": Real(0.5, 1000),
    "first_key": Real(0, 1e5, (INF,)),
    "free_at": Real(0, 4392, (INF,)),
    "flow": Real(10, 1e5),
    "gap": Real(0, 40, (INF,)),
    "give_up": Real(0, 10, (0.0, 0.05)),
    "growth": Real(0, 2),
    "hoarding": Real(0, 5, (1.0,)),
    "hubs": Row(Whole(1, 1), 2, (0, 1)),
    "k": Whole(0, 2),
    "kappa": Real(0, 5),
    "keys": Row(Real(0, 10, (0.0, 5.0)), 5),
    "law": Whole(0, 2),
    "length": Real(0.1, 5000),
    "lifetime": Real(0.1, 1e5),
    "load": Real(1, 200, (46.0,)),
    "loads": Real(1, 200_000),
    "lost": Real(0, 500),
    "lot": Real(0.5, 100, (10.0,)),
    "mark": MARK,
    "mean": Real(0, 3000, (700.0,)),
    "missing": Real(0, 2e4),
    "most": Real(0, 500, (INF,)),
    "net": Real(-500, 500, (0.0,)),
    "none": Real(0.01, 100),
    "nozzles": Whole(0, 4000),
    "others": Row(SHARE, 3),
    "own": Row(RATE, 6),
    "pace": Real(1, 120),
    "per_nozzle": Real(0.5, 500),
    "phi": Real(0, 1e5),
    "policy": Real(0, 500, (INF,)),
    "prey": Real(0, 1000),
    "product": Whole(0, 1),
    "products": Whole(2, 2),
    "rank": Whole(0, 4999),
    "ratio": Real(1e-6, 100, (0.0, 1.0)),
    "ratios": Row(RATIO, 4),
    "recovery": Real(1, 1e5),
    "refill": Real(24, 1e5),
    "resolve": Real(24, 1e5),
    "service": Real(0, 2),
    "shape": Real(0.05, 1000),
    "shares": Row(SHARE, 6, (0, 0, 1, 0, 1, 1)),
    "since_news": Real(0, 4392, (INF,)),
    "size": Whole(1, 2000),
    "slots": Real(0, 1e4),
    "sold": Real(0, 2e4, (0.0,)),
    "sold_rate": Real(0, 500, (0.0,)),
    "spread": Real(0, 2),
    "starts": Row(TIME, 3),
    "steady": Row(SHARE, 3),
    "supply": Real(0, 1e5, (INF,)),
    "tankers": Whole(0, 500),
    "town": Whole(0, 2),
    "u": MARK,
    "value": Real(-2e4, 2e4, (0.5, -0.5, 1e15)),
    "values": Row(RATE, 3),
    "volume": Real(1, 1000),
    "w_damage": Real(0.001, 1),
    "weights": Row(Real(0, 100, (0.0, 1.0, 2.0, 3.0)), 3),
    "wanted": Real(0, 500, (0.0,)),
    "warmup": Whole(0, 100),
    "x": Real(-100, 100),
    "coefficients": Row(Real(-1e4, 1e4), 8),
}
"""What a parameter of a name may be, whatever the rule."""

OWN = {
    "adaptation.grown": {"level": Real(-50, 800, (700.0, 700.0000001))},
    "adaptation.recruited": {"level": Real(0, 50)},
    "encounter.outcome": {"prey": MARK},
    "escort.free_again": {"ground": Flag()},
    "encounter.negative_binomial": {"most": Whole(0, 100, (600,))},
    "hazard.chance_of_meeting": {"mean": Real(0, 50)},
    "hazard.rate_of_chance": {"part": Real(1e-3, 1)},
    "orders.burn": {"whole": Real(1e-3, 10)},
    "orders.supplier_share": {"weights": Row(Real(1e-3, 1), 3)},
    "retail.black_market": {"wanted": VOLUME, "exponent": Real(0, 10)},
    "orders.smoothed": {"delay": Real(24, 1e5)},
    "orders.whole_loads": {"volume": VOLUME, "most": VOLUME},
    "orders.whole_tankers": {"volume": VOLUME},
    "sharing.next_least": {"last": Whole(-1, 4)},
}
"""What a parameter may be in one rule."""

ORDERED = {
    "laws.clip": ("low", "high"),
    "laws.draw": ("low", "mode", "high"),
    "laws.lognormal": ("low", "median", "high"),
    "laws.triangular": ("low", "mode", "high"),
    "laws.uniform": ("low", "high"),
}
"""Parameters of a rule of which none is less than the one before."""

LEFT_OUT = {"steps.total": "takes any iterable; loops of the compiled engine add in the same order"}


def rules():
    """Return every function of the rules and the quantile functions by name of module and function."""
    names = [module.name for module in pkgutil.iter_modules(sim.rules.__path__)]
    modules = [importlib.import_module(f"sim.rules.{name}") for name in names]
    return {
        f"{module.__name__.split('.')[-1]}.{name}": function
        for module in (*modules, laws, occasions)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
    }


def inputs(name, function):
    """Return an array of values for each parameter; some values are those of another parameter."""
    chance = np.random.default_rng([*name.encode()])
    names = list(inspect.signature(function).parameters)
    ranges = {parameter: OWN.get(name, {}).get(parameter, RANGES.get(parameter)) for parameter in names}
    unknown = [parameter for parameter in names if ranges[parameter] is None]
    assert not unknown, f"{name}: what may {unknown} be?"
    drawn = {parameter: ranges[parameter].sample(chance, MANY) for parameter in names}
    reals = [parameter for parameter in names if isinstance(ranges[parameter], Real)]
    for parameter in reals[1:]:
        other = drawn[reals[chance.integers(len(reals))]]
        fits = (other >= ranges[parameter].low) & (other <= ranges[parameter].high) & (chance.random(MANY) < 0.05)
        drawn[parameter] = np.where(fits, other, drawn[parameter])
    if name in ORDERED:
        columns = np.sort([drawn[parameter] for parameter in ORDERED[name]], axis=0)
        drawn |= dict(zip(ORDERED[name], columns, strict=True))
    return [drawn[parameter] for parameter in names]


def looped(compiled, columns):
    """Return the results of a compiled function on all inputs, found in a compiled loop, an array a result."""
    first = compiled(*(column[0] for column in columns))
    many = len(first) if isinstance(first, tuple) else 1
    kinds = [np.float64 if isinstance(value, float) else np.int64 for value in (first if many > 1 else (first,))]
    results = [np.empty(MANY, kind) for kind in kinds]
    ins = [f"a{k}" for k in range(len(columns))]
    outs = [f"r{k}" for k in range(many)]
    code = (
        f"def loop({', '.join((*ins, *outs))}):\n"
        f"    for i in range({MANY}):\n"
        f"        {', '.join(f'{out}[i]' for out in outs)} = compiled({', '.join(f'{column}[i]' for column in ins)})\n"
    )
    scope = {"compiled": compiled}
    exec(code, scope)
    njit(scope["loop"])(*columns, *results)
    return results


def interpreted(function, columns):
    """Return the results of a function on all inputs, an array a result."""
    results = [function(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]
    single = not isinstance(results[0], tuple)
    listed = [results] if single else list(zip(*results, strict=True))
    return [np.array(values, np.float64 if isinstance(values[0], float) else np.int64) for values in listed]


RULES_HERE = rules()


def test_no_rule_is_forgotten():
    assert len(RULES_HERE) > 40
    assert RULES_HERE.keys() - LEFT_OUT.keys() == RULES.keys()
    used = {parameter for name in RULES for parameter in inspect.signature(RULES_HERE[name]).parameters}
    assert RANGES.keys() <= used
    assert OWN.keys() | ORDERED.keys() <= RULES.keys()


@pytest.mark.parametrize("name", sorted(RULES_HERE.keys() - LEFT_OUT.keys()))
def test_a_rule_is_the_same_compiled(name):
    columns = inputs(name, RULES_HERE[name])
    ours, theirs = interpreted(RULES_HERE[name], columns), looped(RULES[name], columns)
    assert len(ours) == len(theirs)
    for column, other in zip(ours, theirs, strict=True):
        assert column.dtype == other.dtype
        unequal = np.flatnonzero(column.view(np.int64) != other.view(np.int64))
        k = int(unequal[0]) if len(unequal) else 0
        given = [column[k].tolist() for column in columns]
        first = f"{name}({given}): {column[k]!r}, compiled {other[k]!r}"
        assert len(unequal) == 0, f"{len(unequal)} differ, the first {first}"
        assert len(set(column[:1000].tolist())) > 1, f"{name} gives {column[0]!r} whatever it is given"


def test_keyed_numbers_are_the_same_compiled():
    chance = np.random.default_rng(5)
    words = chance.integers(0, 2**32, (6, MANY))
    words[:, :4] = np.array([[0] * 6, [2**32 - 1] * 6, [1] * 6, [2**31] * 6]).T
    ours = [uniform(philox4x32(tuple(w[2:]), tuple(w[:2]))) for w in zip(*words.tolist(), strict=True)]
    (theirs,) = looped(keyed, list(words))
    assert ours == theirs.tolist()


def test_a_rule_that_rounds_otherwise_is_found():
    """Multiplied by the inverse instead of divided, for one."""

    def other_target(volume: float, load: float, carried: float) -> tuple[int, float]:
        exact = volume * (1.0 / load) + carried
        n = math.floor(exact)
        return n, exact - n

    function = RULES_HERE["orders.whole_tankers"]
    columns = inputs("orders.whole_tankers", function)
    wrong = looped(njit(other_target), columns)[1]
    assert (interpreted(function, columns)[1] != wrong).any()

"""Random small countries: fuel is conserved, results are sane, and the order of a file's things does not matter.

The model compares, per product, what was there and came in with what was used and is left, and raises ModelError beyond
1e-9 of it (`sim.model.books.Books.check_balance`); here it must not.
"""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.plan import build as build_plan
from sim.results.measures import measures
from sim.study.replicate import simulate
from tests import build
from tests.property.scenarios import supplied

DAYS = 16
share = st.sampled_from([0, 0.1, 0.35, 0.5, 0.9, 1])
GROUND = {"rest": "24 h", "refit": "48 h", "rebuilt": "96 h"}
# With ranges, since a corridor that surely never gets an escort that it must have is refused.
SHARES = {"sea": 0.7, "north": build.ranged(0.3, 0, 1), "lake": build.ranged(0.1, 0, 0.5)}


def some(*values):
    return st.sampled_from(values)


def steps(values):
    """Return a number by date: one, or a second one from a random day on."""

    def dated(pair):
        first, second, day = pair
        return first if second is None else [{"value": first}, {"from": f"day {day}", "value": second}]

    return st.tuples(values, st.none() | values, st.integers(1, DAYS - 1)).map(dated)


@st.composite
def regimes(draw):
    """Return one or two regimes."""
    listed = []
    for k in range(draw(st.integers(1, 2))):
        must = draw(some([], ["national"], ["national", "foreign"], ["national", "foreign", "air"], ["air"]))
        may = [c for c in draw(some([], ["air"], ["foreign", "air"], ["national"])) if c not in must]
        least = draw(some(1, 3, 8))
        regime = {
            "must": must,
            "may": may,
            "min": least,
            "max": least + draw(some(0, 5, 100)),
            "headway": draw(some("0 h", "6 h", "24 h")),
            "longest_wait": draw(some("0 h", "24 h", "96 h")),
            "daylight": draw(st.booleans()),
            "alone": draw(st.booleans()),
            "patience": draw(some("0 h", "24 h", "100000 h")),
        }
        listed.append(regime if k == 0 else {"from": f"day {draw(st.integers(1, DAYS - 1))}", **regime})
    return listed


@st.composite
def rationing(draw):
    """Return a rule on sales."""
    first = draw(st.integers(0, DAYS - 2))
    return {
        "from": f"day {first}",
        "to": f"day {draw(st.integers(first + 1, DAYS + 3))}",
        "towns": draw(some([], ["Capital"], ["North", "Capital"])),
        "products": draw(some([], ["petrol"], ["diesel", "heavy"])),
        **draw(
            some(
                {"fill": "10 L"},
                {"share": 0.5},
                {"share": 0},
                {"closed_days": ["sun", "mon"]},
                {"closed_stations": 0.4},
                {"closed_stations": 1},
                {"fill": "13 L", "share": 0.8, "closed_days": ["fri"], "closed_stations": 0.1},
            )
        ),
    }


@st.composite
def countries(draw):
    """Return a country as a file would state it."""
    need = draw(some("0.0001 ML/day", "0.1 ML/day", "0.4 ML/day", "1 ML/day"))
    pools = {
        name: {
            "component": component,
            "units": draw(steps(some(1, 2, 5))),
            "serves": [],  # all, so that no regime asks for an escort that never comes
            "cost": "5000 USD/day",
            **(GROUND if component != "air" else {"availability": draw(some(0.1, 0.5, 1))}),
        }
        for name, component in (("army", "national"), ("friends", "foreign"), ("wing", "air"))
    }
    allocation = draw(some("queue", "priority", "shares"))
    content = build.lay(
        build.COUNTRY,
        build.INLAND,
        {
            "end": "2030-01-17",
            "scope": draw(some("all", "all", "pump")),
            "products": {
                "petrol": {"need": need},
                "diesel": {"pump": True, "need": draw(some("0 ML/day", "0.3 ML/day")), "price": "650 XOF/L"},
                "heavy": {"pump": False, "need": "0 ML/day"},
            },
            "towns": {
                name: {
                    "share": draw(some(0.1, 0.5, 1)) if name == "Capital" else draw(some(0, 0.1, 0.5)),
                    "blockade": draw(steps(share)),
                    "depot": {
                        "capacity": draw(some("1 day", "4 days", "50 days")),
                        "target": draw(some("10 %", "75 %", "100 %")),
                        "bays": draw(some(1, 2, 10)),
                    },
                    "stations": {
                        "count": draw(some(1, 3, 9)),
                        "tank": draw(some("8 m3", "40 m3", "200 m3")),
                        "spread": draw(some(0, 0.5)),
                    },
                }
                for name in ("Capital", "North")
            },
            "junctions": {"Dock": {"at": build.HERE}},
            "roads": {
                "lakeside": {"from": "Dock", "to": "North", "length": "200 km", "pace": "50 km/h"},
                "plain": {"pace": draw(some("20 km/h", "80 km/h"))},
            },
            "terminals": {
                "Harbour": {"slots": draw(steps(some("0 /day", "6 /day", "60 /day")))},
                "Quay": {"town": "Dock", "slots": "20 /day"},
                "Capital depot": {"slots": draw(some("2 /day", "30 /day"))},
            },
            "corridors": {
                "sea": {
                    "share": draw(steps(some(0.2, 0.7, 1))),
                    "open": draw(steps(some(0, 1, 1))),
                    "customs": draw(steps(some("0 h", "12 h", "72 h"))),
                    "turnaround": draw(some("0 h", "20 h")),
                },
                "lake": {
                    "kind": "import",
                    "terminal": "Quay",
                    "roads": ["lakeside", "savanna"],
                    "assembly": "Dock",
                    "serves": ["North", "Capital"],
                    "share": draw(some(0.1, 0.5)),
                    "fleet": draw(some(0, 0.5)),
                    "open": draw(steps(some(0, 1, 1))),
                },
                "north": {"fleet": draw(some(0, 0.2, 1)), "share": draw(some(0.3, 1))},
                "other": {
                    "kind": "exogenous",
                    "serves": ["Capital"],
                    "share": draw(some(0, 0.06, 1)),
                    "open": draw(steps(some(0, 1))),
                },
            },
            "zones": {
                "savanna": {
                    "roads": ["plain", "savanna"],
                    **draw(
                        st.one_of(
                            steps(some("0 /month", "30 /month", "300 /month")).map(lambda x: {"effort": x}),
                            share.map(lambda x: {"chance": min(x, 0.9)}),
                        )
                    ),
                    "ceiling": "300 /month",
                    "mines": draw(steps(some("0 /month", "40 /month"))),
                    "roadblocks": draw(steps(some("0 /km", "0.002 /km", "0.05 /km"))),
                }
            },
            "fleet": {
                "size": draw(some(1, 3, 40, 200)),
                "load": draw(some("46 m3", "45.9 m3", "33.3 m3")),
                "unloading": draw(some("0.5 h", "6 h")),
                "day_factor": draw(some(0, 0.3)),
                "moves": {"share": draw(share), "delay": draw(some("0 h", "30 h"))},
            },
            "crews": {
                "per_tanker": draw(some(0.3, 1, 1.5)),
                "killed": draw(share),
                "abducted": draw(share),
                "freed": "5 days",
                "replaced": draw(share),
            },
            "willingness": {
                "on": draw(st.booleans()),
                "fear": draw(some(0, 0.2, 3)),
                "recovery": draw(some("1 day", "30 days")),
                "threats": {"one": {"at": f"day {draw(st.integers(0, DAYS))}", "factor": draw(share)}},
                "strikes": {"two": {"from": "day 4", "to": f"day {draw(st.integers(5, 9))}", "corridors": ["sea"]}},
            },
            "escorts": {
                "pools": pools,
                "loss_ratio": {"none": draw(some(1, 2)), "foreign": draw(some(0, 0.6)), "air": draw(some(0, 0.4, 1))},
            },
            "strategy": {
                "imports": draw(regimes()),
                "inland": draw(regimes()),
                "allocation": allocation,
                "priority": ["lake", "north"] if allocation == "priority" else [],
                "shares": SHARES if allocation == "shares" else {},
            },
            "driving": {"turn_back": draw(share)},
            "attacks": {
                "mode": draw(some("drawn", "drawn", "both", "replayed", "none")),
                "damage": draw(some(0, 4, 60)),
                "exponent": draw(some(0, 0.5, 1)),
                "knocked_out": draw(share),
                "replayed": {
                    "bridge": {"at": "day 3", "road": "plain", "window": "96 h", "lost": draw(some(0, 2, 50))},
                    "ford": {"at": "day 6", "road": "savanna", "window": "48 h", "lost": 3},
                },
            },
            "inland": {"policy": draw(some("hub first", "proportional")), "reserve": draw(some("0 days", "3 days"))},
            "retail": {
                "lot": draw(some("10 m3", "3.3 m3")),
                "reorder": draw(some("0 days", "2 days", "9 days")),
                "rule": draw(some("even", "lowest first", "priority")),
                "priority": draw(share),
                "give_up": draw(some("0 /h", "0.03 /h", "2 /h")),
            },
            "consumers": {"alarmed": draw(some(0.5, 1.4)), "news": draw(some(1, 20)), "refill": "24 h"},
            "rationing": draw(st.dictionaries(some("one", "two"), rationing(), max_size=2)),
            "users": {
                "power": {
                    "town": "Capital",
                    "product": "heavy",
                    "need": draw(some("0 ML/day", "0.2 ML/day")),
                    "tank": draw(some("0 days", "5 days")),
                    "before": True,
                    "pump_market": False,
                    "power": True,
                },
                "hospital": {
                    "town": "North",
                    "product": "diesel",
                    "need": "0.03 ML/day",
                    "tank": "2 days",
                    "before": draw(st.booleans()),
                    "pump_market": True,
                },
            },
        },
    )
    return supplied(content)


def check(record):
    """Nothing is negative, shares are shares, and the accounts of each day close."""
    plan = record.plan
    tiny = 1e-6
    room = [town.depot.capacity for town in build.country(plan).towns]
    backlog = {}
    for row in build.rows(record.towns):
        for name in ("stock", "station_stock", "consumer", "sold", "wanted", "given_up", "burned", "queue_hours"):
            assert getattr(row, name) >= -1e-9, (name, row)
        for name in ("open_share", "open_any"):
            assert -1e-9 <= getattr(row, name) <= 1 + 1e-9, (name, row)
        key = (row.town, row.product)
        waiting = backlog.get(key, 0.0)
        assert row.sold <= row.wanted + waiting + tiny
        backlog[key] = waiting + row.wanted - row.sold - row.given_up
        assert backlog[key] >= -tiny, row
        assert row.burned <= row.need + tiny
        assert 1 <= row.price_index <= plan.consumers.black_cap
        assert not row.power_hours > plan.policy.power_hours + tiny
        assert row.stock <= room[row.town][row.product] + tiny
    for row in build.rows(record.users):
        assert -tiny <= row.used <= row.need + tiny
    for row in build.rows(record.flows):
        assert 0 <= row.willingness <= 1
        assert row.short <= row.ordered
        assert min(row) >= -1e-9, row
    for row in build.rows(record.convoys):
        assert 0 <= row.lost <= row.tankers
        assert row.tankers >= 1
    for row in build.rows(record.encounters):
        assert row.lost <= row.size
        assert row.killed + row.abducted <= row.lost
    assert record.ambushes_met <= record.ambushes_laid
    entered = sum(row.volume for row in build.rows(record.imports))
    landed = sum(balance["entered"] for balance in record.balance)
    begun = sum(balance["initial"] for balance in record.balance)
    assert entered <= landed + begun + tiny


@settings(max_examples=150)
@given(countries(), st.integers(0, 1000))
def test_fuel_is_conserved_and_results_are_sane(content, replication):
    record = simulate(build_plan(sim.load(content)), 7, replication)
    check(record)
    found = measures(record)
    for name, value in found.items():
        assert math.isnan(value) or math.isfinite(value), name
        if name.startswith(("need_met", "fill_rate", "served", "share", "worst_town_need_met")):
            assert math.isnan(value) or -1e-9 <= value <= 1 + 1e-9, name
        assert math.isnan(value) or value >= -1e-9, name


def shuffled(content, chance):
    """Return the same content with the keys of every mapping in another order."""
    if isinstance(content, dict):
        keys = list(content)
        chance.shuffle(keys)
        return {key: shuffled(content[key], chance) for key in keys}
    return content


@settings(max_examples=20)
@given(countries(), st.integers(0, 1000))
def test_order_in_the_file_does_not_matter(content, seed):
    first = build_plan(sim.load(content))
    second = build_plan(sim.load(shuffled(content, Random(seed))))
    assert first == second
    one, two = (simulate(plan, 3, seed, log=True) for plan in (first, second))
    assert build.rows(one.log) == build.rows(two.log)


def test_the_check_can_fail(monkeypatch):
    """A litre spilt without an account is noticed."""
    from sim.errors import ModelError
    from sim.model.depot import Depot

    draw = Depot.draw
    monkeypatch.setattr(Depot, "draw", lambda self, product, volume: draw(self, product, volume * (1 + 1e-6)))
    with pytest.raises(ModelError, match="petrol is not conserved"):
        build.run(build.plan())

"""Small countries for tests: one dictionary, changes laid on it, and the plan or the run that follows."""

from collections import namedtuple
from copy import deepcopy
from dataclasses import replace

import sim
from sim.model.corridor import Tanker
from sim.model.country import Country
from sim.model.record import record
from sim.plan import build
from sim.record import OUTCOMES
from sim.study.replicate import simulate
from sim.world.keys import Draws

HERE = {"lat": 0, "lon": 0, "source": "assumption"}
FREELY = {"min": 1, "max": 1000, "headway": "0 h", "longest_wait": "0 h", "daylight": False, "alone": False}
"""A regime under which tankers leave every hour."""


def ranged(value, low, high):
    """Return an uncertain number as a file states it."""
    law = {"law": "triangular"} if value in (low, high) else {}
    return {"value": value, "low": low, "high": high, **law, "source": "assumption", "why": "any"}


def town(share=1, capacity="17 days", count=20, **others):
    """Return a town with a depot and stations."""
    return {
        "at": HERE,
        "share": share,
        "depot": {"capacity": capacity, "target": "75 %", "bays": 6},
        "stations": {"count": count, "tank": "60 m3", "spread": 0.3},
        **others,
    }


def corridor(terminal, roads, assembly, serves, share=1, fleet=1, kind="import", **others):
    """Return a corridor, of roads and towns that are lists or the one there is."""
    roads, serves = ([given] if isinstance(given, str) else given for given in (roads, serves))
    way = {"kind": kind, "terminal": terminal, "roads": roads, "assembly": assembly, "serves": serves}
    return way | {"share": share, "fleet": fleet, **others}


def pool(component, units=1, cost="1 USD/day", **others):
    """Return a pool of escorts; those on the ground rest, refit and are rebuilt."""
    ground = {} if component == "air" else {"rest": "24 h", "refit": "48 h", "rebuilt": "96 h"}
    return {"component": component, "units": units, "cost": cost, **ground, **others}


def imports(**rules):
    """Return the change by which import convoys leave by these rules, and otherwise freely."""
    return {"strategy": {"imports": [FREELY | rules]}}


POOLS = {"escorts": {"pools": {"army": pool("national"), "friends": pool("foreign"), "wing": pool("air")}}}
"""One unit of each component."""

COUNTRY = {
    "title": "Test country",
    "start": "2030-01-01",
    "end": "2030-03-02",
    "warmup": "0 days",
    "scope": "all",
    "hub": "Capital",
    "lead": "petrol",
    "products": {"petrol": {"pump": True, "need": "0.46 ML/day", "price": "700 XOF/L"}},
    "towns": {"Capital": town()},
    "junctions": {"Port": {"at": HERE}, "Border": {"at": HERE}},
    "roads": {
        "coast": {"from": "Port", "to": "Border", "length": "240 km", "pace": "40 km/h"},
        "plain": {"from": "Border", "to": "Capital", "length": "480 km", "pace": "40 km/h"},
    },
    "zones": {},
    "terminals": {"Harbour": {"town": "Port", "slots": "48 /day"}},
    "corridors": {"sea": corridor("Harbour", ["coast", "plain"], "Border", "Capital")},
    "fleet": {
        "size": 150,
        "load": "46 m3",
        "driving": "12 h",
        "returning": 0.8,
        "loading": "1 h",
        "unloading": "1 h",
        "day_factor": 0,
        "moves": {"share": 0, "delay": "24 h"},
        "value": "60000 USD",
    },
    "crews": {"per_tanker": 1, "killed": 0.1, "abducted": 0.3, "freed": "7 days", "replaced": "5 %"},
    "willingness": {"on": True, "fear": 0.1, "spill": 0.5, "recovery": "10 days"},
    "escorts": {
        "pools": {},
        "loss_ratio": {"none": 1.5, "foreign": 0.6, "air": 0.5},
        "cycle_factor": {"foreign": 1.2, "air": 1},
        "split": {"detection": 0.3, "deterrence": 0.3, "damage": 0.4},
        "detection": 0.2,
        "deterrence": 0.2,
    },
    "strategy": {"name": "none", "label": "none", "imports": [FREELY], "inland": [FREELY], "allocation": "queue"},
    "driving": {
        "escorted": "200 km/day",
        "day_from": "6 h",
        "day_to": "18 h",
        "halt": "3 h",
        "regroup": "6 h",
        "turn_back": 0.5,
    },
    "attacks": {"mode": "drawn", "lifetime": "48 h", "damage": 20, "exponent": 0.5, "shape": 2, "knocked_out": 0.2},
    "orders": {"correction": "5 days"},
    "inland": {"policy": "hub first", "reserve": "2 days"},
    "retail": {
        "lot": "10 m3",
        "lot_cover": "100 days",
        "reorder": "3 days",
        "rule": "even",
        "delivered_from": "1 h",
        "delivered_to": "10 h",
        "tank_per_nozzle": "15 m3",
        "fill": "25 L",
        "flow": "40 L/min",
        "service": "2 min",
        "give_up": "0.05 /h",
    },
    "consumers": {
        "holds": "6 days",
        "calm": "3 days",
        "alarmed": 1.2,
        "refill": "1.5 days",
        "short_cover": "2 days",
        "news": 20,
        "news_held": "72 h",
        "black_exponent": 0.6,
        "black_cap": 3.5,
    },
    "power": {"hours": "20 h", "thermal": 0.6},
    "costs": {"fuel": "850 USD/m3", "exchange": "570 XOF/USD"},
}

SECOND_WAY = {
    "junctions": {"Dock": {"at": HERE}},
    "roads": {"lane": {"from": "Dock", "to": "Capital", "length": "480 km", "pace": "40 km/h"}},
    "terminals": {"Quay": {"town": "Dock", "slots": "48 /day"}},
    "corridors": {"lake": corridor("Quay", "lane", "Dock", "Capital")},
}
"""On top of `COUNTRY`: another way into it, of the same length and weight as the first."""
INLAND = {
    "towns": {"Capital": {"share": 0.8}, "North": town(0.2, "16 days", 6)},
    "roads": {"savanna": {"from": "Capital", "to": "North", "length": "240 km", "pace": "40 km/h"}},
    "terminals": {"Capital depot": {"town": "Capital", "slots": "24 /day", "depot": True}},
    "corridors": {"north": corridor("Capital depot", "savanna", "Capital", "North", fleet=0.2, kind="inland")},
}
"""A second town, supplied from the capital's depot."""

GROUND = pool("national", cost="5000 USD/day")
REGIME = {
    "min": 4,
    "max": 12,
    "headway": "9 h",
    "longest_wait": ranged("40 h", "2 h", "60 h"),
    "daylight": True,
    "alone": True,
    "patience": "70 h",
}

EVERYTHING = {
    "end": "2030-02-12",
    "warmup": "9 days",
    "products": {
        "petrol": {"need": "0.46 ML/day"},
        "diesel": {"pump": True, "need": "0.2 ML/day", "price": "650 XOF/L", "cover": 1.2, "hoarding": 0.8},
        "heavy": {"pump": False, "need": "0 ML/day"},
    },
    "towns": {
        "Capital": {
            "depot": {"capacity": "5 days", "target": "60 %", "bays": 2},
            "blockade": [{"value": 1}, {"from": "day 30", "value": 0.7}],
        },
        "North": {
            "depot": {"capacity": "5 days", "bays": 2},
            "blockade": [{"value": 1}, {"from": "day 12", "value": 0.6}, {"from": "day 24", "value": 0.9}],
        },
    },
    "junctions": {"Dock": {"at": HERE}},
    "roads": {"lakeside": {"from": "Dock", "to": "North", "length": "200 km", "pace": "50 km/h"}},
    "zones": {
        "west": {
            "roads": ["plain"],
            "effort": [{"value": "30 /month"}, {"from": "day 9", "value": "40 /month"}],
            "ceiling": "60 /month",
            "mines": [{"value": "40 /month"}, {"from": "day 5", "value": "20 /month"}],
            "roadblocks": [{"value": "0.002 /km"}, {"from": "day 6", "value": "0.01 /km"}],
        },
        "north": {
            "roads": ["savanna", "lakeside"],
            "chance": [{"value": 0.7}, {"from": "day 8", "value": 0.3}],
            "ceiling": "60 /month",
        },
    },
    "terminals": {
        "Harbour": {"slots": [{"value": "14 /day"}, {"from": "day 25", "value": "20 /day"}]},
        "Quay": {
            "town": "Dock",
            "slots": "6 /day",
            "supply": [{"value": "0.2 ML/day"}, {"from": "day 20", "value": "0.15 ML/day"}],
        },
        "Capital depot": {"slots": "6 /day"},
    },
    "corridors": {
        "sea": {
            "share": [{"value": 0.8}, {"from": "day 15", "value": 0.6}],
            "open": [{"value": 1}, {"from": "day 34", "value": 0}, {"from": "day 37", "value": 1}],
            "turnaround": "12 h",
            "customs": [{"value": "12 h"}, {"from": "day 10", "value": "30 h"}],
        },
        "lake": corridor(
            "Quay", ["lakeside", "savanna"], "Dock", ["North", "Capital"], 0.3, 0.3, turnaround="6 h", customs="6 h"
        ),
        "north": {"fleet": 0.1, "share": 0.5, "turnaround": "3 h", "customs": "2 h"},
        "other": {
            "kind": "exogenous",
            "serves": ["Capital"],
            "share": 0.1,
            "open": [{"value": 1}, {"from": "day 22", "value": 0}],
            "through": [{"value": 1}, {"from": "day 11", "value": 0.6}],
        },
    },
    "fleet": {"size": 110, "day_factor": 0.1, "moves": {"share": ranged(0.1, 0, 0.3), "delay": "30 h"}},
    "crews": {"per_tanker": 0.7, "killed": 0.5, "abducted": 0.8},
    "willingness": {
        "threats": {"ban": {"at": "day 9", "factor": 0.7}},
        "strikes": {"union": {"from": "day 17", "to": "day 19", "corridors": ["sea"]}},
    },
    "escorts": {
        "pools": {
            "army": pool("national", [{"value": 3}, {"from": "day 16", "value": 4}], "5000 USD/day"),
            "friends": pool("foreign", 2, "5000 USD/day", serves=["sea", "lake"]),
            "wing": pool("air", 2, "20000 USD/day", availability=0.7),
        }
    },
    "strategy": {
        "imports": [
            {**REGIME, "must": ["national"], "daylight": False},
            {**REGIME, "from": "day 10", "must": ["national"], "may": ["foreign", "air"], "max": 15},
        ],
        "inland": [{**REGIME, "min": 2, "max": 4, "must": ["national"], "patience": "30 h"}],
        "priority": ["lake", "north"],
        "shares": {name: ranged(0.3, 0, 1) for name in ("sea", "lake", "north")},
    },
    "convoys": {
        "mode": "both",
        "recorded": {
            "october": {"at": "day 13", "corridor": "sea", "tankers": 12, "escort": ["national", "air"]},
        },
    },
    "attacks": {
        "mode": "both",
        "replayed": {
            "bridge": {"at": "day 14", "road": "plain", "window": "18 h", "lost": 5, "smallest": ranged(2, 2, 20)}
        },
    },
    "retail": {"rule": "priority", "priority": 0.3, "lot_cover": "4 days"},
    "consumers": {"news": ranged(4, 1, 9), "short_cover": "3 days"},
    "rationing": {
        "cans": {
            "from": "day 20",
            "to": "day 32",
            "towns": ["Capital"],
            "products": ["petrol"],
            "fill": "8 L",
            "share": 0.3,
            "closed_days": ["sun"],
            "closed_stations": 0.2,
        }
    },
    "users": {
        "power": {
            "town": "Capital",
            "product": "heavy",
            "need": "0.1 ML/day",
            "tank": "3 days",
            "before": True,
            "pump_market": False,
            "power": True,
        },
        "hospital": {
            "town": "North",
            "product": "diesel",
            "need": "0.02 ML/day",
            "tank": "2 days",
            "before": False,
            "pump_market": True,
        },
    },
    "stocks": {"North": {"petrol": "300 m3", "diesel": ranged("100 m3", "50 m3", "900 m3")}},
    "national_stock": {"at": "day 5", "value": ranged("3 ML", "2 ML", "4 ML")},
}
"""On top of `INLAND`: every optional part, in a country where fuel, tankers, crews, escorts and time are short."""


def lay(base, *changes):
    """Return nested dictionaries with others laid on them; None removes a key."""
    out = deepcopy(base)
    for change in changes:
        for key, value in change.items():
            if value is None:
                out.pop(key, None)
            elif isinstance(value, dict) and isinstance(out.get(key), dict):
                out[key] = lay(out[key], value)
            else:
                out[key] = deepcopy(value)
    return out


def scenario(*changes):
    """Return the test country with changes laid on it."""
    return sim.load(COUNTRY, changes)


def plan(*changes):
    """Return the plan of the test country with changes laid on it."""
    return build(scenario(*changes))


def run(plan, replication=0, *, seed=1, log=False):
    """Return the record of one replication at central values."""
    return simulate(plan, seed, replication, central=True, log=log)


def rows(table):
    """Return a record's table as rows, with outcomes in words."""
    columns = {name: column.tolist() for name, column in table.items()}
    if "outcome" in columns:
        columns["outcome"] = [OUTCOMES[code] for code in columns["outcome"]]
    row = namedtuple("Row", columns)
    return [row._make(values) for values in zip(*columns.values(), strict=True)]


def encounters(country):
    """Return the rows of what convoys have met so far."""
    return rows(record(country.world, []).encounters)


def country(plan, replication=0, *, seed=1, log=False):
    """Return a country at its first moment; nothing moves in it until its clock runs."""
    return Country(plan, Draws(seed, replication), log)


def assembly(country, corridor):
    """Return the assembly point of a corridor."""
    return country.assemblies[country.plan.corridors.assembly[corridor.number]]


def tankers(country, corridor, n, town=0, product=0):
    """Return tankers, laden for a town, that a convoy may be made of."""
    column = []
    for serial in range(n):
        tanker = Tanker(corridor, serial)
        tanker.destination, tanker.product, tanker.laden = town, product, True
        tanker.at_stop = country.clock.event()
        column.append(tanker)
    return column


def with_section(plan, section, **values):
    """Return a plan with fields of one section replaced."""
    return replace(plan, **{section: replace(getattr(plan, section), **values)})

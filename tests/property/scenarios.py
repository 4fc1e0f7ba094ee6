"""Random small countries that reach into every corner of the model.

`country` makes one of whatever chooses among values: Hypothesis, or a generator of random numbers.  Of the values that
are listed for a choice the first is the plainest.
"""

import os
from copy import deepcopy
from datetime import datetime, timedelta
from random import Random

from hypothesis import strategies as st

import sim
from sim.errors import ScenarioError
from sim.plan import build as build_plan
from tests import build

LAWS = ("uniform", "triangular", "lognormal")
COMPONENTS = ("national", "foreign", "air")


def country_of(number):
    """Return the random country of a number."""
    chance = Random(number)
    return country(lambda *values: chance.choice(values))


@st.composite
def chosen(draw):
    """Return a random country of which each value is drawn, so that one that fails becomes small."""
    return country(lambda *values: draw(st.sampled_from(values)))


def countries():
    """Return random countries, as files would state them: by number, which is quick, or, to explore, by value."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "explore":
        return chosen()
    return st.integers(0, 2**64 - 1).map(country_of)


def plan_of(content):
    """Return the plan of a country, as if it had been a file; one that imports nothing is given a corridor that can."""
    try:
        return build_plan(sim.load(content))
    except ScenarioError as error:
        if "a country that imports nothing" not in str(error):
            raise
    return build_plan(sim.load(supplied(content)))


class Choice:
    """Numbers, dates and dated numbers as a file states them, chosen by ``pick``."""

    def __init__(self, pick, days):
        self.pick, self.days = pick, days

    def number(self, *values, unit="", least=0, most=1e9):
        """Return a number, certain or with a range from no less than ``least`` to no more than ``most``."""
        value = self.pick(*values)
        if not value or not self.pick(False, False, False, True):
            return self._text(value, unit)
        low, high = max(least, value * self.pick(0.9, 0.5)), min(most, value * self.pick(1.2, 1.8))
        entry = {"value": self._text(value, unit), "low": self._text(low, unit), "high": self._text(high, unit)}
        if low == high:
            return self._text(value, unit)
        named = self.pick({}, {}, {"draw": "luck of the year"})
        laws = LAWS if low < value < high else LAWS[:2]
        return {**entry, "law": self.pick(*laws), **named, "source": "assumption", "why": "any"}

    def steps(self, *values, unit="", most=1e9):
        """Return a number by date: one to three entries."""
        first = self.number(*values, unit=unit, most=most)
        count = self.pick(0, 0, 1, 1, 2)
        if not count:
            return first
        listed = [first if isinstance(first, dict) else {"value": first}]
        for since in self._dates(count):
            value = self.number(*values, unit=unit, most=most)
            listed.append({"from": since, **(value if isinstance(value, dict) else {"value": value})})
        return listed

    def date(self, *days):
        """Return a day, certain or not, at midnight or not."""
        day = self.pick(*days)
        if self.pick(False, False, False, True):
            low, high = (f"day {max(0, day + by)}" for by in (-self.pick(1, 3), self.pick(2, 0.7)))
            return {"value": f"day {day}", "low": low, "high": high, "source": "assumption", "why": "any"}
        return f"day {day + self.pick(0, 0, 0.25, 0.33)}"

    def _dates(self, count):
        half = self.days // 2
        first = self.date(1, 2, half)
        return [first] if count == 1 else [first, self.date(half + 1, half + 2)]

    @staticmethod
    def _text(value, unit):
        return f"{value!r} {unit}" if unit else value


def country(pick):
    """Return a random country, as a file would state it."""
    days = pick(9, 15, 20, 20, 5)
    choose = Choice(pick, days)
    start = datetime(2030, 1, pick(1, 4, 25))
    content = build.lay(
        build.COUNTRY, {"start": f"{start:%Y-%m-%d}", "end": f"{start + timedelta(days=days):%Y-%m-%d}"}
    )
    towns = pick(("Capital",), ("Capital", "North"), ("Capital", "East", "Far", "North"), ("Capital", "Far", "North"))
    content["scope"] = pick("all", "all", "pump")
    content["warmup"] = pick("0 days", "3 days", "8 days")
    content["products"] = products(choose)
    content["towns"] = {name: town(choose, name) for name in towns}
    content |= ways(choose, towns)
    content["zones"] = zones(choose, tuple(content["roads"]), content["corridors"])
    content["fleet"] = fleet(choose)
    content |= people(choose, content)
    content["escorts"] = build.lay(content["escorts"], escorts(choose, content["corridors"]))
    content["strategy"] = strategy(choose, content["corridors"])
    content["convoys"] = convoys(choose, content["corridors"])
    content["driving"] = driving(choose)
    content["roadblocks"] = roadblocks(choose)
    content["attacks"] = attacks(choose, tuple(content["roads"]))
    content |= sales(choose, towns)
    content["users"] = users(choose, towns)
    content |= stocks(choose, towns)
    return content


def supplied(content):
    """Return a country that imports nothing, which is refused, with a corridor that can."""
    content = deepcopy(content)
    sea = content["corridors"]["sea"]
    sea |= {"share": 0.7, "fleet": 1}
    content["fleet"]["size"], content["crews"]["per_tanker"] = 40, 1
    content["terminals"][sea["terminal"]] = {"town": "Port", "slots": "24 /day"}
    return content


def products(choose):
    """Return two products that stations sell and two that they do not."""
    return {
        "petrol": {
            "pump": True,
            "need": choose.number(0.4, 1, 0.6, 0.1, 1.5, 0.0001, unit="ML/day"),
            "price": "700 XOF/L",
            "cover": choose.number(1, 0.7, 3),
            "hoarding": choose.pick(1, 1.3, 0),
        },
        "diesel": {
            "pump": True,
            "need": choose.number(0.2, 0.3, 0, unit="ML/day"),
            "price": "650 XOF/L",
            "hoarding": choose.number(1, 0.5, most=5),
        },
        "heavy": {"pump": False, "need": "0 ML/day"},
        "jet": {"pump": False, "need": choose.pick("0 ML/day", "0.1 ML/day")},
    }


def town(choose, name):
    """Return a town with its depot and stations."""
    pick, number = choose.pick, choose.number
    return {
        "at": build.HERE,
        "share": number(0.5, 1, 0.1, most=1) if name == "Capital" else number(0.1, 0.5, 0, most=1),
        "blockade": choose.steps(1, 1, 1, 0.5, 0, 0.9, most=1),
        "depot": {
            "capacity": number(4, 12, 1, 40, 0.2, unit="days", least=0.05),
            "target": pick("75 %", "100 %", "90 %", "10 %"),
            "bays": number(2, 1, 10, least=1),
        },
        "stations": {
            "count": number(3, 1, 9, 14, least=1),
            "tank": number(40, 8, 200, 17.3, unit="m3"),
            "spread": pick(0.5, 0, 1.2),
        },
    }


def ways(choose, towns):
    """Return places, roads, terminals and corridors between the towns that there are."""
    pick = choose.pick
    length = {
        name: choose.number(240, 60, 150, 100, 400, 1, unit="km") for name in ("coast", "plain", "savanna", "river")
    }
    roads = {
        "coast": {"from": "Port", "to": "Border", "length": length["coast"], "pace": "40 km/h"},
        "plain": {
            "from": "Capital",
            "to": "Border",
            "length": length["plain"],
            "pace": choose.number(40, 20, 65, unit="km/h"),
        },
        "ridge": {"from": "Port", "to": "Capital", "length": "410 km", "pace": "30 km/h"},
    }
    sea = {"roads": ["coast", "plain"], "assembly": pick("Border", "Port"), "serves": ["Capital"]}
    imports, inland = {"sea": sea}, {}
    if pick(False, False, True):
        imports["twin"] = {**sea}
    if pick(True, False):
        imports["hills"] = {"roads": ["ridge"], "assembly": "Port", "serves": ["Capital"]}
    if "North" in towns:
        roads["savanna"] = {"from": "Capital", "to": "North", "length": length["savanna"], "pace": "40 km/h"}
        roads["lakeside"] = {"from": "Dock", "to": "North", "length": "200 km", "pace": "50 km/h"}
        serves = pick(["North", "Capital"], ["Capital"], ["North"])
        if pick(True, False):
            imports["lake"] = {"roads": ["lakeside", "savanna"], "assembly": "Dock", "serves": serves}
        inland["north"] = {
            "terminal": "Capital depot",
            "roads": ["savanna"],
            "assembly": "Capital",
            "serves": ["North"],
        }
    if "East" in towns:
        roads["river"] = {"from": "East", "to": "Capital", "length": length["river"], "pace": "40 km/h"}
        inland["east"] = {"terminal": "Capital depot", "roads": ["river"], "assembly": "Capital", "serves": ["East"]}
        if pick(False, True):
            sea |= {"roads": ["coast", "plain", "river"], "serves": pick(["Capital", "East"], ["East"])}
    if "Far" in towns:
        roads["trail"] = {"from": "North", "to": "Far", "length": "150 km", "pace": "25 km/h"}
        inland["far"] = {"terminal": "North depot", "roads": ["trail"], "assembly": "North", "serves": ["Far"]}
        if pick(False, True):
            inland["north"] |= {"roads": ["savanna", "trail"], "serves": ["North", "Far"]}
        if pick(False, False, True):
            del inland["far"]
    quay = pick("Harbour", "Quay")  # shared, or of their own
    terminals = {"Harbour": {"town": "Port", "slots": choose.steps(60, 90, 48, 60, 20, 6, 0, unit="/day")}}
    if quay == "Quay" or "lake" in imports:
        terminals["Quay"] = {
            "town": "Dock" if "lake" in imports else "Port",
            "slots": choose.steps(20, 24, 3, 0, unit="/day"),
        }
    for terminal in sorted({corridor["terminal"] for corridor in inland.values()}):
        slots = choose.steps(30, 24, 48, 12, 2, 0, unit="/day")
        terminals[terminal] = {"town": terminal.split()[0], "slots": slots, "depot": True}
    for terminal in terminals.values():
        terminal |= pick({}, {}, {"supply": choose.steps(1, 0.2, 0, 3, unit="ML/day")})
    corridors = {}
    for name, corridor in (imports | inland).items():
        at = "Quay" if name == "lake" or (name == "hills" and "lake" not in imports) else "Harbour"
        corridors[name] = {
            "kind": "import" if name in imports else "inland",
            "terminal": at if at in terminals else "Harbour",
            **corridor,
            "share": choose.steps(0.7, 0.2, 1, 0.3, most=1)
            if name == "sea"
            else choose.steps(0.3, 0.5, 0.1, 0, most=1),
            "fleet": pick(0.7, 0.5, 1, 0.6, 0) if name == "sea" else pick(0.3, 0.5, 0.1, 0, 1),
            "open": choose_open(choose),
            "turnaround": pick("0 h", "20 h", "7.5 h"),
            "customs": choose.steps(0, 12, 5.5, 0, 72, unit="h"),
        }
    if not any(corridor["fleet"] for corridor in corridors.values()):
        corridors["sea"]["fleet"] = 0.4  # a country without a tanker is refused
    for name, serves in (("other", ["Capital"]), ("gulf", pick([towns[-1]], list(towns)))):
        if pick(False, True):
            share, is_open = choose.steps(0.06, 1, 0, most=1), choose_open(choose)
            through = choose.steps(1, 0.3, 0, most=1)
            corridors[name] = {"kind": "exogenous", "serves": serves, "share": share, "open": is_open}
            corridors[name] |= {"through": through}
    places = {road[end] for road in roads.values() for end in ("from", "to")}
    places |= {terminal["town"] for terminal in terminals.values()}
    junctions = {name: {"at": build.HERE} for name in sorted(places - set(towns))}
    return {"junctions": junctions, "roads": roads, "terminals": terminals, "corridors": corridors}


def choose_open(choose):
    """Return whether a corridor is open, by date."""
    first, second = choose.pick(*[(1, 1)] * 6, (1, 0), (0, 1))
    return first if first == second else [{"value": first}, {"from": choose.date(2, 4), "value": second}]


def along(choose, roads, corridors):
    """Return a corridor of whose passage a chance speaks, or none."""
    after = {
        name: corridor.get("roads", [])[corridor.get("assembly") == "Border" :] for name, corridor in corridors.items()
    }
    names = [name for name in corridors if set(roads) & set(after[name])]
    return choose.pick({}, *({"along": name} for name in names))


def zones(choose, roads, corridors):
    """Return zones of threat over some of the roads."""
    pick, steps = choose.pick, choose.steps
    by_name = {}
    for name, candidates in (
        ("west", ("plain", "ridge")),
        ("north", ("savanna", "lakeside")),
        ("inner", ("river", "trail", "coast")),
    ):
        here = [road for road in candidates if road in roads]
        if not here or pick(False, False, False, True):
            continue
        threat = (
            {"effort": steps(60, 20, 150, 300, 0, unit="/month", most=300)}
            if pick(True, False)
            else pick(
                {"chance": steps(0.5, 0, 0.2, 0.8, most=0.9)},
                {"chance": steps(0.02, 0, 0.01), **along(choose, here, corridors)},
            )
        )
        by_name[name] = {
            "roads": here,
            **threat,
            "ceiling": "900 /month",
            "mines": steps(0, 0, 40, unit="/month"),
            "roadblocks": steps(0, 0.01, 0.05, 0.002, unit="/km"),
        }
    return by_name


def fleet(choose):
    """Return the tankers."""
    pick = choose.pick
    return {
        "size": choose.number(90, 250, 150, 400, 40, 3, 1, least=1),
        "load": choose.number(46, 45.9, 33.3, unit="m3"),
        "driving": pick("12 h", "24 h"),
        "returning": choose.number(0.8, 1, 1.5),
        "loading": pick("1 h", "0 h", "0.7 h"),
        "unloading": choose.number(1, 0.5, 6, unit="h"),
        "day_factor": pick(0.1, 0, 0.5),
        "moves": {"share": pick(0.3, 0, 1, 0.1), "delay": pick("24 h", "0 h", "30.5 h")},
        "value": "60000 USD",
    }


def people(choose, content):
    """Return crews, their willingness, what orders aim for, and policy inside the country."""
    pick = choose.pick
    names = [name for name, corridor in content["corridors"].items() if corridor["kind"] != "exogenous"]
    threats = {
        f"threat {k}": {"at": choose.date(1, 3, 0, 8, 25), "factor": pick(0.7, 0.2, 1)} for k in range(pick(0, 1, 2))
    }
    strikes = {
        f"strike {k}": {
            "from": f"day {pick(2, 0, 1)}",
            "to": f"day {pick(4, 3.5, 9)}",
            "corridors": pick([], names[:1], names),
        }
        for k in range(pick(0, 1, 2))
    }
    return {
        "crews": {
            "per_tanker": choose.number(1, 1.5, 1, 0.3),
            "killed": pick(0.1, 0, 1, 0.5),
            "abducted": pick(0.3, 0.9, 1, 0),
            "freed": pick("5 days", "6 h", "0 h"),
            "replaced": pick(0.05, 0, 1),
        },
        "willingness": {
            "on": pick(True, True, False),
            "fear": choose.number(0.1, 0, 3),
            "spill": pick(0.5, 0, 1),
            "recovery": choose.number(10, 1, 30, unit="days"),
            "resolve": choose.number(3, 1, 8, unit="days", least=1),
            "alone": choose.steps(1, 0.5, 0, 0.8, most=1),
            "threats": threats,
            "strikes": strikes,
        },
        "orders": {
            "correction": choose.number(5, 1, 20, unit="days", least=1),
            "follow": pick(0.5, 0, 1),
            "follow_delay": pick("2 days", "20 days"),
            "least_tank": pick(2, 1, 5),
            "pumps_first": pick(False, True),
            "scarce": choose.number(0.5, 0, 0.9, most=1),
        },
        "inland": {"policy": pick("hub first", "proportional"), "reserve": pick("2 days", "0 days", "0.3 days")},
    }


def escorts(choose, corridors):
    """Return pools of every component, at least one of which serves all corridors, and what escorts do."""
    pick = choose.pick
    several = [name for name, corridor in corridors.items() if corridor["kind"] != "exogenous"]
    pools = {}
    for name, component in (
        ("army", "national"),
        ("friends", "foreign"),
        ("wing", "air"),
        ("guard", "national"),
        ("eagle", "air"),
    ):
        first = name in ("army", "friends", "wing")
        if not first and pick(True, False):
            continue
        count = lambda: build.ranged(pick(2, 1, 0), 0, pick(6, 2))  # noqa: E731
        units = choose.pick(1, 3, count(), [{"value": 1}, {"from": choose.date(3, 6), **count()}])
        pools[name] = {
            "component": component,
            "units": units,
            "serves": [] if first else several[:1],
            "cost": "5000 USD/day",
            "rest": pick("24 h", "0 h"),
            "refit": pick("48 h", "3.3 h"),
            "rebuilt": pick("96 h", "0 h", "1000 h"),
            **({"availability": choose.number(0.5, 0.1, 1, 0.9, most=1)} if component == "air" else {}),
        }
    return {
        "pools": pools,
        "loss_ratio": {"none": choose.number(1.5, 1, 4), "foreign": pick(0.6, 0, 1, 3), "air": pick(0.5, 0, 1, 0.03)},
        "cycle_factor": {"foreign": pick(1.2, 1, 0.5, 3), "air": pick(1, 1.3)},
        "split": {"detection": pick(0.3, 0, 1), "deterrence": pick(0.3, 0, 1), "damage": pick(0.4, 0.001, 1)},
        "detection": choose.number(0.2, 0, 0, 0.9, most=0.99),
        "deterrence": pick(0.2, 0, 0.9),
    }


def strategy(choose, corridors):
    """Return the strategy."""
    pick = choose.pick
    several = [name for name, corridor in corridors.items() if corridor["kind"] != "exogenous"]
    allocation = pick("queue", "priority", "shares")
    weights = pick((0.5, 0, 1), (0.5, 0, 1), (0,))
    return {
        "name": "any",
        "label": "any",
        "imports": regimes(choose),
        "inland": regimes(choose),
        "allocation": allocation,
        "priority": several[:: pick(1, -1, 2)],
        "shares": {name: build.ranged(pick(*weights), 0, 1) for name in several},
    }


def regimes(choose):
    """Return one to three regimes."""
    pick, listed = choose.pick, []
    for k in range(pick(1, 2, 3)):
        either = ("national | foreign",), ("foreign | air", "national")
        any_one = ("national | foreign | air",)
        must = list(pick((), ("national",), (), ("national", "foreign"), ("air",), COMPONENTS, (), *either, any_one))
        may = [component for component in pick((), ("air",), ("foreign", "air"), COMPONENTS) if component not in must]
        least = pick(1, 3, 8)
        listed.append(
            {
                **({"from": f"day {(0, pick(1, 2.5), pick(4, 6))[k]}"} if k else {}),
                "must": must,
                "may": may,
                "min": least,
                "max": least + pick(5, 0, 1, 100),
                "headway": pick("6 h", "0 h", "2.5 h", "24 h"),
                "longest_wait": choose.number(24, 0, 12, 96, unit="h"),
                "daylight": pick(False, True),
                "alone": pick(True, False),
                "patience": choose.number(24, 6, 0, 3, 100_000, unit="h", most=1e5),
            }
        )
    return listed


def convoys(choose, corridors):
    """Return convoys on record, imposed or not."""
    pick = choose.pick
    names = [name for name, corridor in corridors.items() if corridor["kind"] != "exogenous"]
    recorded = {
        f"convoy {k}": {
            "at": choose.date(1, 2, 4, 6),
            "corridor": pick(*names),
            "tankers": choose.number(5, 1, 60, 1, least=1),
            "escort": list(pick((), ("national",), ("air",), COMPONENTS)),
        }
        for k in range(pick(0, 2, 4))
    }
    return {"mode": pick("formed", "both", "recorded"), "recorded": recorded}


def roadblocks(choose):
    """Return what roadblocks do."""
    pick = choose.pick
    return {
        "delay": choose.number(2, 0, 12, unit="h"),
        "taken": pick(0.1, 0, 0.5),
        "turned_back": pick(0.1, 0, 0.6),
        "killed": pick(0.3, 0, 1),
    }


def driving(choose):
    """Return how convoys drive."""
    pick = choose.pick
    first, last = pick((6, 18), (0, 24), (9.5, 11), (17, 24))
    return {
        "escorted": choose.number(200, 60, 700, unit="km/day"),
        "day_from": f"{first} h",
        "day_to": f"{last} h",
        "halt": pick("3 h", "0 h", "30 h"),
        "regroup": pick("6 h", "0 h", "40.5 h"),
        "turn_back": pick(0.5, 0, 1, 0.1),
    }


def attacks(choose, roads):
    """Return attacks, drawn, imposed or both, of attackers who adapt or do not."""
    pick = choose.pick
    replayed = {
        f"attack {k}": {
            "at": choose.date(3, 1, 0, 6),
            "road": pick(*roads),
            "window": pick("96 h", "1000 h", "0.5 h"),
            "lost": pick(2, 0, 50),
            "smallest": pick(1, 4),
        }
        for k in range(pick(0, 1, 3))
    }
    return {
        "mode": pick("both", "drawn", "both", "drawn", "replayed", "none"),
        "lifetime": choose.number(48, 20, 300, unit="h"),
        "mine_lifetime": pick("100 h", "10 h"),
        "prey": choose.number(5, 0, 30),
        "damage": choose.number(20, 4, 40, 0, 300),
        "exponent": pick(0.5, 0, 1, -1),
        "shape": pick(2, 0.1, 50),
        "knocked_out": pick(0.2, 0, 1),
        "replayed": replayed,
        "adaptive": {
            "on": pick(False, True),
            "reshare": choose.number(0.5, 0, 1, most=1),
            "recruitment": choose.number(0.1, 0, 2, most=2),
            "fading": pick("60 days", "1 day"),
        },
    }


def sales(choose, towns):
    """Return how stations are served, what people hold and want, and the rules on sales."""
    pick, number = choose.pick, choose.number
    rules = {}
    for k in range(pick(0, 1, 2)):
        till = pick(None, 5, 7, 30)  # after the first moment, whatever is drawn
        rules[f"rule {k}"] = {
            "from": choose.date(0, 1, 2),
            **({} if till is None else {"to": f"day {till}"}),
            "towns": pick([], [towns[-1]], ["Capital"]),
            "products": pick([], ["petrol"], ["diesel", "heavy"], ["heavy"]),
            **pick({}, {"fill": "10 L"}, {"fill": "40 L"}, {"fill": number(8, 13, unit="L")}),
            **pick({}, {"share": 0.5}, {"share": 0}, {"share": 1.5}),
            **pick({}, {"closed_days": ["sun", "mon"]}, {"closed_days": ["fri"]}),
            **pick({}, {"closed_stations": 0.4}, {"closed_stations": 1}, {"closed_stations": number(0.2, 0.5)}),
        }
    return {
        "retail": {
            "lot": number(10, 3.3, 25, unit="m3"),
            "lot_cover": number(3, 100, 1, unit="days", least=0.5),
            "reorder": pick("3 days", "0 days", "9 days", "0.5 days"),
            "rule": pick("even", "lowest first", "priority"),
            "priority": pick(0.3, 0, 1),
            "delivered_from": pick("1 h", "0 h"),
            "delivered_to": pick("10 h", "18 h", "1.5 h"),
            "tank_per_nozzle": pick("15 m3", "3 m3", "100 m3"),
            "fill": number(25, 5, 60, unit="L"),
            "flow": pick("40 L/min", "5 L/min", "1 L/min"),
            "service": pick("2 min", "0 min", "30 min"),
            "give_up": number(0.05, 0, 2, 0.3, unit="/h"),
        },
        "consumers": {
            "holds": number(6, 1, 15, unit="days"),
            "calm": pick("3 days", "0 days", "1 day"),
            "alarmed": pick(1.2, 0.5, 3),
            "refill": number(1.5, 1, 8, unit="days", least=1),
            "short_cover": pick("2 days", "0 days", "12 days"),
            "news": pick(4, 1, 20),
            "news_held": pick("72 h", "0 h"),
            "black_exponent": pick(0.6, 0, 3),
            "black_cap": pick(3.5, 1),
        },
        "power": {"hours": "20 h", "thermal": pick(0.6, 0, 1)},
        "rationing": rules,
    }


def users(choose, towns):
    """Return large users, before and after stations, of fuel that stations sell or do not."""
    pick, by_name = choose.pick, {}
    for k in range(pick(0, 1, 2, 4)):
        product = pick("heavy", "diesel", "petrol", "jet")
        by_name[f"user {k}"] = {
            "town": pick(*towns),
            "product": product,
            "need": choose.number(0.03, 0, 0.3, unit="ML/day"),
            "tank": pick("3 days", "0 days", "0.5 days"),
            "before": pick(True, False),
            "pump_market": product in ("petrol", "diesel") and pick(True, False),
            "power": pick(False, True),
        }
    return by_name


def stocks(choose, towns):
    """Return stocks at the start by town, and the country's at a date; or neither."""
    pick = choose.pick
    today = {
        town: {
            product: choose.number(300, 0, 40, 5000, unit="m3")
            for product in ("petrol", "diesel", "heavy")
            if pick(True, False)
        }
        for town in pick((), (), towns[:1], towns)
    }
    at = pick(None, None, 0, 2, 4)
    national = (
        {} if at is None else {"national_stock": {"at": f"day {at}", "value": choose.number(3, 1, 0, 60, unit="ML")}}
    )
    return {"stocks": today, **national}

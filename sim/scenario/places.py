"""Where things are: products, towns, depots, stations, roads, zones of threat, terminals, corridors.

Every parameter stands here with its meaning, unit, range and default, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from sim.scenario.fields import Dated, Distinct, In, Maybe, Name, Part, Quantity, SourceId, default, doc
from sim.scenario.limits import FOREVER, DatedShare, HourOrMore, Hours, Share

if TYPE_CHECKING:
    from sim.scenario.schema import Root


@dataclass(frozen=True)
class Of:
    """Marks the name of a thing that is declared elsewhere: one of a table of the scenario, or a component."""

    kind: str


TownName = Annotated[Name, Of("towns")]
PlaceName = Annotated[Name, Of("places")]
"""A town or a junction."""
ProductName = Annotated[Name, Of("products")]
RoadName = Annotated[Name, Of("roads")]
TerminalName = Annotated[Name, Of("terminals")]
CorridorName = Annotated[Name, Of("corridors")]


class Position(Part):
    """Where a town is, for the map only."""

    lat: float = doc("Latitude, degrees north.", ge=-90, le=90)
    lon: float = doc("Longitude, degrees east.", ge=-180, le=180)
    source: Maybe[SourceId] = doc("Evidence id of the place, if it is a real one.", None)


class Product(Part):
    """A fuel that is carried apart from the others."""

    pump: bool = doc("Sold at filling stations; other products go to users with tanks of their own.")
    need: Annotated[Quantity, In("m3/h", 0, 1e5, show="ML/day")] = doc(
        "What the whole country's stations sell on a calm day (0 for a product that no station sells)."
    )
    price: Annotated[Quantity, In("XOF/L", 0, 1e5)] = doc(
        "Price at the pump.", default("0 XOF/L", why="not sold at pumps")
    )
    cover: Annotated[Quantity, In("1", 0.01, 100)] = doc(
        "Factor on the capacity of depots for this product.", default("1", why="all products alike unless stated")
    )
    hoarding: Annotated[Quantity, In("1", 0, 5)] = doc(
        "Factor on the stock of this product that alarmed people aim for.",
        default("1", why="all products alike unless stated"),
    )


class Depot(Part):
    """A town's depot, with a tank for each product in scope; a run begins with the tanks filled as orders aim for."""

    capacity: HourOrMore = doc(
        "Capacity of each product's tank in time of the need it covers: the town's people, its users in scope, and the "
        "towns supplied from here; see also the product's cover."
    )
    target: Annotated[Quantity, In("1", 0.01, 1, show="%")] = doc("Share of the capacity that orders aim for.")
    bays: Annotated[Quantity, In("1", 1, 1000, whole=True)] = doc("Tankers that can unload at once.")


class Stations(Part):
    """A town's filling stations, each an individual; tanks are quantiles of a lognormal law."""

    count: Annotated[Quantity, In("1", 1, 5000, whole=True)] = doc("Number of stations.")
    tank: Annotated[Quantity, In("m3", 1, 1000)] = doc(
        "Median tank volume of a station, all products together; no tank is smaller than reorder point and delivery."
    )
    spread: Annotated[Quantity, In("1", 0, 2, ratio=False)] = doc(
        "Standard deviation of the logarithm of the tank volume."
    )


class Town(Part):
    """A town with a depot and stations."""

    at: Position = doc("Coordinates.")
    share: Share = doc("Weight of the town in the country's pump sales; weights are divided by their sum.")
    depot: Depot = doc("The town's depot.")
    stations: Stations = doc("The town's stations.")
    blockade: DatedShare = doc(
        "Share of the deliveries meant for the town that may enter, by date.",
        default("1", why="a town is open unless a scenario says otherwise"),
    )


class Road(Part):
    """A road between two neighbouring towns."""

    from_: PlaceName = doc("Town at one end.", alias="from")
    to: PlaceName = doc("Town at the other end.")
    length: Annotated[Quantity, In("km", 0.1, 5000)] = doc("Length by road.")
    pace: Annotated[Quantity, In("km/h", 1, 120)] = doc("Pace of a laden tanker while it drives.")


class Junction(Part):
    """A place that roads meet at and that has no stations here (ports, border posts, crossroads)."""

    at: Position = doc("Coordinates.")


class Zone(Part):
    """A set of roads under one threat.  Give either ``effort`` or ``chance``."""

    roads: Annotated[list[RoadName], Distinct] = doc(
        "Roads of the zone; candidates fall on them in proportion to length."
    )
    effort: Annotated[Maybe[Dated], In("1/h", 0, 10, show="1/month")] = doc(
        "Ambushes laid per time in the whole zone, by date.", None
    )
    chance: Annotated[Maybe[Dated], In("1", 0, 0.999)] = doc(
        "Instead of effort: the chance that a convoy passing the whole zone, or all that the corridor named in "
        "'along' drives of it, meets an armed ambush, by date.",
        None,
    )
    along: Maybe[CorridorName] = doc("Corridor whose trips 'chance' speaks of; the whole zone if absent.", None)
    ceiling: Annotated[Quantity, In("1/h", 0, 10, show="1/month")] = doc(
        "Highest rate of ambushes that the tape holds for the zone; effort above it is an error."
    )
    mines: Annotated[Dated, In("1/h", 0, 10, show="1/month")] = doc(
        "Mines laid per time in the whole zone, by date.", default("0 /month", why="the record has no mined tanker")
    )
    roadblocks: Annotated[Dated, In("1/km", 0, 1)] = doc(
        "Roadblocks that a party without soldiers meets per kilometre of the zone's roads, by date.",
        default("0 /km", why="no roadblock unless a scenario says otherwise"),
    )


class Terminal(Part):
    """Where tankers load."""

    town: PlaceName = doc("Town of the terminal.")
    slots: Annotated[Dated, In("1/h", 0, 1e4, show="1/day")] = doc("Tankers that can begin loading per time, by date.")
    supply: Annotated[Maybe[Dated], In("m3/h", 0, 1e5, show="ML/day")] = doc(
        "Fuel that the terminal can load per time for the corridors that begin there, by date (no limit if absent).",
        None,
    )
    depot: bool = doc("The terminal draws on the stock of its town's depot (inland distribution).", False)


class Corridor(Part):
    """A way by which fuel comes: from a terminal by roads through an assembly point to the towns it serves."""

    kind: Literal["import", "inland", "exogenous"] = doc(
        "import: tankers from abroad; inland: from a domestic depot; exogenous: an inflow that answers to no stock."
    )
    terminal: Maybe[TerminalName] = doc("Terminal where the corridor's tankers load (none for exogenous).", None)
    roads: list[RoadName] = doc("Roads from the terminal on, in order.", [])
    assembly: Maybe[PlaceName] = doc(
        "Town where convoys form; roads before it are driven singly and without threat.", None
    )
    serves: Annotated[list[TownName], Distinct] = doc(
        "Towns that receive fuel by this corridor; all lie on it after the assembly point."
    )
    share: Annotated[Dated, In("1", 0, 1)] = doc(
        "Weight of the corridor among those that serve a town, by date; weights are divided by their sum."
    )
    fleet: Share = doc(
        "Weight of the corridor in the fleet, whose tankers fleet.size counts; weights are divided by their sum.",
        default("0", why="an exogenous corridor has no fleet"),
    )
    open: Annotated[Dated, In("1", 0, 1, whole=True)] = doc(
        "1 if the corridor is open, 0 if it is cut: no orders, no departures.", default("1", why="open unless cut")
    )
    through: DatedShare = doc(
        "Share of an exogenous inflow that gets through, by date.",
        default("1", why="all of it unless a scenario says otherwise"),
    )
    turnaround: Hours = doc(
        "Time at the terminal before loading (papers, rest, queueing that slots do not explain).",
        default("0 h", why="no turnaround unless stated"),
    )
    customs: Annotated[Dated, In("h", 0, FOREVER)] = doc(
        "Customs delay at the destination, by date; tankers leave in the order they came.",
        default("0 h", why="no customs on inland and exogenous corridors"),
    )


class Route(NamedTuple):
    """Names of the roads before and after the assembly point, and of the places at the ends of the latter."""

    abroad: list[str]
    inside: list[str]
    stops: list[str]


def route_of(root: Root, corridor: Corridor) -> Route:
    """Return the route of a corridor, which begins at its terminal's town; roads may be driven either way."""
    if not corridor.roads or corridor.assembly is None or corridor.terminal is None:
        return Route([], [], [])
    here = root.terminals[corridor.terminal].town
    places = [here]
    for name in corridor.roads:
        road = root.roads[name]
        here = road.to if road.from_ == here else road.from_
        places.append(here)
    at = places.index(corridor.assembly)
    return Route(corridor.roads[:at], corridor.roads[at:], places[at + 1 :])

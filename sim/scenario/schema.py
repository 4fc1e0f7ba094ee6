"""What a scenario may say.

A field's unit is the unit the model works in; a user may write any unit of the same dimension.  Defaults stand with
the parameters, with the reason for them, and are listed by ``convoi evidence`` as assumptions like any other.
"""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.conduct import (
    Attacks,
    Convoys,
    Crews,
    Driving,
    Escorts,
    Fleet,
    Roadblocks,
    Strategy,
    Willingness,
)
from sim.scenario.demand import Consumers, Costs, Inland, Orders, Power, Rationing, Retail, User
from sim.scenario.fields import Figure, In, Line, Maybe, Moment, Name, Part, Quantity, SourceId, default, doc
from sim.scenario.places import Corridor, Junction, Product, ProductName, Road, Terminal, Town, TownName, Zone
from sim.scenario.shape import Shape


class Documented(Part):
    """A documented figure that the answer sets beside the model's."""

    measure: str = doc("A measure, as in the measures table.")
    value: Maybe[Figure] = doc("Documented value, in the measure's unit (shares 0 to 1), or with one: 90 %.", None)
    date: Maybe[Moment] = doc("Documented date, for measures that are dates.", None)
    at_least: Maybe[Figure] = doc("A lower bound alone, in place of a value: the record knows of so many.", None)
    at_most: Maybe[Figure] = doc("An upper bound alone.", None)
    low: Maybe[Figure] = doc("Lowest reading of the record.", None)
    high: Maybe[Figure] = doc("Highest reading of the record.", None)
    scope: Literal["pump", "all", "both"] = doc("Scope of demand of which the figure is.", "both")
    label: Line = doc("A few words.")
    source: SourceId = doc("Evidence id.")


class Mark(Part):
    """A documented event that figures mark."""

    at: Moment = doc("When.")
    label: Line = doc("A few words.")
    source: SourceId = doc("Evidence id.")


class NationalStock(Part):
    """What is in the country at a midnight: depots, stations, and laden tankers inside it."""

    at: Moment = doc("Midnight.")
    value: Annotated[Quantity, In("m3", 0, 1e9, show="ML")] = doc("Volume, all products in scope together.")


class Root(Part):
    """A whole scenario."""

    title: Line = doc("Title.")
    note: str = doc("What the scenario is.", "")
    name: Maybe[Line] = doc("Name by which a posterior knows the scenario, if not that of its own file.", None)
    start: Moment = doc("First midnight.")
    end: Moment = doc("Last midnight.")
    warmup: Annotated[Quantity, In("h", 0, 2400, show="days")] = doc(
        "Whole days of peace before the start, simulated but not reported, in which stocks and tankers settle.",
        default("28 days", why="twice the longest round trip (TRK-14), and several cycles of orders"),
    )
    scope: Literal["pump", "all"] = doc("pump: products sold at stations and users counted with them; all: everything.")
    hub: TownName = doc("Town whose stations the main measures speak of.")
    lead: ProductName = doc("Pump product that the main measures speak of.")
    products: dict[Name, Product] = doc("Products, by name.")
    towns: dict[Name, Town] = doc("Towns with stations, by name.")
    junctions: dict[Name, Junction] = doc("Other places, by name.", {})
    roads: dict[Name, Road] = doc("Roads, by name.", {})
    zones: dict[Name, Zone] = doc("Zones of threat, by name.", {})
    terminals: dict[Name, Terminal] = doc("Terminals, by name.", {})
    corridors: dict[Name, Corridor] = doc("Corridors, by name.")
    fleet: Fleet = doc("Tankers.")
    crews: Crews = doc("Crews.")
    willingness: Willingness = doc("Willingness of crews.")
    escorts: Escorts = doc("Escorts.")
    strategy: Strategy = doc("Escort strategy.")
    convoys: Convoys = doc("Convoys formed by rule, or on record.", {})
    driving: Driving = doc("Convoys on the road.")
    roadblocks: Roadblocks = doc("What roadblocks do.", {})
    attacks: Attacks = doc("Attacks.")
    orders: Orders = doc("Orders.")
    inland: Inland = doc("Inland policy.", {})
    retail: Retail = doc("Stations.")
    rationing: dict[Annotated[Name, "rule"], Rationing] = doc("Rules on sales, by name.", {})
    consumers: Consumers = doc("Consumers.")
    users: dict[Name, User] = doc("Large users, by name.", {})
    stocks: dict[
        Annotated[Name, "town"], dict[Annotated[Name, "product"], Annotated[Quantity, In("m3", 0, 1e8, show="ML")]]
    ] = doc("Stock at the start by town and product, in depot and stations together, in place of the warm-up's.", {})
    national_stock: Maybe[NationalStock] = doc("Stock of the whole country at a date, in place of the model's.", None)
    power: Power = doc("Electricity.")
    costs: Costs = doc("Costs.")
    posterior: Maybe[str] = doc(
        "Folder of a calibration, whose joint draws stand in for the ranges; relative to the file that names it.", None
    )
    hindcast: bool = doc("Whether replications take the luck of their draw of the posterior too.", False)
    record: bool = doc(
        "Whether the scenario stands for what happened, so that its documented figures are judged; what is laid on it "
        "and changes the model makes it a what-if, unless that says 'record: yes' itself.",
        True,
    )
    documented: dict[Annotated[Name, "figure"], Documented] = doc("Documented figures, by name.", {})
    marks: dict[Name, Mark] = doc("Documented events, by name.", {})


ROOT = Shape("part", "A whole scenario.", part=Root)
"""What is expected of a whole scenario."""

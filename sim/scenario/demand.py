"""Orders, stations, consumers, large users, electricity, costs.

Every parameter stands here with its meaning, unit, range and default, once.
"""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.fields import Distinct, In, Maybe, Moment, Part, Quantity, default, doc
from sim.scenario.limits import FOREVER, DayOrMore, Days, HourOrMore, Hours, Share
from sim.scenario.places import ProductName, TownName


class Orders(Part):
    """How importers order."""

    correction: DayOrMore = doc("Time in which orders close the gap to the target.")
    follow: Share = doc(
        "Largest share of a corridor's weight that moves to the others when nothing gets through.",
        default("0.5", why="importers turn to the road that works, as far as contracts allow", low="0", high="0.8"),
    )
    follow_delay: DayOrMore = doc(
        "Time over which importers judge what gets through.",
        default("14 days", why="a trip or two before contracts change", low="7 days", high="28 days"),
    )
    pumps_first: bool = doc(
        "While the hub's depot is scarce of a pump product, nothing is ordered of what no station sells.", False
    )
    scarce: Share = doc(
        "Share of the stock that orders aim for, under which a depot counts as scarce.",
        default("0.5", why="with half of its aim a depot of a week has some days left", low="0.3", high="0.7"),
    )
    least_tank: Annotated[Quantity, In("1", 1, 1000, ratio=False)] = doc(
        "No depot's tank of a product holds less than a day of the need it covers and so many loads of a tanker.",
        default("2", why="stations draw once a day; with less room lorries wait while stations run dry"),
    )


class Inland(Part):
    """Who is served first inside the country."""

    policy: Literal["hub first", "proportional"] = doc(
        "hub first: inland tankers load only what exceeds the hub's own reserve; proportional: in proportion to needs.",
        "proportional",
    )
    reserve: Days = doc(
        "Need of its own people and users that a depot keeps back from inland tankers, for 'hub first'.",
        default("0 days", why="nothing is kept back unless a scenario says otherwise"),
    )


class Retail(Part):
    """Selling at stations."""

    lot: Annotated[Quantity, In("m3", 0.5, 100)] = doc("Largest delivery of a product to a station.")
    lot_cover: Annotated[Quantity, In("h", 12, FOREVER, show="days")] = doc(
        "A station takes at most so much of its calm sales of a product in one delivery.",
        default("3 days", why="small stations share a tanker, by its compartments; keeps their stock near STA-06"),
    )
    reorder: Days = doc(
        "A station asks for fuel when its stock and what is coming fall under so much of its calm sales."
    )
    rule: Literal["even", "lowest first", "priority"] = doc(
        "Order in which a short depot serves stations: fewest lots in 7 days, least stock, or priority stations first."
    )
    priority: Share = doc("Share of stations on the priority list.", default("0", why="no priority list unless stated"))
    delivered_from: Annotated[Quantity, In("h", 0, 18)] = doc("Earliest arrival of a lot after the allotment at 06:00.")
    delivered_to: Annotated[Quantity, In("h", 0, 18)] = doc("Latest arrival of a lot after the allotment at 06:00.")
    tank_per_nozzle: Annotated[Quantity, In("m3", 0.5, 500)] = doc(
        "Tank volume of a product per nozzle of that product."
    )
    fill: Annotated[Quantity, In("L", 1, 1000)] = doc("Usual purchase.")
    flow: Annotated[Quantity, In("L/h", 10, 1e5, show="L/min")] = doc("Flow of a nozzle.")
    service: Annotated[Quantity, In("h", 0, 2, show="min")] = doc("Time of a customer at the nozzle beside the flow.")
    give_up: Annotated[Quantity, In("1/h", 0, 10)] = doc("Rate at which waiting customers give up.")


class Rationing(Part):
    """A rule on sales, between two dates."""

    from_: Moment = doc("First moment.", alias="from")
    to: Maybe[Moment] = doc("Last moment (the end if absent).", None)
    towns: Annotated[list[TownName], Distinct] = doc("Towns; empty for all.", [])
    products: Annotated[list[ProductName], Distinct] = doc("Products; empty for all.", [])
    fill: Annotated[Maybe[Quantity], In("L", 0.5, 1000)] = doc("Largest purchase.", None)
    share: Annotated[Maybe[Quantity], In("1", 0, 10)] = doc("Ceiling of a town's sales as a share of calm sales.", None)
    closed_days: Annotated[list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]], Distinct] = doc(
        "Days without sales.", []
    )
    closed_stations: Annotated[Maybe[Quantity], In("1", 0, 1)] = doc("Share of stations closed to the public.", None)


class Consumers(Part):
    """What people hold in tanks and cans, and how they buy."""

    holds: HourOrMore = doc("Stock when everything is full, in time of use.")
    calm: Days = doc("Stock that people aim for when calm, in time of use.")
    alarmed: Annotated[Quantity, In("1", 0, 5)] = doc(
        "Stock that people aim for when alarmed, as a share of a full one (above 1: cans)."
    )
    refill: DayOrMore = doc("Time in which people close the gap to their aim.")
    short_cover: Days = doc("People are alarmed when the town's stock covers less than this.")
    news: Annotated[Quantity, In("1", 1, 10_000, ratio=False)] = doc("Tankers lost in one attack that make news.")
    news_held: Hours = doc("How long an attack stays in the news.")
    black_exponent: Annotated[Quantity, In("1", 0, 10, ratio=False)] = doc(
        "Black-market index: (wanted/sold) to this power; for the report only."
    )
    black_cap: Annotated[Quantity, In("1", 1, 100)] = doc("Highest black-market index.")


class User(Part):
    """A large user with a tank of its own at a town's depot."""

    town: TownName = doc("Town.")
    product: ProductName = doc("Product.")
    need: Annotated[Quantity, In("m3/h", 0, 1e5, show="ML/day")] = doc("Use when served in full.")
    tank: Days = doc("Stock that it keeps in a tank of its own, in time of use.")
    before: bool = doc("Draws on the depot before stations do; otherwise after.")
    pump_market: bool = doc("Counted in the scope of pump fuel too.")
    power: bool = doc("A power station: decides hours of power.", False)


class Power(Part):
    """Electricity."""

    hours: Annotated[Quantity, In("h", 0, 24)] = doc("Hours of power a day when power stations are served in full.")
    thermal: Share = doc("Share of these hours that needs fuel.")


class Costs(Part):
    """What things cost, for reports."""

    fuel: Annotated[Quantity, In("USD/m3", 0, 1e5)] = doc("Value of fuel on the road.")
    exchange: Annotated[Quantity, In("XOF/USD", 1, 1e5)] = doc("CFA francs per dollar.")

"""How tankers, crews, escorts and attackers behave.

Every parameter stands here with its meaning, unit, range and default, once.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from sim.scenario.components import Component, ComponentName, alternatives
from sim.scenario.fields import Dated, Distinct, In, Line, Maybe, Moment, Name, Part, Quantity, default, doc
from sim.scenario.limits import FOREVER, DatedShare, DayOrMore, HourOrMore, Hours, Share
from sim.scenario.places import CorridorName, Of, RoadName


class Moves(Part):
    """Tankers that change corridor when they are idle and another corridor lacks tankers."""

    share: Share = doc("Largest share of a corridor's tankers that may be away at once.")
    delay: Hours = doc("Time until a moved tanker can load.")


class Fleet(Part):
    """The tankers and what a trip takes."""

    size: Annotated[Quantity, In("1", 1, 20_000, whole=True)] = doc("Tankers of all corridors.")
    load: Annotated[Quantity, In("m3", 1, 200)] = doc("Fuel that a tanker carries.")
    driving: Annotated[Quantity, In("h", 1, 24)] = doc("Hours of driving per day of a tanker outside convoys.")
    returning: Annotated[Quantity, In("1", 0.1, 3)] = doc(
        "Time of the empty return relative to the laden trip in peace."
    )
    loading: Annotated[Quantity, In("h", 0, 100)] = doc("Time to load a tanker.")
    unloading: Annotated[Quantity, In("h", 0.01, 100)] = doc("Time to unload a tanker.")
    day_factor: Annotated[Quantity, In("1", 0, 0.9)] = doc(
        "Half-width of the uniform factor on the pace of each road and day (0.1: from 0.9 to 1.1)."
    )
    moves: Moves = doc("Moves between corridors.")
    value: Annotated[Quantity, In("USD", 0, 1e7)] = doc("Cost of a lost tanker without its load.")


class Crews(Part):
    """Crews, counted by corridor; each trip takes one."""

    per_tanker: Annotated[Quantity, In("1", 0.1, 10)] = doc("Crews per tanker when the scenario starts.")
    killed: Share = doc("Chance that the crew of a lost tanker is killed.")
    abducted: Share = doc("Chance that the crew of a lost tanker is abducted (if not killed).")
    freed: Hours = doc("Time until an abducted crew is back.")
    replaced: Share = doc("Share of the missing crews replaced each day.")


class Threat(Part):
    """A declaration that lowers willingness at once."""

    at: Moment = doc("When.")
    factor: Share = doc("Factor on willingness.")


class Strike(Part):
    """A time in which no crew drives."""

    from_: Moment = doc("First moment.", alias="from")
    to: Moment = doc("Last moment.")
    corridors: Annotated[list[CorridorName], Distinct] = doc("Corridors on strike; empty for all import corridors.", [])


class Willingness(Part):
    """How many crews join a convoy."""

    on: bool = doc("If off, every crew always joins.", True)
    fear: Annotated[Quantity, In("1", 0, 10, ratio=False)] = doc(
        "Fall of the logarithm of willingness per ten tankers lost."
    )
    spill: Share = doc("Share of the fear that is felt on the other import corridors.")
    recovery: HourOrMore = doc("Time in which reluctance falls by a factor e.")
    resolve: DayOrMore = doc(
        "Time after which a crew thinks again whether it drives.",
        default("4 days", why="a crew that stood aside may join a convoy some days later", low="2 days", high="7 days"),
    )
    alone: DatedShare = doc(
        "Share of the willing who go without escort too, by date.",
        default("1", why="without a threat an escort makes no difference"),
    )
    threats: dict[Name, Threat] = doc("Declarations, by name.", {})
    strikes: dict[Name, Strike] = doc("Strikes, by name.", {})


class Pool(Part):
    """Escort units of one component."""

    component: ComponentName = doc(
        "national or foreign ground troops, air cover, or one that escorts.components names."
    )
    units: Annotated[Dated, In("1", 0, 500, whole=True)] = doc("Units, by date.")
    serves: Annotated[list[CorridorName], Distinct] = doc(
        "Corridors that the pool serves; empty for all that are not exogenous.", []
    )
    rest: Hours = doc("Rest of a ground unit after its return.", default("0 h", why="air units do not rest"))
    refit: Hours = doc(
        "Further time that a ground unit needs after a fight.", default("0 h", why="air units do not refit")
    )
    rebuilt: Hours = doc(
        "Time that a ground unit knocked out in a fight is missing.",
        default("0 h", why="air units are not knocked out"),
    )
    availability: Share = doc("Chance that an air unit flies on a day.", default("1", why="ground units always march"))
    cost: Annotated[Quantity, In("USD/h", 0, 1e6, show="USD/day")] = doc("Cost of a unit while it is on duty.")


class LossRatio(Part):
    """Expected loss of a convoy that meets an armed ambush, relative to army alone; ratios multiply."""

    none: Annotated[Quantity, In("1", 0.01, 100)] = doc("No ground troops at all.")
    foreign: Annotated[Quantity, In("1", 0, 10)] = doc("Foreign ground troops are with the convoy.")
    air: Annotated[Quantity, In("1", 0, 10)] = doc("An aircraft is overhead.")


class CycleFactor(Part):
    """Round-trip time relative to army alone; factors multiply."""

    foreign: Annotated[Quantity, In("1", 0.1, 10)] = doc("Foreign ground troops are with the convoy.")
    air: Annotated[Quantity, In("1", 0.1, 10)] = doc("Air cover is assigned to the convoy.")


class Split(Part):
    """How a loss ratio is split over the stages of an encounter: weights, divided by their sum (a nuisance)."""

    detection: Share = doc("Weight of detection.")
    deterrence: Share = doc("Weight of deterrence.")
    damage: Annotated[Quantity, In("1", 0.001, 1)] = doc("Weight of damage.")


class Escorts(Part):
    """Escort units and what they do."""

    pools: dict[Name, Pool] = doc("Pools of units, by name.", {})
    components: dict[Name, Component] = doc("Components beside national, foreign and air, by name.", {})
    loss_ratio: LossRatio = doc("Loss ratios.")
    cycle_factor: CycleFactor = doc("Cycle factors.")
    split: Split = doc("Split of the loss ratio.")
    detection: Annotated[Quantity, In("1", 0, 0.99)] = doc("Chance that army alone detects an ambush.")
    deterrence: Annotated[Quantity, In("1", 0, 0.99)] = doc("Chance that army alone deters an undetected ambush.")


def _spaced(text: str) -> str:
    names = alternatives(text)
    return " | ".join(names) if all(names) else text


Wanted = Annotated[str, AfterValidator(_spaced), Of("components")]
"""A component of an escort, or alternatives between which a convoy does not choose."""


class Regime(Part):
    """How convoys are formed from a date on."""

    from_: Maybe[Moment] = doc("From when (the scenario's start if absent).", None, alias="from")
    must: list[Wanted] = doc("Components without which no convoy leaves; 'national | foreign' asks for either.", [])
    may: list[ComponentName] = doc("Components taken along when a unit is free.", [])
    min: Annotated[Quantity, In("1", 1, 10_000, whole=True)] = doc("Tankers that a convoy waits for.")
    max: Annotated[Quantity, In("1", 1, 10_000, whole=True)] = doc("Largest convoy.")
    headway: Hours = doc("Least time between departures from an assembly point.")
    longest_wait: Hours = doc("A convoy leaves below its least size when a tanker has waited so long.")
    daylight: bool = doc("Convoys leave and drive by day only.")
    alone: bool = doc("Tankers past their patience may go together without escort, at the same headway.")
    patience: Hours = doc(
        "Time after which a tanker whose crew stayed willing goes without escort, where allowed.",
        default("100000 h", why="nobody goes alone unless a scenario says otherwise"),
    )


class Strategy(Part):
    """Who escorts whom, from when."""

    name: Line = doc("Short name, as files of scenarios/strategies are called.")
    label: Line = doc("A few words for tables and legends.")
    note: str = doc("What the strategy stands for and what it rests on.", "")
    imports: list[Regime] = doc("Regimes of the import corridors, in order of date.")
    inland: list[Regime] = doc("Regimes of the inland corridors, in order of date.", [])
    allocation: Literal["queue", "priority", "shares"] = doc(
        "Which corridor is served first: longest queue, a list, or fixed shares of each pool."
    )
    priority: Annotated[list[CorridorName], Distinct] = doc(
        "Corridors in order of priority, for allocation by priority.", []
    )
    shares: dict[Annotated[Name, "corridor"], Share] = doc("Weight of each corridor, for allocation by shares.", {})


class RecordedConvoy(Part):
    """A documented convoy, imposed: the first in the queue leave, willing or not; if fewer stand there, those go."""

    at: Moment = doc("When it leaves its assembly point (on the full hour that follows).")
    corridor: CorridorName = doc("Corridor whose roads it drives; it leaves from this corridor's assembly point.")
    tankers: Annotated[Quantity, In("1", 1, 10_000, whole=True)] = doc("Tankers.")
    escort: Annotated[list[ComponentName], Distinct] = doc(
        "Components that go with it, by units of the pools that are free or else beside them.", []
    )


class Convoys(Part):
    """Which convoys there are: those that form by the strategy's rules, those on record, or both."""

    mode: Literal["formed", "recorded", "both"] = doc(
        "formed: by the regimes; recorded: those listed instead of convoys that must have an escort; both.", "formed"
    )
    recorded: dict[Annotated[Name, "convoy"], RecordedConvoy] = doc("Documented convoys, by name.", {})


class Roadblocks(Part):
    """What a roadblock does to a party without soldiers; where they stand is a matter of the zones."""

    delay: Hours = doc(
        "Time that a roadblock costs a party.", default("2 h", why="papers and talk", low="1 h", high="4 h")
    )
    taken: Share = doc(
        "Chance that a tanker is taken at a roadblock: it is lost.",
        default("0.04", why="most are let through; few counts exist", low="0.03", high="0.05"),
    )
    turned_back: Share = doc(
        "Chance that a tanker that is not taken is turned back.",
        default("0.05", why="some turn back; the share is unknown", low="0", high="0.15"),
    )
    killed: Share = doc(
        "Chance that the crew of a tanker taken at a roadblock is killed; else it is abducted.",
        default("0.1", why="captives are known, and dead among crews that went alone", low="0", high="0.3"),
    )


class Driving(Part):
    """How convoys drive and what a fight does to their march."""

    escorted: Annotated[Quantity, In("km/h", 0.5, 60, show="km/day")] = doc(
        "Progress of an escorted convoy, halts included."
    )
    day_from: Annotated[Quantity, In("h", 0, 24)] = doc("Hour at which daylight begins.")
    day_to: Annotated[Quantity, In("h", 0, 24)] = doc("Hour at which daylight ends.")
    halt: Hours = doc("Halt of a convoy whose escort found an ambush.")
    regroup: Hours = doc("Time to regroup after an attack.")
    turn_back: Share = doc("A convoy that loses at least this share in an attack turns back.")


class Replayed(Part):
    """A documented attack, imposed instead of drawn."""

    at: Moment = doc("From when the ambush is armed.")
    road: RoadName = doc("Road.")
    window: Hours = doc("How long it waits for a convoy.")
    smallest: Annotated[Quantity, In("1", 1, 5000, whole=True)] = doc(
        "Smallest convoy that it attacks; smaller ones pass.", default("1", why="an ambush attacks whoever comes")
    )
    lost: Annotated[Quantity, In("1", 0, 5000, whole=True)] = doc("Tankers lost, at most the convoy.")


class Adaptive(Part):
    """Attackers that adapt: exploratory, off by default, and outside calibration.

    The record cannot tell its numbers; they count only where it is on.
    """

    on: bool = doc("Whether attackers adapt; exploratory.", False)
    reshare: Share = doc(
        "Share of the effort of all zones that goes, each week, where fuel passed with less protection.",
        default("0.5", why="no record of how attackers choose; anything from none to all", low="0", high="1"),
    )
    recruitment: Annotated[Quantity, In("1", 0, 2, ratio=False)] = doc(
        "Growth of the logarithm of the effort per ten ambushes sprung.",
        default("0.05", why="ML205 judges that violence brings recruits; not how many", low="0", high="0.2"),
    )
    fading: HourOrMore = doc(
        "Time in which that growth falls by a factor e.",
        default("60 days", why="recruits are lost or leave within months; a guess", low="30 days", high="120 days"),
    )


class Attacks(Part):
    """What an attack is."""

    mode: Literal["drawn", "replayed", "both", "none"] = doc(
        "Ambushes drawn from the tape, those listed under replayed imposed, both, or none."
    )
    lifetime: Annotated[Quantity, In("h", 0.1, FOREVER)] = doc("Mean time that an ambush stays in place.")
    mine_lifetime: Annotated[Quantity, In("h", 0.1, FOREVER)] = doc(
        "Mean time that a mine stays in place.", default("336 h", why="mines wait for weeks", low="168 h", high="720 h")
    )
    prey: Annotated[Quantity, In("1", 0, 1000, ratio=False)] = doc(
        "Size of a party in which an ambush takes interest with chance 1 - 1/e; n tankers: 1 - exp(-n/prey).",
        default("15", why="ambushes are prepared for convoys, not spent on a lone tanker", low="5", high="30"),
    )
    damage: Annotated[Quantity, In("1", 0, 5000, ratio=False)] = doc(
        "Mean loss of an attack on 100 tankers under army escort."
    )
    exponent: Annotated[Quantity, In("1", -1, 3, ratio=False)] = doc(
        "Exponent of loss on convoy size (0: no effect, 1: proportional)."
    )
    shape: Annotated[Quantity, In("1", 0.05, 1000, ratio=False)] = doc("Shape of the negative binomial law of losses.")
    knocked_out: Share = doc("Chance that an attack knocks out the ground escort.")
    replayed: dict[Annotated[Name, "attack"], Replayed] = doc("Documented attacks, by name.", {})
    adaptive: Adaptive = doc("Exploratory: attackers adapt.", {})

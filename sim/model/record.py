"""What a run leaves behind: rows of the daily tables, convoys, encounters, totals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sim.plan.sections import AIR, FOREIGN, NATIONAL

if TYPE_CHECKING:
    from sim.model.convoy import Convoy
    from sim.model.log import Entry
    from sim.plan.plan import Plan
    from sim.world.tape import Candidate


class TownRow(NamedTuple):
    """A town and product on a day; volumes m3, hours, shares; ``need`` is a day's use."""

    day: int
    town: int
    product: int
    stock: float
    station_stock: float
    cover: float
    consumer: float
    sold: float
    wanted: float
    given_up: float
    burned: float
    need: float
    queue_hours: float
    open_share: float
    open_any: float
    price_index: float
    power_hours: float


class FlowRow(NamedTuple):
    """A corridor on a day: tankers, and tanker-days waiting by cause."""

    day: int
    corridor: int
    ordered: int
    loaded: int
    departed: int
    escorted: int
    arrived: int
    lost: int
    waiting_order: float
    waiting_loading: float
    waiting_closed: float
    waiting_refusal: float
    waiting_escort: float
    waiting_rule: float
    waiting_customs: float
    waiting_unloading: float
    short: int
    no_tanker: int
    no_crew: int
    willingness: float


class ConvoyRow(NamedTuple):
    """A convoy: hours, tankers."""

    convoy: int
    corridor: int
    departed: float
    tankers: int
    escort: int
    lost: int
    arrived: int
    turned_back: bool
    attacked: bool
    days: float


class EncounterRow(NamedTuple):
    """A convoy's meeting with an ambush."""

    time: float
    convoy: int
    corridor: int
    road: int
    kind: int
    ordinal: int
    escort: int
    outcome: str
    size: int
    lost: int
    killed: int
    abducted: int
    knocked_out: int


class UserRow(NamedTuple):
    """A large user on a day, m3."""

    day: int
    user: int
    used: float
    need: float


class ImportRow(NamedTuple):
    """What cleared customs on a day, m3."""

    day: int
    corridor: int
    product: int
    volume: float


@dataclass
class Record:
    """The outcome of one replication, as the model wrote it.

    ``balance`` has one entry a product: what entered, and where it is at the end, m3.
    """

    plan: Plan
    towns: list[TownRow] = field(default_factory=list)
    flows: list[FlowRow] = field(default_factory=list)
    convoys: list[ConvoyRow] = field(default_factory=list)
    encounters: list[EncounterRow] = field(default_factory=list)
    users: list[UserRow] = field(default_factory=list)
    imports: list[ImportRow] = field(default_factory=list)
    log: list[Entry] = field(default_factory=list)
    balance: list[dict[str, float]] = field(default_factory=list)
    unit_hours: list[float] = field(default_factory=list)
    ambushes_laid: int = 0
    ambushes_met: int = 0
    events: int = 0

    def convoy(self, convoy: Convoy) -> None:
        """Note a convoy; its trip has NaN days if it is still on the road."""
        self.convoys.append(
            ConvoyRow(
                convoy.number,
                convoy.corridor.number,
                convoy.departed,
                convoy.size,
                convoy.escort,
                convoy.lost,
                convoy.arrived,
                convoy.turned_back,
                convoy.attacked,
                (convoy.ended - convoy.departed) / 24.0,
            )
        )

    def encounter(
        self,
        time: float,
        convoy: Convoy,
        candidate: Candidate,
        ordinal: int,
        escort: int,
        outcome: str,
        lost: int,
        killed: int,
        abducted: int,
        knocked_out: int,
    ) -> None:
        """Note the outcome of a meeting."""
        size = len(convoy.column) + lost
        self.encounters.append(
            EncounterRow(
                time,
                convoy.number,
                convoy.corridor.number,
                candidate.road,
                candidate.kind,
                ordinal,
                escort,
                outcome,
                size,
                lost,
                killed,
                abducted,
                knocked_out,
            )
        )


def escort_name(bits: int) -> str:
    """Return an escort in words: none, national, national+foreign+air and so on."""
    names = [name for bit, name in ((NATIONAL, "national"), (FOREIGN, "foreign"), (AIR, "air")) if bits & bit]
    return "+".join(names) or "none"

"""What a random number is for: streams, entities, occasions, and the draws they key.

The counter of a draw is (replication, stream, entity, index), its key the 64-bit seed. One key has one meaning, and
reading it twice gives the same number; no draw depends on the order of events, on a place in a list or on a strategy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, unique

import numpy as np
import numpy.typing as npt

from sim.errors import WorldError
from sim.plan.entities import Entities, entity
from sim.world.philox import Schedule, key_schedule, philox4x32_array, scramble, uniform, uniform_array

__all__ = ["HALF_WORD", "WORD", "Draws", "Entities", "Stream", "entity", "index"]

WORD = 1 << 32
HALF_WORD = 1 << 16


@unique
class Stream(IntEnum):
    """What a draw is for.

    The values are part of every published result: a new stream takes a new value; none is ever renumbered or reused.
    """

    PARAMETER = 1
    """Value of an uncertain parameter."""
    AMBUSH_GAP = 2
    """Time from one candidate ambush of a zone to the next."""
    AMBUSH_HEIGHT = 3
    """Height mark: the candidate is laid if it falls under the intensity."""
    AMBUSH_PLACE = 4
    """Place along the road."""
    AMBUSH_ROAD = 5
    """Road of the zone."""
    AMBUSH_LIFE = 6
    """How long the ambush stays armed."""
    DETECTION = 7
    """Whether the j-th convoy to reach an ambush detects it."""
    DETERRENCE = 8
    """Whether the j-th convoy to reach an ambush deters it."""
    DAMAGE = 9
    """Number of tankers lost."""
    VICTIM = 10
    """Which places in the column are lost."""
    CREW = 11
    """Crew of a lost tanker killed, abducted or safe."""
    KNOCKOUT = 12
    """Whether an escort is knocked out."""
    MINE_GAP = 13
    """Time from one candidate mine of a zone to the next."""
    MINE_HEIGHT = 14
    """Height mark of a mine."""
    MINE_ROAD = 15
    """Road of a mine."""
    MINE_PLACE = 16
    """Place of a mine along its road."""
    MINE_LIFE = 17
    """How long a mine stays armed."""
    TRIP = 18
    """Retired: the willingness mark of a tanker's trip; crews now think again in periods (RESOLVE)."""
    CHECKPOINT = 19
    """Retired: what a checkpoint did with an unescorted tanker; see ROADBLOCK_GAP."""
    DAY_FACTOR = 20
    """Pace of a road on a day."""
    FLIES = 21
    """Whether an air unit flies on a day."""
    ARRIVAL = 22
    """Hour at which a lot reaches a station."""
    CLOSED = 24
    """Which stations are closed by order."""
    PRIORITY = 25
    """Which stations or towns come first among equals."""
    RESOLVE = 26
    """Willingness mark of a tanker's crew in a period."""
    PHASE = 27
    """Phase of a tanker's periods."""
    PREY = 28
    """Whether an ambush takes interest in the j-th party to reach it."""
    ROADBLOCK_GAP = 29
    """How far a party drives to the next roadblock; keyed by its first tanker and that one's attempt."""
    ROADBLOCK_FATE = 30
    """What a roadblock does with a tanker on an attempt."""
    ROADBLOCK_CREW = 31
    """Crew of a tanker taken at a roadblock killed or abducted."""
    TURN = 32
    """Which of two assembly points with equal queues comes first in an hour."""
    POSTERIOR = 33
    """Which draw of a posterior a pair of replications has, or in a hindcast a replication."""
    CALIBRATION = 34
    """What a calibration draws for a particle (entity) in a sweep (replication)."""


def index(serial: int, occasion: int = 0) -> int:
    """Pack which one of a kind (serial) and which time (occasion), 16 bits each, into the index of a draw.

    Raises
    ------
    WorldError
        If either is not in 0 … 65,535.
    """
    if not (0 <= serial < HALF_WORD and 0 <= occasion < HALF_WORD):
        raise WorldError(
            f"serial {serial}, occasion {occasion} of a random draw: each must be 0 to {HALF_WORD - 1}",
            serial=serial,
            occasion=occasion,
        )
    return serial << 16 | occasion


@dataclass(frozen=True, slots=True)
class Draws:
    """Every random number of one replication.

    Parameters
    ----------
    seed
        64 bits, shared by all replications of a run.
    replication
        Number of the replication, 32 bits.

    Raises
    ------
    WorldError
        If a seed, replication, entity or index is out of range.
    """

    seed: int
    replication: int
    _schedule: Schedule = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.seed < WORD * WORD:
            raise WorldError(f"seed {self.seed} does not fit 64 bits; expected 0 to {WORD * WORD - 1}", seed=self.seed)
        if not 0 <= self.replication < WORD:
            raise WorldError(
                f"replication {self.replication} does not fit 32 bits; expected 0 to {WORD - 1}",
                replication=self.replication,
            )
        object.__setattr__(self, "_schedule", key_schedule(self.key))

    @property
    def key(self) -> tuple[int, int]:
        """The seed as the two words of the Philox key."""
        return self.seed % WORD, self.seed // WORD

    def uniform(self, stream: Stream, entity: int, index: int = 0) -> float:
        """Return the number in [0, 1) that belongs to this stream, entity and index."""
        entity, index = int(entity), int(index)  # a NumPy integer would overflow in the multiplications
        if (entity | index) >> 32:
            raise WorldError(
                f"entity {entity}, index {index} of a {stream.name} draw: each must be 0 to {WORD - 1}",
                stream=stream,
                entity=entity,
                index=index,
            )
        return uniform(scramble((self.replication, stream, entity, index), self._schedule))

    def uniforms(self, stream: Stream, entities: npt.ArrayLike, indices: npt.ArrayLike = 0) -> npt.NDArray[np.float64]:
        """Return the numbers of `uniform` for arrays of entities and indices, broadcast against each other."""
        for words, what in ((entities, "entity"), (indices, "index")):
            array = np.asarray(words)
            if array.size and not (array.min() >= 0 and array.max() < WORD):
                raise WorldError(
                    f"{what} {array.min()} to {array.max()} of {stream.name} draws: must be 0 to {WORD - 1}",
                    stream=stream,
                    **{what: array},
                )
        return uniform_array(philox4x32_array(self.replication, stream, entities, indices, self.key))

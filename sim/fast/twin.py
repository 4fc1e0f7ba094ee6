"""A plan made ready for the compiled engine, and its replications."""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from sim.errors import ConvoiError, ModelError, StoppedError
from sim.fast.aside import stoppable
from sim.fast.books import FLOW_COLUMNS, STOCK_COLUMNS, SUMS, TOWN_COLUMNS
from sim.fast.compiled import entry
from sim.fast.country import lay_parameters, replicate
from sim.fast.layout import CONVOY, ENTRY, HEAD, LINE, MARKET, MEETING, UNCERTAIN
from sim.fast.memory import CHUNK
from sim.fast.pack import Packed
from sim.fast.room import at_work, check
from sim.plan.plan import with_values
from sim.record import CONVOYS, ENCOUNTERS, FLOWS, LOG, REALS, STOCKS, TOWNS, Columns, Record
from sim.world.nature import with_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.plan.plan import Plan
    from sim.world.nature import Nature

ROOM = 1 << 17
"""Words beside the plan's that a replication begins with; those that need more begin again with twice as many."""


Array: TypeAlias = "NDArray[np.int64]"
_THREAD = local()


class Twin:
    """A plan laid out for the compiled engine; replications may be run in several threads at once.

    Parameters
    ----------
    plan
        The plan, with the central values of its parameters or with a draw of them.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        packed = Packed(plan)
        self._packed, self._entities = packed.words, packed.entities
        self._room = {False: ROOM, True: 8 * ROOM}

    def replicate(self, given: Nature, log: bool = False) -> Record:
        """Run one replication.

        Parameters
        ----------
        given
            The replication's random numbers and the marks of its parameters; without marks the plan is taken as it is.
        log
            Whether the record keeps the event log.

        Raises
        ------
        ModelError
            If the model breaks one of its own rules, such as the conservation of fuel.
        RoomError
            If it needs more memory than it may have.
        StoppedError
            If it is told to stop; see `sim.halt`.
        """
        with at_work():
            while True:
                room = self._room[log]
                try:
                    return self._attempt(room, given, log)
                except MemoryError:
                    _THREAD.words = None  # the larger ones take their place
                    check(len(self._packed) + 2 * room)
                    self._room[log] = max(self._room[log], 2 * room)
                    continue
                except (StoppedError, KeyboardInterrupt):
                    _THREAD.words = None  # what was told to stop may still be at work on them
                    raise
                except ConvoiError as error:
                    raise ModelError(str(error)) from error
                except ArithmeticError as error:
                    raise ModelError(f"{type(error).__name__}: {error}") from error

    def _attempt(self, room: int, given: Nature, log: bool) -> Record:
        """Run one replication in so many words beside the plan's; a MemoryError says that they do not do."""
        n = _words(len(self._packed) + room)
        n[: len(self._packed)] = self._packed
        n[HEAD.room] = len(n)
        n[HEAD.free] = len(self._packed)
        n[HEAD.log_on] = log
        for entity, other in given.renamed.items():
            n[self._entities[entity]] = other
        f = n.view(np.float64)
        if given.marks is not None:
            lay_parameters(f, n, given.marks)
        stoppable(
            lambda: replicate(f, n, *given.draws.key, given.draws.replication), lambda: n.__setitem__(HEAD.stop, 1)
        )
        return self._record(n, given)

    def _record(self, n: Array, given: Nature) -> Record:
        f = n.view(np.float64)
        plan = with_names(self.plan, given.renamed)
        if given.marks is not None:
            first = n[HEAD.uncertain] + UNCERTAIN.drawn
            values = f[first : first + n[HEAD.uncertain_count] * UNCERTAIN.words : UNCERTAIN.words].tolist()
            plan = with_values(plan, dict(zip((one.path for one in plan.uncertain), values, strict=True)))
        hours, products = n[HEAD.unit_hours], len(plan.products.name)
        balance = f[n[HEAD.balance] :][: products * len(SUMS)].reshape(products, len(SUMS)).tolist()
        return Record(
            plan=plan,
            towns=self._towns(n),
            flows=self._flows(n),
            convoys=_convoys(n, plan.begin),
            encounters=_encounters(n, plan.begin),
            users=self._users(n, plan),
            imports=self._imports(n),
            stocks=self._stocks(n),
            log=_log(n) if n[HEAD.log_on] else {},
            balance=[dict(zip(SUMS, row, strict=True)) for row in balance],
            unit_hours=f[hours : hours + len(plan.escorts.name)].tolist(),
            missing=n[n[HEAD.missing] :][: len(plan.convoys.entity)].tolist(),
            ambushes_laid=int(n[HEAD.laid]),
            ambushes_met=int(n[HEAD.met]),
            events=int(n[HEAD.events]),
        )

    def _towns(self, n: Array) -> Columns:
        days, markets = self.plan.days, int(n[HEAD.markets_count])
        things = n[n[HEAD.markets] :][: markets * MARKET.words].reshape(markets, MARKET.words)
        rows = days * markets
        values = n[n[HEAD.town_rows] :][: TOWN_COLUMNS * rows].reshape(TOWN_COLUMNS, rows).view(np.float64).copy()
        return {
            "day": np.repeat(np.arange(days), markets),
            "town": np.tile(things[:, MARKET.town], days),
            "product": np.tile(things[:, MARKET.product], days),
            **dict(zip(TOWNS[3:], values, strict=True)),
        }

    def _flows(self, n: Array) -> Columns:
        days, corridors = self.plan.days, len(self.plan.corridors.name)
        rows = days * corridors
        values = n[n[HEAD.flow_rows] :][: FLOW_COLUMNS * rows].reshape(FLOW_COLUMNS, rows).copy()
        return {
            "day": np.repeat(np.arange(days), corridors),
            "corridor": np.tile(np.arange(corridors), days),
            **{name: _typed("flows", name, column) for name, column in zip(FLOWS[2:], values, strict=True)},
        }

    def _users(self, n: Array, plan: Plan) -> Columns:
        days, users = plan.days, len(plan.users.name)
        order = np.array(sorted(range(users), key=lambda k: (plan.users.town[k], k)), dtype=np.int64)
        used, stock = (
            n[n[first] :][: days * users].view(np.float64).reshape(days, users)
            for first in (HEAD.user_rows, HEAD.user_stocks)
        )
        need = np.array([plan.users.need[k] * 24.0 for k in order], dtype=np.float64)
        return {
            "day": np.repeat(np.arange(days), users),
            "user": np.tile(order, days),
            "used": used[:, order].ravel(),
            "need": np.tile(need, days),
            "stock": stock[:, order].ravel(),
        }

    def _stocks(self, n: Array) -> Columns:
        days, products = self.plan.days, len(self.plan.products.name)
        rows = days * products
        values = n[n[HEAD.stock_rows] :][: STOCK_COLUMNS * rows].reshape(STOCK_COLUMNS, rows).view(np.float64).copy()
        return {
            "day": np.repeat(np.arange(days), products),
            "product": np.tile(np.arange(products), days),
            **dict(zip(STOCKS[2:], values, strict=True)),
        }

    def _imports(self, n: Array) -> Columns:
        corridors, products, warmup = len(self.plan.corridors.name), len(self.plan.products.name), self.plan.warmup
        count = (warmup + self.plan.days + 1) * corridors * products
        found = np.flatnonzero(n[n[HEAD.imports_noted] :][:count])
        found = found[found >= warmup * corridors * products]
        return {
            "day": found // (corridors * products) - warmup,
            "corridor": found // products % corridors,
            "product": found % products,
            "volume": n[n[HEAD.imports] :][:count].view(np.float64)[found],
        }


def _words(size: int) -> Array:
    """Return words of this thread, used again by each of its replications; all that a record keeps is copied."""
    kept: Array | None = getattr(_THREAD, "words", None)
    if kept is None or len(kept) < size:
        kept = _THREAD.words = np.empty(size, np.int64)
    return kept


def _typed(table: str, name: str, column: Array) -> Any:
    return column.view(np.float64) if name in REALS[table] else column


def _encounters(n: Array, begin: float) -> Columns:
    columns = _linked(n, MEETING, HEAD.encounters, HEAD.encounters_count)
    found = {name: _typed("encounters", name, columns[getattr(MEETING, name)]) for name in ENCOUNTERS}
    return {**found, "time": found["time"] - begin}


def _linked(n: Array, its: Any, first: int, count: int) -> Array:
    columns = np.empty((its.words, int(n[count])), np.int64)
    copy_linked(n, int(n[first]), its.next, columns)
    return columns


def _convoys(n: Array, begin: float) -> Columns:
    """Return the columns of the convoys that left from the scenario's start on."""
    columns = _linked(n, CONVOY, HEAD.convoys, HEAD.convoys_count)
    lines = columns[CONVOY.line]
    departed, ended = columns[CONVOY.departed].view(np.float64), columns[CONVOY.ended].view(np.float64)
    found = {name: columns[getattr(CONVOY, name)] for name in CONVOYS if hasattr(CONVOY, name)}
    found |= {
        "convoy": columns[CONVOY.number],
        "corridor": n[lines + LINE.number],
        "departed": departed - begin,
        "days": (ended - departed) / 24.0,
    }
    ours = departed >= begin
    return {name: found[name][ours] for name in CONVOYS}


def _log(n: Array) -> Columns:
    """Return the entries of the log, written in chunks of which each begins with the place of the next."""
    chunks = []
    chunk, last = int(n[HEAD.log_first]), int(n[HEAD.log_last])
    while chunk != last:
        chunks.append(n[chunk + 1 :][: CHUNK * ENTRY.words])
        chunk = int(n[chunk])
    if last:
        chunks.append(n[last + 1 : n[HEAD.log_next]])
    rows = np.concatenate(chunks or [n[:0]]).reshape(-1, ENTRY.words)
    return {name: _typed("log", name, column) for name, column in zip(LOG, rows.T, strict=True)}


@entry
def copy_linked(n: Array, place: int, after: int, found: Array) -> None:
    """Copy linked things into columns: shape (words of a thing, things)."""
    for k in range(found.shape[1]):
        for field in range(found.shape[0]):
            found[field, k] = n[place + field]
        place = n[place + after]

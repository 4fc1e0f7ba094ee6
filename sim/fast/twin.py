"""A plan made ready for the compiled engine, and its replications."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread, current_thread, local, main_thread
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import ConvoiError, ModelError, StoppedError
from sim.fast.books import FLOW_COUNTS, FLOW_REALS, STOCK_COLUMNS, TOWN_COLUMNS
from sim.fast.compiled import entry
from sim.fast.corridor import Corridor
from sim.fast.country import lay_parameters, replicate
from sim.fast.layout import Country
from sim.fast.memory import CHUNK, Chunk, Entry
from sim.fast.pack import Packed
from sim.fast.records import FLOAT, Declared, Many, memory_of
from sim.fast.room import at_work, check
from sim.fast.town import Town
from sim.halt import current
from sim.plan.plan import Plan, with_values
from sim.record import CONVOYS, ENCOUNTERS, FLOWS, LOG, REALS, STOCKS, TOWNS, Columns, Record
from sim.world.nature import Nature, with_names

if TYPE_CHECKING:
    from sim.fast.ambush import Encounter
    from sim.fast.convoy import Convoy

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
        words = _words(len(self._packed) + room)
        words[: len(self._packed)] = self._packed
        for entity, other in given.renamed.items():
            words[self._entities[entity]] = other
        country = Country(memory_of(words), 0)
        country.room, country.free, country.log_on = len(words), len(self._packed), log
        if given.marks is not None:
            lay_parameters(words, given.marks)
        draws = given.draws
        stoppable(lambda: replicate(words, *draws.key, draws.replication), lambda: setattr(country, "stop", 1))
        return self._record(country, given)

    def _record(self, country: Country, given: Nature) -> Record:
        plan = with_names(self.plan, given.renamed)
        if given.marks is not None:
            paths, drawn = [number.path for number in plan.uncertain], _columns(country.uncertain)["drawn"].tolist()
            plan = with_values(plan, dict(zip(paths, drawn, strict=True)))
        balance = {name: column.tolist() for name, column in _columns(country.balance).items()}
        return Record(
            plan=plan,
            towns=self._towns(country),
            flows=self._flows(country),
            convoys=_convoys(country),
            encounters=_encounters(country),
            users=self._users(country, plan),
            imports=self._imports(country),
            stocks=self._stocks(country),
            log=_log(country) if country.log_on else {},
            balance=[dict(zip(balance, amounts, strict=True)) for amounts in zip(*balance.values(), strict=True)],
            unit_hours=country.unit_hours.array.tolist(),
            missing=country.missing.array.tolist(),
            ambushes_laid=country.laid,
            ambushes_met=country.met,
            events=country.events,
        )

    def _towns(self, country: Country) -> Columns:
        days, markets = self.plan.days, _columns(country.markets)
        number = country.memory.n[markets["town"] + Town.fields["number"].offset]
        values = country.town_rows.array.reshape(TOWN_COLUMNS, days * len(number)).copy()
        return {
            "day": np.repeat(np.arange(days), len(number)),
            "town": np.tile(number, days),
            "product": np.tile(markets["product"], days),
            **dict(zip(TOWNS[3:], values, strict=True)),
        }

    def _flows(self, country: Country) -> Columns:
        days, corridors = self.plan.days, len(self.plan.corridors.name)
        counts = iter(country.flow_counts.array.reshape(FLOW_COUNTS, days * corridors).copy())
        reals = iter(country.flow_reals.array.reshape(FLOW_REALS, days * corridors).copy())
        return {
            "day": np.repeat(np.arange(days), corridors),
            "corridor": np.tile(np.arange(corridors), days),
            **{name: next(reals if name in REALS["flows"] else counts) for name in FLOWS[2:]},
        }

    def _users(self, country: Country, plan: Plan) -> Columns:
        days, users = plan.days, len(plan.users.name)
        order = np.array(sorted(range(users), key=lambda k: (plan.users.town[k], k)), dtype=np.int64)
        used, stock = (row.array.reshape(days, users) for row in (country.user_rows, country.user_stocks))
        need = np.array([plan.users.need[k] * 24.0 for k in order], dtype=np.float64)
        return {
            "day": np.repeat(np.arange(days), users),
            "user": np.tile(order, days),
            "used": used[:, order].ravel(),
            "need": np.tile(need, days),
            "stock": stock[:, order].ravel(),
        }

    def _stocks(self, country: Country) -> Columns:
        days, products = self.plan.days, len(self.plan.products.name)
        values = country.stock_rows.array.reshape(STOCK_COLUMNS, days * products).copy()
        return {
            "day": np.repeat(np.arange(days), products),
            "product": np.tile(np.arange(products), days),
            **dict(zip(STOCKS[2:], values, strict=True)),
        }

    def _imports(self, country: Country) -> Columns:
        corridors, products, warmup = len(self.plan.corridors.name), len(self.plan.products.name), self.plan.warmup
        noted = np.flatnonzero(country.imports_noted.array)
        noted = noted[noted >= warmup * corridors * products]
        return {
            "day": noted // (corridors * products) - warmup,
            "corridor": noted // products % corridors,
            "product": noted % products,
            "volume": country.imports.array[noted],
        }


def stoppable(call: Callable[[], object], stop: Callable[[], object]) -> None:
    """Call what does not return to the interpreter for long; have it stopped by Ctrl-C or when its study is over.

    Parameters
    ----------
    call
        What is called; it must end soon once ``stop`` was called, from whichever thread.
    stop
        Tells it to end.
    """
    with current().stopping(stop):
        if current_thread() is not main_thread():
            call()
            return
        # The main thread alone hears Ctrl-C, between two steps of the interpreter: it waits, another one works.
        outcome: Future[object] = Future()
        worker = Thread(target=_fill, args=(outcome, call), daemon=True)
        try:
            worker.start()
            outcome.result()
        except BaseException:
            stop()
            raise
        finally:
            with suppress(RuntimeError):  # not quite begun: it will find that it is to stop
                worker.join()


def _fill(outcome: Future[object], call: Callable[[], object]) -> None:
    try:
        outcome.set_result(call())
    except BaseException as error:
        outcome.set_exception(error)


def _words(size: int) -> Array:
    """Return words of this thread, used again by each of its replications; all that a record keeps is copied."""
    words: Array | None = getattr(_THREAD, "words", None)
    if words is None or len(words) < size:
        words = _THREAD.words = np.empty(size, np.int64)
    return words


def _linked(first: Convoy | Encounter, count: int) -> Columns:
    """Return the fields of so many linked things as columns."""
    kind = type(first)
    columns = np.empty((kind.words, count), np.int64)
    copy_linked(first.memory.n, first.where, kind.fields["next"].offset, columns)
    return _typed(kind, columns)


def _typed(kind: Declared, words: Array) -> Columns:
    """Return words of things, shape (words of a thing, things), as columns by field."""
    return {
        name: words[offset].view(np.float64) if what == FLOAT else words[offset]
        for name, (offset, what) in kind.fields.items()
    }


def _columns(things: Many[Any]) -> Columns:
    """Return the fields of things that lie one after the other as columns."""
    return _typed(things.kind.of, things.array.T)


def _encounters(country: Country) -> Columns:
    columns = _linked(country.encounters, country.encounters_count)
    return {name: columns[name] for name in ENCOUNTERS} | {"time": columns["time"] - country.begin}


def _convoys(country: Country) -> Columns:
    """Return the columns of the convoys that left from the scenario's start on."""
    columns, begin = _linked(country.convoys, country.convoys_count), country.begin
    ours = columns["departed"] >= begin
    columns |= {
        "convoy": columns["number"],
        "corridor": country.memory.n[columns["corridor"] + Corridor.fields["number"].offset],
        "days": (columns["ended"] - columns["departed"]) / 24.0,
        "departed": columns["departed"] - begin,
    }
    return {name: columns[name][ours] for name in CONVOYS}


def _log(country: Country) -> Columns:
    """Return the entries of the log, written in chunks."""
    n, words, chunks = country.memory.n, Entry.words, []
    chunk = country.log_first
    while chunk:
        first = chunk.where + Chunk.words
        last = country.log_next if chunk == country.log_last else first + CHUNK * words
        chunks.append(n[first:last])
        chunk = chunk.next
    columns = _typed(Entry, np.concatenate(chunks or [n[:0]]).reshape(-1, words).T)
    return {name: columns[name] for name in LOG}


@entry
def copy_linked(words: Array, place: int, after: int, columns: Array) -> None:
    """Copy linked things into columns: shape (words of a thing, things)."""
    for k in range(columns.shape[1]):
        for field in range(columns.shape[0]):
            columns[field, k] = words[place + field]
        place = words[place + after]

"""A study that follows its question: few replications at once, then more on the same luck, none done twice."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from types import TracebackType
from typing import Final, NamedTuple, TypedDict

from sim.errors import StoppedError
from sim.results.ledger import Ledger
from sim.results.measures import MAIN
from sim.results.run import Run
from sim.study.alternatives import Alternative, lineup, one_or_more
from sim.study.campaign import Progress
from sim.study.compare import compare
from sim.study.comparison import Comparison
from sim.study.executors import HERE, Where
from sim.study.replicate import run

STEPS: Final = (20, 60, 120, 200)
"""Replications of each alternative after each step: a first look, and what an answer that is quoted should have."""
AT_ONCE: Final = 20
"""Replications of all alternatives together that a first look takes at most, if need be by a smaller first step."""
KEPT: Final = 64
"""Lines of alternatives that are kept ready."""
HINDCAST: Final = "hindcast=yes"


@dataclass(frozen=True)
class State:
    """What is asked: a scenario, what is compared, what is laid on all and set in all.

    Parameters
    ----------
    scenario
        A file, or the bare name of one.
    strategies, overlays
        The alternatives, as `sim.study.alternatives.lineup` takes them; the scenario as it is if there are none.
    common
        Overlays laid on every alternative.
    sets
        Settings made in every alternative.
    seed
        Of all luck.
    measure
        The measure that ranks.
    """

    scenario: str
    strategies: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    seed: int = 1
    measure: str = MAIN

    @property
    def compares(self) -> bool:
        """Whether there are alternatives to compare."""
        return len(self.strategies) > 1 or bool(self.overlays)

    def having(
        self, strategies: Iterable[str], overlays: Iterable[str], common: Iterable[str], sets: Iterable[str]
    ) -> State:
        """Return the same with other alternatives, laid on all what is given, and with further settings."""
        return replace(
            self,
            strategies=tuple(strategies),
            overlays=tuple(overlays),
            common=tuple(common),
            sets=(*self.sets, *sets),
        )

    def command(self, replications: int = STEPS[-1]) -> str:
        """Return the command that gives the same numbers."""
        words = ["convoi", "compare" if self.compares else "run", self.scenario]
        for strategy in self.strategies:
            words += ["--strategy", strategy]
        for overlay in self.overlays:
            words += ["--overlay", overlay]
        for overlay in self.common:
            words += ["--common" if self.compares else "--overlay", overlay]
        for setting in self.sets:
            words += ["--hindcast"] if setting == HINDCAST else ["--set", setting]
        if self.compares and self.measure != MAIN:
            words += ["--measure", self.measure]
        return shlex.join([*words, "-n", str(replications), "--seed", str(self.seed)])


class _Given(TypedDict):
    """What a run and a comparison are given alike."""

    seed: int
    where: Where
    progress: Progress
    command: str
    ledger: Ledger


class Look(NamedTuple):
    """What is seen after so many replications, of as many as there will be."""

    outcome: Run | Comparison
    replications: int
    of: int

    @property
    def last(self) -> bool:
        """Whether no further one comes."""
        return self.replications >= self.of


@dataclass
class Explorer:
    """Answers states one after another; a replication that one of them had is not done again for the next.

    Close it, or use it in a ``with``, to let go of what it keeps.

    Parameters
    ----------
    where
        What does the replications.
    """

    where: Where = HERE
    _ledger: Ledger = field(default_factory=lambda: Ledger(None))
    _lines: dict[State, tuple[Alternative, ...]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _laying: Lock = field(default_factory=Lock)

    def __enter__(self) -> Explorer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all replications."""
        with self._lock:
            self._ledger.__exit__(None, None, None)

    def line(self, state: State) -> tuple[Alternative, ...]:
        """Return the alternatives of a state; one if it compares nothing.

        Raises
        ------
        ScenarioError, RequestError
            If they are no valid scenarios, or cannot be compared.
        """
        with self._laying:  # threads of one page may ask at once, the one that was left and the one that follows
            if state not in self._lines:
                given = (state.scenario, state.strategies)
                if state.compares:
                    line = lineup(*given, state.overlays, common=state.common, sets=state.sets)
                else:
                    line = one_or_more(*given, common=state.common, sets=state.sets)
                while len(self._lines) >= KEPT:
                    del self._lines[next(iter(self._lines))]
                self._lines[state] = line
            return self._lines[state]

    def looks(
        self, state: State, steps: Sequence[int] = STEPS, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[Look]:
        """Iterate over what is seen after each of some numbers of replications.

        Parameters
        ----------
        state
            What is asked.
        steps
            Replications of each alternative, rising; a smaller one is set before them if there are many alternatives.
        stopped
            Asked after each replication; what says yes ends the looks, since nobody waits for more.

        Raises
        ------
        ConvoiError
            If the alternatives are no valid scenarios, or cannot be compared or run.
        """
        line = self.line(state)
        for count in _from(steps, len(line)):
            try:
                with self._lock:
                    outcome = self._outcome(state, line, count, stopped)
            except StoppedError:
                return
            yield Look(outcome, count, steps[-1])

    def _outcome(
        self, state: State, line: tuple[Alternative, ...], count: int, stopped: Callable[[], bool]
    ) -> Run | Comparison:
        def progress(done: int, total: int) -> None:
            if stopped():
                raise StoppedError(f"stopped after {done} of {total} replications")

        given: _Given = {
            "seed": state.seed,
            "where": self.where,
            "progress": progress,
            "command": state.command(count),
            "ledger": self._ledger,
        }
        if state.compares:
            return compare(line, replications=count, measure=state.measure, **given)
        return run(line[0].scenario, count, **given)


def _from(steps: Sequence[int], alternatives: int) -> list[int]:
    """Return the steps, with one before them whose replications of so many alternatives are not too many at once."""
    first = max(2, AT_ONCE // alternatives // 2 * 2)  # even, since pairs share a draw of the parameters
    return [*([first] if first < steps[0] else []), *steps]

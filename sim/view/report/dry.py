"""How many runs have most of the hub's stations shut, day by day, and in how many it runs dry by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from sim.language import say, say_counted
from sim.results.daily import DRY, HALF
from sim.results.run import Run
from sim.study.comparison import Comparison
from sim.view.bands import matrix
from sim.view.words import counted, long_date, number, on_day, percent, range_words


@dataclass(frozen=True)
class Shut:
    """Stations of a town over the runs: the share open, shape (days, runs)."""

    open: NDArray[np.float64]

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return int(self.open.shape[1])

    @property
    def half(self) -> NDArray[np.float64]:
        """Share of runs in which under half of the stations are open, by day."""
        share: NDArray[np.float64] = (self.open < HALF).mean(axis=1)
        return share

    @property
    def days(self) -> float:
        """Days with under half of the stations open, mean over the runs."""
        return float((self.open < HALF).sum(axis=0).mean())

    @property
    def dry(self) -> list[int]:
        """First days with under a tenth of the stations open, of the runs that have such a day, in order of time."""
        below = self.open < DRY
        return sorted(int(day) for day in below.argmax(axis=0)[below.any(axis=0)])

    @property
    def by_half(self) -> int:
        """The day by which half of the runs that run dry have done so; there is one."""
        return self.dry[(len(self.dry) - 1) // 2]


def shut_in(run: Run) -> Shut:
    """Return the hub's stations in a run, open with the lead product."""
    root = run.scenario.root
    rows = run.part("towns", ["replication", "day", "open_share"], town=root.hub, product=root.lead)
    return Shut(matrix(rows, "open_share").to_numpy(dtype=float))


def shut_by_name(comparison: Comparison) -> dict[str, Shut]:
    """Return the hub's stations under each alternative, open with the lead product."""
    lead = comparison.alternatives[0].scenario.root.lead
    rows = comparison.part("hub", ["alternative", "replication", "day", "open"], product=lead)
    parts = {str(name): part for name, part in rows.groupby("alternative", observed=True)}
    return {name: Shut(matrix(parts[name], "open").to_numpy(dtype=float)) for name in comparison.names}


def dry_words(shut: Shut, start: datetime) -> str:
    """Say in how many runs the town runs dry, and by when half of these do."""
    dry, runs, last = shut.dry, number(shut.runs), long_date(on_day(start, len(shut.open) - 1))
    if shut.runs == 1:
        if not dry:
            return say("Not in this one run, up to {last}.", last=last)
        return say("Yes, in this one run, on {day}.", day=long_date(on_day(start, dry[0])))
    if not dry:
        return say("No: in none of {runs} runs, up to {last}.", runs=runs, last=last)
    half = long_date(on_day(start, shut.by_half))
    if len(dry) == 1:
        return say("In one of {runs} runs, on {day}.", runs=runs, day=half)
    if len(dry) == shut.runs:
        return say("Yes, in all {runs} runs, half of them by {day}.", runs=runs, day=half)
    return say("In {dry} of {runs} runs, half of them by {day}.", dry=number(len(dry)), runs=runs, day=half)


def shut_drawn(runs: int, town: str, product: str) -> str:
    """Say what a chart of `Shut.half` shows."""
    return say_counted(
        "Share of {count} run in which under half of {town}'s stations have {product}, by day.",
        "Share of {count} runs in which under half of {town}'s stations have {product}, by day.",
        runs, count=number(runs), town=town, product=say(product),
    )  # fmt: skip


def half_words(shut: Shut, town: str, product: str, start: datetime) -> str:
    """Say when most runs have under half of the stations open, or how many have at the worst: a heading."""
    share = shut.half
    if not share.any():
        return say(
            "Half of {town}'s stations or more have {product} every day, in every run", town=town, product=say(product)
        )
    first, last, days = _longest(share > HALF)
    worst = int(share.argmax())
    if not days:
        return say(
            "At the worst, on {day}, under half of {town}'s stations have {product} in {share} of runs",
            day=long_date(on_day(start, worst)), town=town, product=say(product), share=percent(share[worst]),
        )  # fmt: skip
    spell = range_words(long_date(on_day(start, first)), long_date(on_day(start, last)))
    values = {"town": town, "product": say(product), "days": number(days), "spell": spell}
    if shut.runs == 1:
        return say_counted(
            "Under half of {town}'s stations have {product} on {days} day: {spell}",
            "Under half of {town}'s stations have {product} on {days} days; {spell} without a break",
            days, **values,
        )  # fmt: skip
    return say_counted(
        "On {days} day under half of {town}'s stations have {product} in most runs: {spell}",
        "On {days} days under half of {town}'s stations have {product} in most runs; {spell} without a break",
        days, **values,
    )  # fmt: skip


def shared_words(shut: Shut) -> str:
    """Say why a run has other days with under half of the stations open than most runs share; of one run nothing."""
    if shut.runs == 1 or not (shut.half > HALF).any():
        return ""
    return say(
        "A single run has {mean} of this kind on average; the heading counts only dates on which more than half of "
        "the runs have one.",
        mean=counted(number(shut.days), "day"),
    )


def _longest(flags: NDArray[np.bool_]) -> tuple[int, int, int]:
    """Return the first and last day of the longest spell of days that are flagged, and how many are in all."""
    best = (0, -1)
    first: int | None = None
    for day, flag in enumerate([*flags.tolist(), False]):
        if flag and first is None:
            first = day
        elif not flag and first is not None:
            if day - first > best[1] - best[0] + 1:
                best = (first, day - 1)
            first = None
    return *best, int(flags.sum())

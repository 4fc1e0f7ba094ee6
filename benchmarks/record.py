"""How much of the record of autumn 2025 do single replications meet, and how much of it together?

Use: python benchmarks/record.py [-n 2000] [--seed 1] [--scenario FILE] [--overlay FILE ...] [--set PATH=VALUE ...]

Thirteen dated facts are asked of every replication.  Printed are the share of replications that meets each, how many
facts are met together, the fact that most often fails where nearly all are met, and the median and 5–95 % range of the
numbers behind the facts.  Each fact says in its docstring how the record is read and on which rows of ``seeds`` it
rests.  Nothing but a few numbers a replication is kept, so memory does not grow.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import text  # noqa: E402
from sim.plan import build  # noqa: E402
from sim.results.daily import HALF, SHORT, Daily, added  # noqa: E402
from sim.results.measures.stations import first_shortage  # noqa: E402

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from sim.plan.plan import Plan
    from sim.record import Record

NAN = float("nan")
FIFTH: Final = 0.2
BIG: Final = 200
"""Tankers of a large convoy: that of 27 October (ML061); 300 on 7 October (ML033)."""
IVORIAN: Final = ("Sikasso", "Kolondiéba")
"""Corridors by the Ivorian border."""
FIRST_ESCORT: Final = "2025-09-10"
LAST: Final = "2025-10-29"
"""Last day to which losses and convoys are counted, as in the scenario's documented figures."""


class Seen(Daily):
    """What a replication shows, day by day, in the terms of the record."""

    def days_of(self, first: str, last: str) -> range:
        """Return the days from one date to another, both included."""
        return range(self.day_of(first), self.day_of(last) + 1)

    def open(self, town: str, product: str) -> NDArray[Any]:
        """Return the share of a town's stations open with a product, mean over the day, by day."""
        plan = self.record.plan
        place = self.places.index(plan.towns.name.index(town))
        share: NDArray[Any] = self.towns("open_share")[:, place, self.products.index(plan.products.name.index(product))]
        return share

    def half_shut(self, town: str, product: str) -> float:
        """Return the first day with under half of a town's stations open with a product; NaN if there was none."""
        under = self.open(town, product) < HALF
        return float(under.argmax()) if under.any() else NAN

    @cached_property
    def first_short(self) -> float:
        """First day on which Bamako sold under 80 % of the petrol wanted; NaN if there was none."""
        return first_shortage(self)

    @cached_property
    def escorted(self) -> NDArray[np.bool_]:
        """Convoys with an escort on import corridors that left until 29 October."""
        rows = self.record.convoys
        end = 24.0 * (self.day_of(LAST) + 1)
        mask: NDArray[np.bool_] = self.imports[rows["corridor"]] & (rows["escort"] != 0) & (rows["departed"] < end)
        return mask

    @cached_property
    def hit(self) -> NDArray[np.bool_]:
        """Of these, those that lost tankers."""
        mask: NDArray[np.bool_] = self.escorted & (self.record.convoys["lost"] > 0)
        return mask

    def came(self, first: str, last: str) -> NDArray[Any]:
        """Return tankers brought in by each import convoy that reached the end of its road between two dates."""
        rows = self.record.convoys
        end = rows["departed"] / 24.0 + rows["days"]
        days = self.days_of(first, last)
        ours = self.imports[rows["corridor"]] & (rows["turned_back"] == 0)
        sizes: NDArray[Any] = rows["arrived"][ours & (end >= days.start) & (end < days.stop)]  # NaN on the road: never
        return sizes

    def month(self, name: str) -> float:
        """Return imports of a month, ML."""
        return float(sum(self.imported[day] for day in self.months()[name])) * 1e-3

    def lost(self) -> float:
        """Return tankers lost on all roads until 29 October, to ambushes and roadblocks."""
        lost = self.record.flows["lost"].reshape(self.record.plan.days, -1)
        return float(added(lost[: self.day_of(LAST) + 1].ravel()))

    def refusing(self, corridors: tuple[str, ...] | None = None) -> float:
        """Return tankers that stood for refusal on 20 October, mean over the day; on all imports if none is named."""
        day, names = self.day_of("2025-10-20"), self.record.plan.corridors.name
        row = self.record.flows["waiting_refusal"].reshape(self.record.plan.days, -1)[day]
        ours = self.imports if corridors is None else np.isin(names, corridors)
        return float(added(row[ours]))

    @cached_property
    def largest(self) -> float:
        """Tankers of the largest escorted import convoy at departure, 10 September to 29 October."""
        rows = self.record.convoys
        ours = self.escorted & (rows["departed"] >= 24.0 * self.day_of(FIRST_ESCORT))
        return float(rows["tankers"][ours].max(initial=0))


def normal_in_september(seen: Seen) -> bool:
    """Bamako sells normally, 26–29 September.

    Read as: petrol sold is 80 % or more of that wanted on each of the four days.  ML026a, ML026b (well stocked on the
    26th), ML027 (one station shut for its price on the 29th, the others keep to the cap); against ML008.
    """
    return all(seen.fill[day] >= SHORT for day in seen.days_of("2025-09-26", "2025-09-29"))


def dry_in_october(seen: Seen) -> bool:
    """Bamako is dry on 6 or 7 October.

    Read as: under half of its stations with petrol, mean over the day, on either day.  ML031 (nearly all without petrol
    on the 6th), ML032 (four of some twenty open in the morning of the 7th).  The record is of an instant and would bear
    a fifth; see the other readings.
    """
    return bool((_october(seen) < HALF).any())


def relief(seen: Seen) -> bool | None:
    """Bamako has relief after the convoy of 7 October.

    Read as: on four or more of 9–13 October petrol sold is 80 % or more of that wanted, asked only where a convoy
    brought in 200 tankers or more between 5 and 9 October.  ML033 (300 on the 7th), ML041 (queues thin out from the
    9th), ML045 (short again from about the 15th).
    """
    if not (seen.came("2025-10-05", "2025-10-09") >= BIG).any():
        return None
    return sum(seen.fill[day] >= SHORT for day in seen.days_of("2025-10-09", "2025-10-13")) >= 4


def mostly_shut(seen: Seen) -> bool:
    """Most of Bamako's stations are shut, 20–29 October.

    Read as: under half of its stations with petrol, mean over the day, on six or more of the ten days.  ML044, ML045,
    ML055, ML060, ML070, ML071a, ML072.
    """
    return int((_late_october(seen) < HALF).sum()) >= 6


def imports(seen: Seen) -> bool:
    """Imports are those of the customs series.

    Read as: 45–61 ML in September and 66–90 ML in October, 15 % about the series, in either scope.  ML115a, ML115b;
    the minister has 103 and 116 ML (ML107b, ML107a).
    """
    return 45.0 <= seen.month("2025-09") <= 61.0 and 66.0 <= seen.month("2025-10") <= 90.0


def losses(seen: Seen) -> bool:
    """From 118 to 235 tankers are lost to 29 October.

    Read as: on all roads, to ambushes and roadblocks.  The sum over sites (ML015, ML021, ML048, ML052, ML063, ML214);
    high with the importers' 100 for September (ML028, ML019).
    """
    return 118.0 <= seen.lost() <= 235.0


def refusal(seen: Seen) -> bool:
    """Hundreds of tankers stand at the Ivorian border on 20 October, their crews unwilling.

    Read as: 200 to 900 wait for refusal on the two Ivorian corridors, mean over the day.  ML050, ML051.
    """
    return 200.0 <= seen.refusing(IVORIAN) <= 900.0


def convoys(seen: Seen) -> bool:
    """Twelve or more escorted convoys leave for Mali to 29 October.

    Read as: departures with an escort on import corridors, without upper limit, since 14 or 15 are known and quiet
    arrivals go unreported.  ML011, ML012, ML013, ML018, ML021, ML030, ML033, ML042, ML043, ML047, ML052, ML059, ML061,
    ML063, ML073; customs count two in September (ML115a).
    """
    return int(np.count_nonzero(seen.escorted)) >= 12


def hits(seen: Seen) -> bool:
    """From 4 to 8 of them lose tankers.

    Read as: escorted import convoys with one tanker lost or more.  Eight attacks are known (ML012, ML013, ML021, ML030,
    ML043, ML047, ML052, ML063), three of them without a count or without word of an escort.
    """
    return 4 <= int(np.count_nonzero(seen.hit)) <= 8


def big_convoy(seen: Seen) -> bool:
    """A convoy of 200 tankers or more drives.

    Read as: escorted, on an import corridor, at departure, 10 September to 29 October.  ML033, ML061.
    """
    return seen.largest >= BIG


def mopti_first(seen: Seen) -> bool:
    """Mopti is short before October.

    Read as: under half of its stations with petrol on a day before 1 October.  ML023, ML024, ML029.
    """
    return seen.half_shut("Mopti-Sévaré", "petrol") < seen.day_of("2025-10-01")


def petrol_first(seen: Seen) -> bool:
    """Petrol fails before diesel in Bamako.

    Read as: the first day with under half of the stations with petrol comes before the first for diesel, which may
    never come.  ML031, ML040, ML044.
    """
    petrol, diesel = seen.half_shut("Bamako", "petrol"), seen.half_shut("Bamako", "diesel")
    return petrol < (diesel if diesel == diesel else np.inf)


def gao_dry(seen: Seen) -> bool:
    """Gao is dry by 25 October.

    Read as: under half of its stations with petrol on a day up to the 25th.  ML075 (out of fuel for two weeks on the
    30th); 30 tankers came on the 16th (ML046).
    """
    return seen.half_shut("Gao", "petrol") <= seen.day_of("2025-10-25")


FACTS: Final[tuple[Callable[[Seen], bool | None], ...]] = (
    *(normal_in_september, dry_in_october, relief, mostly_shut, imports, losses, refusal, convoys, hits, big_convoy),
    *(mopti_first, petrol_first, gao_dry),
)
"""A fact that is not asked is None, and counts as not met."""

READINGS: Final[dict[str, Callable[[Seen], bool]]] = {
    "2: under a fifth on 6 or 7 October": lambda seen: bool((_october(seen) < FIFTH).any()),
    "2: first short day 5–7 October": lambda seen: seen.first_short in seen.days_of("2025-10-05", "2025-10-07"),
    "2: first half-shut day 4–8 October": lambda seen: (
        seen.half_shut("Bamako", "petrol") in seen.days_of("2025-10-04", "2025-10-08")
    ),
    "4: under a fifth on most days": lambda seen: int((_late_october(seen) < FIFTH).sum()) >= 6,
    "5: September alone": lambda seen: 45.0 <= seen.month("2025-09") <= 61.0,
    "5: October alone": lambda seen: 66.0 <= seen.month("2025-10") <= 90.0,
    "7: on all import corridors": lambda seen: 200.0 <= seen.refusing() <= 900.0,
    "8: twelve to twenty": lambda seen: 12 <= int(np.count_nonzero(seen.escorted)) <= 20,
}
"""Other readings of a fact; printed, not counted."""


def _october(seen: Seen) -> NDArray[Any]:
    days = seen.days_of("2025-10-06", "2025-10-07")
    return seen.open("Bamako", "petrol")[days.start : days.stop]


def _late_october(seen: Seen) -> NDArray[Any]:
    days = seen.days_of("2025-10-20", "2025-10-29")
    return seen.open("Bamako", "petrol")[days.start : days.stop]


class Number(NamedTuple):
    """A number behind a fact: what the record has, and how it is read off a replication."""

    record: str
    read: Callable[[Seen], float]
    date: bool = False


NUMBERS: Final[dict[str, Number]] = {
    "1, 2: first short day in Bamako": Number("6 Oct", lambda seen: seen.first_short, True),
    "2: first half-shut day in Bamako": Number("6 Oct", lambda seen: seen.half_shut("Bamako", "petrol"), True),
    "1: least sold over wanted, 26–29 Sep": Number("1", lambda seen: min(_fill(seen, "2025-09-26", "2025-09-29"))),
    "2: stations with petrol, 6–7 Oct": Number("0.2", lambda seen: float(_october(seen).min())),
    "3: largest convoy in, 5–9 Oct": Number(
        "300", lambda seen: float(seen.came("2025-10-05", "2025-10-09").max(initial=0))
    ),
    "3: days not short, 9–13 Oct": Number(
        "4–5", lambda seen: sum(fill >= SHORT for fill in _fill(seen, "2025-10-09", "2025-10-13"))
    ),
    "4: half-shut days, 20–29 Oct": Number("6–10", lambda seen: int((_late_october(seen) < HALF).sum())),
    "5: imports of September, ML": Number("53", lambda seen: seen.month("2025-09")),
    "5: imports of October, ML": Number("78", lambda seen: seen.month("2025-10")),
    "6: tankers lost": Number("118–235", lambda seen: seen.lost()),
    "7: refusing at the Ivorian border": Number("200–900", lambda seen: seen.refusing(IVORIAN)),
    "7: refusing on all imports": Number("", lambda seen: seen.refusing()),
    "8: escorted convoys": Number("14–15", lambda seen: int(np.count_nonzero(seen.escorted))),
    "8: tankers in them": Number("", lambda seen: float(added(seen.record.convoys["tankers"][seen.escorted]))),
    "9: of them hit": Number("5–8", lambda seen: int(np.count_nonzero(seen.hit))),
    "10: largest escorted convoy": Number("200–300", lambda seen: seen.largest),
    "11: Mopti's first half-shut day": Number("21 Sep", lambda seen: seen.half_shut("Mopti-Sévaré", "petrol"), True),
    "12: diesel's first half-shut day, Bamako": Number("later", lambda seen: seen.half_shut("Bamako", "diesel"), True),
    "13: Gao's first half-shut day": Number("16 Oct", lambda seen: seen.half_shut("Gao", "petrol"), True),
}


def _fill(seen: Seen, first: str, last: str) -> list[float]:
    return [seen.fill[day] for day in seen.days_of(first, last)]


class Answers(NamedTuple):
    """What one replication answers: 1, 0, or NaN where a fact is not asked; then readings and numbers."""

    facts: list[float]
    readings: list[float]
    numbers: list[float]


def answers(record: Record) -> Answers:
    """Ask a replication."""
    seen = Seen(record)
    asked = [fact(seen) for fact in FACTS]
    return Answers(
        [NAN if answer is None else float(answer) for answer in asked],
        [float(read(seen)) for read in READINGS.values()],
        [float(number.read(seen)) for number in NUMBERS.values()],
    )


def ask(plan: Plan, replications: int, seed: int, workers: int) -> dict[str, NDArray[Any]]:
    """Ask many replications; arrays with a row for each, by kind of answer."""
    from sim.fast import Twin
    from sim.study.engine import prepare
    from sim.world.nature import nature

    prepare()
    twin = Twin(plan)

    def answer(replication: int) -> Answers:
        return answers(twin.replicate(nature(plan, seed, replication)))

    with ThreadPoolExecutor(workers) as pool:
        rows = list(pool.map(answer, range(replications)))
    return {name: np.array([getattr(row, name) for row in rows], float) for name in Answers._fields}


def report(replies: dict[str, NDArray[Any]], start: datetime) -> str:
    """Return what is printed."""
    facts = replies["facts"]
    return "\n\n".join(
        (
            text(["fact", "met", "share", "asked"], _shares(facts)),
            text(["another reading", "met", "share"], _others(replies["readings"])),
            text(["facts met together", "just so many", "so many or more", "share"], _together(facts)),
            _best(facts),
            text(["number", "record", "median", "5 %", "95 %", "defined"], _spread(replies["numbers"], start)),
        )
    )


def title(fact: Callable[[Seen], bool | None]) -> str:
    """Return the first line of a fact's docstring."""
    return (fact.__doc__ or "").partition("\n")[0].rstrip(".")


def _shares(facts: NDArray[Any]) -> list[list[str]]:
    rows = []
    for k, fact in enumerate(FACTS):
        asked, met = int((~np.isnan(facts[:, k])).sum()), int(np.nansum(facts[:, k]))
        rows.append([f"{k + 1:2} {title(fact)}", str(met), f"{met / asked:.3f}" if asked else "–", str(asked)])
    return rows


def _others(readings: NDArray[Any]) -> list[list[str]]:
    met = readings.sum(axis=0)
    return [[name, f"{n:.0f}", f"{n / len(readings):.3f}"] for name, n in zip(READINGS, met, strict=True)]


def _together(facts: NDArray[Any]) -> list[list[str]]:
    counts = np.nansum(facts, axis=1).astype(int)
    rows = []
    for k in range(len(FACTS), -1, -1):
        more = int((counts >= k).sum())
        rows.append([str(k), str(int((counts == k).sum())), str(more), f"{more / len(counts):.4f}"])
        if more == len(counts):
            break
    return rows


def _best(facts: NDArray[Any]) -> str:
    """Say which replications come closest, and what they lack."""
    met = np.nan_to_num(facts)
    counts = met.sum(axis=1).astype(int)
    most = int(counts.max())
    best = np.flatnonzero(counts == most)
    lines = [f"Most met together: {most} of {len(FACTS)}, in {len(best)}: replications {_listed(best)}."]
    near = np.flatnonzero(counts >= most - 1)
    lacking = (met[near] == 0).sum(axis=0)
    order = sorted((k for k in range(len(FACTS)) if lacking[k]), key=lambda k: (-lacking[k], k))
    lines.append(f"Lacking in the {len(near)} that meet {most - 1} or more:")
    lines += [f"  {lacking[k]:5} {title(FACTS[k])}" for k in order]
    return "\n".join(lines)


def _listed(numbers: NDArray[Any], most: int = 10) -> str:
    return ", ".join(str(n) for n in numbers[:most]) + (" …" if len(numbers) > most else "")


def _spread(numbers: NDArray[Any], start: datetime) -> list[list[str]]:
    rows = []
    for (name, number), column in zip(NUMBERS.items(), numbers.T, strict=True):
        defined = column[~np.isnan(column)]
        points = np.quantile(defined, (0.5, 0.05, 0.95)).tolist() if len(defined) else [NAN] * 3
        rows.append([name, number.record, *(_shown(p, number.date, start) for p in points), str(len(defined))])
    return rows


def _shown(value: float, date: bool, start: datetime) -> str:
    if value != value:
        return "–"
    if date:
        day = start + timedelta(days=int(value))
        return f"{day.day} {day:%b}"
    return f"{value:.2f}" if abs(value) < 10.0 else f"{value:.0f}"


def main() -> None:
    """Ask and print."""
    import sim

    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("-n", "--replications", type=int, default=2000, metavar="N")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--scenario", type=Path, default=ROOT / "scenarios" / "blockade-2025.yaml", metavar="FILE")
    words.add_argument("--overlay", type=Path, action="append", default=[], metavar="FILE")
    words.add_argument("--set", dest="sets", action="append", default=[], metavar="PATH=VALUE")
    words.add_argument("--workers", type=int, default=2)
    asked = words.parse_args()
    if asked.replications < 1:
        words.error(f"cannot ask {asked.replications} replications; expected at least 1")
    scenario = sim.load(asked.scenario, asked.overlay, asked.sets)
    plan = build(scenario)
    began = time.perf_counter()
    replies = ask(plan, asked.replications, asked.seed, asked.workers)
    laid = f", with {', '.join(scenario.laid)}" if scenario.laid else ""
    print(f"{scenario.root.title}{laid}; {asked.replications} replications, seed {asked.seed}\n")
    print(report(replies, plan.start))
    print(f"\n{time.perf_counter() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

"""Both engines on every shipped scenario and on random countries: the same bits, or the first event that differs.

Use: python benchmarks/equality.py [--seeds 50] [--random 5000] [--workers 2] [--only WORDS]

Compared are scenarios x strategies x scopes, and the what-if overlays on blockade-2025 in both scopes, with seeds 1, 2,
3 ...: measures, all tables, totals and the whole event log, the fast engine's with and without log.  What is done is
kept in build/equality.jsonl and not done again until a source of either engine changes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SCENARIOS = ROOT / "scenarios"
COUNTRIES = ("mali", "blockade-2025", "tutorial")
KINDS = ("equal", "different", "refused", "failed")
WORDS = {"refused": "refused by the fast engine", "failed": "failed in both"}
AT_ONCE = {"shipped": 5, "random": 50}
"""Replications in a job."""


class Combination(NamedTuple):
    """A scenario with overlays, or the random countries if it has no scenario."""

    label: str
    scenario: str = ""
    overlays: tuple[str, ...] = ()
    digest: str = ""


class Job(NamedTuple):
    """Seeds (or numbers of random countries) to do for a combination."""

    combination: Combination
    seeds: tuple[int, ...]


RANDOM = Combination("random countries")


def combinations(only: str) -> tuple[list[Combination], Counter[str]]:
    """Return the combinations that make different plans, and why others are not scenarios, with how many.

    Those are left out whose label does not have the words ``only``.
    """
    distinct: dict[str, Combination] = {}
    refused: Counter[str] = Counter()
    for scenario, overlays in _laid():
        label = " + ".join((scenario, *(Path(overlay).stem for overlay in overlays)))
        if only not in label:
            continue
        try:
            digest = sha256(repr(_plan(scenario, overlays)).encode()).hexdigest()[:16]
        except Exception as error:
            _only_scenario_errors(error)
            refused[f"{scenario}: {str(error).splitlines()[0].partition(': ')[2][:90]}"] += 1
            continue
        distinct.setdefault(digest, Combination(label, scenario, overlays, digest))
    return list(distinct.values()), refused


def _laid() -> Iterator[tuple[str, tuple[str, ...]]]:
    def those(folder: str) -> list[str]:
        return sorted(str(path.relative_to(SCENARIOS)) for path in (SCENARIOS / folder).glob("*.yaml"))

    scopes = those("scope")
    for scenario in COUNTRIES:
        for strategy in ((), *((overlay,) for overlay in those("strategies"))):
            for scope in ((), *((overlay,) for overlay in scopes)):
                yield scenario, (*strategy, *scope)
    for what_if in those("what-if"):
        for scope in scopes:
            yield "blockade-2025", (what_if, scope)


def _only_scenario_errors(error: Exception) -> None:
    from sim.errors import PlanError, ScenarioError

    if not isinstance(error, ScenarioError | PlanError):
        raise error


@lru_cache(maxsize=4)
def _loaded(scenario: str, overlays: tuple[str, ...]):
    import sim

    return sim.load(SCENARIOS / f"{scenario}.yaml", overlays=[SCENARIOS / overlay for overlay in overlays])


@lru_cache(maxsize=4)
def _plan(scenario: str, overlays: tuple[str, ...]):
    from sim.plan import build

    return build(_loaded(scenario, overlays))


def done(job: Job) -> list[tuple[int, str, str]]:
    """Return seed, outcome and words for each seed of a job."""
    return [(seed, *_one(job.combination, seed)) for seed in job.seeds]


def _one(combination: Combination, seed: int) -> tuple[str, str]:
    from sim.results.stated import documented
    from tests.engines import compared
    from tests.property.scenarios import country_of, plan_of

    try:
        if combination == RANDOM:
            return compared(plan_of(country_of(seed)), seed, seed, central=seed % 5 == 0)
        scenario, plan = (load(combination.scenario, combination.overlays) for load in (_loaded, _plan))
        return compared(plan, seed, seed, wanted=documented(scenario, plan))
    except Exception:
        return "different", traceback.format_exc()


class Kept:
    """What is done, as lines of JSON; lines made by other sources are passed over."""

    def __init__(self, path: Path) -> None:
        from sim.study.sources import digest

        self._sources = digest()[:16]
        self.outcomes: dict[tuple[str, str], dict[int, tuple[str, str]]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            try:
                row = json.loads(line)
            except ValueError:  # the last line of a run that was killed
                continue
            if row["sources"] == self._sources:
                self.of(Combination(row["label"], digest=row["plan"]))[row["seed"]] = (row["outcome"], row["words"])
        self._file = path.open("a", encoding="utf-8")

    def of(self, combination: Combination) -> dict[int, tuple[str, str]]:
        """Return outcome and words by seed."""
        return self.outcomes.setdefault((combination.label, combination.digest), {})

    def add(self, combination: Combination, seed: int, outcome: str, words: str) -> None:
        """Keep an outcome."""
        self.of(combination)[seed] = (outcome, words)
        row = {"label": combination.label, "plan": combination.digest, "sources": self._sources, "seed": seed}
        print(json.dumps(row | {"outcome": outcome, "words": words}), file=self._file, flush=True)


def jobs(asked: Iterable[tuple[Combination, range]], kept: Kept) -> Iterator[Job]:
    """Iterate over what is left to do."""
    for combination, seeds in asked:
        left = iter([seed for seed in seeds if seed not in kept.of(combination)])
        size = AT_ONCE["random" if combination == RANDOM else "shipped"]
        while batch := tuple(islice(left, size)):
            yield Job(combination, batch)


def compare(asked: list[tuple[Combination, range]], kept: Kept, workers: int) -> None:
    """Do what is left, and print each combination when the last of it is done."""
    waiting = jobs(asked, kept)
    todo = {combination: seeds for combination, seeds in asked}
    begun: dict[Future[list[tuple[int, str, str]]], Job] = {}
    for combination in [candidate for candidate, seeds in asked if all(seed in kept.of(candidate) for seed in seeds)]:
        tell(combination, todo.pop(combination), kept)
    with ProcessPoolExecutor(workers) as executor:
        try:
            while True:
                for job in islice(waiting, workers + 1 - len(begun)):
                    begun[executor.submit(done, job)] = job
                if not begun:
                    return
                for future in wait(begun, return_when=FIRST_COMPLETED).done:
                    combination = begun.pop(future).combination
                    for seed, outcome, words in future.result():
                        kept.add(combination, seed, outcome, words)
                    if all(seed in kept.of(combination) for seed in todo[combination]):
                        tell(combination, todo[combination], kept)
        except KeyboardInterrupt:
            executor.shutdown(cancel_futures=True)
            sys.exit("stopped; what was done is kept")


def tell(combination: Combination, seeds: range, kept: Kept) -> None:
    """Print a line on a combination, and the first difference in full."""
    outcomes = kept.of(combination)
    counts = Counter(outcomes[seed][0] for seed in seeds)
    words = ", ".join(f"{counts[kind]} {WORDS.get(kind, kind)}" for kind in KINDS if counts[kind])
    print(f"{combination.label:<52} {words}", flush=True)
    for kind in KINDS[1:]:
        first = next((seed for seed in seeds if outcomes[seed][0] == kind), None)
        if first is not None:
            print(f"    {kind} first with {'country' if combination == RANDOM else 'seed'} {first}:")
            print("\n".join(f"    | {line}" for line in outcomes[first][1].splitlines()), flush=True)


def summary(asked: list[tuple[Combination, range]], kept: Kept, seconds: float) -> bool:
    """Print the counts over all; return whether nothing differs."""
    counts = Counter(kept.of(combination)[seed][0] for combination, seeds in asked for seed in seeds)
    shipped = len([combination for combination, _ in asked if combination != RANDOM])
    print(f"\n{shipped} combinations of shipped files, {counts.total():,} replications in all ({seconds:,.0f} s now)")
    for kind in KINDS:
        print(f"  {WORDS.get(kind, kind):<28}{counts[kind]:>8,}")
    return not counts["different"]


def main() -> None:
    """Compare what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=50, help="replications of each combination (default 50; 0: none)")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="random countries (default none)")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="processes")
    parser.add_argument("--only", default="", metavar="WORDS", help="combinations whose label has these words")
    parser.add_argument(
        "--file", type=Path, default=ROOT / "build" / "equality.jsonl", help="what is done is kept here"
    )
    given = parser.parse_args()
    from sim.fast import prepare

    prepare()
    began = time.monotonic()
    shipped, refused = combinations(given.only) if given.seeds > 0 else ([], Counter())
    asked = [(combination, range(1, given.seeds + 1)) for combination in shipped]
    if given.random > 0:
        asked.append((RANDOM, range(given.random)))
    kept = Kept(given.file)
    compare(asked, kept, given.workers)
    if refused:
        print(
            f"\n{refused.total()} other combinations are no scenarios, since files speak of things of another country:"
        )
        print("\n".join(f"  {count:>3} x {why}" for why, count in refused.most_common()))
    sys.exit(0 if summary(asked, kept, time.monotonic() - began) else 1)


if __name__ == "__main__":
    main()

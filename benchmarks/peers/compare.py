"""The kernel in every simulator that is installed: first that all give the same events, then how long each takes.

Use: python benchmarks/peers/compare.py [--days N] [--rounds N] [--json FILE] [--markdown]

The simulators take turns in one process, so that a slow spell of the machine falls on all of them; what they leave is
collected before each run.  Times are of one run from the ready tables to the last event.  From cold is a fresh
process: import, model, compilation and one run; neither cimba nor the kernel in Numba keeps compiled code on disk here.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.peers.kernel import Hours, Kernel, Run

PEERS = {"SimPy": "simpy", "salabim": "salabim", "cimba": "cimba", "Numba, as the fast engine": "numba"}
"""The package of each simulator, whose model is the module ``in_PACKAGE``; the others are set beside the first."""
FIRST = next(iter(PEERS))
TURN = 0.3
"""Seconds that a turn lasts at least; a quick simulator runs the kernel many times in it."""


def here() -> list[str]:
    """Return the simulators that are installed."""
    from benchmarks.measuring import installed

    return [name for name, package in PEERS.items() if installed(package)]


def prepared(name: str, kernel: Kernel, hours: Hours) -> Run:
    """Return what runs the kernel once in a simulator."""
    run: Run = importlib.import_module(f"benchmarks.peers.in_{PEERS[name]}").ready(kernel, hours)
    return run


def same(name: str, expected: NDArray[Any], events: NDArray[Any]) -> None:
    """Stop if a simulator's events are not those expected."""
    from benchmarks.peers.kernel import difference

    if words := difference(expected, events):
        sys.exit(f"{name} does not give the events of {FIRST}: {words}")


def compare(kernel: Kernel, rounds: int) -> dict[str, Any]:
    """Check that the simulators agree, time them in turn, and return what was found."""
    from benchmarks.measuring import installed, machine
    from benchmarks.peers.kernel import canonical, draw

    hours = draw(kernel)
    runs = {name: prepared(name, kernel, hours) for name in here()}
    expected = canonical(runs[FIRST]())
    for name, run in runs.items():
        same(name, expected, canonical(run()))
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            gc.collect()
            times, began = 0, time.perf_counter()
            while (spent := time.perf_counter() - began) < TURN:
                rows: Any = run()
                times += 1
                if len(rows) != len(expected):
                    sys.exit(f"{name}: {len(rows):,} events in a timed run, expected {len(expected):,}")
            seconds[name].append(spent / times)
    return {
        "machine": machine("numpy"),
        "days": kernel.days,
        "events": len(expected),
        "rounds": rounds,
        "left_out": [name for name in PEERS if name not in runs],
        "simulators": {
            name: {"version": installed(PEERS[name]), "seconds": seconds[name], "cold": cold(name, kernel.days)}
            for name in runs
        },
    }


def cold(name: str, days: int) -> float:
    """Return the seconds from the import of a simulator to the end of one run, in a fresh process."""
    words = [sys.executable, __file__, "--cold", name, "--days", str(days)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} from cold failed:\n{done.stderr}")
    return float(json.loads(done.stdout))


def cold_here(name: str, kernel: Kernel) -> float:
    """Measure it in this process."""
    from benchmarks.peers.kernel import draw

    hours = draw(kernel)
    began = time.perf_counter()
    prepared(name, kernel, hours)()
    return time.perf_counter() - began


def table(measured: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows."""
    from benchmarks.measuring import short, spread

    heads = ["simulator", "version", "ms", "events a second", f"times {FIRST}'s speed", "from cold, s"]
    simulators, events = measured["simulators"], measured["events"]
    base = simulators[FIRST]["seconds"]
    rows = []
    for name, simulator in simulators.items():
        ratios = [slow / quick for slow, quick in zip(base, simulator["seconds"], strict=True)]
        figures = (
            spread([1000.0 * value for value in simulator["seconds"]]),
            f"{events / median(simulator['seconds']):,.0f}",
            "1" if name == FIRST else spread(ratios),
            short(simulator["cold"], 2),
        )
        rows.append([name, simulator["version"], *figures])
    return heads, rows


def main() -> None:
    """Read the command line, measure, print."""
    from benchmarks.measuring import in_words, keep, markdown, text
    from benchmarks.peers.kernel import Kernel

    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--days", type=int, default=Kernel().days)
    words.add_argument("--rounds", type=int, default=7)
    words.add_argument("--json", type=Path, help="also write what was measured here")
    words.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    words.add_argument("--cold", choices=list(PEERS), help=argparse.SUPPRESS)
    asked = words.parse_args()
    kernel = Kernel(days=asked.days)
    if asked.cold:
        print(json.dumps(cold_here(asked.cold, kernel)))
        return
    measured = compare(kernel, asked.rounds)
    if asked.json:
        keep(asked.json, measured)
    print(in_words(measured["machine"]))
    print(f"{measured['events']:,} events, the same in all; median of {measured['rounds']} runs (lowest–highest)\n")
    print((markdown if asked.markdown else text)(*table(measured)))
    for name in measured["left_out"]:
        print(f"{name} is not installed and left out: pip install -r benchmarks/peers/requirements.txt")


if __name__ == "__main__":
    main()

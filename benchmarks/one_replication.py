"""One replication of blockade-2025 in SimPy: CPU seconds, peak memory, and the number of events, which must not change.

Use: make bench, or python benchmarks/one_replication.py [REPEATS]

Each measurement is a process of its own, so that peak memory is its own too; the rows take turns, so that a slow spell
of the machine falls on all of them.  Seconds cover the replication (and the tables in rows that make them), not the
start of Python, imports and the reading of the scenario; memory covers all.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.plan.plan import Plan
    from sim.record import Record

ROOT = Path(__file__).resolve().parents[1]
EXPECTED = json.loads((ROOT / "benchmarks" / "expected.json").read_text(encoding="utf-8"))
ROWS = {
    "model": "model alone, no tables",
    "tables": "measures and daily tables",
    "log": "the same and the full event log",
}
HELP = [sys.executable, "-c", "from sim.cli.main import main; main(['--help'])"]
REPEATS = 7
MB = 1e6


def measure(row: str) -> dict[str, float]:
    """Run the replication as a row asks, in this process."""
    import sim
    from sim.plan import build
    from sim.study.replicate import simulate

    plan = build(sim.load(ROOT / EXPECTED["scenario"]))
    if row != "model":
        _load_what_tables_need()
    began = time.process_time()
    record = simulate(plan, EXPECTED["seed"], EXPECTED["replication"], log=row == "log")
    if row != "model":
        _make_tables(plan, record)
    seconds = time.process_time() - began
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    logged = len(record.log.get("time", ()))
    return {"seconds": seconds, "mb": kib * 1024 / MB, "events": record.events, "logged": logged}


def _load_what_tables_need() -> None:
    import pandas  # noqa: F401


def _make_tables(plan: Plan, record: Record) -> None:
    from sim.results.measures import measures
    from sim.results.tables import TABLES, columns, frame

    parts = columns(record)
    frames = [frame(plan, name, {EXPECTED["replication"]: parts[name]}) for name in TABLES]
    assert measures(record, ()) and all(len(table.columns) for table in frames)


def apart(row: str) -> dict[str, float]:
    """Return what a fresh process measures."""
    words = [sys.executable, __file__, "--row", row]
    done = subprocess.run(words, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"the row '{row}' failed:\n{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout)
    if found["events"] != EXPECTED["events"]:
        sys.exit(
            f"{found['events']:,} events in replication {EXPECTED['replication']} of {EXPECTED['scenario']}, seed "
            f"{EXPECTED['seed']}; expected {EXPECTED['events']:,}.  Either the model is wrong or it was changed: then "
            "run tests/golden/regenerate.py and write the decision in CHANGELOG.md."
        )
    return found


def help_seconds() -> float:
    """Return the CPU seconds of ``convoi --help``, Python's start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(HELP, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(repeats: int) -> None:
    """Measure all rows and print them."""
    found: dict[str, list[dict[str, float]]] = {row: [] for row in ROWS}
    helps = []
    for _ in range(repeats):
        for row in ROWS:
            found[row].append(apart(row))
        helps.append(help_seconds())
    print(f"One replication of {EXPECTED['scenario']}, seed {EXPECTED['seed']}: {EXPECTED['events']:,} events")
    print(f"{_processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, SimPy {version('simpy')}")
    print(f"median of {repeats} processes (lowest to highest)\n")
    print(f"{'':<34}{'CPU seconds':>22}{'peak memory, MB':>24}{'events/s':>12}")
    for row, label in ROWS.items():
        seconds, memory = ([one[name] for one in found[row]] for name in ("seconds", "mb"))
        rate = EXPECTED["events"] / median(seconds)
        print(f"{label:<34}{_spread(seconds, 2):>22}{_spread(memory, 0):>24}{rate:>12,.0f}")
    print(f"{'convoi --help':<34}{_spread(helps, 3):>22}")
    print(f"\nlines in the log: {found['log'][0]['logged']:,.0f}")


def _spread(values: list[float], digits: int) -> str:
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--row"]:
        print(json.dumps(measure(sys.argv[2])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS)

"""What changes under each posterior: escort strategies, their break-even, three what-ifs, and runs to 28 February.

Use: python benchmarks/under_posteriors.py [-n 200] [--out FOLDER] [strategies] [what-ifs] [break-even] [february]

Each table has a column for the ranges before any fit and for each shipped posterior, with other luck and with its own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import markdown  # noqa: E402

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.break_even import Flip

SCENARIOS: Final = ROOT / "scenarios"
BLOCKADE: Final = SCENARIOS / "blockade-2025.yaml"
POSTERIORS: Final = ("pump-free", "all-customs-free", "all-minister-free")
STRATEGIES: Final = ("none", "none-dispersed", "army", "air-only", "ground", "ground-instead", "ground+air")
WHAT_IFS: Final = ("customs-24h", "partner-leaves", "pause")
LEAD: Final = "days_half_closed"
Laid = tuple[list[Path], list[str]]


def sets() -> Iterator[tuple[str, Laid]]:
    """Iterate over what is laid on the blockade, by name."""
    yield "pump, ranges", ([], [])
    yield "all, ranges", ([SCENARIOS / "scope" / "all.yaml"], [])
    for name in POSTERIORS:
        overlay = [SCENARIOS / "posteriors" / f"{name}.yaml"]
        yield f"{name}, other luck", (overlay, [])
        yield f"{name}, hindcast", (overlay, ["hindcast=yes"])


def strategies(count: int, out: Path) -> str:
    """Return days half shut by strategy, mean and 5–95 % band; the best by mean is marked."""
    import sim

    columns = {}
    for name, (common, given) in sets():
        done = sim.compare(
            BLOCKADE,
            STRATEGIES,
            common=common,
            sets=given,
            replications=count,
            folder=out / f"strategies, {name}",
            force=True,
        )
        means = {strategy: done.of[strategy][LEAD] for strategy in STRATEGIES}
        best = min(means, key=lambda strategy, means=means: means[strategy].mean())
        columns[name] = [_band(column) + (" *" if strategy == best else "") for strategy, column in means.items()]
    return _table("days half shut", STRATEGIES, columns)


def what_ifs(count: int, out: Path) -> str:
    """Return what each what-if changes in days half shut: mean paired difference and its 95 % interval."""
    import sim
    from sim.study.intervals import interval

    columns = {}
    for name, (common, given) in sets():
        overlays = [str(SCENARIOS / "what-if" / f"{what_if}.yaml") for what_if in WHAT_IFS]
        done = sim.compare(
            BLOCKADE,
            (),
            overlays,
            common=common,
            sets=given,
            replications=count,
            folder=out / f"what-ifs, {name}",
            force=True,
        )
        cells = []
        for what_if in WHAT_IFS:
            mean, low, high = interval(done.of[what_if][LEAD] - done.of[done.baseline][LEAD], done.drawn)
            cells.append(f"{mean:.1f} ({low:.1f} to {high:.1f})")
        columns[name] = cells
    return _table("change in days half shut", WHAT_IFS, columns)


def break_even(count: int, out: Path) -> str:
    """Return the loss ratio under which ground ranks before air-only at cycle factor low, middle and high."""
    from sim.study.alternatives import lineup
    from sim.study.break_even import break_even as study

    columns = {}
    rows: list[str] = []
    for name, (common, given) in sets():
        first, second = lineup(BLOCKADE, ("air-only", "ground"), common=common, sets=given)
        done = study(first, second, measure=LEAD, replications=count, folder=out / f"break-even, {name}")
        flips = [flip for curve in done.curves for flip in curve.flips if curve.equal == done.curves[0].equal]
        rows = [f"cycle factor {flip.cycle:.2f}" for flip in flips]
        columns[name] = [flip.ahead or _flip(flip) for flip in flips]
    return _table("ground before air-only under", rows, columns)


def february(count: int, out: Path) -> str:
    """Return imports by month to February, and with a pause in attacks from November, in ML, mean over replications."""
    import sim

    columns = {}
    months = [f"imports.{month}" for month in ("2025-08", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02")]
    for name, (common, given) in sets():
        for what, more in (("goes on", []), ("pause", [SCENARIOS / "what-if" / "pause.yaml"])):
            scenario = sim.load(BLOCKADE, [*common, *more], [*given, "end=2026-03-01"])
            measures = sim.run(scenario, count, folder=out / f"february, {name}, {what}").measures
            columns[f"{name}, {what}"] = [f"{measures[month].mean():.0f}" for month in months]
    return _table("imports, ML", [month.removeprefix("imports.") for month in months], columns)


def _flip(flip: Flip) -> str:
    if flip.ratio != flip.ratio:
        return "not once"
    return f"{flip.ratio:.2f} ({flip.low:.2f}–{flip.high:.2f})"


def _band(column: pd.Series[float]) -> str:
    low, high = column.quantile([0.05, 0.95])
    return f"{column.mean():.0f} ({low:.0f}–{high:.0f})"


def _table(head: str, rows: tuple[str, ...] | list[str], columns: dict[str, list[str]]) -> str:
    """Return a table with a row for each set of replications."""
    return markdown([head, *rows], [[name, *cells] for name, cells in columns.items()])


def main() -> None:
    """Run what is asked for, all of it if nothing is."""
    studies = {"strategies": strategies, "what-ifs": what_ifs, "break-even": break_even, "february": february}
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("studies", nargs="*", choices=[*studies, []], default=[])
    words.add_argument("-n", "--replications", type=int, default=200)
    words.add_argument("--out", type=Path, default=Path("results") / "under-posteriors")
    asked = words.parse_args()
    for name in asked.studies or studies:
        print(studies[name](asked.replications, asked.out), flush=True)
        print(flush=True)


if __name__ == "__main__":
    main()

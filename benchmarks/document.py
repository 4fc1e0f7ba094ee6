"""The tables of docs/performance.md, laid from what was measured, so that no figure in them is typed.

Use: python benchmarks/document.py     lays the tables of benchmarks/measured/ into the page
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import DOCUMENT, fill, in_words, markdown, short, spread  # noqa: E402

MEASURED = ROOT / "benchmarks" / "measured"
Table = tuple[list[str], list[list[str]]]
NAMES = {"simpy": "SimPy", "fast": "fast"}


def of_engines(measured: dict[str, Any]) -> dict[str, Table]:
    """Return the tables of the parts that were measured, by name."""
    parts = {"outputs": _outputs, "first": _first, "memory": _memory, "size": _size, "cores": _cores}
    return {part: table(measured[part]) for part, table in parts.items() if part in measured}


def _outputs(rows: list[dict[str, Any]]) -> Table:
    from benchmarks.engines import OUTPUTS

    heads = ["output", "engine", "CPU ms a replication", "replications a second", "times SimPy's speed"]
    heads += ["log rows a second", "peak, MB"]
    base = {row["output"]: row["seconds"] for row in rows if row["engine"] == "simpy"}
    table = []
    for row in rows:
        ratios = [slow / quick for slow, quick in zip(base[row["output"]], row["seconds"], strict=True)]
        figures = (
            spread([1000.0 * seconds for seconds in row["seconds"]]),
            short(1.0 / median(row["seconds"])),
            "1" if row["engine"] == "simpy" else spread(ratios),
            short(row["logged"] / median(row["seconds"])) if row["logged"] else "",
            short(median(row["mb"])),
        )
        table.append([OUTPUTS[row["output"]], NAMES[row["engine"]], *figures])
    return heads, table


def _first(rows: list[dict[str, Any]]) -> Table:
    return ["command", "wall seconds"], [[row["what"], spread(row["seconds"])] for row in rows]


def _memory(rows: list[dict[str, Any]]) -> Table:
    heads = ["command", "replications", "peak, MB", "wall seconds", "CPU seconds"]
    return heads, [
        [row["command"], f"{row['replications']:,}", *(short(row[name]) for name in ("mb", "seconds", "cpu"))]
        for row in rows
    ]


def _size(rows: list[dict[str, Any]]) -> Table:
    factors = sorted({row["factor"] for row in rows})
    at = {(row["what"], row["engine"], row["factor"]): row["seconds"] for row in rows}
    table = []
    for what, engine in dict.fromkeys((row["what"], row["engine"]) for row in rows):
        base = at[what, engine, 1.0]
        of = [[value / usual for value, usual in zip(at[what, engine, f], base, strict=True)] for f in factors]
        figures = (short(1000.0 * median(base)) if f == 1.0 else "× " + spread(of[i], 2) for i, f in enumerate(factors))
        table.append([what, NAMES[engine], *figures])
    return ["size", "engine", *("× 1, CPU ms" if f == 1.0 else f"× {f:g}" for f in factors)], table


def _cores(rows: list[dict[str, Any]]) -> Table:
    heads = ["engine", "workers", "replications", "wall seconds", "replications a second", "times one worker"]
    base = {row["engine"]: row["seconds"] for row in rows if row["workers"] == 1}
    table = []
    for row in rows:
        ratios = [slow / quick for slow, quick in zip(base[row["engine"]], row["seconds"], strict=True)]
        figures = (
            spread(row["seconds"]),
            short(row["replications"] / median(row["seconds"])),
            "1" if row["workers"] == 1 else spread(ratios),
        )
        table.append([NAMES[row["engine"]], str(row["workers"]), f"{row['replications']:,}", *figures])
    return heads, table


def laid(document: str) -> str:
    """Return a page with the tables of what was measured."""
    engines, peers = (_read(name) for name in ("engines", "peers"))
    from benchmarks.peers.compare import table

    tables = {name: markdown(*part) for name, part in of_engines(engines).items()}
    tables["machine"] = in_words(engines["machine"]) + "."
    tables["rounds"] = "{outputs} rounds at equal outputs, {others} elsewhere, one for memory.".format(
        **engines["rounds"]
    )
    tables["peers"] = markdown(*table(peers))
    tables["kernel"] = f"{peers['events']:,} events in {peers['days']:,} days; {peers['rounds']} rounds."
    return fill(document, tables)


def _read(name: str) -> dict[str, Any]:
    measured: dict[str, Any] = json.loads((MEASURED / f"{name}.json").read_text(encoding="utf-8"))
    return measured


def main(words: Iterable[str]) -> None:
    """Lay the tables, or say how to measure first."""
    if list(words):
        sys.exit(__doc__)
    missing = [name for name in ("engines", "peers") if not (MEASURED / f"{name}.json").is_file()]
    if missing:
        sys.exit(f"nothing measured yet: {', '.join(missing)}; see docs/performance.md, Measuring again")
    DOCUMENT.write_text(laid(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

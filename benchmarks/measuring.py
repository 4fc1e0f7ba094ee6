"""What the benchmarks share: the machine in words, spreads, tables, and where the tables go in docs/performance.md."""

from __future__ import annotations

import json
import math
import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "performance.md"


def machine(*packages: str) -> dict[str, str | int]:
    """Return the processor, its cores and the versions that matter."""
    facts: dict[str, str | int] = {"processor": _processor(), "cores": os.cpu_count() or 1}
    facts |= {"Python": platform.python_version()}
    return facts | {package: installed(package) or "not installed" for package in packages}


def installed(package: str) -> str | None:
    """Return the version of a package, or None if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def in_words(machine: dict[str, str | int]) -> str:
    """Return a machine as a line."""
    rest = (f"{name} {value}" for name, value in machine.items() if name not in ("processor", "cores"))
    return f"{machine['processor']}, {machine['cores']} cores; {', '.join(rest)}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Return the median and, in brackets, the lowest and the highest value, to some significant digits."""
    if len(values) == 1:
        return short(values[0], digits)
    return f"{short(median(values), digits)} ({short(min(values), digits)}–{short(max(values), digits)})"


def short(value: float, digits: int = 3) -> str:
    """Return a number to some significant digits, with no decimals from there on."""
    if not value:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(float(f"{value:.{digits}g}"))))
    return f"{value:,.{max(0, places)}f}"


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first column is words and whose others are figures."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def text(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the same table for a terminal."""
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    lines = []
    for first, *others in (heads, *rows):
        figures = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        lines.append("  ".join((first.ljust(widths[0]), *figures)))
    return "\n".join(lines)


def keep(path: Path, measured: object) -> None:
    """Write what was measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


def fill(document: str, tables: dict[str, str]) -> str:
    """Return a document with each table between its marks, ``<!-- NAME -->`` and ``<!-- end -->``, laid anew.

    Raises
    ------
    ValueError
        If the document has no place for a table.
    """
    for name, table in tables.items():
        place = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
        document, count = place.subn(lambda match, table=table: f"{match[1]}{table}\n{match[2]}", document)
        if count != 1:
            raise ValueError(f"the document has {count} places for the table '{name}'; expected 1")
    return document

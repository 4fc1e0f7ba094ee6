"""Units and ranges that many parameters share, and how much a scenario may hold, so that checking it takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sim.scenario.fields import In
from sim.scenario.problem import Fault, Path

FOREVER = 1e5
"""Longest duration that a scenario may state, h (about eleven years)."""

Share = In("1", 0, 1)
Hours = In("h", 0, FOREVER)
TABLES: Final[dict[Path, int]] = {
    ("products",): 50,
    ("towns",): 500,
    ("junctions",): 1000,
    ("roads",): 2000,
    ("zones",): 500,
    ("terminals",): 200,
    ("corridors",): 100,
    ("users",): 1000,
    ("rationing",): 500,
    ("documented",): 1000,
    ("marks",): 1000,
    ("escorts", "pools"): 100,
    ("strategy", "imports"): 100,
    ("strategy", "inland"): 100,
    ("willingness", "strikes"): 500,
    ("willingness", "threats"): 500,
    ("convoys", "recorded"): 10_000,
    ("attacks", "replayed"): 10_000,
}
"""The most of each kind, some ten times what the largest shipped scenario has: rules look at pairs of them, and the
escorts of a corridor at regimes, corridors and pools together."""
ENTRIES: Final = 2000
"""The most entries of a number by date: one a day for the longest run, five years."""


def size_faults(data: dict[str, Any]) -> list[Fault]:
    """Return the fault of each table or list that holds too much."""
    return [
        Fault("too many", f"{len(items):,}", f"at most {most:,}", path)
        for path, most in TABLES.items()
        if (items := _at(data, path)) is not None and len(items) > most
    ] + list(_long_lists(data, ()))


def _at(data: Any, path: Path) -> dict[str, Any] | list[Any] | None:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict | list) else None


def _long_lists(value: Any, path: Path) -> Iterator[Fault]:
    """Iterate over lists by date with too many entries."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _long_lists(item, (*path, key))
    elif isinstance(value, list) and len(value) > ENTRIES and any(isinstance(item, dict) for item in value):
        yield Fault("too many entries", f"{len(value):,}", f"at most {ENTRIES:,}", path)

"""Units and ranges that many parameters share, and how much a scenario may hold, so that checking it takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from sim.scenario.fields import Dated, In, Quantity
from sim.scenario.problem import Fault, Path
from sim.scenario.tree import Branch, Node, Row, node_at

FOREVER = 1e5
"""Longest duration that a scenario may state, h (about eleven years)."""

Share = Annotated[Quantity, In("1", 0, 1)]
DatedShare = Annotated[Dated, In("1", 0, 1)]
Hours = Annotated[Quantity, In("h", 0, FOREVER)]
Days = Annotated[Quantity, In("h", 0, FOREVER, show="days")]
HourOrMore = Annotated[Quantity, In("h", 1, FOREVER, show="days")]
DayOrMore = Annotated[Quantity, In("h", 24, FOREVER, show="days")]
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


def size_faults(tree: Branch) -> Iterator[Fault]:
    """Iterate over the faults of tables and lists that hold too much."""
    for path, most in TABLES.items():
        node = node_at(tree, path)
        if isinstance(node, Branch | Row) and len(node.items) > most:
            yield Fault("too many", f"{len(node.items):,}", f"at most {most:,}", path)
    yield from _long_lists(tree, ())


def _long_lists(node: Node, path: Path) -> Iterator[Fault]:
    """Iterate over lists by date with too many entries."""
    if isinstance(node, Branch):
        for key, item in node.items.items():
            yield from _long_lists(item, (*path, key))
    elif isinstance(node, Row) and len(node.items) > ENTRIES and any(isinstance(item, Branch) for item in node.items):
        yield Fault("too many entries", f"{len(node.items):,}", f"at most {ENTRIES:,}", path)

"""Which zone a district lies in.

A label is ``district``, ``region/district``, ``region/*`` for a whole region, or the name of a region that is no
district's.  The narrowest label that fits an event holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.errors import IntakeError
from sim.intake.sheet import CellError, Row, folded, placed, read_sheet, refusal, spelled
from sim.scenario.problem import one_of, quoted
from sim.scenario.read import UnreadableError, read
from sim.scenario.tree import Leaf

Place = tuple[str, str]
"""Region and district; empty if not known."""
WHOLE = "*"


@dataclass(frozen=True)
class Labels:
    """Zones by label, and the file that says so, if one does."""

    zones: Mapping[str, str]
    file: str = ""


@dataclass(frozen=True)
class Districts:
    """Zones by folded place.

    ``idle`` are labels that fit no place; ``ambiguous`` those that fit districts of several regions.
    """

    zones: Mapping[Place, str]
    idle: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()

    def zone(self, place: Place) -> str | None:
        """Return the zone of a place; None if it lies in none."""
        region, district = folded(place[0]), folded(place[1])
        tried = [(region, district), ("", district)] if district else []
        return next((self.zones[key] for key in [*tried, (region, WHOLE)] if key in self.zones), None)


def districts_of(labels: Labels, places: Collection[Place]) -> Districts:
    """Return the zones by place, given all places of a table."""
    homes: dict[str, set[str]] = {}
    for region, district in places:
        if district:
            homes.setdefault(folded(district), set()).add(folded(region))
    regions = {folded(region) for region, _ in places if region}
    zones: dict[Place, str] = {}
    idle, ambiguous = [], []
    for label, zone in labels.zones.items():
        name = folded(label)
        region, stroke, below = (part.strip() for part in label.rpartition("/"))
        if name in homes:
            key = ("", name)
            if len(homes[name]) > 1:
                ambiguous.append(label)
        elif name in regions:
            key = (name, WHOLE)
        elif stroke:
            key = (folded(region), WHOLE if below == WHOLE else folded(below))
            known = regions if below == WHOLE else homes.get(key[1], set())
            if key[0] not in known:
                idle.append(label)
        else:
            key = ("", name)
            idle.append(label)
        zones[key] = zone
    return Districts(zones, tuple(idle), tuple(ambiguous))


def by_name(names: Iterable[str]) -> Labels:
    """Return labels that are the names of zones."""
    return Labels({name: name for name in names})


def read_labels(path: Path, known: Collection[str] | None) -> Labels:
    """Return what a file says: CSV with the columns district and zone, or a YAML mapping of districts to zones.

    Raises IntakeError with all that is wrong, such as a zone that is not among the ``known``.
    """
    pairs = _of_yaml(path) if path.suffix.lower() in (".yaml", ".yml") else _of_csv(path)
    zones: dict[str, str] = {}
    problems = []
    seen: dict[str, str] = {}
    for label, zone, line in pairs:
        if known is not None and zone not in known:
            problems.append(placed(str(path), line, "no such zone", quoted(zone), one_of(known, zone), "zone"))
        other = seen.setdefault(folded(label), zone)
        if other != zone:
            problems.append(
                placed(str(path), line, "a district in two zones", quoted(label), "each district once", "district")
            )
        zones.setdefault(label, zone)
    if problems:
        raise IntakeError("\n".join(problems))
    return Labels(zones, str(path))


def _of_csv(path: Path) -> list[tuple[str, str, int]]:
    sheet = read_sheet(path)
    lacking = sheet.lacking(("district", "zone"))
    if lacking:
        raise refusal(str(path), sheet.start + 1, f"no column {lacking}", "", "district and zone")

    def pair(row: Row) -> tuple[str, str, int]:
        label, zone = spelled(row.text("district")), spelled(row.text("zone"))
        if not (label and zone):
            raise CellError("zone" if label else "district", "an empty cell", "a district and its zone")
        return label, zone, row.line

    return list(sheet.read(pair))


def _of_yaml(path: Path) -> list[tuple[str, str, int]]:
    try:
        branch, problems = read(path.read_bytes(), str(path))
    except OSError as error:
        expected = "a mapping of districts to zones"
        raise refusal(str(path), 0, f"cannot be read: {error.strerror}", "", expected) from None
    except UnreadableError as error:
        raise IntakeError(str(error.problem)) from None
    faults = [str(problem) for problem in problems]
    pairs = []
    for label, node in branch.items.items():
        if isinstance(node, Leaf) and isinstance(node.value, str) and node.value.strip():
            pairs.append((spelled(label), spelled(node.value), node.origin.line))
        else:
            faults.append(placed(str(path), node.origin.line, "not a name of a zone", "", "text", label))
    if faults:
        raise IntakeError("\n".join(faults))
    return pairs

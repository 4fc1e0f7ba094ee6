"""Roads between towns from a file of lines."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from sim.errors import IntakeError
from sim.intake.ellipsoid import Array, distances
from sim.intake.geojson import Collection, Shape, read
from sim.intake.network import Join, Network, network
from sim.intake.surface import Kind, is_osm, kind_of
from sim.intake.towns import Town, read_towns
from sim.intake.ways import Paces, Way, groups, ways
from sim.scenario.limits import TABLES
from sim.scenario.problem import legible, quoted, some

OSM: Final = "© OpenStreetMap contributors, ODbL 1.0"
SHORT: Final = 100.0
"""Towns nearer to one another than this, m, are one place: no road is so short."""
TOLD: Final = 5


class Source(NamedTuple):
    """A file that roads are made from."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Roads:
    """Roads between neighbouring towns.

    Attributes
    ----------
    towns
        All towns of the file.
    ways
        By pair of towns: the quickest way, and the way back if there is one.
    paces, detour
        As asked for.
    attribution
        Whom the lines are by; empty if nobody says.
    sources
        The files of lines and of towns.
    notes
        What was left out, joined or not reached.
    """

    towns: tuple[Town, ...]
    ways: dict[tuple[int, int], tuple[Way, ...]]
    paces: Paces
    detour: float
    attribution: str
    sources: tuple[Source, Source]
    notes: tuple[str, ...]


def roads(
    file: Path, towns_file: Path, snap: float, reach: float, paces: Paces, detour: float, attribution: str = ""
) -> Roads:
    """Return the roads between the towns of a file.

    Parameters
    ----------
    file
        GeoJSON of lines.
    towns_file
        Towns: a table (name, lat, lon) or GeoJSON of points.
    snap, reach
        How far an end may lie from a line that it is joined to, and a town from a line that comes by it, m.
    paces
        Of a laden tanker by surface, km/h.
    detour
        The share by which a way by other towns may take longer and stand for a direct one.
    attribution
        Whom the lines are by, if the file does not say.

    Raises
    ------
    IntakeError
        If a file cannot be read, or no two towns are joined.
    """
    towns = read_towns(towns_file)
    collection = read(file)
    places = np.array([(town.lon, town.lat) for town in towns])
    _check_apart(towns_file, towns, places)
    shapes, kinds, unread = _driven(collection)
    if not shapes:
        left = _counted(collection.left_out) or "nothing"
        raise IntakeError(f"{file}: no line of a road; given {left}; expected LineStrings", file=file)
    net = network([shape.xy for shape in shapes], places, snap, reach)
    joined = ways(net, kinds, len(towns), paces, detour)
    if not joined:
        raise _nothing(file, shapes, towns, places, net, (snap, reach))
    notes = [*_reading(collection, shapes, unread), *_joined(net.joins, shapes, snap)]
    notes += _reached(towns, joined, net.remote, reach)
    credit = _credit(collection, attribution)
    if not credit:
        notes.append("the file of lines does not say whom it is by; state it with --attribution")
    if len(joined) > TABLES["roads",]:
        notes.append(f"{len(joined):,} roads; a scenario holds at most {TABLES['roads',]:,}")
    sources = _source(file), _source(towns_file)
    placed = tuple(f"{sources[0].name}: {note}" if note[:1].isdigit() else note for note in notes)
    return Roads(tuple(towns), joined, paces, detour, credit, sources, placed)


def _source(file: Path) -> Source:
    with file.open("rb") as stream:
        return Source(legible(" ".join(file.name.split())), hashlib.file_digest(stream, "sha256").hexdigest())


def _driven(collection: Collection) -> tuple[list[Shape], list[Kind], Counter[str]]:
    """Return the lines that are roads, their kinds, and the words for surfaces that are not understood."""
    shapes, kinds, unread = [], [], Counter[str]()
    seen: set[bytes] = set()
    left_out = collection.left_out
    for shape in collection.lines:
        kind = kind_of(shape.properties)
        step = np.append(True, (np.diff(shape.xy, axis=0) != 0).any(axis=1))
        xy = shape.xy[step]
        ends = xy if tuple(xy[0]) <= tuple(xy[-1]) else xy[::-1]
        same = np.ascontiguousarray(ends).tobytes()
        if kind.no_road:
            left_out[kind.no_road] += 1
        elif len(xy) < 2:
            left_out["line without a length"] += 1
        elif same in seen:
            left_out["line that is there twice"] += 1
        else:
            seen.add(same)
            shapes.append(replace(shape, xy=xy))
            kinds.append(kind)
            if kind.unread:
                unread[kind.unread] += 1
    if collection.points:
        left_out["point"] += len(collection.points)
    return shapes, kinds, unread


def _check_apart(file: Path, towns: Sequence[Town], places: Array) -> None:
    for index in range(1, len(towns)):
        metres = distances(np.broadcast_to(places[index], (index, 2)), places[:index])
        near = int(np.argmin(metres))
        if metres[near] < SHORT:
            where = f"{file}:{towns[index].line}" if towns[index].line else str(file)
            given = f"{quoted(towns[near].name)} and {quoted(towns[index].name)} at one place"
            raise IntakeError(f"{where}: given {given}; expected towns {SHORT:g} m apart or more", file=file)


def _nothing(
    file: Path, shapes: Sequence[Shape], towns: Sequence[Town], places: Array, net: Network, limits: tuple[float, float]
) -> IntakeError:
    """Return the error that says why no two towns are joined."""
    snap, reach = limits
    near = len(towns) - len(net.remote)
    if near < 2:
        legal = (np.abs(places[:, 0]) <= 90).all()
        turned = network([shape.xy for shape in shapes], places[:, ::-1], snap, reach) if legal else None
        if turned is not None and len(towns) - len(turned.remote) > near:
            wrong = "the towns lie by the lines only if latitude and longitude are swapped"
            return IntakeError(f"{file}: {wrong}; expected [longitude, latitude] in GeoJSON, lat and lon in a table")
        index = min(net.remote, key=lambda town: net.remote[town])
        far = f"; {towns[index].name} is {net.remote[index] / 1000:,.1f} km from the nearest line"
        given = f"{near} of {len(towns)} towns within {reach / 1000:g} km of a line{far}"
        return IntakeError(f"{file}: given {given}; expected two or more, or another --reach", file=file)
    given = f"{near} towns by lines, none joined to another"
    expected = f"lines that meet within {snap:g} m, or another --snap"
    return IntakeError(f"{file}: given {given}; expected {expected}", file=file)


def _reading(collection: Collection, shapes: Sequence[Shape], unread: Counter[str]) -> Iterator[str]:
    """Iterate over what is to be told of what was read."""
    left = _counted(collection.left_out)
    yield f"{_many(len(shapes), 'line')} of roads" + (f"; left out: {left}" if left else "")
    if unread:
        words = some([quoted(word, 30) for word, _ in unread.most_common(TOLD + 4)])
        yield f"{_many(unread.total(), 'line')} with a surface that is not understood, taken as unknown: {words}"


def _joined(joins: Sequence[Join], shapes: Sequence[Shape], snap: float) -> Iterator[str]:
    """Iterate over what is to be told of lines that were joined; two lines are told once."""
    gaps: dict[tuple[int, int], float] = {}
    for join in sorted(joins, key=lambda join: join.metres):
        pair = sorted((shapes[join.line].feature, shapes[join.other].feature))
        gaps.setdefault((pair[0], pair[1]), join.metres)
    if gaps:
        widest = sorted(gaps.items(), key=lambda gap: -gap[1])[:TOLD]
        pairs = ", ".join(f"features {first} and {second} ({metres:.0f} m)" for (first, second), metres in widest)
        rest = f", {len(gaps) - TOLD:,} more, narrower" if len(gaps) > TOLD else ""
        yield f"{_many(len(gaps), 'gap')} of at most {snap:g} m closed, between {pairs}{rest}"


def _reached(
    towns: Sequence[Town], joined: dict[tuple[int, int], tuple[Way, ...]], remote: dict[int, float], reach: float
) -> Iterator[str]:
    """Iterate over what is to be told of towns that are not joined, and roads that lead one way only."""
    for town, metres in sorted(remote.items(), key=lambda pair: pair[1]):
        yield f"{towns[town].name}: no line within {reach / 1000:g} km; the nearest is {metres / 1000:,.1f} km away"
    first, *others = groups(len(towns), joined)
    main = some([towns[town].name for town in sorted(first)][:2])
    for group in others:
        names = [towns[town].name for town in sorted(group - set(remote))]
        if names:
            yield f"no way from {main} to {some(names)}"
    for both in joined.values():
        if len(both) == 1:
            yield f"{towns[both[0].start].name} to {towns[both[0].end].name}: no way back, since lines are one-way"


def _credit(collection: Collection, stated: str) -> str:
    """Return whom the lines are by: as stated, as the file says, and OpenStreetMap where they come from it."""
    words = {key.lower(): item for key, item in collection.words.items()}
    known = [item for key in ("attribution", "copyright", "license", "licence") if (item := words.get(key))]
    parts = [stated] if stated else known
    if any(is_osm(shape.properties) for shape in collection.lines) or "overpass" in words.get("generator", "").lower():
        parts = [*(part for part in parts if "openstreetmap" not in part.lower()), OSM]
    return "; ".join(legible(" ".join(part.split()))[:300] for part in dict.fromkeys(parts))


def _counted(reasons: Counter[str]) -> str:
    return ", ".join(_many(number, reason) for reason, number in reasons.most_common())


def _many(number: int, what: str) -> str:
    """Return a number of things in words: ``2 lines that are there twice``."""
    if number == 1:
        return f"1 {what}"
    noun, space, rest = what.partition(" ")
    return f"{number:,} {noun}s{space}{rest.replace('that is', 'that are')}"

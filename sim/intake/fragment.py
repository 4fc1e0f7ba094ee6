"""Roads as a piece of a scenario."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Final

from sim.intake.roads import OSM, Roads
from sim.intake.ways import Way

NAME: Final = 60
"""The longest name of a road."""
WIDE: Final = 0.5
"""The narrowest range that is written, km or km/h."""
_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w '’()/–-]*[\w)])?")
OSM_PAGE: Final = "Licence and how to credit: https://www.openstreetmap.org/copyright"
_WORDS: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def fragment(roads: Roads) -> str:
    """Return the ``roads`` of a scenario file, with a heading that says whom they are by and how they were made."""
    lines, towns = roads.sources
    paces = roads.paces
    head = [
        f"Roads between towns, made by 'convoi import roads' from {lines.name} and {towns.name}.",
        *([roads.attribution] if roads.attribution else []),
        *([OSM_PAGE] if OSM in roads.attribution else []),
        f"SHA-256 of {lines.name}: {lines.sha256}",
        f"SHA-256 of {towns.name}: {towns.sha256}",
        "Lengths are those of the quickest way from town to town that comes by no third one.  No road is made",
        f"where a way by others takes at most {round(100 * roads.detour)} % longer.",
        f"Paces of a laden tanker are assumed: {paces['paved']:g} km/h on paved road, {paces['unpaved']:g} on unpaved.",
        "Lay it on a country that has these towns: convoi check COUNTRY.yaml --overlay THIS_FILE",
    ]
    return "\n".join([*(f"# {line}" for line in head), "roads:", *_entries(roads)])


def named(roads: Roads) -> Iterator[tuple[str, tuple[Way, ...]]]:
    """Iterate over the roads with their names, in the order of the towns."""
    used: set[str] = set()
    for (start, end), ways in sorted(roads.ways.items()):
        name = f"{roads.towns[start].name}–{roads.towns[end].name}"
        if len(name) > NAME:
            name = "–".join(roads.towns[town].name[:27].strip() for town in (start, end))
        number = 2
        free = name
        while free in used:
            free, number = f"{name} {number}", number + 1
        used.add(free)
        yield free, ways


def _entries(roads: Roads) -> Iterator[str]:
    for name, ways in named(roads):
        way = ways[0]
        yield f"  {_text(name)}:"
        yield f"    from: {_text(roads.towns[way.start].name)}"
        yield f"    to: {_text(roads.towns[way.end].name)}"
        yield f"    length: {{{_length(ways)}, source: assumption,"
        yield f"             why: {json.dumps(_reason(roads, way), ensure_ascii=False)}}}"
        yield f"    pace: {{{_pace(roads, way)}, source: assumption, why: {json.dumps(surface_of(way))}}}"


def _length(ways: tuple[Way, ...]) -> str:
    """Return the length: at least what is along the lines, at most with streets of towns twice as long as straight."""
    low = min(way.along for way in ways) / 1000
    high = max(way.whole + way.access for way in ways) / 1000
    return _range(ways[0].whole / 1000, low, high, 0.1, "km")


def _pace(roads: Roads, way: Way) -> str:
    """Return length over hours; the range is what unknown ground may be."""
    known = {name: metres for name, metres in way.metres.items() if name != "unknown"}
    paces = roads.paces
    hours = math.fsum(metres / paces[name] for name, metres in known.items())
    rest = way.whole - math.fsum(known.values())

    def at(pace: float) -> float:
        return way.whole / (rest / pace + hours)

    return _range(at(paces["unknown"]), at(paces["unpaved"]), at(paces["paved"]), 1.0, "km/h")


def _range(value: float, low: float, high: float, least: float, unit: str) -> str:
    """Return a number with its range, if that is wide enough to matter."""
    low, value, high = (
        max(round(number, 1), least) for number in (min(low, value, high), value, max(low, value, high))
    )
    ends = ""
    if high - low >= WIDE:
        law = "" if low < value < high else ", law: triangular"
        ends = f", low: {low:.1f} {unit}, high: {high:.1f} {unit}{law}"
    return f"value: {value:.1f} {unit}{ends}"


def surface_of(way: Way) -> str:
    """Return what a way leads over: ``80 % paved, 20 % unknown``."""
    parts = {**way.metres, "unknown": way.whole - way.metres["paved"] - way.metres["unpaved"]}
    shares = {name: 100 * metres / way.whole for name, metres in parts.items()}
    return ", ".join(f"{share:.0f} % {name}" for name, share in shares.items() if share >= 0.5)


def _reason(roads: Roads, way: Way) -> str:
    lines, _ = roads.sources
    gaps = f", {way.gaps:.0f} m across gaps" if way.gaps >= 0.5 else ""
    access = f", {way.access / 1000:.1f} km straight to the towns" if way.access >= 50 else ""
    by = f"; {roads.attribution}" if roads.attribution else ""
    return f"along the lines of {lines.name} (sha256 {lines.sha256[:12]}){gaps}{access}{by}"


def _text(name: str) -> str:
    """Return a name as YAML writes it."""
    plain = _PLAIN.fullmatch(name) and name.lower() not in _WORDS
    return name if plain else json.dumps(name, ensure_ascii=False)

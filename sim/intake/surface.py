"""What the properties of a line say of a road, as OpenStreetMap, Geofabrik and humanitarian exports spell it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Surface = Literal["paved", "unpaved", "unknown"]

SURFACE: Final = (
    "surface", "surface_type", "surfacetype", "surface_ty", "surf_type", "surftype", "surf", "srftpe",
    "road_surf", "road_surface", "road_surfa", "roadsurf", "roadsurface", "revetement", "type_revetement",
)  # fmt: skip
"""Keys of the surface, the first with a value counts; those cut to ten letters come from shapefiles."""
CLASS: Final = ("highway", "fclass", "road_class", "roadclass")
STATUS: Final = ("status", "road_status", "roadstatus", "opestatus", "access_status")
OTHER_WAYS: Final = ("railway", "waterway", "aeroway", "aerialway", "power", "boundary", "barrier", "natural")
"""Keys that say, where none says road, that a line is something else."""
ROUTES: Final = ("ferry", "train", "railway", "tram", "subway", "hiking", "foot", "bicycle", "power", "pipeline")
"""Kinds of route that are none of roads; elsewhere ``route`` may be a road's number."""

PAVED: Final = frozenset({
    "paved", "asphalt", "asphalted", "concrete", "concrete:plates", "concrete:lanes", "paving_stones", "sett",
    "cobblestone", "chipseal", "bitumen", "bituminous", "tarmac", "tarred", "tar", "sealed", "bitume", "bitumé",
    "bitumée", "goudron", "goudronné", "goudronnée", "revêtu", "revêtue", "revetue", "asphalte", "béton",
})  # fmt: skip
UNPAVED: Final = frozenset({
    "unpaved", "compacted", "gravel", "fine_gravel", "dirt", "earth", "ground", "soil", "sand", "laterite",
    "murram", "mud", "clay", "rock", "pebblestone", "grass", "unsealed", "dirt/sand", "latérite", "piste",
    "terre", "sable", "gravier", "non_revêtu", "non_revêtue", "non_revetue", "stones", "natural",
})  # fmt: skip
NO_ROAD: Final = frozenset({
    "footway", "path", "cycleway", "pedestrian", "steps", "bridleway", "corridor", "construction", "proposed",
    "planned", "abandoned", "razed", "platform", "raceway", "elevator", "via_ferrata", "rest_area",
})  # fmt: skip
"""Classes of ways that no tanker drives."""
CLOSED: Final = re.compile(
    r"(?<!not )(?<!non )\b(closed|impassable|not passable|impracticable|blocked|destroyed|ferm[ée]e?|coup[ée]e?|"
    r"impraticable|planned|proposed|under construction)\b"
)
_HSTORE: Final = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Kind:
    """What is known of the road that a line is.

    Attributes
    ----------
    surface
        Paved, unpaved or unknown.
    way
        1 if it is driven only as drawn, -1 if only the other way, 0 if both ways.
    no_road
        Why no tanker drives there; empty if one may.
    unread
        The word for the surface, if there is one that is not understood.
    """

    surface: Surface
    way: int
    no_road: str = ""
    unread: str = ""


def kind_of(properties: Mapping[str, Any]) -> Kind:
    """Return what the properties of a line, with keys in lower case, say of it."""
    words = _flat(properties)
    road, status = _first(words, CLASS), _first(words, STATUS)
    other = _first(words, OTHER_WAYS) or (words.get("route", "") if words.get("route") in ROUTES else "")
    if not road and other:
        return Kind("unknown", 0, f"line that is no road ({other})")
    if road in NO_ROAD:
        return Kind("unknown", 0, f"way that no tanker drives ({road})")
    closed = CLOSED.search(status.replace("_", " "))
    if closed or words.get("smoothness") == "impassable":
        return Kind("unknown", 0, f"road that is closed ({closed[0] if closed else 'impassable'})")
    if "no" in (words.get("access"), words.get("motor_vehicle")) and words.get("hgv") not in ("yes", "designated"):
        return Kind("unknown", 0, "road without access")
    surface, unread = _surface(words, road)
    return Kind(surface, _way(words, road), unread=unread)


def is_osm(properties: Mapping[str, Any]) -> bool:
    """Say whether properties are such as OpenStreetMap and its extracts give."""
    keys = {"highway", "osm_id", "osm_way_id", "osm_type", "full_id", "other_tags"}
    return bool(keys & set(properties)) or str(properties.get("@id", "")).startswith(("way/", "relation/"))


def _surface(words: Mapping[str, str], road: str) -> tuple[Surface, str]:
    """Return the surface, and the word for it that is not understood."""
    word = _first(words, SURFACE)
    parts = {part.strip() for part in re.split(r"[;,|]", word) if part.strip()}
    if parts and parts <= PAVED:
        return "paved", ""
    if parts and parts <= UNPAVED:
        return "unpaved", ""
    unread = "" if parts <= PAVED | UNPAVED | {"unknown", "other", "none"} else word
    if words.get("tracktype", "") in ("grade2", "grade3", "grade4", "grade5"):
        return "unpaved", unread
    smooth = words.get("smoothness", "")
    if smooth in ("excellent", "good"):
        return "paved", unread
    if smooth in ("very_bad", "horrible", "very_horrible") or (road == "track" and not parts):
        return "unpaved", unread
    return "unknown", unread


def _way(words: Mapping[str, str], road: str) -> int:
    """Return in which direction the line is driven."""
    stated = words.get("oneway", "")
    if stated in ("yes", "true", "1", "f", "ft", "forward"):
        return 1
    if stated in ("-1", "reverse", "t", "tf", "backward"):
        return -1
    if stated in ("", "none") and (words.get("junction") in ("roundabout", "circular") or road.startswith("motorway")):
        return 1
    return 0


def _flat(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return properties as lower-case words, with those that an export packs into one: ``tags``, ``other_tags``."""
    packed = properties.get("tags")
    more: Iterable[tuple[Any, Any]] = packed.items() if isinstance(packed, dict) else ()
    stored = properties.get("other_tags")
    if isinstance(stored, str):
        more = [*more, *_HSTORE.findall(stored)]
    words = {str(key).strip().lower(): _word(item) for key, item in more}
    own = {re.sub(r"[\s-]+", "_", key): _word(item) for key, item in properties.items()}
    return {**words, **{key: word for key, word in own.items() if word}}


def _word(item: object) -> str:
    """Return a value as a word in lower case; nothing for what is no word."""
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, float) and item.is_integer():
        item = int(item)
    return re.sub(r"\s+", "_", str(item).strip().lower()) if isinstance(item, str | int) else ""


def _first(words: Mapping[str, str], keys: Iterable[str]) -> str:
    return next((words[key] for key in keys if words.get(key)), "")

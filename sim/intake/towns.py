"""Towns with their places, from a table or from points of GeoJSON."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unicodedata import normalize

from sim.errors import IntakeError
from sim.intake.geojson import misfit, read, text_of, where
from sim.scenario.fields import name_fault
from sim.scenario.limits import TABLES
from sim.scenario.problem import quoted

NAME: Final = ("name", "town", "place", "ville", "city", "localité", "name_en", "featurename")
LATITUDE: Final = ("lat", "latitude", "y")
LONGITUDE: Final = ("lon", "long", "lng", "longitude", "x")
TOWNS: Final = TABLES["towns",] + TABLES["junctions",]
"""The most towns and junctions of a scenario."""


@dataclass(frozen=True)
class Town:
    """A town and its place in degrees; ``line`` says where it was read (0: in no line)."""

    name: str
    lat: float
    lon: float
    line: int = 0


def read_towns(file: Path) -> list[Town]:
    """Return the towns of a table (name, lat, lon) or of a GeoJSON file of points with names.

    Raises
    ------
    IntakeError
        If there are fewer than two, a name could not stand in a scenario or stands twice, or a place is none.
    """
    geojson = file.suffix.lower() in (".geojson", ".json")
    towns: list[Town] = []
    for place, town in _points(file) if geojson else _rows(file):
        _check_name(file, place, town.name)
        again = next((other for other in towns if other.name == town.name), None)
        if again is not None:
            raise misfit(file, place, f"{quoted(town.name)} a second time", "each town once")
        towns.append(town)
        if len(towns) > TOWNS:
            raise misfit(file, place, f"over {TOWNS:,} towns", "those of one country's scenario")
    if len(towns) < 2:
        raise misfit(file, "", f"{len(towns)} town{'s' * (len(towns) != 1)}", "two or more, for a road to join them")
    return towns


def _points(file: Path) -> Iterator[tuple[str, Town]]:
    """Iterate over the named points of GeoJSON."""
    for point in read(file).points:
        place = f"feature {point.feature}"
        name = next((item for key in NAME if isinstance(item := point.properties.get(key), str) and item.strip()), None)
        if name is None:
            raise misfit(file, place, "a point without a name", "a property 'name'")
        yield place, Town(normalize("NFC", name.strip()), float(point.xy[0, 1]), float(point.xy[0, 0]))


def _rows(file: Path) -> Iterator[tuple[str, Town]]:
    """Iterate over the rows of a table; commas, semicolons or tabs part its cells."""
    text = text_of(file)
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=mark, strict=True)
    try:
        heads = [head.strip().lower() for head in next(reader, [])]
        columns = [_column(file, heads, names) for names in (NAME, LATITUDE, LONGITUDE)]
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            place = str(reader.line_num)
            if len(row) != len(heads):
                raise misfit(file, place, f"{len(row)} cells", f"{len(heads)}, as in the first line")
            name, lat, lon = (row[column].strip() for column in columns)
            yield place, Town(normalize("NFC", name), *_position(file, place, lat, lon, mark), line=reader.line_num)
    except csv.Error as error:
        raise misfit(file, str(reader.line_num), str(error), "a table of comma-separated values") from None


def _column(file: Path, heads: list[str], names: tuple[str, ...]) -> int:
    column = next((heads.index(name) for name in names if name in heads), None)
    if column is None:
        given = quoted(", ".join(heads))
        raise misfit(file, "1", f"the columns {given}", f"one called {names[0]}, as in 'name,lat,lon'")
    return column


def _position(file: Path, place: str, lat: str, lon: str, mark: str) -> tuple[float, float]:
    """Return latitude and longitude; where cells are parted by other marks, a comma may stand for the point."""
    degrees = []
    for name, cell, most in (("lat", lat, 90), ("lon", lon, 180)):
        text = cell if mark == "," else cell.replace(",", ".")
        number = float(text) if re.fullmatch(r"[-+]?\d{1,3}(\.\d*)?", text, re.ASCII) else None
        if number is None or abs(number) > most:
            hint = "; are lat and lon swapped?" if name == "lat" and number is not None and abs(number) <= 180 else ""
            rule = f"degrees from -{most} to {most}, such as 12.64{hint}"
            raise misfit(file, place, f"{name} {quoted(cell)}", rule)
        degrees.append(number)
    return degrees[0], degrees[1]


def _check_name(file: Path, place: str, name: str) -> None:
    """Refuse a name that could not stand in a scenario."""
    fault = name_fault(name)
    if fault is not None:
        raise IntakeError(f"{where(file, place)}: {fault}", file=file)

"""Folders of scenario files: where they are looked for by bare name, a user's own before the shipped ones."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any
from unicodedata import normalize

from sim.scenario.problem import plain_words

ENDINGS = (".yaml", ".yml")
STRATEGIES, TARGETS, POSTERIORS = "strategies", "targets", "posteriors"
LAID = (STRATEGIES, "what-if", "scope", POSTERIORS)
"""Folders, in one of scenarios, of what is laid on a scenario."""
LONGEST = 60
"""Letters of what data are called."""
TOP = ""
"""A folder of scenarios itself, where scenarios lie and overlays may."""


def folder_of(path: Path) -> Path:
    """Return the folder that ``extends`` may not leave: the nearest of scenarios above, or the file's own."""
    own, shipped = Path(os.path.abspath(path)).parent, shipped_folder()
    return next((folder for folder in (own, *own.parents) if folder.name == "scenarios" or folder == shipped), own)


def shipped_folder() -> Path:
    """Return the folder of the shipped scenarios: inside the package when installed, else beside it."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_scenarios"
    return inside if inside.is_dir() else package.parent / "scenarios"


def above(path: Path) -> list[Path]:
    """Return the folders from that of a file up to the one that ``extends`` may not leave."""
    own, top = Path(os.path.abspath(path)).parent, folder_of(path)
    return [folder for folder in (own, *own.parents) if folder.is_relative_to(top)]


def roots(beside: Path | None = None) -> list[Path]:
    """Return the folders of scenarios in which names are looked for, in order.

    First those beside the scenario ``beside`` and above it, up to its folder ``scenarios``, then the working folder and
    ``scenarios`` in it, and last, wherever they lie, the shipped ones.
    """
    near = [] if beside is None else above(beside)
    here, shipped = Path.cwd(), shipped_folder()
    kept: dict[str, Path] = {}
    for folder in (*near, here, here / "scenarios"):
        if folder.is_dir():
            kept.setdefault(os.path.realpath(folder), folder)
    last = kept.pop(os.path.realpath(shipped), shipped)
    return [*kept.values(), last]


def files_in(folder: Path) -> list[Path]:
    """Return the scenario files of a folder, in order.

    Raises
    ------
    OSError
        If the folder cannot be read.
    """
    return sorted(entry for entry in folder.iterdir() if entry.suffix in ENDINGS and entry.is_file())


def readable(folder: Path) -> list[Path]:
    """Return the scenario files of a folder; none of one that is not there or cannot be read, which holds no names."""
    try:
        return files_in(folder)
    except OSError:
        return []


def name_in(path: Path) -> str:
    """Return the bare name of a file: without ending, its accents composed."""
    return normalize("NFC", path.stem)


def is_bare(name: str) -> bool:
    """Say whether a text is a bare name, which may have one of the known folders before it: ``what-if/pause``."""
    folder, _, rest = name.rpartition("/")
    named = bool(rest.strip()) and rest not in (".", "..") and not rest.endswith(ENDINGS)
    return named and not {"\0", "\\"} & set(name) and folder in (TOP, *LAID, TARGETS) and not name.startswith("/")


def bare_name(source: str | PathLike[str] | Mapping[str, Any]) -> str:
    """Return what a file is called that was given by path or bare name: its name without folder and ending.

    Data in the place of a file are called by what they set: ``fleet.size=40``.
    """
    if isinstance(source, Mapping):
        name = ", ".join(_settings(source))
        return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    name = os.fspath(source)
    return name.rpartition("/")[2] if is_bare(name) else Path(name).stem


def _settings(value: object, path: str = "") -> Iterator[str]:
    """Iterate over what data set, as settings."""
    if isinstance(value, Mapping) and "source" in value and "value" in value:
        value = value["value"]
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _settings(item, f"{path}.{key}" if path else str(key))
    else:
        yield f"{path}={plain_words(value) if isinstance(value, list | tuple | None) else value}"


def matches(name: str, root: Path, homes: Iterable[str]) -> list[Path]:
    """Return the files of a bare name in some folders (``homes``) of a folder of scenarios."""
    folder, _, rest = normalize("NFC", name).rpartition("/")
    inside = [home for home in homes if folder in (TOP, home)]
    return [path for home in inside for path in readable(root / home) if name_in(path) == rest]


def shown(path: Path) -> str:
    """Return a path as messages show it: from the working folder if it lies there."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)

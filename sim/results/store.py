"""A study on disk: a folder of Parquet tables with a manifest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.errors import ResultsError
from sim.plan.sealed import MANIFEST, SEAL, alteration, checksum
from sim.results.files import replaced, sync, write, writing
from sim.results.sheet import csv_text
from sim.results.tables import TABLES
from sim.scenario.folders import POSTERIORS

if TYPE_CHECKING:
    import pandas as pd

CRATE = "ro-crate-metadata.json"
"""What describes a study for archives, if that was asked for."""
UNFINISHED = "unfinished.json"
"""What a study that goes on, or was interrupted, is; gone when it ends."""
OWN: Final = "seal"
"""Key of the manifest under which the checksum of all else in it is."""
LAYOUT: Final = 1
"""How files lie in a folder; another where what reads a folder would not understand it."""
INPUTS: Final = "inputs"
"""Key of the manifest under which the names of the files are that say what the study was made of."""
KINDS: Final = {
    "tables": (".parquet", ".csv"),
    INPUTS: (".yaml", ".parquet"),
    "figures": (".png", ".svg"),
    "report": (".html",),
}
"""By key of the manifest under which the names of a study's own files are: how these end."""


class Study(NamedTuple):
    """What two studies share that are the same study.

    With other replications a study is still the same, and goes on with what is kept; its tables are others.
    """

    digest: str
    seed: int
    replications: int | str | list[int]
    central: bool = False

    @property
    def identity(self) -> dict[str, Any]:
        """What tells it from another study."""
        return {"digest": self.digest, "seed": self.seed, "central": self.central}


SAME = Study._fields


def make(folder: Path) -> Path:
    """Make a folder for results.

    Raises
    ------
    ResultsError
        If it cannot be made.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def begin(folder: Path, study: Study, command: str | None = None) -> Path:
    """Make a folder for a study and note in it which one it is, so that no other takes the folder meanwhile.

    Raises
    ------
    ResultsError
        If the folder cannot be made or written.
    """
    make(folder)
    with writing(folder):
        if older := note_in(folder, UNFINISHED):
            _remove(folder, files_of(older))
        begun = datetime.now(UTC).isoformat(timespec="seconds")
        write(folder / UNFINISHED, json.dumps({**study._asdict(), "command": command, "begun": begun}))
    return folder


def note_in(folder: Path, file: str = MANIFEST) -> dict[str, Any] | None:
    """Return what a file of a folder, its manifest by default, notes of a study; None if it is no such note."""
    with suppress(ResultsError):
        note = read_manifest(folder, file)
        if is_note(note):
            return note
    return None


def is_note(manifest: object) -> bool:
    """Say whether what a file holds is a note of a study."""
    return isinstance(manifest, dict) and manifest.keys() >= {*SAME}


def clear(folder: Path) -> None:
    """Remove the files of the study that a folder holds, and nothing else; the ledger stays.

    Figures, a report, and tables beyond those of every run, are the ones that the manifest names.
    """
    older = note_in(folder)
    if older is None:
        return
    names = {f"{table}.parquet" for table in ("measures", *TABLES)}
    for key in KINDS:
        names |= names_under(older, key)
    # The manifest goes last: as long as it is there, what it names can be found.
    _remove(folder, [*sorted(names), CRATE, MANIFEST])


def files_of(older: Mapping[str, Any]) -> set[str]:
    """Return the names of the files that a study's manifest was stored with: tables, and what it was made of."""
    return names_under(older, "tables") | names_under(older, INPUTS)


def names_under(older: Mapping[str, Any], key: str) -> set[str]:
    """Return the names of a study's own files that a manifest gives under a key of KINDS.

    A name that leads out of the folder is not one; only what a study was made of may lie in a folder of the folder.
    """
    given = older.get(key)
    names = [Path(name) for name in given if isinstance(name, str)] if isinstance(given, list) else []
    inside = [name for name in names if not name.is_absolute() and ".." not in name.parts]
    flat = [name for name in inside if len(name.parts) == 1 or (key == INPUTS and name.parts[0] == POSTERIORS)]
    return {str(name) for name in flat if name.suffix in KINDS[key]}


def _remove(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        path = folder / name
        if _linked(folder, name):
            continue
        if path.is_file() or path.is_symlink():
            path.unlink()
        for above in Path(name).parents[:-1]:
            with suppress(OSError):  # what is not empty stays
                (folder / above).rmdir()


def _linked(folder: Path, name: str) -> bool:
    """Say whether a file's name leads over a link, so that it lies elsewhere."""
    return any((folder / above).is_symlink() for above in Path(name).parents[:-1])


def note_figures(folder: Path, figures: Iterable[Path] | None) -> None:
    """Note in the manifest of a stored study which figures belong to it; None if none were to be drawn.

    Raises
    ------
    ResultsError
        If the folder holds no study or cannot be written.
    """
    _note(folder, "figures", None if figures is None else sorted(path.name for path in figures))


def note_report(folder: Path, report: Path) -> None:
    """Note in the manifest of a stored study a report that belongs to it, beside those that are there.

    Raises
    ------
    ResultsError
        If the folder holds no study or cannot be written.
    """
    there = {name for name in names_under(read_manifest(folder), "report") if (folder / name).is_file()}
    _note(folder, "report", sorted({*there, report.name}))
    _remove(folder, [CRATE])  # it tells of another


def _note(folder: Path, key: str, names: list[str] | None) -> None:
    manifest = read_manifest(folder)
    earlier = manifest.get(key)
    manifest[key] = names
    store_text(folder / MANIFEST, sealed(manifest))
    if names != earlier:
        _remove(folder, [CRATE])  # it tells of files that were there before


def keep(
    folder: Path,
    tables: Mapping[str, pd.DataFrame | Callable[[Path], None]],
    manifest: Mapping[str, Any],
    inputs: Mapping[str, Callable[[Path], object]] = MappingProxyType({}),
) -> None:
    """Write the tables and the manifest of a study into a folder; names that end in ``.csv`` are written as text.

    The files of an older study in the folder are removed first.  The manifest holds the checksum of each file.

    Parameters
    ----------
    folder
        Where to.
    tables
        By name, a frame or what writes the table to a path.
    manifest
        How the study was made.
    inputs
        What it was made of, by name of the file: what writes it to a path.

    Raises
    ------
    ResultsError
        If the folder cannot be written.
    """
    make(folder)
    with writing(folder):
        clear(folder)
        files = {name if name.endswith(".csv") else f"{name}.parquet": table for name, table in tables.items()}
        note = {**manifest, "layout": LAYOUT, "tables": [*files], INPUTS: [*inputs]}
        # What is killed from here on has said which files it may leave behind.
        write(folder / UNFINISHED, _text(note))
        sums = {}
        for name, table in {**files, **inputs}.items():
            if _linked(folder, name):
                raise ResultsError(f"cannot write '{folder / name}': it lies beyond a link; expected a folder")
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with replaced(folder / name) as new:
                _store(table, new)
                sums[name] = checksum(new)
            if name in inputs:
                sync((folder / name).parent)
        write(folder / UNFINISHED, _text(sealed({**note, SEAL: sums})))
        (folder / UNFINISHED).replace(folder / MANIFEST)
        sync(folder)


def store_text(path: Path, values: Mapping[str, Any]) -> None:
    """Write values as JSON into a file of a study.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    with writing(path.parent):
        write(path, _text(values))


def is_as_written(manifest: Mapping[str, Any]) -> bool:
    """Say whether a manifest says what the study wrote: it ends with the checksum of all else."""
    return bool(sealed(manifest)[OWN] == manifest.get(OWN))


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest as it is written, with the checksum of all else at its end."""
    text = _text({key: value for key, value in manifest.items() if key != OWN})
    return {**json.loads(text), OWN: sha256(text.encode()).hexdigest()}


def _text(values: Mapping[str, Any]) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False, default=str)


def _store(table: pd.DataFrame | Callable[[Path], object], path: Path) -> None:
    if callable(table):
        table(path)
        return
    # A plain index says nothing that the rows do not.
    index = table.index.names != [None]
    if path.suffix == ".csv":
        path.write_text(csv_text(table, index=index), encoding="utf-8")
    else:
        table.to_parquet(path, index=index)


def read_table(folder: Path, table: str) -> pd.DataFrame:
    """Return a table of a stored run.

    Raises
    ------
    ResultsError
        If the folder holds no such table, or one that was altered after the study was finished.
    """
    import pandas as pd

    path = folder / f"{table}.parquet"
    if not path.is_file():
        raise ResultsError(f"{folder} holds no table {table!r}; expected one of measures, {', '.join(TABLES)}")
    if wrong := alteration(path):
        raise ResultsError(f"{wrong}; make it again with the command in its {MANIFEST}", path=path)
    return pd.read_parquet(path)


def read_manifest(folder: Path, file: str = MANIFEST) -> dict[str, Any]:
    """Return what stands in the manifest of a stored study, or in another such file.

    Raises
    ------
    ResultsError
        If the folder holds no such file that can be read.
    """
    try:
        note: dict[str, Any] = json.loads((folder / file).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ResultsError(f"{folder} holds no readable {file}: {error}") from error
    return note

"""A study on disk: a folder of Parquet tables with a manifest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import ResultsError
from sim.plan.sealed import MANIFEST, SEAL, alteration, checksum
from sim.results.files import replaced, sync, write, writing
from sim.results.sheet import csv_text
from sim.results.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

CRATE = "ro-crate-metadata.json"
"""What describes a study for archives, if that was asked for."""
UNFINISHED = "unfinished.json"
"""What a study that goes on, or was interrupted, is; gone when it ends."""


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
            _remove(folder, tables_of(older))
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

    Figures, and tables beyond those of every run, are the ones that the manifest names.
    """
    older = note_in(folder)
    if older is None:
        return
    names = {f"{table}.parquet" for table in ("measures", *TABLES)}
    names |= tables_of(older) | _noted(older, "figures", (".png", ".svg"))
    # The manifest goes last: as long as it is there, what it names can be found.
    _remove(folder, [*sorted(names), CRATE, MANIFEST])


def tables_of(older: Mapping[str, Any]) -> set[str]:
    """Return the names of the files of the tables that a manifest names."""
    return _noted(older, "tables", (".parquet", ".csv"))


def _noted(older: Mapping[str, Any], key: str, kinds: tuple[str, ...]) -> set[str]:
    """Return the names of files of a folder that a manifest gives under a key."""
    noted = older.get(key)
    names = [name for name in noted if isinstance(name, str)] if isinstance(noted, list) else []
    return {name for name in names if Path(name).name == name and name.endswith(kinds)}


def _remove(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        path = folder / name
        if path.is_file() or path.is_symlink():
            path.unlink()


def note_figures(folder: Path, figures: Iterable[Path] | None) -> None:
    """Note in the manifest of a stored run which figures belong to it; None if none were to be drawn.

    Raises
    ------
    ResultsError
        If the folder holds no run or cannot be written.
    """
    names = None if figures is None else sorted(path.name for path in figures)
    manifest = read_manifest(folder)
    earlier = manifest.get("figures")
    manifest["figures"] = names
    store_text(folder / MANIFEST, manifest)
    if manifest["figures"] != earlier:
        _remove(folder, [CRATE])  # it tells of figures that were there before


def keep(
    folder: Path, tables: Mapping[str, pd.DataFrame | Callable[[Path], None]], manifest: Mapping[str, Any]
) -> None:
    """Write the tables and the manifest of a study into a folder; names that end in ``.csv`` are written as text.

    The files of an older study in the folder are removed first.  The manifest holds the checksum of each table.

    Parameters
    ----------
    folder
        Where to.
    tables
        By name, a frame or what writes the table to a path.
    manifest
        How the study was made.

    Raises
    ------
    ResultsError
        If the folder cannot be written.
    """
    make(folder)
    with writing(folder):
        clear(folder)
        files = {name if name.endswith(".csv") else f"{name}.parquet": table for name, table in tables.items()}
        noted = {**manifest, "tables": [*files]}
        # What is killed from here on has said which tables it may leave behind.
        write(folder / UNFINISHED, _text(noted))
        sums = {}
        for name, table in files.items():
            with replaced(folder / name) as new:
                _store(table, new)
                sums[name] = checksum(new)
        write(folder / UNFINISHED, _text({**noted, SEAL: sums}))
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


def _text(manifest: Mapping[str, Any]) -> str:
    return json.dumps(manifest, indent=2, ensure_ascii=False, default=str)


def _store(table: pd.DataFrame | Callable[[Path], None], path: Path) -> None:
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

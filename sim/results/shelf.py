"""The tables of a study, out of memory until they are asked for: whole, or only some columns of some rows."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, TYPE_CHECKING, Final, TypeAlias

from sim.errors import ResultsError

if TYPE_CHECKING:
    import pandas as pd

ROWS: Final = 100_000
"""Rows that are in memory at a time, about; a group of rows in a file."""
Wanted: TypeAlias = "str | Collection[str]"


class Shelf:
    """Tables by name, in open Parquet files or in memory.

    Parameters
    ----------
    files
        Open files, closed when the shelf is gone; one that is removed or replaced in its folder can still be read.
    frames
        Tables in memory.
    """

    def __init__(self, files: Mapping[str, IO[bytes]], frames: Mapping[str, pd.DataFrame] | None = None) -> None:
        self._files, self._frames = dict(files), dict(frames or {})
        self._reading = Lock()
        for file in files.values():
            weakref.finalize(self, file.close)

    def __deepcopy__(self, _: object = None) -> Shelf:
        """Return the shelf itself: it never changes."""
        return self

    __copy__ = __deepcopy__

    def __reduce__(self) -> tuple[Callable[..., Shelf], tuple[Mapping[str, bytes], Mapping[str, pd.DataFrame]]]:
        """Return how to make the shelf in another process: what its files hold goes along."""
        return _unpack, ({name: self._bytes(name) for name in self._files}, self._frames)

    def _bytes(self, table: str) -> bytes:
        with self._reading:
            self._files[table].seek(0)
            return self._files[table].read()

    def whole(self, table: str) -> pd.DataFrame:
        """Return a table."""
        import pyarrow.parquet as pq

        if table in self._frames:
            return self._frames[table]
        with self._reading:
            frame: pd.DataFrame = pq.ParquetFile(self._files[table]).read().to_pandas()
        return frame

    def part(self, table: str, columns: Iterable[str], **where: Wanted) -> pd.DataFrame:
        """Return some columns of the rows in which other columns hold a value, or one of several."""
        import pandas as pd

        parts = [*self._pieces(table, [*columns], where)]
        return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)

    def sums(self, table: str, by: Iterable[str], columns: Iterable[str], **where: Wanted) -> pd.DataFrame:
        """Return sums of some columns, index the columns by which they are summed; of the rows as in `part`."""
        by, columns = [*by], [*columns]
        sums = None
        for piece in self._pieces(table, [*by, *columns], where):
            some = piece.astype(dict.fromkeys(columns, float)).groupby(by, observed=True)[columns].sum()
            sums = some if sums is None else sums.add(some, fill_value=0.0)
        assert sums is not None
        return sums

    def store(self, table: str, path: Path) -> None:
        """Write a table to a Parquet file."""
        if table in self._frames:
            self._frames[table].to_parquet(path, index=False)
            return
        with self._reading, path.open("wb") as target:
            self._files[table].seek(0)
            shutil.copyfileobj(self._files[table], target, 1 << 20)

    def _pieces(self, table: str, columns: list[str], where: Mapping[str, Wanted]) -> Iterator[pd.DataFrame]:
        """Iterate over parts of the rows, so that little more is in memory at a time than what is kept of them."""
        for group in self._groups(table, [*dict.fromkeys((*columns, *where))]):
            for name, value in where.items():
                group = group[group[name].isin([value] if isinstance(value, str) else [*value])]
            yield group[columns]

    def _groups(self, table: str, columns: list[str]) -> Iterator[pd.DataFrame]:
        import pyarrow.parquet as pq

        if table in self._frames:
            yield self._frames[table][columns]
            return
        with self._reading:
            file = pq.ParquetFile(self._files[table])
            for place in range(file.num_row_groups):
                yield file.read_row_group(place, columns).to_pandas()


def shelved(tables: Mapping[str, Iterable[pd.DataFrame]], folder: Path | None = None) -> Shelf:
    """Write tables as their frames come, and return them.

    Parameters
    ----------
    tables
        By name, one frame or more of the same columns with the same types and categories.
    folder
        Where they take room until the shelf is gone, unseen; where the system keeps temporary files if None.

    Raises
    ------
    ResultsError
        If they cannot be written.
    """
    try:
        files = {name: TemporaryFile(dir=folder) for name in tables}  # noqa: SIM115 – closed by the shelf
        shelf = Shelf(files)
        for name, frames in tables.items():
            _write(files[name], frames)
    except OSError as error:
        raise ResultsError(
            f"cannot write tables to {folder or 'a temporary file'}: {error.strerror or error}"
        ) from error
    return shelf


def _unpack(files: Mapping[str, bytes], frames: Mapping[str, pd.DataFrame]) -> Shelf:
    """Return a shelf of what the files of another held."""
    shelf = Shelf({name: TemporaryFile() for name in files}, frames)  # noqa: SIM115 – closed by the shelf
    for name, content in files.items():
        shelf._files[name].write(content)
    return shelf


def _write(file: IO[bytes], frames: Iterable[pd.DataFrame]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None
    try:
        for frame in frames:
            table = pa.Table.from_pandas(frame, preserve_index=False)
            # a dictionary of numbers takes longer to make than it saves
            words = [field.name for field in table.schema if not pa.types.is_primitive(field.type)]
            writer = writer or pq.ParquetWriter(file, table.schema, use_dictionary=words)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()

"""Tables are written as they come, in little memory, and read back whole or in part."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sim.errors import ResultsError
from sim.results.shelf import ROWS, Shelf, shelved
from sim.study.experiment import frames_of

TOWNS = ["Hub", "Port", "Side"]
DAYS = 500


def columns(replication: int) -> dict[str, np.ndarray]:
    place = np.arange(DAYS * len(TOWNS))
    return {"day": place // len(TOWNS), "town": place % len(TOWNS), "stock": place * 0.5 + replication}


def frame(parts: dict[int, dict[str, np.ndarray]]) -> pd.DataFrame:
    data = {name: np.concatenate([part[name] for part in parts.values()]) for name in columns(0)}
    data["town"] = pd.Categorical.from_codes(data["town"], TOWNS)
    return pd.DataFrame({"replication": np.repeat([*parts], DAYS * len(TOWNS)), **data})


class Made:
    """A ledger that makes up what it is asked for."""

    def __init__(self, replications: int) -> None:
        self.replications = replications

    def parts(self, work: str, table: str) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
        for replication in range(self.replications):
            yield replication, columns(replication)


def frames(replications: int) -> Iterator[pd.DataFrame]:
    return frames_of(Made(replications), SimpleNamespace(digest="w"), "towns", range(0, replications, 2), frame)


@pytest.fixture
def whole() -> pd.DataFrame:
    return frame({replication: columns(replication) for replication in range(0, 300, 2)})


def test_a_table_comes_in_several_groups_and_reads_back_as_one(tmp_path: Path, whole: pd.DataFrame) -> None:
    assert [len(group) for group in frames(300)] == [67 * 1500, 67 * 1500, 16 * 1500]
    shelf = shelved({"towns": frames(300)}, tmp_path)
    assert [*tmp_path.iterdir()] == [], "nothing to be left behind"
    pd.testing.assert_frame_equal(shelf.whole("towns"), whole, check_exact=True)
    shelf.store("towns", tmp_path / "towns.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "towns.parquet"), whole, check_exact=True)


@pytest.mark.parametrize("kept", ["in files", "in memory"])
def test_parts_and_sums_are_those_of_the_whole(kept: str, whole: pd.DataFrame) -> None:
    shelf = shelved({"towns": frames(300)}) if kept == "in files" else Shelf({}, {"towns": whole})
    part = shelf.part("towns", ["day", "stock"], town="Port")
    expected = whole.loc[whole["town"] == "Port", ["day", "stock"]]
    pd.testing.assert_frame_equal(part.reset_index(drop=True), expected.reset_index(drop=True), check_exact=True)
    two = shelf.part("towns", ["town"], town=["Port", "Hub"])["town"]
    assert (two.value_counts()[["Port", "Hub", "Side"]] == [75_000, 75_000, 0]).all()
    sums = shelf.sums("towns", ["replication", "town"], ["stock"], town=["Side"])
    assert sums.index.tolist() == [(replication, "Side") for replication in range(0, 300, 2)]
    assert sums.loc[(4, "Side"), "stock"] == whole.query("replication == 4 and town == 'Side'")["stock"].sum()


def test_memory_does_not_grow_with_the_replications(tmp_path: Path) -> None:
    def peak(replications: int) -> tuple[int, int]:
        gc.collect()
        before = pa.total_allocated_bytes()
        tracemalloc.start()
        shelf = shelved({"towns": frames(replications)}, tmp_path)
        part = shelf.part("towns", ["stock"], town="Hub", day=["7"])
        assert part.empty
        traced = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return traced, pa.total_allocated_bytes() - before

    peak(2)  # what is imported on the way
    few, many = peak(300), peak(2400)
    assert many[0] < 1.15 * few[0]
    assert many[1] <= few[1] + 1_000_000


def test_a_stored_table_stands_when_its_file_is_replaced(tmp_path: Path, whole: pd.DataFrame) -> None:
    shelf = shelved({"towns": frames(300)})
    shelf.store("towns", tmp_path / "towns.parquet")
    (tmp_path / "towns.parquet").unlink()
    assert len(shelf.whole("towns")) == len(whole)


def test_files_are_closed_with_the_shelf() -> None:
    before = len(os.listdir("/proc/self/fd"))
    shelf = shelved({"a": frames(2), "b": frames(4)})
    assert len(os.listdir("/proc/self/fd")) == before + 2
    del shelf
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before


def test_tables_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"cannot write tables to .*absent: No such file"):
        shelved({"towns": frames(2)}, tmp_path / "absent")


def test_a_table_without_a_replication_wanted_is_still_asked_for_once() -> None:
    (only,) = frames_of(
        Made(3), SimpleNamespace(digest="w"), "towns", (), lambda parts: pd.DataFrame({"n": [len(parts)]})
    )
    assert only["n"].tolist() == [0]
    assert ROWS > 1500


PLAIN = pd.DataFrame({"town": ["A", "B"], "stock": [1.5, 2.5]})


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda shelf: pickle.loads(pickle.dumps(shelf))])
@pytest.mark.parametrize("shelf", [shelved({"towns": [PLAIN]}), Shelf({}, {"towns": PLAIN})], ids=["files", "frames"])
def test_a_copy_reads_the_same_tables(shelf, copied):
    other = copied(shelf)
    assert other.whole("towns").equals(PLAIN)
    assert other.part("towns", ["stock"], town="B")["stock"].tolist() == [2.5]
    assert shelf.whole("towns").equals(PLAIN)


def test_a_copy_outlives_what_it_was_made_of():
    shelf = shelved({"towns": [PLAIN]})
    other, packed = copy.deepcopy(shelf), pickle.dumps(shelf)
    del shelf
    assert other.whole("towns").equals(PLAIN)
    del other
    assert pickle.loads(packed).whole("towns").equals(PLAIN)

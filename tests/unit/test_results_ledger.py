"""The ledger: what was put in comes out the same, once, and nothing is lost when a write fails."""

import math
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from sim.errors import ResultsError
from sim.results.ledger import LEDGER, Failed, Ledger, Outcome
from sim.results.mending import MARK
from tests.files import ROOT

OUTCOME = Outcome(
    {"cover": 0.1 + 0.2, "never": math.nan},
    {
        "days": {"day": np.arange(3, dtype=np.int16), "open": np.array([0.5, 1.0, 0.25], dtype=np.float32)},
        "bound": {"week": np.arange(2), "bound": np.array([0, 4]), "long": np.array([True, False])},
        "empty": {"day": np.array([])},
    },
)


def test_what_was_put_in_comes_out_bit_for_bit(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.put("a", 3, OUTCOME)
    with Ledger(tmp_path) as ledger:
        assert ledger.done("a") == {3}
        assert ledger.done("b") == set()
        (measures,) = ledger.measures("a").values()
        assert measures["cover"] == 0.1 + 0.2
        assert math.isnan(measures["never"])
        for name, table in OUTCOME.tables.items():
            part = dict(ledger.parts("a", name))[3]
            assert list(part) == list(table)
            for column, values in table.items():
                assert part[column].dtype == values.dtype
                np.testing.assert_array_equal(part[column], values)


def test_a_replication_is_kept_once_and_forgets_its_failure(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.fail("a", Failed(3, "model", "fuel appeared", "trace"))
        ledger.fail("a", Failed(3, "model", "fuel appeared", "trace"))
        assert ledger.failures("a") == [Failed(3, "model", "fuel appeared", "trace")]
        ledger.put("a", 3, OUTCOME)
        ledger.put("a", 3, OUTCOME)
        assert ledger.failures("a") == []
        assert list(ledger.measures("a")) == [3]


def test_rows_come_in_order_of_replication(tmp_path: Path) -> None:
    with Ledger(None) as ledger:
        for replication in (5, 1, 3):
            ledger.put("a", replication, OUTCOME)
        assert list(ledger.measures("a")) == list(dict(ledger.parts("a", "days"))) == [1, 3, 5]


def test_a_table_is_read_one_replication_at_a_time() -> None:
    with Ledger(None) as ledger:
        for replication in (5, 1, 3):
            ledger.put("a", replication, OUTCOME)
        ledger.put("b", 2, OUTCOME)
        parts = ledger.parts("a", "days")
        assert next(parts)[0] == 1
        assert [(replication, columns["day"].tolist()) for replication, columns in parts] == [
            (3, [0, 1, 2]),
            (5, [0, 1, 2]),
        ]
        assert list(ledger.parts("a", "no such table")) == []


def kept(folder: Path) -> list[int]:
    """Return the replications that another process finds in the file."""
    base = sqlite3.connect(folder / LEDGER)
    try:
        return [row[0] for row in base.execute("SELECT replication FROM done ORDER BY replication")]
    finally:
        base.close()


def test_what_is_done_is_on_disk_soon_though_nothing_follows(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.put("a", 0, OUTCOME)
        for _ in range(200):
            if kept(tmp_path):
                break
            time.sleep(0.05)
        assert kept(tmp_path) == [0]
        ledger.put("a", 1, OUTCOME)
        ledger.flush()
        assert kept(tmp_path) == [0, 1]
        ledger.put("a", 2, OUTCOME)
    assert kept(tmp_path) == [0, 1, 2]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_a_ledger_without_a_folder_grows_on_disk_and_not_in_memory() -> None:
    rows = np.random.default_rng(1).random(250_000)  # 2 MB that cannot be compressed
    with Ledger(None) as ledger:
        ledger.put("a", 0, Outcome({}, {"t": {"x": rows}}))
        ledger.flush()
        before = resident()
        for replication in range(1, 50):
            ledger.put("a", replication, Outcome({}, {"t": {"x": rows}}))
            ledger.flush()
        assert resident() - before < 30e6
        assert [len(columns["x"]) for _, columns in ledger.parts("a", "t")] == [len(rows)] * 50


def resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_write_that_fails_meanwhile_is_told_by_the_next(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"cannot write .*ledger\.sqlite"), Ledger(tmp_path) as ledger:
        ledger._base.close()
        for replication in range(100):
            ledger.put("a", replication, OUTCOME)
            time.sleep(0.05)


def test_an_interrupt_loses_nothing_that_is_done(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Ledger(tmp_path) as ledger:
        for replication in range(3):
            ledger.put("a", replication, OUTCOME)
        raise KeyboardInterrupt
    assert kept(tmp_path) == [0, 1, 2]


@pytest.mark.parametrize("names", [("done", "tables", "failed"), ("done", "tables", "failed", "layouts")])
def test_a_ledger_of_an_older_format_begins_afresh(
    names: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(tmp_path / LEDGER) as base:
        for name in names:
            base.execute(f"CREATE TABLE {name} (work TEXT, replication INTEGER, measures TEXT)")
        base.execute("INSERT INTO done VALUES ('a', 3, '{}')")
        base.execute(f"PRAGMA user_version = {2 * len(names) - 6}")
    base.close()
    with Ledger(tmp_path) as ledger:
        assert ledger.done("a") == set()
        ledger.put("a", 4, OUTCOME)
    with Ledger(tmp_path) as ledger:
        assert ledger.done("a") == {4}
    assert capsys.readouterr().err == ""
    assert [path.name for path in tmp_path.iterdir()] == [LEDGER]


def test_a_ledger_of_a_later_format_is_refused_and_left_alone(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.put("a", 3, OUTCOME)
    with sqlite3.connect(tmp_path / LEDGER) as base:
        base.execute("PRAGMA user_version = 99")
        base.execute(f"PRAGMA application_id = {MARK + 99}")
    base.close()
    with pytest.raises(ResultsError, match=r"cannot open .*ledger\.sqlite: its format is of a later version"):
        Ledger(tmp_path)
    assert kept(tmp_path) == [3]


def test_a_write_that_finds_no_room_leaves_whole_replications_only(tmp_path: Path) -> None:
    """The limit on the size of files stands for a full disk: the system refuses to write."""
    code = f"""
import resource, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from sim.errors import ResultsError
from sim.results.ledger import Ledger, Outcome
import numpy as np
import pyarrow
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
rows = np.arange(3000) * np.pi
try:
    with Ledger(Path({str(tmp_path)!r})) as ledger:
        for replication in range(100):
            ledger.put("a", replication, Outcome({{"x": float(replication)}}, {{"t": {{"y": rows + replication}}}}))
except ResultsError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    assert "make room and give the same command again: what is done is kept" in done.stdout
    with Ledger(tmp_path) as ledger:
        count = len(ledger.done("a"))
        assert 1 <= count < 100, "there was room for some"
        assert ledger.done("a") == set(range(count)) == set(dict(ledger.parts("a", "t")))
        ledger.put("a", count, OUTCOME)
    with sqlite3.connect(tmp_path / LEDGER) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    base.close()

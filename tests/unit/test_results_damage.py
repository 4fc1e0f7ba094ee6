"""A damaged ledger: what does not match its checksum is told and done again, and nothing of it is ever used."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from sim.errors import ResultsError
from sim.results.ledger import LEDGER, Failed, Ledger, Outcome
from sim.results.mending import standing

COUNT = 8
FLIPS = 160


def outcome(replication: int) -> Outcome:
    day = np.arange(40, dtype=np.int16)
    return Outcome(
        {"cover": replication * 0.1, "lost": replication * 1.5},
        {"days": {"day": day, "open": np.sqrt(day + replication)}, "bound": {"week": np.arange(3) * replication}},
    )


def completed(folder: Path) -> tuple[int, str]:
    """Do what is missing, and return how much that was and all that is then read."""
    with Ledger(folder) as ledger:
        missing = set(range(COUNT)) - ledger.done("a")
        for replication in sorted(missing):
            ledger.put("a", replication, outcome(replication))
        tables = [dict(ledger.parts("a", name)) for name in ("days", "bound")]
        read = [
            (replication, name, column.dtype.str, column.tobytes())
            for table in tables
            for replication, columns in table.items()
            for name, column in columns.items()
        ]
        return len(missing), repr((ledger.measures("a"), read))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    """The bytes of a ledger of eight replications and a failure, and what is read of it."""
    folder = tmp_path_factory.mktemp("whole")
    read = completed(folder)[1]
    with Ledger(folder) as ledger:
        ledger.fail("b", Failed(3, "model", "fuel appeared", "trace"))
    return (folder / LEDGER).read_bytes(), read


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder in which writing to the disk takes no time."""
    with TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        yield Path(folder)


def laid(folder: Path, data: bytes) -> Path:
    (folder / LEDGER).write_bytes(data)
    return folder


def test_no_flipped_bit_gives_another_number_or_passes_in_silence(
    whole: tuple[bytes, str], in_memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, expected = whole
    told: list[str] = []
    monkeypatch.setattr("sim.results.mending.say", told.append)
    monkeypatch.setattr("sim.results.ledger.say", told.append)
    chance, lost = random.Random(7), 0
    for flip in range(FLIPS):
        # Half of them where most of what is not empty lies: the header, and the ends of pages.
        place = chance.randrange(len(data)) if flip % 2 else chance.choice([k for k, byte in enumerate(data) if byte])
        damaged = bytearray(data)
        damaged[place] ^= 1 << chance.randrange(8)
        folder = in_memory / str(flip)
        folder.mkdir()
        told.clear()
        missing, read = completed(laid(folder, damaged))
        assert read == expected, f"byte {place}"
        assert told or not missing, f"byte {place}: {missing} done again without a word"
        told.clear()
        assert completed(folder) == (0, expected)
        assert told == [], f"byte {place}: told again, mended or not"
        lost += bool(missing)
    assert lost > FLIPS / 8, "damage that matters was done"


def run(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / LEDGER) as base:
        base.execute(statement)
    base.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE done SET measures = (SELECT measures FROM done WHERE replication = 2) WHERE replication = 1",
        "UPDATE done SET measures = zeroblob(16) WHERE replication = 1",
        "UPDATE done SET contents = '{}' WHERE replication = 1",
        "UPDATE done SET replication = 99 WHERE replication = 1",
        "UPDATE done SET work = 'c' WHERE replication = 1",
        "UPDATE done SET checksum = NULL WHERE replication = 1",
        "DELETE FROM done WHERE replication = 1",
        "DELETE FROM tables WHERE replication = 1 AND name = 'days'",
        "DELETE FROM tables WHERE replication = 1",
        "UPDATE tables SET name = 'nights' WHERE replication = 1 AND name = 'days'",
        "UPDATE tables SET rows = 39 WHERE replication = 1 AND name = 'days'",
        "UPDATE tables SET columns = zeroblob(400) WHERE replication = 1 AND name = 'days'",
        """UPDATE tables SET (columns, checksum) = (SELECT columns, checksum FROM tables WHERE replication = 2
            AND name = 'days') WHERE replication = 1 AND name = 'days'""",
        """UPDATE tables SET layout = (SELECT layout FROM tables WHERE replication = 1 AND name = 'bound')
            WHERE replication = 1 AND name = 'days'""",
    ],
)
def test_a_replication_that_was_altered_is_told_and_done_again(
    statement: str, whole: tuple[bytes, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(laid(tmp_path, whole[0]), statement)
    missing, read = completed(tmp_path)
    assert (missing, read) == (1, whole[1])
    told = capsys.readouterr().err
    assert f"{tmp_path / LEDGER} is damaged; what does not match its checksum is done again: " in told
    assert completed(tmp_path) == (0, whole[1])
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "statement", ["UPDATE layouts SET columns = replace(columns, 'f8', 'i8')", "DELETE FROM layouts"]
)
def test_replications_whose_layouts_were_altered_are_done_again(
    statement: str, whole: tuple[bytes, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(laid(tmp_path, whole[0]), statement)
    assert completed(tmp_path) == (COUNT, whole[1])
    assert f"done again: {COUNT} replications\n" in capsys.readouterr().err
    assert completed(tmp_path) == (0, whole[1])


def test_a_failure_that_was_altered_is_not_told_as_one(
    whole: tuple[bytes, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(laid(tmp_path, whole[0]), "UPDATE failed SET replication = 5")
    with Ledger(tmp_path) as ledger:
        assert ledger.failures("b") == []
    assert "what it says of failures is not used: 1 replication\n" in capsys.readouterr().err


def test_what_is_altered_while_it_is_open_is_an_error_and_not_a_number(
    whole: tuple[bytes, str], tmp_path: Path
) -> None:
    reads: list[Callable[[Ledger], object]] = [
        lambda ledger: ledger.measures("a"),
        lambda ledger: dict(ledger.parts("a", "days")),
        lambda ledger: ledger.failures("b"),
    ]
    with Ledger(laid(tmp_path, whole[0])) as ledger:
        run(tmp_path, "UPDATE done SET measures = zeroblob(16) WHERE replication = 1")
        run(tmp_path, "UPDATE tables SET rows = 1 WHERE replication = 1")
        run(tmp_path, "UPDATE failed SET message = 'other'")
        for read in reads:
            with pytest.raises(ResultsError, match=r"ledger\.sqlite was altered while it was read: replication [13] "):
                read(ledger)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"something else, and long enough to be read as the header of a database" * 3,
        lambda data: b"short",
        lambda data: data[: len(data) // 2],
        lambda data: data[:4096],
        lambda data: data[:4096] + bytes(len(data) - 4096),
        lambda data: data.replace(b"CREATE TABLE done", b"CREATE TABLE gone"),
    ],
    ids=["no database", "short", "half", "a page", "zeros", "schema"],
)
def test_a_file_that_cannot_be_read_is_set_aside_and_not_lost(
    damage: Callable[[bytes], bytes], whole: tuple[bytes, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = damage(whole[0])
    laid(tmp_path, damaged)
    for name in ("ledger-set-aside.sqlite", "ledger-set-aside-2.sqlite"):
        assert completed(tmp_path)[1] == whole[1]
        told = capsys.readouterr().err
        assert told.startswith(f"{tmp_path / LEDGER} cannot be used (")
        assert f"it is now {name}; " in told
        assert (tmp_path / name).read_bytes() == damaged
        laid(tmp_path, damaged)


def test_what_can_be_read_of_a_damaged_file_is_kept(
    whole: tuple[bytes, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Ledger(tmp_path) as ledger:
        for replication in range(400):
            ledger.put("a", replication, outcome(replication))
    data = bytearray((tmp_path / LEDGER).read_bytes())
    middle = len(data) // 8192 * 4096
    data[middle : middle + 4096] = bytes(4096)
    with Ledger(laid(tmp_path, data)) as ledger:
        kept = ledger.done("a")
        assert 200 < len(kept) < 400
        assert {r: ledger.measures("a")[r]["cover"] for r in kept} == {r: r * 0.1 for r in kept}
        assert dict(ledger.parts("a", "days")).keys() == kept
    assert f"what can be read of it is kept: {len(kept)} replications\n" in capsys.readouterr().err


def test_a_database_of_somebody_else_is_neither_opened_nor_altered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(tmp_path / LEDGER) as base:
        base.execute("CREATE TABLE done (what TEXT)")
        base.execute("INSERT INTO done VALUES ('mine')")
    base.close()
    before = (tmp_path / LEDGER).read_bytes()
    assert standing(tmp_path / LEDGER) == "foreign"
    with Ledger(tmp_path) as ledger:
        ledger.put("a", 0, outcome(0))
    assert (tmp_path / "ledger-set-aside.sqlite").read_bytes() == before
    assert "it is no ledger of Convoi" in capsys.readouterr().err


@pytest.mark.parametrize("name", [LEDGER, f"{LEDGER}-journal"])
def test_a_link_in_place_of_the_ledger_is_not_followed(name: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(b"")
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / LEDGER).write_bytes(b"")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(mine)
    with Ledger(folder) as ledger:
        ledger.put("a", 0, outcome(0))
    assert mine.read_bytes() == b""
    assert not (folder / name).is_symlink()
    assert (folder / name.replace("ledger", "ledger-set-aside")).is_symlink()

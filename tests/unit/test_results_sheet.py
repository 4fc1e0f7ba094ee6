"""CSV that no spreadsheet computes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from sim.results.sheet import cell, csv_text
from sim.results.store import Study, begin, keep
from tests.calls import convoi
from tests.files import ROOT, write

ASKED = Study("d", 1, 1)


@pytest.mark.parametrize("text", ["=cmd", "+cmd", "-cmd", "@cmd", "\t=cmd", "\r=cmd", "-1+cmd|' /C calc'!A0", "=1"])
def test_text_that_would_be_computed_is_quoted(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["cmd", "a=b", "-1.5", "+3", "-2 m3", "-1e-05", "-3 %", "", -1.5, None, 7, True])
def test_numbers_and_other_text_are_left(value: object) -> None:
    assert cell(value) is value


def test_only_text_of_a_frame_is_changed() -> None:
    table = pd.DataFrame(
        {"n": [-1.5, 0.1 + 0.2], "text": ["=x", None], "kind": pd.Categorical(["@y", "z"]), "-head": [1, 2]},
        index=pd.MultiIndex.from_tuples([("+a", -1), ("b", 2)], names=["=p", "q"]),
    )
    rows = list(csv.reader(io.StringIO(csv_text(table, index=True))))
    assert rows == [
        ["'=p", "q", "n", "text", "kind", "'-head"],
        ["'+a", "-1", "-1.5", "'=x", "'@y", "1"],
        ["b", "2", "0.30000000000000004", "", "z", "2"],
    ]
    assert list(table["text"].iloc[:1]) == ["=x"]
    plain = pd.DataFrame({"a": ["x,y", 'q"'], "b": [1e-300, 2.0], "d": pd.to_datetime(["2025-01-01", None])})
    for index in (False, True):
        assert csv_text(plain.rename_axis("k"), index=index) == plain.rename_axis("k").to_csv(index=index)


def test_every_csv_goes_through_it(tmp_path: Path) -> None:
    begin(tmp_path / "there", ASKED)
    keep(tmp_path / "there", {"failures.csv": pd.DataFrame({"alternative": ["=cmd"]})}, ASKED._asdict())
    assert (tmp_path / "there" / "failures.csv").read_text() == "alternative\n'=cmd\n"
    users = [
        path.name
        for path in (ROOT / "sim").rglob("*.py")
        if "to_csv(" in (text := path.read_text()) or "csv.writer(" in text
    ]
    assert users == ["sheet.py"]


def test_evidence_as_csv_holds_no_formula(tmp_path: Path) -> None:
    overlay = write(tmp_path / "formula.yaml", "fleet: {load: {value: 46 m3, source: assumption, why: =cmd()}}\n")
    words = ["evidence", str(ROOT / "tests" / "data" / "tiny.yaml"), "--overlay", str(overlay), "--csv"]
    rows = {row["path"]: row for row in csv.DictReader(io.StringIO(convoi(*words).stdout))}
    assert rows["fleet.load"]["why"] == "'=cmd()"

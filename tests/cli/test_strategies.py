"""convoi strategies."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from tests import calls
from tests.files import STRATEGIES

convoi = partial(calls.convoi, "strategies")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of strategies in the working folder: a sound one that hides a shipped one, and a broken one."""
    folder = tmp_path / "strategies"
    folder.mkdir()
    text = f"extends: ground\nstrategy: {{name: army, label: mine, note: {'Very long words. ' * 20}}}\n"
    (folder / "army.yaml").write_text(text, encoding="utf-8")
    (folder / "broken.yaml").write_text("strategy: [\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def test_each_is_told_with_what_differs_and_its_file(own: Path) -> None:
    answer = convoi(code=0)
    lines = answer.output.splitlines()
    assert [line for line in lines if len(line) > 100 and max(map(len, line.split())) < 90] == [], "only long paths"
    place = lines.index("army: mine")
    assert lines[place + 1 : place + 4] == [
        "    Very long words.",
        "    strategies/army.yaml",
        f"    instead of {STRATEGIES / 'army.yaml'}",
    ]
    broken = lines.index("broken")
    assert lines[broken + 1] == "    strategies/broken.yaml"
    assert lines[broken + 2].startswith("    problem:")
    assert "few-large: few large convoys" in lines
    assert lines[-1] == f"{len(list(STRATEGIES.glob('*.yaml'))) + 1} strategies"


def test_the_list_fits_100_columns(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(STRATEGIES.parents[1])
    assert max(map(len, convoi().output.splitlines())) <= 100


def test_folders_given_are_listed_alone(own: Path) -> None:
    rows = json.loads(convoi(str(own), "--json").output)
    assert [row["name"] for row in rows] == ["army", "broken"]
    assert rows[0] == {
        "name": "army",
        "label": "mine",
        "note": ("Very long words. " * 20).strip(),
        "file": str(own / "army.yaml"),
        "problem": None,
        "hides": [],
    }
    assert rows[1]["problem"]


def test_a_folder_that_is_not_there_is_bad_input() -> None:
    answer = convoi("/nowhere", code=2)
    assert "not a folder that can be read; given '/nowhere'" in answer.stderr

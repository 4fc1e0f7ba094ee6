"""Every command of the pages on comparing and on measures works, with fewer replications than it is shown with."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli.main import main
from tests.files import ROOT

FEW = "2"
ONE = "1"
"""Replications where a break-even multiplies them by fifty."""
WIDTH = 100


def commands() -> list[str]:
    """Return the commands of the pages, each once; that of README is run with README."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines: dict[str, None] = {}
    for page in ("comparing", "questions", "measures"):
        text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
        for block in re.findall(r"^```sh\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE):
            lines.update(dict.fromkeys(line for line in block.splitlines() if line.startswith("convoi ")))
    return [line for line in lines if line not in readme]


def smaller(line: str) -> list[str]:
    """Return the words of a command, with few replications."""
    words = shlex.split(line, comments=True)[1:]
    if "-n" in words:
        words[words.index("-n") + 1] = ONE if "--break-even" in words else FEW
    elif words[0] in ("run", "compare", "sweep", "at") and "--only" not in words:
        words += ["-n", FEW]
    return words


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, as a reader may be in one: what is shipped goes by name."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_questions_are_asked() -> None:
    assert len(commands()) >= 11


DRAWN = {line.split()[1]: line for line in reversed(commands())}.values()
"""The first of each command, of which the figures are drawn too; tests of figures draw the rest."""


@pytest.mark.parametrize("line", commands())
def test_a_command_works(line: str, here: Path) -> None:
    words = smaller(line)
    draws = words[0] not in ("events", "at")
    drawn = draws and line in DRAWN
    answer = CliRunner().invoke(main, [*words, "--no-figures"] if draws and not drawn else words)
    expected = (0, 2) if "--target" in line else (0,)  # two replications may hold a target nowhere
    assert answer.exit_code in expected, answer.output
    assert "Traceback" not in answer.output
    assert max(map(len, answer.stdout.splitlines())) <= WIDTH
    if line.startswith("convoi events"):
        assert not (here / "results").exists(), "nothing but a file that is asked for is kept"
        return
    (folder,) = (here / "results").iterdir()
    assert (folder / "manifest.json").exists()
    assert any(folder.glob("*.png")) is drawn

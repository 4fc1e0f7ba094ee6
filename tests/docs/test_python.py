"""The pages of recipes: every block runs, in order, in an empty folder."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli.main import main

DOCS = Path(__file__).resolve().parents[2] / "docs"


def blocks(page: str) -> Iterator[tuple[str, str]]:
    text = (DOCS / page).read_text(encoding="utf-8")
    yield from re.findall(r"^```(\w+)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_every_recipe_of_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for language, text in blocks("python.md"):
        assert language == "python"
        exec(compile(text, "docs/python.md", "exec"), names)
    stock = names["stock"]
    assert (stock.shape, str(stock.index[0].date())) == ((60, 8), "2030-01-01")  # type: ignore[attr-defined]
    assert {path.name for path in tmp_path.glob("*.png")} == {"stock.png", "own.png"}
    assert names["attacks"]["replication"].eq(3).all()  # type: ignore[index]


def test_a_country_of_ones_own_grows_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked = []
    for language, text in blocks("your-own-country.md"):
        if language == "yaml":
            name = text.splitlines()[0].removeprefix("# ")
            (tmp_path / name).write_text(text, encoding="utf-8")
            continue
        assert language == "sh"
        for line in text.splitlines():
            words = shlex.split(line)
            few = ["-n", "1"] if "-n" in words else []
            answer = CliRunner().invoke(main, [*words[1:], *few])
            assert (answer.exit_code, "note:" in answer.stderr) == (0, False), f"{line}\n{answer.output}"
            asked.append(words[1])
    assert set(asked) == {"new", "check", "run", "compare"}

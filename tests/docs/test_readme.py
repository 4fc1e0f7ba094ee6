"""README's commands work and print what it quotes."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.files import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.M | re.S)
GAP = "…"
AGAIN = "run docs/images/regenerate.py, and read README's sentences about the figures again"
LARGEST_PICTURE = 250_000
FEW = "1"
UNTOLD_OF_FEW = "luck  ignorance  rests on"


def blocks(kind: str) -> list[str]:
    return [text for language, text in BLOCKS if language == kind]


def asked() -> list[tuple[str, list[str]]]:
    """Return each command of the console blocks with the lines that README shows under it."""
    commands: list[tuple[str, list[str]]] = []
    for line in "".join(blocks("console")).splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], []))
        else:
            commands[-1][1].append(line)
    return commands


def recipe(target: str) -> list[str]:
    """Return the commands of a target of the Makefile, without the folder of the environment."""
    match = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.M)
    assert match, f"no target {target}"
    return [line.strip().removeprefix("@").removeprefix("$(VENV)/bin/") for line in match[1].splitlines()]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with the scenarios and the command, in which README's commands write what they write."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "convoi"
    call = shlex.join([sys.executable, "-c", "from sim.cli.main import main; main(prog_name='convoi')"])
    script.write_text(f'#!/bin/sh\nexec {call} "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return tmp_path


def shell(line: str, here: Path) -> str:
    path = os.pathsep.join([str(here / "bin"), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    words = ["bash", "-euo", "pipefail", "-c", line]
    done = subprocess.run(words, cwd=here, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), f"{line}\n{done.stderr}"
    return done.stdout


def first_missing(quoted: list[str], printed: list[str]) -> str | None:
    """Return the first quoted line that is not printed after the ones before it; only a gap lets lines be skipped."""
    place, skip = 0, True
    for line in quoted:
        if line == GAP:
            skip = True
            continue
        while skip and place < len(printed) and printed[place] != line:
            place += 1
        if place == len(printed) or printed[place] != line:
            return line
        place, skip = place + 1, False
    return None


def test_quoted_lines_are_compared_one_by_one() -> None:
    printed = ["a", "b", "c", "d"]
    assert first_missing(["a", "b", GAP, "d"], printed) is None
    assert first_missing(["a", "c"], printed) == "c"
    assert first_missing(["a", GAP, "b", "e"], printed) == "e"
    assert first_missing([GAP, "d", "d"], printed) == "d"


def test_the_two_commands_are_targets_and_need_what_is_said() -> None:
    assert [line for line, _ in asked() if line.startswith("make")] == ["make run", "make test"]
    assert recipe("test")[-1].startswith("python -m pytest")
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "Python 3.11 or newer and make" in README


def test_make_run_prints_what_is_quoted(here: Path) -> None:
    (command,) = recipe("run")
    posterior = "--overlay scenarios/posteriors/pump-free.yaml --hindcast"
    assert command == f"convoi run scenarios/blockade-2025.yaml {posterior} -n 200"
    text = shell(command, here)
    quoted = blocks("text")[0]
    printed = [undated(line) for line in text.splitlines() if line]
    missing = first_missing([undated(line) for line in quoted_lines(quoted)], printed)
    assert missing is None, f"not printed there: {missing!r}; {AGAIN}"
    for cells in record_rows():
        together = [line for line in text.splitlines() if all(cell in line for cell in cells[1:])]
        assert together, f"not in the run's table of the record: {cells}; {AGAIN}"
    (folder,) = (here / "results").iterdir()
    assert (folder / "stock-bamako.png").is_file()
    french = [line for line in shell(f"{command} --no-figures --lang fr", here).splitlines() if line]
    missing = first_missing([line for line in french_answer() if line], french)
    assert missing is None, f"README.fr.md: not printed: {missing!r}; {AGAIN}"


def french_answer() -> list[str]:
    """Return the lines that the French README quotes of the same run."""
    (block,) = re.findall(r"^```text\n(.*?)^```$", (ROOT / "README.fr.md").read_text(encoding="utf-8"), re.M | re.S)
    return block.splitlines()


def undated(line: str) -> str:
    """Return a line without the day in the name of a folder of results."""
    return re.sub(r"(?<=_)\d{4}-\d\d-\d\d$", "DAY", line)


def quoted_lines(block: str) -> list[str]:
    """Return the lines of README's quotation; rows of a table may be left out between the head and the mark."""
    lines: list[str] = []
    table = False
    for line in block.splitlines():
        if table and line:
            lines.append(GAP)
        if line:
            lines.append(line)
        table = line.startswith("───") or (table and line != GAP)
    return lines


def record_rows() -> list[list[str]]:
    block = README.partition(": record -->")[2].partition("<!-- end -->")[0]
    rows = [line.strip("| ").split(" | ") for line in block.splitlines() if line.startswith("| ")]
    assert len(rows) > 1
    return rows[1:]


@pytest.mark.parametrize(("line", "quoted"), [command for command in asked() if not command[0].startswith("make")])
def test_a_command_prints_what_is_quoted(line: str, quoted: list[str], here: Path) -> None:
    assert quoted
    missing = first_missing(quoted, shell(line, here).splitlines())
    assert missing is None, f"{line}: not printed: {missing!r}; {AGAIN}"


def test_the_comparison_prints_what_is_quoted(here: Path) -> None:
    """With few replications, as the quoted one takes minutes: sentences and heads of tables, not numbers."""
    (line,) = "".join(blocks("sh")).splitlines()
    text = shell(f"{line} -n {FEW}", here)
    quoted = blocks("text")[1].splitlines()
    printed = text.splitlines()
    for place, words in enumerate(quoted):
        if words.startswith(("Found:", "How sure:", "Turns on:")):
            assert any(row.startswith(words.partition(":")[0]) for row in printed), words
        if words.startswith("───"):
            head = quoted[place - 1].removesuffix(UNTOLD_OF_FEW).split()
            assert head in [row.split() for row in printed], head
    pictures = {path.name for path in (here / "results").glob("compare_blockade-2025*/*.png")}
    assert {"forest.png", "stock-by-strategy.png", "frontier.png", "funnels.png", "waiting-by-strategy.png"} <= pictures
    assert "break-even.png" in pictures


@pytest.mark.parametrize("line", "".join(blocks("bash")).splitlines())
def test_a_command_works(line: str, here: Path) -> None:
    assert line.startswith("convoi ")
    shell(line, here)


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_works(code: str, here: Path) -> None:
    (here / "example.py").write_text(code, encoding="utf-8")
    printed = shell(f"'{sys.executable}' example.py", here)
    assert "median" in printed
    assert (here / "stock.png").is_file()
    assert (here / "forest.png").is_file()


def test_links_and_pictures_are_there() -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).is_file()] == []
    pictures = [ROOT / target for target in targets if target.endswith(".png")]
    assert pictures
    for picture in pictures:
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size < LARGEST_PICTURE

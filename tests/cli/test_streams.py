"""What is printed, whatever it quotes and wherever it goes."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli.main import COMMANDS, main
from sim.results.store import read_manifest
from sim.scenario.problem import CONTROL, legible, legible_json
from tests.calls import CODE, TINY, convoi
from tests.files import ROOT

SENT = "\x1b]0;PWN\x07\x1b[2J\x9b31m\u202e"
SHOWN = r"\x1b]0;PWN\x07\x1b[2J\x9b31m\u202e"
HOSTILE = f"""
title: {json.dumps(SENT)}
note: {json.dumps(SENT)}
strategy: {{label: {json.dumps(SENT)}, note: {json.dumps(SENT)}}}
fleet: {{load: {{value: 46 m3, source: assumption, why: {json.dumps("Ségou " + SENT)}}}}}
documented: {{losses: {{label: {json.dumps(SENT)}}}}}
"""


@pytest.fixture(autouse=True)
def files(elsewhere: None) -> None:
    Path("hostile.yaml").write_text(HOSTILE, encoding="utf-8")


def test_control_characters_are_written_out_and_json_keeps_them() -> None:
    text = "".join(map(chr, [*range(0xA0), 0x61C, 0x200E, 0x2028, 0x202E, 0x2066, 0xDCFF])) + "é中😀"
    assert [letter for letter in legible(text) if not letter.isprintable()] == ["\t", "\n"]
    assert legible(SENT) == SHOWN
    assert legible(legible(text)) == legible(text)
    dumped = legible_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(dumped) == text
    assert dumped.isprintable()


HOSTILE_WORDS = [
    ["check", TINY, "--overlay", "hostile.yaml"],
    ["show", TINY, "--overlay", "hostile.yaml"],
    ["evidence", TINY, "--overlay", "hostile.yaml", "--why"],
    ["evidence", TINY, "--overlay", "hostile.yaml", "--csv"],
    ["events", TINY, "--overlay", "hostile.yaml"],
    ["compare", TINY, "--strategy", "army", "--strategy", "none", "--common", "hostile.yaml", "-n", "1"],
    ["check", f"absent{SENT}.yaml"],
    ["check", TINY, "--set", f"fleet.size={SENT}"],
    ["run", TINY, "--measure", SENT],
    [SENT],
    ["strategies", SENT],
]


@pytest.mark.parametrize("words", HOSTILE_WORDS, ids=lambda words: words[0].replace(SENT, "sent"))
def test_nothing_that_is_quoted_reaches_the_terminal_raw(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.view.figures.save_all", lambda *_, **__: [])
    answer = convoi(*words)
    assert not isinstance(answer.exception, Exception), answer.exception
    assert CONTROL.search(answer.output) is None


def test_what_is_quoted_is_shown() -> None:
    answer = convoi("run", TINY, "--overlay", "hostile.yaml", "-n", "1", "--out", SENT, code=0)
    assert CONTROL.search(answer.output) is None
    assert SHOWN in answer.stdout.splitlines()
    assert f"Tables: {SHOWN}" in answer.stdout
    assert Path(SENT, "manifest.json").exists()


@pytest.mark.parametrize("charset", ["utf-8", "ascii", "latin-1"])
def test_json_is_valid_in_any_encoding(charset: str) -> None:
    runner = CliRunner(charset=charset)
    answer = runner.invoke(main, ["evidence", TINY, "--overlay", "hostile.yaml", "--json"])
    assert answer.exit_code == 0, answer.output
    reasons = {row["path"]: row["why"] for row in json.loads(answer.stdout)}
    assert reasons["fleet.load"] == f"Ségou {SENT}"


def test_show_is_a_scenario_that_says_the_same() -> None:
    Path("shown.yaml").write_text(convoi("show", TINY, "--overlay", "hostile.yaml").stdout, encoding="utf-8")
    answer = convoi("evidence", "shown.yaml", "--json")
    assert f"Ségou {SENT}" in {row["why"] for row in json.loads(answer.stdout)}


def test_an_encoding_that_cannot_say_a_character_shows_it() -> None:
    answer = CliRunner(charset="ascii").invoke(main, ["check", "Ségou–中.yaml"])
    assert answer.exit_code == 2
    assert r"S\xe9gou\u2013\u4e2d.yaml" in answer.stderr


@pytest.mark.parametrize("words", [["run", TINY, "--out", "\udcff"], ["check", "\udcff.yaml"], ["\udcff"]])
def test_what_is_no_text_is_refused(words: list[str]) -> None:
    answer = convoi(*words, code=2)
    assert r"'\udcff" in answer.stderr
    assert [path.name for path in Path.cwd().iterdir()] == ["hostile.yaml"]


def test_a_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for words in (["check", TINY], ["show", TINY], ["strategies"], ["run", TINY, "-n", "1"]):
        answer = convoi(*words)
        assert not isinstance(answer.exception, Exception), (words, answer.exception)
    assert "the working folder is gone" in convoi("strategies").stderr


def outside(line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell in which ``$convoi`` is the command."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CODE": CODE, "PYTHON": sys.executable, "TINY": TINY, **more}
    shell = 'convoi() { "$PYTHON" -c "$CODE" "$@"; }; set -o pipefail\n'
    return subprocess.run(
        ["bash", "-c", shell + line], env=environment, capture_output=True, text=True, check=False, timeout=120
    )


HELP = "convoi --help"
FULL = "the answer could not be printed: No space left on device; "
CLOSED = "the answer could not be printed: Bad file descriptor; "


def test_a_closed_stderr_undoes_no_work() -> None:
    done = outside('convoi run "$TINY" -n 1 --out there <&- 2>&-')
    assert done.returncode == 0
    assert done.stdout.startswith("Tiny\n")
    assert "map.png" in read_manifest(Path("there"))["figures"]


class Full(io.StringIO):
    """A stream on a disk that is full."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(("also", "code"), [([], 1), (["--json"], 1), (["--quiet"], 0)])
def test_a_full_stdout_undoes_no_work(
    also: list[str], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sim.view.figures.save_all", lambda *_, **__: [Path("map.png")])
    with monkeypatch.context() as patched, pytest.raises(SystemExit) as end:
        patched.setattr(sys, "stdout", Full())
        main(["run", TINY, "-n", "1", "--out", "there", *also])
    assert end.value.code == code
    assert capsys.readouterr().err.startswith(FULL if code else "")
    assert read_manifest(Path("there"))["figures"] == ["map.png"]


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        (f"{HELP} 2>/dev/full", 0, ""),
        (f"{HELP} >&-", 1, CLOSED),
        (f"{HELP} <&- >&- 2>&-", 1, ""),
        (f"{HELP} >/dev/full 2>/dev/full", 1, ""),
        ("convoi --version >/dev/full", 1, FULL),
        ("convoi --version 2>&1 | head -0", 0, ""),
        (f"{HELP} | head -1", 0, ""),
        ('PYTHONIOENCODING=ascii convoi show "$TINY"', 0, ""),
        ("convoi absent 2>/dev/full", 2, ""),
    ],
)
def test_a_code_says_whether_the_answer_was_told(line: str, code: int, told: str) -> None:
    done = outside(line)
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith(told) and bool(done.stderr) is bool(told)


@pytest.mark.parametrize("also", [[], ["--quiet"]])
def test_what_drawing_warns_of_is_told_once_as_a_note(also: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(*_: object, **__: object) -> list[Path]:
        for _ in range(3):
            warnings.warn("no ink", stacklevel=1)
        return [Path("map.png")]

    monkeypatch.setattr("sim.view.figures.save_all", draw)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        answer = convoi("run", TINY, "-n", "1", *also)
    assert answer.exit_code == 0
    assert answer.stderr == ("" if also else "note: no ink\n")


@pytest.mark.parametrize("columns", ["0", "1", "-5", "99999999999", "wide"])
def test_no_width_of_a_terminal_breaks_help(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for name in COMMANDS:
        assert convoi(name, "--help").exit_code == 0

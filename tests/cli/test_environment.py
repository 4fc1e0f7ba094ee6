"""Options from the environment, and completion in shells."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from sim.cli.environment import SHARED, reading, words
from sim.cli.main import main
from sim.results.store import read_manifest
from tests import calls
from tests.calls import CODE, TINY
from tests.files import ROOT


def convoi(*words: str, code: int | None = None, **environment: str) -> Result:
    return calls.convoi(*words, code=code, env={f"CONVOI_{name}": value for name, value in environment.items()})


def test_options_are_taken_told_and_written_into_the_command(monkeypatch) -> None:
    call = ["run", TINY, "--seed", "4"]
    monkeypatch.setattr(sys, "argv", ["another", "program"])  # one that calls it in its own process
    given = {"RUN_REPLICATIONS": "2", "RUN_SEED": "9", "RUN_NO_FIGURES": "yes", "RUN_CENTRAL": "no", "RUN_OUT": "here"}
    ended = convoi(*call, **given, code=0)
    manifest = read_manifest(Path("here"))
    assert manifest["replications"] == 2
    assert manifest["seed"] == 4, "an option of the command line wins"
    assert manifest["figures"] is None
    assert manifest["command"] == f"convoi run --replications 2 --out here --no-figures {shlex.quote(TINY)} --seed 4"
    told = [line for line in ended.stderr.splitlines() if line.startswith("note: CONVOI_")]
    assert told[0] == "note: CONVOI_RUN_REPLICATIONS=2 in the environment stands for --replications"
    assert len(told) == 4
    assert not any("SEED" in line for line in told)


def test_quiet_is_quiet() -> None:
    ended = convoi("run", TINY, "--no-figures", RUN_REPLICATIONS="1", RUN_QUIET="1")
    assert (ended.exit_code, ended.output) == (0, "")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("RUN_REPLICATIONS", "many", "'--replications': 'many' is not a valid integer range; it stands in the"),
        ("RUN_SEED", "-1", "'--seed': -1 is not in the range"),
        ("RUN_ENGINE", "gpu", "'--engine': 'gpu' is not one of 'fast', 'simpy'; it stands in the"),
        ("LANG", "de", "'--lang': 'de' is not one of 'en', 'fr'; it stands in the environment as CONVOI_LANG."),
        ("RUN_CENTRAL", "maybe", "'--central': 'maybe' is not a valid boolean"),
    ],
)
def test_a_bad_value_is_told_with_its_variable(name: str, value: str, told: str) -> None:
    ended = convoi("run", TINY, **{name: value}, code=2)
    assert told in ended.stderr
    assert ended.stderr.endswith(f"environment as CONVOI_{name}.\n")


def test_a_bad_value_on_the_command_line_is_not_blamed_on_the_environment() -> None:
    ended = convoi("run", TINY, "-n", "many", RUN_REPLICATIONS="3", code=2)
    assert "environment" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("RESULTS_JSOM", "did you mean CONVOI_RESULTS_JSON?"),
        ("RESULTS_COLOUR_OF_MAPS", "expected one of CONVOI_RESULTS_JSON"),
    ],
)
def test_a_variable_that_gives_nothing_is_told(name: str, hint: str) -> None:
    ended = convoi("results", **{name: "1"})
    assert ended.stderr == f"note: CONVOI_{name} in the environment is not read; {hint}\n"


def test_what_holds_for_one_call_or_may_be_repeated_is_not_taken() -> None:
    ended = convoi("show", TINY, SHOW_SET="fleet.size=1", SHOW_OVERLAY="none.yaml", VERSION="1", SHOW_HELP="1", code=0)
    assert "give --set with the command" in ended.stderr
    assert "give --overlay with the command" in ended.stderr
    assert ended.stdout == convoi("show", TINY).stdout


def test_commands_below_a_command_have_theirs() -> None:
    ended = convoi("import", "roads", "none.geojson", IMPORT_ROADS_TOWNS="none.yaml")
    assert "note: CONVOI_IMPORT_ROADS_TOWNS=none.yaml in the environment stands for --towns\n" in ended.stderr
    assert ended.exit_code == 2


def variables(group: click.Group, ctx: click.Context) -> Iterator[str]:
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        below = click.Context(command, ctx, name)
        if isinstance(command, click.Group):
            yield from variables(command, below)
        for option in command.params:
            if option.envvar is not None:
                assert option.nargs == 1
                yield option.envvar


def test_each_variable_gives_one_option_and_the_page_names_what_there_is() -> None:
    known = [*variables(main, click.Context(main, info_name="convoi", **main.context_settings))]
    own = [name for name in known if name not in {f"CONVOI_{option.upper()}" for option in SHARED}]
    assert len(own) == len(set(own)) > 50
    assert known.count("CONVOI_STYLE") > 1  # one variable for all commands that draw
    page = (ROOT / "docs" / "shell.md").read_text(encoding="utf-8")
    shown = re.findall(r"^export (CONVOI_\w+)=(\S+) +# (convoi .*)$", page, re.MULTILINE)
    assert len(shown) == 3
    for name, value, command in shown:
        assert name in known
        *called, last = command.split()
        assert name == "_".join(called).replace("--", "").replace("-", "_").upper()
        assert value == last


@pytest.mark.parametrize("prog", ["convoi", "python -m sim.cli.main"])
def test_the_command_is_written_out_however_it_was_called(prog: str) -> None:
    top = click.Context(main, info_name=prog, **main.context_settings)
    made = reading(top, click.Command("run", params=[click.Option(["--seed"], type=int)], callback=lambda seed: None))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVOI_RUN_SEED", "3")
        ctx = made.make_context("run", [], parent=top)
        assert words(ctx, ["run", "tiny"]) == ["run", "--seed", "3", "tiny"]
    assert words(None, ["run", "tiny"]) == ["run", "tiny"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_emitted(shell: str) -> None:
    ended = CliRunner().invoke(main, prog_name="convoi", env={"_CONVOI_COMPLETE": f"{shell}_source"})
    assert ended.exit_code == 0
    assert f"_CONVOI_COMPLETE={shell}_complete" in ended.output
    assert "_convoi_completion" in ended.output


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("convoi co", "plain,compare\n"), ("convoi run --eng", "plain,--engine\n"), ("convoi run zz", "file,zz\n")],
)
def test_completion_offers(typed: str, offered: str) -> None:
    asked = {"_CONVOI_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    assert CliRunner().invoke(main, prog_name="convoi", env=asked).stdout == offered


def test_bash_completes(tmp_path: Path) -> None:
    command = tmp_path / "convoi"
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {CODE}"
    command.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, "-c", script])} "$@"\n')
    command.chmod(0o755)
    script = (
        'PATH=$PWD:$PATH; compopt() { :; }; eval "$(_CONVOI_COMPLETE=bash_source convoi)"; complete -p convoi; '
        "COMP_WORDS=(convoi comp); COMP_CWORD=1; _convoi_completion convoi; echo ${COMPREPLY[@]}"
    )
    ended = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == "complete -o nosort -F _convoi_completion convoi\ncompare\n"
    assert ended.stderr == ""

"""Manual pages: one a command, with every option, and nothing that the typesetter would take for itself."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sim.cli.main import main

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "man.py"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("man") / "pages"
    runpy.run_path(str(SCRIPT))["pages"](folder)
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def commands(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, group
    for word in group.list_commands(ctx := click.Context(group, info_name=name)):
        command = group.get_command(ctx, word)
        if isinstance(command, click.Group):
            yield from commands(command, f"{name}-{word}")
        else:
            yield f"{name}-{word}", command


def test_every_command_has_a_page_with_its_options(pages: dict[str, str]) -> None:
    known = dict(commands(main, "convoi"))
    assert {*pages} == {f"{name}.1" for name in known}
    for name, command in known.items():
        text = pages[f"{name}.1"].replace("\\-", "-")
        assert f"\n{name} - " in text
        assert command.help.split(".")[0].split("\n")[0] in text
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.opts[-1] in text, (name, option.name)


def test_the_typesetter_finds_nothing_but_its_own_requests(pages: dict[str, str]) -> None:
    for text in pages.values():
        requests = {line.split()[0] for line in text.splitlines() if line[:1] in (".", "'")}
        assert requests <= {".TH", ".SH", ".B", ".TP", ".PP"}


def test_text_that_looks_like_a_request_is_text() -> None:
    @click.command(help="Begin.\n\n.SH of a scenario\n'x' is C:\\n")
    def odd() -> None: ...

    told = runpy.run_path(str(SCRIPT))["_loaded"](odd, click.Context(odd))
    assert told.help == "Begin.\n\n\\&.SH of a scenario\n\\&'x' is C:\\en"
    assert odd.help != told.help

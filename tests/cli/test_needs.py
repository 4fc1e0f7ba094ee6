"""Packages are asked for before the work."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from sim.study.packages import PACKAGES, need
from tests.calls import TINY, convoi
from tests.files import ROOT

TARGETS = str(next((ROOT / "scenarios" / "targets").glob("*.yaml")))
ALTERNATIVES = ["--strategy", "army", "--strategy", "none"]
COMMANDS = {
    "run": ["run", TINY, "-n", "2"],
    "compare": ["compare", TINY, *ALTERNATIVES, "-n", "2"],
    "sweep": ["sweep", TINY, "--vary", "escorts.pools.army.units=1:2", "-n", "1"],
    "validate": ["validate", TINY, "--targets", TARGETS, "-n", "20"],
    "sensitivity": ["sensitivity", TINY, "--trajectories", "2", "--base", "2", "--top", "1"],
    "pyabc": ["calibrate", TINY, "--targets", TARGETS, "--method", "pyabc", "--particles", "20"],
    "crate": ["crate", "results"],
    "report": ["report", "results"],
    "run --report": ["run", TINY, "-n", "2", "--report"],
    "compare --report": ["compare", TINY, *ALTERNATIVES, "-n", "2", "--report"],
    "import": ["import", "roads", "roads.geojson", "--towns", "towns.csv"],
    "cluster": ["run", TINY, "-n", "1", "--cluster", "tcp://127.0.0.1:9"],
}
WANTED = {
    ("compare", "ema_workbench"), ("validate", "scoringrules"), ("sensitivity", "SALib"),
    ("pyabc", "pyabc"), ("cluster", "distributed"), ("import", "networkx"), ("import", "shapely"),
    ("crate", "rocrate"), ("report", "altair"), ("run --report", "vl_convert"), ("compare --report", "jinja2"),
}  # fmt: skip


def hidden(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Make a package one that is not installed, with all that was loaded of it."""
    import sys

    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, module, None)


@pytest.mark.parametrize(("command", "module"), sorted(WANTED))
def test_a_command_refuses_before_any_work(command: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden(monkeypatch, module)
    answer = convoi(*COMMANDS[command], code=2)
    assert re.search(rf"needs the package {module}; install it with: pip install '\S+'\n$", answer.stderr)
    assert answer.stdout == ""
    assert not Path("results").exists()


@pytest.mark.parametrize("command", ["run", "sweep"])
def test_a_command_works_without_what_it_does_not_need(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in PACKAGES:
        hidden(monkeypatch, module)
    convoi(*COMMANDS[command], code=0)


def test_a_plain_installation_has_all_but_a_cluster_second_opinions_importing_archives_and_reports() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[>=]", line)[0] for line in requirements}

    for _, requirement in PACKAGES.values():
        extra = re.fullmatch(r"convoi\[(\w+)\]", requirement)
        if extra is None:
            assert requirement in names(project["dependencies"])
        else:
            assert extra[1] in project["optional-dependencies"]
    extras = {"convoi[cluster]", "convoi[calibrate]", "convoi[import]", "convoi[crate]", "convoi[report]"}
    others = {"distributed", "pyabc", "arviz", "networkx", "shapely", "rocrate", "altair", "vl_convert", "jinja2"}
    assert {module for module, (_, how) in PACKAGES.items() if how in extras} == others


def test_what_is_there_is_not_missed() -> None:
    need(*PACKAGES)

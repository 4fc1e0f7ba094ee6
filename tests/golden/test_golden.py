"""Shipped scenarios give the committed results, to the last bit."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.golden.regenerate import CASES, EVENTS, GOLDEN, ROOT, result

DECISION = (
    "A change of results is a decision: write it in CHANGELOG.md with its reason, and run tests/golden/regenerate.py. "
    "If no change was meant, something is wrong."
)


def changes(kept: dict[str, str], computed: dict[str, str]) -> list[str]:
    """Return a line for each measure that differs: its values by replication, as kept and as found."""
    lines = [
        f"  {name}: from {kept.get(name, 'absent')} to {computed.get(name, 'absent')}"
        for name in dict.fromkeys([*kept, *computed])
        if kept.get(name) != computed.get(name)
    ]
    return lines or ["  none of the values; the order of the measures"] * ([*kept] != [*computed])


def test_every_case_is_kept() -> None:
    assert list(json.loads(GOLDEN.read_text(encoding="utf-8"))) == list(CASES)


def test_every_shipped_strategy_is_a_case() -> None:
    shipped = {f"scenarios/strategies/{path.name}" for path in (ROOT / "scenarios" / "strategies").glob("*.yaml")}
    assert shipped == {overlay for case in CASES.values() for overlay in case.overlays if "strategies" in overlay}


@pytest.mark.parametrize("name", CASES)
def test_results_are_the_committed_ones(name: str) -> None:
    if told := changes(json.loads(GOLDEN.read_text(encoding="utf-8"))[name], result(CASES[name])):
        pytest.fail("\n".join([f"{name}: the measures changed", *told, DECISION]), pytrace=False)


@pytest.mark.parametrize("output", ["model", "tables", "log"])
def test_the_benchmark_counts_the_events_it_expects(output: str) -> None:
    expected = json.loads(EVENTS.read_text(encoding="utf-8"))["events"]
    given = {"engine": "simpy", "output": output, "count": 1, "passes": 1, "sets": [], "central": False}
    apart = json.dumps({"function": "replications", "given": given})
    words = [sys.executable, str(ROOT / "benchmarks" / "engines.py"), "--apart", apart]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout)
    if measured["events"] != expected:
        pytest.fail(f"events: from {expected} to {measured['events']}\n{DECISION}", pytrace=False)
    assert measured["seconds"] > 0 and measured["mb"] > 0
    assert bool(measured["logged"]) is (output == "log")


def test_a_change_is_told_by_measure() -> None:
    assert changes({"a": "1.0 2.0", "b": "nan"}, {"a": "1.0 2.5", "b": "nan"}) == ["  a: from 1.0 2.0 to 1.0 2.5"]
    assert changes({"a": "1.0"}, {}) == ["  a: from 1.0 to absent"]
    assert changes({"a": "1.0", "b": "2.0"}, {"b": "2.0", "a": "1.0"}) == [
        "  none of the values; the order of the measures"
    ]
    assert changes({"a": "1.0"}, {"a": "1.0"}) == []

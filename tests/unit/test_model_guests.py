"""A user's own SimPy process beside the model's."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import sim
from sim.model.country import Country
from sim.plan import build
from sim.study.replicate import simulate
from tests.build import rows


def test_a_guest_sees_the_country_and_changes_nothing_by_looking(root: Path) -> None:
    plan = build(sim.load(root / "scenarios/tutorial.yaml"))
    seen: list[tuple[float, float]] = []

    def watch(country: Country) -> Generator[Any, Any, None]:
        while True:
            seen.append((country.clock.now, country.towns[plan.hub].depot.level(plan.lead)))
            yield country.clock.timeout(24.0)

    watched = simulate(plan, 1, 0, guests=[watch])
    alone = simulate(plan, 1, 0)
    assert [time for time, _ in seen] == [24.0 * day for day in range(plan.warmup + plan.days + 1)][: len(seen)]
    assert len(seen) >= plan.days
    assert repr(rows(watched.towns)) == repr(rows(alone.towns))
    assert repr(rows(watched.flows)) == repr(rows(alone.flows))

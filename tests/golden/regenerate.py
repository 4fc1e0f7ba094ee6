"""Golden results of the shipped scenarios: what they are, and how the committed files are rewritten.

Use: python tests/golden/regenerate.py, then write in CHANGELOG.md what changed and why.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "golden.json"
EVENTS = ROOT / "benchmarks" / "expected.json"
SEED = 1


class Case(NamedTuple):
    """A shipped scenario as it is run here."""

    scenario: str
    overlays: tuple[str, ...] = ()
    replications: int = 1
    central: bool = False


BLOCKADE = "scenarios/blockade-2025.yaml"
CASES = {
    "tutorial": Case("scenarios/tutorial.yaml", replications=4),
    "mali, central": Case("scenarios/mali.yaml", central=True),
    "blockade-2025": Case(BLOCKADE, replications=2),
    "blockade-2025, all fuel": Case(BLOCKADE, ("scenarios/scope/all.yaml",), replications=2),
    **{
        f"blockade-2025, {name}": Case(BLOCKADE, (f"scenarios/strategies/{name}.yaml",))
        for name in (
            *("none", "army", "air-only", "ground", "ground+air", "air-without-troops"),
            *("few-large", "many-small", "one-corridor", "shared", "inland", "none-dispersed", "ground-instead"),
        )
    },
}


def result(case: Case) -> dict[str, str]:
    """Run a case and return each of its measures, in order: the values by replication in full precision."""
    import sim

    scenario = sim.load(ROOT / case.scenario, overlays=[ROOT / overlay for overlay in case.overlays])
    measures = sim.run(scenario, case.replications, seed=SEED, central=case.central, workers=1).measures
    return {str(name): " ".join(repr(float(value)) for value in measures[name]) for name in measures}


def events(expected: dict[str, Any]) -> int:
    """Return the events of the replication that the benchmark times."""
    import sim
    from sim.plan import build
    from sim.study.replicate import simulate

    return simulate(build(sim.load(ROOT / expected["scenario"])), expected["seed"], expected["replication"]).events


def main() -> None:
    """Rewrite the committed files."""
    golden = {name: result(case) for name, case in CASES.items()}
    _write(GOLDEN, golden)
    expected = json.loads(EVENTS.read_text(encoding="utf-8"))
    _write(EVENTS, {**expected, "events": events(expected)})


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()

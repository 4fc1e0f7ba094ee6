"""Regimes of convoys that never do what they say."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime

from sim.scenario.conduct import Regime
from sim.scenario.pools import quotas
from sim.scenario.problem import Fault, Path
from sim.scenario.schema import Root


def regime_notes(root: Root) -> Iterator[Fault]:
    """Iterate over regimes under which no convoy gathers, only one leaves, or nobody goes alone though allowed."""
    start = root.start.on(datetime.min)
    longest = (root.end.on(start) - start).days * 24.0 + root.warmup.value
    for key, regimes in (("imports", root.strategy.imports), ("inland", root.strategy.inland)):
        most = _gathering(root, "import" if key == "imports" else "inland")
        for position, regime in enumerate(regimes):
            yield from _notes(regime, ("strategy", key, str(position)), longest, most)


def _notes(regime: Regime, path: Path, longest: float, most: int) -> Iterator[Fault]:
    if 0 < most < regime.min.least and regime.longest_wait.least >= longest:
        wrong = f"no convoy ever gathers: {most} tankers at most meet at a point, and longest_wait is "
        yield Fault(f"{wrong}{regime.longest_wait.text}, longer than the run", regime.min.text, at=(*path, "min"))
    if regime.headway.least >= longest:
        wrong = f"only one convoy leaves from a point: headway is {regime.headway.text}, longer than the run"
        yield Fault(wrong, at=(*path, "headway"))
    if regime.must and regime.alone and regime.patience.least >= longest:
        wrong = f"nobody ever goes alone: patience is {regime.patience.text}, longer than the run"
        yield Fault(wrong, at=(*path, "alone"))


def tankers(root: Root) -> dict[str, int]:
    """Return the tankers of each corridor at the highest that may be drawn of the fleet."""
    weights = {name: root.corridors[name].fleet.most for name in sorted(root.corridors)}
    return quotas(math.floor(root.fleet.size.most + 0.5), weights)


def _gathering(root: Root, kind: str) -> int:
    """Return the most tankers that can meet at an assembly point of a kind of corridors; all, if tankers move."""
    met: dict[str, int] = {}
    for name, count in tankers(root).items():
        corridor = root.corridors[name]
        if corridor.kind == kind:
            point = "" if root.fleet.moves.share.most > 0 else str(corridor.assembly or name)
            met[point] = met.get(point, 0) + count
    return max(met.values(), default=0)

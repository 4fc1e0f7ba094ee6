"""Rules between escort pools and the regimes that call on them, and regimes that never do what they say."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime

from sim.scenario.components import components_of
from sim.scenario.conduct import Pool, Regime
from sim.scenario.fields import Dated, Moment, Quantity
from sim.scenario.problem import Fault, Path
from sim.scenario.schema import Root

KINDS = (("import", "imports"), ("inland", "inland"))
Span = tuple[float, float]


def pool_notes(root: Root) -> Iterator[Fault]:
    """Iterate over escorts that a regime may take and that no pool ever has, and over pools kept from their corridors.

    Both are allowed, since one strategy serves scenarios with different pools.
    """
    for kind, key in KINDS:
        corridors = [name for name, corridor in root.corridors.items() if corridor.kind == kind]
        for position, regime in enumerate(getattr(root.strategy, key)):
            for rank, component in enumerate(regime.may):
                pools = _sending(root, component)
                place = ("strategy", key, str(position), "may", str(rank))
                if corridors and not any(serves(pool, name) for pool in pools for name in corridors):
                    yield Fault(f"no pool has {component} units for {kind} corridors: they never come", at=place)
    if root.strategy.allocation != "shares":
        return
    for name, pool in root.escorts.pools.items():
        for position, corridor in enumerate(pool.serves):
            if not _most(root.strategy.shares.get(corridor)):
                wrong = f"{corridor} has no weight in strategy.shares: no unit of this pool goes there"
                yield Fault(wrong, at=("escorts", "pools", name, "serves", str(position)))


def quotas(units: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Return how many units of a pool each corridor may have out under allocation by shares: largest remainders first.

    The corridors stand in order of name, which decides between equal remainders.
    """
    whole = math.fsum(weights.values())
    if whole <= 0.0:
        return dict.fromkeys(weights, 0)
    quota = {name: math.floor(units * weight / whole) for name, weight in weights.items()}
    left = units - sum(quota.values())
    for name in sorted(quota, key=lambda name: (quota[name] * whole - units * weights[name], name))[:left]:
        quota[name] += 1
    return quota


def component_faults(regime: Regime, path: Path) -> Iterator[Fault]:
    """Iterate over components named twice; one of those between which a convoy may choose may also come beside."""
    before: set[str] = set()
    for place in ("must", "may"):
        for rank, entry in enumerate(getattr(regime, place)):
            if before.intersection(names := entry.split(" | ")):
                at = (*path, place, str(rank))
                yield Fault("a component named twice", entry, "each once, in 'must' or in 'may'", at)
            before.update(names)
        before = set(regime.must)


def allocation_faults(root: Root) -> Iterator[Fault]:
    """Iterate over faults of the lists that an allocation goes by."""
    strategy = root.strategy
    wanted = {"priority": bool(strategy.priority), "shares": any(map(_most, strategy.shares.values()))}
    if not wanted.get(strategy.allocation, True):
        expected = f"'{strategy.allocation}' naming one corridor or more"
        yield Fault("an allocation without its list", strategy.allocation, expected, ("strategy", "allocation"))
    if strategy.allocation == "priority":
        yield from _listed(root, strategy.priority, ("strategy", "priority"))
    if strategy.allocation == "shares":
        for name in strategy.shares:
            yield from _convoyless(root, name, ("strategy", "shares", name))


def serving_faults(root: Root) -> Iterator[Fault]:
    """Iterate over corridors that a pool serves and that have no convoys."""
    for name, pool in root.escorts.pools.items():
        yield from _listed(root, pool.serves, ("escorts", "pools", name, "serves"))


def _listed(root: Root, names: list[str], path: Path) -> Iterator[Fault]:
    for position, name in enumerate(names):
        yield from _convoyless(root, name, (*path, str(position)))


def _convoyless(root: Root, name: str, place: Path) -> Iterator[Fault]:
    corridor = root.corridors.get(name)
    if corridor is not None and corridor.kind == "exogenous":
        yield Fault("a corridor without convoys", name, "an import or inland corridor", place)


def never_faults(root: Root, start: datetime, key: str, position: int, corridor: str) -> Iterator[Fault]:
    """Iterate over the escorts that a corridor's convoys must have and cannot have, whatever is drawn."""
    regimes: list[Regime] = getattr(root.strategy, key)
    regime = regimes[position]
    if not regime.must or not any(open_.most for _, open_ in root.corridors[corridor].open.entries):
        return
    after = regimes[position + 1].from_ if position + 1 < len(regimes) else None
    span = _span(regime.from_, after, start)
    known = components_of(root.escorts).keys()
    if any(pool.component not in known for pool in root.escorts.pools.values()):
        return  # it is told already of what pool
    for rank, component in enumerate(regime.must):
        names = component.split(" | ")
        if not known >= set(names):
            continue  # it is told already that this is no component
        sending = [pool for name in names for pool in _sending(root, name)]
        serving = [pool for pool in sending if serves(pool, corridor)]
        at = ("strategy", key, str(position), "must", str(rank))
        counts = [(pool, _counts(pool, start, span)) for pool in serving]
        if not any(any(count) for _, count in counts):
            expected = f"a pool of {component} units that serves {corridor}"
            expected += " while the regime holds" if serving else ""
            yield Fault("an escort that never comes", component, expected, at)
        elif root.strategy.allocation == "shares" and not any(_lends(root, corridor, *pair) for pair in counts):
            given = f"{component}: the share of {corridor} never comes to a unit"
            expected = f"a weight of {corridor} in strategy.shares that makes one unit, or {component} under 'may'"
            yield Fault("an escort that never comes", given, expected, at)


def _lends(root: Root, corridor: str, pool: Pool, counts: set[int]) -> bool:
    """Say whether a pool may ever lend a unit to a corridor under allocation by shares; yes where draws decide."""
    shares = root.strategy.shares
    if not _most(shares.get(corridor)):
        return False
    served = sorted(name for name in root.corridors if serves(pool, name))
    stated = {name: shares.get(name) for name in served}
    if any(weight is not None and weight.low is not None for weight in stated.values()):
        return True
    weights = {name: 0.0 if weight is None else weight.value for name, weight in stated.items()}
    return any(quotas(count, weights)[corridor] for count in counts)


def serves(pool: Pool, corridor: str) -> bool:
    """Say whether a pool serves a corridor: those that it names, or all."""
    return not pool.serves or corridor in pool.serves


def _sending(root: Root, component: str) -> list[Pool]:
    """Return the pools of a component that ever have a unit that can leave: aircraft that never fly cannot."""
    ground = components_of(root.escorts)[component].ground
    return [
        pool
        for pool in root.escorts.pools.values()
        if pool.component == component
        and any(number.most for _, number in pool.units.entries)
        and (ground or pool.availability.most)
    ]


def _counts(pool: Pool, start: datetime, span: Span) -> set[int]:
    """Return the numbers of units that a pool may have at some time of a span."""
    numbers = values_in(pool.units, start, span)
    return {k for number in numbers for k in range(math.floor(number.least + 0.5), math.floor(number.most + 0.5) + 1)}


def values_in(dated: Dated, start: datetime, span: Span) -> Iterator[Quantity]:
    """Iterate over the values of a number by date that may hold at some time of a span, whatever is drawn."""
    later = [since for since, _ in dated.entries[1:]]
    for (since, number), after in zip(dated.entries, [*later, None], strict=True):
        first, last = _span(since, after, start)
        if first < span[1] and last > span[0]:
            yield number


def _span(since: Moment | None, until: Moment | None, start: datetime) -> Span:
    """Return the longest time between two moments, whatever is drawn."""
    return -math.inf if since is None else since.earliest(start), math.inf if until is None else until.latest(start)


def _most(number: Quantity | None) -> float:
    return 0.0 if number is None else number.most


def regime_notes(root: Root) -> Iterator[Fault]:
    """Iterate over regimes under which no convoy gathers, only one leaves, or nobody goes alone though allowed."""
    start = root.start.on(datetime.min)
    longest = (root.end.on(start) - start).days * 24.0 + root.warmup.value
    for kind, key in KINDS:
        most = _gathering(root, kind)
        for position, regime in enumerate(getattr(root.strategy, key)):
            path = ("strategy", key, str(position))
            if 0 < most < regime.min.least and regime.longest_wait.least >= longest:
                wrong = f"no convoy ever gathers: {most} tankers at most meet at a point, and longest_wait is "
                wrong += f"{regime.longest_wait.text}, longer than the run"
                yield Fault(wrong, regime.min.text, at=(*path, "min"))
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

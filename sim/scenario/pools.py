"""Rules between escort pools and the strategy that calls on them: who may go with whom, and what contradicts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime

from sim.scenario.conduct import COMPONENTS, Pool, Regime
from sim.scenario.fields import Moment, Quantity
from sim.scenario.problem import Fault, Path
from sim.scenario.schema import Root

KINDS = (("import", "imports"), ("inland", "inland"))
Span = tuple[float, float]


def way_rules(root: Root, start: datetime, kind: str, key: str) -> Iterator[Iterator[Fault]]:
    """Iterate over the rules on the escorts of a kind of corridors; each gives its faults for itself."""
    for position in range(len(getattr(root.strategy, key))):
        yield _component_faults(root, key, position)
        for name, corridor in root.corridors.items():
            if corridor.kind == kind:
                yield _never_faults(root, start, key, position, name)


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
                if corridors and not any(_serves(pool, name) for pool in pools for name in corridors):
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


def _component_faults(root: Root, key: str, position: int) -> Iterator[Fault]:
    """Iterate over components named twice; one of those between which a convoy may choose may also come beside."""
    regime: Regime = getattr(root.strategy, key)[position]
    before: set[str] = set()
    for rank, entry in enumerate(regime.must):
        if before.intersection(entry.split(" | ")):
            yield _twice(entry, ("strategy", key, str(position), "must", str(rank)))
        before.update(entry.split(" | "))
    before = set(regime.must)
    for rank, component in enumerate(regime.may):
        if component in before:
            yield _twice(component, ("strategy", key, str(position), "may", str(rank)))
        before.add(component)


def _twice(component: str, path: Path) -> Fault:
    return Fault("a component named twice", component, "each once, in 'must' or in 'may'", path)


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


def _never_faults(root: Root, start: datetime, key: str, position: int, corridor: str) -> Iterator[Fault]:
    """Iterate over the escorts that a corridor's convoys must have and cannot have, whatever is drawn."""
    regimes: list[Regime] = getattr(root.strategy, key)
    regime = regimes[position]
    if not regime.must or not any(_most(open_) for _, open_ in root.corridors[corridor].open.entries):
        return
    after = regimes[position + 1].from_ if position + 1 < len(regimes) else None
    span = _span(regime.from_, after, start)
    for rank, component in enumerate(regime.must):
        names = component.split(" | ")
        if not set(names) <= set(COMPONENTS):
            continue  # it is told already that this is no component
        sending = [pool for one in names for pool in _sending(root, one)]
        serving = [pool for pool in sending if _serves(pool, corridor)]
        at = ("strategy", key, str(position), "must", str(rank))
        counts = [(pool, _counts(pool, start, span)) for pool in serving]
        if not any(_some(count) for _, count in counts):
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
    served = sorted(name for name in root.corridors if _serves(pool, name))
    given = {name: shares.get(name) for name in served}
    if any(weight is not None and weight.low is not None for weight in given.values()):
        return True
    weights = {name: 0.0 if weight is None else weight.value for name, weight in given.items()}
    return any(quotas(count, weights)[corridor] for count in counts)


def _serves(pool: Pool, corridor: str) -> bool:
    return not pool.serves or corridor in pool.serves


def _sending(root: Root, component: str) -> list[Pool]:
    """Return the pools of a component that ever have a unit that can leave: aircraft that never fly cannot."""
    return [
        pool
        for pool in root.escorts.pools.values()
        if pool.component == component
        and any(_most(number) for _, number in pool.units.entries)
        and (component != "air" or _most(pool.availability))
    ]


def _some(counts: set[int]) -> bool:
    return any(count > 0 for count in counts)


def _counts(pool: Pool, start: datetime, span: Span) -> set[int]:
    """Return the numbers of units that a pool may have at some time of a span."""
    entries = pool.units.entries
    found: set[int] = set()
    for (since, number), after in zip(entries, [*(later for later, _ in entries[1:]), None], strict=True):
        first, last = _span(since, after, start)
        if first < span[1] and last > span[0]:
            found.update(_range(number))
    return found


def _range(number: Quantity) -> range:
    low, high = (number.value if end is None else end for end in (number.low, number.high))
    return range(math.floor(low + 0.5), math.floor(high + 0.5) + 1)


def _span(since: Moment | None, until: Moment | None, start: datetime) -> Span:
    """Return the longest time between two moments, whatever is drawn."""
    first, last = -math.inf, math.inf
    if since is not None:
        value, low, _ = since.hours(start)
        first = value if low is None else low
    if until is not None:
        value, _, high = until.hours(start)
        last = value if high is None else high
    return first, last


def _most(number: Quantity | None) -> float:
    return 0.0 if number is None else max(number.value, number.high or 0.0)

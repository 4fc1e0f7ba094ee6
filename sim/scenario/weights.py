"""Shares that do not add up to 1: they are taken in proportion, which is hardly meant."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime

from sim.scenario.fields import Dated
from sim.scenario.problem import Fault, some
from sim.scenario.schema import Root

ROUNDING = 0.005
"""How far a sum may be off."""
PROPORTION, ALONE = "they are taken in proportion", "it is taken as 1"


def weight_notes(root: Root) -> Iterator[Fault]:
    """Iterate over sets of shares whose sum is not 1: those of the towns, and those of corridors to the same towns.

    Shares by date are meant as they stand if they add up to 1 on one of their dates: a what-if may add a corridor.
    """
    towns = [town.share.value for town in root.towns.values()]
    if _off(sums := [math.fsum(towns)]):
        yield Fault(f"the shares of the towns add up to {sums[0]:.4g}, not 1: {PROPORTION}", at=("towns",))
    for kinds in (("import", "exogenous"), ("inland",)):
        for names in _groups(root, kinds):
            sums = _sums([root.corridors[name].share for name in names], root.start.on(datetime.min))
            told = f"the shares of {some(names)} add up to {sums[0]:.4g}, not 1: {PROPORTION}"
            if len(names) == 1:
                told = f"the share of {names[0]} is {sums[0]:.4g}, not 1, and no other serves its towns: {ALONE}"
            if _off(sums):
                yield Fault(told, at=("corridors",))


def _off(sums: list[float]) -> bool:
    """Say whether shares add up to 1 on no date."""
    return sums[0] > 0.0 and not any(abs(one - 1.0) <= ROUNDING for one in sums)


def _groups(root: Root, kinds: tuple[str, ...]) -> list[list[str]]:
    """Return the corridors of some kinds in groups that have no town in common."""
    groups: list[tuple[list[str], set[str]]] = []
    for name, corridor in root.corridors.items():
        if corridor.kind in kinds:
            names, towns = [name], set(corridor.serves)
            apart = []
            for group in groups:
                if towns.isdisjoint(group[1]):
                    apart.append(group)
                else:
                    names, towns = [*group[0], *names], towns | group[1]
            groups = [*apart, (names, towns)]
    return [names for names, _ in groups]


def _sums(shares: list[Dated], start: datetime) -> list[float]:
    """Return the sums of shares by date: at the start, and at each date of an entry."""
    dates = {since.hours(start)[0] for dated in shares for since, _ in dated.entries if since is not None}
    return [math.fsum(_at(dated, hour, start) for dated in shares) for hour in (0.0, *sorted(dates))]


def _at(dated: Dated, hour: float, start: datetime) -> float:
    held = [number for since, number in dated.entries if since is None or since.hours(start)[0] <= hour]
    return (held or [dated.entries[0][1]])[-1].value

"""What happened in each town: need met, the day on which half of its stations were shut, the lowest cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.results.measures import column_of
from sim.view.bands import measured
from sim.view.table import band_head, ends_of, grid, paragraphs
from sim.view.words import counted, describe, number, percent

if TYPE_CHECKING:
    from sim.view.bands import Band
    from sim.view.source import Viewed

FULL = 0.995
"""Need met that counts as all of it."""
CALM = "By town: in each, need was met in full, and half of the stations or more were open every day."


class Town(NamedTuple):
    """A town's measures over replications; ``shut`` is the first day with under half of its stations open."""

    name: str
    met: Band
    shut: Band
    cover: Band


def by_town(run: Viewed) -> str:
    """Say of each town in which something happened what did, the worst off first; one sentence if in none.

    Something happened where need met is under 99.5 % in the mean, or half of the stations were shut in some
    replication.
    """
    towns = _towns(run)
    found = [town for town in towns if town.shut.came or town.met.mean < FULL]
    if not found:
        return paragraphs([CALM])
    count, start = len(run.measures), run.scenario.start
    wide = count > 1
    share, day = (describe(kind, start, run.scenario.end) for kind in ("need_met", "half_shut"))
    rows = []
    for name, met, shut, cover in sorted(found, key=lambda town: (town.met.mean, town.name)):
        row = [name, percent(met.mean)]
        if wide:
            row += [ends_of(met, share, start), f"{shut.came} of {shut.total}"]
        row.append(day.text(shut.median, start))
        if wide:
            row.append(ends_of(shut, day, start))
        rows.append([*row, number(cover.mean)])
    spread = band_head(count)
    heads = ["need met", spread, "half shut in", "half of runs by", spread] if wide else ["need met", "half shut"]
    notes = [
        f"Half shut: first day with under half of the town's stations open with {run.scenario.root.lead}"
        f"{'; its dates are those by which so many of all runs have it' if wide else ''}. Lowest cover: days of use in "
        f"depot and stations{', mean' if wide else ''}."
    ]
    if left := len(towns) - len(found):
        others = counted(str(left), "other town")
        notes.append(f"{others}: need met in full, half of the stations or more open every day.")
    return f"{grid(['By town', *heads, 'lowest cover'], rows)}\n{paragraphs(notes)}"


def _towns(run: Viewed) -> list[Town]:
    """Towns that need fuel, in the scenario's order."""
    held, kinds = run.measures, ("need_met", "half_shut", "lowest_cover")
    days = (run.scenario.end - run.scenario.start).days
    names = [name for name in run.scenario.root.towns if column_of("half_shut", name) in held]
    return [Town(name, *(measured(held, column_of(kind, name), days) for kind in kinds)) for name in names]

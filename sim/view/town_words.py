"""What happened in each town, and what kept the fuel of one that went short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.results.measures import column_of
from sim.results.run import Run
from sim.scenario.places import Corridor
from sim.view.bands import Band, measured
from sim.view.run_findings import FULL, days_of
from sim.view.table import band_head, ends_of, grid, paragraphs
from sim.view.words import CAUSE_WORDS, CAUSES, counted, describe, listed, long_date, number, on_day, percent

CALM = "By town: in each, need was met in full, and half of the stations or more were open every day."


class Town(NamedTuple):
    """A town's measures over replications; ``shut`` is the first day with under half of its stations open."""

    name: str
    met: Band
    shut: Band
    cover: Band


def by_town(run: Run) -> str:
    """Say of each town in which something happened what did, the worst off first; one sentence if in none.

    Something happened where need met is under 99.5 % in the mean, or half of the stations were shut in some
    replication.
    """
    towns = _towns(run)
    troubled = [town for town in towns if town.shut.came or town.met.mean < FULL]
    if not troubled:
        return paragraphs([CALM])
    count, start = len(run.measures), run.scenario.start
    wide = count > 1
    share, day = (describe(kind, start, run.scenario.end) for kind in ("need_met", "half_shut"))
    rows = []
    for name, met, shut, cover in sorted(troubled, key=lambda town: (town.met.mean, town.name)):
        need = [ends_of(met, share), f"{shut.came} of {shut.total}"] * wide
        half = [day.centre(shut), *[ends_of(shut, day)] * wide]
        rows.append([name, percent(met.mean), *need, *half, number(cover.mean)])
    spread = band_head(count)
    heads = ["need met", spread, "half shut in", "half of runs by", spread] if wide else ["need met", "half shut"]
    notes = [
        f"Half shut: first day with under half of the town's stations open with {run.scenario.root.lead}"
        f"{'; its dates are those by which so many of all runs have it' if wide else ''}. Lowest cover: days of use in "
        f"depot and stations{', mean' if wide else ''}."
    ]
    if rest := len(towns) - len(troubled):
        others = counted(str(rest), "other town")
        notes.append(f"{others}: need met in full, half of the stations or more open every day.")
    return f"{grid(['By town', *heads, 'lowest cover'], rows)}\n{paragraphs(notes)}"


def _towns(run: Run) -> list[Town]:
    """Towns that need fuel, in the scenario's order."""
    measures, days, kinds = run.measures, days_of(run), ("need_met", "half_shut", "lowest_cover")
    names = [name for name in run.scenario.root.towns if column_of("half_shut", name) in measures]
    return [Town(name, *(measured(measures, column_of(kind, name), days) for kind in kinds)) for name in names]


HARDLY = 0.05
"""A share of the loads asked for that is too small to tell."""
WAIT = 1.0
"""Tankers that wait as many days, for each load asked for, are told."""
MOST = 3
"""So many corridors are told at most, those of which most was asked."""
COUNTED = ("ordered", "lost", "short", "no_tanker", "no_crew")


def why_short(run: Run, town: str) -> str:
    """Say in a few words what kept the loads of a town's corridors, over all replications.

    Shares are of the loads asked of a corridor day by day, for all the towns that it serves: what is not sent on a day
    is asked for again on the next.
    """
    serving = {name: corridor for name, corridor in run.scenario.root.corridors.items() if town in corridor.serves}
    blockade = _blockade(run, town)
    if not serving:
        return f"{blockade}No corridor serves it"
    waiting = [f"waiting_{cause}" for cause in CAUSES]
    sums = run.sums("flows", ["corridor"], [*COUNTED, *waiting], corridor=[*serving])
    rows = {str(name): row for name, row in sums.to_dict("index").items()}
    order = sorted(rows, key=lambda name: (-rows[name]["ordered"], name))
    parts = [f"'{name}' ({_kept(run, serving[name], rows[name])})" for name in order[:MOST]]
    if len(order) > MOST:
        parts.append(f"{len(order) - MOST} more")
    return f"{blockade}Served by {listed(parts)}"


def _blockade(run: Run, town: str) -> str:
    """Tell of the strictest blockade of the town in the run; empty if there is none."""
    start, end = run.scenario.start, run.scenario.end
    hours = (end - start).total_seconds() / 3600.0
    steps_of = run.scenario.root.towns[town].blockade.entries
    steps = [(0.0 if at is None else at.hours(start)[0], step.value) for at, step in steps_of]
    last = max((k for k, (at, _) in enumerate(steps) if at <= 0.0), default=0)
    shares = [(share, max(at, 0.0)) for at, share in steps[last:] if at < hours and share < 1.0]
    if not shares:
        return ""
    share, at = min(shares)
    since = f" from {long_date(on_day(start, at / 24.0))}" if at > 0.0 else ""
    return f"Its blockade lets in about {percent(share)} of deliveries{since}. "


def _kept(run: Run, corridor: Corridor, sums: Mapping[Any, float]) -> str:
    """Say what kept the loads of a corridor."""
    ordered = sums["ordered"]
    if corridor.kind == "exogenous":
        return "an inflow as the scenario states it"
    if not ordered:
        return "nothing was asked of it"
    idle = sums["short"] - sums["no_tanker"] - sums["no_crew"]
    kept = [
        (idle, _idle(run, corridor)),
        (sums["no_tanker"], "no tanker was free"),
        (sums["no_crew"], "no crew was free"),
        (sums["lost"], "tankers were lost"),
    ]
    reasons = [(count / ordered, words) for count, words in sorted(kept, reverse=True) if count >= HARDLY * ordered]
    of = " of the loads asked for day by day"
    parts = [f"{words} for {percent(share)}{of * (k == 0)}" for k, (share, words) in enumerate(reasons)]
    wait, cause = max((sums[f"waiting_{cause}"], cause) for cause in CAUSES)
    if wait >= WAIT * ordered:
        days = number(wait / len(run.measures))
        parts.append(f"its tankers were held longest by {CAUSE_WORDS[cause]}, {days} tanker-days")
    return ", ".join(parts) or "hardly a load was kept back"


def _idle(run: Run, corridor: Corridor) -> str:
    """Say what a load lacked that had a tanker and a crew."""
    root = run.scenario.root
    if corridor.kind == "import" or corridor.terminal is None:
        return "the terminal did not load or the road was closed"
    first = ", which is served first," if root.inland.policy == "hub first" else ""
    closed = " or the road was closed" if any(share.value < 1.0 for _, share in corridor.open.entries) else ""
    return f"{root.terminals[corridor.terminal].town}{first} had no fuel to spare{closed}"

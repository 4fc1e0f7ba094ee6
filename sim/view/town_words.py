"""What happened in each town, and what kept the fuel of one that went short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.language import mark, say, say_counted
from sim.results.measures import column_of
from sim.results.run import Run
from sim.scenario.places import Corridor
from sim.view.bands import Band, measured
from sim.view.run_findings import FULL, days_of
from sim.view.table import band_head, ends_of, grid, paragraphs
from sim.view.words import CAUSE_WORDS, CAUSES, counted, describe, listed, long_date, number, on_day, percent

CALM = mark("By town: in each, need was met in full, and half of the stations or more were open every day.")


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
        return paragraphs([say(CALM)])
    count, start = len(run.measures), run.scenario.start
    wide = count > 1
    share, day = (describe(kind, start, run.scenario.end) for kind in ("need_met", "half_shut"))
    rows = []
    for name, met, shut, cover in sorted(troubled, key=lambda town: (town.met.mean, town.name)):
        need = [ends_of(met, share), say("{count} of {total}", count=shut.came, total=shut.total)] * wide
        half = [day.centre(shut), *[ends_of(shut, day)] * wide]
        rows.append([name, percent(met.mean), *need, *half, number(cover.mean)])
    spread = band_head(count)
    product = say(run.scenario.root.lead)
    if wide:
        heads = [say("need met"), spread, say("half shut in"), say("half of runs by"), spread]
        note = say(
            "Half shut: first day with under half of the town's stations open with {product}; its dates are those by "
            "which so many of all runs have it. Lowest cover: days of use in depot and stations, mean.",
            product=product,
        )
    else:
        heads = [say("need met"), say("half shut")]
        note = say(
            "Half shut: first day with under half of the town's stations open with {product}. Lowest cover: days of "
            "use in depot and stations.",
            product=product,
        )
    notes = [note]
    if rest := len(towns) - len(troubled):
        notes.append(
            say_counted(
                "{count} other town: need met in full, half of the stations or more open every day.",
                "{count} other towns: need met in full, half of the stations or more open every day.",
                rest,
                count=rest,
            )
        )
    return f"{grid([say('By town'), *heads, say('lowest cover')], rows)}\n{paragraphs(notes)}"


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
        return f"{blockade}{say('No corridor serves it')}"
    waiting = [f"waiting_{cause}" for cause in CAUSES]
    sums = run.sums("flows", ["corridor"], [*COUNTED, *waiting], corridor=[*serving])
    rows = {str(name): row for name, row in sums.to_dict("index").items()}
    order = sorted(rows, key=lambda name: (-rows[name]["ordered"], name))
    parts = [
        say("'{corridor}' ({reason})", corridor=say(name), reason=_kept(run, serving[name], rows[name]))
        for name in order[:MOST]
    ]
    if len(order) > MOST:
        parts.append(say("{count} more", count=len(order) - MOST))
    return f"{blockade}{say('Served by {corridors}', corridors=listed(parts))}"


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
    if at <= 0.0:
        return say("Its blockade lets in about {share} of deliveries.", share=percent(share)) + " "
    since = long_date(on_day(start, at / 24.0))
    return say("Its blockade lets in about {share} of deliveries from {date}.", share=percent(share), date=since) + " "


def _kept(run: Run, corridor: Corridor, sums: Mapping[Any, float]) -> str:
    """Say what kept the loads of a corridor."""
    ordered = sums["ordered"]
    if corridor.kind == "exogenous":
        return say("an inflow as the scenario states it")
    if not ordered:
        return say("nothing was asked of it")
    idle = sums["short"] - sums["no_tanker"] - sums["no_crew"]
    kept = [
        (idle, _idle(run, corridor)),
        (sums["no_tanker"], say("no tanker was free")),
        (sums["no_crew"], say("no crew was free")),
        (sums["lost"], say("tankers were lost")),
    ]
    reasons = [(count / ordered, words) for count, words in sorted(kept, reverse=True) if count >= HARDLY * ordered]
    parts = [
        say("{reason} for {share}", reason=words, share=percent(share))
        if k
        else say("{reason} for {share} of the loads asked for day by day", reason=words, share=percent(share))
        for k, (share, words) in enumerate(reasons)
    ]
    wait, cause = max((sums[f"waiting_{cause}"], cause) for cause in CAUSES)
    if wait >= WAIT * ordered:
        days = counted(number(wait / len(run.measures)), "tanker-day")
        parts.append(say("its tankers were held longest by {cause}, {days}", cause=say(CAUSE_WORDS[cause]), days=days))
    return ", ".join(parts) or say("hardly a load was kept back")


def _idle(run: Run, corridor: Corridor) -> str:
    """Say what a load lacked that had a tanker and a crew."""
    root = run.scenario.root
    if corridor.kind == "import" or corridor.terminal is None:
        return say("the terminal did not load or the road was closed")
    town = root.terminals[corridor.terminal].town
    closed = any(share.value < 1.0 for _, share in corridor.open.entries)
    if root.inland.policy == "hub first":
        text = say("{town}, which is served first, had no fuel to spare", town=town)
    else:
        text = say("{town} had no fuel to spare", town=town)
    return say("{reason} or the road was closed", reason=text) if closed else text

"""The short answer to a run, in words and a few tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.language import mark, say
from sim.results.measures import column_of, dated, kind
from sim.results.run import Run
from sim.results.variance import TOO_FEW, UNTOLD
from sim.view.bands import Band, band, measured
from sim.view.record_words import record
from sim.view.run_findings import FULL, days_of, first_shortage, pump_products, shortage_words, spells, worst_town
from sim.view.study_words import CAVEAT, first_look, page, run_opening
from sim.view.table import STARRED, band_head, defined_in, ends_of, grid, paragraphs, spread_words, starred, where
from sim.view.town_words import by_town, why_short
from sim.view.words import describe, percent, spelled

APART = 0.01
"""Need met and share sold that differ by more than this are explained."""
SHARES = mark(
    "Luck: ambushes and days drawn differently with the same parameters; ignorance: parameters drawn from their "
    "ranges. Shares of the variance; {too_few}."
)
SHOWN = (
    "convoys_escorted", "share_escorted", "ambushes_met", "ambushes_sprung", "roadblocks", "tankers_lost",
    "tankers_taken", "largest_loss", "crews_killed", "waiting_loading", "waiting_closed", "waiting_refusal",
    "waiting_escort", "waiting_rule", "waiting_customs", "waiting_unloading", "short_of_tankers",
)  # fmt: skip
AFTER = (
    "worst_town_need_met", "days_half_closed", "longest_dry_spell", "lowest_cover", "power_hours", "escort_cost",
    "household_cost",
)  # fmt: skip


def run_answer(run: Run, figures: Sequence[Path] | None = ()) -> str:
    """Say what happened, how sure that is, how it compares with the record and what bound when.

    Parameters
    ----------
    run
        A run with the tables ``measures``, ``towns``, ``flows`` and ``binding``.
    figures
        Figures that were stored, to say where they are.

    Returns
    -------
    str
        Plain text without colour, no line longer than `sim.view.width` says.
    """
    return page(
        paragraphs(run_opening(run)),
        paragraphs([*_shortage(run), _stations(run), *_worst(run)]),
        _measures(run),
        by_town(run),
        record(run),
        _binding(run),
        where(run.folder, figures),
        f"{paragraphs([say(CAVEAT)])}\n",
    )


def _shortage(run: Run) -> list[str]:
    start, hub = run.scenario.start, run.scenario.root.hub
    bands = {product: first_shortage(run, hub, product) for product in pump_products(run)}
    lines = [f"{shortage_words(hub, product, short, start, run.scenario.end)}." for product, short in bands.items()]
    if any(short.came for short in bands.values()):
        lines[-1] += " " + say("Short: a day with sales under 80 % of what was wanted.")
    return lines


def _stations(run: Run) -> str:
    hub = run.scenario.root.hub
    bands = {name: band(run.measures[name]) for name in ("days_half_closed", "longest_dry_spell", "lowest_cover")}
    closed, dry, lowest = (
        describe(name).text(spread.mean, unit=True) + spread_words(spread, describe(name))
        for name, spread in bands.items()
    )
    if not bands["days_half_closed"].high:
        return say(
            "Half of {town}'s stations or more were open every day; cover fell to {cover} at its lowest.",
            town=hub,
            cover=lowest,
        )
    if not bands["longest_dry_spell"].high:
        spell = say("there was no dry spell")
    else:
        spell = say("the longest dry spell (under a tenth open) lasted {days}", days=dry)
    return say(
        "Under half of {town}'s stations were open on {days}; {spell}; cover fell to {cover} at its lowest.",
        town=hub,
        days=closed,
        spell=spell,
        cover=lowest,
    )


def _worst(run: Run) -> list[str]:
    worst = worst_town(run)
    if worst is None:
        return []
    town, times, met = worst
    if not times:
        short = any(first_shortage(run, run.scenario.root.hub, product).came for product in pump_products(run))
        if short:
            return [say("Every town's need was met in full, from people's own tanks where pumps ran short.")]
        return [say("Every town's need was met in full.")]
    values = {"town": town, "times": times, "total": met.total, "why": why_short(run, town)}
    if met.mean >= FULL:
        least = percent(run.measures[column_of("need_met", town)].min())
        return [
            say(
                "On average every town's need was met in full; {town}'s was not in {times} of {total} replications "
                "({least} at the lowest). {why}.",
                **values,
                least=least,
            )
        ]
    share = percent(met.mean)
    if not met.wide:
        return [say("Worst-off town: {town}; {share} of its need was met. {why}.", **values, share=share)]
    return [
        say(
            "Worst-off town: {town} in {times} of {total} replications; {share} of its need was met{spread}. {why}.",
            **values,
            share=share,
            spread=spread_words(met, describe("need_met")),
        )
    ]


def _names(run: Run) -> list[str]:
    """Measures of the first table in order, without those that are zero in every replication."""
    table = run.measures
    imports = [*sorted(name for name in map(str, table) if kind(name) == "imports"), "imports_total"]
    pumps = [name for pair in _pumps(run) for name in pair]
    names = ["first_shortage", *imports, *SHOWN, *pumps, *AFTER]
    return [name for name in names if name in table and table[name].fillna(0).any()]


def _pumps(run: Run) -> list[tuple[str, str]]:
    """Need met and sold of what was wanted of each pump product in the hub."""
    hub, products = run.scenario.root.hub, pump_products(run)
    return [(column_of("need_met", hub, product), column_of("fill_rate", hub, product)) for product in products]


def _measures(run: Run) -> str:
    start, count, parted = run.scenario.start, len(run.measures), run.variance
    wide, split = count > 1, parted if parted is not None and parted["clear"].any() else None
    bands = {name: measured(run.measures, name, days_of(run)) for name in _names(run)}
    rows = []
    for name, level in bands.items():
        measure = describe(name, start, run.scenario.end)
        defined = defined_in(level) if wide else ""
        row = [f"{measure.heading} ({defined})" if defined else measure.heading]
        row += [measure.centre(level), *[ends_of(level, measure)] * wide]
        if split is not None:
            clear = name in split.index and bool(split["clear"][name])
            row += [percent(float(split[part][name])) if clear else "–" for part in ("luck", "ignorance")]
        rows.append(row)
    for row, heading in zip(rows, spelled([row[0] for row in rows]), strict=True):
        row[0] = heading
    heads = [say("Measure"), *([say("mean"), band_head(count)] if wide else [say("value")])]
    heads += [say("luck"), say("ignorance")] * (split is not None)
    before = [] if split is None else [say(SHARES, too_few=say(TOO_FEW))]
    after = []
    if wide and any(map(dated, bands)):
        after.append(say("Mean over the replications; of a date, the day by which half of all have it."))
    elif wide:
        after.append(say("Mean over the replications."))
    if any(starred(level) for level in bands.values()):
        after.append(say(STARRED))
    if parted is not None and split is None:
        why = say(UNTOLD)
        after.append(say("How much of the spread is luck and how much ignorance of the parameters: {why}.", why=why))
    after += _clarified(run, bands)
    after += first_look(count)
    return "\n".join(filter(None, (paragraphs(before), grid(heads, rows, prose=(0,)), paragraphs(after))))


def _clarified(run: Run, bands: Mapping[str, Band]) -> list[str]:
    """Say why need met and sales of the same product, or the worst-off towns, seem not to agree."""
    parts = []
    if any(met in bands and sold in bands and bands[sold].mean < bands[met].mean - APART for met, sold in _pumps(run)):
        parts.append(
            say(
                "Need met is what people burned (they draw on their own tanks); sold of what was wanted counts what "
                "they wanted to buy."
            )
        )
    worst = worst_town(run)
    if worst is not None and worst[1] < len(run.measures) and "worst_town_need_met" in bands:
        parts.append(say("The worst-off town differs by replication."))
    return [" ".join(parts)] if parts else []


def _binding(run: Run) -> str:
    wide = len(run.measures) > 1
    lines = [
        "  " + say("{dates}: {causes}", dates=spell.dates, causes=spell.words) + (f", {spell.often}" if wide else "")
        for spell in spells(run)
    ]
    return paragraphs([say("What bound, by weeks (blocks of seven days from the start):"), *lines], "    ")

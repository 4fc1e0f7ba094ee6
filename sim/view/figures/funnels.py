"""From ambushes laid to tankers lost: how many are met, detected, deterred, and become an attack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.language import mark, say, say_counted
from sim.results.run import Run
from sim.study.comparison import Comparison
from sim.view.bands import Band, band, band_name
from sim.view.figures import figure
from sim.view.figures.parts import (
    HATCH_WIDTH,
    as_shown,
    behind,
    finished,
    headed,
    losses_words,
    made_on,
    rowed,
    sentences,
    whisker,
)
from sim.view.figures.sides import Side, basis, first_of, rows, sides
from sim.view.style import INK, LOSS, PANEL, SMALL, TEXT, TINY, Chart, Look, canvas, frame, on_slides
from sim.view.words import number, percent, range_words

Stage = tuple[str, str, Look]
AMBUSHES: tuple[Stage, ...] = (
    ("ambushes_laid", mark("laid"), Look("#c9c9c9")),
    ("ambushes_met", mark("met by tankers"), Look("#8fb4d6")),
)
MEETINGS: tuple[Stage, ...] = (
    ("ambushes_let_pass", mark("let pass, no interest"), Look("#e8eef4")),
    ("ambushes_detected", mark("detected, convoy halts"), Look("#e8eef4", hatch="\\\\\\\\")),
    ("ambushes_deterred", mark("deterred, no attack"), Look("#e8eef4", hatch="....")),
    ("ambushes_sprung", mark("sprung, an attack"), Look("#e69f00", hatch="////")),
)
LOST = "tankers_lost"
TANKERS: tuple[Stage, ...] = ((LOST, mark("lost"), Look(LOSS)),)
COLUMNS = {
    "ambushes_laid": mark("Ambushes\nlaid"),
    "ambushes_met": mark("Ambushes\nmet"),
    "ambushes_let_pass": mark("Meetings\nlet pass"),
    "ambushes_detected": mark("Meetings\ndetected"),
    "ambushes_deterred": mark("Meetings\ndeterred"),
    "ambushes_sprung": mark("Meetings\nsprung"),
    LOST: mark("Tankers\nlost"),
}
ROOM, ROOM_BESIDE = 1.28, 1.42
"""Length of an axis relative to its longest bar or whisker, for the numbers written behind it; in a column."""


@figure("funnel", "Run")
def funnel(run: Run) -> Chart:
    """Draw ambushes laid and met, meetings let pass, detected, deterred and sprung, and the tankers lost in them.

    Bars are means over replications, whiskers the 5 to 95 % band; both are written beside the bar.  Tankers have an
    axis of their own.

    Parameters
    ----------
    run
        A run with the table ``measures``.
    """
    levels = {name: band(run.measures[name]) for name, _, _ in (*AMBUSHES, *MEETINGS, *TANKERS)}
    longest = max(1.0, *(levels[name].high for name, _, _ in (*AMBUSHES, *MEETINGS)))
    chart = canvas(3.9)
    grid = chart.add_gridspec(3, 1, height_ratios=[2, 4, 1.1])
    ambushes = chart.add_subplot(grid[0])
    meetings = chart.add_subplot(grid[1], sharex=ambushes)
    _bars(meetings, MEETINGS, levels, say("Meetings of tankers with an ambush"), longest)
    _bars(ambushes, AMBUSHES, levels, say("Ambushes"), longest)
    ambushes.tick_params(labelbottom=False)
    _bars(chart.add_subplot(grid[2]), TANKERS, levels, say("Tankers"), max(1.0, levels[LOST].high))
    return finished(chart, _title(levels), _reading(run), made_on(run, band_name(len(run.measures))))


def _bars(axes: Axes, stages: Sequence[Stage], levels: Mapping[str, Band], title: str, longest: float) -> None:
    axes.set_xlim(0, ROOM * longest)
    for row, (name, _, look) in enumerate(stages):
        level = levels[name]
        axes.barh(
            row, level.mean, height=0.66, color=look.colour, hatch=look.hatch, edgecolor=INK, linewidth=0.6,
            hatch_linewidth=HATCH_WIDTH, label=name,
        )  # fmt: skip
        words = number(level.mean)
        if level.wide:
            axes.plot([level.low, level.high], [row, row], color=INK, linewidth=1.1, marker="|", markersize=6)
            ends = range_words(number(level.low), number(level.high))
            words = say("{mean}  ({band}: {ends})", mean=words, band=level.name, ends=ends)
        behind(axes, words, level, row, 6, fontsize=SMALL)
    frame(axes, title=title)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    rowed(axes, len(stages), [say(label) for _, label, _ in stages], fontsize=TEXT)


def _title(levels: Mapping[str, Band]) -> str:
    if not levels["ambushes_met"].high:
        return say("No convoy meets an ambush") if levels["ambushes_laid"].high else say("No ambush is laid")
    share = levels["ambushes_sprung"].mean / sum(levels[name].mean for name, _, _ in MEETINGS)
    return say(
        "{share} of the meetings with an ambush become an attack; {losses}",
        share=percent(share),
        losses=losses_words(levels[LOST]),
    )


def _reading(run: Run) -> str:
    count = len(run.measures)
    return sentences(
        say("Bars: means of {count} replications; whiskers: {band}.", count=number(count), band=band_name(count))
        if count > 1
        else say("One replication."),
        say("Whole run."),
        say(
            "An ambush that lets tankers pass or is deterred stays and may be met again, so there can be more meetings "
            "than ambushes met."
        ),
    )


@figure("funnels", "Comparison")
def funnels(comparison: Comparison) -> Chart:
    """Draw ambushes laid and met, how meetings went, and tankers lost: a column a stage, a row an alternative.

    Bars are means over replications, whiskers the 5 to 95 % band.  Ambushes and meetings share an axis, so that a row
    reads as a funnel; tankers have their own.
    """
    alternatives = sides(comparison)
    levels = {stage: {side.name: band(side.measures[stage]) for side in alternatives} for stage in COLUMNS}
    longest = max(1.0, *(level.high for stage in COLUMNS if stage != LOST for level in levels[stage].values()))
    lost = max(1.0, *(level.high for level in levels[LOST].values()))
    chart = canvas(1.15 + 0.3 * max(len(alternatives), 3))
    grid = chart.add_gridspec(1, len(COLUMNS))
    for place, (stage, title) in enumerate(COLUMNS.items()):
        axes = chart.add_subplot(grid[place])
        _column(axes, alternatives, levels[stage])
        axes.set_xlim(0, ROOM_BESIDE * (lost if stage == LOST else longest))
        frame(axes)
        axes.set_title(say(title), loc="left", fontsize=TINY - 0.2 if on_slides() else PANEL, color=INK, pad=3)
        axes.tick_params(labelsize=TINY)
        rows(axes, alternatives, named=not place)
    title = headed(comparison.count, _sides_title(alternatives, levels))
    return finished(chart, title, _sides_reading(comparison), basis(comparison))


def _column(axes: Axes, alternatives: Sequence[Side], levels: Mapping[str, Band]) -> None:
    for row, side in enumerate(alternatives):
        level, look = levels[side.name], side.look
        axes.barh(
            row, level.mean, height=0.6, color=look.colour, hatch=look.hatch, edgecolor=INK if look.edge else "white",
            linewidth=0.0, hatch_linewidth=HATCH_WIDTH, label=side.name,
        )  # fmt: skip
        whisker(axes, level, row)
        behind(axes, number(level.mean), level, row, 4, fontsize=TINY)
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))


def _sides_title(alternatives: Sequence[Side], levels: Mapping[str, Mapping[str, Band]]) -> str:
    laid = [level.mean for level in levels["ambushes_laid"].values()]
    if not max(level.high for level in levels["ambushes_laid"].values()):
        return say("No ambush is laid under any alternative")
    lost = {side.said: levels[LOST][side.name].mean for side in alternatives}
    few, many = min(lost.values()), max(lost.values())
    first = alternatives[0].measures["ambushes_laid"]
    same = all(side.measures["ambushes_laid"].equals(first) for side in alternatives)
    ends = range_words(number(min(laid)), number(max(laid)))
    ambushes = (
        say_counted("the same {count} ambush", "the same {count} ambushes", 1.0 if ends == "1" else 2.0, count=ends)
        if same
        else say_counted("{count} ambush", "{count} ambushes", 1.0 if ends == "1" else 2.0, count=ends)
    )
    best, worst = ([said for said, mean in lost.items() if number(mean) == number(end)] for end in (few, many))
    if number(few) == number(many):
        return say_counted(
            "From {ambushes}, {few} tanker is lost under every alternative",
            "From {ambushes}, {few} tankers are lost under every alternative",
            as_shown(few), ambushes=ambushes, few=number(few),
        )  # fmt: skip
    return say_counted(
        "From {ambushes}, {few} tanker is lost with {first} and {many} with {last}",
        "From {ambushes}, {few} tankers are lost with {first} and {many} with {last}",
        as_shown(few), ambushes=ambushes, few=number(few), first=first_of(best), many=number(many),
        last=first_of(worst),
    )  # fmt: skip


def _sides_reading(comparison: Comparison) -> str:
    count = comparison.count
    return sentences(
        say("Bars and numbers: means over the whole run; whiskers: {band}.", band=band_name(count))
        if count > 1
        else "",
        say("The first six columns share a scale."),
        say("An ambush that lets tankers pass or is deterred stays and may be met again."),
    )

"""From ambushes laid to tankers lost: how many are met, detected, deterred, and become an attack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.results.run import Run
from sim.study.comparison import Comparison
from sim.view.bands import Band, band, band_name
from sim.view.figures import figure
from sim.view.figures.parts import HATCH_WIDTH, behind, finished, losses_words, rowed, whisker
from sim.view.figures.sides import Side, basis, first_of, rows, sides
from sim.view.study_words import made_words
from sim.view.style import INK, LOSS, PANEL, SMALL, TEXT, TINY, Chart, Look, canvas, frame
from sim.view.words import counted, is_are, number, range_words

Stage = tuple[str, str, Look]
AMBUSHES: tuple[Stage, ...] = (
    ("ambushes_laid", "laid", Look("#c9c9c9")),
    ("ambushes_met", "met by a convoy", Look("#8fb4d6")),
)
MEETINGS: tuple[Stage, ...] = (
    ("ambushes_detected", "detected, convoy halts", Look("#e8eef4", hatch="\\\\\\\\")),
    ("ambushes_deterred", "deterred, no attack", Look("#e8eef4", hatch="....")),
    ("ambushes_sprung", "sprung, an attack", Look("#e69f00", hatch="////")),
)
LOST = "tankers_lost"
TANKERS: tuple[Stage, ...] = ((LOST, "lost", Look(LOSS)),)
COLUMNS = {
    "ambushes_laid": "Ambushes\nlaid",
    "ambushes_met": "Ambushes\nmet by a convoy",
    "ambushes_detected": "Meetings\ndetected",
    "ambushes_deterred": "Meetings\ndeterred",
    "ambushes_sprung": "Meetings sprung,\nan attack",
    LOST: "Tankers\nlost",
}
ROOM, ROOM_BESIDE = 1.28, 1.42
"""Length of an axis relative to its longest bar or whisker, for the numbers written behind it; in a column."""


@figure("funnel", "Run")
def funnel(run: Run) -> Chart:
    """Draw ambushes laid, met, detected, deterred and sprung, and the tankers lost in them.

    Bars are means over replications, whiskers the 5 to 95 % band; both are written beside the bar.  Tankers have an
    axis of their own.

    Parameters
    ----------
    run
        A run with the table ``measures``.
    """
    levels = {name: band(run.measures[name]) for name, _, _ in (*AMBUSHES, *MEETINGS, *TANKERS)}
    longest = max(1.0, *(levels[name].high for name, _, _ in (*AMBUSHES, *MEETINGS)))
    chart = canvas(3.6)
    grid = chart.add_gridspec(3, 1, height_ratios=[2, 3, 1.1])
    ambushes = chart.add_subplot(grid[0])
    meetings = chart.add_subplot(grid[1], sharex=ambushes)
    _bars(meetings, MEETINGS, levels, "Meetings of a convoy with an ambush", longest)
    _bars(ambushes, AMBUSHES, levels, "Ambushes", longest)
    ambushes.tick_params(labelbottom=False)
    _bars(chart.add_subplot(grid[2]), TANKERS, levels, "Tankers", max(1.0, levels[LOST].high))
    return finished(chart, _title(levels), _detail(run))


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
            words += f"  ({level.name}: {range_words(number(level.low), number(level.high))})"
        behind(axes, words, level, row, 6, fontsize=SMALL)
    frame(axes, title=title)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    rowed(axes, len(stages), [label for _, label, _ in stages], fontsize=TEXT)


def _title(levels: Mapping[str, Band]) -> str:
    if not levels["ambushes_met"].high:
        return "No convoy meets an ambush" if levels["ambushes_laid"].high else "No ambush is laid"
    share = levels["ambushes_sprung"].mean / sum(levels[name].mean for name, _, _ in MEETINGS)
    return f"{100 * share:.0f} % of the meetings with an ambush become an attack; {losses_words(levels[LOST])}"


def _detail(run: Run) -> str:
    count = len(run.measures)
    spread = f"Bars: means of {count} replications; whiskers: {band_name(count)}." if count > 1 else "One replication."
    return (
        f"{spread} Whole run. A deterred ambush stays and may be met again, so there can be more meetings than "
        f"ambushes met. {made_words(run)}"
    )


@figure("funnels", "Comparison")
def funnels(comparison: Comparison) -> Chart:
    """Draw ambushes laid, met, detected, deterred and sprung and tankers lost: a column a stage, a row an alternative.

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
        axes.set_title(title, loc="left", fontsize=PANEL, color=INK, pad=3)
        axes.tick_params(labelsize=TINY)
        rows(axes, alternatives, named=not place)
    return finished(chart, _sides_title(alternatives, levels), _sides_detail(comparison))


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
        return "No ambush is laid under any alternative"
    lost = {side.said: levels[LOST][side.name].mean for side in alternatives}
    few, many = min(lost.values()), max(lost.values())
    first = alternatives[0].measures["ambushes_laid"]
    same = "the same " if all(side.measures["ambushes_laid"].equals(first) for side in alternatives) else ""
    ends = range_words(number(min(laid)), number(max(laid)))
    start = f"From {same}{counted(ends, 'ambush', 'ambushes')}"
    losses = f"{counted(number(few), 'tanker')} {is_are(number(few))}"
    if number(few) == number(many):
        return f"{start}, {losses} lost under every alternative"
    best, worst = ([said for said, mean in lost.items() if number(mean) == number(end)] for end in (few, many))
    return f"{start}, {losses} lost with {first_of(best)} and {number(many)} with {first_of(worst)}"


def _sides_detail(comparison: Comparison) -> str:
    count = len(comparison.of[comparison.baseline])
    bars = f"Bars and numbers: means over the whole run; whiskers: {band_name(count)}." if count > 1 else ""
    return basis(
        comparison,
        f"{bars} The first five columns share a scale. A deterred ambush stays and may be met again.".strip(),
    )

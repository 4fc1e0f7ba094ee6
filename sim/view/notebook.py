"""What a verb returned as a notebook shows it: the answer in a few sentences, a small figure, the first table.

The rest of the answer is folded away under them.  Text takes the colours of the page around it, light or dark.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import sim.view as plot
from sim.errors import ViewError
from sim.language import language, say
from sim.scenario.describe import bases, grades
from sim.scenario.load import Scenario
from sim.scenario.problem import legible
from sim.study.replicate import Events
from sim.view.answers import Study, told
from sim.view.blocks import Block, Prose, Sheet, blocks
from sim.view.day import Day
from sim.view.figures.parts import zero
from sim.view.sketch import sketch
from sim.view.story import story, story_words
from sim.view.study_words import laid_on, made_of
from sim.view.style import INK
from sim.view.table import grid, paragraphs
from sim.view.words import SCOPES, counted, long_date, number, percent, range_words

if TYPE_CHECKING:
    from sim.view.style import Chart

FIGURES: Final[Mapping[str, Callable[[Any], Chart]]] = {
    "Run": lambda run: plot.stock(run),
    "Comparison": lambda comparison: plot.by_strategy(comparison),
    "Sweep": lambda sweep: (plot.winners if len(sweep.alternatives) > 1 else plot.levels)(sweep),
    "BreakEven": lambda curve: plot.break_even(curve),
    "Calibration": lambda fit: plot.facts_of_calibration(fit),
    "Validation": lambda study: plot.facts_of_validation(study),
    "Sensitivity": lambda study: plot.sensitivity(study),
    "Events": lambda events: story(events),
    "Day": lambda day: _marked(plot.stock(day.run), day),
}
"""By class of an outcome, the figure that is shown with it."""
DOTS: Final = 110
"""Dots per inch of a figure."""
BOX: Final = "max-width:58em;line-height:1.45"
RULE: Final = "1px solid rgba(128,128,128,.45)"
TALL: Final = "22em"
"""Height over which a table is scrolled."""
CELL: Final = "padding:.15em .7em;vertical-align:top"
SHORT: Final = 32
"""Letters up to which what stands in a cell is not broken."""


def html(outcome: Scenario | Study, *, pictured: bool = True) -> str:
    """Return what a notebook shows of an outcome, as HTML without scripts; all text in it is escaped.

    Parameters
    ----------
    outcome
        A scenario, or what `sim.told` tells of.
    pictured
        Whether with its figure.
    """
    rest: list[Block] = []
    if isinstance(outcome, Scenario):
        first = blocks(_scenario, outcome)
    elif isinstance(outcome, Events):
        first = blocks(story_words, outcome)
    else:
        first, rest = _parted(blocks(told, outcome))
    drawn = [picture(outcome)] if pictured else []
    place = next((k for k, block in enumerate(first) if isinstance(block, Sheet)), len(first))
    parts = [_prose(first[0], title=True), *map(_block, first[1:place]), *drawn, *map(_block, first[place:])]
    if rest[:-1] or any(isinstance(block, Sheet) for block in rest):
        summary = escape(say("More of the answer"))
        parts.append(f"<details><summary>{summary}</summary>{''.join(map(_block, rest))}</details>")
    elif rest:
        parts.append(_block(rest[0]))
    return f'<div class="convoi" lang="{language()}" style="{BOX}">{"".join(parts)}</div>'


def _parted(answer: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """Return what is shown at once, up to the first table and what is said under it, and the rest.

    What is said last, of what is not measured, is always shown.
    """
    place = next((k for k, block in enumerate(answer) if isinstance(block, Sheet)), len(answer))
    end = place + 1
    while end < len(answer) and isinstance(answer[end], Prose):
        end += 1
    rest = [*answer[end:]]
    last = [rest.pop()] if rest and isinstance(rest[-1], Prose) else []
    return [*answer[:end], *last], rest


def _block(block: Block) -> str:
    return _prose(block) if isinstance(block, Prose) else _table(block)


def _prose(block: Block, *, title: bool = False) -> str:
    """Return paragraphs; lines that begin with two spaces are a list under the line before them."""
    assert isinstance(block, Prose)
    parts, items = [], list[str]()
    for place, text in enumerate(block.lines):
        if text.startswith("  "):
            items.append(f"<li>{_text(text)}</li>")
            continue
        if items:
            parts.append(f"<ul>{''.join(items)}</ul>")
            items = []
        words = _text(text)
        if title and not place and block.lines[1:]:
            words = f"<strong>{words}</strong>"
        parts.append(f"<p>{words}</p>")
    return "".join([*parts, f"<ul>{''.join(items)}</ul>" if items else ""])


def _table(sheet: Sheet) -> str:
    sides = ["right" if k in sheet.right else "left" for k in range(len(sheet.heads))]

    def row(tag: str, cells: Sequence[str], line: str = "") -> str:
        made = (
            f'<{tag} style="text-align:{side};{CELL};white-space:{_breaks(tag, cell)}">{_text(cell)}</{tag}>'
            for side, cell in zip(sides, cells, strict=True)
        )
        return f'<tr style="background:none;{line}">{"".join(made)}</tr>'

    body = "".join(row("td", cells) for cells in sheet.rows)
    head = row("th", sheet.heads, f"border-bottom:{RULE}")
    table = f'<table style="border-collapse:collapse;margin:0"><thead>{head}</thead><tbody>{body}</tbody></table>'
    return f'<div style="overflow:auto;max-height:{TALL};margin:.6em 0" tabindex="0">{table}</div>'


def _breaks(tag: str, cell: str) -> str:
    return "nowrap" if tag == "td" and len(cell) < SHORT else "normal"


def _text(text: str) -> str:
    return escape(legible(" ".join(text.split())))


def picture(outcome: Scenario | Study) -> str:
    """Return the figure of an outcome as an image with its finding as text; of a scenario its map."""
    if isinstance(outcome, Scenario):
        return sketch(outcome)
    try:
        chart = FIGURES[type(outcome).__name__](outcome)
    except ViewError as reason:
        return f"<p><em>{_text(str(reason))}</em></p>"
    with BytesIO() as stream:
        chart.savefig(stream, format="png", dpi=DOTS, metadata={"Software": None})
        data = b64encode(stream.getvalue()).decode("ascii")
    finding = _text(chart.get_suptitle())
    look = "display:block;max-width:100%;width:40em;background:white"
    return f'<img src="data:image/png;base64,{data}" alt="{finding}" style="{look}">'


def _marked(chart: Chart, day: Day) -> Chart:
    """Return a figure with a line at the middle of a day in every panel over time."""
    for axes in chart.axes[1:-1]:
        axes.axvline(zero(day.run.scenario.start) + day.day + 0.5, color=INK, linewidth=1.2)
    return chart


def _scenario(scenario: Scenario) -> None:
    """Set what a scenario is: when, how much is in it, what is laid on it, and what its numbers rest on."""
    root, rows = scenario.root, bases(scenario)
    start, last = scenario.start.date(), (scenario.end - timedelta(days=1)).date()
    imports = sum(corridor.kind == "import" for corridor in root.corridors.values())
    count, share = grades(rows)["assumption"]
    paragraphs(
        [
            say(root.title),
            *filter(None, [root.note]),
            say(
                "{days}, {scope}. {towns} with stations, the first of them {hub}; {corridors}, {imports} of them from "
                "abroad; {zones}.",
                days=range_words(f"{long_date(start)} {start.year}", f"{long_date(last)} {last.year}"),
                scope=say(SCOPES[root.scope]),
                towns=counted(number(len(root.towns)), "town"),
                hub=root.hub,
                corridors=counted(number(len(root.corridors)), "corridor"),
                imports=number(imports),
                zones=counted(number(len(root.zones)), "zone of threat", "zones of threat"),
            ),
            made_of(scenario, laid_on(scenario, scenario.laid)),
            say(
                "{count} of {total} numbers ({share}) are assumptions: each has a reason, nobody published it.",
                count=number(count),
                total=number(len(rows)),
                share=percent(share),
            ),
        ]
    )
    heads = [say("What the numbers rest on"), say("numbers"), say("share")]
    grid(heads, [[say(grade), number(size), percent(part)] for grade, (size, part) in grades(rows).items() if size])

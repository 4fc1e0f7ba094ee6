"""What is on record beside the model: a row a fact, with both on a line of its own scale."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from markupsafe import Markup

from sim.language import say
from sim.results.run import Run
from sim.view.blocks import Prose, Sheet, blocks
from sim.view.record_words import RecordLine, beside, changed_words, compare_record, not_asked, tally_words
from sim.view.words import apart

TONES = {"holds": "holds", "missed": "missed"}
WIDE, HIGH = 180.0, 26.0
"""Size of a row's picture."""
EDGE = 8.0
"""Room left and right of what is drawn."""


@dataclass(frozen=True)
class Row:
    """Texts of a fact, the last its verdict, with the picture before that and the verdict's style."""

    cells: tuple[str, ...]
    picture: Markup
    tone: str


@dataclass(frozen=True)
class Facts:
    """The table of facts: how many hold, heads and rows, when one holds, and what the pictures show."""

    finding: str
    heads: tuple[str, ...]
    rule: str
    right: frozenset[int]
    rows: tuple[Row, ...]
    drawn: str


def facts_of(run: Run) -> list[Facts | Prose]:
    """Return the record beside a run that stands for what happened, or why it is not set beside it."""
    root = run.scenario.root
    if not root.documented:
        return [Prose((say("The scenario has nothing on record."),))]
    if not root.record:
        return [Prose((say("Not set beside the record: {why}.", why=changed_words(run)),))]
    lines = compare_record(run)
    parts: list[Facts | Prose] = []
    if lines:
        parts += _table(run, lines)
    rest = [say("Not asked, {why}: {names}.", why=why, names=apart(names)) for why, names in not_asked(run).items()]
    return [*parts, *([Prose(tuple(rest))] if rest else [])]


def _table(run: Run, lines: list[RecordLine]) -> list[Facts | Prose]:
    table, *after = blocks(beside, run, lines)
    assert isinstance(table, Sheet)
    rows = tuple(
        Row(cells, picture(line), TONES.get(line.verdict, "")) for cells, line in zip(table.rows, lines, strict=True)
    )
    heads = (*table.heads[:-1], say("both on one scale"), table.heads[-1])
    drawn = say(
        "Grey bar: what is documented, with its range; blue line: the model's band, with its mean, or for dates the "
        "day by which half of all runs have it. Each row has a scale of its own."
    )
    banded = any(line.model.wide for line in lines)
    rule = say("holds: documented range and model's band share a value, be it at one end alone") if banded else ""
    facts = Facts(tally_words(lines), heads, rule, table.right, rows, drawn)
    return [facts, *(part for part in after if isinstance(part, Prose))]


def picture(line: RecordLine) -> Markup:
    """Draw what is documented and the model's band on one scale; without words, which the row has."""
    figure, model = line.stated, line.model
    middle = model.median if figure.value is None or not isfinite(model.mean) else model.mean
    values = [figure.low, figure.high, model.low, model.high, middle]
    known = [value for value in values if isfinite(value)]
    if not isfinite(middle) or not known:
        return Markup("")
    low, high = min(known), max(known)
    scale = (WIDE - 2 * EDGE) / ((high - low) or 1.0)

    def x(value: float) -> float:
        bounded = min(max(value, low), high)
        return round(EDGE + scale * (bounded - low), 1) if high > low else WIDE / 2

    left, right = (x(end) for end in (figure.low, figure.high))
    start, end = (x(value) for value in (model.low, model.high))
    bar = f'<rect x="{left:g}" y="3" width="{max(right - left, 3):g}" height="8" fill="var(--soft)" opacity=".55"/>'
    if figure.value is not None:
        bar += f'<path d="M{x(figure.value):g},1V13" stroke="var(--ink)" stroke-width="2"/>'
    band = f'<path d="M{start:g},19H{end:g}" stroke="var(--accent)" stroke-width="4"/>'
    dot = f'<circle cx="{x(middle):g}" cy="19" r="5" fill="var(--accent)" stroke="var(--paper)"/>'
    return Markup(f'<svg class="strip" viewBox="0 0 {WIDE:g} {HIGH:g}" aria-hidden="true">{bar}{band}{dot}</svg>')

"""The explorer's answer as HTML: words first, then figures, then tables; whatever users wrote is escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from threading import Lock
from typing import Final

from sim.errors import ConvoiError
from sim.language import say
from sim.results.run import Run
from sim.scenario.problem import legible
from sim.study.comparison import Comparison
from sim.study.explore import Look, State
from sim.view.blocks import Block, Prose, Sheet, blocks
from sim.view.compare_answer import comparison_answer
from sim.view.explore.words import older_words, progress_words, refusal_lines
from sim.view.figures import figures_of
from sim.view.run_answer import run_answer
from sim.view.style import Chart

FIGURES: Final = ("stock-by-strategy", "stock-HUB", "dry-share", "forest", "waiting")
"""Figures that are shown, by the names under which they are declared."""

_DRAWING: Final = Lock()
"""Matplotlib draws for one thread at a time; two tabs are two threads."""


@dataclass(frozen=True)
class Answer:
    """What is said of a look, as HTML: words first, then tables; and the first sentence as text."""

    words: str
    tables: str
    lead: str


def answer(look: Look, before: str = "") -> Answer:
    """Return the answer to a state: how far it is, what came out, how sure that is; then the tables.

    ``before`` is the first sentence of what was asked before, if it was another.
    """
    opening, lines, main, rest = _parts(look.outcome)
    first, *others = lines
    earlier = [say("Before: {answer}", answer=before)] if before else []
    words = (
        '<section class="convoi-answer" aria-live="polite">'
        f"{_paragraphs([progress_words(look)], 'convoi-progress')}"
        f"<h1>{_text(opening[0])}</h1>{_paragraphs([first], 'convoi-lead')}"
        f"{_paragraphs(earlier, 'convoi-before')}{_paragraphs(others)}"
        f"{_paragraphs(opening[1:], 'convoi-asked')}</section>"
    )
    whole = f"<details><summary>{_text(say('The whole answer'))}</summary>{_html(rest)}</details>"
    return Answer(words, f"<section>{_html(main)}</section>{whole}", first)


def awaited(before: str = "") -> str:
    """Return what stands in place of an answer until its first look: that it comes, and the one before."""
    coming = say("Running the first replications …")
    told = f'<section role="status">{_paragraphs([coming], "convoi-progress")}</section>'
    return f'{told}<div class="convoi-older">{_paragraphs([before], "convoi-lead")}</div>' if before else told


def pictures(outcome: Run | Comparison) -> Iterator[str]:
    """Iterate over the figures of a study, drawn one after another."""
    for name in FIGURES:
        for entry in figures_of(outcome):
            if entry.name == name and (arguments := entry.arguments(outcome)) is not None:
                with _DRAWING:
                    picture = _picture(entry.draw(*arguments))
                yield picture


def figures(drawn: str, seen: int, newer: int) -> str:
    """Return figures that show so many replications, beside words that speak of as many or more.

    Figures of fewer are marked as such; in place of none it is said that they follow.
    """
    if seen == newer:
        return drawn
    told = _paragraphs([older_words(seen)], "convoi-progress")
    return f'<section class="convoi-older" role="status">{told}{drawn}</section>'


def refusal(error: ConvoiError) -> str:
    """Return what is said of choices that do not go together."""
    first, *lines = refusal_lines(error)
    items = "".join(f"<li>{_text(line)}</li>" for line in lines)
    lead = _paragraphs([first], "convoi-lead")
    return f'<section class="convoi-answer" role="alert">{lead}<ul>{items}</ul></section>'


def command(state: State) -> str:
    """Return the field from which the command of a state is copied."""
    told = _paragraphs([say("Copy as command: it gives the same numbers.")])
    code = f'<div class="codehilite"><pre><code>{_text(state.command())}</code></pre></div>'
    copied = f'<p class="convoi-copied" role="status">{_text(say("Copied."))}</p>'
    aside = _paragraphs([say("On a narrow screen the choices are behind the sign above.")], "convoi-narrow")
    return f'{aside}<section class="convoi-command">{told}{code}{copied}</section>'


def notes(texts: Iterable[str]) -> str:
    """Return notes on what was asked, such as what changes nothing; empty if there are none."""
    items = "".join(f"<li>{_text(text)}</li>" for text in texts)
    return f'<section class="convoi-notes"><h2>{_text(say("Notes"))}</h2><ul>{items}</ul></section>' if items else ""


def _parts(outcome: Run | Comparison) -> tuple[Sequence[str], Sequence[str], list[Block], list[Block]]:
    """Return the opening, the answer's sentences, the main table with its notes, and what else is said."""
    if isinstance(outcome, Comparison):
        opening, words, *rest = blocks(comparison_answer, outcome, figures=None)
    else:
        opening, words, *rest = blocks(run_answer, outcome, figures=None)
    assert isinstance(opening, Prose) and isinstance(words, Prose)
    place = next(k for k, block in enumerate(rest) if isinstance(block, Sheet))
    end = place + 1 + (len(rest) > place + 1 and isinstance(rest[place + 1], Prose))
    return opening.lines, words.lines, rest[:end], rest[end:]


def _html(parts: Iterable[Block]) -> str:
    return "".join(_table(part) if isinstance(part, Sheet) else _paragraphs(part.lines) for part in parts)


def _paragraphs(lines: Iterable[str], kind: str = "convoi-text") -> str:
    return "".join(f'<p class="{kind}">{_text(line)}</p>' for line in lines)


def _table(sheet: Sheet) -> str:
    def cells(row: Sequence[str], head: bool) -> str:
        made = []
        for k, text in enumerate(row):
            tag, scope = ("th", ' scope="col"') if head else ("th", ' scope="row"') if k == 0 else ("td", "")
            side = ' class="convoi-right"' if k in sheet.right else ""
            made.append(f"<{tag}{scope}{side}>{_text(text)}</{tag}>")
        return f"<tr>{''.join(made)}</tr>"

    body = "".join(cells(row, False) for row in sheet.rows)
    return (
        f'<div class="convoi-scroll" tabindex="0"><table><thead>{cells(sheet.heads, True)}</thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _picture(chart: Chart) -> str:
    file = BytesIO()
    chart.savefig(file, format="png", metadata={"Software": None})
    titles = [chart.get_suptitle(), *(axes.get_title(loc=side) for axes in chart.axes for side in ("left", "center"))]
    told = " ".join(next(filter(None, titles), "").split())
    source = b64encode(file.getvalue()).decode()
    return f'<figure class="convoi-figure"><img src="data:image/png;base64,{source}" alt="{_text(told)}"></figure>'


def _text(text: str) -> str:
    return escape(legible(text))

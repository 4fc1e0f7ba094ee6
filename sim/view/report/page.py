"""The page as a whole: its sections, its look, what runs in it, and the policy that lets nothing else run."""

from __future__ import annotations

import re
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim import __version__
from sim.language import language, points, say
from sim.results.run import Run
from sim.study.break_even import BreakEven
from sim.study.comparison import Comparison
from sim.view.replay import replay_parts
from sim.view.report.chart import Chart
from sim.view.report.compare_page import comparison_sections
from sim.view.report.lead import comparison_lead, run_lead
from sim.view.report.marks import style_sheet, swatch
from sim.view.report.own import study_mark
from sim.view.report.run_page import run_sections
from sim.view.report.script import HERE, charts_script, data, licences, policy, safe_in_script
from sim.view.report.sections import Section, links
from sim.view.words import unbroken

PARENTHESES: Final = 24
"""Letters of parentheses that a line does not part; a phone has room for that."""
FONT: Final = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
LOOK: Final[dict[str, Any]] = {
    "background": None,
    "font": FONT,
    "padding": 2,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink)", "titleColor": "var(--soft)", "gridColor": "var(--line)",
        "domainColor": "var(--soft)", "tickColor": "var(--soft)", "labelFontSize": 11, "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "text": {"fill": "var(--ink)", "fontSize": 11},
}  # fmt: skip
"""How charts look, in the colours of the style sheet, so that they follow day, night and print."""


def page(outcome: Run | Comparison, break_even: BreakEven | None = None) -> str:
    """Return the page of a run or a comparison as HTML."""
    if isinstance(outcome, Run):
        lead, sections, title = run_lead(outcome), run_sections(outcome), say(outcome.scenario.root.title)
    else:
        lead, sections = comparison_lead(outcome), comparison_sections(outcome, break_even)
        title = say(outcome.alternatives[0].scenario.root.title)
    replay = replay_parts(outcome)
    if replay is not None:
        place = next(k for k, section in enumerate(sections) if section.name == "evidence")
        sections.insert(place, Section("replay", say("The replay"), (replay.html,)))
    charts = [part for section in sections for part in section.parts if isinstance(part, Chart)]
    colours = {colour for chart in charts for colour in chart.colours}
    styles = [Markup(text) for text in ((HERE / "page.css").read_text("utf-8"), style_sheet(colours))]
    scripts = [Markup(text) for text in (charts_script(), (HERE / "page.js").read_text("utf-8"))]
    if replay is not None:
        styles.append(Markup(replay.css))
        scripts.append(Markup(safe_in_script(replay.js)))
    return (
        _environment()
        .get_template("page.html")
        .render(
            lang=language(),
            version=__version__,
            study=study_mark(outcome.manifest),
            title=title,
            lead=lead,
            links=links(sections),
            sections=sections,
            words=_words(),
            styles=styles,
            scripts=scripts,
            policy=policy(scripts, styles),
            licences=licences(),
            swatch=swatch,
            kind_of=lambda part: type(part).__name__,
            alt=_alternative,
            page_data=data(_data(charts)),
            replay=replay is not None,
            replay_data=data(replay.data) if replay is not None else "",
        )
    )


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True,
        finalize=set_in_type,
    )  # fmt: skip


def set_in_type(value: Any) -> Any:
    """Return a text as a page sets it: lines break neither before a unit nor in a range; cubic metres have their sign.

    Markup stays as it is, and so does what one may copy and type.
    """
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    joined = re.sub(r"(?<=\w)–(?=\d)|(?<=\N{NO-BREAK SPACE})–", "–\N{WORD JOINER}", unbroken(value, PARENTHESES))
    return re.sub(r"\bm3\b", "m³", joined)


def _alternative(chart: Chart) -> str:
    """Say what a chart shows to who does not see it."""
    return say(
        "{finding}. {drawn} The table under the chart has the numbers.", finding=chart.finding, drawn=chart.drawn
    )


def _data(charts: list[Chart]) -> dict[str, Any]:
    """Return what the page's script draws and says."""
    signs = {"decimal": points("."), "thousands": points(","), "grouping": [3], "currency": ["", ""]}
    return {
        "charts": {
            chart.name: {"spec": chart.spec, "panels": [panel.data for panel in chart.panels]} for chart in charts
        },
        "config": LOOK,
        "formatLocale": signs,
        "words": {
            "matches": say("Numbers that match: {count}", count="{count}"),
            "undrawn": say("This chart could not be drawn; the table under it has the same numbers."),
        },
    }  # fmt: skip


def _words() -> dict[str, str]:
    """Return what the template itself says."""
    return {
        "skip": say("To the answer"),
        "contents": say("Contents"),
        "numbers": say("The numbers as a table"),
        "search": say("Search all numbers"),
        "noscript": say("Without JavaScript the charts are not drawn; the table under each has its numbers."),
        "made": say("Made by Convoi {version}. This page needs no network.", version=__version__),
        "licences": say("Licences of the software that draws the charts"),
    }

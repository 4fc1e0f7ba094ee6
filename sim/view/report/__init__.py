"""The report of a study: one page that stands alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.results.run import Run
    from sim.study.break_even import BreakEven
    from sim.study.comparison import Comparison


def write_report(outcome: Run | Comparison, path: Path, break_even: BreakEven | None = None) -> Path:
    """Write the page of a run or a comparison to a file, and return its path."""
    from jinja2 import Environment, StrictUndefined

    from sim.language import language
    from sim.view.answers import told
    from sim.view.break_even_answer import break_even_answer

    answer = told(outcome) + ("" if break_even is None else break_even_answer(break_even))
    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(
        '<!doctype html><html lang="{{ lang }}"><meta charset="utf-8"><title>{{ title }}</title>'
        "<pre>{{ answer }}</pre></html>\n"
    )
    path.write_text(page.render(lang=language(), title=outcome.manifest["title"], answer=answer), encoding="utf-8")
    return path

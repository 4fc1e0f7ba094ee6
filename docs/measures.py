"""Write the tables of measures in docs/measures.md from what is declared of them in sim/results/measures.

Use: python docs/measures.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from sim.results.measures.definition import DEFINITIONS, Definition
from sim.results.measures.waiting import CAUSES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "measures.md"
SECTIONS = {
    "Fuel": ("imports", "people", "power"),
    "Stations and shortage": ("stations",),
    "Convoys, ambushes, losses": ("convoys",),
    "Waiting on import corridors": ("waiting",),
    "What bound": ("binding",),
    "Escorts and cost": ("escorts",),
    "Measures with a date": ("dated", "waiting"),
}
"""By heading: the subjects whose measures its table holds, those of a date in the last."""
WORDS = {
    (): "",
    ("town",): ".TOWN",
    ("town", "product"): ".HUB.PRODUCT",
    ("user",): ".USER",
    ("month",): ".YYYY-MM",
    ("date",): ".DATE",
}
UNITS = {"%": "share", "date": "day"}
TABLE = r"(?<=\n### {}\n\n)(?P<before>(?:(?!\||#).*\n)*)(?:\|.*\n)+"
"""What comes between a heading and its first table, and the table."""


def page(text: str) -> str:
    """Return the page with its tables of measures made anew."""
    for heading in SECTIONS:
        table = "".join(f"{line}\n" for line in _table(heading))
        text, count = re.subn(TABLE.format(heading), lambda match, rows=table: match["before"] + rows, text)
        assert count == 1, heading
    return text


def _table(heading: str) -> Iterator[str]:
    yield from ("| measure | unit | definition |", "|---|---|---|")
    dated = heading == "Measures with a date"
    declared = [
        definition
        for subject in SECTIONS[heading]
        for definition in DEFINITIONS
        if definition.subject == subject and (definition.of == ("date",)) is dated
    ]
    for (of, meaning), alike in groupby(declared, key=lambda definition: (definition.of, definition.meaning)):
        first, *others = alike
        kind = re.sub("|".join(CAUSES), "CAUSE", first.kind, count=1) if others else first.kind
        ending = f"; CAUSE is {', '.join(CAUSES[:-1])} or {CAUSES[-1]}" if others else ""
        yield f"| `{kind}{WORDS[of]}` | {_unit(first)} | {meaning}{ending} |"


def _unit(definition: Definition) -> str:
    return UNITS.get(definition.unit, definition.unit) or definition.counts


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

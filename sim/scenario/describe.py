"""A scenario in words: what was written, what each number rests on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario.entries import DEFAULT
from sim.scenario.load import Scenario
from sim.scenario.moment import Moment
from sim.scenario.number import KEYS as NUMBER_KEYS
from sim.scenario.number import Quantity
from sim.scenario.paths import steps
from sim.scenario.problem import Origin, Path, legible_json
from sim.scenario.read import scalar
from sim.scenario.schema import Root
from sim.scenario.shape import Shape, shape_at
from sim.scenario.sources import ASSUMPTION

if TYPE_CHECKING:
    from sim.evidence import Evidence

GRADES = ("document", "public", "derived", ASSUMPTION, "none")
_FLOW = frozenset((*NUMBER_KEYS, "from"))


@dataclass(frozen=True)
class Basis:
    """What a number rests on.

    ``path`` is the name by which it is drawn and shown; ``value``, ``low`` and ``high`` are text in the unit that
    people read; ``origin`` is the place that set it.
    """

    path: str
    value: str
    low: str | None
    high: str | None
    law: str | None
    source: str | None
    grade: str
    meaning: str
    why: str | None
    origin: str


def bases(scenario: Scenario) -> list[Basis]:
    """Return what each number rests on, in order of path; of the moments, those with a source or a range."""
    evidence = _evidence()
    rows = []
    for number, origin in _based(scenario):
        source = number.source
        known = shape_at(Root, steps(number.path))
        low, high = (_shown(end, known) for end in (number.low, number.high))
        why = number.why
        if why is None and source not in (None, ASSUMPTION):
            why = evidence.describe(str(source))
        meaning = known.meaning if known else ""
        row = Basis(
            number.path, number.text, low, high, number.law, source, _grade(number, evidence), meaning, why, str(origin)
        )
        rows.append(row)
    return rows


def grades_of(scenario: Scenario) -> dict[str, str]:
    """Return the grade of each of those numbers by its path."""
    evidence = _evidence()
    return {number.path: _grade(number, evidence) for number, _ in _based(scenario)}


def _evidence() -> Evidence:
    import sim.evidence

    return sim.evidence.load()


def _based(scenario: Scenario) -> Iterator[tuple[Quantity | Moment, Origin]]:
    for _, number, origin in scenario.numbers():
        if not (isinstance(number, Moment) and number.certain and number.source is None):
            yield number, origin


def _grade(number: Quantity | Moment, evidence: Evidence) -> str:
    source = number.source
    return "none" if source is None else ASSUMPTION if source == ASSUMPTION else evidence.grade(source)


def grades(rows: list[Basis]) -> dict[str, tuple[int, float]]:
    """Return count and share of each grade."""
    counts = {grade: sum(row.grade == grade for row in rows) for grade in GRADES}
    return {grade: (count, count / max(1, len(rows))) for grade, count in counts.items()}


def as_yaml(scenario: Scenario, places: bool = False, columns: int = 100) -> str:
    """Return the merged scenario as YAML, with defaults filled in; ``places`` adds the origin of each value.

    An origin stands behind its value, or above it where the two do not fit into the columns together.
    """
    lines = [
        (indent, _fitted(indent, parts, columns), origin)
        for indent, parts, origin in _lines(scenario.merged, scenario.origins, ())
    ]
    place = min(60, columns // 2)
    shown = []
    for indent, texts, origin in lines:
        if places and origin:
            behind = f"{texts[-1]:<{place}}  # {origin}"
            texts = [*texts[:-1], behind] if len(behind) <= columns else [f"{indent}# {origin}", *texts]
        shown += texts
    return "".join(f"{text}\n" for text in shown)


def _fitted(indent: str, parts: Sequence[str], columns: int) -> list[str]:
    """Return the lines of a value, broken between its parts alone."""
    lines = [f"{indent}{parts[0]}"]
    for part in parts[1:]:
        if len(lines[-1]) + 1 + len(part) <= columns:
            lines[-1] += f" {part}"
        else:
            lines.append(f"{indent}    {part}")
    return lines


def _shown(end: float | Moment | None, known: Shape | None) -> str | None:
    """Return an end of a range in the unit that people read."""
    if end is None:
        return None
    if isinstance(end, Moment):
        return end.text
    return known.rule.shown(end) if known is not None and known.rule is not None else f"{end:g}"


def _lines(
    value: Mapping[str, Any], origins: Mapping[Path, Origin], path: Path
) -> Iterator[tuple[str, list[str], Origin | None]]:
    """Iterate over indent, parts and origin of each value."""
    pad = "  " * len(path)
    for key, item in value.items():
        here = (*path, key)
        head = f"{_text(key)}:"
        if isinstance(item, dict) and item and not item.keys() <= _FLOW:
            yield pad, [head], None
            yield from _lines(item, origins, here)
        elif isinstance(item, list) and any(isinstance(entry, dict) for entry in item):
            yield pad, [head], None
            for position, entry in enumerate(item):
                first, *rest = _parts(entry)
                yield f"{pad}  ", [f"- {first}", *rest], origins.get((*here, str(position)), DEFAULT)
        else:
            first, *rest = _parts(item)
            yield pad, [f"{head} {first}", *rest], origins.get(here, DEFAULT)


def _parts(value: Any) -> list[str]:
    """Return a value in the parts between which its line may be broken."""
    if not isinstance(value, dict | list) or not value:
        return [_inline(value)]
    if isinstance(value, dict):
        (opens, closes), items = "{}", [f"{_text(key)}: {_inline(item)}" for key, item in value.items()]
    else:
        (opens, closes), items = "[]", [*map(_inline, value)]
    parts = [f"{item}," for item in items[:-1]] + [f"{items[-1]}{closes}"]
    return [f"{opens}{parts[0]}", *parts[1:]]


def _inline(value: Any) -> str:
    if isinstance(value, dict | list):
        return " ".join(_parts(value)) if value else "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    """Return text as YAML, in quotes where it would be read as something else."""
    safe = text and scalar(text) == text and all(c.isalnum() or c in " -–_/%().;+°’" for c in text)
    if safe and text == text.strip() and (text[0].isalnum() or text[0] == "/"):
        return text
    return legible_json(json.dumps(text, ensure_ascii=False))

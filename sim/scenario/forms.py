"""JSON Schema of numbers and moments in their written forms."""

from __future__ import annotations

from typing import Any

from sim.scenario.day import NAMED
from sim.scenario.number import LAWS, Scale

SOURCE = {"type": "string", "description": "Evidence id, or 'assumption' with a 'why'."}
WHY = {"type": "string", "description": "Reason, in a few words."}
DRAW = {"type": "string", "description": "Uncertain numbers that name the same draw are high or low together."}
NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"


def number_form(scale: Scale, dated: bool) -> dict[str, Any]:
    """Return the schema of a number: text with a unit (or a bare number), a mapping, and a list if dated."""
    amount, end = _amount(scale, scale.whole), _amount(scale, whole=False)
    keys = {
        "value": amount,
        "low": end,
        "high": end,
        "law": {"enum": list(LAWS)},
        "source": SOURCE,
        "why": WHY,
        "draw": DRAW,
    }
    forms = [amount, _mapping(keys)]
    if dated:
        entry = _mapping({"from": moment_form(), **keys})
        first = {"anyOf": [amount, entry]}
        forms.append({"type": "array", "prefixItems": [first], "items": entry, "minItems": 1})
    return {"anyOf": forms, "x-unit": scale.show or scale.unit, "x-range": scale.span}


def moment_form() -> dict[str, Any]:
    """Return the schema of a moment: text, or a mapping with a range."""
    pattern = r"^(\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:00)?)?|day +-?\d+(\.\d+)?|" + NAMED + ")$"
    text = {"type": "string", "pattern": pattern}
    return {"anyOf": [text, _mapping({"value": text, "low": text, "high": text, "source": SOURCE, "why": WHY})]}


def _mapping(keys: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": keys, "required": ["value"], "additionalProperties": False}


def _amount(scale: Scale, whole: bool) -> dict[str, Any]:
    if scale.unit != "1":
        return {"type": "string", "pattern": rf"^\s*{NUMBER}\s*[A-Za-z/%].*$"}
    number = {"type": "integer" if whole else "number", "minimum": scale.low, "maximum": scale.high}
    percent = r"\s*%?" if scale.ratio and not scale.whole else ""
    return {"anyOf": [number, {"type": "string", "pattern": rf"^\s*{NUMBER}{percent}\s*$"}]}

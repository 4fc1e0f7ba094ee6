"""The schema of scenario files as JSON Schema, for editors."""

from __future__ import annotations

import re
from typing import Any

from sim.scenario.moment import NAMED
from sim.scenario.number import LAWS, Scale

DIALECT = "https://json-schema.org/draft/2020-12/schema"
EXTENDS = {
    "description": "Scenario files that this one is laid on, later ones over earlier ones.",
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
}

SOURCE = {"type": "string", "description": "Evidence id, or 'assumption' with a 'why'."}
WHY = {"type": "string", "description": "Reason, in a few words."}
DRAW = {"type": "string", "description": "Uncertain numbers that name the same draw are high or low together."}
NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"


def json_schema(partial: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of a whole scenario, or of a file that is laid on another.

    In a partial file nothing is required, ``null`` removes a key, and a list may be a mapping of positions to entries.
    In either a number by date may have an entry beside it, such as ``units@2025-10-01``.
    """
    from sim.scenario.schema import Root

    schema = _with_dates(Root.model_json_schema(by_alias=True))
    if partial:
        schema = _partial(schema)
    properties = {"extends": EXTENDS, **schema.pop("properties")}
    title = "Convoi overlay" if partial else "Convoi scenario"
    shared = schema.pop("$defs", {})
    forms: dict[str, Any] = {}
    body = _hoisted({**schema, "properties": properties, "$defs": shared}, forms)
    body["$defs"].update(forms)
    return {"$schema": DIALECT, **body, "title": title}


def _hoisted(node: Any, forms: dict[str, Any]) -> Any:
    """Move the forms of numbers, which recur, to definitions of their own; say unit and range in the description."""
    if isinstance(node, list):
        return [_hoisted(item, forms) for item in node]
    if not isinstance(node, dict):
        return node
    if "x-unit" not in node:
        return {key: _hoisted(item, forms) for key, item in node.items()}
    form = {key: node[key] for key in ("anyOf", "x-unit", "x-range")}
    dated = any(item.get("type") == "array" for item in form["anyOf"])
    name = f"{'dated' if dated else 'number'} {form['x-range']}".replace("/", " per ").replace("%", "percent")
    name = re.sub(r"\W+", "_", name)
    if any("integer" in str(item) for item in form["anyOf"]):
        name += "_whole"
    if forms.setdefault(name, form) != form:
        name = f"{name}_{len(forms)}"
        forms[name] = form
    kept = {key: item for key, item in node.items() if key not in form}
    if "description" in kept:
        kept["description"] += f" [{form['x-range']}]"
    return {**kept, "$ref": f"#/$defs/{name}"}


def _with_dates(node: Any) -> Any:
    """Allow beside each number by date entries at keys of their own."""
    if isinstance(node, list):
        return [_with_dates(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _with_dates(item) for key, item in node.items()}
    fields = node.get("properties")
    if not isinstance(fields, dict):
        return node
    lists = {
        f"^{re.escape(key)} *@": form["prefixItems"][0]
        for key, item in fields.items()
        if isinstance(item, dict) and "x-unit" in item
        for form in item["anyOf"]
        if "prefixItems" in form
    }
    return {**node, "patternProperties": lists} if lists else node


def _partial(node: Any) -> Any:
    """Drop what is required of parts, and allow null below every key of a part; numbers stay as they are."""
    if isinstance(node, list):
        return [_partial(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "x-unit" in node:
        return {**node, "anyOf": [*node["anyOf"], *(_positions(form) for form in node["anyOf"] if "items" in form)]}
    if node.get("type") == "array":
        listed = {**node, "items": _partial(node["items"])}
        kept = {key: listed.pop(key) for key in ("description", "title", "default") if key in listed}
        return {**kept, "anyOf": [listed, _positions(listed)]}
    loose = {key: _partial(item) for key, item in node.items() if key != "required"}
    for group in ("properties", "patternProperties", "additionalProperties"):
        below = loose.get(group)
        if group != "additionalProperties" and isinstance(below, dict):
            loose[group] = {key: _or_null(item) for key, item in below.items()}
        elif isinstance(below, dict):
            loose[group] = _or_null(below)
    return loose


def _positions(listed: dict[str, Any]) -> dict[str, Any]:
    """Return the form that changes entries of a list by position."""
    entries = {"^(0|[1-9][0-9]*)$": _or_null(listed["items"])}
    return {"type": "object", "patternProperties": entries, "additionalProperties": False, "minProperties": 1}


def _or_null(node: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {key: node[key] for key in ("description", "title", "default") if key in node}
    rest = {key: item for key, item in node.items() if key not in kept}
    return {**kept, "anyOf": [rest, {"type": "null"}]}


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

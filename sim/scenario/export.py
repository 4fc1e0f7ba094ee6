"""The schema of scenario files as JSON Schema, for editors."""

from __future__ import annotations

import re
from typing import Any

from sim.scenario.schema import Root

DIALECT = "https://json-schema.org/draft/2020-12/schema"
EXTENDS = {
    "description": "Scenario files that this one is laid on, later ones over earlier ones.",
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
}


def json_schema(partial: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of a whole scenario, or of a file that is laid on another.

    In a partial file nothing is required, ``null`` removes a key, and a list may be a mapping of positions to entries.
    In either a number by date may have an entry beside it, such as ``units@2025-10-01``.
    """
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

"""The schema of scenario files as JSON Schema, for editors."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import Any

from pydantic import TypeAdapter

from sim.scenario.fields import Part
from sim.scenario.moment import NAMED
from sim.scenario.number import LAWS, Scale
from sim.scenario.schema import Root
from sim.scenario.shape import Field, Shape, fields_of

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
    writer = _Writer(partial)
    root = writer.part(Root)
    root["properties"] = {"extends": EXTENDS, **root["properties"]}
    parts: dict[str, Any] = {}
    while more := [part for part in writer.parts if part.__name__ not in parts]:
        parts |= {part.__name__: writer.part(part) for part in more}
    title = "Convoi overlay" if partial else "Convoi scenario"
    return {"$schema": DIALECT, **root, "$defs": {**dict(sorted(parts.items())), **writer.forms}, "title": title}


class _Writer:
    """Writes shapes as JSON Schema; parts, and the forms of numbers, which recur, are definitions of their own."""

    def __init__(self, partial: bool) -> None:
        self.partial = partial
        self.parts: dict[type[Part], None] = {}
        self.forms: dict[str, Any] = {}

    def part(self, part: type[Part]) -> dict[str, Any]:
        """Return the definition of a part."""
        fields = fields_of(part)
        entries = {
            f"^{re.escape(key)} *@": number_form(rule, dated=True)["anyOf"][-1]["prefixItems"][0]
            for key, field in fields.items()
            if (rule := field.shape.rule) is not None and field.shape.kind == "dated"
        }
        node = {
            "additionalProperties": False,
            "description": cleandoc(part.__doc__ or ""),
            "properties": {key: self._field(key, field) for key, field in fields.items()},
            "patternProperties": {pattern: self._or_null(form) for pattern, form in entries.items()},
            "required": [] if self.partial else [key for key, field in fields.items() if field.required],
            "title": part.__name__,
            "type": "object",
        }
        return {key: item for key, item in node.items() if item not in ({}, [])}

    def _field(self, key: str, field: Field) -> dict[str, Any]:
        shape, form = field.shape, self.form(field.shape)
        default = {} if field.required else {"default": field.default}
        span = f" [{shape.rule.span}]" if shape.rule is not None else ""
        said = {"description": shape.meaning + span, "title": key.replace("_", " ").title(), **default}
        if shape.optional and not self.partial:
            form = _nullable(form)
        return {**self._or_null(form), **said}

    def form(self, shape: Shape) -> dict[str, Any]:
        """Return what may stand at a place."""
        match shape.kind:
            case "part" if shape.part is not None:
                self.parts[shape.part] = None
                return {"$ref": f"#/$defs/{shape.part.__name__}"}
            case "table":
                return {"type": "object", "additionalProperties": self._or_null(self.form(shape.item))}
            case "list":
                listed = {"type": "array", "items": self.form(shape.item)}
                return {"anyOf": [listed, _positions(listed)]} if self.partial else listed
            case "number" | "dated" if shape.rule is not None:
                return {"$ref": f"#/$defs/{self._number(shape.rule, shape.kind == 'dated')}"}
            case "moment":
                return moment_form()
        return TypeAdapter(shape.check).json_schema()

    def _number(self, scale: Scale, dated: bool) -> str:
        """Return the name of the definition of a number."""
        kind = "whole" if scale.whole else "" if scale.ratio else "no ratio"
        name = f"{'dated' if dated else 'number'} {scale.span} {kind}".strip()
        for sign, word in (("/", " per "), ("%", "percent"), ("-", "minus "), (r"\W+", "_")):
            name = re.sub(sign, word, name)
        if name not in self.forms:
            self.forms[name] = number_form(scale, dated)
            if dated and self.partial:
                forms = self.forms[name]["anyOf"]
                forms.append(_positions(forms[-1]))
        return name

    def _or_null(self, form: dict[str, Any]) -> dict[str, Any]:
        return _nullable(form) if self.partial else form


def _nullable(form: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [*(form["anyOf"] if form.keys() == {"anyOf"} else [form]), {"type": "null"}]}


def _positions(listed: dict[str, Any]) -> dict[str, Any]:
    """Return the form that changes entries of a list by position."""
    entries = {"^(0|[1-9][0-9]*)$": _nullable(listed["items"])}
    return {"type": "object", "patternProperties": entries, "additionalProperties": False, "minProperties": 1}


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

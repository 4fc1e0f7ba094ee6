"""Numbers as JSON, valid whatever the encoding."""

from __future__ import annotations

from typing import Any


def as_text(value: Any) -> str:
    """Return numbers as JSON; what is not defined is null."""
    import json
    import sys

    from sim.scenario.problem import legible_json

    text = json.dumps(_plain(value), indent=2, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8", "surrogatepass")
    except UnicodeEncodeError:
        return json.dumps(_plain(value), indent=2)
    return legible_json(text)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "to_dict"):
        return _plain(value.to_dict(orient="index"))
    if hasattr(value, "__dataclass_fields__"):
        return _plain(vars(value))
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and value != value else value

"""A bare page around a replay, with the policy of a report: nothing from outside, no eval, no inline style."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256

from sim.view.replay import ReplayParts

PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {js}; style-src {css}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Replay</title>
<style>{style}</style></head>
<body><main><h1>Replay</h1>{html}</main>
<script type="application/json" id="replay-data">{data}</script>
<script>{script}</script></body></html>"""
STYLE = """
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ebee; --soft: #a9b1bb; --paper: #14181d; --panel: #1e242b;
  --line: #3d4650; --accent: #8ec2f5; --loss: #ff9a70; --good: #7dd3a4; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui; max-width: 66rem; margin: 0 auto; padding: 0 1rem; background: var(--paper); }
"""


def bare(parts: ReplayParts) -> str:
    """Return a page with nothing but a replay."""
    data = json.dumps(parts.data).replace("<", "\\u003c")
    style = STYLE + parts.css
    return PAGE.format(
        lang=parts.data["language"], js=_hash(parts.js), css=_hash(style), style=style, html=parts.html, data=data,
        script=parts.js,
    )  # fmt: skip


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

"""Text from files and command lines, made fit to be seen: control characters are shown, not sent."""

from __future__ import annotations

import re
from typing import Final

CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves, colours, titles or turns round what stands on a screen, and halves of characters.

Line feeds and tabs are left to whoever lays out the text.
"""


def legible(text: str) -> str:
    r"""Return text with its control characters written out: ``\x1b``, ``\u202e``."""
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def legible_json(text: str) -> str:
    r"""Return JSON with the control characters in its strings written as JSON does: ``\u009b``."""
    return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)

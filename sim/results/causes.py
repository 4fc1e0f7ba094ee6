"""Why tankers wait on their way, and what may bind in a week: each cause once, with its words."""

from typing import Final

WAITS: Final = {
    "loading": "loading slots",
    "closed": "closed road",
    "refusal": "refusal of crews",
    "escort": "lack of escorts",
    "rule": "convoy rule",
    "customs": "customs",
    "unloading": "unloading",
}
"""Causes for which a tanker with an order waits, in words; one without an order is a reserve."""
BINDS: Final = {"none": "nothing", "tankers": "lack of tankers", "crews": "lack of crews", **WAITS}
"""What may bind in a week."""
CAUSE_WORDS: Final = {**BINDS, "order": "no order"}
CAUSES: Final = tuple(WAITS)
BOUNDS: Final = tuple(BINDS)

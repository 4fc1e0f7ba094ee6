"""Measures of waiting on import corridors, and the words for its causes."""

from __future__ import annotations

from functools import partial
from typing import Final

from sim.results.daily import Daily, added
from sim.results.measures.definition import declare

WAITS: Final = {
    "order": ("no order", "idle at the terminal: the surge reserve"),
    "loading": ("loading slots", "for a loading slot"),
    "closed": ("closed road", "at the assembly point of a corridor that is closed, willing or not"),
    "refusal": ("refusal of crews", "at the assembly point, crew not willing"),
    "escort": ("lack of escorts", "willing, a convoy is ready, an escort that it must have is not free"),
    "rule": ("convoy rule", "willing, held by size, headway, daylight or the full hour"),
    "customs": ("customs", "at customs, the ordinary delay included"),
    "unloading": ("unloading", "for a bay or for room in the tank"),
}
"""Why a tanker waits: in words, and as it is defined."""
CAUSES: Final = tuple(cause for cause in WAITS if cause != "order")
"""Causes for which a tanker with an order waits; one without an order is a reserve."""
CAUSE_WORDS: Final = {
    "none": "nothing",
    "tankers": "lack of tankers",
    "crews": "lack of crews",
    **{cause: words for cause, (words, _) in WAITS.items()},
}
BOUNDS: Final = ("none", "tankers", "crews", *CAUSES)
"""What may bind in a week."""


def _whole(column: str, daily: Daily) -> float:
    return float(added(daily.flow(column).ravel()))


def _on_day(column: str, daily: Daily, day: int) -> float:
    return float(added(daily.flow(column)[day]))


for _cause, (_words, _meaning) in WAITS.items():
    declare(
        f"Waiting, {_words}",
        kind=f"waiting_{_cause}",
        meaning=_meaning,
        unit="tanker-days",
        better=0 if _cause == "order" else -1,
        worth=500.0,
    )(partial(_whole, f"waiting_{_cause}"))
declare(
    "Loads ordered without a free tanker",
    kind="short_of_tankers",
    meaning="loads ordered for which there was no idle tanker with a crew, or no slots; an order that lapses is asked "
    "for again in part the next day, and then counts again",
    better=-1,
    worth=500.0,
    counts="tankers",
)(partial(_whole, "short"))
for _cause in CAUSES:
    declare(
        f"Tankers waiting on all import corridors on {{date}}, {CAUSE_WORDS[_cause]}",
        "date",
        kind=f"waiting_{_cause}_on",
        meaning="tankers waiting on import corridors, mean over that day",
        better=-1,
        worth=20.0,
        counts="tankers",
    )(partial(_on_day, f"waiting_{_cause}"))

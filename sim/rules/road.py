"""Driving: paces, halts at night, and first-come-first-served gates."""

from __future__ import annotations

import math

from sim.rules.steps import DAY

LONGEST_DELAY = 240.0
"""Hours beyond an undisturbed drive within which ambushes ahead on a road are looked for.

Halts on one road do not add up to ten days, and the search stays short.
"""


def hour_of_day(time: float) -> float:
    """Return the hour of the day of a time in hours since a midnight."""
    return time - DAY * math.floor(time / DAY)


def is_day(time: float, day_from: float, day_to: float) -> bool:
    """Say whether a time lies in daylight."""
    hour = hour_of_day(time)
    return day_from <= hour < day_to


def progress(pace: float, driving: float, escorted: float, with_escort: bool, cycle: float, factor: float) -> float:
    """Return the progress on a road, km/h, halts included.

    ``pace`` is that of a laden tanker while it drives, ``driving`` its hours of driving a day, ``escorted`` the
    progress of an escorted convoy, ``cycle`` the escort's cycle factor, ``factor`` that of the road and day.
    """
    alone = pace * driving / DAY
    if not with_escort:
        return alone * factor
    slower = escorted if escorted < alone else alone
    return slower * factor / cycle


def hours_alone(length: float, pace: float, driving: float, factor: float) -> float:
    """Return the hours a laden tanker without escort takes for a road; in peace the ``factor`` is 1."""
    return length / progress(pace, driving, 0.0, False, 1.0, factor)


def arrival(time: float, hours: float, halts: bool, day_from: float, day_to: float) -> float:
    """Return when a drive of ``hours`` (halts included) ends.

    With ``halts`` the convoy stands at night and drives so much faster by day that a whole day's progress is the
    same.
    """
    length = day_to - day_from
    if not halts or hours <= 0.0 or length <= 0.0:
        return time + hours
    left = hours * length / DAY
    hour = hour_of_day(time)
    midnight = time - hour
    if hour < day_from:
        time = midnight + day_from
    elif hour >= day_to:
        midnight += DAY
        time = midnight + day_from
    today = midnight + day_to - time
    while left > today:
        left -= today
        midnight += DAY
        time = midnight + day_from
        today = length
    return time + left


def slot_rate(slots: float, supply: float, load: float) -> float:
    """Return the tankers that can begin loading per hour: by slots, and by the fuel supplied (m3/h)."""
    most = supply / load
    return slots if slots < most else most


def in_turn(time: float, delay: float, last: float) -> float:
    """Return when a tanker leaves an office that keeps the order of arrival."""
    out = time + delay
    return out if out > last else last

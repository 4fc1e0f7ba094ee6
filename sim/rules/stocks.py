"""Setting a stock that several tanks hold together."""

from __future__ import annotations


def set_level(level: float, room: float, together: float, most: float, wanted: float) -> float:
    """Return what a tank holds when all of them together are to hold ``wanted``, m3.

    Parameters
    ----------
    level, room
        What the tank holds now, and its capacity.
    together, most
        What all tanks hold now, and their capacity.
    wanted
        What they are to hold; beyond their capacity they are full.

    Less than now is taken from all in proportion to what they hold, more is given in proportion to their free room.
    """
    if wanted <= together:
        return level * (wanted / together) if together > 0.0 else level
    if wanted >= most:
        return room if room > level else level
    free = room - level
    return level + free * ((wanted - together) / (most - together)) if free > 0.0 else level


def share_of(national: float, inside: float, everything: float) -> float:
    """Return a product's part of the national stock, m3, in proportion to what there is of it inside the country."""
    return national * (inside / everything) if everything > 0.0 else 0.0

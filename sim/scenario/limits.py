"""Units and ranges that many parameters share."""

from __future__ import annotations

from sim.scenario.fields import In

FOREVER = 1e5
"""Longest duration that a scenario may state, h (about eleven years)."""

Share = In("1", 0, 1)
Hours = In("h", 0, FOREVER)

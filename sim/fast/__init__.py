"""The compiled twin of the model: the same rules, the same draws, the same answers, in a fraction of the time."""

from __future__ import annotations

from sim.fast.prepared import is_compiled, notice, prepare
from sim.fast.twin import Twin

__all__ = ["Twin", "is_compiled", "notice", "prepare"]

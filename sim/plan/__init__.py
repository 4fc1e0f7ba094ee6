"""The scenario as numbers: frozen tuples, names turned into indices; the only input of both engines."""

from sim.plan.build import build
from sim.plan.plan import Plan, Uncertain, with_values

__all__ = ["Plan", "Uncertain", "build", "with_values"]

"""The model in SimPy, a file for each thing on the map."""

from sim.model.country import replicate
from sim.record import Record

__all__ = ["Record", "replicate"]

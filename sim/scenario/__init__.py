"""What a user writes: parameters with unit, range and source; files that extend files; every problem with its place.

`sim.scenario.load.load` is the way in. Called, ``sim.scenario(towns, ports, need, …)`` makes a small country without a
file: see `sim.scenario.builder.scenario`. Importing this package alone imports nothing heavy.
"""

import sys
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    """The package, which can be called as the builder."""

    @property
    def __signature__(self) -> Any:
        from inspect import signature

        from sim.scenario.builder import scenario

        return signature(scenario)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Make a small country: see `sim.scenario.builder.scenario`."""
        from sim.scenario.builder import scenario

        return scenario(*args, **kwargs)


sys.modules[__name__].__class__ = _Room

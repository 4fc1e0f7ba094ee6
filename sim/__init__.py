"""Convoi: a discrete-event simulator of fuel supply under attack.

The same verbs as on the command line: ``load`` a scenario, ``run`` it, look at it with ``plot``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import view as plot
    from sim.scenario.load import Scenario, load
    from sim.study.replicate import run

__version__ = "0.1.0"
__all__ = ["Scenario", "__version__", "load", "plot", "run"]

_WHERE = {
    "load": ("sim.scenario.load", "load"),
    "Scenario": ("sim.scenario.load", "Scenario"),
    "run": ("sim.study.replicate", "run"),
    "plot": ("sim.view", None),
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    module, attribute = _WHERE[name]
    found = import_module(module)
    return found if attribute is None else getattr(found, attribute)

"""Convoi: a discrete-event simulator of fuel supply under attack.

The same verbs as on the command line: ``load`` a scenario, ``run`` it, ``compare`` strategies, ``sweep`` a number,
``calibrate`` it to facts and ``validate`` it, see the ``events`` of one replication, look at what comes of it with
``plot`` and have it ``told`` in words.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import view as plot
    from sim.scenario.load import Scenario, load
    from sim.scenario.targets import load as load_targets
    from sim.study.break_even import break_even
    from sim.study.calibrate import calibrate
    from sim.study.compare import compare
    from sim.study.events import events
    from sim.study.executors import Where
    from sim.study.replicate import run
    from sim.study.sensitivity import sensitivity
    from sim.study.sweep import sweep
    from sim.study.validate import validate
    from sim.view.told import told

__version__ = "0.1.0"
__all__ = [
    "Scenario",
    "Where",
    "__version__",
    "break_even",
    "calibrate",
    "compare",
    "events",
    "load",
    "load_targets",
    "plot",
    "run",
    "sensitivity",
    "sweep",
    "told",
    "validate",
]

_WHERE = {
    "load": ("sim.scenario.load", "load"),
    "load_targets": ("sim.scenario.targets", "load"),
    "Scenario": ("sim.scenario.load", "Scenario"),
    "run": ("sim.study.replicate", "run"),
    "compare": ("sim.study.compare", "compare"),
    "events": ("sim.study.events", "events"),
    "break_even": ("sim.study.break_even", "break_even"),
    "sweep": ("sim.study.sweep", "sweep"),
    "calibrate": ("sim.study.calibrate", "calibrate"),
    "validate": ("sim.study.validate", "validate"),
    "sensitivity": ("sim.study.sensitivity", "sensitivity"),
    "told": ("sim.view.told", "told"),
    "Where": ("sim.study.executors", "Where"),
    "plot": ("sim.view", None),
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    module, attribute = _WHERE[name]
    found = import_module(module)
    return found if attribute is None else getattr(found, attribute)

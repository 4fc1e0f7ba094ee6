"""Convoi: a discrete-event simulator of fuel supply under attack.

The studies of the command line, under the same names::

    import sim

    done = sim.run("blockade-2025", 200, strategy="army")   # a file, its bare name, or what sim.load returns
    print(sim.told(done))                                    # the answer in words
    sim.plot.stock(done, "Bamako")                           # a matplotlib figure
    done.measures, done.towns, done.flows                    # pandas frames

``load`` a scenario with overlays and settings, or make a small ``scenario`` without a file, ``run`` it, ``compare``
strategies, look for their ``break_even``,
``sweep`` a number, ``calibrate`` to facts and ``validate``, ask for the ``sensitivity``, look ``at`` a day, see the
``events`` of one replication; ``plot`` draws, ``told`` says, ``report`` writes a page, ``save`` keeps and
``open`` reads back.
What cannot be done is said by a `sim.errors.ConvoiError`.  Recipes: docs/python.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import view as plot
    from sim.language import speaking
    from sim.scenario.builder import scenario
    from sim.scenario.load import Scenario, load
    from sim.scenario.targets import load as load_targets
    from sim.study.break_even import break_even
    from sim.study.calibrate import Setting, calibrate
    from sim.study.compare import compare
    from sim.study.executors import Where
    from sim.study.replicate import events, run
    from sim.study.sensitivity import sensitivity
    from sim.study.stored import open, save
    from sim.study.sweep import sweep
    from sim.study.validate import validate
    from sim.view.answers import told
    from sim.view.at import at
    from sim.view.publish import report

__version__ = "0.1.0"
__all__ = [
    "Scenario",
    "Setting",
    "Where",
    "__version__",
    "at",
    "break_even",
    "calibrate",
    "compare",
    "events",
    "load",
    "load_targets",
    "open",
    "plot",
    "report",
    "run",
    "save",
    "scenario",
    "sensitivity",
    "speaking",
    "sweep",
    "told",
    "validate",
]

_WHERE = {
    "load": ("sim.scenario.load", "load"),
    "load_targets": ("sim.scenario.targets", "load"),
    "Scenario": ("sim.scenario.load", "Scenario"),
    "scenario": ("sim.scenario", None),
    "run": ("sim.study.replicate", "run"),
    "save": ("sim.study.stored", "save"),
    "open": ("sim.study.stored", "open"),
    "compare": ("sim.study.compare", "compare"),
    "events": ("sim.study.replicate", "events"),
    "break_even": ("sim.study.break_even", "break_even"),
    "sweep": ("sim.study.sweep", "sweep"),
    "calibrate": ("sim.study.calibrate", "calibrate"),
    "validate": ("sim.study.validate", "validate"),
    "sensitivity": ("sim.study.sensitivity", "sensitivity"),
    "at": ("sim.view.at", "at"),
    "told": ("sim.view.answers", "told"),
    "report": ("sim.view.publish", "report"),
    "speaking": ("sim.language", "speaking"),
    "Setting": ("sim.study.calibrate", "Setting"),
    "Where": ("sim.study.executors", "Where"),
    "plot": ("sim.view", None),
    "errors": ("sim.errors", None),
}
_SHELL = (
    *("check", "show", "evidence", "results", "crate", "scenarios", "strategies", "new", "init", "schema"),
    "explore",
)


def __dir__() -> list[str]:
    return list(__all__)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        if name in _SHELL:
            told = f"'convoi {name}' is of the command line alone"
            raise AttributeError(f"module 'sim' has no attribute {name!r}: {told}")
        from difflib import get_close_matches

        near = get_close_matches(name, _WHERE, 1)
        hint = f"; the nearest is '{near[0]}'" if near else ""
        raise AttributeError(f"module 'sim' has no attribute {name!r}{hint}")
    path, attribute = _WHERE[name]
    module = import_module(path)
    return module if attribute is None else getattr(module, attribute)

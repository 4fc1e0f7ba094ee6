"""The numbers that carry a comparison: what its alternatives differ in by design, and what the differences turn on."""

from __future__ import annotations

from collections.abc import Mapping

from sim.language import say
from sim.scenario.components import ARMY, effect_path
from sim.scenario.describe import Basis, bases
from sim.scenario.load import Scenario
from sim.study.comparison import Comparison
from sim.study.effects import components_in, findings
from sim.view.blocks import Prose, Sheet
from sim.view.parameters import parameter_words
from sim.view.report.evidence import cells, heads
from sim.view.report.fits import Fit


def carriers_of(comparison: Comparison, fits: Mapping[str, Fit]) -> list[Prose | Sheet]:
    """Return a table of the numbers on which the differences rest, with range, source, grade and reason.

    ``fits`` are the ranges after a fit, by alternative.  Loss ratios and cycle factors of the components in which the
    alternatives differ, then the parameters on which the difference of each to the baseline turns.
    """
    rows: dict[str, tuple[Basis, Scenario]] = {}
    for each in comparison.alternatives:
        for basis in bases(each.scenario):
            rows.setdefault(basis.path, (basis, each.scenario))
    paths = [path for path in dict.fromkeys((*_by_design(comparison), *_turns(comparison))) if path in rows]
    if not paths:
        return []
    after = {path: next((fit[path] for fit in fits.values() if path in fit), "") for path in paths}
    told, fitted = [], any(after.values())
    for path in paths:
        basis, scenario = rows[path]
        told.append((parameter_words(path, scenario), *cells(basis, after[path] if fitted else None)))
    table = Sheet(heads(fitted=fitted), tuple(told), frozenset())
    return [Prose((say("The numbers that carry the differences:"),)), table]


def _by_design(comparison: Comparison) -> list[str]:
    """Return loss ratios and cycle factors of the components that some alternatives have and others have not."""
    lists = [components_in(each.plan) for each in comparison.alternatives]
    paths = []
    for name in dict.fromkeys(name for names in lists for name in names):
        if all(name in names for names in lists):
            continue
        if name == ARMY:
            paths.append("escorts.loss_ratio.none")
        else:
            paths += [effect_path(name, "loss_ratio"), effect_path(name, "cycle_factor")]
    return paths


def _turns(comparison: Comparison) -> list[str]:
    return [turn.path for pair in findings(comparison) for turn in pair.turns]

"""Targets of a calibration: documented facts, what in a run stands for each, and how far each may be off."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path as FilePath
from typing import Annotated, Literal

from sim.errors import ScenarioError
from sim.scenario.calls import verb
from sim.scenario.fields import Distinct, Maybe, Moment, Name, Part, SourceId, doc
from sim.scenario.files import Files
from sim.scenario.names import file_of
from sim.scenario.parts import read_part
from sim.scenario.problem import Fault, Origin, Problem, few, sparing
from sim.scenario.sources import Sources
from sim.scenario.tree import Branch, locate, plain

Table = Literal["towns", "flows", "convoys", "encounters", "imports"]
Statistic = Literal["mean", "total", "least", "most", "count", "days under", "days over", "first under", "first over"]
THRESHOLDS = ("days under", "days over", "first under", "first over")


class Simulated(Part):
    """A number read off one replication: a measure, or a statistic of a table over some days."""

    measure: Maybe[str] = doc("Name of a measure, as in the measures table, in place of a table.", None)
    table: Maybe[Table] = doc("A table of the results.", None)
    column: Maybe[str] = doc("A column of the table; of towns also fill (sold over wanted) and need_met.", None)
    town: Maybe[Name] = doc("Town, of the table towns.", None)
    product: Maybe[Name] = doc("Product, of the table towns.", None)
    corridors: Annotated[list[Name], Distinct] = doc(
        "Corridors, of flows and convoys; all of imports if none is named.", []
    )
    from_: Maybe[Moment] = doc("First day; that of the run if none is given.", None, alias="from")
    to: Maybe[Moment] = doc("Last day, with it; that of the run if none is given.", None)
    statistic: Statistic = doc("What is made of the days, or of the convoys.", "mean")
    threshold: Maybe[float] = doc("Under or over which a day counts.", None)
    escorted: Maybe[bool] = doc("Only convoys with an escort, or only those without.", None)
    hit: Maybe[bool] = doc("Only convoys that lost tankers, or only those that lost none.", None)
    ground: Maybe[bool] = doc("Only convoys with ground troops beside the army, or only those without.", None)
    air: Maybe[bool] = doc("Only convoys with aircraft, or only those without.", None)
    by: Literal["departed", "arrived"] = doc("Which day of a convoy counts.", "departed")


class Bounded(Simulated):
    """A condition: a number within bounds."""

    at_least: Maybe[float] = doc("Lowest value.", None)
    at_most: Maybe[float] = doc("Highest value.", None)


class Target(Part):
    """A documented fact, or several rows on one, and what the model must show for it."""

    label: str = doc("What is on record, in a few words.")
    facts: Annotated[list[SourceId], Distinct] = doc("Evidence ids of the rows that tell of it.")
    quantity: Simulated = doc("What in a replication stands for it.")
    minus: Maybe[Simulated] = doc("Taken from the quantity, to compare two.", None)
    given: Maybe[Bounded] = doc("Asked only of replications in which this holds.", None)
    low: Maybe[float] = doc("Lower end of what is documented.", None)
    high: Maybe[float] = doc("Upper end of what is documented.", None)
    at_least: Maybe[float] = doc("A lower bound alone.", None)
    at_most: Maybe[float] = doc("An upper bound alone.", None)
    date: Maybe[Moment] = doc("Documented date, with its range; for quantities that are a first day.", None)
    soft: float = doc("One standard deviation of what lies outside, in the quantity's unit (dates: days).", ge=1e-9)
    unit: str = doc("Unit of the quantity, for tables.", "")
    scope: Literal["pump", "all", "both"] = doc("Scope of demand in which the fact can be asked.", "both")
    series: Literal["customs", "minister", "both"] = doc("Series of import volumes to which it belongs.", "both")
    modes: Annotated[list[Literal["replay", "free"]], Distinct] = doc(
        "With recorded or with drawn convoys and attacks.", ["replay", "free"]
    )
    use: Literal["fit", "check", "claim"] = doc("fit: fitted; check: only compared; claim: under test.", "fit")
    before: Maybe[float] = doc("What was last known of it before: the forecast of no change.", None)
    why: str = doc("How the record is read, and why the error is so large.", "")


class Root(Part):
    """A file of targets."""

    title: str = doc("Title.")
    note: str = doc("What the targets are.", "")
    targets: dict[Name, Target] = doc("Targets, by name.")


@dataclass(frozen=True, repr=False)
class Targets:
    """Targets with the place of each value.

    Attributes
    ----------
    root
        What the file says.
    path
        The file.
    digest
        SHA-256 of the file.
    """

    root: Root
    path: FilePath
    digest: str
    _tree: Branch

    def __repr__(self) -> str:
        return f"Targets({self.root.title!r}, file={self.path}, targets={len(self.root.targets)})"

    def problem(self, fault: Fault) -> Problem:
        """Place a fault whose ``at`` is its full path."""
        return Problem.at(locate(self._tree, fault.at), (), fault)


@verb
def load(path: str | PathLike[str] | Targets) -> Targets:
    """Load a file of targets, given by path or bare name, such as ``blockade-2025``; loaded ones stay as they are.

    Raises
    ------
    ScenarioError
        With every problem found, each with its place.
    """
    if isinstance(path, Targets):
        return path
    file = file_of(path, "targets")
    files = Files()
    layers = files.layers(file)
    if files.problems or not layers:
        raise ScenarioError(tuple(files.problems))
    tree = layers[-1]
    if len(layers) > 1:
        at = Origin(str(file), 1, 1)
        raise ScenarioError((Problem.at(at, ("extends",), Fault("not a key of targets", "'extends'", "one file")),))
    with sparing():
        root, unread = read_part(Root, plain(tree), Sources.of_evidence())
    if unread:
        raise ScenarioError(few([Problem.at(locate(tree, fault.at), (), fault) for fault in unread]))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    targets = Targets(root, file, digest, tree)
    wrong = [fault.under("targets", name) for name, target in root.targets.items() for fault in _faults(target)]
    if not root.targets:
        wrong.append(Fault("no targets", "an empty mapping", "at least one", ("targets",)))
    if wrong:
        raise ScenarioError(tuple(targets.problem(fault) for fault in wrong))
    return targets


def _faults(target: Target) -> Iterator[Fault]:
    """Iterate over what is wrong with a target by itself."""
    if not target.facts:
        yield Fault("a target without facts", "an empty list", "evidence ids", ("facts",))
    models = {
        "low and high": (target.low, target.high),
        "at_least": (target.at_least,),
        "at_most": (target.at_most,),
        "date": (target.date,),
    }
    forms = [name for name, values in models.items() if any(value is not None for value in values)]
    if len(forms) != 1:
        given = " and ".join(forms) or "none"
        yield Fault("not one error model", given, "low and high, at_least, at_most, or a date")
    elif forms == ["low and high"] and (target.low is None or target.high is None):
        end = "low" if target.high is None else "high"
        yield Fault("a bound without direction", f"'{end}' alone", "both ends, or at_least or at_most", (end,))
    elif target.low is not None and target.high is not None and target.low > target.high:
        yield Fault("ends in the wrong order", f"{target.low:g} to {target.high:g}", "low ≤ high", ("low",))
    for key, part in (("quantity", target.quantity), ("minus", target.minus), ("given", target.given)):
        if part is not None:
            yield from (fault.under(key) for fault in _part_faults(part))
    dated = target.quantity.statistic.startswith("first") and target.minus is None
    if target.quantity.measure is not None:
        return
    if target.date is not None and not dated:
        yield Fault("a date for what is no day", target.quantity.statistic, "'first under' or 'first over'", ("date",))
    if target.date is None and dated:
        yield Fault("a first day without a date", "numbers", "a date, with low and high", ("quantity",))


def _part_faults(part: Simulated) -> Iterator[Fault]:
    if (part.measure is None) == (part.table is None):
        given = "both" if part.measure else "neither"
        yield Fault("not one quantity", given, "a measure, or a table with a column")
        return
    if part.table is not None and part.column is None and part.statistic != "count":
        yield Fault("a table without a column", "nothing", "a column, or the statistic 'count'")
    if (part.threshold is not None) != (part.statistic in THRESHOLDS):
        given = "nothing" if part.threshold is None else f"{part.threshold:g}"
        expected = "a threshold" if part.threshold is None else "no threshold"
        yield Fault(f"the threshold of '{part.statistic}'", given, expected, ("statistic",))
    if isinstance(part, Bounded) and (part.at_least is None) == (part.at_most is None):
        yield Fault("a bound without direction", "both or neither", "at_least or at_most")

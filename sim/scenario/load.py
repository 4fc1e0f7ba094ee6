"""Loading a scenario: files, overlays and settings in, a checked `Scenario` out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from os import PathLike
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from sim.errors import ScenarioError
from sim.scenario.calls import Overlay, as_tuple, verb
from sim.scenario.consistency import consistency_faults
from sim.scenario.dates_outside import outside, start_alone
from sim.scenario.difference import digest_of, what_if
from sim.scenario.entries import DEFAULT, with_entries
from sim.scenario.files import Data, Files
from sim.scenario.folders import STRATEGIES, is_bare
from sim.scenario.limits import size_faults
from sim.scenario.merge import NOTHING, idle_nulls, lay, wiped
from sim.scenario.moment import Moment
from sim.scenario.names import file_of, given_name, strategy_file
from sim.scenario.no_effect import Layers, inert
from sim.scenario.number import Quantity
from sim.scenario.parts import UNTOLD, filled, numbers, read_part
from sim.scenario.paths import on_all
from sim.scenario.pools import pool_notes, regime_notes
from sim.scenario.problem import BASELESS, MISSING, Fault, Origin, Path, Problem, few, sparing
from sim.scenario.references import MISTAKEN, overlay_fault, unlike
from sim.scenario.schema import ROOT, Root
from sim.scenario.setting import apply
from sim.scenario.sources import Sources
from sim.scenario.supply import supply_notes, weight_notes
from sim.scenario.tree import Branch, Same, locate, origins, plain
from sim.shown import in_notebooks


class Source(NamedTuple):
    """What a scenario was loaded from: its file, what was laid on it, and when each file was last changed."""

    path: FilePath | Data
    overlays: tuple[FilePath | Data, ...]
    sets: tuple[str, ...]
    changed: tuple[tuple[FilePath, int], ...]

    @property
    def beside(self) -> FilePath | None:
        """The scenario's file, beside which names are looked for first; None if it is of no file."""
        return self.path if isinstance(self.path, FilePath) else None


@in_notebooks
@dataclass(frozen=True, repr=False)
class Scenario:
    """A checked scenario.

    Attributes
    ----------
    root
        The scenario as the schema declares it; every number in the unit of the model.
    files
        The files that it was made from, base first, overlays last.
    origins
        The place that set each value, by path; a value that no file sets has none.
    digest
        SHA-256 of what the model sees: values, ranges and names, not notes, sources or spelling.
    merged
        The content of all files together with defaults filled in, as plain dicts, lists and scalars.
    laid
        The overlays, by file name without ending, or as settings if they were dicts, and the settings, as they were
        given: what the scenario is not by itself.
    name
        What the scenario says that it is called, else the name of its own file, without ending, or its title, if it is
        of no file.
    source
        What it was loaded from, so that more can be laid on it.
    notes
        What is allowed but hardly meant, such as dates outside the run, each with its place.
    """

    root: Root
    files: tuple[FilePath, ...]
    origins: Mapping[Path, Origin]
    digest: str
    merged: Mapping[str, Any]
    laid: tuple[str, ...] = ()
    name: str = ""
    notes: tuple[Problem | str, ...] = ()
    source: Source | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        files = ", ".join(str(file) for file in self.files)
        return f"Scenario({self.root.title!r}, files=[{files}], laid={list(self.laid)}, digest={self.digest[:8]!r})"

    @property
    def start(self) -> datetime:
        """First midnight."""
        return self.root.start.on(datetime.min)

    @property
    def end(self) -> datetime:
        """Last midnight."""
        return self.root.end.on(self.start)

    def to_yaml(self, file: str | PathLike[str] | None = None) -> str:
        """Return the whole scenario as the text of a file, defaults filled in; with ``file``, write it there, too.

        The text loads as the same scenario. A posterior's folder counts from where the file stands.
        """
        from sim.scenario.describe import as_yaml

        text = as_yaml(self)
        if file is not None:
            FilePath(file).write_text(text, encoding="utf-8")
        return text

    def numbers(self) -> Iterator[tuple[str, Quantity | Moment, Origin]]:
        """Iterate over dotted path, number or moment, and the place that set it, in order of path."""
        for path, number in sorted(numbers(self.root), key=lambda pair: _order(pair[0])):
            yield ".".join(path), number, self.origins.get(path, DEFAULT)


@verb
def load(
    scenario: str | PathLike[str] | Mapping[str, Any] | Scenario,
    overlays: Overlay | Iterable[Overlay] = (),
    sets: str | Iterable[str] = (),
    *,
    strategy: str | PathLike[str] | None = None,
) -> Scenario:
    """Load a scenario, lay a strategy and overlays on it in order, then apply settings ``path=value``.

    Parameters
    ----------
    scenario
        A file, or the bare name of one (``convoi scenarios`` lists them), or a dict that says what a file would
        (`sim.scenario` makes a small country of less), or a loaded scenario, on which the rest is laid beside what it
        has; its files must not have changed since.
    overlays
        Files, bare names, or dicts that say what an overlay's file would; a single one needs no list.
    sets
        Settings ``path=value``; a single one needs no list.
    strategy
        The name of a strategy or its file, laid before the overlays.

    Raises
    ------
    ScenarioError
        With every problem found, each with its place; its attribute ``more`` says whether others may show when these
        are right.

    Examples
    --------
    >>> sim.load("blockade-2025", "customs-24h", ["fleet.load=40 m3"], strategy="army").laid
    ('army', 'customs-24h', 'fleet.load=40 m3')
    >>> sim.load("tutorial", {"fleet": {"size": 40}, "crews": {"killed": "5 %"}}).laid
    ('fleet.size=40, crews.killed=5 %',)
    """
    settings = tuple(map(str, as_tuple(sets)))
    below: tuple[FilePath | Data, ...] = ()
    before: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    if isinstance(scenario, Scenario):
        if not as_tuple(overlays) and not settings and strategy is None:
            return scenario
        path, below, before = _again(scenario)
        inside = scenario.laid[: len(scenario.laid) - len(below) - len(before)]  # laid on what its file holds whole
    elif isinstance(scenario, Mapping):
        title = scenario.get("title")
        path = replace(Data.of(scenario, "scenario (a dict)"), stem=title if isinstance(title, str) else "scenario")
    else:
        path = file_of(scenario, "scenario")
    beside = path if isinstance(path, FilePath) else None
    over: list[FilePath | Data] = [] if strategy is None else [file_of(strategy_overlay(strategy), "overlay", beside)]
    for number, overlay in enumerate(as_tuple(overlays), 1):
        data = isinstance(overlay, Mapping)
        over.append(Data.of(overlay, f"overlay {number} (a dict)") if data else file_of(overlay, "overlay", beside))
    whole = scenario_of(path, (*below, *over), (*before, *settings))
    return replace(whole, laid=(*inside, *whole.laid)) if inside else whole


def strategy_overlay(strategy: str | PathLike[str]) -> str | PathLike[str]:
    """Return a strategy as an overlay: its name is looked for among strategies alone, beside the scenario first."""
    name = given_name(strategy, "strategy")
    return f"{STRATEGIES}/{name}" if is_bare(name) and not os.path.isfile(name) else strategy_file(name)


def _again(scenario: Scenario) -> tuple[FilePath | Data, tuple[FilePath | Data, ...], tuple[str, ...]]:
    """Return what a scenario was loaded from, if that is still what it was."""
    source = scenario.source
    if source is None or source.changed != _changed(file for file, _ in source.changed):
        raise ScenarioError(f"{scenario!r} is no longer what its files say; load it again before more is laid on it")
    return source.path, source.overlays, source.sets


def _changed(files: Iterable[FilePath]) -> tuple[tuple[FilePath, int], ...]:
    return tuple((file, file.stat().st_mtime_ns if file.exists() else 0) for file in files)


def _absolute(path: FilePath | Data) -> FilePath | Data:
    return path.absolute() if isinstance(path, FilePath) else path


@sparing()
def scenario_of(
    path: FilePath | Data, overlays: tuple[FilePath | Data, ...] = (), sets: tuple[str, ...] = ()
) -> Scenario:
    """Return the scenario of a file, or what stands in its place, with overlays and settings; see `load`."""
    files = Files()
    base = files.layers(path)
    over = [layer for name in overlays for layer in files.layers(name)]
    own, idle = _together(base)
    tree, more = _together(over, own)
    problems: list[Problem] = [*files.problems, *idle, *more]
    if files.broken:
        read = bool(files.ranks) or any(problem.line for problem in problems)
        raise ScenarioError(few(problems), more=read)
    tree, unset, touched = apply(tree, sets)
    problems += unset
    if large := [_placed(tree, fault, path) for fault in size_faults(tree)]:
        raise ScenarioError(few(large), more=True)
    data = plain(tree)
    root, faults = read_part(Root, data, Sources.of_evidence())
    unread = bool(faults)
    overlay = overlay_fault(tree, str(path)) if unread else None
    if overlay is not None:
        faults = [overlay, *(fault for fault in faults if fault.wrong not in BASELESS)]
        problems = [problem for problem in problems if problem.wrong not in BASELESS]
    else:
        faults = unlike(tree, faults + consistency_faults(root))
    problems += [_placed(tree, fault, path) for fault in faults]
    if problems:
        unique: list[Problem] = sorted(dict.fromkeys(problems), key=_place)
        raise ScenarioError(few(unique), more=unread and overlay is None, count=len(unique))
    root, merged = _with_date(root), filled(ROOT, data)
    if what_if(over, sets):
        root, merged = root.model_copy(update={"record": False}), {**merged, "record": False}
    laid = (*(name.stem for name in overlays), *sets)
    stamps = _changed(file.absolute() for file in files.paths)
    source = Source(_absolute(path), tuple(map(_absolute, overlays)), sets, stamps)
    paths, places = tuple(files.paths), origins(tree)
    scenario = Scenario(root, paths, places, digest_of(root), merged, laid, root.name or path.stem, source=source)
    changed = [key for key in ("start", "end") if locate(own, (key,)) != locate(tree, (key,))]
    layers = Layers(tree, files.ranks, len(base))
    alone = [start_alone(root)] if changed == ["start"] else []
    notes = (*alone, *wiped(own, tree), *outside(root), *pool_notes(root), *inert(root, layers))
    notes += (*regime_notes(root), *supply_notes(root, layers), *weight_notes(root))
    placed = on_all(((note, locate(tree, note.at)) for note in notes), touched)
    return replace(scenario, notes=tuple(Problem.at(origin, (), note) for note, origin in placed))


def _together(layers: Iterable[Branch], below: Branch = NOTHING) -> tuple[Branch, list[Problem]]:
    """Return layers laid on what is below, and what is wrong with nulls and with keys that have a date."""
    tree, problems = below, list[Problem]()
    for layer in layers:
        tree, wrong = _laid(Same(tree), Same(layer))
        problems += wrong
    return tree, problems


@lru_cache(128)
def _laid(below: Same[Branch], layer: Same[Branch]) -> tuple[Branch, tuple[Problem, ...]]:
    """Return a layer laid on what is below; scenarios that are compared, or asked for again, share most of theirs."""
    idle = tuple(idle_nulls(layer.thing, below.thing))
    tree, misplaced = with_entries(lay(layer.thing, below.thing), layer.thing)
    return tree, (*idle, *misplaced)


def _with_date(root: Root) -> Root:
    """Return the scenario with the date of an end that is written as a day."""
    if root.start.at is None or root.end.day is None:
        return root
    at = root.start.at + timedelta(days=root.end.day)
    return root.model_copy(update={"end": replace(root.end, at=at, day=None)})


def _placed(tree: Branch, fault: Fault, path: FilePath | Data) -> Problem:
    by_key = fault.wrong in ("unknown key", MISTAKEN)
    origin = locate(tree, fault.at, key=by_key)
    top = Origin(str(path), 1, 1) if isinstance(path, FilePath) else Origin(str(path))
    if fault.wrong == MISSING and len(fault.at) == 1:
        return Problem.at(top, (), fault)  # no line of any file could tell of it
    return Problem.at(origin if origin.file else top, (), fault)


def _place(problem: Problem) -> tuple[bool, str, int, int]:
    return problem.wrong == UNTOLD, problem.file, problem.line, problem.column


def _order(path: Path) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, int(key), "") if key.isdecimal() else (1, 0, key) for key in path)

"""Strategies by name: the overlays in folders called ``strategies``, a user's own before the shipped ones."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from sim.errors import ScenarioError
from sim.scenario.argument import argument
from sim.scenario.files import Files
from sim.scenario.folders import LAID, STRATEGIES, files_in, matches, name_in, roots, shown
from sim.scenario.merge import laid_together
from sim.scenario.problem import nearest, quoted
from sim.scenario.tree import Branch, Leaf

OTHERS = tuple(home for home in LAID if home != STRATEGIES)
"""Folders of overlays that are no strategies."""
NONE = "not a strategy: it has no 'strategy'"
"""Problem of a file that lies among strategies and is none."""


@dataclass(frozen=True)
class Found:
    """A file in a folder of strategies.

    Attributes
    ----------
    name
        The file's name without ending.
    label, note
        As the strategy gives them, with what it extends; empty if it gives none.
    path
        The file.
    problem
        Why it cannot serve as a strategy of this name, if so.
    hides
        Files of the same name in folders that are searched later.
    """

    name: str
    label: str
    note: str
    path: Path
    problem: str | None = None
    hides: tuple[Path, ...] = ()


def folders(beside: Path | None = None) -> list[Path]:
    """Return the folders of strategies that there are, in the order in which they are searched.

    Those called ``strategies`` in the `sim.scenario.folders.roots`.
    """
    return [root / STRATEGIES for root in roots(beside) if (root / STRATEGIES).is_dir()]


def found(beside: Path | None = None) -> dict[str, Found]:
    """Return the strategies that can be named, in order of name; of two of one name, the nearer to ``beside``."""
    return listed(folders(beside))


def listed(searched: Iterable[Path]) -> dict[str, Found]:
    """Return the strategies in folders, in order of name; of two of one name, that of the earlier folder.

    Raises
    ------
    ScenarioError
        If a folder cannot be read.
    """
    files: dict[str, list[Path]] = {}
    for folder in searched:
        try:
            entries = files_in(folder)
        except OSError as error:
            told = f"not a folder that can be read; given {quoted(str(folder))}; expected a folder of strategies"
            raise ScenarioError(told) from error
        for entry in entries:
            files.setdefault(name_in(entry), []).append(entry)
    return {name: _read(paths) for name, paths in sorted(files.items())}


def find(name_or_path: str, beside: Path | None = None) -> Path:
    """Return the file of a strategy, given its name or a path.

    Raises
    ------
    ScenarioError
        If there is none, with the nearest name and the folders that were searched, or if the file holds none.
    """
    known = found(beside)
    one = known.get(normalize("NFC", name_or_path))
    if one is None and os.path.isfile(name_or_path):
        one = _read([Path(name_or_path)])
    if one is not None and one.problem == NONE:
        raise ScenarioError(
            f"{shown(one.path)}: {NONE}; expected a file with 'strategy: {{name: …, label: …, …}}', or "
            f"{argument('overlays')}"
        )
    if one is not None:
        return one.path
    if any(matches(name_or_path.removesuffix(".yaml"), root, OTHERS) for root in roots(beside)):
        raise ScenarioError(
            f"no strategy {quoted(name_or_path)}; it is an overlay: {argument('overlays', name_or_path)}"
        )
    near = nearest(Path(name_or_path).stem, known) or nearest(name_or_path, known)
    expected = f"the nearest is '{near}'" if near else f"expected one of {', '.join(known)}, or a file"
    where = ", ".join(shown(folder) for folder in folders(beside)) or "no folder: there is none"
    raise ScenarioError(f"no strategy {quoted(name_or_path)}; {expected}; looked in {where}")


def _read(paths: list[Path]) -> Found:
    path, *hides = paths
    files = Files()
    layers = files.layers(path)
    tree = laid_together(layers)
    given = tree.items.get("strategy")
    texts = {}
    if isinstance(given, Branch):
        texts = {key: item.value for key, item in given.items.items() if isinstance(item, Leaf)}
    name, label, note = (text if isinstance(text := texts.get(key), str) else "" for key in ("name", "label", "note"))
    problem = None
    if files.problems:
        problem = str(files.problems[0])
    elif not isinstance(given, Branch):
        problem = NONE
    elif name != name_in(path):
        problem = f"strategy.name is {quoted(name)}; expected '{path.stem}', as the file is called"
    elif not label:
        problem = "no strategy.label"
    label, note = (" ".join(text.split()) for text in (label, note))
    return Found(name_in(path), label, note, path, problem, tuple(hides))

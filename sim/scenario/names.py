"""Files by bare name: the scenarios, overlays, strategies and targets that can be named, and what each says of itself.

A user's own go before the shipped ones.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile
from os import PathLike
from pathlib import Path
from typing import Final, Literal
from unicodedata import normalize

from sim.errors import ScenarioError
from sim.scenario.calls import argument
from sim.scenario.files import Files
from sim.scenario.folders import (
    LAID,
    STRATEGIES,
    TARGETS,
    TOP,
    files_in,
    is_bare,
    matches,
    name_in,
    readable,
    roots,
    shown,
)
from sim.scenario.merge import laid_together
from sim.scenario.problem import nearest, plain_words, quoted, some
from sim.scenario.references import is_overlay
from sim.scenario.schema import Root
from sim.scenario.tree import Branch, Leaf, Node

Kind = Literal["scenario", "overlay", "targets"]
HOMES: Final[dict[Kind, tuple[str, ...]]] = {
    "scenario": (TOP,),
    "overlay": (TOP, *LAID),
    "targets": (TOP, TARGETS),
}
"""Folders, in one of scenarios, in which files of a kind lie."""
CALLED: Final[dict[Kind, str]] = {"scenario": "scenario", "overlay": "overlay", "targets": "file of targets"}
NO_LINE: Final = ("yaml-language-server", "Use:", "Made by:")
OTHERS = tuple(home for home in LAID if home != STRATEGIES)
"""Folders of overlays that are no strategies."""
NONE = "not a strategy: it has no 'strategy'"
"""Problem of a file that lies among strategies and is none."""


@dataclass(frozen=True)
class Named:
    """A file that can be named.

    Attributes
    ----------
    name
        Its bare name, with the folder before it where there are two of that name.
    kind, home
        What it is, and the folder in which it lies among scenarios; empty for that folder itself.
    told
        What it says, in a line.
    path
        The file.
    """

    name: str
    kind: str
    home: str
    told: str
    path: Path


@dataclass(frozen=True)
class NamedStrategy:
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


def file_of(name_or_path: str | PathLike[str], kind: Kind, beside: Path | None = None) -> Path:
    """Return the file that a path or a bare name stands for; a path that is none is for its reader to refuse.

    Parameters
    ----------
    name_or_path
        A path, or the name of a file without ending; a folder may stand before it, as in ``what-if/pause``.
    kind
        What is looked for.
    beside
        A scenario beside which names are looked for first.

    Raises
    ------
    ScenarioError
        If no file, or more than one, has that name; with the nearest name.
    """
    name = given_name(name_or_path, CALLED[kind])
    if name.strip() and (not is_bare(name) or os.path.isfile(name)):
        return Path(name)
    if kind == "overlay" and name.startswith(f"{STRATEGIES}/"):
        return strategy_file(name.partition("/")[2], beside)
    searched = roots(beside)
    for root in searched:
        files = [path for path in matches(name, root, HOMES[kind]) if path.parent != root or _may_be(path, kind)]
        if len(files) > 1:
            names = ", ".join(f"'{path.parent.name}/{path.stem}'" for path in files)
            raise ScenarioError(f"{quoted(name)} is the name of several files; expected one of {names}")
        if files:
            return Path(shown(files[0]))
    if os.path.exists(name):
        return Path(name)
    raise ScenarioError(f"no {CALLED[kind]} {quoted(name)}; {_meant(name, kind, searched)}")


def given_name(value: object, called: str) -> str:
    """Return a path or name as text.

    Raises
    ------
    ScenarioError
        If it is neither.
    """
    name = os.fspath(value) if isinstance(value, str | PathLike) else None
    if not isinstance(name, str):
        words = plain_words(value) if isinstance(value, list | tuple | dict | int | float | None) else repr(type(value))
        raise ScenarioError(f"no {called}: given {quoted(words)[1:-1]}; expected a path or a name")
    return name


def named_files(beside: Path | None = None) -> list[Named]:
    """Return the files that can be named, by kind and folder; of two of one folder and name, the nearer."""
    known: dict[tuple[str, str], Named] = {}
    for root in roots(beside):
        for home in (TOP, *LAID, TARGETS):
            for path in readable(root / home):
                kind = _kind_of(path) if home in (TOP, TARGETS) else "overlay"
                if kind is not None and (home, name_in(path)) not in known:
                    known[home, name_in(path)] = Named(name_in(path), kind, home, _line(path), path)
    rows = sorted(known.values(), key=lambda row: (list(HOMES).index(row.kind), row.home, row.name))  # type: ignore[arg-type]
    times = Counter((row.kind, row.name) for row in rows)
    return [
        replace(row, name=f"{row.home}/{row.name}") if row.home and times[row.kind, row.name] > 1 else row
        for row in rows
    ]


def strategy_folders(beside: Path | None = None) -> list[Path]:
    """Return the folders of strategies that there are, in the order in which they are searched.

    Those called ``strategies`` in the `sim.scenario.folders.roots`.
    """
    return [root / STRATEGIES for root in roots(beside) if (root / STRATEGIES).is_dir()]


def strategies(searched: Iterable[Path] | None = None, beside: Path | None = None) -> dict[str, NamedStrategy]:
    """Return the strategies in folders, in order of name; of two of one name, that of the earlier folder.

    The folders are those of the strategies that can be named, unless others are given.

    Raises
    ------
    ScenarioError
        If a folder cannot be read.
    """
    files: dict[str, list[Path]] = {}
    for folder in strategy_folders(beside) if searched is None else searched:
        try:
            entries = files_in(folder)
        except OSError as error:
            wrong = f"not a folder that can be read; given {quoted(str(folder))}; expected a folder of strategies"
            raise ScenarioError(wrong) from error
        for entry in entries:
            files.setdefault(name_in(entry), []).append(entry)
    return {name: _strategy(*paths) for name, paths in sorted(files.items())}


def strategy_file(name_or_path: str, beside: Path | None = None) -> Path:
    """Return the file of a strategy, given its name or a path.

    Raises
    ------
    ScenarioError
        If there is none, with the nearest name and the folders that were searched, or if the file holds none.
    """
    name = normalize("NFC", name_or_path)
    files = (path for folder in strategy_folders(beside) for path in readable(folder) if name_in(path) == name)
    path = next(files, Path(name_or_path) if os.path.isfile(name_or_path) else None)
    if path is not None:
        if _strategy(path).problem == NONE:
            expected = f"a file with 'strategy: {{name: …, label: …, …}}', or {argument('overlays')}"
            raise ScenarioError(f"{shown(path)}: {NONE}; expected {expected}")
        return path
    if any(matches(name_or_path.removesuffix(".yaml"), root, OTHERS) for root in roots(beside)):
        use = f"it is an overlay: {argument('overlays', name_or_path)}"
        raise ScenarioError(f"no strategy {quoted(name_or_path)}; {use}")
    known = strategies(beside=beside)
    near = nearest(Path(name_or_path).stem, known) or nearest(name_or_path, known)
    expected = f"the nearest is '{near}'" if near else f"expected one of {', '.join(known)}, or a file"
    where = ", ".join(shown(folder) for folder in strategy_folders(beside)) or "no folder: there is none"
    raise ScenarioError(f"no strategy {quoted(name_or_path)}; {expected}; looked in {where}")


def _strategy(path: Path, *hides: Path) -> NamedStrategy:
    files = Files()
    strategy = laid_together(files.layers(path)).items.get("strategy")
    items = strategy.items if isinstance(strategy, Branch) else {}
    name, label, note = (_text(items.get(key)) for key in ("name", "label", "note"))
    problem = None
    if files.problems:
        problem = str(files.problems[0])
    elif not isinstance(strategy, Branch):
        problem = NONE
    elif name != name_in(path):
        problem = f"strategy.name is {quoted(name)}; expected '{path.stem}', as the file is called"
    elif not label:
        problem = "no strategy.label"
    label, note = (" ".join(text.split()) for text in (label, note))
    return NamedStrategy(name_in(path), label, note, path, problem, hides)


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, Leaf) and isinstance(node.value, str) else ""


def _may_be(path: Path, kind: Kind) -> bool:
    """Say whether a file that lies where files of several kinds do may be of a kind; a scenario's is told otherwise."""
    return kind == "scenario" or _kind_of(path) == kind


def _kind_of(path: Path) -> Kind | None:
    """Return what a file is; None if it is nothing that Convoi reads."""
    tree = _tree(path)
    if TARGETS in tree.items and "towns" not in tree.items:
        return "targets"
    if not tree.items.keys() & Root.model_fields.keys() - {"title", "note", "name"}:
        return None
    return "overlay" if is_overlay(tree) else "scenario"


def _tree(path: Path) -> Branch:
    return laid_together(Files().layers(path))


def _line(path: Path) -> str:
    """Return what a file says of itself in a line: its first comment, or its title, or that of its strategy."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in takewhile(lambda line: line.startswith("#"), lines):
            text = " ".join(line.lstrip("# ").split())
            if text and not text.startswith(NO_LINE):
                return text.removesuffix(".")
    title = _tree(path).items.get("title")
    return str(title.value) if isinstance(title, Leaf) else ""


def _meant(name: str, kind: Kind, searched: list[Path]) -> str:
    """Say what may have been meant by a name that no file of a kind has."""
    for other in HOMES:
        alike = (path for root in searched for path in matches(name, root, HOMES[other]))
        path = next((path for path in alike if path.parent not in searched or _kind_of(path) == other), None)
        if other != kind and path is not None:
            return _use(other, path.parent.name)
    files = [path for root in searched for home in HOMES[kind] for path in readable(root / home)]
    fitting = (kind, None) if kind == "scenario" else (kind,)
    known = dict.fromkeys(name_in(path) for path in files if path.parent not in searched or _kind_of(path) in fitting)
    near = nearest(name.rpartition("/")[2], known)
    where = ", ".join(shown(root) for root in searched)
    return f"the nearest is '{near}'" if near else f"expected a path, or one of {some(known)}; looked in {where}"


def _use(kind: Kind, home: str) -> str:
    """Say what a file of a kind, in a folder, is for."""
    if kind == "overlay":
        what, by = ("a strategy", "strategy") if home == STRATEGIES else ("an overlay", "overlays")
        return f"it is {what}, to be laid on a scenario by {argument(by)}"
    return "it is a scenario" if kind == "scenario" else f"it is a file of targets, for {argument('targets')}"

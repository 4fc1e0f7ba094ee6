"""The files of a scenario: ``extends``, in order, confined to the scenario's folder tree and the shipped files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

from sim.errors import ScenarioError
from sim.scenario.folders import (
    ENDINGS,
    LAID,
    TARGETS,
    TOP,
    above,
    bare_name,
    folder_of,
    is_bare,
    matches,
    shipped_folder,
)
from sim.scenario.problem import Fault, Origin, Problem, nearest, quoted
from sim.scenario.read import BYTES, NODES, UnreadableError, read, read_data
from sim.scenario.tree import Branch, Leaf, Node, Row, is_null, origins, size

FILES = 50
"""Files of one scenario; together they hold no more values than one may."""


@dataclass(frozen=True)
class Data:
    """What stands in the place of a file: layers, first at the bottom, which extend as a file in a folder does."""

    trees: tuple[Branch, ...]
    stem: str
    home: Path

    @classmethod
    def of(cls, content: Mapping[str, Any], place: str) -> Data:
        """Take data of Python; ``place`` is what messages call it.

        Raises
        ------
        ScenarioError
            If they hold what no file can say.
        """
        tree = data_tree(content, Origin(place))
        return cls((tree,), bare_name(content), Path.cwd())

    def __str__(self) -> str:
        return self.trees[0].origin.file if len(self.trees) == 1 else "scenario"


def data_tree(content: Mapping[str, Any], origin: Origin) -> Branch:
    """Return the tree of data of Python; raises ScenarioError if they hold what no file can say."""
    try:
        tree = read_data(content, origin)
    except UnreadableError as error:
        raise ScenarioError((error.problem,)) from None
    assert isinstance(tree, Branch)
    return tree


class _Text(NamedTuple):
    """What a file, or what stands in its place, says.

    ``tree`` is all of it, ``layer`` what it lays on what it extends, ``values`` their number, ``files`` what messages
    call their places.
    """

    tree: Branch
    layer: Branch
    values: int
    files: frozenset[str]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, tree: Branch, problems: Iterable[Problem] = ()) -> _Text:
        files = frozenset(place.file for place in origins(tree).values())
        return cls(tree, tree.without("extends"), size(tree), files, tuple(problems))


@dataclass
class Files:
    """Collects the files of a scenario and what is wrong with them.

    ``ranks`` tells, by what messages call the places of values, which were laid later; ``laid`` counts the layers.
    """

    problems: list[Problem] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    ranks: dict[str, int] = field(default_factory=dict)
    broken: bool = False
    values: int = 0
    laid: int = 0

    def layers(self, source: Path | Data) -> list[Branch]:
        """Return what a file, or what stands in its place, extends, and itself, base first."""
        if isinstance(source, Path):
            return self._layers(source, Origin(str(source)), folder_of(source), (), set())
        path = source.home / "data"
        texts = [_Text.of(tree) for tree in source.trees]
        layers = [
            layer
            for text in texts
            if self._fits(text, text.tree.origin, extends=False)
            for layer in self._extended(text, path, folder_of(path), (), set())
        ]
        self.ranks |= dict.fromkeys(frozenset[str]().union(*(text.files for text in texts)), self.laid - 1)
        return layers

    def _layers(self, path: Path, place: Origin, root: Path, below: tuple[Path, ...], laid: set[Path]) -> list[Branch]:
        """Return the file and what it extends, base first; a file that is extended twice is laid once."""
        real = Path(os.path.realpath(path))
        if real in below:
            names = " → ".join(part.name for part in (*below[below.index(real) :], real))
            self._report(place, Fault("files extend one another in a circle", names, "no circle"), extends=True)
            return []
        if real in laid:
            return []
        laid.add(real)
        if len(laid) > FILES:
            self._report(place, Fault("too many files", f"over {FILES}", f"at most {FILES}"), extends=True)
            return []
        text = self._read(path, place, extends=bool(below))
        if text is None:
            return []
        layers = self._extended(text, path, root, (*below, real), laid)
        self.paths.append(path)
        return layers

    def _extended(self, text: _Text, path: Path, root: Path, below: tuple[Path, ...], laid: set[Path]) -> list[Branch]:
        """Return what a text extends as the file at a path would, and itself."""
        layers: list[Branch] = []
        for name, at in self._extends(text.tree):
            named = self._named(name, at, path)
            target = named or self._target(name, at, path, root)
            if target is not None:
                layers += self._layers(target, at, folder_of(target) if named else root, below, laid)
        self.ranks |= dict.fromkeys(text.files, self.laid)
        self.laid += 1
        return [*layers, text.layer]

    def _read(self, path: Path, place: Origin, extends: bool) -> _Text | None:
        try:
            if path.exists() and not path.is_file():
                raise OSError("not a file")
            with path.open("rb") as stream:
                data = stream.read(BYTES + 1)
            text = _text(data, str(path))
        except UnreadableError as error:
            self.problems.append(error.problem)
            self.broken = True
            return None
        except (OSError, ValueError) as error:
            wrong = "no such file" if isinstance(error, FileNotFoundError) else "a file that cannot be read"
            self._report(place, Fault(wrong, quoted(str(path)), _neighbour(path)), extends)
            return None
        self.problems += text.problems
        return text if self._fits(text, place if place.line else Origin(place.file, 1, 1), extends) else None

    def _fits(self, text: _Text, place: Origin, extends: bool) -> bool:
        self.values += text.values
        if self.values > NODES:
            self._report(place, Fault("too many values", f"over {NODES:,} in all files", f"at most {NODES:,}"), extends)
        return self.values <= NODES

    def _extends(self, branch: Branch) -> list[tuple[str, Origin]]:
        node: Node | None = branch.items.get("extends")
        if node is None or is_null(node):
            return []
        names = []
        for item in node.items if isinstance(node, Row) else (node,):
            if isinstance(item, Leaf) and isinstance(item.value, str) and item.value.strip():
                names.append((item.value.strip(), item.origin))
            else:
                given = quoted(item.value) if isinstance(item, Leaf) else "a list or mapping"
                self._report(item.origin, Fault("not a file name", given, "a file name or a list of them"), True)
        return names

    def _named(self, name: str, at: Origin, path: Path) -> Path | None:
        """Return the file that another extends by its bare name, unless a file beside it is called so."""
        if not is_bare(name) or os.path.isfile(path.parent / name):
            return None
        for folder in (*above(path), shipped_folder()):
            real = os.path.realpath(path)
            files = [file for file in matches(name, folder, (TOP, *LAID)) if os.path.realpath(file) != real]
            if len(files) > 1 and files[0].parent != folder:  # a scenario goes before what is laid on one
                names = " or ".join(f"{file.parent.name}/{file.stem}" for file in files)
                self._report(at, Fault("a name of several files", quoted(name), names), True)
            if files:
                return files[0]
        return None

    def _target(self, name: str, at: Origin, path: Path, root: Path) -> Path | None:
        expected = f"a file in '{root.name}' or a folder below it"
        if "\0" in name or Path(name).is_absolute() or name.startswith("~"):
            self._report(at, Fault("not a relative file name", quoted(name), expected), True)
            return None
        target = Path(os.path.normpath(path.parent / name))
        other = target.with_name(normalize("NFD", target.name))
        if not os.path.exists(target) and os.path.exists(other):
            target = other  # names of files are read as any text, in NFC; a folder may spell them otherwise
        if not Path(os.path.realpath(target)).is_relative_to(os.path.realpath(root)):
            self._report(at, Fault("a file outside the scenario's folder", quoted(name), expected), True)
            return None
        return target

    def _report(self, place: Origin, fault: Fault, extends: bool) -> None:
        self.problems.append(Problem.at(place, ("extends",) if extends else (), fault))
        self.broken = True


@lru_cache(64)
def _text(data: bytes, file: str) -> _Text:
    """Return what a file says; what is compared shares most of its files."""
    return _Text.of(*read(data, file))


def _neighbour(path: Path) -> str:
    """Say which file may be meant: one of a near name in the folder, or of this name below the folder above it."""
    elsewhere = _elsewhere(path)
    if elsewhere:
        return f"a scenario file; there is '{elsewhere}'"
    if is_bare(path.stem) and matches(path.stem, shipped_folder(), (TOP, *LAID, TARGETS)):
        return f"a scenario file; '{path.stem}', without folder and ending, names the one that is shipped"
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.suffix in ENDINGS]
    except (OSError, ValueError):
        return "a scenario file in an existing folder"
    stems = {Path(name).stem: name for name in sorted(names)}
    near = nearest(path.name, names) or stems.get(nearest(path.stem, stems) or "")
    if near:
        return f"a scenario file; the nearest is '{path.parent / near}'"
    shown = ", ".join(sorted(names)[:6]) + (", …" if len(names) > 6 else "")
    return f"a scenario file, such as {shown}" if names else "a scenario file"


def _elsewhere(path: Path) -> Path | None:
    """Return a file of the same name in another folder of scenarios."""
    name = path.name if path.suffix in ENDINGS else f"{path.name}.yaml"
    try:
        homes = [folder for folder in path.parents if folder.name == "scenarios" and folder.is_dir()]
        places = [folder / name for home in homes[:1] for folder in sorted(home.iterdir())]
        return next((place for place in places if place.is_file()), None)
    except (OSError, ValueError):
        return None

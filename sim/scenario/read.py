"""Reading YAML, or the like in Python data, into a located tree, within limits; files without recursion."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from unicodedata import normalize

from sim.scenario.problem import Fault, Origin, Path, Problem, quoted
from sim.scenario.quick import quick_events
from sim.scenario.tree import Branch, Leaf, Node, Row, Scalar, height, is_null, size

BYTES = 1_000_000
DEPTH = 40
NODES = 100_000
KEY = "text without dots, brackets or control characters"

_BRACKETS = frozenset(".[]")
_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **{form: True for word in ("true", "yes", "on") for form in (word, word.title(), word.upper())},
    **{form: False for word in ("false", "no", "off") for form in (word, word.title(), word.upper())},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **{sign + form: math.inf for sign in ("", "+") for form in (".inf", ".Inf", ".INF")},
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_BYTE_ORDER_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\x00\x00\xfe\xff", "UTF-32"))


class UnreadableError(Exception):
    """A file that cannot be read on; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read(data: bytes, file: str) -> tuple[Branch, list[Problem]]:
    """Return the mapping that a file holds, and the problems that did not stop the reading.

    Raises UnreadableError for a file that is too big, not UTF-8, not YAML, too deep, or no mapping.
    """
    if len(data) > BYTES:
        raise _stop(Origin(file, 1, 1), "the file is too big", f"{len(data):,} bytes", f"at most {BYTES:,} bytes")
    problems: list[Problem] = []
    node = _Builder(file, problems).build(_decoded(data, file))
    if not isinstance(node, Branch):
        given = "an empty file" if is_null(node) else quoted(node.value) if isinstance(node, Leaf) else "a list"
        raise _stop(node.origin, "not a scenario", given, "a mapping such as 'title: …'")
    return node, problems


def read_data(data: object, origin: Origin, path: Path = ()) -> Node:
    """Return the tree of Python data, every part placed at ``origin``; raises UnreadableError for what no file can say.

    Dates and NumPy's numbers stand for what a file says of them.
    """
    if len(path) > DEPTH:
        raise _stop(origin, "nested too deeply", f"over {DEPTH} levels", f"at most {DEPTH} levels")
    if isinstance(data, Mapping):
        items: dict[str, Node] = {}
        for name, item in data.items():
            key = normalize("NFC", str(name))
            if not _is_key(key) or key in items:
                wrong, expected = ("a key given twice", "each key once") if key in items else ("not a key", KEY)
                raise UnreadableError(Problem.at(origin, path, Fault(wrong, quoted(key), expected)))
            items[key] = read_data(item, origin, (*path, key))
        return Branch(items, dict.fromkeys(items, origin), origin)
    if isinstance(data, list | tuple):
        row = (read_data(item, origin, (*path, str(position))) for position, item in enumerate(data))
        return Row(tuple(row), origin)
    value = str(data) if isinstance(data, date) else data.item() if hasattr(data, "item") else data
    if not isinstance(value, str | int | float | None):
        expected = "text, a number, True or False, a date, a list or a dict"
        raise UnreadableError(Problem.at(origin, path, Fault("not a value", type(value).__name__, expected)))
    return Leaf(normalize("NFC", value) if isinstance(value, str) else value, origin)


def read_value(text: str, origin: Origin) -> Node:
    """Return the tree of a value given as text, every part placed at ``origin``; raises UnreadableError."""
    problems: list[Problem] = []
    node = _Builder("", problems, fixed=origin).build(text)
    if problems:
        raise UnreadableError(problems[0])
    return node


def scalar(text: str) -> Scalar:
    """Return the value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) < 19 else float(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _is_key(text: str) -> bool:
    return 0 < len(text) <= 100 and text.isprintable() and _BRACKETS.isdisjoint(text)


def _decoded(data: bytes, file: str) -> str:
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            raise _stop(Origin(file, 1, 1), "not UTF-8", f"a file saved as {name}", "a file saved as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        place = Origin(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise _stop(place, "not UTF-8", f"byte 0x{data[error.start]:02x}", "a file saved as UTF-8") from None


def _stop(origin: Origin, wrong: str, given: str = "", expected: str = "") -> UnreadableError:
    return UnreadableError(Problem.at(origin, (), Fault(wrong, given, expected)))


@dataclass
class _Open:
    """A mapping or list that is not yet closed."""

    origin: Origin
    anchor: str | None
    mapping: bool
    children: list[Node] = field(default_factory=list)
    keys: list[tuple[str, Origin]] = field(default_factory=list)
    seen: dict[str, Origin] = field(default_factory=dict)

    @property
    def wants_key(self) -> bool:
        return self.mapping and len(self.keys) == len(self.children)


class _Builder:
    """Builds a tree from the parser's events; an explicit stack keeps deep files from exhausting Python's."""

    def __init__(self, file: str, problems: list[Problem], fixed: Origin | None = None) -> None:
        self.file = file
        self.problems = problems
        self.fixed = fixed
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.nodes = 0
        self.root: Node | None = None

    def build(self, text: str) -> Node:
        for event in self.events(text):
            kind = type(event).__name__
            if kind == "DocumentStartEvent" and self.root is not None:
                raise self.stop(event, "a second document", "'---'", "one document per file")
            if kind == "AliasEvent":
                self.alias(event)
            elif kind == "ScalarEvent":
                self.scalar(event)
            elif kind in ("MappingStartEvent", "SequenceStartEvent"):
                self.open(event, mapping=kind == "MappingStartEvent")
            elif kind in ("MappingEndEvent", "SequenceEndEvent"):
                self.close()
        return self.root if self.root is not None else Leaf(None, self.fixed or Origin(self.file, 1, 1))

    def events(self, text: str) -> Iterator[Any]:
        quick = quick_events(text)
        return self.parsed(text) if quick is None else iter(quick)

    def parsed(self, text: str) -> Iterator[Any]:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError

        parser = YAML(typ="safe", pure=True)
        last = Origin(self.file, 1, 1)
        stream = parser.parse(text)
        while True:
            try:
                event = next(stream, None)
            except MarkedYAMLError as error:
                mark = error.problem_mark or error.context_mark
                place = Origin(self.file, mark.line + 1, mark.column + 1) if mark else last
                reason = " ".join(" ".join(str(part) for part in (error.context, error.problem) if part).split())
                raise _stop(self.fixed or place, f"not YAML: {quoted(reason, 160)[1:-1]}") from None
            except Exception as error:
                # Noise makes the parser raise errors of many kinds; whichever it is, the file is not YAML.
                place = _noise(text, self.file) or last
                given = f"something the parser cannot read ({type(error).__name__})"
                raise _stop(self.fixed or place, "not YAML", given, "YAML, printable characters only") from None
            if event is None:
                return
            last = Origin(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
            yield event

    def place(self, event: Any) -> Origin:
        return self.fixed or Origin(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def stop(self, event: Any, wrong: str, given: str, expected: str) -> UnreadableError:
        problem = Problem.at(self.place(event), self.path(), Fault(wrong, given, expected))
        return UnreadableError(problem)

    def path(self) -> tuple[str, ...]:
        steps = []
        for part in self.stack:
            if part.mapping and len(part.keys) > len(part.children):
                steps.append(part.keys[-1][0])
            elif not part.mapping:
                steps.append(str(len(part.children)))
        return tuple(steps[:12])

    def check(self, event: Any, values: int, levels: int) -> None:
        self.nodes += values
        if self.nodes > NODES:
            raise self.stop(event, "too many values", f"over {NODES:,} with aliases counted in full", f"{NODES:,}")
        if len(self.stack) + levels > DEPTH:
            raise self.stop(event, "nested too deeply", f"over {DEPTH} levels", f"at most {DEPTH} levels")
        if getattr(event, "tag", None) not in (None, "!"):
            raise self.stop(event, "a tag", quoted(str(event.tag)), "plain YAML without tags")

    def alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            raise self.stop(event, "an alias without its anchor before it", f"'*{event.anchor}'", "a finished anchor")
        node = self.anchors[event.anchor]
        self.check(event, size(node), height(node))
        if self.stack and self.stack[-1].wants_key:
            raise self.stop(event, "not a key", f"'*{event.anchor}'", "plain text")
        self.add(node, None)

    def scalar(self, event: Any) -> None:
        self.check(event, 1, 0)
        place = self.place(event)
        if self.stack and self.stack[-1].wants_key:
            self.key(event, place)
            return
        text, plain = normalize("NFC", event.value), not event.style and event.tag != "!"
        node = Leaf(scalar(text) if plain else text, place)
        self.add(node, event.anchor)

    def key(self, event: Any, place: Origin) -> None:
        key = normalize("NFC", event.value)
        if key == "<<" and not event.style:
            raise self.stop(event, "a merge key", "'<<'", "'extends', or the keys written out")
        if not _is_key(key):
            raise self.stop(event, "not a key", quoted(key), KEY)
        self.stack[-1].keys.append((key, place))
        first = self.stack[-1].seen.setdefault(key, place)
        if first is not place:
            fault = Fault("a key given twice", f"'{key}' on lines {first.line} and {place.line}", "each key once")
            self.problems.append(Problem.at(place, self.path(), fault))

    def open(self, event: Any, mapping: bool) -> None:
        self.check(event, 1, 1)
        if self.stack and self.stack[-1].wants_key:
            raise self.stop(event, "not a key", "a mapping or list", "plain text")
        self.stack.append(_Open(self.place(event), event.anchor, mapping))

    def close(self) -> None:
        part = self.stack.pop()
        node: Node
        if part.mapping:
            items: dict[str, Node] = {}
            for (key, _), child in zip(part.keys, part.children, strict=True):
                # Of a key given twice the first stays; the problem is reported anyway.
                items.setdefault(key, child)
            node = Branch(items, part.seen, part.origin)
        else:
            node = Row(tuple(part.children), part.origin)
        self.add(node, part.anchor)

    def add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = node
        if self.stack:
            self.stack[-1].children.append(node)
        else:
            self.root = node


def _noise(text: str, file: str) -> Origin | None:
    for number, line in enumerate(text.split("\n"), 1):
        for column, character in enumerate(line, 1):
            if not (character.isprintable() or character in "\t\r"):
                return Origin(file, number, column)
    return None

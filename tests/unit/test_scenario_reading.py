"""Reading files: limits, places, duplicate keys, anchors, encodings, noise."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from sim.scenario.folders import shipped_folder
from sim.scenario.problem import Origin
from sim.scenario.quick import quick_events
from sim.scenario.read import BYTES, DEPTH, UnreadableError, read
from sim.scenario.tree import locate, origins, plain

SHIPPED = shipped_folder()


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(data, "f.yaml")
    return str(caught.value)


def test_scalars_are_those_of_yaml_1_2_with_yes_and_no() -> None:
    text = b"a: [1, 2.5, yes, Off, true, ~, null, '', no-one, 2025-09-03, 0x10, 1e3, '1', 012]"
    node, problems = read(text, "f.yaml")
    expected = [1, 2.5, True, False, True, None, None, "", "no-one", "2025-09-03", "0x10", 1000.0, "1", 12]
    assert plain(node) == {"a": expected}
    assert problems == []


def test_nan_and_infinity_are_read_as_such() -> None:
    node, _ = read(b"a: .nan\nb: -.inf\nc: " + b"9" * 5000, "f.yaml")
    values = plain(node)
    assert math.isnan(values["a"])
    assert (values["b"], values["c"]) == (-math.inf, math.inf)


def test_every_value_knows_its_place() -> None:
    node, _ = read(b"a:\n  b: 1\n  c: [x,  y]\n", "f.yaml")
    places = origins(node)
    assert places[("a", "b")] == Origin("f.yaml", 2, 6)
    assert places[("a", "c", "1")] == Origin("f.yaml", 3, 11)
    assert locate(node, ("a", "b"), key=True) == Origin("f.yaml", 2, 3)
    assert locate(node, ("a", "nowhere", "x")) == Origin("f.yaml", 1, 1)


def test_a_key_given_twice_names_both_lines_and_reading_goes_on() -> None:
    node, problems = read(b"a: 1\nb: 2\na: 3\nb: 4\n", "f.yaml")
    assert [str(problem) for problem in problems] == [
        "f.yaml:3:1: a: a key given twice; given 'a' on lines 1 and 3; expected each key once",
        "f.yaml:4:1: b: a key given twice; given 'b' on lines 2 and 4; expected each key once",
    ]
    assert plain(node) == {"a": 1, "b": 2}


def test_what_is_done_to_a_file_that_was_read_is_not_seen_by_the_next_who_reads_it() -> None:
    text = b"a: {b: [{c: 1}]}\na: 2\n"
    node, problems = read(text, "f.yaml")
    inner = node.items["a"].items["b"].items[0]
    for branch in (inner, node.items["a"], node):
        branch.items.clear()
        branch.keys.clear()
    problems.clear()
    node, problems = read(text, "f.yaml")
    assert plain(node) == {"a": {"b": [{"c": 1}]}}
    assert locate(node, ("a", "b", "0", "c"), key=True) == Origin("f.yaml", 1, 10)
    assert len(problems) == 1


def test_the_same_text_in_another_file_has_places_of_its_own() -> None:
    files = ("f.yaml", "g.yaml")
    assert [read(b"a: 1\n", file)[0].items["a"].origin for file in files] == [Origin(file, 1, 4) for file in files]


def test_aliases_are_followed() -> None:
    node, _ = read(b"a: &x {b: 1}\nc: *x\nd: &y 5\ne: [*y, *y]", "f.yaml")
    assert plain(node) == {"a": {"b": 1}, "c": {"b": 1}, "d": 5, "e": [5, 5]}


def bomb(levels: int = 9) -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "f.yaml:1:1: not a scenario; given an empty file"),
        (b"# only a comment\n", "not a scenario; given an empty file"),
        (b"- 1", "f.yaml:1:1: not a scenario; given a list"),
        (b"text", "f.yaml:1:1: not a scenario; given 'text'"),
        (b"a: 1\n---\nb: 2", "f.yaml:2:1: a second document"),
        (b"a: !!python/object:os.system x", "f.yaml:1:4: a: a tag"),
        (b"a: !mine 3", "a: a tag; given '!mine'"),
        (b"a: *x", "f.yaml:1:4: a: an alias without its anchor"),
        (b"a: &x [1, *x]", "an alias without its anchor"),
        (b"*x : 1", "an alias without its anchor"),
        (b"a: &x 1\n*x : 2", "f.yaml:2:1: not a key"),
        (b"<<: {a: 1}", "f.yaml:1:1: a merge key"),
        (b"? [a]\n: 1", "f.yaml:1:3: not a key"),
        (b"a.b: 1", "f.yaml:1:1: not a key; given 'a.b'"),
        (b"'': 1", "f.yaml:1:1: not a key"),
        (b'"a\\nb": 1', "f.yaml:1:1: not a key"),
        (b"a: {b: 1\nc: 2", "f.yaml:2:2: not YAML: while parsing a flow mapping"),
        (b'a: "\\UFFFFFFFF"', "f.yaml:1:1: not YAML"),
        (b"%YAML 3.0\n---\na: 1", "f.yaml:1:1: not YAML"),
        (b"a: [\x00]", "f.yaml:1:5: not YAML"),
        (b"a:\n  - b\x07", "f.yaml:2:6: not YAML"),
        (b"a: caf\xe9", "f.yaml:1:7: not UTF-8; given byte 0xe9"),
        ("a: é".encode("utf-16"), "f.yaml:1:1: not UTF-8; given a file saved as UTF-16"),
        ("a: é".encode("utf-32"), "f.yaml:1:1: not UTF-8; given a file saved as UTF-"),
        (b"x" * (BYTES + 1), "f.yaml:1:1: the file is too big"),
        (b"[" * 10_000, "nested too deeply; given over 40 levels"),
        (b"a: " + b"{a: " * 10_000, "nested too deeply"),
        (b"- " * 10_000, "nested too deeply"),
        (bomb(), "too many values; given over 100,000 with aliases counted in full"),
    ],
)
def test_what_is_no_scenario_file_is_refused_with_its_place(data: bytes, told: str) -> None:
    assert told in refusal(data)


def test_aliases_count_towards_the_depth() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, DEPTH + 1)]
    assert "nested too deeply" in refusal("\n".join(lines).encode())


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert plain(read(b"\xef\xbb\xbfa: 1", "f.yaml")[0]) == {"a": 1}


def test_noise_is_refused_or_read_but_never_ends_otherwise() -> None:
    draw = random.Random(5)
    refused = 0
    for _ in range(300):
        data = bytes(draw.choices(b"ab:{}[],&*!|>'\"%@`-? \n\t#\x00\xff", k=draw.randrange(1, 60)))
        try:
            read(data, "f.yaml")
        except UnreadableError as error:
            refused += 1
            assert str(error).startswith("f.yaml:")
    assert refused > 200


def event_of(event: Any) -> tuple[object, ...]:
    """Return what the tree is built from; where a mapping ends, nobody asks."""
    kind, mark = type(event).__name__, event.start_mark
    place = None if kind.endswith("EndEvent") or kind.startswith("Stream") else (mark.line, mark.column)
    kept = ("value", "tag", "anchor")
    return kind, place, getattr(event, "style", None) or None, *(getattr(event, key, None) for key in kept)


def full_events(text: str) -> list[tuple[object, ...]] | None:
    try:
        return [event_of(event) for event in YAML(typ="safe", pure=True).parse(text)]
    except MarkedYAMLError:
        return None


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_files_are_read_quickly_and_as_the_full_parser_reads_them(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    events = quick_events(text)
    assert events is not None
    assert [event_of(event) for event in events] == full_events(text)


AWKWARD = [
    *("a:", '"a": #c', "?", "? a\n? b", "a: {b: , c}", "- \n- 1", "a: !!str b", "!x &a b", "a: &b ! c", "&a !x {}"),
    *("a: |+\n...", "|+\n#c", "|#", ">-\n  \n    x", "note: >-\n \n   x", "note: |2\n\n   x\n", "a: >\n\n  b\n   c\n"),
    *("a:\tb", "a: [b]\t", "a\u2028: b", "a: b\u0085c: d", "\ufeffa: b", "a: b\r", "a: b\r\nc: d\r\n"),
    *("{*hy: x}", "a: &b: c", "&a:b c", "a: *b:c", "a: &b c\nd: *b\n", "a: {x: &b 1, y: *b}", "{a: b:c}", "[a:b, ?c]"),
    *("%YAML 1.1\n---\na: b", 'a: "\\/\\x41\\\n  b"', "a: 'it''s\n  so'", "a: b\n  c\n\n  d # e\n", "[1,\n2\n]"),
    *("a: \x00", "a: \U0001f600\nb: \x7f", "a: 1\n---\nb: 2", "a: 1\n...\n", "--- a", "a: b: c", "a: ["),
    *("a\n:b", "@a", "a: `b", "", "# c", "- - a\n  - b"),
]  # fmt: skip


@pytest.mark.parametrize("text", AWKWARD)
def test_what_is_read_quickly_is_read_as_the_full_parser_reads_it(text: str) -> None:
    events = quick_events(text)
    assert events is None or [event_of(event) for event in events] == full_events(text)


def test_noise_in_a_file_is_read_as_the_full_parser_reads_it() -> None:
    draw = random.Random(1)
    lines = (SHIPPED / "mali.yaml").read_text(encoding="utf-8").split("\n")
    signs = [*"{}[]:,-?&*|>'\"# \n", "\n  ", "- ", ": ", "a: >-\n   b\n  c\n", "&a ", "*a ", "a:b", "\n\n", "é"]
    quick = 0
    for _ in range(400):
        first = draw.randrange(len(lines))
        text = "\n".join(lines[first : first + draw.randrange(1, 8)])
        for _ in range(draw.randrange(3)):
            at = draw.randrange(len(text) + 1)
            text = text[:at] + draw.choice(signs) + text[at + draw.randrange(2) :]
        events = quick_events(text)
        if events is not None:
            quick += 1
            assert [event_of(event) for event in events] == full_events(text), text
    assert quick > 100

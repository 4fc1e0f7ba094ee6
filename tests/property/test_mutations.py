"""A thousand spoilt scenario files: each is refused with its place, or was harmless and loads."""

from __future__ import annotations

import json
import random
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.read import read
from sim.scenario.tree import plain
from tests.files import write

TINY = (Path(__file__).parents[1] / "data" / "tiny.yaml").read_text(encoding="utf-8")
LINES = TINY.rstrip("\n").split("\n")
NUMBER = re.compile(r"(?<=[ {\[])-?\d+(?:\.\d+)?(?: (?:%|/month|/day|/h|[A-Za-z]+\d?(?:/[A-Za-z]+\d?)?))?(?=[,}\]\n])")
DATE = re.compile(r"(?:2025-\d\d-\d\d(?: \d\d:\d\d)?|day \d+)")
NAME = re.compile(r"\b(?:Capital|North|Port|coast|savanna|Coast|Savanna|petrol|heavy|Harbour)\b")
KEY = re.compile(r"(?<=[ {])[a-z_]+(?=: )")
PLACE = re.compile(r"^.+\.yaml:[1-9]\d*:[1-9]\d*: ")
SECONDS = 2.0

Mutator = Callable[[random.Random], str | bytes]


def swap(pattern: re.Pattern[str], draw: random.Random, words: list[str]) -> str:
    """Replace one match by another word."""
    match = draw.choice(list(pattern.finditer(TINY)))
    return TINY[: match.start()] + draw.choice(words) + TINY[match.end() :]


def dropped_key(draw: random.Random) -> str:
    """Leave out a line with all that is nested below it."""
    at = draw.choice([number for number, line in enumerate(LINES) if ":" in line and not line.startswith("#")])
    depth = len(LINES[at]) - len(LINES[at].lstrip())
    end = at + 1
    while end < len(LINES) and (not LINES[end] or len(LINES[end]) - len(LINES[end].lstrip()) > depth):
        end += 1
    return "\n".join([*LINES[:at], *LINES[end:]]) + "\n"


def misspelt_key(draw: random.Random) -> str:
    match = draw.choice(list(KEY.finditer(TINY)))
    at = draw.randrange(match.start(), match.end())
    return TINY[:at] + draw.choice("qxz") + TINY[at + 1 :]


def wrong_unit(draw: random.Random) -> str:
    words = [
        *("3 parsecs", "3 m3 m3", "3 kg", "3 m3/", "3 /", "3 mm3", "3 ML", "3 km", "3 XOF", "3 days", "3 %"),
        *("3 m9", "7"),
    ]
    return swap(NUMBER, draw, words)


def wrong_type(draw: random.Random) -> str:
    words = [
        *("[1, 2]", "{a: b}", "yes", "text", "'46 m3'", "[]", "{}", "[[3]]", "{value: 3}", "{value: [3]}"),
        *("0x1F", "''"),
    ]
    return swap(NUMBER, draw, words)


def impossible_date(draw: random.Random) -> str:
    words = [
        *("2025-02-30", "2025-13-01", "0000-00-00", "9999-12-31", "yesterday", "day", "day x", "day 1e9"),
        *("2025", "01/02/2025", "2025-01-01 25:61", "[2025-01-01]", "1800-01-01", "2025-W03"),
    ]
    return swap(DATE, draw, words)


def unknown_name(draw: random.Random) -> str:
    return swap(NAME, draw, ["Nowhere", "Captial", "Nroth", "coats", "petrl", "'a.b'", "'[x]'", "x" * 200])


def huge_number(draw: random.Random) -> str:
    huge = ["9" * 400, "9" * 6000, "1e999", "1e300", "1e15", "-1e308", f"1e{'9' * 50}", "9999999999999999999"]
    return swap(NUMBER, draw, [number + unit for number in huge for unit in ("", " m3", " h", " %", " /month")])


def no_number(draw: random.Random) -> str:
    return swap(NUMBER, draw, [".nan", ".NaN", ".inf", "-.inf", "nan", "nan m3", "inf h", "{value: .nan}", "NaN %"])


def circle(draw: random.Random) -> str:
    names = draw.choice(["s.yaml", "./s.yaml", "[s.yaml]", "[other.yaml, s.yaml]", "back.yaml", "sub/../s.yaml"])
    return f"extends: {names}\n{TINY}"


def escape(draw: random.Random) -> str:
    names = [
        *("../s.yaml", "/etc/passwd", "../../etc/passwd", "~/s.yaml", "link.yaml", "sub/../../x.yaml"),
        *("/dev/zero", "[other.yaml, ../x.yaml]", "//x", "linked/x.yaml", '"\\0"', "absent.yaml", "sub"),
        *("." * 300, "x" * 300),
    ]
    return f"extends: {draw.choice(names)}\n{TINY}"


def alias_bomb(draw: random.Random) -> str:
    levels, width = draw.randint(6, 30), draw.randint(8, 12)
    mapping = draw.random() < 0.5
    lines = ["bomb0: &b0 {x: 1}" if mapping else "bomb0: &b0 [x]"]
    for level in range(1, levels):
        parts = [f"*b{level - 1}"] * width
        body = (
            "{" + ", ".join(f"k{n}: {part}" for n, part in enumerate(parts)) + "}"
            if mapping
            else f"[{', '.join(parts)}]"
        )
        lines.append(f"bomb{level}: &b{level} {body}")
    return "\n".join(lines) + "\n" + TINY


def deep_nesting(draw: random.Random) -> str:
    depth = draw.choice([45, 200, 2000, 20_000])
    form = draw.choice(
        ["[" * depth, "[" * depth + "]" * depth, "{a: " * depth, "\n  " + "- " * depth, "\n  " + "? " * depth]
    )
    return f"{TINY}\nnest: {form}\n"


def noise(draw: random.Random) -> bytes:
    data = TINY.encode()
    at = draw.randrange(len(data))
    junk = bytes(draw.randrange(256) for _ in range(draw.randint(1, 60)))
    return data[:at] + junk + data[at + draw.choice([0, len(junk)]) :]


def encoding(draw: random.Random) -> bytes:
    at = draw.choice([at for at, character in enumerate(TINY) if character == " "])
    text = TINY[:at] + " é–" + TINY[at:]
    name = draw.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-7", "cp037"])
    return text.encode(name, "replace")


def duplicate_key(draw: random.Random) -> str:
    at = draw.choice([number for number, line in enumerate(LINES) if KEY.match(line.lstrip()) or ": " in line])
    return "\n".join([*LINES[: at + 1], LINES[at], *LINES[at + 1 :]])


def broken_yaml(draw: random.Random) -> str:
    at = draw.randrange(len(TINY))
    return (
        TINY[:at]
        + draw.choice(["\t", "{", "]", "\n ", "'", '"', ": ", "&", "*x ", "!tag ", "%", "@", "`", "|", "? ", "\n---\n"])
        + TINY[at:]
    )


WEIRD: tuple[object, ...] = (
    *(None, "", [], {}, True, 0, -1, 1e300, ".nan", "18000 %", "2025-01-05", "day 3", "a\nb", "x" * 5000, "9" * 5000),
    *(["a"], {"a": "b"}, [["a"]], [{"a": ["b"]}], [None], {"@": 1}, {"0": None}, {"0": {"a": 1}}, {"-1": []}),
    *({"value": None}, {"value": [1]}, {"value": {}}, {"value": 1, "low": None, "high": [1]}, {"value": 1, "law": [1]}),
    *({"value": 1, "draw": [1]}, {"value": 1, "source": [1]}, {"value": 1, "why": {}}, {"from": [1], "value": 1}),
    *([None, {"from": "day 3", "value": 1}], [{"from": None}, {"from": ["x"], "value": 1}], ["Coast", "Coast"]),
)
"""What may stand in a file and is due at hardly any place of it."""
DOCUMENT = plain(read(TINY.encode(), "tiny.yaml")[0])


def places(node: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Iterate over the places of a document, names and positions."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, item in pairs:
        yield (*path, key)
        yield from places(item, (*path, key))


PLACES = list(places(DOCUMENT))


def with_weird(pairs: list[tuple[tuple[str | int, ...], object]]) -> str:
    """Return the document with something weird in some places."""
    spoilt = json.loads(json.dumps(DOCUMENT))
    for path, value in pairs:
        node = spoilt
        for key in path[:-1]:
            if isinstance(node, dict | list) and (key in node if isinstance(node, dict) else int(key) < len(node)):
                node = node[key]
        if isinstance(node, dict):
            node[str(path[-1])] = value
        elif isinstance(node, list) and int(path[-1]) < len(node):
            node[int(path[-1])] = value
    return json.dumps(spoilt)


def weird_value(draw: random.Random) -> str:
    """Put something weird in one place, or in two."""
    return with_weird([(draw.choice(PLACES), draw.choice(WEIRD)) for _ in range(draw.choice([1, 1, 2]))])


def cut_short(draw: random.Random) -> str:
    return TINY[: draw.randrange(len(TINY) - 60)]


MUTATORS: tuple[Mutator, ...] = (
    *(dropped_key, misspelt_key, wrong_unit, wrong_type, impossible_date, unknown_name, huge_number, no_number),
    *(circle, escape, alias_bomb, deep_nesting, noise, encoding, duplicate_key, broken_yaml, weird_value, cut_short),
)
EACH = 59


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files to extend, and links that lead out of it."""
    inner = tmp_path / "inner"
    (inner / "sub").mkdir(parents=True)
    (tmp_path / "x.yaml").write_text("title: outside\n", encoding="utf-8")
    (inner / "other.yaml").write_text("title: other\n", encoding="utf-8")
    (inner / "back.yaml").write_text("extends: s.yaml\n", encoding="utf-8")
    (inner / "link.yaml").symlink_to(tmp_path / "x.yaml")
    (inner / "linked").symlink_to(tmp_path)
    return inner


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop what uses more processor time, whatever else the machine does."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"used more than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def outcome(path: Path) -> str:
    try:
        with within(SECONDS):
            scenario = load(path)
    except ScenarioError as error:
        lines = str(error).split("\n")
        assert lines, path
        assert all(PLACE.match(line) for line in lines), lines
        return "refused"
    assert scenario.root.title
    return "loaded"


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda mutator: mutator.__name__)
def test_a_spoilt_file_is_refused_with_its_place(mutator: Mutator, folder: Path) -> None:
    counts: Counter[str] = Counter()
    for seed in range(EACH):
        spoilt = mutator(random.Random(f"{mutator.__name__} {seed}"))
        path = folder / "s.yaml"
        path.write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode())
        counts[outcome(path)] += 1
    assert counts.total() == EACH
    assert counts["refused"] >= LEAST.get(mutator.__name__, 0.8) * EACH, counts


LEAST = {"dropped_key": 0.6, "wrong_unit": 0.6, "weird_value": 0.6}
"""Least share refused, where much of the damage is harmless: keys with defaults, units of the same dimension."""


def test_the_mutators_make_a_thousand_files() -> None:
    assert len(MUTATORS) * EACH >= 1000


def test_the_file_that_is_spoilt_is_fine(tmp_path: Path) -> None:
    path = write(tmp_path / "s.yaml", TINY)
    assert outcome(path) == "loaded"


@pytest.mark.parametrize("weird", range(len(WEIRD)))
def test_something_weird_in_any_place_ends_in_no_traceback(weird: int, folder: Path) -> None:
    """Each of these at some of the places."""
    path = folder / "s.yaml"
    for place in PLACES[weird :: 2 * len(WEIRD)]:
        path.write_text(with_weird([(place, WEIRD[weird])]), encoding="utf-8")
        outcome(path)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("terminals", "Capital depot", "town"), ["a"]),
        (("corridors", "Coast", "assembly"), {"a": "b"}),
        (("corridors", "Savanna", "terminal"), ["Capital depot"]),
        (("roads", "coast", "from"), [["a"]]),
        (("fleet", "load"), {"value": None}),
        (("zones", "forest", "effort"), [None, {"from": "day 3", "value": 1}]),
        (("towns", "North", "blockade", 0), None),
    ],
)
def test_what_ended_in_a_traceback_is_refused_with_its_place(
    place: tuple[str | int, ...], value: object, folder: Path
) -> None:
    path = write(folder / "s.yaml", with_weird([(place, value)]))
    assert outcome(path) == "refused"


@pytest.mark.parametrize("weird", range(len(WEIRD)))
def test_something_weird_set_in_any_place_ends_in_no_traceback(weird: int, folder: Path) -> None:
    path = write(folder / "s.yaml", TINY)
    settings = [f"{'.'.join(map(str, place))}={json.dumps(WEIRD[weird])}" for place in PLACES[weird :: 8 * len(WEIRD)]]
    for setting in settings:
        with suppress(ScenarioError), within(SECONDS):
            load(path, sets=setting)

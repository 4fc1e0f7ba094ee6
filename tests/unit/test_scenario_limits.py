"""Files that are large, wrong in many places, or tangled: told within seconds, in a list that can be read."""

import difflib
import time

import pytest

from sim.errors import PlanError, ScenarioError
from sim.plan import build
from sim.scenario import entries, files, problem, references
from sim.scenario.limits import ENTRIES, TABLES
from sim.scenario.load import load
from sim.scenario.setting import apply
from sim.scenario.tree import Branch, Leaf, Row, locate
from tests.files import TUTORIAL
from tests.refusals import refusal


@pytest.fixture
def overlaid(tmp_path):
    """Return what loads the tutorial with an overlay of a text."""

    def loaded(text):
        path = tmp_path / "overlay.yaml"
        path.write_text(text)
        return load(TUTORIAL, path)

    return loaded


@pytest.fixture
def compared(monkeypatch):
    """Count the names that are compared with one that is wrong."""
    counts = []
    before = difflib.get_close_matches

    def counted(word, possibilities, *args, **more):
        counts.append(len(possibilities))
        return before(word, possibilities, *args, **more)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    return counts


def names(count):
    return [f"Xapital{k}" for k in range(count)]


MANY = 1000
WRONG = {
    "unknown keys": "fleet: {" + ", ".join(f"lod{k}: 1" for k in range(MANY)) + "}",
    "unknown keys of a number": "fleet: {load: {value: 40 m3, " + ", ".join(f"l{k}: 1" for k in range(MANY)) + "}}",
    "unknown nulls": "fleet: {" + ", ".join(f"lod{k}: null" for k in range(MANY)) + "}",
    "unknown towns": f"corridors: {{from the sea: {{serves: [{', '.join(names(MANY))}]}}}}",
    "unknown roads": f"zones: {{savanna: {{roads: [{', '.join(names(MANY))}]}}}}",
    "unknown sources": "towns: {" + ", ".join(f"T{k}: {{share: {{value: 1, source: M{k}}}}}" for k in range(400)) + "}",
    "new towns": "towns: {" + ", ".join(f"Capita{k}: {{share: 1}}" for k in range(400)) + "}",
    "unknown units": "fleet: {" + ", ".join(f"load{k}: 4 m{k}" for k in range(MANY)) + ", load: 4 mm}",
}


@pytest.mark.parametrize("kind", WRONG)
def test_of_many_problems_the_first_are_told_and_few_names_are_compared(kind, overlaid, compared):
    began = time.process_time()
    error = refusal(overlaid, WRONG[kind])
    told = error.problems
    assert len(told) == problem.TOLD + 1
    assert str(told[-1]) == f"and {error.count - problem.TOLD:,} more problems"
    assert sum(compared) <= problem.COMPARISONS + problem.CANDIDATES + 1000
    assert time.process_time() - began < 8


def test_the_first_of_many_have_their_nearest_name(overlaid):
    assert refusal(overlaid, WRONG["unknown towns"]).problems[0].expected == "a known name; the nearest is 'Capital'"


def test_a_problem_is_placed_without_looking_at_what_stands_beside_it():
    class Watched(dict):
        def items(self):
            raise AssertionError("all are looked at")

    here, there = problem.Origin("x", 3, 4), problem.Origin("x", 5, 6)
    node = Branch(
        Watched(a=Leaf(1, here), b=Row((Leaf(1, here), Branch({}, {}, there)), here)), {"a": there, "b": here}, here
    )
    assert (locate(node, ("a",)), locate(node, ("a",), key=True)) == (here, there)
    assert (locate(node, ("b", "1", "c")), locate(node, ("b", "7")), locate(node, ("b", "9" * 5000))) == (
        there,
        here,
        here,
    )


def web(towns, back=""):
    """Return inland supply in layers of two towns, each of which supplies both of the next: 2 ** (towns / 2) paths."""
    lines = ["towns:"]
    depot = "{capacity: 10 days, target: 50 %, bays: 1}"
    for k in range(towns):
        stations = "{count: 1, tank: 10 m3, spread: 0}"
        lines.append(f"  T{k}: {{at: {{lat: 1, lon: 1}}, share: 0.01, depot: {depot}, stations: {stations}}}")
    pairs = [(a, b) for a in range(towns) for b in (a // 2 * 2 + 2, a // 2 * 2 + 3) if b < towns]
    pairs += [(int(a), int(b)) for a, b in [back.split("-")]] if back else []
    lines.append("roads:")
    lines += [f"  R{a}-{b}: {{from: T{a}, to: T{b}, length: 10 km, pace: 40 km/h}}" for a, b in pairs]
    lines.append("terminals:")
    lines += [f"  D{k}: {{town: T{k}, depot: true, slots: 10 /day}}" for k in range(towns)]
    lines.append("corridors:")
    of = "kind: inland, share: 1, fleet: 0.1, turnaround: 1 h"
    lines += [
        f"  C{a}-{b}: {{{of}, terminal: D{a}, roads: [R{a}-{b}], assembly: T{a}, serves: [T{b}]}}" for a, b in pairs
    ]
    return "\n".join(lines)


def test_supply_by_very_many_paths_is_no_circle(overlaid):
    began = time.process_time()
    plan = build(overlaid(web(44)))
    assert len(plan.towns.name) > 44
    assert time.process_time() - began < 10


def test_a_circle_among_very_many_paths_is_found(overlaid):
    with pytest.raises(PlanError, match=r"in a circle: T\d+ → .*T6"):
        build(overlaid(web(44, back="9-6")))


def test_files_that_extend_one_another_are_gone_through_once(tmp_path, monkeypatch):
    """Each layer is laid on the sum of the others; only what it says is looked at."""
    looked = []
    before = entries._entered
    monkeypatch.setattr(entries, "_entered", lambda node, *more: looked.append(1) or before(node, *more))

    def count(many):
        looked.clear()
        for k in range(many):
            below = f"extends: f{k - 1}.yaml\n" if k else ""
            body = "\n".join(f"  M{k}-{j}: {{at: day {j + 1}, label: x, source: assumption}}" for j in range(20))
            (tmp_path / f"f{k}.yaml").write_text(f"{below}marks:\n{body}\n")
        load(TUTORIAL, tmp_path / f"f{many - 1}.yaml")
        return len(looked)

    count(1)
    ten, forty = count(10), count(40)
    assert forty < 5 * ten


def test_files_hold_no_more_together_than_one_may(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "NODES", 100)
    for k in range(3):
        below = f"extends: f{k - 1}.yaml\n" if k else ""
        (tmp_path / f"f{k}.yaml").write_text(below + "marks:\n" + "\n".join(f"  M{k}-{j}: 1" for j in range(24)))
    with pytest.raises(ScenarioError, match="too many values; given over 100 in all files"):
        load(tmp_path / "f2.yaml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "marks: {" + ", ".join(f"M{k}: {{at: day 1, label: x, source: assumption}}" for k in range(1001)) + "}",
            "marks: too many; given 1,001",
        ),
        ("strategy: {imports: [" + "{}, " * 101 + "]}", "strategy.imports: too many; given 101; expected at most 100"),
        (
            "zones: {savanna: {effort: [1 /month, " + "{from: day 1, value: 1 /month}, " * 2001 + "]}}",
            "zones.savanna.effort: too many entries; given 2,002; expected at most 2,000",
        ),
    ],
)
def test_too_much_of_a_kind_is_refused(text, told, overlaid):
    assert told in str(refusal(overlaid, text))


def test_dates_as_keys_are_read_once_each(overlaid, monkeypatch):
    read = []
    before = entries.read_moment
    monkeypatch.setattr(entries, "read_moment", lambda *given: read.append(1) or before(*given))
    entries._moment_of.cache_clear()
    overlaid(
        "zones: {savanna: {"
        + ", ".join(f"effort@2030-01-{1 + k // 24:02} {k % 24:02}:00: 1 /month" for k in range(1, 400))
        + "}}"
    )
    assert len(read) < 5 * 400


def test_shipped_scenarios_are_far_from_the_limits():
    root = load(TUTORIAL.with_name("mali.yaml")).merged
    for path, most in TABLES.items():
        table = root
        for key in path:
            table = table.get(key, {})
        assert 4 * len(table) <= most, path
    assert ENTRIES >= 1830, "a day of the longest run each"


@pytest.mark.parametrize(
    "setting", [" " * 2000, "a" + " " * 2000 + "b", " " * 2000 + "=", "fleet.load" + " " * 2000 + "*"]
)
def test_a_setting_with_many_blanks_is_refused_at_once(setting):
    began = time.process_time()
    _, (fault,), _ = apply(Branch({}, {}, problem.Origin("x")), (setting,))
    assert fault.wrong == "not a setting"
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("setting", "path"),
    [("fleet.load = 46 m3", "fleet.load"), (" fleet.size *=2", "fleet.size"), ("fleet.size*= 2 ", "fleet.size")],
)
def test_blanks_around_a_setting_mean_nothing(setting, path):
    changed = load(TUTORIAL, sets=setting)
    plain = {name: vars(number).get("value") for name, number, _ in load(TUTORIAL).numbers()}
    assert [name for name, number, _ in changed.numbers() if vars(number).get("value") != plain[name]] == [path]


@pytest.mark.parametrize("setting", ["zones.savanna.effort.{}.value=1", "fleet.size={}", "fleet.size*={}", "{}=1"])
def test_numbers_of_thousands_of_digits_are_refused(setting):
    with pytest.raises(ScenarioError):
        load(TUTORIAL, sets=setting.format("1" * 5000))


def test_few_misspelt_names_are_looked_for():
    assert references.FEW * 500 < problem.COMPARISONS

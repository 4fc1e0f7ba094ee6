"""The pages say what the code does: every measure, column, parameter, function, file and example that they name."""

import importlib
import re
import runpy
import shlex
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import sim
from sim.errors import ScenarioError
from sim.results.daily import Daily
from sim.results.events import MEANINGS, THINGS, Meaning
from sim.results.measures import SUBJECTS
from sim.results.measures.waiting import CAUSES
from sim.results.run import Run
from sim.results.tables import TABLES
from sim.rules.order import Rank
from sim.scenario.load import Scenario
from sim.scenario.names import strategies, strategy_file
from sim.scenario.schema import Root
from sim.scenario.shape import Shape
from sim.study.replicate import simulate
from sim.world.keys import Stream
from tests.files import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])
MODEL, MEASURES, SCENARIOS = (
    (DOCS / name).read_text(encoding="utf-8") for name in ("model.md", "measures.md", "scenarios.md")
)
SCHEMA = Shape("part", "", part=Root)
DATE = "2030-02-01"

# A run of the tutorial has neither large users nor documented figures; this overlay gives it some.
MORE = f"""
users:
  plant: {{town: Capital, product: petrol, need: 0.01 ML/day, tank: 3 days, before: yes, pump_market: yes}}
documented:
  relief: {{measure: relief.{DATE}, value: 7, label: relief, source: assumption}}
  convoys: {{measure: convoys_escorted_until.{DATE}, value: 7, label: convoys, source: assumption}}
  lost: {{measure: tankers_lost_until.{DATE}, value: 7, label: lost, source: assumption}}
""" + "\n".join(
    f"  {cause}: {{measure: waiting_{cause}_on.{DATE}, value: 7, label: waiting, source: assumption}}"
    for cause in CAUSES
)


def code(text: str) -> list[str]:
    """Return what stands between backticks outside blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def blocks(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next of its level or above."""
    level = heading.split()[0]
    match = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", text, re.DOTALL | re.MULTILINE)
    assert match, heading
    return match[1]


def rows(text: str) -> list[list[str]]:
    """Return the cells of each row of the tables of a text."""
    return [[cell.strip() for cell in line.strip("| ").split("|")] for line in text.splitlines() if line[:1] == "|"]


def first_names(text: str) -> list[str]:
    """Return the names in backticks in the first column of the tables."""
    return [name for row in rows(text) for name in re.findall(r"`([^`]+)`", row[0])]


def stated(name: str, scenario: Scenario, months: list[str]) -> list[str]:
    """Return the measures that a described name stands for in a run of a scenario."""
    root = scenario.root
    asked = {item.measure for item in root.documented.values()}
    values = {
        "YYYY-MM": months,
        "TOWN": list(root.towns),
        "HUB": [root.hub],
        "PRODUCT": [product for product, entry in root.products.items() if entry.pump],
        "USER": list(root.users),
        "CAUSE": list(CAUSES),
        "DATE": [DATE] if asked else [],
    }
    names = [name]
    for word, options in values.items():
        names = [label.replace(word, option) for label in names for option in (options if word in label else [""])]
    return names


@pytest.fixture(scope="module")
def tutorial() -> Run:
    return sim.run(sim.load(ROOT / "scenarios" / "tutorial.yaml"), 2, workers=1)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a copy of the shipped scenarios, as the working folder."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def months_of(scenario: Scenario) -> list[str]:
    from sim.plan import build

    return list(Daily(simulate(build(scenario), 1, 0)).months())


@pytest.mark.parametrize("more", ["", MORE], ids=["tutorial", "with users and documented figures"])
def test_the_measures_described_are_those_of_a_run(more: str, tutorial: Run, tmp_path: Path) -> None:
    run = tutorial
    if more:
        (tmp_path / "more.yaml").write_text(more, encoding="utf-8")
        run = sim.run(sim.load(ROOT / "scenarios" / "tutorial.yaml", [tmp_path / "more.yaml"]), 2, workers=1)
    described = first_names(section(MEASURES, "## Measures"))
    assert len(described) == len(set(described))
    months = months_of(run.scenario)
    assert {measure for name in described for measure in stated(name, run.scenario, months)} == set(run.measures)


@pytest.mark.parametrize("table", TABLES)
def test_the_columns_described_are_those_of_a_run(table: str, tutorial: Run) -> None:
    assert first_names(section(MEASURES, f"### {table}")) == list(getattr(tutorial, table).columns)


def test_the_events_described_are_those_that_are_told() -> None:
    columns, kinds = re.split(r"\n\n(?=\| event)", section(MEASURES, "## Events"))
    table = sim.events(sim.load(ROOT / "scenarios" / "tutorial.yaml")).table
    assert first_names(columns) == list(table.columns)
    assert [row[:4] for row in rows(kinds)[2:]] == [_event(meaning) for meaning in MEANINGS.values()]


def _event(meaning: Meaning) -> list[str]:
    """Return how an event is described: its word, its kind, what it names, the unit of its number."""
    named = [meaning.serial, *([meaning.value] if meaning.value in THINGS else [])]
    unit = meaning.value if meaning.value not in THINGS else ""
    return [f"`{meaning.word}`", meaning.what, ", ".join(filter(None, named)) or "–", unit or "–"]


def test_the_keys_of_the_manifest_are_described(tutorial: Run) -> None:
    assert set(first_names(section(MEASURES, "## Manifest"))) == set(tutorial.manifest)


def test_the_tables_of_measures_are_as_the_script_makes_them() -> None:
    script = runpy.run_path(str(DOCS / "measures.py"))
    assert script["page"](MEASURES) == MEASURES, "run: python docs/measures.py"
    described = {subject for subjects in script["SECTIONS"].values() for subject in subjects}
    assert described == set(SUBJECTS), "docs/measures.py does not say where the page has a subject"


def resolved(dotted: str) -> object:
    """Return the module, class, function or attribute of a dotted name."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            value: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            value = getattr(value, part)
        return value
    raise AttributeError(dotted)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_function_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in sorted(set(re.findall(r"(?<![\w./-])sim(?:\.[A-Za-z_]\w*)+", text))):
        resolved(name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_named_exists(page: Path) -> None:
    folders = "sim|scenarios|seeds|docs|notebooks|tests|benchmarks"
    for path in code(page.read_text(encoding="utf-8")):
        if re.fullmatch(rf"(?:{folders})(?:/[\w.+*-]+)+/?", path):
            assert list(ROOT.glob(path.rstrip("/"))), f"{page.name} names {path}"


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = (page.parent / path) if path else page
        assert goal.exists(), f"{page.name} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", goal.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in map(slug, headings), f"{page.name} links to {target}"


def test_the_index_lists_every_page() -> None:
    linked = re.findall(r"\]\(([^)]+)\)", (DOCS / "index.md").read_text(encoding="utf-8"))
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} <= set(linked)


def at_path(path: str) -> Shape | None:
    """Return what the schema expects at a path whose capitals stand for names and positions."""
    shape: Shape | None = SCHEMA
    for key in path.split("."):
        if shape is None or (key.isupper() and shape.kind not in ("table", "list")):
            return None
        shape = shape.below("0" if shape.kind == "list" and key.isupper() else key)
    return shape


def parameters(shape: Shape = SCHEMA, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Iterate over the paths of all parameters, with * for names and positions."""
    below = shape.below("0") if shape.kind in ("table", "list") else None
    if shape.kind == "part":
        for key in shape.keys:
            inner = shape.below(key)
            assert inner is not None
            yield from parameters(inner, (*path, key))
    elif below is not None and not (shape.kind == "list" and below.kind == "plain"):
        yield from parameters(below, (*path, "*"))
    else:
        yield path


TEXTS = {"title", "note", "name", "label"}


def test_every_parameter_named_in_the_model_exists() -> None:
    tops = SCHEMA.keys
    named = [name for name in code(MODEL) if re.fullmatch(r"[a-z_]+(\.\w+)+", name) and not name.startswith("sim.")]
    assert named
    for name in named:
        if name.endswith((".md", ".yaml", ".txt", ".json")) or name.split(".")[0] == "simpy":
            continue
        assert name.split(".")[0] in tops and at_path(name), f"model.md names {name}"


def test_the_model_names_every_parameter() -> None:
    named = {tuple("*" if key.isupper() else key for key in name.split(".")) for name in code(MODEL)}
    ours = [
        path
        for path in parameters()
        if path[0] not in ("documented", "marks", "record", "junctions")
        and path[-1] not in TEXTS
        and "at" not in path[:-1]
    ]
    assert len(ours) > 150
    # Inland regimes have the same fields as those of imports.
    assert [".".join(path) for path in ours if path[:2] != ("strategy", "inland") and path not in named] == []


def test_the_units_in_the_model_are_those_of_the_schema() -> None:
    count = 0
    for row in rows(MODEL):
        name = row[0].strip("`")
        shape = at_path(name) if re.fullmatch(r"[a-z_]+(\.\w+)+", name) else None
        if shape is None:
            continue
        unit = (shape.rule.show or shape.rule.unit) if shape.rule else "1"
        shown = {"1": "–", "1/month": "/month", "1/day": "/day", "1/km": "/km"}.get(unit, unit)
        assert row[1] == shown, f"{name} is in {shown}"
        count += 1
    assert count > 120


def test_the_order_of_simultaneous_events_is_that_of_the_code() -> None:
    table = [row for row in rows(section(MODEL, "### 5.3 Execution")) if row[0].isdigit()]
    assert [(int(row[0]), row[1]) for row in table] == [(int(rank), rank.name) for rank in Rank]


def test_every_stream_of_random_numbers_is_described() -> None:
    table = [row for row in rows(section(MODEL, "### 5.2 Random sampling")) if row[0].split(",")[0].isupper()]
    assert sorted(name for row in table for name in row[0].split(", ")) == sorted(Stream.__members__)


def test_every_section_of_a_scenario_is_described() -> None:
    assert sorted(first_names(section(SCENARIOS, "## Sections"))) == sorted(SCHEMA.keys)


def test_every_shipped_scenario_is_described() -> None:
    files = [path.relative_to(ROOT).as_posix() for path in (ROOT / "scenarios").rglob("*.yaml")]
    assert sorted(first_names(section(SCENARIOS, "## Shipped scenarios"))) == sorted(files)


EXAMPLES = blocks(SCENARIOS, "yaml")
RATIO = "escorts.components.guard.loss_ratio"


def place(example: str) -> tuple[str, str]:
    """Return whether an example is laid on a file or is one, and that file, as its first line says."""
    match = re.match(r"# (on )?(scenarios/[\w./+-]+\.yaml)\n", example)
    assert match, example
    return match[1] or "", match[2]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.splitlines()[0][2:])
def test_every_example_loads_or_fails_as_it_says(example: str, shipped: Path) -> None:
    laid_on, name = place(example)
    file = shipped / ("example.yaml" if laid_on else name)
    file.write_text(example, encoding="utf-8")
    if "broken" in name:
        with pytest.raises(ScenarioError) as error:
            sim.load(name)
        assert blocks(SCENARIOS, "text") == [f"{error.value}\n"]
    elif laid_on:
        sim.load(name, [file])
    elif "/strategies/" in name:
        sim.load("scenarios/blockade-2025.yaml", [file])
    elif "extends:" in example:
        sim.load(name)
    else:
        sim.load("scenarios/tutorial.yaml", [file])


def commands() -> list[list[str]]:
    lines = "".join(blocks(SCENARIOS, "sh")).splitlines()
    parsed = [shlex.split(line, comments=True) for line in lines]
    return [words for words in parsed if words]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_shown_is_understood(words: list[str], shipped: Path) -> None:
    from sim.cli.main import COMMANDS

    for example in EXAMPLES:
        laid_on, name = place(example)
        if not laid_on:
            (shipped / name).write_text(example, encoding="utf-8")
    assert words[0] == "convoi"
    assert words[1] in COMMANDS
    if words[1] == "strategies":
        assert all(Path(folder).is_dir() for folder in words[2:])
    elif words[1] not in ("schema", "scenarios"):
        after = list(pairwise(words))
        flags = ("--overlay", "--set", "--strategy")
        given = {flag: [value for option, value in after if option == flag] for flag in flags}
        for strategy in given["--strategy"]:
            sim.load(words[2], [strategy_file(strategy, Path(words[2])), *given["--overlay"]], given["--set"])
        sim.load(words[2], given["--overlay"], given["--set"])


def test_the_strategy_of_ones_own_differs_in_what_it_says(shipped: Path) -> None:
    for example in EXAMPLES:
        if "/strategies/" in place(example)[1]:
            (shipped / place(example)[1]).write_text(example, encoding="utf-8")
    scenario = Path("scenarios/blockade-2025.yaml")
    assert strategies(beside=scenario)["weekly"].problem is None
    base, own = (sim.load(scenario, [strategy_file(name, scenario)]).root.strategy for name in ("air-only", "weekly"))
    assert (own.imports[1].max.value, own.imports[1].headway.value) == (300, 168)
    same = {"max": base.imports[1].max, "headway": base.imports[1].headway}
    assert own.imports[1].model_copy(update=same) == base.imports[1]
    assert (own.imports[0], own.inland) == (base.imports[0], base.inland)


def test_the_worked_examples_do_what_they_say(shipped: Path) -> None:
    for example in EXAMPLES:
        laid_on, name = place(example)
        if not laid_on:
            (shipped / name).write_text(example, encoding="utf-8")
    plain = sim.load("scenarios/tutorial.yaml")
    more = sim.load("scenarios/tutorial.yaml", ["scenarios/more-escorts.yaml"])
    few, many = (sim.run(scenario, 2, workers=1) for scenario in (plain, more))
    assert (few.measures["ambushes_laid"] == many.measures["ambushes_laid"]).all()
    assert (few.flows["departed"] != many.flows["departed"]).any()
    assert few.flows[few.flows["day"] < 30].equals(many.flows[many.flows["day"] < 30])

    guards = [sim.load("scenarios/tutorial.yaml", ["scenarios/guards.yaml"], f"{RATIO}={ratio}") for ratio in (0, 4)]
    few, many = (sim.run(scenario, 2, engine="fast").measures["tankers_lost"].sum() for scenario in guards)
    assert few < many
    assert sim.run(guards[1], 1, engine="simpy").measures.equals(sim.run(guards[1], 1, engine="fast").measures)

    halfway = sim.run(sim.load("scenarios/halfway.yaml"), 2, workers=1)
    assert "Border–Capital" not in halfway.scenario.root.roads
    assert halfway.measures["need_met.Halfway"].gt(0.5).all()
    assert halfway.measures["ambushes_laid"].gt(0).any()

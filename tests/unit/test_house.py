"""The rules of the house: which room may import which, how long a module may be, what stays out of it."""

import ast
import importlib.metadata
import re
import resource
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.files import ROOT

MODULES = sorted((ROOT / "sim").rglob("*.py"))

# Left to right; rooms on one step may not import each other.
STEPS = [
    {"evidence"},
    {"scenario"},
    {"plan", "intake"},
    {"world"},
    {"rules"},
    {"model", "fast"},
    {"results"},
    {"study"},
    {"view"},
    {"cli"},
]
SHARED = {"errors", "halt", "language", "record", "shown"}
"""Modules that lie in no room and may be imported by all."""
FOR_CLI = {"intake"}
"""Rooms that only the command line imports."""
STEP = {room: step for step, rooms in enumerate(STEPS) for room in rooms}

BIT_EQUAL = {"sqrt", "floor", "exp", "log", "log1p", "expm1", "pow"}
EXACT = {"inf", "nan", "pi", "isnan", "isinf", "isfinite", "copysign", "fabs"}
PLAIN = {"__future__", "math", "typing", "dataclasses", "enum", "collections.abc"}
HEAVY = [
    *("numpy", "scipy", "pandas", "pyarrow", "matplotlib", "numba", "simpy"),
    *("pint", "pydantic", "ruamel.yaml", "yaml"),
]


def dotted(path: Path) -> str:
    """Return the name of a module, its package's for an __init__."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, package: str) -> Iterator[tuple[str, int]]:
    """Yield every name that the code imports, with its line; `from a import b` gives a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((f"{source}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in {"import_module", "__import__"}:
                yield str(node.args[0].value), node.lineno


def on_demand(node: ast.stmt) -> bool:
    """Say whether a statement of a module imports nothing when the module is imported."""
    typing_only = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    return typing_only or isinstance(node, ast.FunctionDef)


def wrong_way(code: str, module: str, *, is_package: bool = False) -> list[str]:
    """Return the imports of a module that do not go to its own room, a room to the left or what is shared."""
    tree = ast.parse(code)
    room = module.partition(".")[2].partition(".")[0]
    if room == "" or room in SHARED:  # sim itself may reach any room, but only on demand
        tree = ast.Module([node for node in tree.body if not on_demand(node)], type_ignores=[])
    elif room == "__main__":
        room = "cli"
    wrong = []
    for name, line in imports(tree, module if is_package else module.rpartition(".")[0]):
        parts = name.split(".")
        if parts[0] != "sim" or parts[1:2] == ["__version__"] or SHARED.intersection(parts[1:2]):
            continue
        target = parts[1] if len(parts) > 1 else ""
        to_the_left = target in STEP and room in STEP and STEP[target] < STEP[room]
        if (target == room and room in STEP) or (to_the_left and (target not in FOR_CLI or room == "cli")):
            continue
        if target not in STEP and room == "cli":
            continue
        wrong.append(f"{module}:{line} imports {name}")
    return wrong


def circle(codes: dict[str, str]) -> list[str]:
    """Return the modules that import each other in a circle, for their types too, or hang on one that does."""
    names = {
        module: {name for name, _ in imports(ast.parse(code), module.rpartition(".")[0])}
        for module, code in codes.items()
    }
    left = {
        module: {other for other in codes if any(f"{name}.".startswith(f"{other}.") for name in reached)}
        for module, reached in names.items()
    }
    while free := {module for module, others in left.items() if not others & left.keys()}:
        left = {module: others for module, others in left.items() if module not in free}
    return sorted(left)


def test_no_modules_of_the_model_import_each_other_in_a_circle():
    assert circle({dotted(path): path.read_text() for path in (ROOT / "sim" / "model").glob("[!_]*.py")}) == []


def test_a_circle_is_found_through_types_too():
    up = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sim.model.top import Top"
    codes = {"sim.model.low": up, "sim.model.top": "from sim.model import low", "sim.model.leaf": "import math"}
    assert circle(codes) == ["sim.model.low", "sim.model.top"]


def test_every_module_lies_in_a_room():
    homes = {dotted(path).split(".")[1] for path in MODULES if path.parent != ROOT / "sim"}
    assert homes <= STEP.keys()
    shared = {f"{name}.py" for name in SHARED}
    assert {path.name for path in MODULES if path.parent == ROOT / "sim"} <= {"__init__.py", "__main__.py", *shared}


def test_imports_go_one_way():
    wrong = [
        line
        for path in MODULES
        for line in wrong_way(path.read_text(), dotted(path), is_package=path.name == "__init__.py")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("sim.plan.build", "from sim.world import keys"),
        ("sim.plan.build", "def f():\n    import sim.study.replicate"),
        ("sim.plan.build", "from ..world import keys"),
        ("sim.plan.build", "from .. import world"),
        ("sim.plan.build", "from importlib import import_module\nimport_module('sim.world.keys')"),
        ("sim.model.town", "from sim.fast import kernel"),
        ("sim.fast.kernel", "from sim import model"),
        ("sim.view.stock", "import sim"),
        ("sim.intake.roads", "from sim.plan import build"),
        ("sim.study.sources", "from sim.intake import roads"),
        ("sim.errors", "from sim.plan import Plan"),
        ("sim.record", "from sim.plan.plan import Plan"),
        ("sim", "from sim.study import compare"),
    ],
)
def test_an_import_to_the_right_is_found(module, code):
    assert len(wrong_way(code, module)) == 1


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("sim.plan.build", "from sim.scenario.load import Scenario\nfrom sim.errors import PlanError\nimport numpy"),
        ("sim.plan.build", "from .entities import Ids\nfrom ..evidence import facts\nfrom sim import errors"),
        ("sim.cli.main", "import sim\nfrom sim.view import report"),
        ("sim.intake.roads", "from sim.scenario.units import unit\nfrom sim.evidence import load"),
        ("sim.cli.import_roads", "from sim.intake.roads import roads"),
        ("sim", "def __getattr__(name):\n    from sim.study import compare\n    return compare"),
    ],
)
def test_an_import_to_the_left_is_not(module, code):
    assert wrong_way(code, module) == []


def test_names_say_what_things_are():
    for path in (path for folder in ("sim", "tests", "benchmarks", "docs") for path in (ROOT / folder).rglob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        names = {getattr(node, key, None) for node in nodes for key in ("id", "arg", "name", "attr")}
        assert not names & {"one", "found", "held", "checked"}, path


def test_modules_stay_short():
    lengths = {dotted(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: n for name, n in lengths.items() if n > 400} == {}


def hidden_randomness(code: str) -> list[str]:
    """Return the lines that reach a generator other than the keyed one."""
    tree = ast.parse(code)
    lines = [f"line {n}: {name}" for name, n in imports(tree, "sim") if re.match(r"(numpy\.)?random\b|secrets\b", name)]
    lines += [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"np.random", "numpy.random", "os.urandom"}
    ]
    return lines


def test_all_randomness_is_keyed():
    faults = {dotted(path): hidden_randomness(path.read_text()) for path in MODULES}
    assert {name: lines for name, lines in faults.items() if lines} == {}


@pytest.mark.parametrize(
    "code",
    [
        "import random",
        "from random import choice",
        "from numpy import random",
        "from numpy.random import default_rng",
        "import numpy as np\nx = np.random.rand()",
        "import secrets",
    ],
)
def test_other_randomness_is_found(code):
    assert hidden_randomness(code) != []


SEEN_BY_RULES = ("sim.plan.laws", "sim.plan.sections")
"""What rules may import: quantiles, and the codes of things."""


def not_bit_equal(code: str, *others: str) -> list[str]:
    """Return what a module uses that compiled code might compute otherwise; it may import some others of sim."""
    tree = ast.parse(code)
    uses = []
    banned = {"sum", "round", "pow", "divmod"} - {name.removeprefix("math.") for name, _ in imports(tree, "sim.rules")}
    for name, line in imports(tree, "sim.rules"):
        base, _, last = name.rpartition(".")
        if base == "math" and last not in BIT_EQUAL | EXACT:
            uses.append(f"line {line}: {name}")
        own = name in PLAIN or base in PLAIN or name.startswith(("sim.rules", "sim.errors", *(others or SEEN_BY_RULES)))
        if not own:
            uses.append(f"line {line}: {name}")
    for node in ast.walk(tree):
        text = f"line {getattr(node, 'lineno', 0)}: "
        match node:
            case ast.BinOp(op=ast.Pow()) | ast.AugAssign(op=ast.Pow()):
                uses.append(text + "**")
            case ast.Call(func=ast.Name(id=called)) if called in banned:
                uses.append(text + called)
            case ast.Call(func=ast.Attribute(attr="sum" | "prod" | "mean" | "dot" as called)):
                uses.append(text + called)
            case ast.Attribute(value=ast.Name(id="math"), attr=attr) if attr not in BIT_EQUAL | EXACT:
                uses.append(text + attr)
    return uses


def test_rules_compute_the_same_compiled():
    rules = {dotted(path): path.read_text() for path in MODULES if dotted(path).startswith("sim.rules")}
    faults = {name: not_bit_equal(code) for name, code in rules.items()}
    assert "sim.rules" in faults
    assert {name: lines for name, lines in faults.items() if lines} == {}


def test_laws_compute_the_same_compiled():
    code = (ROOT / "sim" / "plan" / "laws.py").read_text()
    assert not_bit_equal(code) == []


def test_what_is_compiled_computes_the_same():
    plain = {"__init__", "aside", "cache", "pack", "prepared", "room", "trust", "twin"}
    apart = plain | {"compiled", "draws", "layout", "lowering", "records", "rules"}
    parts = {path.stem: path.read_text() for path in (ROOT / "sim" / "fast").glob("*.py") if path.stem not in apart}
    exact = {name: code.replace("math.ceil", "math.floor") for name, code in parts.items()}
    assert {name: lines for name, code in exact.items() if (lines := not_bit_equal(code, "sim."))} == {}
    assert len(parts) > 15


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np",
        "from sim.world.keys import Draws",
        "x = 2 ** 3",
        "x = 2\nx **= 3",
        "x = sum([1, 2])",
        "x = pow(2.0, 3)",
        "def f(a):\n    return a.sum()",
        "import math\nx = math.lgamma(3)",
        "from math import sin",
    ],
)
def test_arithmetic_that_may_differ_is_found(code):
    assert not_bit_equal(code) != []


def test_arithmetic_that_does_not_differ_is_not_found():
    code = "from __future__ import annotations\nimport math\nfrom math import exp, pow\nfrom sim.plan import laws\n"
    assert not_bit_equal(code + "x = exp(math.log(2.0)) + pow(2.0, 3.0) + math.inf") == []


def test_help_is_light(record_property):
    code = (
        "import sys\n"
        "from sim.cli.main import main\n"
        "main(['--help'], standalone_mode=False)\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    record_property("cpu_seconds", after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout
    assert done.stdout.splitlines()[-1] == "HEAVY []"


def test_importing_sim_is_light():
    code = f"import sys, sim; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def pins() -> dict[str, str]:
    """Return the lines of constraints.txt by the name they pin."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return {canonicalize_name(line.partition("==")[0]): line for line in lines}


def needed_here(name: str, extra: str) -> list[Requirement]:
    """Return what an installed distribution needs on this machine; nothing if it is of an extra not installed."""
    try:
        needs = map(Requirement, importlib.metadata.requires(name) or [])
    except importlib.metadata.PackageNotFoundError:
        return []
    return [need for need in needs if need.marker is None or need.marker.evaluate({"extra": extra})]


def test_constraints_hold_exact_versions_only():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.]*", line)] == []
    assert len(pins()) == len(lines)


def test_constraints_cover_all_that_is_installed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    todo = [Requirement(r) for r in project["dependencies"]]
    todo += [Requirement(r) for extra in project["optional-dependencies"].values() for r in extra]
    pinned, seen, missing = pins(), set(), set()
    while todo:
        need = todo.pop()
        name = canonicalize_name(need.name)
        if name not in pinned:
            missing.add(name)
        for extra in {"", *need.extras} - {extra for other, extra in seen if other == name}:
            seen.add((name, extra))
            todo += needed_here(name, extra)
    assert missing == set()
    assert len(seen) > len(project["dependencies"])


def test_pins_satisfy_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needs = [*project["dependencies"], *(r for extra in project["optional-dependencies"].values() for r in extra)]
    versions = {name: line.partition("==")[2] for name, line in pins().items()}
    assert [r for r in map(Requirement, needs) if versions.get(canonicalize_name(r.name), "0") not in r.specifier] == []

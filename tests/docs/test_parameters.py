"""docs/parameters.md is what the schema and a run make of it."""

import importlib.util
import re
import sys
from types import ModuleType

import pytest

from sim.scenario.schema import Root
from sim.scenario.shape import Shape, shape_at
from tests.docs.test_docs import DOCS, rows


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script, which looks into a run only once."""
    spec = importlib.util.spec_from_file_location("parameters", DOCS / "parameters.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    readers = module.read_by()
    module.read_by = lambda: {field: set(modules) for field, modules in readers.items()}
    return module


def test_page_is_as_the_script_makes_it(script):
    page = (DOCS / "parameters.md").read_text(encoding="utf-8")
    assert page == script.page(), "run: python docs/parameters.py"


def below(shape: Shape) -> set[str]:
    """Return the paths of the plain values below a place, any name as *, found by the errors' way of walking."""
    if shape.kind == "part":
        return {f".{key}{path}" for key in shape.keys for path in below(shape.below(key))}
    inner = shape.below("any") if shape.kind == "table" else shape.below("0") if shape.kind == "list" else None
    if inner is not None and (shape.kind == "table" or inner.kind == "part"):
        return {f".*{path}" for path in below(inner)}
    return {""}


def test_page_lists_every_parameter_once():
    page = (DOCS / "parameters.md").read_text(encoding="utf-8")
    names = [row[0].strip("`") for row in rows(page) if row[0].startswith("`")]
    assert {re.sub("<[^>]*>", "*", name) for name in names} == {path[1:] for path in below(shape_at(Root, ()))}
    assert len(names) == len(set(names)) > 150


def test_what_nothing_reads_is_refused(script, monkeypatch):
    readers = script.read_by()
    readers.pop(("Crews", "freed"))
    monkeypatch.setattr(script, "read_by", lambda: readers)
    with pytest.raises(SystemExit, match=r"nothing reads crews\.freed"):
        script.page()

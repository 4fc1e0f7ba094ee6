"""Notebooks run from top to bottom and are kept without outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.files import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS = 10 * 60
HOLDS = {
    "01-first-run": ["bool((difference['waiting_customs'] < 0).all())", "len(r.measures) == len(f.measures) == 8"],
    "02-escort-strategies": [
        "all(len(table) == 10 for table in c.of.values()) and '───' in sim.told(c)",
        "bool((d.loc['ambushes_laid', ['mean', 'low', 'high']] == 0).all(axis=None))",
        "bool((pause.of['ground']['ambushes_laid'] <= c.of['ground'].loc[:3, 'ambushes_laid']).all())",
        "[flip.cycle for curve in b.curves for flip in curve.flips] == [1.0, 1.25, 1.5] * 3",
        "mine.alternatives[1].label == 'never without foreign troops'",
        "[one.exploratory for one in learning.alternatives] == [False, True, False, True]",
    ],
}
"""By notebook: what holds when it has run."""


@pytest.fixture(autouse=True)
def sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    # The kernel chooses how it shows figures; the backend of the tests would hide them.
    monkeypatch.delenv("MPLBACKEND", raising=False)


def execute(notebook: Any, folder: Path) -> Any:
    client = NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(folder)}})
    return client.execute()


def cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def of_kind(cell: Any, kind: str) -> list[Any]:
    return [output for output in cell.outputs if output.output_type == kind]


def test_there_are_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(HOLDS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert [cell.outputs for cell in cells(notebook)] == [[] for _ in cells(notebook)]
    assert {cell.execution_count for cell in cells(notebook)} == {None}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_its_figures(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell(question) for question in HOLDS.get(path.stem, [])]
    done = execute(notebook, path.parent)
    for cell in cells(done):
        assert of_kind(cell, "stream") == [output for output in of_kind(cell, "stream") if output.name == "stdout"]
        if cell.source.startswith("sim.plot."):
            shown = of_kind(cell, "display_data") + of_kind(cell, "execute_result")
            assert [output for output in shown if "image/png" in output.data], cell.source
        if cell.source in HOLDS.get(path.stem, []):
            assert of_kind(cell, "execute_result")[0].data["text/plain"] == "True", cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_finds_its_scenario_from_the_folder_of_the_project(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    last = next(k for k, cell in enumerate(notebook.cells) if "sim.load(" in cell.source)
    notebook.cells = notebook.cells[: last + 1]
    assert of_kind(cells(execute(notebook, ROOT))[-1], "stream")

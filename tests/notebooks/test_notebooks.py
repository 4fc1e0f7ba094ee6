"""Notebooks run from top to bottom, show what people read, and are kept without outputs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient

from tests.files import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS = 10 * 60
RAW = re.compile(r"<\w+[^>]* at 0x|\d\.\d{5,}|\bnan\b|\bNaT\b|Timestamp\(|dtype:|\barray\(")
"""What no reader should meet: objects of Python, numbers with all their digits, days without dates."""


def in_readme(label: str, measure: str) -> str:
    """Return, as code, whether the mean of a measure of notebook 01 lies in the band that the README prints."""
    row = re.search(rf"^{label} +\S+ +([\d,]+)–([\d,]+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert row, label
    low, high = (float(end.replace(",", "")) for end in row.groups())
    return f"bool({low} <= run.measures['{measure}'].mean() <= {high})"


HOLDS = {
    "01-first-run": [
        "(run.manifest['seed'], len(run.measures), scenario.laid) == (1, 40, ('pump-free', 'hindcast=yes'))",
        in_readme("Imports in September, ML", "imports.2025-09"),
        in_readme("Tankers lost", "tankers_lost"),
        in_readme("Waiting, customs, tanker-days", "waiting_customs"),
        "'On record' in sim.told(run) and set(dates.str[3:]) == {'October'}",
        "bool((customs.differences().loc['waiting_customs', 'mean'] < 0).all())",
    ],
    "02-escort-strategies": [
        "all(len(table) == 8 for table in comparison.of.values()) and '───' in sim.told(comparison)",
        "d = comparison.differences()\n"
        "bool((d.loc['ambushes_laid', ['mean', 'low', 'high']] == 0).all(axis=None))",
        "[each.cycle for curve in flip.curves for each in curve.flips] == [1.0, 1.25, 1.5] * 3",
        "'=4' in panel.command.value and 'air-only' in panel.answer.value and 'base64' in panel.figure.value",
        "moved = panel.answer.value\n"
        "panel.moves['escorts.pools.foreign air.units'].value = 2.0\n"
        "panel.answer.value != moved and '=4' not in panel.command.value",
    ],
    "03-evidence-and-calibration": [
        "len(numbers) == 620 and bool((crews['grade'] == 'assumption').any())",
        "set(facts.verdicts) == {'central', 'prior', 'posterior', 'hindcast'}",
        "len(fit.posterior.fit) == 40 and len(tested.targets) == 4",
    ],
    "04-your-own-country": [
        "again.digest == country.digest and better.digest != country.digest",
        "list(larger.root.towns) == ['Capital', 'Hilltown', 'Mine']",
        "answer.names == ('as it is', 'nobody waits') and len(units.points) == 4",
    ],
    "05-what-if": [
        "len(autumn.names) == 4 and len(one_by_one.names) == 3 and len(units.points) == 6",
        "laid = {name: part['ambushes_laid'] for name, part in one_by_one.of.items()}\n"
        "bool((laid['half the ambushes'] < laid['as it is']).all())",
        "bool((units.means('days_half_closed').iloc[0] > units.means('days_half_closed').iloc[-1]).all())",
    ],
}
"""By notebook: what holds when it has run; the last line of each is looked at."""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsyncKernelManager]:
    """A kernel that runs one notebook after another, so that libraries and the engine are loaded once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        # The kernel chooses how it shows figures; the backend of the tests would hide them.
        patch.delenv("MPLBACKEND", raising=False)
        manager = AsyncKernelManager()
        yield manager
        if manager.has_kernel:
            run_sync(manager.shutdown_kernel)(now=True)


def run_through(notebook: Any, kernel: AsyncKernelManager, folder: Path) -> None:
    """Run a notebook in a folder, with no names left from another notebook."""
    begin = nbformat.v4.new_code_cell(f"%reset -f\nimport os\nos.chdir({str(folder)!r})\ndel os")
    notebook.cells.insert(0, begin)
    client = NotebookClient(notebook, km=kernel, timeout=SECONDS, resources={"metadata": {"path": str(folder)}})
    try:
        client.execute()
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        notebook.cells.pop(0)


def cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def of_kind(cell: Any, kind: str) -> list[Any]:
    return [output for output in cell.outputs if output.output_type == kind]


def read(text: str) -> str:
    """Return what is read of HTML or plain text: no tags, and of pictures nothing."""
    return unescape(re.sub(r"<(style|script).*?</\1>|<[a-z/!][^>]*>", " ", text, flags=re.DOTALL))


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
def test_a_notebook_asks_answers_and_sets_exercises(path: Path) -> None:
    prose = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    assert "\n\n**Question.** " in prose[0]
    assert prose[-1].startswith("## Answer\n") and "\n## Change this\n\n1. " in prose[-1]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_of_a_notebook_lead_somewhere(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        for target in re.findall(r"\]\(([^)#]+)", cell.source) if cell.cell_type == "markdown" else ():
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_people_read(path: Path, kernel: AsyncKernelManager, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    own = len(notebook.cells)
    notebook.cells += [nbformat.v4.new_code_cell(question) for question in HOLDS[path.stem]]
    run_through(notebook, kernel, tmp_path)  # anywhere: a notebook leans on no file beside it
    for cell in cells(nbformat.from_dict({"cells": notebook.cells[:own]})):
        assert of_kind(cell, "stream") == [output for output in of_kind(cell, "stream") if output.name == "stdout"]
        shown = of_kind(cell, "display_data") + of_kind(cell, "execute_result")
        if cell.source.startswith("sim.plot."):
            assert [output for output in shown if "image/png" in output.data], cell.source
        texts = [output.text for output in of_kind(cell, "stream")]
        texts += [output.data.get("text/html", "") for output in shown if "text/html" in output.data]
        plain = [output.data for output in shown if not {"text/html", "image/png"} & set(output.data)]
        texts += [data["text/plain"] for data in plain if "application/vnd.jupyter.widget-view+json" not in data]
        assert not [raw for text in texts if (raw := RAW.search(read(text)))], cell.source
    for cell in notebook.cells[own:]:
        assert of_kind(cell, "execute_result")[0].data["text/plain"] == "True", cell.source

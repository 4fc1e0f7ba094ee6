"""Borders behind the places of a scenario: which clip is of its region, and what is wrong with a file."""

import json

import numpy as np
import pytest

import sim
from sim.errors import ViewError
from sim.evidence.evidence import home
from sim.view.borders import borders

SHIPPED = home() / "borders" / "west-africa.borders.json"


def test_the_shipped_clip_lies_about_the_blockade():
    lines = borders(sim.load("blockade-2025").root)
    assert lines is not None
    assert {"Mali", "Senegal", "Côte d'Ivoire", "Guinea", "Mauritania"} <= lines.names.keys()
    west, south, east, north = json.loads(SHIPPED.read_text("utf-8"))["bbox"]
    for line in (*lines.lines, *lines.coasts):
        assert line.ndim == 2 and line.shape[1] == 2 and len(line) > 1
        assert np.all((line >= (west, south)) & (line <= (east, north)))
    assert "Natural Earth" in lines.source and "public domain" in lines.source


def test_the_frontier_passes_between_two_border_posts():
    lines = borders(sim.load("blockade-2025").root)
    assert lines is not None
    # Pogo lies in Côte d'Ivoire, Zégoua 7 km on in Mali; the coast is far from both.
    near = [np.hypot(*(line - (-5.64, 10.45)).T).min() for line in (np.vstack(lines.lines), np.vstack(lines.coasts))]
    assert near[0] < 0.1 and near[1] > 3


def test_an_invented_country_has_no_borders():
    assert borders(sim.load("tutorial").root) is None


def test_a_clip_in_the_working_folder_goes_before_the_shipped(tmp_path, monkeypatch):
    own = json.loads(SHIPPED.read_text("utf-8")) | {"towns": ["Capital"], "source": "own lines"}
    (tmp_path / "own.borders.json").write_text(json.dumps(own), "utf-8")
    monkeypatch.chdir(tmp_path)
    lines = borders(sim.load("tutorial").root)
    assert lines is not None and lines.source.startswith("own lines")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"bbox": [0, 0, 1], "towns": []}', '{"bbox": "abcd", "towns": []}'])
def test_a_file_that_is_no_clip_is_refused(tmp_path, monkeypatch, text):
    (tmp_path / "bad.borders.json").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ViewError, match=r"bad\.borders\.json: cannot be read as borders"):
        borders(sim.load("tutorial").root)

"""convoi crate: a stored study described for archives."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from sim.results.folder import ledger_in
from sim.results.ledger import Outcome
from sim.results.store import CRATE, Study, note_figures, read_manifest
from tests.calls import TINY, convoi


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert convoi("run", TINY, "-n", "1", "--out", "study", "--no-figures", "--quiet").exit_code == 0
    (tmp_path / "study" / "notes.txt").write_text("mine")
    (tmp_path / "study" / "map.png").write_bytes(b"a picture")
    note_figures(Path("study"), [Path("map.png")])
    return Path("study")


def test_the_crate_tells_files_sums_scenario_software_and_licence(study: Path) -> None:
    ended = convoi("crate", "study", "--licence", "https://spdx.org/licenses/CC-BY-4.0")
    assert (ended.exit_code, ended.output) == (0, f"written: {study / CRATE}\n")
    manifest, crate = read_manifest(study), ROCrate(study)  # read as an archive reads it
    files = {entity.id: entity for entity in crate.data_entities}
    assert {*files} == {*manifest["tables"], *manifest["inputs"], "manifest.json", "ledger.sqlite", "map.png"}, (
        "what is not ours is not told"
    )
    for name, entity in files.items():
        content = (study / name).read_bytes()
        assert entity["sha256"] == sha256(content).hexdigest()
        assert entity["contentSize"] == str(len(content))
        assert "/" in entity["encodingFormat"]
    assert crate.license == "https://spdx.org/licenses/CC-BY-4.0"
    assert "Tiny" in crate.name
    made = crate.dereference("#study")
    assert made["instrument"]["softwareVersion"] == manifest["versions"]["convoi"]
    assert made["instrument"]["license"] == "https://spdx.org/licenses/MIT"
    assert [scenario["name"] for scenario in made["object"]] == ["tiny.yaml", "scenario.yaml"]
    assert {file.id for file in made["result"]} == {*files} - {*manifest["inputs"]}
    assert made["identifier"] == f"sha256:{manifest['digest']}"
    assert crate.root_dataset["datePublished"] == made["endTime"] == manifest["made"]
    first = (study / CRATE).read_bytes()
    convoi("crate", "study", "--licence", "https://spdx.org/licenses/CC-BY-4.0")
    assert (study / CRATE).read_bytes() == first


def test_a_licence_is_not_made_up(study: Path) -> None:
    convoi("crate", "study")
    root = next(entity for entity in json.loads((study / CRATE).read_text())["@graph"] if entity["@id"] == "./")
    assert "license" not in root


def test_the_file_is_ours_and_goes_with_what_it_tells_of(study: Path) -> None:
    convoi("crate", "study")
    assert "what describes the study for archives" in convoi("results", "study").stdout
    note_figures(study, [Path("map.png")])
    assert (study / CRATE).exists()
    note_figures(study, [])
    assert not (study / CRATE).exists(), "its figures are others now"
    convoi("crate", "study")
    (study / "manifest.json").rename("away.json")
    again = ["run", TINY, "-n", "1", "--out", "study", "--no-figures", "--quiet"]
    assert convoi(*again).exit_code == 0, "its ledger is this study's, whatever lies beside it"
    Path("away.json").rename(study / "manifest.json")
    convoi("crate", "study")
    assert convoi(*again[:3], "2", *again[4:]).exit_code == 0
    assert not (study / CRATE).exists(), "its tables are others now"


def test_a_table_that_was_changed_is_refused(study: Path) -> None:
    (study / "towns.parquet").write_bytes(b"other")
    ended = convoi("crate", "study", code=1)
    assert ended.stderr.startswith("study/towns.parquet is not the file that the study made: its checksum is ")
    assert not (study / CRATE).exists()


def test_only_a_finished_study_is_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    with pytest.raises(KeyboardInterrupt), ledger_in(Path("half"), Study("d", 1, 20)) as ledger:
        ledger.put("w", 0, Outcome({"cover": 0.5}, {}))
        raise KeyboardInterrupt
    told = {
        "none": "no folder 'none'; expected the folder of a study\n",
        "empty": "empty holds no study (it is empty); expected a finished one\n",
        "half": "half holds an interrupted study; expected a finished one\n",
    }
    for folder, words in told.items():
        ended = convoi("crate", folder)
        assert (ended.exit_code != 0, ended.stderr) == (True, words)

"""CITATION.cff, CONTRIBUTING.md and the checklist say what the project says elsewhere."""

from __future__ import annotations

import re
import tomllib

from ruamel.yaml import YAML

import sim
from tests.docs.test_docs import DOCS, ROOT, rows
from tests.unit.test_house import STEP

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CITATION = YAML(typ="safe").load(ROOT / "CITATION.cff")
COUNTS = {1: 3, 2: 5, 3: 4, 4: 3, 5: 4, 6: 1}
ITEMS = [f"{part}.{item}" for part, count in COUNTS.items() for item in range(1, count + 1)]


def test_the_citation_is_that_of_this_version() -> None:
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["version"] == PROJECT["version"] == sim.__version__
    assert [author["name"] for author in CITATION["authors"]] == [author["name"] for author in PROJECT["authors"]]
    assert CITATION["license"] == PROJECT["license"]
    assert CITATION["keywords"] == PROJECT["keywords"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    dated = re.search(rf"^## {re.escape(sim.__version__)}, (\S+)$", changes, re.MULTILINE)
    assert dated is not None
    assert str(CITATION.get("date-released", "unreleased")) == dated[1]


def test_the_citation_has_what_its_form_asks_for() -> None:
    for work in (CITATION, *CITATION["references"]):
        assert work["title"]
        assert work["type"] in ("software", "article")
        assert all("name" in author or "family-names" in author for author in work["authors"])
    assert CITATION["message"]


def test_the_checklist_has_its_twenty_items_with_a_place_each() -> None:
    table = [row for row in rows((DOCS / "stress-des.md").read_text(encoding="utf-8")) if re.match(r"\d", row[0])]
    assert [row[0].split()[0] for row in table] == ITEMS
    assert all(row[1] and "](" in row[2] for row in table)
    headings = (DOCS / "model.md").read_text(encoding="utf-8")
    for row in table:
        number, name = row[0].split(maxsplit=1)
        if re.search(rf"\(model\.md#{number.replace('.', '')}-", row[2]):
            assert re.search(rf"^### {re.escape(number)} ", headings, re.MULTILINE), name


def test_contributing_names_the_rooms_in_their_order() -> None:
    text = " ".join((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split())
    told = re.search(r"one way: ([^.]*)\.", text)
    assert told is not None
    rooms = [room.strip() for part in told[1].split("→") for room in part.split(" and ")]
    assert [STEP[room] for room in rooms] == sorted(STEP.values())
    assert {*rooms} == {*STEP}

"""What is said in another language: catalogues, plural forms, numbers and dates, and whole answers."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from babel.messages.pofile import read_po

import sim
from sim.errors import RequestError
from sim.language import CATALOGUES, ENGLISH, LANGUAGES, language, mark, points, say, say_counted
from sim.view.words import (
    counted,
    describe,
    listed,
    long_date,
    name_words,
    number,
    percent,
    range_words,
    short_date,
    spelled,
    with_unit,
)
from tests.calls import convoi
from tests.files import ROOT

OTHERS = [name for name in LANGUAGES if name != ENGLISH]
ENGLISH_WORDS = re.compile(
    r"\b(the|of|and|with|by|from|was|were|not|each|replications?|runs?|tankers?|stations? open)\b"
)
"""Words that no French answer has."""
SPACE, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


def replications(count: float) -> str:
    return say_counted("{count} replication", "{count} replications", count, count=points(f"{count:,}"))


def test_plural_forms_and_numbers_are_those_of_the_language():
    assert [replications(count) for count in (0, 1, 1.5, 1234)] == [
        "0 replications", "1 replication", "1.5 replications", "1,234 replications",
    ]  # fmt: skip
    with sim.speaking("fr"):
        assert [replications(count) for count in (0, 1, 1.5, 1234)] == [
            "0 réplication", "1 réplication", "1,5 réplication", f"1{NARROW}234 réplications",
        ]  # fmt: skip
    assert language() == "en"


def test_what_has_no_translation_stays_and_values_are_not_read_again():
    with sim.speaking("fr"):
        assert say("no such sentence of {name}", name="{x}") == "no such sentence of {x}"


def test_an_unknown_language_is_refused():
    with pytest.raises(RequestError, match="no language 'xx'; expected one of en, fr"), sim.speaking("xx"):
        pass
    assert language() == "en"


@pytest.mark.parametrize(
    ("write", "english", "french"),
    [
        (lambda: long_date(date(2025, 10, 6)), "6 October", f"6{SPACE}octobre"),
        (lambda: long_date(date(2025, 10, 1)), "1 October", f"1er{SPACE}octobre"),
        (lambda: short_date(date(2025, 10, 6)), "6 Oct", f"6{SPACE}oct."),
        (lambda: range_words(*map(short_date, (date(2025, 10, 1), date(2025, 10, 6)))), "1–6 Oct", f"1er–6{SPACE}oct."),
        (
            lambda: range_words(*map(short_date, (date(2025, 9, 30), date(2025, 10, 6)))),
            "30 Sep – 6 Oct",
            f"30{SPACE}sept. – 6{SPACE}oct.",
        ),
        (lambda: range_words(percent(0.05), percent(0.65)), "5–65 %", f"5–65{SPACE}%"),
        (lambda: number(1234.5), "1,230", f"1{NARROW}230"),
        (lambda: number(1.24), "1.2", "1,2"),
        (lambda: number(1.5e6), "1.5 million", "1,5 million"),
        (lambda: number(2.5e6), "2.5 million", "2,5 millions"),
        (lambda: counted("0", "day"), "0 days", "0 jour"),
        (lambda: counted(number(1.5), "tanker"), "1.5 tankers", "1,5 camion-citerne"),
        (lambda: counted("2", "tanker"), "2 tankers", "2 camions-citernes"),
        (lambda: with_unit(number(1234), "tanker-days"), "1,230 tanker-days", f"1{NARROW}230 jours-camions"),
        (lambda: listed(["a", "b", "c"]), "a, b and c", "a, b et c"),
        (lambda: name_words("none"), "‘none’", f"«{SPACE}none{SPACE}»"),
        (lambda: describe("imports.2025-10").heading, "Imports in October, ML", "Importations, octobre, ML"),
        (
            lambda: spelled([describe("imports.2025-10").heading])[0],
            "Imports in October, million litres (ML)",
            "Importations, octobre, millions de litres (ML)",
        ),
    ],
)
def test_numbers_dates_and_lists_are_written_as_the_language_does(write: Callable[[], str], english: str, french: str):
    assert write() == english
    with sim.speaking("fr"):
        assert write() == french


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "catalogue.py"))


@pytest.fixture(scope="module")
def known(catalogue: dict[str, Any]) -> dict[str, str]:
    return catalogue["messages"]()


@pytest.mark.parametrize("name", OTHERS)
def test_a_catalogue_has_what_is_said_and_nothing_else(name: str, catalogue: dict[str, Any], known: dict[str, str]):
    assert catalogue["missing"](name, known) == [], "translate what `python docs/catalogue.py --missing` prints"
    text = (CATALOGUES / f"{name}.po").read_text(encoding="utf-8")
    assert text == catalogue["page"](name, known), "run: python docs/catalogue.py"
    assert "#~" not in text


@pytest.mark.parametrize("name", OTHERS)
def test_a_translation_has_the_names_of_its_message(name: str):
    with (CATALOGUES / f"{name}.po").open("rb") as file:
        entries = [entry for entry in read_po(file, locale=name) if entry.id]
    assert len(entries) > 500
    for entry in entries:
        assert not entry.fuzzy
        both = isinstance(entry.id, tuple)
        for message, translation in zip(entry.id, entry.string, strict=True) if both else [(entry.id, entry.string)]:
            assert braces(translation) == braces(message), message
            assert (message[:1] == " ") == (translation[:1] == " "), message


def braces(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{[^}]*\}", text)))


def test_a_sentence_is_picked_up_wherever_it_is_said(catalogue: dict[str, Any], known: dict[str, str]):
    assert known["{count} tanker"] == "{count} tankers", "the noun of `counted`"
    assert "lack of escorts" in known, "what measures declare"
    assert "army alone" in known, "labels of shipped scenarios"
    assert mark("pump fuel") in known


STUDIES: dict[str, Sequence[str]] = {
    "run": ("run", "tutorial", "-n", "4", "--no-figures"),
    "once": ("run", "tutorial", "-n", "1", "--no-figures"),
    "compare": ("compare", "tutorial", "--strategy", "none", "--strategy", "army", "-n", "4", "--no-figures"),
    "overlays": ("compare", "tutorial", "--overlay", "strike-five-days", "-n", "4", "--no-figures"),
    "at": ("at", "tutorial", "2030-01-20", "-n", "4"),
    "validate": ("validate", "tutorial", "--targets", "tutorial", "-n", "20", "--no-figures"),
    "sweep": ("sweep", "tutorial", "--vary", "escorts.pools.army.units=2:4", "-n", "2", "--no-figures"),
    "sensitivity": ("sensitivity", "tutorial", "--trajectories", "2", "--base", "4", "--top", "2", "--no-figures"),
    "events": ("events", "tutorial", "--what", "all", "--to", "2030-01-08"),
}


@pytest.fixture(scope="module", autouse=True)
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("spoken"))
        yield


@pytest.mark.parametrize("study", STUDIES)
def test_an_answer_is_french_from_end_to_end(study: str):
    text = convoi(*STUDIES[study], "--lang", "fr", code=0).stdout
    assert len(text) > 400
    root = sim.load("tutorial").root
    names = "|".join(map(re.escape, (*root.corridors, *root.escorts.pools, *root.zones)))
    said = re.sub(rf"«[^»]*»|--?\w[\w-]*|\S*/\S*|\b({names})\b", "", text)
    assert [line for line in said.splitlines() if ENGLISH_WORDS.search(line)] == []
    assert not re.search(r"\d\.\d", re.sub(r"\S*/\S*|\d{4}-\d\d-\d\d", "", text)), "a point in a number"
    assert language() == ENGLISH


def test_the_language_is_an_option_of_convoi_of_a_command_and_of_the_environment():
    command = ("events", "tutorial", "--to", "2030-01-03")
    english, french = (convoi(*command, "--lang", name, code=0).stdout for name in ("en", "fr"))
    assert english == convoi(*command, code=0).stdout != french
    assert convoi("--lang", "fr", *command, code=0).stdout == french
    assert convoi(*command, env={"CONVOI_LANG": "fr"}, code=0).stdout == french
    assert convoi(*command, "--lang", "en", env={"CONVOI_LANG": "fr"}, code=0).stdout == english
    assert "'xx' is not one of 'en', 'fr'" in convoi("--lang", "xx", *command, code=2).stderr


def test_what_a_script_reads_is_the_same_in_each_language():
    command = (*STUDIES["at"], "--json")
    assert convoi(*command, "--lang", "fr", code=0).stdout == convoi(*command, code=0).stdout


def test_what_a_user_wrote_is_not_formatted():
    scenario = sim.load("tutorial", sets=["title='{town} %s {0}'"])
    with sim.speaking("fr"):
        text = sim.told(sim.run(scenario, 1))
    assert text.startswith("{town} %s {0}\n")

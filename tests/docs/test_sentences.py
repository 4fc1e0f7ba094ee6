"""The three sentences of each quoted comparison are, word by word, such as the code makes; only numbers may differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import sim
from sim.study.effects import Finding, finding, ranked
from sim.study.intervals import Interval
from sim.view.compare_answer import turn_words
from sim.view.ranking import first_words
from sim.view.town_changes import town_loss_words
from sim.view.words import name_words
from tests.files import ROOT
from tests.unit.comparisons import SCENARIOS, comparison, scenario
from tests.unit.test_view_chosen import CASES

HEADS = ("Found", "How sure", "Turns on")
PAGES = (ROOT / "README.md", ROOT / "docs" / "questions.md")
AGAIN = "run docs/images/regenerate.py"
NAMED = r"X against X: .+ \(# where it is low, # where it is high\) \[T\]\."


def quoted(page: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Iterate over the sentences of each quoted comparison: which, its text, and what the alternatives are called."""
    command = ""
    for kind, block in re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S):
        if kind == "sh":
            command = block
        if told := re.search(r"^Found: .*?(?=\n\n|\Z)", block, re.M | re.S):
            text = re.split(r" (?=They begin )", " ".join(told[0].split()))[0]
            parts = [part for part in re.split(rf"(?:^| )({'|'.join(HEADS)}): ", text) if part]
            for head, sentences in zip(parts[::2], parts[1::2], strict=True):
                yield head, sentences, alternatives(command)


def alternatives(command: str) -> list[str]:
    """Return what the alternatives of a command are called."""
    given = re.findall(r"--(strategy|overlay) (\S+)", command)
    names = ["+".join(Path(file).stem for file in files.split(",")) for _, files in given]
    return [*names, *(["as it is"] * any(kind == "overlay" for kind, _ in given))]


def shapes(text: str, names: list[str]) -> list[str]:
    """Return the sentences of a text with its numbers, dates, towns and alternatives blanked."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<![\w+-]){re.escape(name_words(name))}(?![\w+-])", "X", text)
    text = re.sub(r"X(, X)*( and| or) X", "X", text)
    text = re.sub("|".join(map(re.escape, scenario("as it is").root.towns)), "T", text)
    text = re.sub(r"(within )?(these parameter ranges|the fitted parameters|the central parameters)", r"\1P", text)
    text = re.sub(r"[−+]?\d[\d,.]*(?<![,.])", "#", text)
    text = re.sub(r"(?<=# )(days|points|towns|observations|draws|replications)\b", lambda match: match[0][:-1], text)
    text = re.sub(r" of the #(?=, ahead)|, the next(?= \()", "", text)
    text = re.sub(r"\[(data|both|assumption)\]", "[T]", text)
    return re.split(r"(?<=\.) (?=[A-Z])", text)


@cache
def made() -> dict[str, set[str]]:
    """Return the shapes that the code makes, of each sentence."""
    names = ["none", "air-only", "twin"]
    findings, turns = set[str](), set[str]()
    for worth, count in (({"twin": 0.3}, 60), ({"twin": 0.3}, 8), ({"twin": 0.55}, 60), ({"twin": 0.55}, 8)):
        compared = comparison(names, worth={"none": 0.1, "air-only": 0.55} | worth, replications=count)
        first, second, last = ranked(compared)
        for result in (finding(compared, first, last), finding(compared, first, second)):
            findings |= {*shapes(first_words(compared, result), names), *shapes(town_loss_words(compared, last), names)}
            turns |= {*shapes(turn_words(compared, result._replace(turns=(), tag=None)), names)}
        for ends in ((-0.5, 0.3), (float("nan"), float("nan"))):
            level = Finding(first, last, Interval(-0.1, *ends), 0.5, 0.4, 0, (), None)
            findings |= {*shapes(first_words(compared, level), names)}
    pair = comparison(("none", "air-only"), replications=60)
    for ends in ((-0.5, 0.3), (float("nan"), float("nan"))):
        level = Finding("air-only", "none", Interval(-0.1, *ends), 0.5, 0.4, 0, (), None)
        findings |= {*shapes(first_words(pair, level), names)}
    posterior = sim.load(SCENARIOS / "blockade-2025.yaml", "pump-free")
    fitted = replace(pair, alternatives=tuple(replace(strategy, scenario=posterior) for strategy in pair.alternatives))
    turns |= {*shapes(turn_words(fitted, finding(pair, "air-only", "none")), names)}
    sure = {shape for told, _ in CASES.values() for shape in shapes(told, ["X", "Y", "none"])}
    return {"Found": findings, "How sure": sure, "Turns on": turns}


def test_numbers_and_names_are_blanked_and_nothing_else() -> None:
    text = "few-large has the fewest days: 53 on average (5–95 %: 4.5–74), 1 day fewer than ‘as it is’ (−0.5 to 2)."
    assert shapes(text, ["few-large", "as it is"]) == [
        "X has the fewest days: # on average (#–# %: #–#), # day fewer than X (# to #)."
    ]
    assert shapes("army, ‘none’ and air-only lose 2 days. Each does.", ["air-only", "army", "none"]) == [
        "X lose # day.",
        "Each does.",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_quoted_sentences_are_such_as_the_code_makes(page: Path) -> None:
    told = [*quoted(page)]
    assert {head for head, _, _ in told} == {*HEADS}
    for head, text, names in told:
        assert len(names) > 1, f"{text}: without its command"
        for shape in shapes(text, names):
            ours = shape in made()[head] or (head == "Turns on" and re.fullmatch(NAMED, shape))
            assert ours, f"{head}: {shape!r} is not a sentence of the code; {AGAIN}"

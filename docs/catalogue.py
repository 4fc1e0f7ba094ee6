"""Bring the catalogues of sim/locale up to date with the sentences in sim/ and the words of shipped scenarios.

Use: python docs/catalogue.py            keep the translations there are, add what is new, drop what nothing says
     python docs/catalogue.py --missing  print what has no translation yet, and write nothing
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from ruamel.yaml import YAML

from sim.language import CATALOGUES, ENGLISH, LANGUAGES
from sim.results.measures.definition import DATE, DEFINITIONS
from sim.results.measures.waiting import CAUSE_WORDS
from sim.results.variance import TOO_FEW, UNTOLD
from sim.scenario.schema import Root
from sim.scenario.shape import Shape
from sim.study.sensitivity import LUCK, OTHERS
from sim.study.validate import CENTRAL, HINDCAST, POSTERIOR, PRIOR, WITHOUT_MODEL
from sim.view.borders import ENDING
from sim.view.parameters import WORDS
from sim.view.words import one_and_many

ROOT = Path(__file__).resolve().parents[1]
Messages = dict[str, str]
"""By message: its plural, empty if it has none."""
SPACES = {"fr": (re.compile(r" (?=[:;!?%»])|(?<=«) "), "\N{NO-BREAK SPACE}")}
"""Spaces that a line break must not part, by language."""


def messages() -> Messages:
    """Return all that can be said: literals in the code, words of measures, what shipped scenarios call things."""
    known: Messages = {}
    for message, plural in (*_in_code(), *_declared(), *_in_scenarios(), *_on_maps()):
        known[message] = plural or known.get(message, "")
    return known


def _in_code() -> Iterator[tuple[str, str]]:
    """Iterate over the literals given to `say`, `say_counted`, `mark` and `counted`."""
    for path in sorted((ROOT / "sim").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
            match node.func.id, texts:
                case (("say" | "mark"), [str(message), *_]):
                    yield message, ""
                case "say_counted", [str(message), str(plural), *_]:
                    yield message, plural
                case "counted", [_, str(noun)]:
                    yield one_and_many(noun)
                case "counted", [_, str(noun), str(plural)]:
                    yield one_and_many(noun, plural)


def _declared() -> Iterator[tuple[str, str]]:
    """Iterate over the words of measures and their units."""
    for definition in DEFINITIONS:
        yield from ((words, "") for words in (definition.label, definition.head) if words)
        if definition.unit not in ("", "%", DATE):
            yield definition.unit, ""
            yield one_and_many(definition.unit.removesuffix("s"), definition.unit)
    yield from ((words, "") for words in (*CAUSE_WORDS.values(), TOO_FEW, UNTOLD, *WORDS.values()))
    yield from ((words, "") for words in (CENTRAL, PRIOR, POSTERIOR, HINDCAST, *WITHOUT_MODEL, LUCK, OTHERS))
    yield from (one_and_many(unit.removesuffix("s"), unit) for unit in _units(Shape("part", "", part=Root), set()))


def _units(place: Shape | None, seen: set[object]) -> Iterator[str]:
    """Iterate over the units in which parameters are shown."""
    if place is None or place.part in seen:
        return
    if place.rule is not None and (unit := place.rule.show or place.rule.unit) != "1":
        yield unit.removeprefix("1")
    if place.kind == "part":
        seen.add(place.part)
        for key in place.keys:
            yield from _units(place.below(key), seen)
    elif place.kind in ("table", "list"):
        yield from _units(place.item, seen)


def _in_scenarios() -> Iterator[tuple[str, str]]:
    """Iterate over titles and labels in what is shipped, names that are words, and what scenarios' strategies are."""
    for path in sorted((ROOT / "scenarios").rglob("*.yaml")):
        whole = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        yield from ((words, "") for words in _called(whole))
        note = whole.get("strategy", {}).get("note") if path.parent.name == "scenarios" else None  # shows by itself
        yield from [(note, "")] * bool(note)


def _on_maps() -> Iterator[tuple[str, str]]:
    """Iterate over the names of the countries on shipped maps."""
    for path in sorted((ROOT / "seeds" / "borders").glob(f"*{ENDING}")):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        yield from ((each["properties"]["name"], "") for each in features if "name" in each["properties"])


def _called(part: object) -> Iterator[str]:
    """Iterate over the words by which a part of a file and what lies in it are called."""
    if isinstance(part, list):
        for item in part:
            yield from _called(item)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key in ("title", "label"):
                yield str(value)
            if key in ("products", "users", "corridors", "pools", "documented") and isinstance(value, dict):
                yield from map(str, value)
            yield from _called(value)


def updated(language: str, known: Messages) -> Catalog:
    """Return the catalogue of a language with all messages, and the translations that there are."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        before = read_po(file, locale=language)
    catalog = Catalog(language)
    for message, plural in known.items():
        old = before.get(message)
        whole = (message, plural) if plural else message
        empty = ("", "") if plural else ""
        text = old.string if old is not None and isinstance(old.string, tuple) == bool(plural) else empty
        catalog.add(whole, _spaced(text, language), flags=_flags(whole))
        catalog[message].flags.discard("python-format")  # a share in per cent is none
    return catalog


def _flags(message: str | tuple[str, str]) -> Iterable[str]:
    return ["python-brace-format"] if "{" in str(message) else []


def _spaced(text: str | tuple[str, ...], language: str) -> str | tuple[str, ...]:
    spaces, unbroken = SPACES[language]
    return spaces.sub(unbroken, text) if isinstance(text, str) else tuple(spaces.sub(unbroken, form) for form in text)


def page(language: str, known: Messages) -> str:
    """Return the text of a catalogue: its head as it is, then the messages in order of the alphabet."""
    head, _, _ = (CATALOGUES / f"{language}.po").read_text(encoding="utf-8").partition("\n\n")
    with BytesIO() as stream:
        write_po(stream, updated(language, known), width=120, no_location=True, omit_header=True, sort_output=True)
        return f"{head}\n\n{stream.getvalue().decode().strip()}\n"


def missing(language: str, known: Messages) -> list[str]:
    """Return the messages without a translation, each with its plural after a bar if it has one."""
    entries = [entry for entry in updated(language, known) if entry.id and not _all(entry.string)]
    return [" | ".join(entry.id) if isinstance(entry.id, tuple) else entry.id for entry in entries]


def _all(forms: str | tuple[str, ...]) -> bool:
    return all(forms) if isinstance(forms, tuple) else bool(forms)


def main(only_missing: bool) -> None:
    """Write the catalogues, or print what they lack."""
    known = messages()
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        if only_missing:
            print(*sorted(missing(language, known)), sep="\n")
        else:
            (CATALOGUES / f"{language}.po").write_text(page(language, known), encoding="utf-8")


if __name__ == "__main__":
    main("--missing" in sys.argv[1:])

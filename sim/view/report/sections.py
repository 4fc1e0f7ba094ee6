"""What the sections of the page hold: sentences and tables of the answers, charts, facts, evidence, how it was made."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from sim.language import ENGLISH, language, say
from sim.scenario.calls import command_words
from sim.view.blocks import Prose
from sim.view.report.evidence import Evidence
from sim.view.report.facts import Facts


class Link(NamedTuple):
    """A finding of another section, which it leads to."""

    section: str
    words: str


class Aside(NamedTuple):
    """A paragraph that stands out."""

    words: str


class Turns(NamedTuple):
    """On which numbers an answer turns most, empty if that cannot be told, and a sentence that says more, or why."""

    finding: str
    words: str


class Code(NamedTuple):
    """A command as one types it."""

    words: str


@dataclass(frozen=True)
class Entries:
    """Terms with what they are; those in ``code`` are written as one types them."""

    entries: Mapping[str, str]
    code: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Section:
    """A section: its identifier, heading and parts in order.

    A part is `sim.view.blocks.Prose` or `Sheet`, `sim.view.report.chart.Chart`, `Facts`, `Evidence`, `Entries`, `Code`,
    `Turns`, `Aside` or markup that is safe.
    """

    name: str
    heading: str
    parts: tuple[Any, ...]


def links(sections: Iterable[Section]) -> list[Link]:
    """Return on what a study turns and how record and evidence speak for it, with the sections that have the rest."""
    return [
        Link(section.name, part.finding)
        for section in sections
        for part in section.parts
        if isinstance(part, Facts | Evidence | Turns) and part.finding
    ]


def set_beside_record(parts: Sequence[Facts | Prose]) -> tuple[list[Section], list[str]]:
    """Return the section of the record, if there is something to set beside it, else the sentences that say why not."""
    if any(isinstance(part, Facts) for part in parts):
        return [Section("record", say("Facts beside the model"), tuple(parts))], []
    return [], [line for part in parts if isinstance(part, Prose) for line in part.lines]


def spoken(command: str) -> str:
    """Return a command of Convoi so that it answers in the language spoken."""
    words = command_words(command)
    if not words:
        return command
    kept = [word for before, word in pairwise(["", *words]) if "--lang" not in (before, word.partition("=")[0])]
    if language() != ENGLISH:
        kept += ["--lang", language()]
    return command if kept == words else shlex.join(kept)


def made_of(manifest: Mapping[str, Any]) -> Entries:
    """Return how a study was made, from its manifest."""
    versions = ", ".join(f"{name} {version}" for name, version in manifest.get("versions", {}).items())
    command, digests = say("Command"), {"": say("Digest of the scenario")}
    several = manifest.get("alternatives", {})
    laid = {name: entry.get("laid", []) for name, entry in several.items()}
    shared = [layer for layer in next(iter(laid.values()), []) if all(layer in layers for layers in laid.values())]
    own = {f"{layer}.yaml" for layers in laid.values() for layer in layers if layer not in shared}
    names = [Path(name).name for name in manifest.get("scenario", [])]
    files = ", ".join(name for name in names if name not in own)
    told = {
        command: spoken(manifest.get("command") or "") or say("called from Python"),
        say("Scenario"): files or str(manifest.get("title", "")),
        say("Laid on it"): "" if several else ", ".join(manifest.get("laid", [])),
        say("Laid on all"): ", ".join(shared) if several else "",
        digests[""]: str(manifest.get("digest", "")),
        say("Seed"): str(manifest.get("seed", "")),
        say("Replications"): str(manifest.get("replications", "")),
        say("Engine"): str(manifest.get("engine", "")),
        say("Made"): str(manifest.get("made", "")),
        say("Versions"): versions,
    }
    for name, entry in several.items():
        told[say("Laid on {alternative}", alternative=name)] = ", ".join(
            layer for layer in laid[name] if layer not in shared
        ) or say("nothing more")
        digests[name] = say("Digest of {alternative}", alternative=name)
        told[digests[name]] = str(entry["digest"])
    return Entries({name: text for name, text in told.items() if text}, frozenset((command, *digests.values())))

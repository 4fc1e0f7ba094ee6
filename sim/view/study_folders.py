"""The studies that are kept, in words: what each is, how far it came, how much room it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.language import mark, points, say
from sim.results.listing import Kept
from sim.results.lock import plain
from sim.view.table import grid, paragraphs
from sim.view.words import counted, short_date

INDENT = "    "
SIZES = (mark("{size} bytes"), mark("{size} kB"), mark("{size} MB"), mark("{size} GB"), mark("{size} TB"))


def folder_lines(parent: Path, entries: Sequence[Kept], strays: int) -> Iterator[str]:
    """Iterate over a few lines a folder, and the sum at the end.

    Parameters
    ----------
    parent
        The folder of all.
    entries
        Its folders, each with what it holds.
    strays
        Files beside the folders.
    """
    for entry in entries:
        yield plain(entry.folder.name)
        yield from _about(entry)
    studies = [entry for entry in entries if entry.state != "other"]
    parts = [counted(f"{len(studies):,}", "study", "studies")]
    for state in ("interrupted", "at work"):
        if some := [entry for entry in studies if entry.state == state]:
            parts.append(f"{len(some)} of them {state}")
    if others := len(entries) - len(studies):
        parts.append(counted(str(others), "other folder"))
    if strays:
        parts.append(counted(str(strays), "other file"))
    yield paragraphs([f"{parent}: {', '.join(parts)}, {room(sum(entry.size for entry in entries))}"], INDENT)


def folder_details(entry: Kept) -> Iterator[str]:
    """Iterate over what a folder holds, file by file."""
    yield plain(entry.folder)
    yield from _about(entry)
    if entry.files:
        rows = [(plain(name), room(size), entry.role(name)) for name, size in entry.files.items()]
        yield grid(("file", "size", "what"), rows, numbers=(1,))


def _about(entry: Kept) -> Iterator[str]:
    if entry.state == "other":
        yield paragraphs([f"{INDENT}no study: {entry.problem}"], INDENT)
        return
    about = [plain(entry.about["title"])] if "title" in entry.about else []
    about += [_replications(entry), f"seed {plain(entry.about['seed'])}"] if "seed" in entry.about else []
    about += ["central values"] if entry.about.get("central") is True else []
    about += [_state(entry), room(entry.size)]
    yield paragraphs([f"{INDENT}{', '.join(about)}"], INDENT)
    if entry.command is not None:
        yield f"{INDENT}{plain(entry.command)}"  # in one line, so that it can be copied


def _replications(entry: Kept) -> str:
    count = entry.about.get("replications")
    if isinstance(count, list):
        return f"{'replication' if len(count) == 1 else 'replications'} {plain(', '.join(map(str, count)))}"
    return f"n = {count:,}" if isinstance(count, int) else f"n = {plain(count)}"


def _state(entry: Kept) -> str:
    when = "" if entry.when is None else f" {short_date(local := entry.when.astimezone())} {local:%Y %H:%M}"
    if entry.state == "finished":
        return f"finished{when}"
    progress = ""
    if entry.done is not None:
        whole = f" of {entry.total:,}" if entry.total is not None else ""
        progress = f" with {entry.done:,}{whole} replications done"
    return f"{entry.state}{f', begun{when},' if when else ''}{progress}"


def room(size: int) -> str:
    """Write a size in bytes as people read it: ``12.3 MB``."""
    value, power = float(size), 0
    while value >= 999.5 and power < len(SIZES) - 1:
        value, power = value / 1000.0, power + 1
    return say(SIZES[power], size=points(f"{value:.0f}" if not power or value >= 99.5 else f"{value:.1f}"))

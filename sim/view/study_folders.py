"""The studies that are kept, in words: what each is, how far it came, how much room it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.results.listing import Kept
from sim.results.lock import plain
from sim.view.table import grid, paragraphs
from sim.view.words import counted, short_date

INDENT = "    "


def folder_lines(parent: Path, found: Sequence[Kept], strays: int) -> Iterator[str]:
    """Iterate over a few lines a folder, and the sum at the end.

    Parameters
    ----------
    parent
        The folder of all.
    found
        What its folders hold.
    strays
        Files beside the folders.
    """
    for one in found:
        yield plain(one.folder.name)
        yield from _told(one)
    studies = [one for one in found if one.state != "other"]
    parts = [counted(f"{len(studies):,}", "study", "studies")]
    for state in ("interrupted", "at work"):
        if some := [one for one in studies if one.state == state]:
            parts.append(f"{len(some)} of them {state}")
    if others := len(found) - len(studies):
        parts.append(counted(str(others), "other folder"))
    if strays:
        parts.append(counted(str(strays), "other file"))
    yield paragraphs([f"{parent}: {', '.join(parts)}, {room(sum(one.size for one in found))}"], INDENT)


def folder_details(one: Kept) -> Iterator[str]:
    """Iterate over what a folder holds, file by file."""
    yield plain(one.folder)
    yield from _told(one)
    if one.files:
        rows = [(plain(name), room(size), one.role(name)) for name, size in one.files.items()]
        yield grid(("file", "size", "what"), rows, numbers=(1,))


def _told(one: Kept) -> Iterator[str]:
    if one.state == "other":
        yield paragraphs([f"{INDENT}no study: {one.problem}"], INDENT)
        return
    about = [plain(one.about["title"])] if "title" in one.about else []
    about += [_replications(one), f"seed {plain(one.about['seed'])}"] if "seed" in one.about else []
    about += ["central values"] if one.about.get("central") is True else []
    about += [_state(one), room(one.size)]
    yield paragraphs([f"{INDENT}{', '.join(about)}"], INDENT)
    if one.command is not None:
        yield f"{INDENT}{plain(one.command)}"  # in one line, so that it can be copied


def _replications(one: Kept) -> str:
    given = one.about.get("replications")
    if isinstance(given, list):
        return f"{'replication' if len(given) == 1 else 'replications'} {plain(', '.join(map(str, given)))}"
    return f"n = {given:,}" if isinstance(given, int) else f"n = {plain(given)}"


def _state(one: Kept) -> str:
    when = "" if one.when is None else f" {short_date(local := one.when.astimezone())} {local:%Y %H:%M}"
    if one.state == "finished":
        return f"finished{when}"
    done = ""
    if one.done is not None:
        whole = f" of {one.total:,}" if one.total is not None else ""
        done = f" with {one.done:,}{whole} replications done"
    return f"{one.state}{f', begun{when},' if when else ''}{done}"


def room(size: int) -> str:
    """Write a size in bytes as people read it: ``12.3 MB``."""
    value, unit = float(size), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if value < 999.5 or unit == "TB":
            break
        value /= 1000.0
    return f"{value:.0f} {unit}" if unit == "bytes" or value >= 99.5 else f"{value:.1f} {unit}"

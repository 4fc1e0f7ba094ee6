"""A study in its folder: put there whole, and read back as what its verb returned."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sim.errors import ConvoiError, ResultsError
from sim.plan import build
from sim.plan.sealed import MANIFEST, SEAL, checksum
from sim.results.folder import StudyFolder
from sim.results.inputs import scenario_in
from sim.results.listing import kept
from sim.results.lock import plain
from sim.results.run import FAILURES, Run
from sim.results.run import tables as run_tables
from sim.results.sheet import csv_frame
from sim.results.shelf import Shelf
from sim.results.store import KINDS, LAYOUT, OWN, SAME, Study, files_of, is_as_written, note_in
from sim.results.tables import BRIEF, TABLES
from sim.scenario.calls import command_words, verb
from sim.study.alternatives import Alternative, named
from sim.study.break_even import BreakEven, curves
from sim.study.comparison import Comparison
from sim.study.comparison import tables as comparison_tables
from sim.study.experiment import versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sim.scenario.load import Scenario

Kept = TypeVar("Kept", Run, Comparison)
OPENED: Final = ("run", "comparison")
"""Studies that can be opened."""
CURVES, CURVE_FAILURES = "break-even.csv", "break-even-failures.csv"
TEXTS: Final = ("alternative", "equal", "stage", "message")
"""Columns of text in tables that are stored as such."""
TOLD: Final = (*SAME, "done", "measure")
"""Entries of a manifest by which two outcomes are of one study, with as many replications."""
OF_FOLDER: Final = (*KINDS, SEAL, "layout", "study", "scenarios", "break_even")
"""Entries of a manifest that are of the folder, rather than of the study."""


def store(place: StudyFolder, outcome: Any, break_even: BreakEven | None = None) -> None:
    """Write what a verb returned into the folder of its study: tables, manifest, and what it was made of.

    Parameters
    ----------
    place
        The folder, entered for the study.
    outcome
        A run, comparison, sweep, calibration, validation or sensitivity; the scenarios of the first two go along.
    break_even
        Of two of a comparison's alternatives, stored with it.

    Raises
    ------
    ResultsError
        If the folder cannot be written.
    """
    note: dict[str, Any] = {"study": type(outcome).__name__.lower()}
    match outcome:
        case Run():
            scenarios, tables = {"": outcome.scenario}, run_tables(outcome)
        case Comparison():
            scenarios = {alternative.name: alternative.scenario for alternative in outcome.alternatives}
            tables = comparison_tables(outcome)
        case _:
            scenarios, tables = {}, outcome.tables()
    if break_even is not None:
        tables |= {CURVES: break_even.points}
        if break_even.failures is not None and not break_even.failures.empty:
            tables |= {CURVE_FAILURES: break_even.failures}
        note["break_even"] = {key: getattr(break_even, key) for key in ("first", "second", "measure", "replications")}
    place.keep(tables, {**outcome.manifest, **note}, scenarios)


@verb
def save(study: Kept, folder: Path, *, break_even: BreakEven | None = None, force: bool = False) -> Kept:
    """Write a run or a comparison into a folder, from which `sim.open` reads it back; return it with the folder noted.

    Parameters
    ----------
    study
        What `sim.run` or `sim.compare` returned.
    folder
        Where to; made if it is missing.
    break_even
        Of two of a comparison's alternatives, stored with it.
    force
        Take the folder though it holds another study or files that are not Convoi's.

    Examples
    --------
    >>> sim.save(sim.run("tutorial", 8), "results/mine").folder
    PosixPath('results/mine')

    Raises
    ------
    ResultsError
        If the folder holds something else or another process is at work there, or it cannot be written.
    """
    with StudyFolder(folder, Study(*(study.manifest[key] for key in SAME)), force=force) as place:
        store(place, study, break_even)
    return replace(study, folder=folder)


@verb
def open(folder: Path) -> Run | Comparison:
    """Return the run or the comparison that a folder holds, as its verb returned it; nothing is written.

    Tables are read when they are asked for.  Raises if one of its files is not the one that the study made.

    Parameters
    ----------
    folder
        Of a finished study that ``convoi run``, ``at`` or ``compare``, or `sim.save`, made with this version.

    Raises
    ------
    ResultsError
        If it holds no such study, with what is there and what was expected.

    Examples
    --------
    >>> sim.told(sim.open("results/mine")) == sim.told(sim.run("tutorial", 8, folder="results/mine"))
    """
    manifest = _manifest(folder)
    with _understood(folder, manifest):
        return _run(folder, manifest) if manifest["study"] == "run" else _comparison(folder, manifest)


def break_even_in(comparison: Comparison) -> BreakEven | None:
    """Return the break-even curves that are stored with a comparison; None if there are none.

    Raises
    ------
    ResultsError
        If they cannot be read, or were altered.
    """
    if comparison.folder is None or not holds(comparison.folder, comparison):
        return None
    manifest = _manifest(comparison.folder)
    if manifest.get("break_even") is None:
        return None
    with _understood(comparison.folder, manifest):
        about = manifest["break_even"]
        two = [named(comparison.alternatives, about[which], "the break-even") for which in ("first", "second")]
        points = csv_frame(comparison.folder / CURVES, TEXTS)
        failures = _failures(comparison.folder, manifest, CURVE_FAILURES, ["alternative", "equal", "cycle", "ratio"])
        return curves(two[0], two[1], points, str(about["measure"]), int(about["replications"]), failures)


def holds(folder: Path, outcome: Run | Comparison) -> bool:
    """Say whether a folder holds the study of which something is the outcome, with as many replications."""
    older = note_in(folder) or {}
    return all(older.get(key) == outcome.manifest.get(key) for key in TOLD)


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder whose study can be opened."""
    if not os.path.isdir(folder):  # which takes names of any length
        given = f"'{folder}' is a file" if os.path.exists(folder) else f"no folder '{folder}'"
        raise _refusal(folder, f"{given}; expected the folder of a study (convoi results lists them)")
    study = kept(folder)
    if study.state == "other":
        raise _refusal(folder, f"{folder} holds no study: {study.problem}; expected that of a run or a comparison")
    command = plain(study.command) if study.command else ""
    if study.state == "at work":
        raise _refusal(folder, f"a study is at work in {folder} ({command}); expected a finished one: wait for its end")
    if study.state == "interrupted":
        call = "call its verb again in Python with this folder, then sim.save"
        on = f"go on with it: {_here(folder, command)}" if command else call
        raise _refusal(folder, f"{folder} holds a study that is not finished; expected a finished one; {on}")
    about = study.about
    again = _again(folder, about)
    if "layout" not in about:
        raise _refusal(folder, f"{folder} holds a study without its scenario, of an earlier version of Convoi; {again}")
    made_by = about["versions"].get("convoi") if isinstance(about.get("versions"), dict) else None
    if made_by != (ours := versions()["convoi"]):
        raise _refusal(folder, f"{folder} was made by Convoi {plain(made_by)}; expected {ours}; {again}")
    if about["layout"] != LAYOUT:
        layout = f"{folder} has its files in layout {plain(about['layout'])}; this version reads {LAYOUT}"
        raise _refusal(folder, f"{layout}; {again}")
    if about.get("study") not in OPENED:
        what = f"a {plain(about.get('study'))}; expected a run or a comparison, which alone can be opened"
        raise _refusal(folder, f"{folder} holds {what}")
    if not is_as_written(about):
        altered = f"'{folder / MANIFEST}' was altered after its study was finished"
        raise _refusal(folder, f"{altered}; expected it as the study wrote it")
    _check_files(folder, about)
    return {key: value for key, value in about.items() if key != OWN}


def _check_files(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a folder in which a file is missing or not the one that the study made."""
    again, sums = _again(folder, manifest), manifest.get(SEAL)
    needed = ("measures", *TABLES) if manifest["study"] == "run" else ("measures", "parameters", *BRIEF)
    for name in sorted({*files_of(manifest), *(f"{table}.parquet" for table in needed)}):
        path = folder / name
        if not path.is_file():
            raise _refusal(folder, f"{folder} holds no '{name}'; expected it, since it is of the study; {again}")
        if not isinstance(sums, dict) or sums.get(name) != checksum(path):
            altered = f"'{path}' was altered after its study was finished: it does not match its checksum in {MANIFEST}"
            raise _refusal(folder, f"{altered}; {again}")


@contextmanager
def _understood(folder: Path, manifest: Mapping[str, Any]) -> Iterator[None]:
    """Say in words that a manifest, or what it speaks of, is not what a study leaves."""
    try:
        yield
    except ResultsError as error:
        raise _refusal(folder, f"{error}; {_again(folder, manifest)}") from error
    except ConvoiError as error:
        raise _refusal(folder, f"{folder} cannot be opened: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        wrong = f"what its {MANIFEST} says cannot be understood ({type(error).__name__}: {plain(error)})"
        raise _refusal(folder, f"{folder}: {wrong}; {_again(folder, manifest)}") from error


def _refusal(folder: Path, message: str) -> ResultsError:
    return ResultsError(message, folder=folder)


def _again(folder: Path, manifest: Mapping[str, Any]) -> str:
    command = manifest.get("command")
    known = isinstance(command, str) and command
    return f"make it again: {_here(folder, plain(command))}" if known else "make it again"


def _here(folder: Path, command: str) -> str:
    """Return a command with this folder as the one that it writes, since a folder may have been moved or copied."""
    words = command_words(command)
    if not words:
        return command
    place = next((k for k, word in enumerate(words) if word.partition("=")[0] == "--out"), len(words))
    words[place : place + (1 if "=" in "".join(words[place : place + 1]) else 2)] = ["--out", str(folder)]
    return shlex.join(words)


def _run(folder: Path, manifest: Mapping[str, Any]) -> Run:
    scenario = _scenario(folder, manifest, "", manifest)
    return Run(
        scenario=scenario,
        measures=_frame(folder, "measures"),
        tables=_shelf(folder, TABLES),
        manifest=_of_study(manifest),
        folder=folder,
        failures=_failures(folder, manifest),
    )


def _comparison(folder: Path, manifest: Mapping[str, Any]) -> Comparison:
    alternatives = []
    for name, about in manifest["alternatives"].items():
        scenario = _scenario(folder, manifest, name, about)
        adapts = scenario.root.attacks.adaptive.on
        alternatives.append(Alternative(name, about["label"], scenario, build(scenario), adapts))
    base = named(alternatives, manifest["baseline"], "the baseline")
    return Comparison(
        alternatives=tuple(alternatives),
        baseline=base.name,
        goal=manifest["measure"],
        measures=_frame(folder, "measures"),
        parameters=_frame(folder, "parameters"),
        tables=_shelf(folder, BRIEF),
        failures=_failures(folder, manifest, keys=["alternative"]),
        manifest=_of_study(manifest),
        folder=folder,
    )


def _scenario(folder: Path, manifest: Mapping[str, Any], name: str, about: Mapping[str, Any]) -> Scenario:
    """Return a scenario of the study, of which digest and layers are noted elsewhere in the manifest."""
    note = manifest["scenarios"][name]
    if note["file"] not in files_of(manifest):
        raise ValueError(f"file of a scenario: {note['file']!r}")
    return scenario_in(folder, note, about["digest"], about["laid"])


def _of_study(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in manifest.items() if key not in OF_FOLDER}


def _frame(folder: Path, table: str) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(folder / f"{table}.parquet")


def _shelf(folder: Path, tables: Iterable[str]) -> Shelf:
    return Shelf({table: (folder / f"{table}.parquet").open("rb") for table in tables})


def _failures(
    folder: Path, manifest: Mapping[str, Any], file: str = FAILURES, keys: Iterable[str] = ()
) -> pd.DataFrame:
    """Return the replications that failed, which are stored if there are any."""
    if file in files_of(manifest):
        return csv_frame(folder / file, TEXTS)
    import pandas as pd

    return pd.DataFrame([], columns=[*keys, "replication", "seed", "stage", "message"])

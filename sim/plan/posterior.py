"""Joint draws of the uncertain numbers, and of the luck that goes with them, that a calibration leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import PlanError
from sim.plan.sealed import alteration

if TYPE_CHECKING:
    from sim.plan.plan import Plan, Uncertain

FILE: Final = "posterior.parquet"
"""Name of the file in the folder of a calibration."""
FORMAT: Final = 1
STEPS: Final = 1 << 16
"""Marks lie in the middle of so many steps between 0 and 1, so that two bytes hold one exactly."""
WEIGHT, LUCK, PART, MARK = "weight", "luck", "luck of ", "mark of "


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Posterior:
    """Weighted draws: one row each.

    Parameters
    ----------
    seed
        Seed of the luck.
    weights
        Shape (draws,), summing to 1.
    marks
        Marks in (0, 1), shape (draws, parameters), by ``entities``, the keys of the parameters.
    entities, numbers
        The keys, and every uncertain number that the calibration drew.
    replications, salts, parts
        Luck: the number of a replication, shape (draws,), and the salts of the parts of luck that were drawn anew,
        shape (draws, parts), 0 where none was.
    about
        What it was made of: scenario, scope, files, mode, series, command.
    hindcast
        Whether replications take the luck of their draw too.
    """

    seed: int
    weights: NDArray[np.float64]
    marks: NDArray[np.float64]
    entities: tuple[int, ...]
    numbers: tuple[tuple[str, int, int, float, float, float], ...]
    replications: NDArray[np.int64]
    salts: NDArray[np.int64]
    parts: tuple[str, ...]
    about: Mapping[str, Any]
    hindcast: bool = False

    def __repr__(self) -> str:
        digest = sha256()
        for column in (self.weights, self.marks, self.replications, self.salts):
            digest.update(np.ascontiguousarray(column).tobytes())
        digest.update(repr((self.seed, self.entities, self.parts)).encode())
        return f"Posterior({digest.hexdigest()}, draws={len(self.weights)}, hindcast={self.hindcast})"

    def row(self, mark: float) -> int:
        """Return the draw at a mark in [0, 1), each as likely as its weight."""
        return min(int(np.searchsorted(np.cumsum(self.weights), mark, side="right")), len(self.weights) - 1)

    def laid_on(self, plan: Plan, marks: NDArray[np.float64], mark: float) -> NDArray[np.float64]:
        """Return the marks of a plan's uncertain numbers with those of a draw in place of what it knows."""
        known = dict(zip(self.entities, self.marks[self.row(mark)].tolist(), strict=True))
        return np.array([known.get(n.entity, own) for n, own in zip(plan.uncertain, marks.tolist(), strict=True)])

    def luck(self, mark: float) -> tuple[int, dict[str, int]]:
        """Return the luck of a draw: the number of a replication, and the salt of each part of luck."""
        row = self.row(mark)
        return int(self.replications[row]), dict(zip(self.parts, self.salts[row].tolist(), strict=True))

    @property
    def effective(self) -> float:
        """The effective number of draws, 1 / Σ w²."""
        return float(1.0 / np.square(self.weights).sum())

    @property
    def lines(self) -> int:
        """The number of distinct lines of luck among the draws."""
        return len(np.unique(np.column_stack((self.replications, self.salts)), axis=0))


def number_of(uncertain: Uncertain) -> tuple[str, int, int, float, float, float]:
    """Return what a posterior remembers of an uncertain number: path, key, law, low, value, high."""
    return (uncertain.path, uncertain.entity, uncertain.law, uncertain.low, uncertain.value, uncertain.high)


def parts_of(plan: Plan) -> dict[str, tuple[int, ...]]:
    """Return the entities whose luck can be drawn anew while that of all others stays, by name of the part of luck.

    Each zone has the luck of its ambushes, each corridor that of its crews; towns, roads, aircraft and imposed attacks
    are one part.
    """
    zones, corridors = plan.zones, plan.corridors
    parts: dict[str, tuple[int, ...]] = {}
    for name, *entities in zip(zones.name, zones.entity, zones.mine_entity, strict=True):
        parts[f"zone {name}"] = tuple(entities)
    for name, entity in zip(corridors.name, corridors.entity, strict=True):
        parts[f"corridor {name}"] = (entity,)
    rest = (*plan.towns.entity, *plan.roads.entity, *plan.escorts.entity, *plan.attacks.imposed_entity)
    return {**parts, "rest": rest}


def write(posterior: Posterior, path: Path) -> None:
    """Write a posterior; marks take two bytes each."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = _names(posterior.numbers)
    columns: dict[str, Any] = {WEIGHT: posterior.weights, LUCK: posterior.replications.astype(np.uint32)}
    columns |= {PART + name: posterior.salts[:, k].astype(np.uint32) for k, name in enumerate(posterior.parts)}
    steps = np.floor(posterior.marks * STEPS).astype(np.uint16)
    columns |= {MARK + names[entity]: steps[:, k] for k, entity in enumerate(posterior.entities)}
    header = {
        "format": FORMAT,
        "seed": posterior.seed,
        "parts": posterior.parts,
        "entities": posterior.entities,
        "numbers": posterior.numbers,
        "about": dict(posterior.about),
    }
    table = pa.table(columns).replace_schema_metadata({"convoi": json.dumps(header, ensure_ascii=False)})
    pq.write_table(table, path, compression="zstd", use_dictionary=False, write_statistics=False)


def read(path: Path, hindcast: bool = False) -> Posterior:
    """Read a posterior.

    Raises
    ------
    PlanError
        If there is none, it cannot be read, was altered, or was written by another version of Convoi.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise PlanError(f"no posterior: '{path}' does not exist")
    if wrong := alteration(path):
        raise PlanError(wrong)
    try:
        table = pq.read_table(path)
        header = json.loads((table.schema.metadata or {})[b"convoi"])
        if header["format"] != FORMAT:
            raise PlanError(f"'{path}' has format {header['format']}, and this version reads {FORMAT}")
        numbers = tuple((str(name), *rest) for name, *rest in header["numbers"])
        names = _names(numbers)
        entities, parts = tuple(header["entities"]), tuple(header["parts"])
        steps = [table[MARK + names[entity]].to_numpy() for entity in entities]
        salts = [table[PART + name].to_numpy().astype(np.int64) for name in parts]
        weights = table[WEIGHT].to_numpy()
        return Posterior(
            header["seed"],
            weights,
            ((np.column_stack(steps) + 0.5) / STEPS) if steps else np.zeros((len(weights), 0)),
            entities,
            numbers,
            table[LUCK].to_numpy().astype(np.int64),
            np.column_stack(salts),
            parts,
            header["about"],
            hindcast,
        )
    except (pa.ArrowException, KeyError, ValueError, TypeError, OSError) as error:
        raise PlanError(f"'{path}' is no posterior ({type(error).__name__}: {error})") from error


def _names(numbers: Sequence[tuple[str, int, int, float, float, float]]) -> dict[int, str]:
    """Return the first path of each key."""
    names: dict[int, str] = {}
    for path, entity, *_ in numbers:
        names.setdefault(entity, path)
    return names


def misfits(posterior: Posterior, plan: Plan, ours: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the uncertain numbers that have another law or range than when the posterior was made.

    Parameters
    ----------
    posterior, plan
        Both.
    ours
        The name of the file that set each number, by path; one that a further overlay set may well differ.

    Returns
    -------
    list
        Path, range of the plan, range of the posterior.
    """
    then = {path: rest for path, *rest in posterior.numbers}
    files = set(posterior.about.get("files", ()))
    return [
        (number.path, f"{number.low:g} to {number.high:g}", f"{then[number.path][2]:g} to {then[number.path][4]:g}")
        for number in plan.uncertain
        if number.path in then and ours.get(number.path) in files and tuple(then[number.path]) != number_of(number)[1:]
    ]

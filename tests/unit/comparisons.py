"""Comparisons made of numbers: real scenarios, names and dates, and paths that a test sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

import sim
from sim.plan import build
from sim.plan.plan import Plan
from sim.results.shelf import Shelf
from sim.scenario.load import Scenario
from sim.study.alternatives import Alternative
from sim.study.comparison import Comparison
from sim.view.words import CAUSES
from tests.files import SCENARIOS

WORTH = {
    "none": 0.05, "army": 0.3, "air-only": 0.55, "ground": 0.5, "ground+air": 0.8, "air-without-troops": 0.35,
    "few-large": 0.45, "many-small": 0.6, "one-corridor": 0.2, "shared": 0.52, "inland": 0.4,
}  # fmt: skip
"""How well an alternative does in the numbers made here, from 0 to 1; a name that is not here does middling well."""
MIDDLING = 0.5
FOUR = ("none", "army", "air-only", "ground+air")
PATHS = ("escorts.loss_ratio.foreign", "escorts.cycle_factor.foreign", "willingness.recovery", "retail.lot")


@cache
def scenario(name: str) -> Scenario:
    """Return the blockade under a shipped strategy, or with a what-if laid on it."""
    files = [SCENARIOS / folder / f"{name}.yaml" for folder in ("strategies", "what-if")]
    return sim.load(SCENARIOS / "blockade-2025.yaml", [file for file in files if file.exists()])


@cache
def plan() -> Plan:
    return build(scenario("as it is"))


def comparison(
    names: Sequence[str] = FOUR,
    *,
    baseline: str | None = None,
    goal: str = "days_half_closed",
    replications: int = 20,
    central: bool = False,
    worth: Mapping[str, float] | None = None,
    adaptive: Sequence[str] = (),
    luck: float = 1.0,
) -> Comparison:
    """Return a comparison in which better alternatives keep more stations open, lose fewer tankers and cost more.

    Parameters
    ----------
    names
        Alternatives: strategies, what-ifs, or names of a test's own.
    worth
        How well each does, instead of `WORTH`.
    adaptive
        Those in which attackers adapt.
    luck
        Spread of what the replications have in common and what each alternative has for itself.
    """
    worths = {name: (worth or WORTH).get(name, MIDDLING) for name in names}
    source = np.random.default_rng(7)
    shared = source.normal(0, luck, replications)
    drawn = np.repeat(source.uniform(size=(replications // 2 + 1, len(PATHS))), 2, axis=0)[:replications]
    frames = {name: _frames(name, value, shared, drawn, luck) for name, value in worths.items()}
    parts = [pd.concat([frames[name][k].assign(alternative=name) for name in names]) for k in range(3)]
    index = pd.Index(range(replications), name="replication")
    low, high = np.array([0.2, 1.0, 120.0, 10.0]), np.array([1.0, 1.5, 720.0, 15.0])
    return Comparison(
        alternatives=tuple(_alternative(name, name in adaptive) for name in names),
        baseline=baseline or names[0],
        goal=goal,
        measures=parts[0].reset_index().set_index(["alternative", "replication"]),
        parameters=pd.concat(
            {
                name: pd.DataFrame(index=index) if central else pd.DataFrame(low + drawn * (high - low), index, PATHS)
                for name in names
            },
            names=["alternative"],
        ),
        tables=Shelf({}, {"days": parts[1], "hub": parts[2]}),
        failures=pd.DataFrame(columns=["alternative", "replication", "seed", "stage", "message"]),
        manifest={"title": "made of numbers", "seed": 7, "replications": replications, "central": central},
    )


def _alternative(name: str, adaptive: bool) -> Alternative:
    ours = scenario(name.partition(",")[0])
    label = name.replace("-", " ") if name not in WORTH else ours.root.strategy.label
    return Alternative(name, f"{label} (exploratory: attackers adapt)" if adaptive else label, ours, plan(), adaptive)


def _frames(name: str, worth: float, shared: np.ndarray, drawn: np.ndarray, luck: float) -> tuple[pd.DataFrame, ...]:
    root = scenario(name.partition(",")[0]).root
    count, days = len(shared), plan().days
    source = np.random.default_rng([*name.encode()])
    own = source.normal(0, 0.4 * luck, (count, 8))
    good = worth + 0.4 * (0.5 - drawn[:, 0]) * (worth > 0.4) * min(luck, 1.0)
    trouble = np.clip(1.1 - good + 0.12 * shared + 0.2 * own[:, 0], 0.02, 1.6)
    day = np.arange(days)
    ramp = np.clip((day - 40) / 60, 0, 1)
    parts = []
    for place, town in enumerate(root.towns):
        weight = 0.35 + 0.65 * place / len(root.towns) if town != root.hub else 0.8
        short = np.clip(trouble[:, None] * ramp[None, :] * weight + 0.02 * own[:, 1:2], 0, 1)
        wave = 0.08 * np.sin(day / 4.0 + place)[None, :] * ramp
        need = 1000.0 if town == root.hub else 60.0
        stock = need * 14 * np.clip(1 - 0.75 * short + wave, 0, 1.2)
        opened = np.clip(1.1 - 1.3 * short + wave, 0, 1)
        parts.append(
            pd.DataFrame(
                {
                    "replication": np.repeat(np.arange(count), days),
                    "day": np.tile(day, count),
                    "town": town,
                    "stock": stock.ravel(),
                    "open": opened.ravel(),
                    "burned": (need * np.clip(1.02 - short, 0, 1)).ravel(),
                    "need": need,
                }
            )
        )
    towns = pd.concat(parts, ignore_index=True)
    hub = towns[towns["town"] == root.hub]
    sold = [hub[["replication", "day"]].assign(product=product, open=hub["open"]) for product in ("diesel", "petrol")]
    return _measures(root.hub, towns, trouble, worth, own, shared), towns, pd.concat(sold)


def _measures(
    hub: str, towns: pd.DataFrame, trouble: np.ndarray, worth: float, own: np.ndarray, shared: np.ndarray
) -> pd.DataFrame:
    sums = towns.groupby(["replication", "town"])[["burned", "need"]].sum()
    met = (sums["burned"] / sums["need"]).unstack()
    closed = towns[(towns["town"] == hub) & (towns["open"] < 0.5)].groupby("replication").size()
    laid = np.round(np.clip(37 + 4 * shared, 0, None))
    reached = np.round(laid * np.clip(0.65 + 0.05 * own[:, 2], 0, 1))
    detected = np.round(reached * 0.6 * worth)
    deterred = np.round(reached * 0.2 * worth)
    lost = np.round(np.clip(140 - 110 * worth + 18 * shared + 8 * own[:, 3], 0, None))
    imports = 400 - 120 * trouble
    escorts = np.clip(8.0 * worth**1.5 + 0.3 * own[:, 4], 0, None)
    measures = {
        "days_half_closed": closed.reindex(range(len(trouble)), fill_value=0).astype(float).to_numpy(),
        "imports_total": imports,
        "tankers_lost": lost,
        "crews_killed": np.round(0.08 * lost),
        "escort_cost": escorts,
        "cost_per_m3": (escorts + lost * 0.09) / imports * 1000.0,
        "first_shortage": np.where(trouble > 0.5, 95 - 40 * trouble, np.nan),
        "worst_town_need_met": met.min(axis=1).to_numpy(),
        "ambushes_laid": laid,
        "ambushes_met": reached,
        "ambushes_let_pass": np.round(2.0 * reached),
        "ambushes_detected": detected,
        "ambushes_deterred": deterred,
        "ambushes_sprung": np.clip(reached + 3 - detected - deterred, 0, None),
        "waiting_order": np.full(len(trouble), 60_000.0),
        **{f"need_met.{town}": met[town].to_numpy() for town in met},
    }
    shares = dict(zip(CAUSES, (0.03, 0.0, 0.4, 0.3 + 0.3 * worth, 0.06, 0.26, 0.01), strict=True))
    for cause, share in shares.items():
        measures[f"waiting_{cause}"] = 36_000 * share * trouble + 500 * share * np.abs(own[:, 5])
    return pd.DataFrame(measures, pd.Index(range(len(trouble)), name="replication"))

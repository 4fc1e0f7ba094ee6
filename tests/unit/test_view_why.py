"""The worst-off town is told with what kept its fuel back: which corridor, which cause."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import sim
from sim.view.town_words import why_short
from sim.view.words import CAUSES, spelled
from tests.unit.runs import MadeRun

START = datetime(2025, 8, 1)
NOTHING = SimpleNamespace(entries=((None, SimpleNamespace(value=1.0)),))


def made(policy: str = "hub first", blockade: Any = NOTHING, open_: Any = NOTHING, **flows: dict[str, float]) -> Any:
    """Make a run of two replications in which corridors to Side have so many loads and tanker-days in all."""
    kinds = {"inland": "inland", "inflow": "exogenous"}
    corridors = {
        name: SimpleNamespace(kind=kinds.get(name, "import"), terminal="depot", serves=["Side"], open=open_)
        for name in flows
    }
    columns = ("ordered", "arrived", "lost", "short", "no_tanker", "no_crew", *(f"waiting_{cause}" for cause in CAUSES))
    rows = [
        {"replication": rep, "day": 0, "corridor": name, **{column: given.get(column, 0.0) / 2 for column in columns}}
        for name, given in flows.items()
        for rep in range(2)
    ]
    root = SimpleNamespace(
        hub="Hub",
        corridors=corridors,
        towns={"Side": SimpleNamespace(blockade=blockade)},
        terminals={"depot": SimpleNamespace(town="Hub")},
        inland=SimpleNamespace(policy=policy),
    )
    scenario = SimpleNamespace(root=root, start=START, end=datetime(2025, 8, 11))
    return MadeRun(
        scenario=scenario,
        measures=pd.DataFrame({"x": [0.0, 0.0]}),
        flows=pd.DataFrame(rows, columns=["replication", "day", "corridor", *columns]),
    )


def test_a_depot_that_had_none_to_spare() -> None:
    kept = {"ordered": 100, "short": 79, "lost": 3, "waiting_refusal": 40}
    assert why_short(made(inland=kept), "Side") == (
        "Served by 'inland' (Hub, which is served first, had no fuel to spare for 79 % of the loads asked for day "
        "by day)"
    )
    assert "(Hub had no fuel to spare for 79 %" in why_short(made("proportional", inland=kept), "Side")
    cut = SimpleNamespace(entries=((None, SimpleNamespace(value=0.0)),))
    assert "had no fuel to spare or the road was closed for 79 %" in why_short(made(open_=cut, inland=kept), "Side")


def test_what_kept_loads_comes_in_order_and_what_is_little_is_left_out() -> None:
    kept = {"ordered": 100, "short": 40, "no_tanker": 10, "no_crew": 30, "lost": 4, "waiting_escort": 900}
    assert why_short(made(border=kept), "Side") == (
        "Served by 'border' (no crew was free for 30 % of the loads asked for day by day, no tanker was free for "
        "10 %, its tankers were held longest by lack of escorts, 450 tanker-days)"
    )
    shut = {"ordered": 100, "short": 40}
    assert "(the terminal did not load or the road was closed for 40 %" in why_short(made(border=shut), "Side")


def test_several_corridors_and_none() -> None:
    flows = {name: {"ordered": asked} for name, asked in (("a", 1), ("b", 4), ("c", 3), ("inflow", 2), ("d", 0))}
    assert why_short(made(**flows), "Side") == (
        "Served by 'b' (hardly a load was kept back), 'c' (hardly a load was kept back), 'inflow' (an inflow as the "
        "scenario states it) and 2 more"
    )
    assert why_short(made(d={"ordered": 0}), "Side") == "Served by 'd' (nothing was asked of it)"
    assert why_short(made(), "Side") == "No corridor serves it"


def moment(day: int) -> SimpleNamespace:
    return SimpleNamespace(hours=lambda start: (24.0 * day, None, None))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((None, -5), "Its blockade lets in about 50 % of deliveries. "),
        ((None, 3), "Its blockade lets in about 50 % of deliveries from 4 August. "),
        ((None, 12), ""),
        ((None, -5, -2), ""),
    ],
)
def test_the_strictest_blockade_of_the_run_is_told(days: tuple[int | None, ...], words: str) -> None:
    shares = (1.0, 0.5, 1.0)
    moments = [None if day is None else moment(day) for day in days]
    entries = tuple((at, SimpleNamespace(value=share)) for at, share in zip(moments, shares, strict=False))
    told = why_short(made(blockade=SimpleNamespace(entries=entries), inland={"ordered": 1}), "Side")
    assert told == f"{words}Served by 'inland' (hardly a load was kept back)"


def test_the_answer_of_a_real_run_says_why() -> None:
    run = sim.run(sim.load("scenarios/tutorial.yaml", sets=["towns.Hilltown.blockade=0.3"]), 4)
    said = " ".join(sim.told(run).split())
    assert "Worst-off town: Hilltown in 4 of 4" in said
    assert "Its blockade lets in about 30 % of deliveries. Served by 'to the hills' (" in said


def test_million_litres_are_spelled_out_once() -> None:
    assert spelled(["Tankers", "In May, ML", "In June, ML"]) == [
        "Tankers",
        "In May, million litres (ML)",
        "In June, ML",
    ]
    assert spelled(["Tankers"]) == ["Tankers"]

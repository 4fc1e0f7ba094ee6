"""What is on record is set beside the model as what it is: a value, a range, a bound, of a scope, of what happened."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.view.bands import band, measured
from sim.view.record_words import beside, compare_record, judge
from sim.view.run_answer import run_answer
from sim.view.words import describe
from tests import build
from tests.unit.charts import one_line
from tests.unit.test_view_answer import SPREAD, made, row


def documented(measure: str, **given: Any) -> SimpleNamespace:
    kept = dict.fromkeys(("value", "date", "low", "high", "at_least", "at_most"))
    return SimpleNamespace(measure=measure, **{**kept, "scope": "both", "label": "note", "source": "EV-9", **given})


def moment(day: float, *ends: float) -> SimpleNamespace:
    low, high = ends or (None, None)
    return SimpleNamespace(hours=lambda start: tuple(None if end is None else 24.0 * end for end in (day, low, high)))


@pytest.mark.parametrize(
    ("entry", "stated", "verdict"),
    [
        (documented("tankers_lost", value=150.0), "150", "holds"),
        (documented("tankers_lost", value=300.0), "300", "missed: model lower"),
        (documented("tankers_lost", value=90.0, low=80.0, high=100.0), "90 (80–100)", "missed: model higher"),
        (documented("tankers_lost", value=90.0, low=80.0, high=130.0), "90 (80–130)", "holds"),
        (documented("tankers_lost", at_least=290.0), "290 or more", "holds"),
        (documented("tankers_lost", at_least=50.0), "50 or more", "holds"),
        (documented("tankers_lost", at_least=291.0), "291 or more", "missed: model lower"),
        (documented("tankers_lost", at_most=109.0), "109 or less", "missed: model higher"),
        (documented("tankers_lost", at_most=1000.0), "1,000 or less", "holds"),
        (documented("first_shortage", date=moment(57.9)), "27 Sep", "holds"),
        (documented("first_shortage", date=moment(76)), "16 Oct", "missed: model earlier"),
        (documented("first_shortage", date=moment(50)), "20 Sep", "missed: model later"),
        (documented("first_shortage", date=moment(50, 49, 57)), "20 Sep (19–27 Sep)", "holds"),
    ],
)
def test_record_is_set_beside_the_model(entry: SimpleNamespace, stated: str, verdict: str) -> None:
    text = run_answer(made(documented={"one": entry}))
    cells = row(text.split("On record")[1], describe(entry.measure).heading)
    assert cells[1:3] == [stated, "EV-9"]
    assert cells[-1] == verdict


def test_beside_medians_the_record_is_set_beside_medians() -> None:
    run = made(documented={"one": documented("tankers_lost", value=150.0)})
    [line] = compare_record(run)
    apart = [replace(line, model=replace(line.model, mean=line.model.median + 7000.0))]
    assert "7," in beside(run, apart)
    assert "7," not in beside(run, apart, medians=True)


def test_a_date_is_judged_over_all_replications_not_over_those_that_have_it() -> None:
    entry = {"dry": documented("first_shortage", date=moment(66))}
    never = run_answer(made(measures={"first_shortage": np.nan}, documented=entry))
    assert row(never.split("On record")[1], "First shortage")[-1] == "missed: model later"
    rare = run_answer(made(measures={"first_shortage": np.where(SPREAD < 1, 66.0, np.nan)}, documented=entry))
    assert row(rare.split("On record")[1], "First shortage")[-2:] == ["after 1 Nov", "missed: model later"]
    some = run_answer(made(measures={"first_shortage": np.where(SPREAD < 2, 66.0, np.nan)}, documented=entry))
    assert row(some.split("On record")[1], "First shortage")[-2:] == ["6 Oct – after 1 Nov", "holds"]


def test_a_band_of_all_that_is_possible_says_nothing() -> None:
    entry = {"relief": documented("relief.2025-10-07", value=7.0)}
    text = run_answer(made(measures={"relief.2025-10-07": np.linspace(-1, 15, 21).clip(0, 14)}, documented=entry))
    assert row(text.split("On record")[1], "Days of relief")[-1] == "says nothing"
    assert "1 documented value: 0 hold, 0 missed, 1 of which the model says nothing" in one_line(text)
    wide = {"met": documented("need_met.Hub", value=0.5), "cover": documented("lowest_cover", value=4.0)}
    measures = {"need_met.Hub": np.linspace(0, 1, 21), "lowest_cover": np.linspace(0, 1000, 21)}
    assert [line.verdict for line in compare_record(made(measures=measures, documented=wide))] == [
        "says nothing",
        "missed",
    ]


def test_a_figure_is_set_beside_a_run_of_its_own_scope_only() -> None:
    entries = {name: documented("tankers_lost", value=150.0, scope=name) for name in ("pump", "all", "both")}
    run = made(documented=entries)
    assert [line.name for line in compare_record(run)] == ["pump", "both"]
    assert "Not asked, all fuel beside pump fuel: all." in one_line(run_answer(run))
    run.scenario.root.scope = "all"
    assert [line.name for line in compare_record(run)] == ["all", "both"]


def test_what_the_run_does_not_have_is_listed_without_a_verdict() -> None:
    beyond = {
        "the month": documented("imports.2025-11", value=50.0),
        "the fortnight": documented("relief.2025-10-25", value=7.0),
        "dry": documented("first_shortage", date=moment(93)),
    }
    part = {"imports.2025-11": 3.0, "relief.2025-10-25": 5.0}
    text = run_answer(made(measures=part, documented=beyond | {"lost": documented("tankers_lost", value=150.0)}))
    assert "Not asked, since the run does not have all the days: the month; the fortnight; dry." in one_line(text)
    assert "1 documented value: 1 holds, 0 missed" in one_line(text)
    assert row(text, "Imports in November (1 day)")[1] == "3"
    assert "Not asked" in run_answer(made(measures=part, documented=beyond))


def test_a_what_if_is_not_set_beside_the_record() -> None:
    entry = {"lost": documented("tankers_lost", value=150.0)}
    text = one_line(run_answer(made(documented=entry, record=False, laid=("all-roads-cut",))))
    assert "Not set beside the record: with all-roads-cut it is a what-if" in text
    assert "documented value" not in text
    assert "does not stand for what happened" in one_line(run_answer(made(documented=entry, record=False)))
    assert "beside the record" not in one_line(run_answer(made(record=False)))


def test_one_replication_agrees_or_not() -> None:
    entries = {"lost": documented("tankers_lost", value=90.0), "fewer": documented("tankers_lost", at_least=90.0)}
    assert [line.words for line in compare_record(made(1, documented=entries))] == ["model higher", "model agrees"]


def test_a_measure_that_the_run_lacks_is_left_out_and_one_hardly_defined_is_not_judged() -> None:
    assert compare_record(made(documented={"odd": documented("no_such", value=1.0)})) == []
    rare = {"power_hours": np.where(SPREAD < 3, 6 + SPREAD, np.nan)}
    lines = compare_record(made(measures=rare, documented={"power": documented("power_hours", value=6.0)}))
    assert [line.words for line in lines] == ["undefined in 18 of 21"]


def test_judging_at_the_edges_of_a_band() -> None:
    model = band(pd.Series(SPREAD))
    assert (model.low, model.high) == (1, 19)
    assert judge(model, 1.0, 1.0, None) == ("holds", "")
    assert judge(model, 0.999, 0.999, None) == ("missed", "higher")
    assert judge(model, 0.0, 0.0, (0.0, 20.0)) == ("missed", "higher")
    assert judge(model, 1.0, 1.0, (0.0, 20.0)) == ("says nothing", "")


def test_a_date_has_no_mean_where_it_did_not_always_come() -> None:
    dates = pd.DataFrame({"first_shortage": np.where(SPREAD < 20, SPREAD, np.nan)})
    model = measured(dates, "first_shortage", 50)
    assert (model.median, model.never, model.total) == (10, 1, 21)
    assert np.isnan(model.mean)


def test_text_in_brackets_is_not_read_as_style() -> None:
    entry = {"odd": documented("tankers_lost", value=150.0, label="[bold]x[/bold]")}
    assert "[bold]x[/bold]" in run_answer(made(documented=entry))


def test_no_line_is_longer_than_100_columns() -> None:
    long = {"long": documented("tankers_lost", value=123456.0, low=1e5, high=2e5, label="a long label " * 12)}
    for text in (run_answer(made(documented=long)), run_answer(made(1, documented=long))):
        assert max(len(line) for line in text.splitlines()) <= 100


SHIPPED = "scenarios/blockade-2025.yaml"


@pytest.mark.parametrize(
    ("overlays", "sets", "record"),
    [
        ((), (), True),
        (("scenarios/scope/all.yaml",), (), True),
        (("scenarios/recorded.yaml",), (), True),
        (("scenarios/posteriors/pump-free.yaml",), ("hindcast=yes",), True),
        (("scenarios/posteriors/all-customs-free.yaml",), ("hindcast=yes", "end=2025-11-20"), True),
        (("scenarios/posteriors/pump-replay.yaml",), (), True),
        (("scenarios/what-if/all-roads-cut.yaml",), (), False),
        (("scenarios/posteriors/pump-free.yaml", "scenarios/what-if/pause.yaml"), (), False),
        (("scenarios/strategies/ground.yaml",), (), False),
        ((), ("fleet.load=46 m3",), False),
        ((), ("fleet.load=46 m3", "record=yes"), True),
        ((), ("record=no",), False),
    ],
)
def test_what_is_laid_on_a_scenario_makes_it_a_what_if(
    overlays: tuple[str, ...], sets: tuple[str, ...], record: bool
) -> None:
    assert load(SHIPPED, overlays=overlays, sets=sets).root.record is record


def test_a_scenario_in_peace_does_not_stand_for_what_happened() -> None:
    assert not load("scenarios/mali.yaml").root.documented


def test_whether_it_is_the_record_changes_no_hash() -> None:
    assert load(SHIPPED).digest == load(SHIPPED, sets=("record=no",)).digest


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "value, date or bound; given none; expected one of 'value', 'date', 'at_least' and 'at_most'"),
        ({"value": 3, "at_least": 2}, "given value and at_least"),
        ({"at_least": 2, "high": 4}, "a bound with a range; given at_least with low or high"),
    ],
)
def test_a_figure_is_one_thing(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        build.scenario(
            {"documented": {"it": {"measure": "tankers_lost", "label": "it", "source": "assumption", **given}}}
        )
    assert said in str(caught.value)

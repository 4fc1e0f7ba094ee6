"""A target is read as it is meant, or refused with what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from sim.errors import RequestError
from sim.results.measures import dated, unit
from sim.results.never import with_dates
from sim.results.target import Target, holds, parse
from tests import build
from tests.calls import convoi

if TYPE_CHECKING:
    from sim.plan.plan import Plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Capital and North, from 1 January 2030."""
    return build.plan(build.INLAND)


@pytest.mark.parametrize(
    ("text", "measure", "sense", "value"),
    [
        ("cover.Capital >= 5 d", "lowest_cover.Capital", ">=", 5.0),
        ("lowest_cover.North > 120 h", "lowest_cover.North", ">", 5.0),
        ("lowest_cover>=1 week", "lowest_cover", ">=", 7.0),
        ("  days_half_closed <= 10 days ", "days_half_closed", "<=", 10.0),
        ("need_met.Capital >= 95 %", "need_met.Capital", ">=", 0.95),
        ("need_met.Capital.petrol >= 95%", "need_met.Capital.petrol", ">=", 0.95),
        ("tankers_lost < 50", "tankers_lost", "<", 50.0),
        ("tankers_lost < 50 tankers", "tankers_lost", "<", 50.0),
        ("convoys >= 3", "convoys", ">=", 3.0),
        ("imports.2030-01 >= 12000 m3", "imports.2030-01", ">=", 12.0),
        ("waiting_customs < 400 tanker-days", "waiting_customs", "<", 400.0),
        ("escort_cost < 1.5 million USD", "escort_cost", "<", 1.5),
        ("escort_cost < 1500000 USD", "escort_cost", "<", 1.5),
        ("power_hours > 12 h/day", "power_hours", ">", 12.0),
        ("half_shut.North >= 2030-01-31", "half_shut.North", ">=", 30.0),
        ("first_shortage >= 2030-03-02", "first_shortage", ">=", 60.0),
        ("cover.North < 2 d", "lowest_cover.North", "<", 2.0),
        ("relief.2030-01-07 >= 7 d", "relief.2030-01-07", ">=", 7.0),
    ],
)
def test_targets_are_read(plan: Plan, text: str, measure: str, sense: str, value: float) -> None:
    assert parse(text, plan) == Target(measure, sense, value, text.strip())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cover.Capital 5 d", "not a measure, a comparison and a number; expected one of >=, <=, >, <"),
        ("cover.Capital == 5 d", "no comparison '=='; expected one of >=, <=, >, <"),
        ("1 d < cover.Capital < 5 d", "no measure '1 d < cover' of a town"),
        ("", "not a measure, a comparison and a number"),
        ("cover.Capitol >= 5 d", "no town 'Capitol'; expected a known name; the nearest is 'Capital'"),
        ("cover.No >= 5 d", "no town 'No'; expected one of Capital, North"),
        ("cover.Bamako >= 5 d", "no town 'Bamako'; expected one of Capital, North"),
        ("covr.Capital >= 5 d", "no measure 'covr' of a town; expected a known name; the nearest is 'cover'"),
        ("queue_hour <= 9 h", "no such measure; expected a measure; the nearest is 'queue_hours'"),
        ("happiness > 3", "no such measure; expected a measure such as "),
        ("need_met_Capital_petrol > 5 %", "no such measure; expected a measure; the nearest is 'need_met.Cap"),
        ("relief_2030_01_07 >= 7 d", "no such measure; expected a measure; the nearest is 'relief.2030-01-07'"),
        ("relief.2030-02-20 >= 7 d", "days outside the run; expected days from 2030-01-01 to 2030-03-01"),
        ("imports.2030-03 >= 7 ML", "a month of which the run has only a part; expected a month with all its days"),
        ("imports.2030-13 >= 7 ML", "no such measure"),
        ("need_met.North.petrol > 5 %", "a product of a town that is not the hub; expected the hub, 'Capital'"),
        ("need_met.Capital.kerosene > 5 %", "no product 'kerosene' at stations; expected one of"),
        ("served.mine > 5 %", "no user 'mine'"),
        ("first_shortage > 2029-12-31", "a date outside the run; expected one from 2030-01-01 to 2030-03-01"),
        ("first_shortage > 2030-03-02", "a date outside the run; expected one from 2030-01-01 to 2030-03-01"),
        ("cover.Capital >= 5", "a number without unit; expected lowest_cover.Capital in days, as in '5 d'"),
        ("need_met.Capital >= 0.95", "a number without unit; expected need_met.Capital in %, as in '95 %'"),
        ("cover.Capital >= 5 ML", "'ML' is not a unit of a time; expected lowest_cover.Capital in days"),
        ("cover.Capital >= 5 dais", "unknown unit 'dais', the nearest is 'days'; expected lowest_cover.Capital in"),
        ("convoys > 3 tankers", "unit 'tankers'; expected convoys without unit, as in '20'"),
        ("waiting_customs < 4 d", "unit 'd'; expected waiting_customs in tanker-days, as in '20 tanker-days'"),
        ("cover.Capital >= five d", "'five d' is not a number; expected lowest_cover.Capital as in '5 d'"),
        ("tankers_lost < 1e999", "'1e999' is too large"),
        ("half_shut.North >= 30 d", "'30 d' is not a date; expected half_shut.North as in '2030-01-01'"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(plan: Plan, text: str, said: str) -> None:
    with pytest.raises(RequestError) as error:
        parse(text, plan)
    assert said in str(error.value)
    assert str(error.value).startswith("target ")


def test_a_refused_request_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RequestError("no target 'x'")

    monkeypatch.setattr("sim.scenario.load.load", refuse)
    done = convoi("check", "scenarios/tutorial.yaml")
    assert (done.exit_code, done.stderr) == (2, "no target 'x'\n")


@pytest.mark.parametrize(
    ("sense", "answers"),
    [
        (">=", [False, True, True]),
        (">", [False, False, True]),
        ("<=", [True, True, False]),
        ("<", [True, False, False]),
    ],
)
def test_bounds_hold_on_their_side(sense: str, answers: list[bool]) -> None:
    target = Target("tankers_lost", sense, 2.0, "")
    assert holds(target, pd.Series([1.0, 2.0, 3.0])).tolist() == answers


def test_a_bad_day_that_never_came_is_later_than_any() -> None:
    """Without a shortage there is nothing to recover from; with one, a recovery that never came is the latest."""
    never = pd.DataFrame({"first_shortage": [np.nan, 3.0], "recovery": np.nan, "escorted_per_week": np.nan})
    dates = with_dates(never, 60)
    late = {name: holds(Target(name, ">=", 9.0, ""), dates[name]).tolist() for name in dates}
    early = {name: holds(Target(name, "<=", 9.0, ""), dates[name]).tolist() for name in dates}
    assert late == {"first_shortage": [True, False], "recovery": [False, True], "escorted_per_week": [False, False]}
    assert early == {"first_shortage": [False, True], "recovery": [False, False], "escorted_per_week": [False, False]}


def test_units_of_measures() -> None:
    assert [unit(name) for name in ("need_met.A", "lowest_cover.A", "imports_total", "convoys")] == [
        "%",
        "days",
        "ML",
        "",
    ]
    assert unit("waiting_closed") == "tanker-days"
    assert unit("waiting_closed_on.2030-01-07") == ""
    assert [name for name in ("recovery", "half_shut.A", "days_half_closed", "lowest_cover") if dated(name)] == [
        "recovery",
        "half_shut.A",
    ]

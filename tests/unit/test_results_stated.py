"""A documented figure can be what it says, or is refused; one that looks beyond the run is not asked."""

from math import inf

import pytest

from sim.errors import ScenarioError
from sim.results.stated import beyond, documented, stated
from sim.scenario.load import load
from tests import build
from tests.calls import convoi
from tests.refusals import refusal


def figure(measure, **given):
    return {"documented": {"it": {"measure": measure, "label": "it", "source": "assumption", **given}}}


def asked(*changes):
    scenario = build.scenario(build.INLAND, *changes)
    return documented(scenario, build.build(scenario))


@pytest.mark.parametrize(
    ("measure", "given", "said"),
    [
        ("nonsense", {"value": 1}, "it.measure: no such measure; given 'nonsense'"),
        ("need_met.Capital", {"value": 90}, "it.value: need_met.Capital is a share; given 90.0; expected 0 to 1, or a"),
        ("need_met.Capital", {"value": "180 %"}, "it.value: need_met.Capital is a share; given '180 %'"),
        ("need_met.Capital", {"value": 0.5, "high": 18}, "it.high: need_met.Capital is a share"),
        ("imports_total", {"date": "2030-01-05"}, "it.date: a date for imports_total, which is none"),
        ("imports_total", {"value": "5 d"}, "'d' is not a unit of a volume"),
        ("imports_total", {"value": -5}, "it.value: imports_total is never negative"),
        ("imports_total", {"at_least": -5}, "it.at_least: imports_total is never negative"),
        ("first_shortage", {"at_most": 5}, "it.at_most: a number for first_shortage, which is a date"),
        ("first_shortage", {"value": 5}, "it.value: a number for first_shortage, which is a date"),
        ("first_shortage", {"date": "2030-01-05", "low": 5}, "it.low: a number for first_shortage, which is a date"),
        ("tankers_lost", {"value": 4, "low": 5}, "it.low: the range does not hold the value; given 5.0 to 4.0"),
        ("need_met.North.petrol", {"value": 0.5}, "it.measure: a product of a town that is not the hub"),
    ],
)
def test_what_cannot_be_is_refused(measure, given, said):
    assert said in str(refusal(asked, figure(measure, **given)))


def test_a_bound_is_open_at_the_other_end():
    scenario = build.scenario(figure("cover.Capital", at_least="48 h"))
    assert stated(scenario.root.documented["it"], scenario.start) == ("lowest_cover.Capital", None, 2.0, inf)
    scenario = build.scenario(figure("cover.Capital", at_most=3))
    assert stated(scenario.root.documented["it"], scenario.start) == ("lowest_cover.Capital", None, -inf, 3.0)


def test_a_figure_of_a_town_without_people_is_refused():
    with pytest.raises(ScenarioError, match="'North' needs no fuel: its share is 0"):
        asked({"towns": {"North": {"share": 0}}}, figure("need_met.North", value=0.5))


def test_figures_are_read_in_the_unit_of_their_measure():
    given = {"value": "90 %", "low": 0.8, "high": "950 /1000"}
    with pytest.raises(ScenarioError):
        asked(figure("need_met.Capital", **given))
    scenario = build.scenario(figure("cover.Capital", value="48 h", low=1, high="1 week"))
    assert stated(scenario.root.documented["it"], scenario.start) == ("lowest_cover.Capital", 2.0, 1.0, 7.0)
    assert asked(figure("cover.Capital", value="48 h")) == ("lowest_cover.Capital",)


@pytest.mark.parametrize(
    ("measure", "given", "out"),
    [
        ("imports.2030-01", {"value": 9}, False),
        ("imports.2030-03", {"value": 9}, True),  # the run ends on the 2nd
        ("imports.2031-01", {"value": 9}, True),
        ("imports.9999-12", {"value": 9}, True),
        ("relief.9999-12-31", {"value": 9}, True),
        ("relief.2030-02-15", {"value": 9}, False),
        ("relief.2030-02-16", {"value": 9}, True),
        ("tankers_lost_until.2030-03-01", {"value": 9}, False),
        ("tankers_lost_until.2030-03-02", {"value": 9}, True),
        ("first_shortage", {"date": "2030-03-01"}, False),
        ("first_shortage", {"date": "2030-03-02"}, True),
    ],
)
def test_what_the_run_does_not_have_is_not_asked(measure, given, out):
    scenario = build.scenario(figure(measure, **given))
    plan = build.build(scenario)
    assert beyond(scenario.root.documented["it"], plan.start, plan.days) is out
    assert documented(scenario, plan) == (() if out else (measure,))


def test_check_refuses_what_run_refuses():
    """Without a simulation: the figure is refused before one begins."""
    nonsense = ["--set", "documented.a={measure: nonsense, value: 1, label: x, source: assumption}"]
    told = [convoi(verb, "scenarios/tutorial.yaml", *nonsense) for verb in ("check", "run")]
    assert [done.exit_code for done in told] == [2, 2]
    assert all("documented.a.measure: no such measure; given 'nonsense'" in done.stderr for done in told)


def test_check_notes_what_the_run_is_not_asked():
    month = "documented.a={measure: imports.2030-07, value: 1 ML, label: x, source: assumption}"
    done = convoi("check", "scenarios/tutorial.yaml", "--set", month, code=0)
    assert "documented.a.measure: not asked: a month outside the run; given 'imports.2030-07'" in done.stderr


@pytest.mark.parametrize("value", [".nan", ".inf", "true", "{a: 1}", "[1]", "1" + "0" * 400])
def test_what_is_no_number_is_said_once(value):
    with pytest.raises(ScenarioError) as caught:
        load(
            "scenarios/tutorial.yaml",
            sets=f"documented.it={{measure: tankers_lost, value: {value}, label: x, source: assumption}}",
        )
    (problem,) = caught.value.problems
    assert (problem.path, problem.wrong) == ("documented.it.value", "not a number")

"""Files of targets: what is wrong in one is said with its place."""

import pytest

import sim
from sim.errors import RequestError
from sim.plan import build
from sim.scenario.targets import load
from sim.study.bound import bind, cited, log_likelihood
from sim.study.calibrate import Setting, chosen
from tests.files import write
from tests.refusals import problems

GOOD = """\
title: Facts
targets:
  lost:
    label: tankers lost
    facts: [assumption]
    quantity: {table: encounters, column: lost, statistic: total}
    low: 20
    high: 30
    soft: 5
"""


@pytest.fixture(scope="module")
def tutorial(root):
    return sim.load(root / "scenarios" / "tutorial.yaml")


@pytest.fixture
def bound(tutorial, tmp_path):
    """Bind a text of targets to the tutorial."""

    def bind_text(text, scenario=tutorial, **how):
        path = write(tmp_path / "targets.yaml", text)
        return bind(load(path), scenario, build(scenario), **how)

    return bind_text


def refused(bound, text, *scenario):
    return [str(problem).partition("targets.yaml:")[2] for problem in problems(bound, text, *scenario)]


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_good_file_is_bound(bound):
    (target,) = bound(GOOD)
    assert (target.low, target.high, target.soft, target.value, target.use) == (20.0, 30.0, 5.0, 25.0, "fit")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[assumption]", "[ML999x]", "5:13: targets.lost.facts.0: unknown source; given 'ML999x'"),
        ("[assumption]", "[]", "5:5: targets.lost.facts: a target without facts"),
        ("    high: 30\n", "", "7:10: targets.lost.low: a bound without direction; given 'low' alone"),
        ("low: 20", "low: 40", "7:10: targets.lost.low: ends in the wrong order; given 40 to 30"),
        ("low: 20\n", "at_least: 3\n    low: 20\n", "3:3: targets.lost: not one error model"),
        ("    soft: 5\n", "", "3:3: targets.lost.soft: missing"),
        ("soft: 5", "soft: 0", "9:11: targets.lost.soft: out of range; given 0"),
        ("soft: 5", "sofd: 5", "targets.lost.sofd: unknown key; given 'sofd'; expected a known"),
        ("column: lost", "column: losd", "targets.lost.quantity.column: no such column of encounters; given"),
        ("table: encounters", "table: encounter", "6:23: targets.lost.quantity.table: not a known word"),
        ("{table: encounters, column: lost, statistic: total}", "{measure: tankers_lots}",
         "6:25: targets.lost.quantity.measure: no such measure; given 'tankers_lots'; expected a measure"),
        ("statistic: total}", "statistic: total, from: 2031-01-01}",
         "targets.lost.quantity.from: a date outside the run; given '2031-01-01'; expected a day from"),
        ("statistic: total}", "statistic: days under}", "the threshold of 'days under'; given nothing"),
        ("statistic: total}", "statistic: total, town: Capital}", "a town of the table encounters"),
        ("{table: encounters, column: lost,", "{table: towns, column: sold, town: Capitol, product: petrol,",
         "unknown town; given 'Capitol'; expected a known name; the nearest is 'Capital'"),
        ("{table: encounters, column: lost,", "{table: towns, column: sold, product: petrol,", "without a town"),
        ("{table: encounters, column: lost,", "{table: flows, column: lost, corridors: [by sea],", "unknown corridor"),
        ("{table: encounters, column: lost,", "{table: encounters,", "a table without a column"),
        ("{table: encounters, column: lost, statistic: total}", "{}", "not one quantity; given neither"),
        ("statistic: total}", "statistic: total, from: 2030-02-01, to: 2030-01-05}", "a last day before the first"),
        ("    low: 20\n    high: 30\n", "    date: 2030-01-05\n", "a date for what is no day"),
        ("{table: encounters, column: lost, statistic: total}", "{measure: need_met.Capital}",
         "targets.lost.low: need_met.Capital is a share; given 20.0; expected 0 to 1"),
        ("{table: encounters, column: lost, statistic: total}", "{measure: first_shortage}",
         "targets.lost.low: a number for first_shortage, which is a date; given 20.0"),
        ("{table: encounters, column: lost, statistic: total}", "{measure: imports.2030-03}",
         "targets.lost.quantity.measure: a month of which the run has only a part; given 'imports.2030-03'"),
        ("soft: 5", "soft: 5\n    given: {measure: tankers_lost}", "targets.lost.given: a bound without direction"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(bound, old, new, said):
    assert any(said in problem for problem in refused(bound, changed(old, new)))


def test_all_problems_are_told_together(bound):
    text = GOOD + GOOD.partition("targets:\n")[2].replace("lost:", "more:").replace("[assumption]", "[]").replace(
        "low: 20", "low: 50"
    )
    assert len(refused(bound, text)) == 2


def test_a_date_outside_the_run_is_refused(bound):
    text = changed(
        "{table: encounters, column: lost, statistic: total}",
        "{table: towns, town: Capital, product: petrol, column: fill, statistic: first under, threshold: 0.8}",
    )
    assert (
        "a date outside the run"
        in refused(bound, text.replace("    low: 20\n    high: 30\n", "    date: 2031-01-05\n"))[0]
    )


def test_a_fact_that_is_imposed_is_no_target(root, bound):
    """In replay the recorded attacks are inputs, and so is every row on the same event."""
    blockade = root / "scenarios" / "blockade-2025.yaml"
    text = changed("[assumption]", "[ML047]")
    free, replay = sim.load(blockade), sim.load(blockade, root / "scenarios" / "recorded.yaml")
    assert bound(text, free)[0].use == "fit"
    messages = refused(bound, text, replay)
    assert (
        "5:5: targets.lost.facts: a fact that is an input; given ML047, which sets 'convoys.recorded.17 October"
        in messages[0]
    )
    assert bound(text + "    use: check\n", replay)[0].use == "input"
    assert "ML048" in cited(replay)[0]
    assert "ML048" not in cited(free)[0]


def test_targets_of_another_scope_series_or_mode_are_left_out(root, bound):
    blockade = sim.load(root / "scenarios" / "blockade-2025.yaml")
    other = GOOD.partition("targets:\n")[2].replace("lost:", "other:")
    assert [target.name for target in bound(GOOD + other + "    scope: all\n", blockade)] == ["lost"]
    assert [target.name for target in bound(GOOD + other + "    modes: [replay]\n", blockade)] == ["lost"]
    series = GOOD + other + "    series: minister\n"
    assert [target.name for target in bound(series, blockade)] == ["lost"]
    assert [target.name for target in bound(series, blockade, series="minister")] == ["lost", "other"]
    assert "no target for this scenario" in refused(bound, GOOD + "    scope: all\n", blockade)[0]


def test_the_likelihood_is_that_of_soft_edges(bound):
    import numpy as np

    targets = bound(GOOD)
    values = np.array([[20.0], [25.0], [30.0], [35.0], [10.0], [np.nan]])
    assert log_likelihood(targets, values).tolist() == [0.0, 0.0, 0.0, -0.5, -2.0, 0.0]


def test_what_is_left_out_is_checked(bound, tutorial):
    targets, plan = bound(GOOD), build(tutorial)
    with pytest.raises(RequestError, match="no target 'lots' to leave out; expected one of lost"):
        chosen(targets, Setting(without=("lots",)), plan)
    with pytest.raises(RequestError, match="no target is left"):
        chosen(targets, Setting(without=("lost",)), plan)


def test_every_shipped_target_is_bound(root):
    """Each target of the record is asked of some scenario, and its facts exist."""
    scenarios, files = root / "scenarios", []
    targets = load(scenarios / "targets" / "blockade-2025.yaml")
    all_fuel = ["scope/all.yaml"]
    told = [([], "customs"), (["recorded.yaml"], "customs"), (all_fuel, "customs"), (all_fuel, "minister")]
    for overlays, series in told:
        scenario = sim.load(scenarios / "blockade-2025.yaml", [scenarios / name for name in overlays])
        files.append(bind(targets, scenario, build(scenario), series))
    assert {target.name for group in files for target in group} == set(targets.root.targets)
    assert all(sum(target.use == "fit" for target in group) >= 14 for group in files)
    claims = {name for name, target in targets.root.targets.items() if target.use == "claim"}
    assert claims == {"air alone is not enough", "the first ground convoy arrives whole"}


def test_a_date_is_known_when_it_has_passed(root):
    """Of a fit up to a day a date before it is part, asked as if the run ended there; what lies later is not."""
    from datetime import date

    from sim.study.calibrate import laid_out

    scenarios = root / "scenarios"
    targets, scenario = load(scenarios / "targets" / "blockade-2025.yaml"), sim.load(scenarios / "blockade-2025.yaml")
    plan, known = laid_out(scenario, targets, Setting(until=date(2025, 10, 15)))
    fitted = {target.name: target for target in known if target.use == "fit"}
    assert plan.days == 1 + (date(2025, 10, 15) - date(2025, 8, 1)).days
    assert {"first shortage", "Mopti short", "lost in mid-September"} <= fitted.keys()
    assert not {"dry again", "Gao dry", "lost in mid-October", "imports of October"} & fitted.keys()
    assert fitted["first shortage"].asked.quantity.last == plan.days - 1

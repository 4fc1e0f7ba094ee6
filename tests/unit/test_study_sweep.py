"""Sweeps: how a range is read, what is run at each point, who wins, and from which value on a target holds."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import sim
from sim.errors import RequestError, ScenarioError
from sim.results.ledger import LEDGER
from sim.results.target import Target
from sim.study.alternatives import AS_IS
from sim.study.axis import axis
from sim.study.executors import Where
from sim.study.sweep import Sweep, sweep
from sim.view.sweep_answer import axis_words
from tests.calls import TINY
from tests.files import ROOT
from tests.refusals import refusal

BLOCKADE = str(ROOT / "scenarios" / "blockade-2025.yaml")
HERE = Where(workers=1)
UNITS = "escorts.pools.army.units"


@pytest.fixture(scope="module")
def tiny():
    return sim.load(TINY)


@pytest.fixture(scope="module")
def blockade():
    return sim.load(BLOCKADE)


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("fleet.load=40 m3:50 m3:3", ("40 m3", "45 m3", "50 m3")),
        ("fleet.load=40:50 m3:3", ("40 m3", "45 m3", "50 m3")),
        ("fleet.load=0.04 ML:50000 L:2", ("40 m3", "50 m3")),
        (f"{UNITS}=1:4", ("1", "2", "3", "4")),
        (f"{UNITS}=0:10:3", ("0", "5", "10")),
        ("willingness.recovery=5 days:15 days:3", ("5 days", "10 days", "15 days")),
        ("crews.killed=0:40 %:3", ("0", "0.2", "0.4")),
    ],
)
def test_a_range_is_read_with_its_units(tiny, text: str, texts: tuple[str, ...]) -> None:
    assert axis(text, tiny).texts == texts


def test_a_range_of_the_scenarios_own(blockade) -> None:
    varied = axis("escorts.loss_ratio.foreign", blockade)
    assert varied.texts == ("0.2", "0.4", "0.6", "0.8", "1")
    assert varied.settings(1) == ("escorts.loss_ratio.foreign=0.4",)


def test_an_entry_is_varied_by_its_date_or_its_position(tiny) -> None:
    for path in ("zones.forest.effort.1", "zones.forest.effort@2025-01-11", "zones.forest.effort@day 20"):
        assert axis(f"{path}=1:2 /month:2", tiny).settings(1) == (f"{path}=2 /month",)
    assert axis("zones.forest.effort@2025-01-11", tiny).values[0] == 5.0


def test_a_wildcard_varies_all_numbers_that_fit(tiny, blockade) -> None:
    from_10 = axis("escorts.pools.national *.units@2025-09-10=1:3", blockade)
    assert sorted(from_10.paths) == [
        "escorts.pools.national Ivorian side.units@2025-09-10",
        "escorts.pools.national Senegal side.units@2025-09-10",
    ]
    assert set(axis("escorts.pools.*.units@day 3=1:3", tiny).paths) == {
        "escorts.pools.army.units@day 3",
        "escorts.pools.wing.units@day 3",
    }
    with pytest.raises(RequestError, match="a wildcard that fits nothing"):
        axis("escorts.pools.x*.units=1:3", tiny)


def test_a_factor_is_varied_on_all_entries_of_lists_by_date(tiny, blockade) -> None:
    varied = axis("escorts.pools.national *.units*=1:3", blockade)
    sides = [f"escorts.pools.national {side} side.units*" for side in ("Ivorian", "Senegal")]
    assert (sorted(varied.paths), varied.relative, varied.texts) == (sides, True, ("1", "2", "3"))
    assert sorted(varied.settings(1)) == [f"{side}=2" for side in sides]
    assert axis("escorts.pools.*.units@2025-10-01*=1:2", blockade).settings(1)[0].endswith(".units@2025-10-01*=2")
    assert axis("zones.*.effort*=0.5:1.5:3", tiny).texts == ("0.5", "1", "1.5")
    assert axis("zones.*.effort*=0.5:1.5:3", tiny).paths == ("zones.forest.effort*",), "the other has a chance"
    assert not axis(f"{UNITS}=1:2", tiny).relative
    with pytest.raises(RequestError, match="factors and values together"):
        axis("fleet.size*,fleet.load=1:2", tiny)
    with pytest.raises(RequestError, match=r"no range of its own; expected path=from:to:count, such as 'path\*=1:3'"):
        axis("fleet.size*", tiny)


def test_a_factor_of_one_is_the_scenario_and_of_two_the_setting() -> None:
    varied = sweep(TINY, "escorts.pools.*.units*=1:2", replications=2, where=HERE)
    for point, sets in enumerate(((), ("escorts.pools.*.units*=2",))):
        alone = sim.run(sim.load(TINY, sets=sets), replications=2, workers=1).measures
        pd.testing.assert_frame_equal(varied.measures.loc[point].loc[AS_IS], alone, check_names=False)
    assert axis_words(varied) == "factor on units of army and wing"


def test_several_numbers_take_the_same_value(blockade) -> None:
    sides = [f"escorts.pools.national {side} side.units.1" for side in ("Senegal", "Ivorian")]
    varied = axis(f"{','.join(sides)}=1:3", blockade)
    assert varied.settings(2) == tuple(f"{side}=3" for side in sides)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fleet.loda=1:2", "no such path; expected a number of the scenario, the nearest is 'fleet.load'"),
        (
            "escorts.pools.navy.units=1:2",
            "no number; expected a number of the scenario, below 'escorts.pools': army, wing",
        ),
        ("escorts.units=1:2", "below 'escorts': cycle_factor, detection, deterrence, loss_ratio, pools, split"),
        ("zones.forest.effort=1:2", "or a factor on all: 'zones.forest.effort*=1:4'"),
        ("strategy.name=1:2", "no number"),
        ("fleet.load=40:50:3", "a number without a unit; given '40'; expected a volume such as '46 m3'"),
        ("fleet.load=40 km:50 km", "'km' is not a unit of a volume"),
        ("fleet.load=40 m3:50 m3:1", "'1' values; expected a whole number from 2 to 200"),
        ("fleet.load=40 m3:50 m3:many", "'many' values"),
        ("fleet.load=50 m3:40 m3", "an empty range; expected from < to"),
        ("fleet.load=40 m3", "not a range; expected from:to:count"),
        ("fleet.load=1 m3:1000 m3", "out of range; given '1000 m3'; expected 1 m3 to 200 m3"),
        ("fleet.driving", "the scenario gives no range of its own"),
        ("fleet.load,fleet.size=40 m3:50 m3", "the parameters differ in unit"),
        (f"{UNITS}=1.5:4", "not a whole number"),
        ("zones.forest.effort=1 /month:4 /month", "zones.forest.effort.0, zones.forest.effort@2025-01-11"),
    ],
)
def test_a_range_that_cannot_be_read_is_told(tiny, text: str, told: str) -> None:
    message = str(refusal(axis, text, tiny, error=RequestError))
    assert told in message
    assert message.startswith(f"vary {text.partition('=')[0].partition(',')[0]}")


@pytest.fixture(scope="module")
def swept() -> Sweep:
    """Two values of the army's units."""
    return sweep(TINY, f"{UNITS}=1:9:2", replications=4, where=HERE)


def test_a_point_is_what_a_run_with_the_setting_gives(swept) -> None:
    alone = sim.run(sim.load(TINY, sets=[f"{UNITS}=9"]), replications=4, workers=1).measures
    pd.testing.assert_frame_equal(swept.measures.loc[1].loc[AS_IS], alone, check_names=False)


def test_a_grid_has_every_pair() -> None:
    grid = sweep(TINY, [f"{UNITS}=1:2", "willingness.fear=0.05:0.5:2"], replications=2, where=HERE)
    assert grid.points == ((0, 0), (0, 1), (1, 0), (1, 1))
    assert grid.means().shape == (4, 1)
    with pytest.raises(RequestError, match="two parameters varied; expected one"):
        grid.reached(Target("lowest_cover", ">=", 1.0, ""), 0.9)


def test_a_point_that_is_no_scenario_is_told() -> None:
    with pytest.raises(ScenarioError, match="least size above the largest"):
        sweep(TINY, "strategy.imports.0.min=1:500:2", replications=1, where=HERE)


def made(values: dict[tuple[int, str], list[float]], names: tuple[str, ...], points: int) -> Sweep:
    """Return a sweep with given values of days half closed."""
    frames = {key: pd.DataFrame({"days_half_closed": column}) for key, column in values.items()}
    measures = pd.concat(frames, names=["point", "alternative", "replication"])
    base = axis("fleet.load=40 m3:50 m3:3", sim.load(TINY))
    alternatives = tuple(SimpleNamespace(name=name, plan=SimpleNamespace(days=60)) for name in names)
    grid = tuple((point,) for point in range(points))
    return Sweep((base,), grid, alternatives, measures, "days_half_closed", pd.DataFrame(), {"central": True})


def test_the_winner_is_the_one_with_fewest_days_and_sure_if_the_lead_is() -> None:
    few, many, same = [1.0, 2.0, 3.0, 2.0], [11.0, 12.0, 13.5, 12.0], [2.0, 1.0, 3.5, 2.5]
    values = {(0, "a"): many, (0, "b"): few, (1, "a"): few, (1, "b"): same}
    first, other = made(values, ("a", "b"), 2).places()
    assert (first.best, first.runner_up, first.sure) == ("b", "a", True)
    assert first.lead == pytest.approx(10.125)
    assert (other.best, other.sure) == ("a", False)


def test_a_target_is_reached_from_where_on_it_holds_for_good() -> None:
    yes, no = [0.0] * 10, [0.0] * 5 + [9.0] * 5
    values = {(0, "a"): yes, (1, "a"): no, (2, "a"): yes, (0, "b"): no, (1, "b"): no, (2, "b"): no}
    reached = made(values, ("a", "b"), 3).reached(Target("days_half_closed", "<=", 1.0, ""), 0.9)
    assert [(row.alternative, row.point) for row in reached] == [("a", 2), ("b", None)]
    assert [share for share, _, _ in reached[0].shares] == [1.0, 0.5, 1.0]
    assert all(0.0 <= low <= share <= high <= 1.0 for row in reached for share, low, high in row.shares)
    assert reached[0].shares[0] == (1.0, pytest.approx(0.025**0.1), 1.0), "ten of ten leave room for doubt"


def test_a_target_that_low_values_hold_has_a_last_one() -> None:
    values = {(0, "a"): [0.0] * 10, (1, "a"): [0.0] * 10, (2, "a"): [9.0] * 10}
    (only,) = made(values, ("a",), 3).reached(Target("days_half_closed", "<=", 1.0, ""), 0.9)
    assert (only.point, only.last, only.is_held) == (None, 1, True)


def test_a_date_that_never_came_counts_the_same_in_winners_means_and_targets() -> None:
    nan = float("nan")
    early, never = [40.0, 50.0, 40.0, 50.0], [10.0, nan, nan, nan]
    values = {(0, "early"): early, (0, "never"): never}
    grid = replace(
        made(values, ("early", "never"), 1),
        goal="first_shortage",
        measures=made(values, ("early", "never"), 1).measures.set_axis(["first_shortage"], axis=1),
    )
    (place,) = grid.places()
    assert (place.best, place.lead) == ("never", 2.5)
    assert grid.means().loc[0].to_dict() == grid.tables()["means.csv"][["early", "never"]].loc[0].to_dict()
    assert grid.means().loc[0].to_dict() == {"early": 45.0, "never": 47.5}
    reached = grid.reached(Target("first_shortage", ">=", 45.0, ""), 0.7)
    assert [row.shares[0][0] for row in reached] == [0.5, 0.75]


def test_an_undefined_alternative_comes_last() -> None:
    nan = float("nan")
    values = {(0, "a"): [3.0] * 4, (0, "b"): [nan] * 4, (0, "c"): [9.0] * 4}
    (place,) = made(values, ("a", "b", "c"), 1).places()
    assert (place.best, place.runner_up, place.lead) == ("a", "c", 6.0)


def test_a_number_is_varied_once_and_a_grid_has_bounds() -> None:
    with pytest.raises(RequestError, match="named twice"):
        sweep(TINY, [f"{UNITS}=1:2", f"{UNITS}=3:4"], replications=1)
    with pytest.raises(RequestError, match="a grid of 900 points; expected at most 400"):
        sweep(TINY, ["fleet.load=40 m3:50 m3:30", "willingness.fear=0.05:0.5:30"], replications=1)


def test_one_overlay_needs_no_list_and_a_folder_is_made(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("fleet: {load: 41 m3}\n", encoding="utf-8")
    overlay, folder = str(tmp_path / "more.yaml"), tmp_path / "a" / "b"
    grid = sweep(TINY, f"{UNITS}=1:2", overlays=overlay, replications=2, where=HERE, folder=folder)
    assert grid.names == (AS_IS, "more")
    assert (folder / LEDGER).exists()


def test_whole_numbers_go_by_ones_or_say_how_many(tiny: sim.Scenario) -> None:
    assert axis("fleet.size=1:200", tiny).values == tuple(float(k) for k in range(1, 201))
    with pytest.raises(RequestError, match=r"by ones these are 1,000 values; expected '1:1000:5' with a count"):
        axis("fleet.size=1:1000", tiny)
    with pytest.raises(RequestError, match="expected a whole number from 2 to 200"):
        axis(f"fleet.size=1:1000:{'9' * 5000}", tiny)


@pytest.mark.parametrize("span", ["=1 /month:9 /month:3", ""])
def test_a_list_by_date_is_varied_by_the_path_of_an_entry(tiny: sim.Scenario, span: str) -> None:
    with pytest.raises(RequestError, match=r"a list by date; expected the path of an entry: zones\.forest\.effort\.0"):
        axis(f"zones.forest.effort{span}", tiny)
    assert len(axis("zones.forest.effort.1=1 /month:9 /month:3", tiny).values) == 3


def test_a_name_may_hold_a_comma() -> None:
    rules = ["rationing.caps, all={from: day 1, fill: 5 L}", "rationing.more={from: day 1, fill: 5 L}"]
    varied = axis("rationing.more.fill,rationing.caps, all.fill=5 L:9 L:2", sim.load(TINY, sets=rules))
    assert varied.paths == ("rationing.more.fill", "rationing.caps, all.fill")


@pytest.mark.parametrize(
    ("vary", "sets", "told"),
    [
        ("escorts.pools.army.units=2:3", (), ""),
        ("escorts.pools.army.units=2:3", ("fleet.load=46 m3",), "Laid on it: fleet.load=46 m3."),
        ("escorts.pools.army.units*=1:2", (), ""),
        ("escorts.pools.army.units=2:3", ("escorts.pools.army.units=2",), "Laid on it: escorts.pools.army.units=2."),
    ],
)
def test_what_is_varied_is_not_told_as_laid_on(vary: str, sets: tuple[str, ...], told: str) -> None:
    said = " ".join(sim.told(sim.sweep(TINY, vary, sets=sets, replications=2)).split())
    assert ("Laid on" in said) is bool(told)
    assert told in said

"""A posterior on disk: what is written is read, what it draws is what was fitted, and what does not fit is refused."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError
from sim.plan import build
from sim.plan.posterior import FILE, STEPS, Posterior, number_of, parts_of, read, write
from sim.scenario.targets import load as load_targets
from sim.study.calibrate import Setting, calibrate, keys_of
from sim.study.replicate import simulate
from sim.world.keys import Draws
from sim.world.nature import Nature, given_plan, marks, nature, renamed, values
from tests.refusals import refusal

ABOUT = {"scenario_name": "tutorial", "scope": "pump", "files": ["tutorial.yaml", "common.yaml"], "command": "made"}


@pytest.fixture(scope="module")
def tutorial(root):
    return root / "scenarios" / "tutorial.yaml"


@pytest.fixture(scope="module")
def fitted(root, tutorial, tmp_path_factory):
    """A small calibration and its folder."""
    folder = tmp_path_factory.mktemp("fit")
    targets = load_targets(root / "scenarios" / "targets" / "tutorial.yaml")
    done = calibrate(sim.load(tutorial), targets, Setting(24, 1), folder=folder)
    write(done.draws, folder / FILE)
    return done, folder


def posterior(plan, rows=5, **changes):
    keys = keys_of(plan)
    steps = (Draws(3, 0).uniforms(1, np.arange(rows)[:, None], np.arange(len(keys))) * STEPS).astype(np.int64)
    salts = np.arange(rows * len(parts_of(plan))).reshape(rows, -1) % 3
    made = Posterior(
        9, np.arange(1, rows + 1) / 15, (steps + 0.5) / STEPS, tuple(keys), tuple(map(number_of, plan.uncertain)),
        np.arange(rows) * 7, salts, tuple(parts_of(plan)), ABOUT,
    )  # fmt: skip
    return replace(made, **changes)


def test_what_is_written_is_read_to_the_last_bit(tutorial, tmp_path):
    made = posterior(build(sim.load(tutorial)))
    write(made, tmp_path / FILE)
    back = read(tmp_path / FILE)
    assert repr(back) == repr(made)
    assert np.array_equal(back.marks, made.marks)
    assert back.numbers == made.numbers
    assert back.about == made.about
    assert (tmp_path / FILE).stat().st_size < 60_000


def test_draws_come_as_often_as_they_weigh(tutorial):
    plan = build(sim.load(tutorial))
    made = posterior(plan)
    rows = [made.row(mark) for mark in Draws(4, 0).uniforms(1, np.arange(3000))]
    assert np.bincount(rows) / 3000 == pytest.approx(made.weights, abs=0.04)


def test_a_replication_has_the_marks_of_its_draw_and_its_own_luck(tutorial):
    plan = build(sim.load(tutorial))
    ours = replace(plan, posterior=posterior(plan))
    given = [nature(ours, 1, replication) for replication in range(40)]
    rows = {tuple(marks.tolist()) for marks in ours.posterior.marks}
    first = [plan.uncertain.index(next(n for n in plan.uncertain if n.entity == key)) for key in keys_of(plan)]
    assert all(tuple(draw.marks[first].tolist()) in rows for draw in given)
    assert all(draw.draws == Draws(1, replication) for replication, draw in enumerate(given))
    assert all(np.array_equal(given[2 * k].marks, given[2 * k + 1].marks) for k in range(20))
    assert len({tuple(draw.marks.tolist()) for draw in given}) > 2


def test_what_a_posterior_does_not_know_is_drawn_from_its_range(tutorial):
    plan = build(sim.load(tutorial))
    half = posterior(plan)
    half = replace(half, entities=half.entities[:10], marks=half.marks[:, :10])
    given = nature(replace(plan, posterior=half), 1, 4)
    prior = marks(plan, Draws(1, 2))
    unknown = [k for k, number in enumerate(plan.uncertain) if number.entity not in half.entities]
    assert len(unknown) > 20
    assert np.array_equal(given.marks[unknown], prior[unknown])


def test_central_values_need_no_posterior(tutorial):
    plan = build(sim.load(tutorial))
    assert nature(replace(plan, posterior=posterior(plan)), 1, 4, central=True).marks is None


def test_a_hindcast_shows_what_was_fitted(fitted, tutorial):
    done, folder = fitted
    loaded = sim.load(tutorial, sets=(f"posterior={folder}", "hindcast=yes"))
    plan = replace(build(loaded), days=done.plan.days)
    shown = {tuple(row) for row in done.posterior.values.round(9).tolist()}
    from sim.study.readings import reader

    read_off = reader([bound.asked for bound in done.targets])
    for replication in range(12):
        record = simulate(plan, 5, replication, engine="fast")
        assert tuple(np.round(read_off(record), 9).tolist()) in shown


def test_both_engines_take_the_same_luck(tutorial):
    """New luck of some parts is the same new luck in SimPy and compiled."""
    plan = replace(build(sim.load(tutorial)), days=40)
    ours = replace(plan, posterior=posterior(plan, hindcast=True))
    for replication in (0, 3):
        fast, simpy = (simulate(ours, 1, replication, engine=engine) for engine in ("fast", "simpy"))
        for name, column in fast.towns.items():
            assert np.array_equal(column, simpy.towns[name], equal_nan=True), name
        assert np.array_equal(fast.encounters["time"], simpy.encounters["time"])


def test_luck_of_one_zone_leaves_that_of_all_others(root):
    from sim.world.tape import unroll

    plan = build(sim.load(root / "scenarios" / "blockade-2025.yaml"))
    other = given_plan(plan, Nature(Draws(1, 0), None, renamed(plan, {"zone south": 77})))
    zone = plan.zones.name.index("south")
    tapes = [
        {(c.zone, c.time, c.place) for c in unroll(variant, Draws(1, 0)).candidates if c.kind == 0}
        for variant in (plan, other)
    ]
    assert {zone_ for zone_, *_ in tapes[0] ^ tapes[1]} == {zone}


def test_a_plan_that_ends_sooner_is_the_same_until_then(root):
    plan = build(sim.load(root / "scenarios" / "blockade-2025.yaml"))
    whole, part = (simulate(variant, 1, 3, engine="fast") for variant in (plan, replace(plan, days=70)))
    for table in ("towns", "flows", "stocks"):
        for name, column in getattr(part, table).items():
            assert np.array_equal(getattr(whole, table)[name][: len(column)], column, equal_nan=True), (table, name)


def problem(tutorial, folder, *sets):
    return str(refusal(lambda: build(sim.load(tutorial, sets=(f"posterior={folder}", *sets)))))


def test_what_is_no_posterior_is_refused(tutorial, tmp_path):
    assert "does not exist" in problem(tutorial, tmp_path / "none")
    (tmp_path / FILE).write_bytes(b"no parquet")
    assert "is no posterior" in problem(tutorial, tmp_path)


def test_a_posterior_of_another_scenario_is_refused(fitted, root):
    _, folder = fitted
    message = problem(root / "scenarios" / "blockade-2025.yaml", folder)
    assert "a posterior of another scenario; given one of 'tutorial', scope pump" in message


def test_a_posterior_of_another_version_is_refused(fitted, tutorial, tmp_path):
    """A range of the scenario's own file that is not the one it was made with; one that an overlay sets may differ."""
    _, folder = fitted
    text = tutorial.read_text(encoding="utf-8")
    old, new = "low: 0.45 ML/day, high: 0.55 ML/day", "low: 0.4 ML/day, high: 0.55 ML/day"
    assert old in text
    copy = tmp_path / "scenarios"
    copy.mkdir()
    (copy / "common.yaml").write_text((tutorial.parent / "common.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (copy / "tutorial.yaml").write_text(text.replace(old, new), encoding="utf-8")
    message = problem(copy / "tutorial.yaml", folder)
    assert "of another version of the scenario; given 'products.petrol.need'" in message
    build(sim.load(tutorial, sets=(f"posterior={folder}", "products.petrol.need*=1.1")))


def test_a_file_names_its_posterior_from_where_it_lies(fitted, tutorial, tmp_path):
    _, folder = fitted
    (tmp_path / "over.yaml").write_text(f"posterior: {folder.name}\n", encoding="utf-8")
    (tmp_path / folder.name).symlink_to(folder)
    plan = build(sim.load(tutorial, [tmp_path / "over.yaml"]))
    assert plan.posterior is not None
    (tmp_path / "wrong.yaml").write_text("\n\nposterior: nowhere\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"wrong\.yaml:3:12: posterior: no posterior"):
        build(sim.load(tutorial, [tmp_path / "wrong.yaml"]))


def test_values_follow_marks(tutorial):
    plan = build(sim.load(tutorial))
    low, high = (values(plan, np.full(len(plan.uncertain), mark)) for mark in (1e-12, 1.0 - 1e-12))
    assert all(low[number.path] == pytest.approx(number.low, rel=1e-3, abs=1e-3) for number in plan.uncertain)
    assert all(high[path] > value for path, value in low.items())

"""What moves a measure: known answers for the value of information, and the whole study on the tutorial."""

import numpy as np
import pytest

from sim.errors import RequestError
from sim.study.alternatives import one_or_more
from sim.study.sensitivity import GROUPS, LUCK, OTHERS, Sensitivity, _known, _worth, sensitivity
from sim.view.figures.sensitivity import sensitivity as draw
from sim.view.sensitivity_answer import sensitivity_answer


def test_to_know_which_of_two_is_better_is_worth_half_of_what_parts_them():
    """One alternative gains 1 in the upper half of a parameter, the other in the lower: to know it is worth ½."""
    mark = (np.arange(1000) + 0.5) / 1000
    gain = np.column_stack((np.where(mark > 0.5, 1.0, 0.0), np.where(mark > 0.5, 0.0, 1.0)))
    group = (mark * GROUPS).astype(int)
    worth, changes = _known(gain, group, best=0)
    assert worth == pytest.approx(0.4)  # the middle group holds both halves
    assert changes == pytest.approx(0.4)


def test_to_know_what_changes_no_choice_is_worth_nothing():
    mark = (np.arange(1000) + 0.5) / 1000
    gain = np.column_stack((mark + 1.0, mark))
    assert _known(gain, (mark * GROUPS).astype(int), best=0) == (0.0, 0.0)


def test_fewer_draws_than_groups_leave_some_empty():
    gain = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert _known(gain, np.array([0, GROUPS // 2]), best=0) == (0.5, 0.5)


def test_what_is_worth_knowing_is_told_from_chance(root):
    """Of ten numbers the fourth decides which of two is better; where none does, none is named."""
    source, named = np.random.default_rng(2), 0
    given = source.uniform(size=(256, 10))
    names = [f"p{k}" for k in range(10)]
    alternatives = one_or_more(root / "scenarios" / "tutorial.yaml", ("army", "none"))
    for planted in (3.0, 0.0):
        for seed in range(5):
            gain = source.normal(size=(256, 2))
            gain[:, 0] += planted * (given[:, 3] - 0.5)
            table, _, _ = _worth(gain, given, names, alternatives, "days_half_closed", seed)
            if planted:
                assert table.index[table["told"]].tolist() == ["p3"]
            else:
                named += int(table["told"].sum())
    assert named <= 2


def test_as_many_as_cannot_be_told_apart_may_move_it_as_much(done):
    table = done.screened.assign(effect=[10.0, 9.0, *[0.0] * (len(done.screened) - 2)])
    for spread, alike in ((1.0, 1), (0.1, 0)):
        study = Sensitivity(**{**vars(done), "screened": table.assign(spread=spread)})
        assert study.alike == alike
        assert ("may move it as much" in sensitivity_answer(study)) == bool(alike)


@pytest.fixture(scope="module")
def done(root):
    alternatives = one_or_more(root / "scenarios" / "tutorial.yaml", ("army", "none"))
    return sensitivity(alternatives, measure="tankers_lost", trajectories=4, base=32, top=4, seed=3)


def test_the_study_screens_all_and_parts_a_few(done):
    keys = {number.entity for alternative in done.alternatives for number in alternative.plan.uncertain}
    assert len(done.screened) == len(keys)
    assert len(done.indices) == 4 + 2
    assert [*done.indices.index[-2:]] == [LUCK, OTHERS]
    assert set(done.indices.index[:4]) == set(done.screened.sort_values("effect").tail(4).index)
    assert (done.screened["effect"] >= done.screened["sign"].abs() - 1e-9).all()
    assert done.manifest["simulated"] == (4 * (len(keys) + 1) + 32 * (4 + 4)) * 2


def test_what_is_known_to_matter_comes_out(done):
    """Losses hang on how many ambushes are laid and how many tankers each takes."""
    first = set(done.screened.sort_values("effect", ascending=False).head(10).index)
    assert any("zones" in path or path == "attacks.damage" for path in first)


def test_it_is_told_and_drawn(done):
    text = sensitivity_answer(done)
    assert "Tutorial: what moves" in text
    assert max(map(len, text.splitlines())) <= 100
    assert "Without knowing more one chooses" in text
    for told in (True, False):  # of nothing no panel is drawn
        study = Sensitivity(**{**vars(done), "worth": done.worth.assign(told=told)})
        chart = draw(study)
        footnote = " ".join(label.get_text() for label in chart.texts)
        assert len(chart.axes) == 2 + told
        assert ("Of no one number can it be told" in " ".join(footnote.split())) == (not told)


def test_what_cannot_be_studied_is_refused(root):
    alternatives = one_or_more(root / "scenarios" / "tutorial.yaml")
    with pytest.raises(RequestError, match=r"measure 'tankers_lots' .*the nearest is 'tankers_lost'"):
        sensitivity(alternatives, measure="tankers_lots")
    with pytest.raises(RequestError, match=r"would pass over the posterior 'tutorial' .*the scenario without it"):
        sensitivity(one_or_more("tutorial", common="posteriors/tutorial"), base=4)
    with pytest.raises(RequestError, match="a base of 12 rows; expected a power of 2"):
        sensitivity(alternatives, base=12)


def test_a_measure_that_nothing_moves_is_refused(root):
    alternatives = one_or_more(root / "tests" / "data" / "tiny.yaml", ())
    with pytest.raises(RequestError, match=r"'days_half_closed' is the same in all 4 replications of 'as it is'"):
        sensitivity(alternatives, measure="days_half_closed", trajectories=2, base=2, top=1)

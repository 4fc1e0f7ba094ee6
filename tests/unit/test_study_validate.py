"""Verdicts, coverage and scores against numbers worked out by hand."""

from dataclasses import replace
from math import inf, isnan, nan

import numpy as np
import pytest

import sim
from sim.results.quantity import Asked, Quantity
from sim.scenario.targets import Simulated, Target
from sim.scenario.targets import load as load_targets
from sim.study.bound import Bound
from sim.study.validate import BALANCE, BINOMIAL, HINDCAST, PERSISTENCE, PRIOR, Balanced, _binomial, crps, validate
from sim.study.verdicts import coverage, verdicts


def bound(low, high, soft=2.0, use="fit", **more):
    target = Target(
        label="x", facts=["assumption"], quantity=Simulated(measure="convoys"), at_least=0, soft=soft, **more
    )
    asked = Asked(Quantity("towns", "fill"))
    return Bound("x", target, asked, low, high, soft, low, use, 10)


@pytest.mark.parametrize(
    ("low", "high", "holds", "off"),
    [
        (4.0, 6.0, True, 0.0),
        (96.0, inf, False, 0.5),
        (-inf, 1.0, False, 1.9),
        (99.0, 200.0, False, 1.9),
        (94.9, 200.0, True, 0),
    ],
)
def test_a_band_holds_what_it_has_in_common_with_the_record(low, high, holds, off):
    values = np.linspace(0.0, 100.0, 1001)[:, None]
    (verdict,) = verdicts([bound(low, high)], values)
    assert (verdict.low, verdict.median, verdict.high) == pytest.approx((5.0, 50.0, 95.0))
    assert verdict.holds is holds
    assert verdict.off == pytest.approx(off, abs=0.2) if not holds else verdict.off == 0.0


def test_what_is_hardly_asked_gets_no_verdict():
    values = np.full((100, 1), nan)
    values[:19] = 1.0
    (verdict,) = verdicts([bound(0.0, 2.0)], values)
    assert (verdict.holds, verdict.asked, verdict.total) == (None, 19, 100)
    values[19] = 1.0
    assert verdicts([bound(0.0, 2.0)], values)[0].holds is True


def test_coverage_counts_what_was_asked_and_says_what_would_be_no_surprise():
    values = np.column_stack([np.linspace(0.0, 1.0, 100)] * 20)
    bounds = [bound(0.5, 0.6)] * 17 + [bound(2.0, 3.0)] * 3
    *counts, width, empty = coverage(verdicts(bounds, values))
    assert counts == [17, 20, 15, 20]  # binomial, 20 at 90 %: 2.5 and 97.5 % points
    assert width == pytest.approx(0.9 / 2.0)
    assert empty == 17  # as wide as if nothing were known of a share but that it is one
    mixed = [*bounds[:10], *(replace(each, use="claim") for each in bounds[10:])]
    assert coverage(verdicts(mixed, values), "fit").asked == 10


def test_the_score_of_an_ensemble_is_the_mean_distance_less_half_the_mean_difference():
    """CRPS = E|X − y| − ½ E|X − X'|; inside what is documented every value is as good."""
    values = np.array([1.0, 5.0, 9.0])
    outside = np.array([-2.0, 0.0, 3.0])  # from the interval 3 to 6
    wished = np.abs(outside).mean() - 0.5 * np.abs(outside[:, None] - outside).mean()
    assert crps(bound(3.0, 6.0), values) == pytest.approx(wished / 2.0)
    assert crps(bound(3.0, 6.0), np.array([3.0, 4.0, 6.0])) == 0.0
    assert crps(bound(3.0, inf), np.array([1.0])) == pytest.approx(1.0)
    assert isnan(crps(bound(3.0, 6.0), np.array([nan, nan, 1.0])))


@pytest.fixture(scope="module")
def done(root):
    scenarios = root / "scenarios"
    return validate(
        sim.load(scenarios / "tutorial.yaml"), load_targets(scenarios / "targets" / "tutorial.yaml"), 40, seed=2
    )


def test_what_needs_no_model_says_what_it_can(done):
    names = [target.name for target in done.targets]
    first = names.index("first shortage")
    assert done.values[PERSISTENCE][0].tolist() == [60.0, 0.0, 5.0, 0.0]
    assert np.isnan(done.values[BALANCE][:, names.index("lost")]).all()
    assert not np.isnan(done.values[BALANCE][:, first]).any()
    assert np.isnan(done.values[BINOMIAL]).all()  # no target counts convoys that were hit
    assert list(done.scores.index) == names
    assert isnan(done.scores.loc["lost", BALANCE])
    assert done.lead == PRIOR
    assert HINDCAST not in done.values


def test_a_mass_balance_serves_all_until_nothing_is_left(root):
    from sim.plan import build
    from sim.study.replicate import simulate

    record = simulate(build(sim.load(root / "scenarios" / "tutorial.yaml")), 1, 0, engine="fast")
    imported = np.full(record.plan.days, nan)
    imported[10:] = 0.0
    seen = Balanced(record, imported)
    shares = seen.towns("open_share")[:, 0, 0]
    stock = sum(record.stocks[name][9] for name in ("depots", "stations", "users", "lots", "inside"))
    whole = int(stock // seen.need_per_day())
    assert (shares[: 10 + whole] == 1.0).all()
    assert (shares[11 + whole :] == 0.0).all()
    assert shares[10 + whole] == pytest.approx(stock / seen.need_per_day() - whole)
    assert np.isnan(seen.towns("queue_hours")).all()


def test_attacks_are_counted_by_a_negative_binomial_law_about_the_last_number():
    counted = bound(2.0, 4.0, before=3.0)
    counted = replace(counted, asked=Asked(Quantity("convoys", statistic="count", flags=(True, True, None, None))))
    drawn = _binomial([counted, bound(0.0, 1.0)], 4000)
    assert drawn[:, 0].mean() == pytest.approx(3.0, abs=0.05)
    assert drawn[:, 0].var() == pytest.approx(3.0 + 9.0 / 2.0, rel=0.05)
    assert np.isnan(drawn[:, 1]).all()

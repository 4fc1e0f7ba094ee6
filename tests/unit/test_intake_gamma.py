"""A rate by counts, against the Gamma and Poisson laws themselves."""

import math

import pytest
from scipy import integrate, stats

from sim.intake.gamma import WEAK, Gamma, Share, between, points, prior_of
from sim.scenario.number import Quantity


@pytest.mark.parametrize(("low", "high"), [(2.0, 8.0), (0.01, 3.0), (9.0, 9.2)])
def test_a_law_goes_through_its_points(low: float, high: float) -> None:
    law = between(low, high)
    assert stats.gamma.ppf([0.05, 0.95], law.shape, scale=1 / law.rate) == pytest.approx([low, high], rel=1e-8)


@pytest.mark.parametrize(("count", "exposure", "share"), [(7, 1.0, 1.0), (0, 0.5, 0.2), (200_000, 1.0, 0.1)])
def test_a_certain_share_scales_the_posterior(count: int, exposure: float, share: float) -> None:
    prior = Gamma(2.0, 0.5)
    law = stats.gamma(2.0 + count, scale=1 / (0.5 + exposure / share))
    given = points(prior, count, exposure, Share(share, share, share))
    assert given == pytest.approx(law.ppf([0.05, 0.5, 0.95]), rel=1e-9)


def test_without_exposure_the_prior_is_left() -> None:
    assert points(between(2, 8), 0, 0.0, Share(0.1, 0.2, 0.4))[::2] == pytest.approx((2, 8), rel=1e-8)


@pytest.mark.parametrize("share", [Share(0.1, 0.2, 0.5), Share(0.1, 0.4, 0.5)])
@pytest.mark.parametrize("count", [0, 12])
def test_an_uncertain_share_mixes_posteriors(share: Share, count: int) -> None:
    width = share.high - share.low
    law = stats.triang((share.value - share.low) / width, share.low, width)

    def below(x: float) -> float:
        mixed = integrate.quad(
            lambda s: law.pdf(s) * stats.gamma.cdf(x, 0.5 + count, scale=s), share.low, share.high, points=[share.value]
        )
        return float(mixed[0])

    assert [below(x) for x in points(WEAK, count, 1.0, share)] == pytest.approx([0.05, 0.5, 0.95], abs=1e-6)


def test_the_band_holds_the_rate_in_nine_of_ten() -> None:
    """Rates of the prior, counts of those rates: the band covers 90 % of them (exactly, by the law of the whole)."""
    prior, share = Gamma(3.0, 0.75), Share(1, 1, 1)
    covered = 0.0
    for count in range(60):
        low, _, high = points(prior, count, 1.0, share)
        both = integrate.quad(
            lambda rate, k=count: stats.gamma.pdf(rate, 3.0, scale=1 / 0.75) * stats.poisson.pmf(k, rate), low, high
        )
        covered += both[0]
    assert covered == pytest.approx(0.9, abs=1e-4)


def test_the_range_of_a_scenario_is_a_prior() -> None:
    law = prior_of(Quantity(1.0, 0.0, 2.0, "uniform"), 1.0)
    assert law is not None
    assert stats.gamma.ppf([0.05, 0.95], law.shape, scale=1 / law.rate) == pytest.approx([0.1, 1.9])
    ends = stats.triang(0.25, 0.0, 4.0).ppf([0.05, 0.95])
    law = prior_of(Quantity(1.0 / 730.5, 0.0, 4.0 / 730.5, "triangular"), 1 / 730.5)
    assert law is not None
    assert stats.gamma.ppf([0.05, 0.95], law.shape, scale=1 / law.rate) == pytest.approx(ends)
    law = prior_of(Quantity(2.0, 1.0, 4.0, "lognormal"), 1.0)
    assert law is not None
    assert math.isclose(stats.gamma.ppf(0.95, law.shape, scale=1 / law.rate), 4.0, rel_tol=1e-8)
    assert prior_of(Quantity(2.0), 1.0) is None

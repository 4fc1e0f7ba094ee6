"""The calibration ranks truths from the prior as evenly as it should: χ² at 1 % over three parameters."""

from scipy.stats import chi2

from benchmarks.ranks import WATCHED, chi_squared, ranks

TRUTHS, PARTICLES, SWEEPS, BINS = 24, 19, 2, 4
FALSE_ALARM = 0.01


def test_ranks_of_truths_are_even():
    """200 truths with 100 particles are ranked by benchmarks/ranks.py; docs/calibration.md has what it found."""
    ranked = ranks(TRUTHS, PARTICLES, SWEEPS)
    assert ranked.shape == (TRUTHS, len(WATCHED))
    limit = chi2.ppf(1.0 - FALSE_ALARM / len(WATCHED), BINS - 1)
    assert (chi_squared(ranked, PARTICLES, BINS) < limit).all()
    assert len({tuple(row) for row in ranked.tolist()}) > TRUTHS // 2

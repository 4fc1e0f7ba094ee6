import math

import numpy as np
import pytest
from scipy import stats

from sim.errors import PlanError
from sim.plan import laws
from sim.plan.laws import LOGNORMAL, TRIANGULAR, UNIFORM

LAST = 1 - 2.0**-53
GRID = [0.0, 2.0**-53, 1e-14, 1e-9, 1e-3, *np.linspace(0.005, 0.995, 400).tolist(), 1 - 1e-9, LAST]
EDGES = [0.075, math.nextafter(0.075, 0), math.nextafter(0.075, 1), 0.925, math.exp(-25), 1 - math.exp(-25)]


def test_normal_matches_scipy():
    u = np.array([x for x in GRID + EDGES if x > 0])
    assert np.array([laws.normal(x) for x in u.tolist()]) == pytest.approx(stats.norm.ppf(u), rel=1e-12, abs=1e-16)


def test_normal_is_symmetric_and_finite():
    assert laws.normal(0.5) == 0.0
    assert -9 < laws.normal(0.0) < laws.normal(2.0**-53) < -8 < 8 < laws.normal(LAST) < 9
    for u in (0.25, 0.0625, 2.0**-20, 2.0**-50):
        assert laws.normal(1 - u) == -laws.normal(u)


def test_uniform_and_triangular_match_scipy():
    u = np.array(GRID)
    flat = [laws.uniform(x, -3.0, 9.0) for x in GRID]
    assert flat == pytest.approx(stats.uniform(-3, 12).ppf(u), rel=1e-13, abs=1e-13)
    for mode in (-3.0, 1.0, 8.5, 9.0):
        expected = stats.triang((mode + 3) / 12, loc=-3, scale=12).ppf(u)
        assert [laws.triangular(x, -3.0, mode, 9.0) for x in GRID] == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_lognormal_is_the_law_between_its_5_and_95_percent_points():
    low, median, high = 20.0, math.sqrt(20.0 * 180.0), 180.0
    sigma = math.log(high / low) / (2 * stats.norm.ppf(0.95))
    expected = stats.lognorm(sigma, scale=median).ppf(0.05 + 0.9 * np.array(GRID))
    assert [laws.lognormal(x, median, low, high) for x in GRID] == pytest.approx(expected, rel=1e-12)
    assert laws.lognormal(0.0, median, low, high) == pytest.approx(low, rel=1e-12)
    assert laws.lognormal(LAST, median, low, high) == pytest.approx(high, rel=1e-12)


@pytest.mark.parametrize("median", [21.0, 60.0, 99.0])
def test_skewed_lognormal_keeps_its_median(median):
    assert laws.lognormal(0.5, median, 20.0, 100.0) == pytest.approx(median, rel=1e-12)


@pytest.mark.parametrize("law", [UNIFORM, TRIANGULAR, LOGNORMAL], ids=["uniform", "triangular", "lognormal"])
@pytest.mark.parametrize(
    ("low", "mode", "high"),
    [(0.1, 0.1, 0.7), (0.1, 0.7, 0.7), (20.0, 60.0, 100.0), (0.3, 0.3, 0.3), (1e-9, 1.0, 1e9), (2.9, 3.0, 3.1)],
)
def test_every_law_rises_and_stays_in_its_range(law, low, mode, high):
    values = [laws.draw(law, u, low, mode, high) for u in sorted(GRID + EDGES)]
    assert values == sorted(values)
    assert low <= values[0]
    assert values[-1] <= high


def test_normal_rises():
    steps = np.unique([*GRID, *np.linspace(0.07, 0.08, 999), *np.geomspace(1e-12, 1e-10, 999)])
    assert np.all(np.diff([laws.normal(u) for u in steps.tolist()]) > 0)


@pytest.mark.parametrize("seam", [0.075, 0.925, math.exp(-25)])
def test_normal_joins_at_its_seams(seam):
    below, above = laws.normal(math.nextafter(seam, 0)), laws.normal(math.nextafter(seam, 1))
    assert below == pytest.approx(above, rel=5e-16)


def test_draw_takes_the_law_of_the_code():
    u, low, mode, high = 0.3, 2.0, 3.0, 7.0
    assert laws.draw(UNIFORM, u, low, mode, high) == laws.uniform(u, low, high)
    assert laws.draw(TRIANGULAR, u, low, mode, high) == laws.triangular(u, low, mode, high)
    assert laws.draw(LOGNORMAL, u, low, mode, high) == laws.lognormal(u, mode, low, high)
    with pytest.raises(PlanError, match="no law has this code"):
        laws.draw(3, u, low, mode, high)

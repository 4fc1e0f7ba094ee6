"""The formulas of the retail law, one at a time."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from sim.rules import retail

rate = st.floats(0, 50)
backlog = st.floats(0, 500)
give_up = st.sampled_from([0.0, 0.01, 0.03, 0.2, 1.0])
hours = st.floats(1e-3, 24)


@pytest.mark.parametrize(
    ("wanted", "most", "queue", "sold"),
    [(5, 8, 0, 5), (5, 8, 1, 8), (9, 8, 0, 8), (8, 8, 0, 8), (5, 0, 0, 0), (0, 8, 0, 0), (0, 8, 2, 8)],
)
def test_sales_rate(wanted, most, queue, sold):
    assert retail.selling(wanted, most, queue) == sold


def test_nozzle_rate_is_a_purchase_over_its_time():
    # 30 L at 40 L/min with 2 minutes beside: 30 L in 2.75 minutes.
    assert retail.nozzle_rate(30, 2400, 2 / 60) == pytest.approx(30 / (2.75 / 60) / 1000)


@given(backlog, st.floats(-20, 20), give_up, hours)
def test_backlog_is_the_solution_of_its_equation(b, net, theta, dt):
    after = retail.backlog_after(b, net, theta, dt)
    exact = b + net * dt if theta == 0 else net / theta + (b - net / theta) * math.exp(-theta * dt)
    assert after == pytest.approx(max(0, exact), abs=1e-9)
    # It solves dB/dt = net - theta B: the slope at the end, by a small step further.
    if after > 1 and theta > 0:
        slope = (retail.backlog_after(b, net, theta, dt + 1e-5) - after) / 1e-5
        assert slope == pytest.approx(net - theta * after, rel=1e-3, abs=1e-3)


@given(backlog, st.floats(0, 20), give_up, st.floats(0.1, 24))
def test_hours_of_waiting_are_the_integral_of_the_backlog(b, net, theta, dt):
    after = retail.backlog_after(b, net, theta, dt)
    area = retail.backlog_hours(b, after, net, theta, dt)
    exact, _ = quad(lambda t: retail.backlog_after(b, net, theta, t), 0, dt)
    assert area == pytest.approx(exact, rel=1e-6, abs=1e-6)


@given(st.floats(1e-3, 500), rate, rate, give_up)
def test_queue_ends_when_the_backlog_is_nothing(b, wanted, sold, theta):
    wait = retail.queue_ends_in(b, wanted, sold, theta)
    if sold <= wanted:
        assert wait == math.inf
    elif wait < 1e4:
        assert retail.backlog_after(b, wanted - sold, theta, wait) == pytest.approx(0, abs=1e-7 * (1 + b))
        assert retail.backlog_after(b, wanted - sold, theta, 0.9 * wait) > 0


def test_no_queue_never_ends():
    assert retail.queue_ends_in(0, 1, 5, 0.1) == math.inf


@pytest.mark.parametrize(("key", "phi", "nozzles", "sold", "wait"), [(3, 1, 10, 4, 5), (1, 3, 10, 4, 0)])
def test_a_station_runs_dry_when_phi_reaches_its_key(key, phi, nozzles, sold, wait):
    assert retail.dry_in(key, phi, nozzles, sold) == pytest.approx(wait)
    assert retail.dry_in(key, phi, nozzles, 0) == math.inf


@pytest.mark.parametrize(
    ("wanted", "sold", "index"), [(10, 10, 1), (10, 12, 1), (0, 0, 1), (10, 0, 3.5), (10, 2.5, 2), (10, 1e-6, 3.5)]
)
def test_black_market_index(wanted, sold, index):
    assert retail.black_market(wanted, sold, 0.5, 3.5) == pytest.approx(index)

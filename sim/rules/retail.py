"""The retail law of one town and product, exact between events.

With wet open nozzles W, wanted rate D, ceiling C and backlog B (m3 wanted by those waiting):
``S = C if B > 0 or D > C, else D``; ``dB/dt = D - S - give_up * B``; ``dPhi/dt = S / W``.
Phi is what each open nozzle has sold since the start; a station runs dry when Phi reaches its dry key.
"""

from __future__ import annotations

import math

NEVER = math.inf


def nozzle_rate(fill: float, flow: float, service: float) -> float:
    """Return what a nozzle sells at most, m3/h: purchases of ``fill`` L at ``flow`` L/h with ``service`` h each."""
    return fill / (service + fill / flow) / 1000.0


def ceiling(kappa: float, nozzles: float, policy: float) -> float:
    """Return the highest sales rate C, m3/h, of wet nozzles under a policy ceiling."""
    most = kappa * nozzles
    return most if most < policy else policy


def selling(wanted: float, most: float, backlog: float) -> float:
    """Return the sales rate S, m3/h."""
    if backlog > 0.0 or wanted > most:
        return most
    return wanted


def backlog_after(backlog: float, net: float, give_up: float, dt: float) -> float:
    """Return the backlog after ``dt`` hours; ``net`` is D - S."""
    if give_up == 0.0:
        after = backlog + net * dt
    else:
        limit = net / give_up
        after = limit + (backlog - limit) * math.exp(-give_up * dt)
    return after if after > 0.0 else 0.0


def backlog_hours(backlog: float, after: float, net: float, give_up: float, dt: float) -> float:
    """Return the integral of the backlog over ``dt`` hours, m3 h, given its value before and after."""
    if give_up == 0.0:
        return 0.5 * (backlog + after) * dt
    return (net * dt - (after - backlog)) / give_up


def dry_in(first_key: float, phi: float, nozzles: float, sold_rate: float) -> float:
    """Return the hours until the next station runs dry."""
    if sold_rate <= 0.0:
        return NEVER
    wait = (first_key - phi) * nozzles / sold_rate
    return wait if wait > 0.0 else 0.0


def queue_ends_in(backlog: float, wanted: float, sold_rate: float, give_up: float) -> float:
    """Return the hours until the queue is gone."""
    if backlog <= 0.0 or sold_rate <= wanted:
        return NEVER
    surplus = sold_rate - wanted
    if give_up == 0.0:
        return backlog / surplus
    return math.log1p(give_up * backlog / surplus) / give_up


def black_market(wanted: float, sold: float, exponent: float, cap: float) -> float:
    """Return the black-market index of a day: (wanted / sold) to a power, from 1 to ``cap``; for reports only."""
    if wanted <= sold or wanted <= 0.0:
        return 1.0
    if sold <= 0.0:
        return cap
    index = math.pow(wanted / sold, exponent)
    return index if index < cap else cap

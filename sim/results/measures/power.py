"""The measure of electric power."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.results.daily import Daily
from sim.results.measures.definition import declare
from sim.rules import orders
from sim.rules.steps import total


@declare("Power", unit="h/day", better=1, worth=0.5, most=lambda days: 24.0)
def power_hours(daily: Daily) -> float:
    """Hours of power, mean over days and towns with power stations."""
    policy, users = daily.record.plan.policy, daily.record.plan.users
    used, needed = daily.users("used"), daily.users("need")
    sums: dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    for user in used:
        if users.power[user]:
            some, need = sums.get(users.town[user], (0.0, 0.0))
            sums[users.town[user]] = some + used[user], need + needed[user]
    days = zip(*(zip(some.tolist(), need.tolist(), strict=True) for some, need in sums.values()), strict=True)
    hours = [
        orders.power_hours(policy.power_hours, policy.power_thermal, some / need)
        for towns in days
        for some, need in towns
        if need > 0.0
    ]
    return total(hours) / len(hours) if hours else float("nan")

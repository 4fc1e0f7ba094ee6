"""Measures of what people and large users get, and what it costs households."""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.results.daily import Daily, added
from sim.results.measures.definition import declare

NAN = float("nan")
MILLION = 1e-6
_share = partial(declare, unit="%", better=1, worth=0.01)


def _met(daily: Daily) -> list[float]:
    shares: list[float] = (daily.by_town("burned") / daily.by_town("need")).tolist()
    return shares


@_share("Need met", "town")
def need_met(daily: Daily, place: int) -> float:
    """Fuel that people of the town burnt over what they need, all pump products together."""
    return daily.once(_met)[place]


def _in_hub(column: str, daily: Daily, product: int) -> float:
    return float(added(daily.hub(column)[product]))


@_share("Need met", "town", "product", kind="need_met")
def need_met_in_hub(daily: Daily, product: int) -> float:
    """As much for the hub and one product."""
    return _in_hub("burned", daily, product) / _in_hub("need", daily, product)


@_share("Sold of what was wanted", "town", "product")
def fill_rate(daily: Daily, product: int) -> float:
    """Sold over wanted in the hub."""
    wanted = _in_hub("wanted", daily, product)
    return _in_hub("sold", daily, product) / wanted if wanted > 0.0 else NAN


@_share("Need met in the worst-off town", head="need met, worst")
def worst_town_need_met(daily: Daily) -> float:
    """Least need_met over towns."""
    return min(daily.once(_met))


@_share("Worst-off town relative to the hub")
def worst_town_ratio(daily: Daily) -> float:
    """`worst_town_need_met` over the hub's need_met."""
    hub = need_met(daily, daily.place_of_hub)
    return min(daily.once(_met)) / hub if hub > 0.0 else NAN


@_share("Served", "user")
def served(daily: Daily, user: int) -> float:
    """Fuel that the user burnt over its need."""
    need = float(added(daily.users("need")[user]))
    return float(added(daily.users("used")[user])) / need if need > 0.0 else NAN


@declare("Cost to households", unit="million USD", better=-1, worth=0.5)
def household_cost(daily: Daily) -> float:
    """Need not met × (black-market index − 1) × pump price, summed over days, towns and products."""
    plan = daily.record.plan
    prices = np.array([plan.products.price[product] for product in daily.products])
    above = (daily.towns("price_index") - 1.0) * prices * 1000.0
    unmet = np.maximum(0.0, daily.towns("need") - daily.towns("burned"))
    return float(added((unmet * above).ravel())) / plan.policy.exchange * MILLION

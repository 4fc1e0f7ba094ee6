"""What people hold in tanks and cans, burn and want."""

from __future__ import annotations


def wanted_rate(burn: float, aim: float, stock: float, backlog: float, refill: float) -> float:
    """Return what people want to buy, m3/h: ``max(0, burn + (aim - stock - backlog) / refill)``."""
    rate = burn + (aim - stock - backlog) / refill
    return rate if rate > 0.0 else 0.0


def aim(burn: float, calm: float, holds: float, alarmed: float, hoarding: float, is_alarmed: bool) -> float:
    """Return the stock that people aim for, m3; ``calm`` and ``holds`` are hours of use, ``hoarding`` the product's."""
    return burn * holds * alarmed * hoarding if is_alarmed else burn * calm


def burned(stock: float, burn: float, bought_rate: float, dt: float) -> float:
    """Return what people burn in ``dt`` hours, m3: their need while they hold fuel, else no more than they buy."""
    if bought_rate >= burn:
        return burn * dt
    lasts = stock / (burn - bought_rate)
    if lasts >= dt:
        return burn * dt
    return burn * lasts + bought_rate * (dt - lasts)


def is_alarmed(cover: float, short_cover: float, since_news: float, news_held: float) -> bool:
    """Say whether people are alarmed: short cover (h), or an attack in the news ``since_news`` hours ago."""
    return cover < short_cover or since_news < news_held

"""A party meets an armed ambush: interest, detection, deterrence, attack, losses."""

from __future__ import annotations

import math
from collections.abc import Sequence

DETECTED, DETERRED, SPRUNG, LET_PASS = range(4)
"""What comes of a meeting."""


def loss_ratio(escort: int, ground: int, none: float, ratios: Sequence[float]) -> float:
    """Return the expected loss of an escort (bits of components) relative to army alone; ratios multiply.

    ``ratios`` are those of the components, in order of bits; ``none`` that of having none of the bits of ``ground``.
    """
    ratio = none if escort & ground == 0 else 1.0
    for k in range(len(ratios)):
        if escort >> k & 1:
            ratio = ratio * ratios[k]
    return ratio


def cycle_factor(escort: int, factors: Sequence[float]) -> float:
    """Return the round-trip time of an escort relative to army alone; factors, in order of bits, multiply."""
    factor = 1.0
    for k in range(len(factors)):
        if escort >> k & 1:
            factor = factor * factors[k]
    return factor


def stages(
    ratio: float, detection: float, deterrence: float, w_detection: float, w_deterrence: float, w_damage: float
) -> tuple[float, float, float]:
    """Split a loss ratio over the stages of an encounter.

    The chance to escape detection is that of army alone times ``ratio ** (w_detection / sum)``, the chance not to
    be deterred likewise, neither above 1; damage takes what remains, so that the expected loss relative to army
    alone is the ratio exactly.  All three fall with the ratio.

    Returns
    -------
    tuple
        Chance of detection, chance of deterrence if not detected, factor on the mean damage.
    """
    if ratio <= 0.0:
        return 1.0, 1.0, 0.0
    total = w_detection + w_deterrence + w_damage
    base_missed = 1.0 - detection
    base_undeterred = 1.0 - deterrence
    missed = base_missed * math.pow(ratio, w_detection / total)
    if missed > 1.0:
        missed = 1.0
    undeterred = base_undeterred * math.pow(ratio, w_deterrence / total)
    if undeterred > 1.0:
        undeterred = 1.0
    damage = ratio * base_missed * base_undeterred / (missed * undeterred)
    return 1.0 - missed, 1.0 - undeterred, damage


def interest(size: int, prey: float) -> float:
    """Return the chance that an ambush takes interest in a party of ``size`` tankers: ``1 - exp(-size / prey)``."""
    return 1.0 if prey <= 0.0 else -math.expm1(-size / prey)


def outcome(
    prey: float,
    detection: float,
    deterrence: float,
    interest: float,
    detects: float,
    deters: float,
    is_ambush: bool,
    is_imposed: bool,
) -> int:
    """Return what comes of a meeting: DETECTED, DETERRED, SPRUNG or LET_PASS.

    ``prey``, ``detection`` and ``deterrence`` are marks, each held against the chance of its stage.  Mines take
    interest in whoever comes and are not deterred; an imposed attack happens.
    """
    if is_imposed:
        return SPRUNG
    if is_ambush and not prey < interest:
        return LET_PASS
    if detection < detects:
        return DETECTED
    return DETERRED if is_ambush and deterrence < deters else SPRUNG


def turns_back(lost: int, size: int, share: float) -> bool:
    """Say whether a convoy of ``size`` turns back after a loss: at least a ``share`` of it, and not nothing."""
    return lost > 0 and lost >= share * size


def mean_loss(damage: float, size: int, exponent: float, factor: float) -> float:
    """Return the mean loss of an attack before the cap: ``damage * (size / 100) ** exponent * factor``."""
    return damage * math.pow(size / 100.0, exponent) * factor


def negative_binomial(u: float, mean: float, shape: float, most: int) -> int:
    """Return the u-quantile of a negative binomial law, at most ``most``; cdf by recursion.

    The law has the given mean and variance ``mean + mean**2 / shape``.  Terms are kept relative to a power of e that
    follows them, because the first can be smaller than any floating-point number.
    """
    if mean <= 0.0:
        return 0
    q = mean / (mean + shape)
    log_scale = -shape * math.log1p(mean / shape)
    p = cdf = 1.0
    limit = u * math.exp(-log_scale) if log_scale > -600.0 else math.inf
    k = 0
    while cdf <= limit and k < most:
        p = p * (shape + k) / (k + 1.0) * q
        k += 1
        cdf = cdf + p
        if cdf > 1e200:
            p, cdf, log_scale = p * 1e-200, cdf * 1e-200, log_scale + 460.51701859880916
            limit = u * math.exp(-log_scale) if log_scale > -600.0 else math.inf
    return k


def cover(escort: int, ground: int, flying: int, by_day: int, is_day: bool) -> int:
    """Return the components present at a moment: those of the air if they fly that day, those by day only by day.

    All but ``is_day`` are bits of components.
    """
    there = escort & (ground | flying)
    return there if is_day else there & ~by_day

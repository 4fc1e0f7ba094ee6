"""Measures of convoys, ambushes and losses: convoys are those of import corridors, ambushes and losses those of all."""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.record import OUTCOMES, ROADBLOCK
from sim.results.daily import Daily, added
from sim.results.measures.definition import declare
from sim.rules.steps import WEEK, total

NAN = float("nan")


def _tankers(daily: Daily) -> float:
    """Return the tankers that left with an escort."""
    return float(added(daily.record.convoys["tankers"][daily.escorted]))


@declare("Convoys")
def convoys(daily: Daily) -> float:
    """Departures, single tankers included."""
    return float(np.count_nonzero(daily.imports[daily.record.convoys["corridor"]]))


@declare("Convoys with escort")
def convoys_escorted(daily: Daily) -> float:
    """Departures with at least one escort unit, air cover alone included."""
    return float(np.count_nonzero(daily.escorted))


@declare("Tankers that went with an escort", unit="%")
def share_escorted(daily: Daily) -> float:
    """Tankers that left with an escort over tankers that left."""
    rows = daily.record.convoys
    tankers = float(added(rows["tankers"][daily.imports[rows["corridor"]]]))
    return _tankers(daily) / tankers if tankers else NAN


@declare("Tankers in an escorted convoy", unit="tankers")
def tankers_per_convoy(daily: Daily) -> float:
    """Mean tankers at departure of those with an escort."""
    count = np.count_nonzero(daily.escorted)
    return _tankers(daily) / count if count else NAN


@declare("Escorted convoys a week", worth=0.5)
def escorted_per_week(daily: Daily) -> float:
    """Departures with an escort over the weeks from the day of the first to the end; NaN if under one is left."""
    departed = daily.record.convoys["departed"][daily.escorted]
    left = daily.record.plan.days - float(departed.min()) // 24.0 if len(departed) else NAN
    return len(departed) * WEEK / left if left >= WEEK else NAN


@declare("Ambushes laid")
def ambushes_laid(daily: Daily) -> float:
    """Ambushes laid, mines and replayed attacks included."""
    return float(daily.record.ambushes_laid)


@declare("Ambushes met")
def ambushes_met(daily: Daily) -> float:
    """Of these, those that at least one party reached while they were in place."""
    return float(daily.record.ambushes_met)


def _meetings(outcome: str, daily: Daily) -> float:
    return float(np.count_nonzero(daily.record.encounters["outcome"] == OUTCOMES.index(outcome)))


for _kind, _outcome, _label, _meaning in (
    ("ambushes_let_pass", "let pass", "Ambushes that let a party pass", "took no interest in the party"),
    ("ambushes_detected", "detected", "Ambushes detected", "was found by the escort"),
    ("ambushes_deterred", "deterred", "Ambushes deterred", "let the convoy pass, deterred by its escort"),
):
    declare(_label, kind=_kind, meaning=f"meetings in which the ambush {_meaning}")(partial(_meetings, _outcome))
declare("Ambushes sprung", kind="ambushes_sprung", meaning="attacks")(partial(_meetings, "sprung"))


@declare("Convoys hit")
def convoys_hit(daily: Daily) -> float:
    """Of the departures with an escort, those that lost tankers to an ambush."""
    rows = daily.record.convoys
    return float(np.count_nonzero(daily.escorted & (rows["attacked"] != 0) & (rows["lost"] > 0)))


@declare("Largest convoy", unit="tankers")
def largest_convoy(daily: Daily) -> float:
    """Most tankers at departure of one with an escort."""
    return float(daily.record.convoys["tankers"][daily.escorted].max(initial=0))


@declare("Tankers missing on record", unit="tankers")
def missing_on_record(daily: Daily) -> float:
    """Tankers that convoys on record lacked when they should have left."""
    return float(total(daily.record.missing))


declare("Parties stopped at roadblocks", kind="roadblocks", meaning="meetings of a party with a roadblock")(
    partial(_meetings, "stopped")
)


@declare("Tankers lost", unit="tankers", better=-1, worth=5.0, head="tankers lost")
def tankers_lost(daily: Daily) -> float:
    """Tankers lost, at roadblocks too."""
    return float(added(daily.record.encounters["lost"]))


@declare("Tankers lost at roadblocks", unit="tankers", better=-1, worth=5.0)
def tankers_taken(daily: Daily) -> float:
    """Tankers lost at roadblocks."""
    met = daily.record.encounters
    return float(added(met["lost"][met["kind"] == ROADBLOCK]))


def _suffered(column: str, daily: Daily) -> float:
    return float(added(daily.record.encounters[column]))


for _kind, _column, _meaning, _counts in (
    ("crews_killed", "killed", "Crews killed", "crews"),
    ("crews_abducted", "abducted", "Crews abducted", "crews"),
    ("escorts_knocked_out", "knocked_out", "Escort units knocked out", "units"),
):
    declare(_meaning, kind=_kind, meaning=_meaning, better=-1, counts=_counts)(partial(_suffered, _column))


@declare("Largest single loss", unit="tankers", better=-1, worth=5.0)
def largest_loss(daily: Daily) -> float:
    """Most tankers lost in one attack."""
    return float(daily.record.encounters["lost"].max(initial=0))

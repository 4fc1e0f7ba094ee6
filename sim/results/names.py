"""The names of all measures, to tell a user of a misspelt one before anything runs."""

from __future__ import annotations

from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sim.errors import ScenarioError
from sim.results.binding import BOUNDS, CAUSES
from sim.results.named import is_named

if TYPE_CHECKING:
    from sim.plan.plan import Plan
    from sim.scenario.load import Scenario

FIXED = (
    *("imports_total", "convoys", "convoys_escorted", "share_escorted"),
    *("tankers_per_convoy", "escorted_per_week", "convoys_hit", "largest_convoy", "missing_on_record"),
    *(f"ambushes_{what}" for what in ("laid", "met", "let_pass", "detected", "deterred", "sprung")),
    *("roadblocks", "tankers_lost", "tankers_taken", "largest_loss"),
    *("crews_killed", "crews_abducted", "escorts_knocked_out"),
    *(f"waiting_{cause}" for cause in ("order", *CAUSES)),
    *("short_of_tankers", "worst_town_need_met", "worst_town_ratio", "household_cost"),
    *("days_half_closed", "longest_dry_spell", "days_short", "first_shortage", "recovery", "lowest_cover"),
    *("lag_loss_to_pump", "lag_convoy_to_relief", "queue_hours", "power_hours"),
    *("escort_unit_days", "escort_cost", "litres_per_unit_day", "cost_per_m3"),
    *(f"weeks_bound_{bound}" for bound in BOUNDS),
)
"""Measures that every run has."""
OF_TOWNS = ("need_met", "half_shut", "lowest_cover")
"""Measures of each town, followed by its name."""


def names(plan: Plan) -> set[str]:
    """Return the measures of a plan's runs, those with a date in their name apart (see `sim.results.named`)."""
    hub = plan.towns.name[plan.hub]
    sold = [name for name, pump in zip(plan.products.name, plan.products.pump, strict=True) if pump]
    return {
        *FIXED,
        *(f"imports_{plan.start + timedelta(days=day):%Y_%m}" for day in range(plan.days)),
        *(f"{what}_{town}" for what in OF_TOWNS for town in plan.towns.name),
        *(f"{what}_{hub}_{product}" for what in ("need_met", "fill_rate") for product in sold),
        *(f"served_{user}" for user in plan.users.name),
    }


def documented(scenario: Scenario, plan: Plan) -> tuple[str, ...]:
    """Return the measures that a scenario's documented figures speak of.

    Raises
    ------
    ScenarioError
        If one does not exist; with file, line and the nearest name.
    """
    known = names(plan)
    problems = []
    for name, figure in scenario.root.documented.items():
        if figure.measure not in known and not is_named(figure.measure):
            near = get_close_matches(figure.measure, sorted(known), n=1)
            hint = f"the nearest is '{near[0]}'" if near else "see docs/measures.md"
            path = ("documented", name, "measure")
            problems.append(
                f"{scenario.origins[path]}: {'.'.join(path)}: no such measure; given '{figure.measure}'; "
                f"expected a measure, {hint}"
            )
    if problems:
        raise ScenarioError(problems)
    return tuple(sorted({figure.measure for figure in scenario.root.documented.values()}))

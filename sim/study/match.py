"""Two escorts made equal: the same units, or the same outlay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sim.plan.sections import Steps
from sim.rules.steps import at, total, whole

if TYPE_CHECKING:
    from sim.plan.plan import Plan

Equal = Literal["units", "cost"]


@dataclass(frozen=True)
class Match:
    """The units of one component set after those of another, once the parameters of a replication are drawn.

    Parameters
    ----------
    equal
        ``units``: as many units; ``cost``: as many as cost the same while on duty, rounded to whole units.
    component
        Whose units are set: a bit of NATIONAL, FOREIGN, AIR.
    like
        Whose units are taken as the standard.
    """

    equal: Equal
    component: int
    like: int

    def applied(self, plan: Plan) -> Plan:
        """Return a drawn plan with the units set wherever the component has any; the first pool of it takes all."""
        escorts = plan.escorts
        ours = [k for k, one in enumerate(escorts.component) if one == self.component]
        theirs = [k for k, one in enumerate(escorts.component) if one == self.like]
        units = list(escorts.units)
        first = ours[0]
        times = sorted({t for k in (*ours, *theirs) for t in (0.0, *escorts.units[k].starts)})
        values = []
        for time in times:
            own = total(at(*escorts.units[k], time) for k in ours)
            standard = total(
                at(*escorts.units[k], time) * (escorts.cost[k] / escorts.cost[first] if self.equal == "cost" else 1.0)
                for k in theirs
            )
            values.append(float(whole(standard)) if own > 0.0 else 0.0)
        units[first] = Steps(tuple(times), tuple(values))
        for k in ours[1:]:
            units[k] = Steps((0.0,), (0.0,))
        return replace(plan, escorts=replace(escorts, units=tuple(units)))

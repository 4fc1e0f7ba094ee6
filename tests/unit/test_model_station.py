"""One town, one station, constant burn: the model's daily stocks against a recursion by hand."""

import math

import pytest

from tests import build

NEED, LOAD, LOT = 40.0, 46.0, 10.0


def half_way(reorder, lot=LOT):
    """Return what the station holds at first: half a lot above what is left when one comes, 17.5 h under the point."""
    return reorder - NEED * 17.5 / 24 + lot / 2


def one_station(**changes):
    """Return a plan with one station, fed from a depot that an exogenous inflow fills.

    Reorder points lie between multiples of a lot, so that rounding decides nothing.
    """
    corridor = {"kind": "exogenous", "serves": ["Capital"], "share": 1, **changes.pop("corridor", {})}
    return build.plan(
        {
            "products": {"petrol": {"need": "0.04 ML/day"}},
            "towns": {
                "Capital": {
                    "depot": {"capacity": "25 days", "target": "50 %"},
                    "stations": {"count": 1, "tank": "200 m3", "spread": 0},
                }
            },
            "corridors": {"sea": None, "other": corridor},
            "retail": {"reorder": "3.1 days"},
        },
        changes,
    )


def by_hand(days, inflow, reorder, lot=LOT, depot=500.0):
    """Return depot and station stock at each midnight, and sales of each day.

    At 00:00 the inflow comes in whole tankers, at 06:00 the depot sends lots until the station's stock and what is on
    its way reach the reorder point, all of which arrive later that day; people buy NEED a day, evenly, while there is
    some.  A station that is dry before its lot comes sells nothing meanwhile, and all of that demand is in a queue.
    """
    rows, carried, station = [], 0.0, half_way(reorder, lot)
    for day in range(days):
        exact = inflow(day) / LOAD + carried
        loads = math.floor(exact)
        carried = exact - loads
        room = math.floor((1000.0 - depot) / LOAD)
        depot += min(loads, room) * LOAD
        morning = station - NEED / 4
        lots = 0
        while morning + lots * lot < reorder and depot >= (lots + 1) * lot:
            lots += 1
        depot -= lots * lot
        assert morning + 1e-9 > NEED / 2 or lots == 0, "by hand only without stock-outs before the lot"
        sold = min(NEED, station + lots * lot)
        station += lots * lot - sold
        rows.append((depot, station, sold))
    return rows


@pytest.mark.parametrize("reorder", [2.1, 3.1, 4.4])
def test_stock_is_the_recursion_by_hand(reorder):
    plan = one_station(retail={"reorder": f"{reorder} days"})
    record = build.run(plan)
    rows = by_hand(plan.days, lambda day: NEED, reorder * NEED)
    towns = build.rows(record.towns)
    assert len(towns) == len(rows)
    for row, (depot, station, sold) in zip(towns, rows, strict=True):
        assert row.stock == pytest.approx(depot, abs=1e-9)
        assert row.station_stock == pytest.approx(station, abs=1e-9)
        assert row.sold == pytest.approx(sold, abs=1e-9)
        assert row.burned == pytest.approx(NEED, abs=1e-9)
        assert row.consumer == pytest.approx(3 * NEED, abs=1e-9)
        assert row.queue_hours == 0
        assert row.open_share == pytest.approx(1)


def test_stock_runs_out_as_by_hand():
    """The inflow stops on day 20; people are never alarmed, so what they want is what they burn until it is over."""
    consumers = {"short_cover": "0 days", "refill": "100000 h"}
    plan = one_station(
        corridor={"open": [{"value": 1}, {"from": "day 20", "value": 0}]},
        consumers=consumers,
        retail={"give_up": "10 /h"},
    )
    record = build.run(plan)
    towns = build.rows(record.towns)
    rows = by_hand(plan.days, lambda day: NEED if day < 20 else 0.0, 3.1 * NEED)
    empty = next(day for day, row in enumerate(rows) if row[2] < NEED)
    for row, (depot, station, sold) in list(zip(towns, rows, strict=True))[: empty + 1]:
        assert row.stock == pytest.approx(depot, abs=1e-9)
        assert row.station_stock == pytest.approx(station, abs=1e-6)
        assert row.sold == pytest.approx(sold, abs=1e-6)
    # Afterwards nothing is sold, and what people held lasts three days of use.
    assert all(row.sold == 0 for row in towns[empty + 1 :])
    short = NEED - rows[empty][2]
    left = 3 * NEED - short
    for row in towns[empty:]:
        assert row.consumer == pytest.approx(max(0.0, left), abs=1e-6)
        left -= NEED
    assert sum(row.burned for row in towns[empty + 1 :]) == pytest.approx(3 * NEED - short, abs=1e-6)
    entered = sum(row.volume for row in build.rows(record.imports))
    assert sum(row.sold for row in towns) == pytest.approx(
        500 + half_way(3.1 * NEED) + entered - towns[-1].stock, abs=1e-6
    )


def test_a_full_depot_refuses_the_inflow():
    """Whole tankers come in as far as there is room; what does not fit is gone, not kept for the next day."""
    plan = one_station(towns={"Capital": {"depot": {"target": "98 %"}}})
    record = build.run(plan)
    rows = by_hand(plan.days, lambda day: NEED, 3.1 * NEED, depot=980.0)
    for row, (depot, station, _) in zip(build.rows(record.towns), rows, strict=True):
        assert row.stock == pytest.approx(depot, abs=1e-9)
        assert row.station_stock == pytest.approx(station, abs=1e-9)

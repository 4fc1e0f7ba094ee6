"""The first thing in which two records differ, in words."""

from copy import deepcopy

import numpy as np
import pytest

from sim.record import Kind
from tests import build
from tests.differs import TABLES, event, first_difference, moment, things


@pytest.fixture(scope="module")
def record():
    """Return the record of a replication in which everything happens."""
    return build.run(build.plan(build.INLAND, build.EVERYTHING, {"end": "2030-01-20"}), log=True)


def changed(record, table, column, row, value):
    """Return a copy of a record with one cell changed."""
    other = deepcopy(record)
    getattr(other, table)[column][row] = value
    return other


def cut(record, table, rows):
    """Return a copy of a record with the first rows of a table only."""
    other = deepcopy(record)
    setattr(other, table, {name: column[:rows] for name, column in getattr(other, table).items()})
    return other


def test_a_record_does_not_differ_from_its_copy(record):
    assert np.isnan(record.towns["power_hours"]).any()
    assert first_difference(record, deepcopy(record)) is None


def test_the_engine_s_own_count_of_events_may_differ(record):
    other = deepcopy(record)
    other.events += 1
    assert first_difference(record, other) is None


@pytest.mark.parametrize("table", TABLES)
def test_the_last_bit_of_any_column_is_seen(record, table):
    for column, cells in getattr(record, table).items():
        row = len(cells) // 2
        other = deepcopy(record)
        getattr(other, table)[column].view(np.int64)[row] ^= 1
        fault = first_difference(record, other)
        assert fault is not None
        assert fault.startswith(f"{table}, row {row}"), fault
        assert f"column {column} differs" in fault


def test_minus_nought_is_not_nought(record):
    row = int(np.flatnonzero(record.towns["given_up"] == 0)[0])
    assert f"row {row}" in first_difference(record, changed(record, "towns", "given_up", row, -0.0))


def test_a_row_is_told_with_its_day_and_names_and_both_values(record):
    row = next(r for r in range(len(record.towns["day"])) if record.towns["town"][r] == 1)
    other = changed(record, "towns", "sold", row, 0.1)
    town, product = (
        getattr(record.plan, section).name[record.towns[column][row]]
        for column, section in (("town", "towns"), ("product", "products"))
    )
    assert first_difference(record, other, ("simpy", "fast")).splitlines() == [
        f"towns, row {row} (day 0, town {town}, product {product}), column sold differs:",
        f"  simpy: sold {record.towns['sold'][row].item()!r}",
        "  fast: sold 0.1",
    ]


def test_the_earliest_row_is_told_whichever_its_column(record):
    other = changed(changed(record, "flows", "day", 9, 99), "flows", "willingness", 4, 0.123)
    assert "row 4 " in first_difference(record, other)


def test_a_row_that_one_side_lacks_is_told(record):
    rows = len(record.convoys["convoy"])
    fault = first_difference(record, cut(record, "convoys", rows - 1))
    assert f"{rows} rows in one, {rows - 1} rows in other; row {rows - 1} is in one alone" in fault
    assert "row 0 is in other alone" in first_difference(cut(record, "imports", 0), record)


def test_the_first_event_that_differs_is_told_with_those_before_it(record):
    row = int(np.flatnonzero(record.log["kind"] == Kind.DEPARTED)[3])
    other = changed(changed(record, "log", "value", row, 777.5), "towns", "sold", 0, 0.5)
    lines = first_difference(record, other, ("simpy", "fast")).splitlines()
    assert lines[0].startswith(f"event {row} differs")
    assert lines[1:5] == [f"  both: {event(record, k)}" for k in range(row - 4, row)]
    assert lines[5] == f"  simpy: {event(record, row)}"
    assert lines[6].startswith("  fast: ")
    assert lines[6].endswith("value 777.5")
    assert "DEPARTED  corridor " in lines[6]


def test_a_log_that_ends_too_soon_is_told(record):
    rows = len(record.log["time"])
    lines = first_difference(record, cut(record, "log", rows - 1)).splitlines()
    assert lines[0] == f"event {rows - 1} differs ({rows:,} events in one, {rows - 1:,} events in other):"
    assert lines[-1] == "  other: no event more"


def test_a_record_without_a_log_is_compared_by_its_tables(record):
    other = deepcopy(record)
    other.log = {}
    assert first_difference(record, other) is None
    assert first_difference(record, changed(other, "users", "used", 3, -1.0)).startswith("users, row 3")


def test_totals_are_compared(record):
    for name in ("ambushes_laid", "ambushes_met"):
        other = deepcopy(record)
        setattr(other, name, 12345)
        assert first_difference(record, other) == f"{name}: {getattr(record, name)} in one, 12345 in other"
    other = deepcopy(record)
    other.unit_hours[1] = np.nextafter(other.unit_hours[1], 0)
    assert first_difference(record, other).startswith("unit_hours[1]: ")
    other = deepcopy(record)
    other.balance[0]["sold"] += 1.0
    assert first_difference(record, other).startswith("balance[0]: ")


def test_drawn_parameters_are_compared_first(record):
    other = changed(record, "towns", "sold", 0, 0.5)
    other.plan = build.with_section(other.plan, "corridors", open=(*other.plan.corridors.open[:-1], ((0.0,), (0.5,))))
    last = len(other.plan.corridors.open) - 1
    assert first_difference(record, other).startswith(f"parameter corridors.open[{last}]")


def test_columns_of_the_wrong_kind_or_length_are_told(record):
    other = deepcopy(record)
    other.flows["ordered"] = other.flows["ordered"].astype(np.float64)
    assert first_difference(record, other) == "flows, column ordered is float64 in other; expected int64"
    other = deepcopy(record)
    del other.users["need"]
    expected = "users has columns day, user, used, stock in other; expected day, user, used, need, stock"
    assert first_difference(record, other) == expected
    other = deepcopy(record)
    other.towns["need"] = other.towns["need"][:5]
    assert first_difference(record, other).startswith("towns, column need has 5 rows in other; day has ")


def test_things_are_named_by_their_entity(record):
    plan, label = record.plan, things(record.plan)
    assert label(plan.towns.entity[0]) == f"town {plan.towns.name[0]}"
    assert label(plan.zones.mine_entity[1]) == f"mines of {plan.zones.name[1]}"
    assert label(plan.escorts.entity[2]) == f"pool {plan.escorts.name[2]}"
    assert label(plan.attacks.imposed_entity[0]) == "imposed attack 0"
    assert label(7) == "entity 7"


def test_a_time_is_told_as_day_hour_and_in_full():
    assert moment(78.5) == "day 3 06:30 (78.5 h)"
    assert moment(23.999) == "day 1 00:00 (23.999 h)"
    assert moment(float("inf")) == "inf h"


def test_an_event_of_an_unknown_kind_is_told_by_its_number(record):
    assert "  kind 99  " in event(changed(record, "log", "kind", 2, 99), 2)

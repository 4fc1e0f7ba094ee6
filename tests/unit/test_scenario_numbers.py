"""Units, numbers, moments and dated numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from sim.scenario.fields import Dated, In, Moment, Quantity
from sim.scenario.moment import read_dated, read_moment
from sim.scenario.number import read_number
from sim.scenario.problem import Fault
from sim.scenario.sources import Sources
from sim.scenario.units import UnitError, factor

VOLUME = In("m3", 1, 1000)
RATE = In("m3/h", 0, 1e5, show="ML/day")
TIMES = In("1/h", 0, 10, show="1/month")
SHARE = In("1", 0, 1, show="%")
UNITS = In("1", 0, 500, whole=True)
SOURCES = Sources(frozenset({"TRK-01"}), lambda name: "TRK-01" if name.startswith("TRK") else None)


def number(raw: Any, scale: In = VOLUME) -> Quantity:
    read = read_number(raw, scale, SOURCES)
    assert isinstance(read, Quantity), [str(fault) for fault in read]
    return read


def faults(raw: Any, scale: In = VOLUME) -> list[Fault]:
    read = read_number(raw, scale, SOURCES)
    assert isinstance(read, list), read
    return read


@pytest.mark.parametrize(
    ("text", "internal", "value"),
    [
        ("3.3 ML/day", "m3/h", 137.5),
        ("46 m3", "m3", 46.0),
        ("46000 L", "m3", 46.0),
        ("25 km/h", "km/h", 25.0),
        ("240 km/day", "km/h", 10.0),
        ("40 %", "1", 0.4),
        ("35%", "1", 0.35),
        ("0.4", "1", 0.4),
        ("9 /month", "1/h", 9 / 730.5),
        ("9 1/month", "1/h", 9 / 730.5),
        ("9 per month", "1/h", 9 / 730.5),
        ("2 days", "h", 48.0),
        ("30 min", "h", 0.5),
        ("35 L/min", "L/h", 2100.0),
        ("5000 USD/day", "USD/h", 5000 / 24),
        ("700 XOF/L", "XOF/L", 700.0),
        ("600 XOF/USD", "XOF/USD", 600.0),
        ("2 m^3", "m3", 2.0),
    ],
)
def test_units_are_converted_exactly(text: str, internal: str, value: float) -> None:
    assert number(text, In(internal, 0, 1e6)).value == value


@pytest.mark.parametrize("unit", ["m3/", "m**9", "m3/day/day/day/day/day/day", "__import__", "m3;L", "(m3)", "x" * 50])
def test_what_is_no_unit_is_refused(unit: str) -> None:
    with pytest.raises(UnitError):
        factor(unit, "m3")


def test_an_unknown_unit_names_the_nearest() -> None:
    assert "the nearest is 'litres'" in str(faults("46 litrs")[0])


def test_a_unit_of_another_dimension_names_what_is_expected() -> None:
    (fault,) = faults("46 km")
    assert str(fault) == "'km' is not a unit of a volume; given '46 km'; expected a volume such as '46 m3'"


@pytest.mark.parametrize("raw", [46, 46.5, "46", 0, {"value": 46}])
def test_a_bare_number_is_refused_where_a_dimension_is_due(raw: Any) -> None:
    (fault,) = faults(raw)
    assert fault.wrong == "a number without a unit"
    assert fault.expected == "a volume such as '46 m3'"


def test_a_bare_rate_names_the_unit_that_people_read() -> None:
    assert faults(3.3, RATE)[0].expected == "a volume rate such as '3.3 ML/day'"


@pytest.mark.parametrize(
    "raw", ["m3", "", "46 m3 m3 m3", True, None, [], "46,5 m3", "four", "4 6", "0x10 m3", "1_0 m3"]
)
def test_what_is_no_number_is_refused(raw: Any) -> None:
    assert len(faults(raw)) == 1


@pytest.mark.parametrize(
    "raw", [float("nan"), float("inf"), -float("inf"), 1e300, 10**18, "1e999 m3", "1e9999 m3", "9" * 90 + " m3"]
)
def test_numbers_beyond_use_are_refused(raw: Any) -> None:
    assert faults(raw)[0].wrong == "not a number that can be used"


def test_a_range_fault_is_told_in_the_unit_that_people_read() -> None:
    (fault,) = faults("140 %", SHARE)
    assert (fault.wrong, fault.given, fault.expected) == ("out of range", "'140 %'", "0 % to 100 %")


def test_whole_numbers_may_have_ends_that_are_not_whole() -> None:
    assert number({"value": 3, "low": 2.5, "high": 3.5}, UNITS).low == 2.5
    assert faults(3.5, UNITS)[0].wrong == "not a whole number"


@pytest.mark.parametrize(
    ("low", "high", "law", "expected"),
    [
        ("45 m3", "48 m3", None, "triangular"),
        ("46 m3", "48 m3", "uniform", "uniform"),
        ("44 m3", "46 m3", "triangular", "triangular"),
        ("45 m3", "48 m3", "uniform", "uniform"),
        ("45 m3", "48 m3", "lognormal", "lognormal"),
    ],
)
def test_the_law_is_triangular_unless_stated(low: str, high: str, law: str | None, expected: str) -> None:
    read = number({"value": "46 m3", "low": low, "high": high, **({"law": law} if law else {})})
    assert (read.value, read.law, read.certain) == (46.0, expected, False)


@pytest.mark.parametrize(
    ("raw", "wrong", "at"),
    [
        ({"low": "45 m3", "high": "47 m3"}, "a number without a value", ()),
        ({"value": "46 m3", "low": "45 m3"}, "'low' without 'high'", ("low",)),
        ({"value": "46 m3", "high": "47 m3"}, "'high' without 'low'", ("high",)),
        ({"value": "46 m3", "low": "47 m3", "high": "48 m3"}, "the range does not hold the value", ()),
        ({"value": "46 m3", "low": "46 m3", "high": "46 m3"}, "an empty range", ()),
        ({"value": "46 m3", "low": "46 m3", "high": "48 m3"}, "a value at an end of its range, and no law", ()),
        ({"value": "46 m3", "low": "44 m3", "high": "46 m3"}, "a value at an end of its range, and no law", ()),
        ({"value": "46 m3", "law": "uniform"}, "a law without a range", ("law",)),
        ({"value": "46 m3", "low": "45 m3", "high": "47 m3", "law": "normal"}, "unknown law", ("law",)),
        ({"value": "46 m3", "lwo": "45 m3"}, "unknown key", ("lwo",)),
        ({"value": "46 m3", "source": "TRK-99"}, "unknown source", ("source",)),
        ({"value": "46 m3", "source": 7}, "not a source", ("source",)),
        ({"value": "46 m3", "source": "assumption"}, "an assumption without a reason", ("source",)),
        ({"value": "46 m3", "source": "assumption", "why": " "}, "not a reason", ("why",)),
        ({"value": {"value": "46 m3"}}, "not a number", ("value",)),
    ],
)
def test_a_mapping_is_checked_key_by_key(raw: dict[str, Any], wrong: str, at: tuple[str, ...]) -> None:
    assert [(fault.wrong, fault.at) for fault in faults(raw)] == [(wrong, at)]


def test_a_lognormal_law_needs_ends_apart_from_its_median() -> None:
    raw = {"value": 0.5, "low": 0, "high": 1, "law": "lognormal"}
    assert faults(raw, SHARE)[0].wrong == "not a range of a lognormal law"


def test_all_faults_of_a_number_are_told_at_once() -> None:
    raw = {"value": "46 km", "low": 45, "hihg": 4, "law": "x", "source": "TRK-1"}
    assert {fault.at for fault in faults(raw)} == {("value",), ("low",), ("hihg",), ("law",), ("source",)}


def test_an_unknown_key_and_source_name_the_nearest() -> None:
    told = " ".join(str(fault) for fault in faults({"value": "46 m3", "hihg": "4 m3", "source": "TRK-02"}))
    assert "'high'" in told
    assert "the nearest is 'TRK-01'" in told


def test_source_and_reason_are_kept() -> None:
    read = number({"value": "46 m3", "source": "TRK-01", "why": "weekly totals"})
    assert (read.source, read.why, read.text, read.unit) == ("TRK-01", "weekly totals", "46 m3", "m3")


START = datetime(2025, 9, 1)


def moment(raw: Any) -> Moment:
    read = read_moment(raw, SOURCES)
    assert isinstance(read, Moment), [str(fault) for fault in read]
    return read


@pytest.mark.parametrize(
    ("raw", "hours"),
    [
        ("2025-09-03", 48.0),
        ("2025-09-03 14:00", 62.0),
        ("2025-09-03T14:30", 62.5),
        ("2025-08-31", -24.0),
        ("day 12", 288.0),
        ("day 0.5", 12.0),
        ("day -1", -24.0),
    ],
)
def test_moments_count_from_the_start(raw: str, hours: float) -> None:
    assert moment(raw).hours(START) == (hours, None, None)


def test_a_moment_may_be_uncertain() -> None:
    read = moment({"value": "2025-10-30", "low": "2025-10-30", "high": "2025-11-06", "source": "TRK-01"})
    assert read.hours(START) == (59 * 24.0, 59 * 24.0, 66 * 24.0)
    assert (read.certain, read.source) == (False, "TRK-01")
    assert read.on(START) == datetime(2025, 10, 30)


@pytest.mark.parametrize(
    "raw",
    [
        "2025-02-30",
        "2025-13-01",
        "2025-9-3",
        "yesterday",
        "",
        12,
        None,
        True,
        [],
        "day",
        "day x",
        "day 99999",
        "0001-01-01",
        "9999-01-01",
        "2025-09-03 25:00",
        {},
        {"value": "2025-09-03", "low": "2025-09-01"},
        {"value": "2025-09-03", "low": "2025-09-04", "high": "2025-09-05"},
        {"value": "2025-09-03", "low": "day 1", "high": "day 9"},
        {"value": "2025-09-03", "source": "assumption"},
        {"value": "2025-09-03", "when": "now"},
        {"value": "2025-09-03", "low": "2025-09-03", "high": "2025-09-03"},
    ],
)
def test_what_is_no_moment_is_refused(raw: Any) -> None:
    assert isinstance(read_moment(raw, SOURCES), list)


def dated(raw: Any) -> Dated:
    read = read_dated(raw, TIMES, SOURCES)
    assert isinstance(read, Dated), [str(fault) for fault in read]
    return read


def test_a_single_number_holds_throughout() -> None:
    read = dated("9 /month")
    assert read.constant
    assert read.entries[0][0] is None


def test_a_dated_number_holds_from_date_to_date() -> None:
    read = dated(
        [{"value": "2 /month"}, {"from": "2025-09-03", "value": "9 /month", "low": "7 /month", "high": "11 /month"}]
    )
    assert [since and since.at for since, _ in read.entries] == [None, datetime(2025, 9, 3)]
    assert read.entries[1][1].law == "triangular"


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ([], ()),
        (["2 km"], ("0", "value")),
        (["2 /month", "3 /month"], ("1",)),
        ([["2 /month"]], ("0",)),
        ([{"value": "2 /month"}, {"value": "3 /month"}], ("1",)),
        ([{"from": "2025-02-30", "value": "2 /month"}], ("0", "from")),
        ([{"from": "day 0", "value": 2}], ("0", "value")),
        ([{"value": "2 /month"}, {"from": "day 3", "value": "3 /month", "till": "day 4"}], ("1", "till")),
    ],
)
def test_a_faulty_entry_is_named_by_its_position(raw: Any, at: tuple[str, ...]) -> None:
    read = read_dated(raw, TIMES, SOURCES)
    assert isinstance(read, list)
    assert [fault.at for fault in read] == [at]

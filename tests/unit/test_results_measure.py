"""What a measure speaks of is read from what is written for it, whatever things are called."""

import pytest

from sim.results.measures import KINDS, column_of, measures, read
from sim.results.measures.definition import DEFINITIONS, Measure
from sim.results.names import expected, names
from tests import build

ODD = {
    "towns": {"North": None, "Capital_petrol": build.INLAND["towns"]["North"]},
    "roads": {"savanna": {"from": "Capital", "to": "Capital_petrol", "length": "240 km", "pace": "40 km/h"}},
    "corridors": {"north": {"serves": ["Capital_petrol"]}},
}
"""On top of `INLAND`: a town whose name looks like the capital's petrol."""


def test_a_town_called_like_a_product_of_the_hub_has_a_measure_of_its_own():
    record = build.run(build.plan(build.lay(build.INLAND, ODD)))
    values = measures(record)
    town, product = (read(name) for name in ("need_met.Capital_petrol", "need_met.Capital.petrol"))
    assert (town.town, town.product) == ("Capital_petrol", "")
    assert (product.town, product.product) == ("Capital", "petrol")
    assert {str(town), str(product)} <= values.keys() == names(record.plan)


@pytest.mark.parametrize("town", ["Capital_petrol", "need_met", "a=b", "2025-10", "x < 3 d", "Mopti-Sévaré", "total"])
def test_what_is_written_is_read_back(town):
    for measure in (
        Measure("need_met", town),
        Measure("need_met", town, "petrol"),
        Measure("fill_rate", town, town),
        Measure("served", user=town),
        Measure("imports", month="1987-01"),
        Measure("relief", date="0987-01-31"),
        Measure("lowest_cover"),
    ):
        assert read(str(measure)) == measure


@pytest.mark.parametrize(
    "text",
    [
        *("", "need_met", "need_met.", "need_met.A.b.c", "imports.2025-13", "imports.2025-1", "relief.2025-02-30"),
        *("x.A", "relief.20250201", "imports.2025-10-01", "convoys.A", "need_met_A", "imports_2025_10"),
    ],
)
def test_what_is_no_measure_is_not_read(text):
    assert read(text) is None


def test_all_of_a_kind_are_declared_alike_but_for_what_they_speak_of():
    for term in DEFINITIONS:
        first = KINDS[term.kind]
        assert (term.label, term.unit, term.better, term.worth) == (first.label, first.unit, first.better, first.worth)
        assert term.label and term.meaning
    assert len({(term.kind, term.of) for term in DEFINITIONS}) == len(DEFINITIONS)


def test_cover_is_short_for_the_lowest():
    assert read("cover.A") == Measure("lowest_cover", "A")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("need_met_Capital_petrol", "need_met.Capital.petrol"),
        ("imports_2030_01", "imports.2030-01"),
        ("waiting_refusal_on_2030_01_05", "waiting_refusal_on.2030-01-05"),
    ],
)
def test_an_old_name_is_answered_with_the_new_one(old, new):
    assert expected(old, names(build.plan())) == f"a measure; the nearest is '{new}'"


def test_a_town_without_people_has_no_measures():
    record = build.run(build.plan(build.lay(build.INLAND, {"towns": {"North": {"share": 0}}})))
    assert column_of("need_met", "North") not in measures(record)
    assert measures(record).keys() == names(record.plan)


def test_a_product_that_nobody_needs_has_no_measures():
    diesel = {"pump": True, "need": "0 ML/day", "price": "650 XOF/L"}
    record = build.run(build.plan({"products": {"diesel": diesel}}))
    assert measures(record).keys() == names(record.plan)
    assert "need_met.Capital.diesel" not in measures(record)

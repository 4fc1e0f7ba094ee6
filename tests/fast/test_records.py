"""Records read the same compiled and interpreted, and what they do not have fails when it is compiled."""

import ast
from pathlib import Path

import numpy as np
import pytest
from numba.core.errors import NumbaError

from sim.fast.agenda import Event
from sim.fast.compiled import compiled
from sim.fast.layout import Country
from sim.fast.lowering import country_of, many, part, row, thing
from sim.fast.market import Market, Station
from sim.fast.records import memory_of
from sim.fast.town import Town

FAST = Path(__file__).resolve().parents[2] / "sim" / "fast"


@pytest.fixture
def words():
    return np.zeros(Country.words + 1000, np.int64)


def write(words):
    country = country_of(words)
    town = thing(Town, country, Country.words)
    town.markets = many(Market, country, Country.words + 100, 2)
    town.closing = row(float, country, Country.words + 300, 3)
    town.depot.waits.count = 7
    for k in range(len(town.markets)):
        market = town.markets[k]
        market.town = town
        market.due = 0.5 + k
        market.pending = k == 1
        market.stations = many(Station, country, Country.words + 400, 1)
    country.next_market = town.markets[1]
    town.closing[2] = country.next_market.due


def read(words):
    market = country_of(words).next_market
    town, total = market.town, 0.0
    for closing in town.closing:
        total += closing
    for market in town.markets:
        total += 10.0 if market.pending else 0.25
    second = part(town.markets, 1, 1)
    return (
        total,
        len(town.markets),
        bool(market.town) and not market.country.last_convoy,
        market == town.markets[1],
        market != town.markets[0],
        second[0] == market,
        town.depot.waits.count,
        town.where,
        1.5 in town.closing,
    )


def test_records_are_the_same_compiled_and_interpreted(words):
    compiled(write)(words)
    values = compiled(read)(words)
    assert values == (11.75, 2, True, True, True, True, 7, Country.words, True)
    country = Country(memory_of(words), 0)
    market = country.next_market
    assert market.town.where == Country.words
    assert (market.due, market.pending, market.number) == (1.5, True, 0)
    assert market == market.town.markets[1] != market.town.markets[0]
    assert market
    assert not country.last_convoy
    assert market.town.closing.array.tolist() == [0.0, 0.0, 1.5]
    market.due, market.pending, country.next_market = 2.5, False, market.town.markets[0]
    assert compiled(read)(words)[:3] == (2.0, 2, True)


def test_every_field_has_words_of_its_own():
    for record in (Country, Town, Market, Event):
        end = 0
        for offset, kind in record.fields.values():
            assert offset == end
            end += kind.words
        assert record.words == end


def no_such_field(words):
    return country_of(words).noon


def another_thing(words):
    country_of(words).next_market = country_of(words).last_convoy


def another_thing_of_a_row(words):
    country_of(words).heap[0] = country_of(words).next_market


def compares_things_of_two_kinds(words):
    return country_of(words).next_market == country_of(words).last_convoy


@pytest.mark.parametrize("wrong", [no_such_field, another_thing, another_thing_of_a_row, compares_things_of_two_kinds])
def test_a_field_taken_for_another_does_not_compile(wrong, words):
    with pytest.raises(NumbaError):
        compiled(wrong)(words)


def test_the_interpreter_knows_no_other_fields_either(words):
    country = Country(memory_of(words), 0)
    with pytest.raises(AttributeError, match="Country has no field noon"):
        _ = country.noon


def identities(code):
    """Return the lines of compiled code that ask whether something is, as a record never is None."""
    tree = ast.parse(code)
    if not any(isinstance(node, ast.Name) and node.id == "compile_all" for node in ast.walk(tree)):
        return []
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops)
    ]


def test_compiled_code_does_not_ask_whether_a_record_is_none():
    faults = {path.name: identities(path.read_text()) for path in FAST.glob("*.py")}
    assert {name: lines for name, lines in faults.items() if lines} == {}
    assert identities("compile_all(globals())\nif market is None:\n    pass") == [2]

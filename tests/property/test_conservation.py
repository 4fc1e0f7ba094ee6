"""Random small countries: fuel is conserved, results are sane, and the order of a file's things does not matter.

The model compares, per product, what was there and came in with what was used and is left, and raises ModelError beyond
1e-9 of it (`sim.model.books.Books.check_balance`); here it must not.
"""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.results.measures import measures
from sim.study.replicate import simulate
from tests import build
from tests.property.scenarios import countries, plan_of


def check(record):
    """Nothing is negative, shares are shares, and the accounts of each day close; of a country without a warm-up."""
    plan = record.plan
    tiny = 1e-6
    room = [town.depot.capacity for town in build.country(plan).towns]
    backlog = {}
    for row in build.rows(record.towns):
        for name in ("stock", "station_stock", "consumer", "sold", "wanted", "given_up", "burned", "queue_hours"):
            assert getattr(row, name) >= -1e-9, (name, row)
        for name in ("open_share", "open_any"):
            assert -1e-9 <= getattr(row, name) <= 1 + 1e-9, (name, row)
        key = (row.town, row.product)
        waiting = backlog.get(key, 0.0)
        assert row.sold <= row.wanted + waiting + tiny
        backlog[key] = waiting + row.wanted - row.sold - row.given_up
        assert backlog[key] >= -tiny, row
        assert row.burned <= row.need + tiny
        assert 1 <= row.price_index <= plan.consumers.black_cap
        assert not row.power_hours > plan.policy.power_hours + tiny
        assert row.stock <= room[row.town][row.product] + tiny
    for row in build.rows(record.users):
        assert -tiny <= row.used <= row.need + tiny
    for row in build.rows(record.flows):
        assert 0 <= row.willingness <= 1
        assert row.short <= row.ordered
        assert min(row) >= -1e-9, row
    for row in build.rows(record.convoys):
        assert 0 <= row.lost <= row.tankers
        assert row.tankers >= 1
    for row in build.rows(record.encounters):
        assert row.lost <= row.size
        assert row.killed + row.abducted <= row.lost
    assert record.ambushes_met <= record.ambushes_laid
    entered = sum(row.volume for row in build.rows(record.imports))
    landed = sum(balance["entered"] for balance in record.balance)
    begun = sum(balance["initial"] for balance in record.balance)
    assert entered <= landed + begun + tiny


@settings(max_examples=90)
@given(countries(), st.integers(0, 1000))
def test_fuel_is_conserved_and_results_are_sane(content, replication):
    record = simulate(plan_of(content | {"warmup": "0 days"}), 7, replication)
    check(record)
    for name, value in measures(record).items():
        assert math.isnan(value) or math.isfinite(value), name
        if name.startswith(("need_met", "fill_rate", "served", "share", "worst_town_need_met")):
            assert math.isnan(value) or -1e-9 <= value <= 1 + 1e-9, name
        assert math.isnan(value) or value >= -1e-9, name


def shuffled(content, chance):
    """Return the same content with the keys of every mapping in another order."""
    if isinstance(content, dict):
        keys = list(content)
        chance.shuffle(keys)
        return {key: shuffled(content[key], chance) for key in keys}
    return content


@settings(max_examples=20)
@given(countries(), st.integers(0, 1000))
def test_order_in_the_file_does_not_matter(content, seed):
    first = plan_of(content)
    second = plan_of(shuffled(content, Random(seed)))
    assert first == second
    logs = [build.rows(simulate(plan, 3, seed, log=True).log) for plan in (first, second)]
    assert logs[0] == logs[1]


def test_the_check_can_fail(monkeypatch):
    """A litre spilt without an account is noticed."""
    from sim.errors import ModelError
    from sim.model.depot import Depot

    draw = Depot.draw
    monkeypatch.setattr(Depot, "draw", lambda self, product, volume: draw(self, product, volume * (1 + 1e-6)))
    with pytest.raises(ModelError, match="petrol is not conserved"):
        build.run(build.plan())

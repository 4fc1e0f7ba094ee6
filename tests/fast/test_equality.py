"""Both engines give the same bits in random small countries."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.record import Kind
from sim.rules import retail
from sim.study.replicate import simulate
from tests import build
from tests.engines import difference, simpy
from tests.property.scenarios import countries, country_of, plan_of


@settings(max_examples=200)
@given(countries(), st.integers(0, 1000), st.sampled_from([False, False, True]))
def test_random_countries_are_the_same_in_both_engines(content, replication, central):
    fault = difference(plan_of(content), 7, replication, central)
    assert fault is None, fault


def test_random_countries_reach_every_kind_of_event():
    left = set(Kind)
    for number in range(200):
        left -= set(simulate(plan_of(country_of(number)), 7, number, log=True).log["kind"].tolist())
        if not left:
            return
    assert left == set()


def test_nobody_gives_up_less_than_nothing():
    """In a country where, at a moment, nothing but what is wanted changes while a queue melts away."""
    content = country_of(122) | {"warmup": "0 days"}
    plan = plan_of(build.lay(content, {"consumers": {"calm": "0 days"}}))
    assert difference(plan, 7, 122) is None
    assert simulate(plan, 7, 122).towns["given_up"].min() >= 0.0


def test_a_rule_that_rounds_otherwise_is_found(monkeypatch):
    """SimPy is held against SimPy whose queues end a little later."""
    true = retail.queue_ends_in

    def mutated(*engine_arguments):
        with monkeypatch.context() as patch:
            patch.setattr(retail, "queue_ends_in", lambda *numbers: true(*numbers) * (1.0 + 1e-12))
            return simpy(*engine_arguments)

    plan = plan_of(country_of(next(k for k in range(100) if queues(k))))
    assert difference(plan, 7, 0, engines=(simpy, simpy)) is None
    fault = difference(plan, 7, 0, engines=(simpy, mutated))
    assert "differs" in fault
    assert "  both: day " in fault


def queues(number):
    """Say whether a queue ends in a random country."""
    return Kind.QUEUE_ENDS in simulate(plan_of(country_of(number)), 7, 0, log=True).log["kind"]

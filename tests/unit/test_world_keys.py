import numpy as np
import pytest

from sim.errors import PlanError, WorldError
from sim.world.keys import Draws, Entities, Stream, entity, index
from sim.world.philox import philox4x32, uniform

SEED = 0x0123456789ABCDEF

STREAMS = """
    PARAMETER AMBUSH_GAP AMBUSH_HEIGHT AMBUSH_PLACE AMBUSH_ROAD AMBUSH_LIFE DETECTION DETERRENCE DAMAGE VICTIM CREW
    KNOCKOUT MINE_GAP MINE_HEIGHT MINE_ROAD MINE_PLACE MINE_LIFE TRIP CHECKPOINT DAY_FACTOR FLIES ARRIVAL - CLOSED
    PRIORITY RESOLVE PHASE PREY ROADBLOCK_GAP ROADBLOCK_FATE ROADBLOCK_CREW TURN POSTERIOR CALIBRATION
"""
"""Streams in order of their numbers, from 1 on; a dash is a number that none has."""


def test_no_stream_was_renumbered():
    now = {stream.name: stream.value for stream in Stream}
    assert {name: number for number, name in enumerate(STREAMS.split(), 1) if name != "-"}.items() <= now.items()
    assert len(set(now.values())) == len(now)


@pytest.mark.parametrize(
    ("kind", "name", "number"),
    [
        ("town", "Bamako", 2237467612),
        ("station", "Bamako 17", 1026221119),
        ("zone", "Kayes–Nioro", 2468510640),
    ],
)
def test_entities_keep_their_numbers(kind, name, number):
    assert entity(kind, name) == number


def test_kind_and_name_both_count():
    pairs = [("town", "Kayes"), ("depot", "Kayes"), ("town", "Kita"), ("townK", "ayes")]
    assert len({entity(*pair) for pair in pairs}) == len(pairs)


def test_adding_twice_is_one_thing():
    entities = Entities()
    assert entities("town", "Bamako") == entities("town", "Bamako") == entity("town", "Bamako")


def test_collision_names_both():
    first, second = "tanker 24991", "tanker 93412"
    assert entity("tanker", first) == entity("tanker", second)
    entities = Entities()
    entities("tanker", first)
    with pytest.raises(PlanError) as error:
        entities("tanker", second)
    assert first in str(error.value)
    assert second in str(error.value)


def test_index_packs_serial_and_occasion():
    assert index(0) == 0
    assert index(1, 2) == 0x00010002
    assert index(0xFFFF, 0xFFFF) == 0xFFFFFFFF
    assert len({index(s, o) for s in range(50) for o in range(50)}) == 2500


@pytest.mark.parametrize("pair", [(-1, 0), (65536, 0), (0, -1), (0, 65536)])
def test_index_refuses_what_does_not_fit(pair):
    with pytest.raises(WorldError, match=r"-1|65536"):
        index(*pair)


def test_a_draw_is_philox_of_its_key():
    draws = Draws(SEED, 9)
    words = philox4x32((9, Stream.DAMAGE, 1234, 77), (0x89ABCDEF, 0x01234567))
    assert draws.uniform(Stream.DAMAGE, 1234, 77) == uniform(words)


def test_committed_draws():
    draws = Draws(1, 0)
    assert [draws.uniform(Stream.PARAMETER, entity("parameter", "fleet.size")), draws.uniform(Stream.TRIP, 5, 6)] == [
        0.5580389303829351,
        0.23072180097115458,
    ]


def test_each_part_of_the_key_matters():
    base = Draws(SEED, 3)
    numbers = [
        base.uniform(Stream.DAMAGE, 5, 7),
        Draws(SEED + 1, 3).uniform(Stream.DAMAGE, 5, 7),
        Draws(SEED + 2**32, 3).uniform(Stream.DAMAGE, 5, 7),
        Draws(SEED, 4).uniform(Stream.DAMAGE, 5, 7),
        base.uniform(Stream.VICTIM, 5, 7),
        base.uniform(Stream.DAMAGE, 6, 7),
        base.uniform(Stream.DAMAGE, 5, 8),
    ]
    assert len(set(numbers)) == len(numbers)


def test_arrays_give_the_same_numbers_in_any_order():
    draws = Draws(SEED, 3)
    entities, indices = np.array([0, 5, 2**32 - 1])[:, None], np.arange(40)
    one_by_one = [[draws.uniform(Stream.ARRIVAL, e, i) for i in range(40)] for e in (0, 5, 2**32 - 1)]
    assert draws.uniforms(Stream.ARRIVAL, entities, indices).tolist() == one_by_one
    assert draws.uniforms(Stream.ARRIVAL, entities[::-1], indices[::-1])[::-1, ::-1].tolist() == one_by_one
    assert draws.uniforms(Stream.ARRIVAL, 5).shape == ()


def test_numpy_integers_are_taken_as_numbers():
    draws = Draws(SEED, 3)
    for kind in (np.int64, np.uint32, np.uint64):
        assert draws.uniform(Stream.CREW, kind(4_000_000_000), kind(9)) == draws.uniform(Stream.CREW, 4_000_000_000, 9)


@pytest.mark.parametrize(("seed", "replication"), [(-1, 0), (2**64, 0), (0, -1), (0, 2**32)])
def test_draws_refuse_what_does_not_fit(seed, replication):
    with pytest.raises(WorldError, match="bits"):
        Draws(seed, replication)


@pytest.mark.parametrize(("key", "which"), [(-1, 0), (2**32, 0), (0, -1), (0, 2**32)])
def test_keys_out_of_range_are_refused(key, which):
    with pytest.raises(WorldError, match="DAMAGE"):
        Draws(1, 0).uniform(Stream.DAMAGE, key, which)
    with pytest.raises(WorldError, match="DAMAGE"):
        Draws(1, 0).uniforms(Stream.DAMAGE, [0, key], which)


def test_draws_are_frozen():
    with pytest.raises(AttributeError):
        Draws(1, 0).seed = 2

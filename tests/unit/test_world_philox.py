import numpy as np
import pytest

from sim.world.philox import philox4x32, philox4x32_array, uniform, uniform_array

ONES = 0xFFFFFFFF

# Known answers of Random123 (kat_vectors, philox4x32 with 10 rounds): counter, key, words.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_published_vectors(counter, key, words):
    assert philox4x32(counter, key) == words
    assert tuple(int(w) for w in philox4x32_array(*counter, key)) == words


def counters(n):
    # Counters in no simple order: the generator under test on a key of its own, edges included.
    words = [philox4x32((i, 0, 0, 0), (1, 2)) for i in range(n)]
    return [(0, 0, 0, ONES), (ONES, 0, 0, 0), (0, ONES, ONES, 0), *words]


def test_array_gives_the_bits_of_the_scalar():
    rows = counters(3000)
    for key in [(0, 0), (ONES, 1), (0x9E3779B9, ONES)]:
        arrays = philox4x32_array(*np.array(rows, dtype=np.uint64).T, key)
        assert all(a.dtype == np.uint32 for a in arrays)
        assert list(zip(*(a.tolist() for a in arrays), strict=True)) == [philox4x32(c, key) for c in rows]


def test_array_broadcasts():
    words = philox4x32_array(7, 3, np.arange(4)[:, None], np.arange(5), (11, 12))
    assert all(w.shape == (4, 5) for w in words)
    assert tuple(int(w[2, 3]) for w in words) == philox4x32((7, 3, 2, 3), (11, 12))


def test_uniform_uses_53_bits():
    assert uniform((0, 0, 9, 9)) == 0.0
    assert uniform((0, 64, 9, 9)) == 2.0**-53
    assert uniform((1 << 31, 0, 9, 9)) == 0.5
    assert uniform((ONES, ONES, 0, 0)) == 1 - 2.0**-53


def test_uniform_of_arrays_is_that_of_scalars():
    rows = counters(3000)
    u = uniform_array(philox4x32_array(*np.array(rows, dtype=np.uint64).T, (5, 6)))
    assert u.tolist() == [uniform(philox4x32(c, (5, 6))) for c in rows]
    edges = tuple(np.array([0, ONES], dtype=np.uint32) for _ in range(4))
    assert uniform_array(edges).tolist() == [0.0, 1 - 2.0**-53]

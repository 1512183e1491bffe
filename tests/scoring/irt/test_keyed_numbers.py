"""Are numbers drawn by key even, unrelated, and those of the generator they are named after?"""

import numpy as np
import pytest

from scoring.irt.keyed_numbers import splitmix64, uniforms


def test_mixing_gives_the_published_numbers():
    # First two outputs of SplitMix64 from the state 1234567.
    golden = 0x9E3779B97F4A7C15
    states = np.array([(1234567 + n * golden) % 2**64 for n in (1, 2)], dtype=np.uint64)
    assert splitmix64(states).tolist() == [6457827717110365317, 3203168211198807973]


def test_numbers_of_pairs_are_even_and_unrelated():
    n = 300
    pairs = uniforms(7, np.arange(n)[:, None], np.arange(n))
    assert pairs.shape == (n, n) and pairs.min() >= 0 and pairs.max() < 1
    counts = np.bincount((pairs.ravel() * 64).astype(int), minlength=64)
    # Chi-square with 63 degrees of freedom: mean 63, sd 11.2; four of them.
    assert abs(((counts - n * n / 64) ** 2 / (n * n / 64)).sum() - 63) < 45
    for one, other in ((pairs[1:], pairs[:-1]), (pairs[:, 1:], pairs[:, :-1]), (pairs, pairs.T)):
        off = ~np.eye(n, dtype=bool)[: one.shape[0], : one.shape[1]]
        assert abs(np.corrcoef(one[off], other[off])[0, 1]) < 4 / n
    assert (
        abs(np.corrcoef(pairs.ravel(), uniforms(8, np.arange(n)[:, None], np.arange(n)).ravel())[0, 1])
        < 4 / n
    )


def test_the_number_of_a_pair_does_not_hang_on_its_neighbours():
    people, places = np.array([4, 900_000, 0]), np.array([17, 3, 250])
    together = uniforms(11, people, places)
    assert together.tolist() == [float(uniforms(11, i, j)[0]) for i, j in zip(people, places, strict=True)]


def test_first_draws_stay_when_more_are_drawn():
    all_keys = uniforms(3, np.arange(100), np.arange(4)[:, None])
    np.testing.assert_array_equal(uniforms(3, [70, 5], np.arange(2)[:, None]), all_keys[:2, [70, 5]])
    assert (uniforms(4, np.arange(100), np.arange(4)[:, None]) != all_keys).all()


def test_every_whole_number_is_a_key():
    assert np.unique(uniforms(0, [-5, -1, 0, 2**62], np.arange(3)[:, None])).size == 12


def test_numbers_that_are_not_whole_are_refused():
    with pytest.raises(ValueError, match="candidate numbers must be whole, not float64"):
        uniforms(1, [0.5], [0])

"""Are numbers drawn by key even, unrelated, and those of the generator they are named after?"""

import numpy as np

from scoring.irt.keyed_numbers import mix64, uniform_numbers


def test_mixing_is_that_of_splitmix64():
    # The first outputs of the authors' generator started at 0, whose state goes up by the golden ratio.
    golden = np.uint64(0x9E3779B97F4A7C15)
    states = golden * np.arange(1, 4, dtype=np.uint64)
    assert [f"{int(output):016x}" for output in mix64(states)] == [
        "e220a8397b1dcdaf",
        "6e789e6aa1b965f4",
        "06c45d188009454f",
    ]


def test_numbers_of_a_key_do_not_depend_on_the_others():
    all_keys = uniform_numbers(3, np.arange(100), 4)
    np.testing.assert_array_equal(uniform_numbers(3, [70, 5], 2), all_keys[:2, [70, 5]])
    assert (uniform_numbers(4, np.arange(100), 4) != all_keys).all()


def test_every_whole_number_is_a_seed_or_a_key():
    numbers = uniform_numbers(-1, [-5, 0, 2**62], 3)
    assert np.unique(numbers).size == 9


def test_numbers_are_even_and_unrelated():
    n = 50_000
    numbers = uniform_numbers(7, np.arange(n), 4)
    assert numbers.min() >= 0 and numbers.max() < 1
    counts = np.array([np.histogram(row, bins=50, range=(0, 1))[0] for row in numbers])
    chi_square = ((counts - n / 50) ** 2 / (n / 50)).sum(axis=1)
    assert chi_square.max() < 49 + 4 * np.sqrt(2 * 49)
    rows = np.vstack((numbers, np.roll(numbers[0], 1), uniform_numbers(8, np.arange(n), 1)))
    correlation = np.corrcoef(rows)[np.triu_indices(6, 1)]
    assert np.abs(correlation).max() < 4 / np.sqrt(n)

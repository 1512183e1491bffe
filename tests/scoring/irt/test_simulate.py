"""Are simulated responses repeatable and as frequent as the model says?"""

import numpy as np
import pytest

from scoring.irt import NOT_PRESENTED, ItemParameters, category_probabilities, simulate_responses
from scoring.irt.simulate import respond

ITEMS = ItemParameters.partial_credit([1.0, 1.4, 0.8], [[0.3], [-0.5, 0.9], [-1.0, 0.2, 1.1]])


def test_the_same_seed_gives_the_same_responses():
    theta = np.linspace(-2, 2, 50)
    first = simulate_responses(theta, ITEMS, seed=4)
    assert first.dtype == np.int8
    np.testing.assert_array_equal(first, simulate_responses(theta, ITEMS, seed=4))
    assert (first != simulate_responses(theta, ITEMS, seed=5)).any()


def test_categories_are_as_frequent_as_the_model_says():
    n = 20_000
    responses = simulate_responses(np.full(n, 0.4), ITEMS, seed=1)
    expected = category_probabilities([0.4], ITEMS)[0]
    for item in range(3):
        observed = np.bincount(responses[:, item], minlength=4) / n
        # Four standard errors.
        assert (
            np.abs(observed - expected[item]) <= 4 * np.sqrt(expected[item] * (1 - expected[item]) / n)
        ).all()


def test_items_not_presented_do_not_change_the_others():
    theta = np.linspace(-1, 1, 30)
    presented = np.ones((30, 3), dtype=bool)
    presented[::2, 1] = False
    whole = simulate_responses(theta, ITEMS, seed=2)
    part = simulate_responses(theta, ITEMS, seed=2, presented=presented)
    assert (part[::2, 1] == NOT_PRESENTED).all()
    np.testing.assert_array_equal(part[presented], whole[presented])


def test_chunks_continue_each_other():
    theta = np.linspace(-2, 2, 8192 + 20)
    p = category_probabilities(theta, ITEMS).cumsum(axis=2)
    uniform = np.random.default_rng(6).random((theta.size, 3))
    expected = np.minimum((uniform[:, :, None] >= p).sum(axis=2), ITEMS.n_categories - 1)
    np.testing.assert_array_equal(simulate_responses(theta, ITEMS, seed=6), expected)


def test_one_response_each_falls_where_the_probabilities_say():
    items = ItemParameters.partial_credit([1.2, 0.8], [[0.3], [-1.0, 0.2, 1.1]])
    theta = np.array([0.7, -0.4])
    for candidate in range(2):
        p = category_probabilities(theta[[candidate]], items.select([candidate]))[0, 0]
        for category in range(int(items.n_categories[candidate])):
            middle = p[:category].sum() + p[category] / 2
            both = np.full(2, middle)
            assert respond(theta, items, both)[candidate] == category


def test_one_response_each_of_guessed_and_graded_items():
    guessed = ItemParameters.dichotomous([1.0, 1.0], [0.0, 0.0], 0.25)
    # P(correct) at 0 is 0.25 + 0.75 / 2.
    assert respond([0.0, 0.0], guessed, [0.374, 0.376]).tolist() == [0, 1]
    graded = ItemParameters.graded_response([1.0, 1.0], [[-1.0, 1.0], [-1.0, 1.0]])
    below = 1 / (1 + np.exp(1.0))
    assert respond([0.0, 0.0], graded, [below - 1e-6, below + 1e-6]).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("theta", "options", "message"),
    [
        ([0.0, np.nan], {}, "candidate 1: theta is nan; give a finite ability"),
        ([0.0, 1.0, -np.inf], {}, "candidate 2: theta is -inf; give a finite ability"),
        ([[0.0, 1.0]], {}, r"theta has shape \(1, 2\), expected \(N,\)"),
        ([0.0, 1.0], {"presented": [True, False, True]}, r"presented has shape \(3,\), expected \(2, 3\)"),
        ([0.0], {"seed": -1}, "seed must be a whole number of at least 0, not -1"),
        ([0.0], {"seed": 1.5}, "seed must be a whole number of at least 0, not 1.5"),
    ],
)
def test_what_cannot_be_simulated_is_named(theta, options, message):
    with pytest.raises(ValueError, match=message):
        simulate_responses(theta, ITEMS, **{"seed": 1, **options})


def test_one_response_each_needs_finite_abilities_too():
    with pytest.raises(ValueError, match="candidate 2: theta is nan"):
        respond([0.0, 1.0, np.nan], ITEMS, [0.5, 0.5, 0.5])


def test_a_seed_may_be_any_whole_number_type():
    np.testing.assert_array_equal(
        simulate_responses([0.0, 1.0], ITEMS, seed=np.int64(7)), simulate_responses([0.0, 1.0], ITEMS, seed=7)
    )

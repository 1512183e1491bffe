"""Are simulated responses repeatable and as frequent as the model says?"""

import numpy as np

from scoring.irt import NOT_PRESENTED, ItemParameters, category_probabilities, simulate_responses

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

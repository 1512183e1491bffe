"""Does selection find the items that tell most?"""

import numpy as np
import pytest

from scoring.irt import (
    DEFAULT_GRID,
    ItemParameters,
    item_information,
    normal_weights,
    posterior_information,
    rank_by_information,
)
from scoring.irt.selection.informative import information_table, most_informative, most_informative_on_average


def test_information_at_a_sharp_posterior_is_the_information_there():
    items = ItemParameters.dichotomous([1.0, 2.0], [0.0, 1.0])
    sharp = (DEFAULT_GRID.points == 1.0).astype(float)
    np.testing.assert_allclose(posterior_information(sharp, items), item_information([1.0], items)[0])


def test_information_for_several_candidates_at_once():
    items = ItemParameters.dichotomous([1.0, 2.0, 0.7], [0.0, 1.0, -1.0])
    posterior = normal_weights(DEFAULT_GRID, mean=[-1.0, 0.0], sd=0.4)
    both = posterior_information(posterior, items)
    assert both.shape == (2, 3)
    np.testing.assert_allclose(both[1], posterior_information(posterior[1], items), rtol=1e-14)


@pytest.mark.parametrize(("mean", "best"), [(-1.5, 0), (0.0, 1), (1.5, 2)])
def test_the_item_nearest_the_ability_comes_first(mean, best):
    items = ItemParameters.dichotomous(1.2, [-1.5, 0.0, 1.5])
    assert rank_by_information(normal_weights(DEFAULT_GRID, mean, 0.3), items)[0] == best


def test_equal_items_keep_their_order_and_forbidden_ones_are_left_out():
    items = ItemParameters.dichotomous([1.0, 1.0, 2.0, 1.0], 4 * [0.0])
    posterior = normal_weights(DEFAULT_GRID)
    assert rank_by_information(posterior, items).tolist() == [2, 0, 1, 3]
    allowed = [True, True, False, True]
    assert rank_by_information(posterior, items, allowed=allowed).tolist() == [0, 1, 3]


def bank(n_items: int, seed: int = 3) -> ItemParameters:
    rng = np.random.default_rng(seed)
    a = np.clip(rng.lognormal(0.1, 0.35, n_items), 0.4, 2.5)
    return ItemParameters.dichotomous(a, rng.normal(0, 1.2, n_items), rng.choice([0.0, 0.2], n_items))


def test_table_holds_the_information_at_its_points_and_nearly_between_them():
    items = bank(300)
    table = information_table(items)
    np.testing.assert_allclose(
        table.at(table.grid.points), item_information(table.grid.points, items), atol=2e-7
    )
    theta = np.random.default_rng(4).uniform(-4, 4, 200)
    exact = item_information(theta, items)
    assert (np.abs(table.at(theta) - exact) <= 0.01 * items.a**2 / 4).all()


def test_table_beyond_its_grid_is_that_of_its_ends():
    table = information_table(bank(20))
    np.testing.assert_array_equal(table.at(np.array([-9.0, 9.0])), table.values[[0, -1]])


def test_no_number_of_a_table_or_of_its_average_is_denormal():
    items = ItemParameters.dichotomous([30.0, 1.0], [0.0, 0.0])
    table = information_table(items, grid=DEFAULT_GRID)
    sharp = normal_weights(DEFAULT_GRID, mean=[-4.5, 4.5], sd=0.1)
    assert (table.values >= np.finfo(np.float32).tiny).all()
    assert (table.over(sharp) >= np.finfo(np.float32).tiny).all()


def test_the_most_informative_item_is_that_of_the_exact_information():
    items = bank(400)
    theta = np.random.default_rng(5).standard_normal(300)
    chosen = most_informative(information_table(items), theta)
    exact = item_information(theta, items)
    # What the straight lines of the table may cost.
    assert (exact[np.arange(300), chosen] >= 0.99 * exact.max(axis=1)).all()
    assert (chosen == exact.argmax(axis=1)).mean() > 0.95


def test_information_on_average_ranks_as_it_does_for_one_candidate():
    items = bank(200)
    posterior = normal_weights(DEFAULT_GRID, mean=np.linspace(-2, 2, 70), sd=0.5)
    chosen = most_informative_on_average(information_table(items, grid=DEFAULT_GRID), posterior)
    assert chosen.tolist() == [rank_by_information(row, items)[0] for row in posterior]


def test_estimate_and_posterior_may_prefer_different_items():
    # Half of the posterior at -2 and half at 2: at the mean the first item tells 1.56 against 0.11 of the
    # second, but where the candidate may be, 0.04 against 0.13.
    items = ItemParameters.dichotomous([2.5, 1.0], [0.0, 2.0])
    posterior = normal_weights(DEFAULT_GRID, mean=[-2.0, 2.0], sd=0.2).mean(axis=0)
    assert most_informative(information_table(items), [posterior @ DEFAULT_GRID.points]).tolist() == [0]
    table = information_table(items, grid=DEFAULT_GRID)
    assert most_informative_on_average(table, posterior).tolist() == [1]


@pytest.mark.parametrize("n_items", [3, 37, 160])
def test_of_equal_items_the_first_allowed_is_taken(n_items):
    items = ItemParameters.dichotomous(1.3, np.full(n_items, 0.2))
    allowed = np.ones((5, n_items), dtype=bool)
    allowed[np.arange(5), 0] = [True, False, False, True, False]
    theta = np.linspace(-1, 1, 5)
    expected = [0, 1, 1, 0, 1]
    assert most_informative(information_table(items), theta, allowed=allowed).tolist() == expected
    table = information_table(items, grid=DEFAULT_GRID)
    posterior = normal_weights(DEFAULT_GRID, mean=theta, sd=0.4)
    assert most_informative_on_average(table, posterior, allowed=allowed).tolist() == expected


def test_where_nothing_is_allowed_there_is_no_item():
    table = information_table(bank(6))
    allowed = np.array([[False] * 6, [False] * 5 + [True]])
    assert most_informative(table, [0.0, -5.0], allowed=allowed).tolist() == [-1, 5]
    assert most_informative(table, [0.0, 1.0], allowed=[False] * 6).tolist() == [-1, -1]


def test_candidates_do_not_change_each_other():
    items, theta = bank(50), np.random.default_rng(6).standard_normal(200)
    table = information_table(items)
    alone = [int(most_informative(table, value)[0]) for value in theta]
    assert most_informative(table, theta).tolist() == alone


def test_items_of_different_models_share_a_table():
    mixed = ItemParameters.partial_credit([1.0, 1.4], [[0.3], [-0.5, 0.9]])
    np.testing.assert_allclose(
        information_table(mixed, grid=DEFAULT_GRID).values,
        item_information(DEFAULT_GRID.points, mixed),
        atol=2e-7,
    )


def test_what_cannot_be_selected_from_is_named():
    table = information_table(bank(6))
    with pytest.raises(ValueError, match=r"candidate 1: theta is nan; give a finite estimate"):
        most_informative(table, [0.0, np.nan])
    with pytest.raises(ValueError, match=r"allowed has shape \(5,\), expected \(6,\) or \(1, 6\)"):
        most_informative(table, [0.0], allowed=[True] * 5)
    with pytest.raises(ValueError, match=r"posteriors have 41 points, the table 101: make both on one grid"):
        most_informative_on_average(table, normal_weights(DEFAULT_GRID))

"""Are totals as likely as published, as enumerated, and as simulated?"""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.irt import DEFAULT_GRID, Grid, ItemParameters, category_probabilities, score_distribution
from scoring.irt.score_distribution import score_distribution_at
from tests.scoring.mathematics import mathematics

FIXTURES = Path(__file__).parents[3] / "fixtures" / "irt"


def test_worked_example_of_kolen_and_brennan():
    example = json.loads((FIXTURES / "lord_wingersky_kolen_brennan_2004.json").read_text())
    p = np.array(example["probability_correct"])
    # The example gives probabilities at one ability; items with b = -logit(p) have them at theta 0.
    items = ItemParameters.dichotomous(1.0, -np.log(p / (1 - p)))
    table = score_distribution(items, [[0, 1]] * 3, grid=Grid(np.array([-1.0, 0.0, 1.0])))
    np.testing.assert_allclose(table[1], example["distribution"], rtol=0, atol=5e-7)


def test_twenty_items_with_guessing_as_published():
    published = json.loads((FIXTURES / "score_distribution_cacirt.json").read_text())
    a = published["D"] * np.array(published["a"])
    items = ItemParameters.dichotomous(a, published["b"], published["c"])
    table = score_distribution(items, [[0, 1]] * 20, grid=Grid(np.array(published["theta"], dtype=float)))
    np.testing.assert_allclose(table, published["distribution"], rtol=0, atol=1e-7)


def test_polytomous_items_on_half_points_against_every_pattern():
    items = ItemParameters.partial_credit([1.0, 0.8, 1.5, 1.2], [[0.2], [-1.0, 0.5], [0.0], [-0.5, 0.1, 1.0]])
    points = np.array([[0, 2, 0, 0], [0, 1, 2, 0], [0, 2, 0, 0], [0, 1, 2, 4]])
    p = category_probabilities(DEFAULT_GRID.points, items)
    expected = np.zeros((41, 11))
    for pattern in product(range(2), range(3), range(2), range(4)):
        likelihood = np.prod([p[:, item, category] for item, category in enumerate(pattern)], axis=0)
        expected[:, sum(points[item, category] for item, category in enumerate(pattern))] += likelihood
    np.testing.assert_allclose(score_distribution(items, points), expected, rtol=0, atol=1e-14)


def test_a_form_of_twenty_items_has_forty_half_points_and_odd_totals():
    items = mathematics()
    table = score_distribution(items.parameters, items.category_half_points)
    assert table.shape == (41, 41)
    np.testing.assert_allclose(table.sum(axis=1), 1.0, rtol=1e-12)
    assert table[20, 1::2].sum() > 0.4


def test_abilities_need_not_lie_on_a_grid_or_in_order():
    items = mathematics()
    whole = score_distribution(items.parameters, items.category_half_points)
    theta = DEFAULT_GRID.points[[30, 4, 4]]
    some = score_distribution_at(theta, items.parameters, items.category_half_points)
    np.testing.assert_array_equal(some, whole[[30, 4, 4]])


def test_without_items_the_total_is_zero():
    none = ItemParameters.dichotomous(1.0, [0.0]).select(np.array([], dtype=int))
    assert score_distribution(none, np.zeros((0, 2), dtype=int)).tolist() == [[1.0]] * 41


@given(st.permutations(range(6)))
def test_order_of_items_does_not_matter(order):
    items = mathematics().parameters.select(np.arange(6))
    points = mathematics().category_half_points[:6]
    shuffled = score_distribution(items.select(order), points[list(order)])
    np.testing.assert_allclose(shuffled, score_distribution(items, points), rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([[0, 1, 2], [0, 1, 0]], "item 0: points must start at 0, never fall and be 0 beyond"),
        ([[1, 2, 0], [0, 1, 2]], "item 0"),
        ([[0, 2, 0], [0, 2, 1]], "item 1"),
        ([[0, 2], [0, 1]], "expected"),
        ([[0.0, 0.5, 0.0], [0.0, 0.5, 1.0]], "whole numbers"),
    ],
)
def test_impossible_points_are_named(points, message):
    items = ItemParameters.partial_credit([1.0, 1.0], [[0.0], [-1.0, 1.0]])
    with pytest.raises(ValueError, match=message):
        score_distribution(items, points)

"""Is a score worth what the textbook's programs say, and is equating symmetric and true to itself?"""

import json
from pathlib import Path

import numpy as np
import pytest

from scoring.irt import Grid, ItemParameters, normal_weights
from scoring.irt.linking.equating import equipercentile, observed_score_equating, true_score_equating
from scoring.irt.score_distribution import score_distribution_at
from tests.scoring.mathematics import mathematics

PUBLISHED = json.loads(
    (Path(__file__).parents[4] / "fixtures" / "irt" / "equating_kolen_brennan_2004.json").read_text()
)


def form(example: str, name: str) -> tuple[ItemParameters, np.ndarray]:
    """Items, published with D = 1.7, and the number of each category as its points."""
    table = PUBLISHED[example][name]
    if "b" in table:
        items = ItemParameters.dichotomous(1.7 * np.array(table["a"]), table["b"], table["c"])
    else:
        graded = example.endswith("graded")
        make = ItemParameters.graded_response if graded else ItemParameters.partial_credit
        made = make(1.7 * np.array(table["a"]), table["steps"])
        items = ItemParameters(
            a=made.a,
            b=made.b,
            steps=made.steps,
            c=table["c"],
            n_categories=made.n_categories,
            graded=made.graded,
        )
    return items, category_numbers(items)


def category_numbers(items: ItemParameters) -> np.ndarray:
    number = np.arange(items.max_categories)
    return np.where(number < items.n_categories[:, None], number, 0)


def two_forms() -> tuple[ItemParameters, np.ndarray, ItemParameters, np.ndarray]:
    """Twenty items in half-points, some of them guessed, and the same a little harder."""
    items, points = mathematics().parameters, mathematics().category_half_points
    easier, harder = (
        ItemParameters(
            a=items.a * slope,
            b=items.b + shift,
            steps=items.steps,
            c=np.where(items.n_categories == 2, guessing, 0.0),
            n_categories=items.n_categories,
        )
        for slope, shift, guessing in ((1.0, 0.0, 0.05), (1.1, 0.3, 0.15))
    )
    return harder, points, easier, points


@pytest.mark.parametrize("example", ["true_score", "true_score_partial_credit", "true_score_graded"])
def test_true_scores_as_polyequate_printed_them(example):
    result = true_score_equating(*form(example, "x"), *form(example, "y"))
    np.testing.assert_allclose(result.old_score, PUBLISHED[example]["old_score"], rtol=0, atol=2e-6)
    theta = np.array(PUBLISHED[example]["theta"], dtype=float)
    np.testing.assert_allclose(result.theta, theta, rtol=0, atol=1e-6, equal_nan=True)
    assert result.new_score.tolist() == list(range(theta.size))


@pytest.mark.parametrize("example", ["observed_score", "observed_score_graded"])
def test_observed_scores_as_equating_recipes_printed_them(example):
    weights = np.array(PUBLISHED[example]["weights"])
    x, y = (
        weights @ score_distribution_at(PUBLISHED[example]["theta"], *form(example, name)) for name in "xy"
    )
    np.testing.assert_allclose(equipercentile(x, y), PUBLISHED[example]["old_score"], rtol=0, atol=5e-6)


def test_two_equal_items_by_hand():
    points = [[0, 1], [0, 1]]
    new, old = ItemParameters.dichotomous(1.0, [0.0, 0.0]), ItemParameters.dichotomous(1.0, [1.0, 1.0])
    result = true_score_equating(new, points, old, points)
    # One point of two is expected at theta 0, where the old form expects 2 / (1 + e).
    assert result.old_score.tolist() == pytest.approx([0, 2 / (1 + np.e), 2])
    np.testing.assert_allclose(result.theta, [np.nan, 0, np.nan], atol=1e-12)


def test_scores_that_guessing_brings_lie_on_a_line_by_hand():
    points = [[0, 2], [0, 2]]
    new = ItemParameters.dichotomous(1.0, [0.0, 0.0], [0.2, 0.3])  # guessing brings 1.0 of 4
    old = ItemParameters.dichotomous(1.0, [0.0, 0.0], [0.1, 0.15])  # and here 0.5
    result = true_score_equating(new, points, old, points, scores=[0.0, 0.4, 1.0, 2.5, 4.0])
    # At theta 0 the new form expects 2 * (0.6 + 0.65) and the old 2 * (0.55 + 0.575).
    assert result.old_score.tolist() == pytest.approx([0.0, 0.2, 0.5, 2.25, 4.0])
    np.testing.assert_allclose(result.theta, [np.nan, np.nan, np.nan, 0, np.nan], atol=1e-12)


def test_equipercentile_by_hand():
    # Ranks 0.1, 0.35 and 0.75; the old form's scores end at 0.4, 0.8 and 1.
    found = equipercentile([0.2, 0.3, 0.5], [0.4, 0.4, 0.2])
    assert found.tolist() == pytest.approx([-0.25, 0.375, 1.375])


def test_the_middle_is_taken_where_the_old_form_has_no_such_score():
    # Rank 0.5 ends score 0 of the old form and begins score 3; 1 and 2 are impossible there.
    assert equipercentile([0.25, 0.5, 0.25], [0.5, 0, 0, 0.5]).tolist() == pytest.approx([-0.25, 1.5, 3.25])


@pytest.mark.parametrize("equate", [true_score_equating, observed_score_equating])
def test_a_form_is_worth_itself_half_points_that_cannot_occur_included(equate):
    _, _, items, points = two_forms()
    result = equate(items, points, items, points)
    assert result.new_score.size == 41
    np.testing.assert_allclose(result.old_score, result.new_score, rtol=0, atol=1e-9)
    only_whole = np.where(np.arange(2) == 1, 2, 0) * np.ones((5, 1), dtype=int)
    five = ItemParameters.dichotomous(1.0, np.linspace(-1, 1, 5))
    result = equate(five, only_whole, five, only_whole)
    np.testing.assert_allclose(result.old_score, np.arange(11), rtol=0, atol=1e-9)


@pytest.mark.parametrize("mean", [-2.0, 0.0, 3.5])
def test_scores_that_next_to_nobody_has_are_worth_themselves_at_both_ends(mean):
    rng = np.random.default_rng(4)
    items = ItemParameters.dichotomous(rng.uniform(0.8, 1.8, 80), rng.normal(0.8, 1, 80))
    population = normal_weights(Grid.uniform(), mean, 0.5)
    points = [[0, 1]] * 80
    result = observed_score_equating(items, points, items, points, population=population)
    np.testing.assert_allclose(result.old_score, np.arange(81), rtol=0, atol=1e-9)


def test_equating_mirrored_scores_mirrors_the_result():
    # Ranks from the top, of 1e-30 and less, are as good as those from the bottom.
    new, old = np.power(10.0, -np.arange(0, 60, 3)), np.power(10.0, -np.arange(0, 80, 4))
    straight, mirrored = equipercentile(new, old), equipercentile(new[::-1], old[::-1])
    np.testing.assert_allclose(mirrored, 19 - straight[::-1], rtol=0, atol=1e-9)
    assert (np.diff(straight) > 0.5).all()


def test_there_and_back_is_where_one_began():
    new, new_points, old, old_points = two_forms()
    there = true_score_equating(new, new_points, old, old_points)
    back = true_score_equating(old, old_points, new, new_points, scores=there.old_score)
    np.testing.assert_allclose(back.old_score, there.new_score, rtol=0, atol=1e-9)
    distributions = [
        normal_weights(Grid.uniform()) @ score_distribution_at(Grid.uniform().points, items, points)
        for items, points in ((new, new_points), (old, old_points))
    ]
    there_observed = equipercentile(*distributions)
    back_observed = equipercentile(*reversed(distributions), scores=there_observed)
    np.testing.assert_allclose(back_observed, np.arange(41), rtol=0, atol=1e-9)


@pytest.mark.parametrize("equate", [true_score_equating, observed_score_equating])
def test_points_on_a_harder_form_are_worth_more_and_never_fall(equate):
    items, points = mathematics().parameters, mathematics().category_half_points
    harder = ItemParameters(
        a=items.a, b=items.b + 0.5, steps=items.steps, c=items.c, n_categories=items.n_categories
    )
    result = equate(harder, points, items, points)
    assert (np.diff(result.old_score) > 0).all()
    assert (result.old_score[1:-1] > result.new_score[1:-1]).all()


def test_forms_of_different_length():
    items, points = mathematics().parameters, mathematics().category_half_points
    result = true_score_equating(items, points, items.select(np.arange(10)), points[:10])
    assert result.old_score[[0, 40]].tolist() == [0, 20]
    assert (result.old_score <= result.new_score).all()


def test_observed_score_equating_is_equipercentile_in_the_given_population():
    new, new_points, old, old_points = two_forms()
    grid = Grid.uniform(31, -4, 4)
    population = 5 * normal_weights(grid, mean=-0.5, sd=0.8)  # need not sum to 1
    result = observed_score_equating(
        new, new_points, old, old_points, grid=grid, population=population, scores=[10, 20.5]
    )
    share = population / population.sum()
    x, y = (
        share @ score_distribution_at(grid.points, *one) for one in ((new, new_points), (old, old_points))
    )
    np.testing.assert_allclose(result.old_score, equipercentile(x, y, scores=[10, 20.5]), rtol=1e-12)
    assert np.isnan(result.theta).all()


def test_a_score_next_to_the_maximum_still_has_an_ability():
    one = ItemParameters.dichotomous(0.01, [0.0])
    result = true_score_equating(one, [[0, 1]], one, [[0, 1]], scores=[1 - 1e-12])
    assert result.old_score[0] == pytest.approx(1, abs=1e-11)
    assert np.isfinite(result.theta[0])


def test_a_form_without_points_has_the_score_zero_only():
    none = ItemParameters.dichotomous(1.0, [0.0])
    assert true_score_equating(none, [[0, 0]], none, [[0, 0]]).old_score.tolist() == [0.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda i, p: true_score_equating(i, p, i, p, scores=[3, 41]), "score 41 is not between 0 and the"),
        (lambda i, p: true_score_equating(i, p, i, p, scores=[np.nan]), "score nan"),
        (lambda i, p: observed_score_equating(i, p, i, p, population=[1.0]), "population must be 41 weights"),
        (
            lambda i, p: observed_score_equating(i, p, i, p, grid=Grid.uniform(41, 300, 700)),
            "lies outside the g",
        ),
        (lambda i, p: true_score_equating(i, p[:3], i, p), "category points have shape"),
        (lambda i, p: equipercentile([0.5, 0.5], [0.0, 0.0]), "the old distribution must be"),
        (lambda i, p: equipercentile([[0.5, 0.5]], [1.0]), "the new distribution must be"),
    ],
)
def test_impossible_questions_are_named(call, message):
    items = mathematics()
    with pytest.raises(ValueError, match=message):
        call(items.parameters, items.category_half_points)

"""Are accuracy and consistency the published ones, and what simulated administrations show?"""

import numpy as np
import pytest

from scoring.irt import (
    DEFAULT_GRID,
    Grid,
    ItemParameters,
    eap,
    item_information,
    normal_weights,
    simulate_responses,
)
from scoring.irt.logistic import probability
from scoring.irt.quality.classification import classify_posterior, lee, rudner
from tests.scoring.irt import lsat
from tests.scoring.mathematics import mathematics

PUBLISHED = lsat.fixture("classification_cacirt")
GRID = Grid.uniform(**PUBLISHED["grid"])
WAYS = ([0], [1], [0, 1])  # which of the two cuts: the first, the second, both at once


def twenty_items() -> ItemParameters:
    known = lsat.fixture("score_distribution_cacirt")
    return ItemParameters.dichotomous(known["D"] * np.array(known["a"]), known["b"], known["c"])


def published_se(items: ItemParameters) -> np.ndarray:
    """Standard errors as that program has them, with 1 - c^2 where (1 - c)^2 belongs."""
    p = probability(GRID.points, items.a, items.b, items.c)
    information = items.a**2 * (1 - p) / p * (p - items.c) ** 2 / (1 - items.c**2)
    return 1 / np.sqrt(information.sum(axis=1))


@pytest.mark.parametrize("way", range(3))
def test_lee_as_published(way):
    cuts = np.array(PUBLISHED["lee"]["cuts"])[WAYS[way]]
    points = np.tile([0, 1], (20, 1))
    found = lee(GRID.points, twenty_items(), points, cuts, weights=normal_weights(GRID))
    assert found.marginal_accuracy == pytest.approx(PUBLISHED["lee"]["marginal"][way]["accuracy"], abs=2e-7)
    assert found.marginal_consistency == pytest.approx(
        PUBLISHED["lee"]["marginal"][way]["consistency"], abs=2e-7
    )
    for row in PUBLISHED["lee_conditional"]:
        place = int(np.abs(GRID.points - row["theta"]).argmin())
        assert found.accuracy[place] == pytest.approx(row["accuracy"][way], abs=1e-7)
        assert found.consistency[place] == pytest.approx(row["consistency"][way], abs=1e-7)


@pytest.mark.parametrize("way", range(3))
def test_rudner_as_published(way):
    cuts = np.array(PUBLISHED["rudner"]["cuts"])[WAYS[way]]
    found = rudner(GRID.points, published_se(twenty_items()), cuts, weights=normal_weights(GRID))
    marginal = PUBLISHED["rudner"]["marginal"][way]
    assert found.marginal_accuracy == pytest.approx(marginal["accuracy"], abs=2e-7)
    assert found.marginal_consistency == pytest.approx(marginal["consistency"], abs=2e-7)
    for row in PUBLISHED["rudner_conditional"]:
        place = int(np.abs(GRID.points - row["theta"]).argmin())
        assert found.accuracy[place] == pytest.approx(row["accuracy"][way], abs=1e-7)
        assert found.consistency[place] == pytest.approx(row["consistency"][way], abs=1e-7)


@pytest.mark.parametrize("way", range(3))
def test_the_example_of_the_manual_from_items_to_indices(way):
    example = PUBLISHED["example"]
    grid = Grid.uniform(**example["grid"])
    items = ItemParameters.dichotomous(example["a"], example["b"])
    se = 1 / np.sqrt(item_information(grid.points, items).sum(axis=1))
    found = rudner(grid.points, se, np.array(example["cuts"])[WAYS[way]], weights=normal_weights(grid))
    assert found.marginal_accuracy == pytest.approx(example["marginal"][way]["accuracy"], abs=1e-7)
    assert found.marginal_consistency == pytest.approx(example["marginal"][way]["consistency"], abs=1e-7)


def test_rudner_of_two_candidates_by_hand():
    # One standard error below and two above the cut.
    found = rudner([-0.4, 0.8], [0.4, 0.4], [0.0])
    below = np.array([0.8413447461, 0.0227501319])
    np.testing.assert_allclose(found.probability, np.stack([below, 1 - below], axis=1), atol=1e-9)
    assert found.own_class.tolist() == [0, 1]
    assert found.marginal_accuracy == pytest.approx((0.8413447461 + 0.9772498681) / 2)
    assert found.marginal_consistency == pytest.approx((below**2 + (1 - below) ** 2).mean())
    assert rudner([0.0], [1.0], [0.0]).own_class.tolist() == [1]


def test_lee_of_two_items_by_hand():
    # P(right) 1/2 and 4/5: totals 0, 1, 2 with 1/10, 5/10, 4/10; expected 1.3.
    items = ItemParameters.dichotomous(1.0, [0.0, -np.log(4.0)])
    found = lee([0.0], items, [[0, 1], [0, 1]], [1, 2])
    np.testing.assert_allclose(found.probability, [[0.1, 0.5, 0.4]], rtol=1e-12)
    assert found.own_class.tolist() == [1]
    assert found.accuracy[0] == pytest.approx(0.5)
    assert found.consistency[0] == pytest.approx(0.01 + 0.25 + 0.16)
    # Between two totals any cut does the same to totals, but not to the class belonged to.
    assert lee([0.0], items, [[0, 1], [0, 1]], [1.2]).own_class.tolist() == [1]
    assert lee([0.0], items, [[0, 1], [0, 1]], [1.4]).own_class.tolist() == [0]


def test_posterior_masses_are_parted_at_the_cuts():
    grid = Grid(np.array([-1.0, 0.0, 1.0]))
    found = classify_posterior([[0.2, 0.5, 0.3], [2.0, 0.0, 0.0]], [-0.5, 0.25], grid=grid)
    np.testing.assert_allclose(found.probability, [[0.2, 0.375, 0.425], [1, 0, 0]], atol=1e-15)
    assert found.own_class.tolist() == [2, 0]
    assert found.accuracy.tolist() == pytest.approx([0.425, 1.0])


def test_a_normal_posterior_gives_rudners_probabilities():
    theta, se = np.array([-0.7, 0.1, 1.2]), np.array([0.35, 0.3, 0.5])
    posterior = normal_weights(Grid.uniform(401), theta, se)
    by_grid = classify_posterior(posterior, [-0.3, 0.9], grid=Grid.uniform(401))
    np.testing.assert_allclose(by_grid.probability, rudner(theta, se, [-0.3, 0.9]).probability, atol=2e-4)


def test_candidates_are_classified_as_often_rightly_as_foretold():
    items = mathematics().parameters
    theta = np.random.default_rng(3).standard_normal(8000)
    cuts = [-0.6, 0.7]
    found = classify_posterior(eap(simulate_responses(theta, items, seed=4), items).posterior, cuts)
    right = found.own_class == np.searchsorted(cuts, theta, side="right")
    # Four standard errors of a share of 8,000.
    assert right.mean() == pytest.approx(found.marginal_accuracy, abs=0.02)
    sure = found.accuracy > 0.9
    assert right[sure].mean() == pytest.approx(found.accuracy[sure].mean(), abs=0.02)


def test_two_administrations_agree_as_often_as_lee_foretells():
    items, points = mathematics().parameters, mathematics().category_half_points
    theta = np.random.default_rng(5).standard_normal(8000)
    cuts = [14, 26]
    totals = [
        points[np.arange(20), simulate_responses(theta, items, seed=seed)].sum(axis=1) for seed in (6, 7)
    ]
    first, second = (np.searchsorted(cuts, total, side="right") for total in totals)
    by_candidate = lee(theta, items, points, cuts)
    assert (first == second).mean() == pytest.approx(by_candidate.marginal_consistency, abs=0.02)
    assert (first == by_candidate.own_class).mean() == pytest.approx(by_candidate.marginal_accuracy, abs=0.02)
    by_population = lee(DEFAULT_GRID.points, items, points, cuts, weights=normal_weights(DEFAULT_GRID))
    assert by_population.marginal_consistency == pytest.approx(by_candidate.marginal_consistency, abs=0.01)


def test_who_is_not_known_is_left_out_of_the_averages():
    items = twenty_items()
    points = np.tile([0, 1], (20, 1))
    alone, beside = lee([0.3], items, points, [10]), lee([0.3, np.nan], items, points, [10])
    assert np.isnan(beside.accuracy[1]) and beside.own_class[1] == -1
    assert beside.marginal_accuracy == alone.marginal_accuracy
    found = rudner([0.3, np.inf, 0.1], [0.5, 0.5, np.nan], [0.0])
    assert found.weights.tolist() == [1.0, 0.0, 0.0]
    assert np.isnan(found.consistency[1:]).all()
    nobody = classify_posterior(np.zeros((2, 41)), [0.0])
    assert np.isnan(nobody.marginal_accuracy) and np.isnan(nobody.marginal_consistency)


def test_chunks_change_nothing():
    items = twenty_items().select(np.arange(3))
    theta = np.linspace(-2, 2, 9001)
    points = np.tile([0, 1], (3, 1))
    whole = lee(theta, items, points, [2])
    np.testing.assert_array_equal(whole.probability[8999:], lee(theta[8999:], items, points, [2]).probability)


@pytest.mark.parametrize(
    ("classify", "message"),
    [
        (lambda: rudner([0.0], [1.0], []), r"cuts \[\] must be finite and ascend"),
        (lambda: rudner([0.0], [1.0], [0.5, 0.5]), "must be finite and ascend"),
        (lambda: rudner([0.0], [1.0], [np.inf]), "must be finite and ascend"),
        (lambda: rudner([0.0], [0.0], [0.5]), "every se be above 0"),
        (lambda: rudner([0.0, 1.0], [1.0], [0.5]), r"theta \(2,\) and se \(1,\) need shape \(N,\)"),
        (
            lambda: rudner([0.0], [1.0], [0.5], weights=[0.5, 0.5]),
            r"weights have shape \(2,\), expected \(1,\)",
        ),
        (lambda: rudner([0.0], [1.0], [0.5], weights=[-1.0]), "none below 0"),
        (
            lambda: lee([0.0], twenty_items(), np.tile([0, 1], (20, 1)), [0]),
            "a class without a total from 0 to 20",
        ),
        (lambda: lee([0.0], twenty_items(), np.tile([0, 1], (20, 1)), [21]), r"cuts \[21.0\] leave a class"),
        (lambda: lee([0.0], twenty_items(), np.tile([0, 1], (20, 1)), [10.2, 10.8]), "leave a class"),
        (
            lambda: lee([[0.0]], twenty_items(), np.tile([0, 1], (20, 1)), [9]),
            r"shape \(1, 1\), expected \(N,\)",
        ),
        (
            lambda: classify_posterior([[1.0, 0.0]], [0.0]),
            r"posterior has shape \(1, 2\), expected \(N, 41\)",
        ),
    ],
)
def test_impossible_input_is_named(classify, message):
    with pytest.raises(ValueError, match=message):
        classify()

"""Does a new item come to the right place, as surely as it says, and never run away?"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from scoring.irt import DEFAULT_GRID, ItemParameters, eap, normal_weights, simulate_responses
from scoring.irt.calibration import Priors
from scoring.irt.types import FloatArray
from scoring.pretest import PretestItem, is_precise, pretest_item

ANCHORS = ItemParameters.dichotomous(np.full(20, 1.3), np.linspace(-2, 2, 20))


def posteriors(theta: FloatArray) -> FloatArray:
    return eap(simulate_responses(theta, ANCHORS, seed=3), ANCHORS).posterior


def pretested(item: ItemParameters, n: int, *, seed: int = 5, mean: float = 0.0) -> PretestItem:
    theta = mean + np.random.default_rng(seed).standard_normal(n)
    codes = simulate_responses(theta, item, seed=seed)[:, 0]
    c, n_steps = float(item.c[0]), int(item.n_categories[0]) - 1
    return pretest_item(codes, posteriors(theta), start_steps=np.linspace(-0.5, 0.5, n_steps), c=c)


@pytest.mark.parametrize(
    ("item", "steps"),
    [
        (ItemParameters.dichotomous([1.4], [0.5]), [0.5]),
        (ItemParameters.dichotomous([1.4], [0.5], [0.15]), [0.5]),
        (ItemParameters.partial_credit([1.4], [[-1.0, 0.4, 1.2]]), [-1.0, 0.4, 1.2]),
    ],
)
def test_an_item_that_many_met_is_recovered(item: ItemParameters, steps: list[float]) -> None:
    found = pretested(item, 4000)
    assert_allclose(found.steps, steps, atol=0.12)
    assert found.a == pytest.approx(1.4, abs=0.15)
    assert found.b == pytest.approx(float(np.mean(steps)), abs=3 * found.se_b)
    assert is_precise(found.se_b)


def test_standard_errors_say_how_far_estimates_scatter() -> None:
    item = ItemParameters.dichotomous([1.0], [0.3])
    found = [pretested(item, 200, seed=seed) for seed in range(40)]
    z = np.array([(one.b - 0.3) / one.se_b for one in found])
    assert 0.75 < z.std() < 1.25
    assert abs(z.mean()) < 0.5


def test_who_met_it_may_be_stronger_than_others() -> None:
    """The scale is that of the abilities, whoever was given the item."""
    found = pretested(ItemParameters.dichotomous([1.2], [0.8]), 2000, mean=0.9)
    assert found.b == pytest.approx(0.8, abs=0.12)


def test_few_responses_are_drawn_to_the_prior_and_say_so() -> None:
    few, many = (pretested(ItemParameters.dichotomous([1.0], [1.5]), n) for n in (50, 800))
    assert few.se_b > 2 * many.se_b
    assert (few.n, many.n) == (50, 800)
    assert not is_precise(few.se_b)


def test_an_item_that_everybody_solves_stays_finite() -> None:
    found = pretest_item(np.ones(80, dtype=int), posteriors(np.zeros(80)), start_steps=[0.0])
    assert -6 < found.b < -2
    assert np.isfinite([found.a, found.se_a, found.se_b]).all()
    assert not is_precise(found.se_b)


def test_the_estimate_is_the_maximum_of_the_posterior() -> None:
    """With abilities known for certain it is a logistic regression with priors, whose optimum is checked."""
    theta = DEFAULT_GRID.points[np.random.default_rng(2).integers(12, 29, 300)]
    codes = simulate_responses(theta, ItemParameters.dichotomous([1.1], [0.2]), seed=4)[:, 0].astype(float)
    certain = (theta[:, None] == DEFAULT_GRID.points).astype(float)
    found = pretest_item(codes.astype(int), certain, start_steps=[0.0])

    def log_posterior(a: float, b: float) -> float:
        z = a * (theta - b)
        return float((codes * z - np.logaddexp(0, z)).sum() - np.log(a) ** 2 / 0.5 - b**2 / 8)

    best = log_posterior(found.a, found.b)
    for da, db in ((1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)):
        assert log_posterior(found.a + da, found.b + db) < best


def test_a_prior_may_be_left_out() -> None:
    theta = np.random.default_rng(1).standard_normal(3000)
    codes = simulate_responses(theta, ItemParameters.dichotomous([2.5], [0.0]), seed=1)[:, 0]
    free, drawn = (
        pretest_item(codes, posteriors(theta), start_steps=[0.0], priors=priors)
        for priors in (Priors.none(), Priors.weak())
    )
    assert free.a > drawn.a


@pytest.mark.parametrize("codes", [[0, 2], [-1, 0]])
def test_codes_the_item_does_not_have_are_refused(codes: list[int]) -> None:
    flat = np.tile(normal_weights(DEFAULT_GRID), (2, 1))
    with pytest.raises(ValueError, match="codes must lie between 0 and 1"):
        pretest_item(codes, flat, start_steps=[0.0])


def test_every_code_needs_its_posterior() -> None:
    with pytest.raises(ValueError, match=r"posteriors have shape \(1, 41\)"):
        pretest_item([0, 1], normal_weights(DEFAULT_GRID)[None, :], start_steps=[0.0])

"""Does an M-step climb what it should climb, and is its gradient that of the marginal likelihood?"""

from dataclasses import replace

import numpy as np
import pytest

from scoring.irt import Anchors, Priors
from scoring.irt.calibration.layout import FIRST, SLOPE
from scoring.irt.calibration.maximization import item_sums, maximize, objective_of, slopes_of
from scoring.irt.types import FloatArray
from tests.scoring.irt.calibration.examples import DESIGNS, Case, booklets, case, draw, items_of, slope

PRIORS = Priors(log_a=(0.0, 0.7), difficulty=(0.0, 2.0), logit_c=(-1.39, 0.5))


def prepared(name: str, n: int = 200, **options) -> Case:
    models = DESIGNS[name]
    items = items_of(models)
    responses = draw(items, n, seed=21, presented=booklets(n, items.n_items))
    return case(responses, models, **options)


def climbed(found: Case, packed: FloatArray) -> FloatArray:
    """Where one step of EM leads."""
    layout, penalty = found.problem.layout, found.problem.penalty
    expected, estimates = found.expected(packed), found.at(packed)
    return found.packed(maximize(found.data, expected, estimates, layout, penalty, found.grid))


def joined(found: Case, table: FloatArray) -> FloatArray:
    """A gradient by entries of the item table, by free parameters instead: shared slopes add up."""
    index = found.problem.layout.index[: table.size]
    return np.bincount(index[index >= 0], table.ravel()[index >= 0], minlength=found.problem.layout.n_free)


@pytest.mark.parametrize("name", DESIGNS)
def test_the_gradient_by_items_is_that_of_the_marginal_likelihood(name):
    # Fisher's identity, against central differences of the log-likelihood with priors.
    found = prepared(name, priors=PRIORS, groups=np.arange(200) % 2)
    point = found.somewhere(seed=22)
    sums = item_sums(found.data, found.expected(point), found.problem.layout)
    table = found.at(point).items
    here = slopes_of(table, sums, found.problem.layout, found.problem.penalty, found.grid.points)
    numeric = slope(found.objective, point)
    of_items = joined(found, found.problem.layout.free_items(table)) > 0
    np.testing.assert_allclose(joined(found, here.gradient)[of_items], numeric[of_items], atol=2e-5)


@pytest.mark.parametrize("name", DESIGNS)
def test_an_m_step_of_the_population_follows_the_gradient(name):
    # In closed form the step in a mean is the gradient times variance / n, that in the variance likewise.
    group = np.arange(200) % 2
    anchors = Anchors(np.array([0]), items_of(DESIGNS[name]).select([0]))
    found = prepared(name, groups=group, anchors=anchors)
    point = found.somewhere(seed=23)
    start, n = found.at(point), np.bincount(group)
    numeric = found.at(slope(found.objective, point))
    after = found.at(climbed(found, point))
    variance = np.exp(2 * start.log_sd)
    moved = after.mean - start.mean
    np.testing.assert_allclose(moved, numeric.mean * variance / n, atol=1e-6)
    # The gradient by log sd is that with the mean where it was; around the new mean there is less spread.
    around_old = np.exp(2 * after.log_sd) + moved**2
    np.testing.assert_allclose(n * (around_old / variance - 1), numeric.log_sd, atol=2e-5)


def test_an_m_step_of_the_regression_is_weighted_least_squares():
    rng = np.random.default_rng(24)
    covariates, weights = rng.normal(0, 1, (200, 3)), rng.integers(1, 4, 200).astype(float)
    anchors = Anchors(np.array([0]), items_of(DESIGNS["mixed"]).select([0]))
    found = prepared("mixed", covariates=covariates, weights=weights, anchors=anchors)
    point = found.somewhere(seed=25)
    expected, after = found.expected(point), found.at(climbed(found, point))
    design = np.column_stack((np.ones(200), found.data.covariates))
    root = np.sqrt(found.data.weights)
    solution, *_ = np.linalg.lstsq(design * root[:, None], expected.eap * root, rcond=None)
    np.testing.assert_allclose(np.append(after.mean, after.coefficients), solution, atol=1e-9)
    # The residual variance is that around what is predicted now: the gradient knows the one around then.
    start, numeric = found.at(point), found.at(slope(found.objective, point))
    then, now = design @ np.append(start.mean, start.coefficients), design @ solution
    total = found.data.weights.sum()
    around_then = np.exp(2 * start.log_sd) * (total + numeric.log_sd)
    closer = found.data.weights @ ((expected.eap - then) ** 2 - (expected.eap - now) ** 2)
    np.testing.assert_allclose(np.exp(2 * after.log_sd), (around_then - closer) / total, rtol=1e-6)
    # And it is stationary where the gradient is 0: the normal equations are its gradient.
    by_hand = design.T @ (found.data.weights * (expected.eap - then)) / np.exp(2 * start.log_sd)
    np.testing.assert_allclose(np.append(numeric.mean, numeric.coefficients), by_hand, atol=2e-5)


@pytest.mark.parametrize("name", DESIGNS)
def test_curvature_is_symmetric_and_never_negative(name):
    found = prepared(name, priors=PRIORS)
    point = found.somewhere(seed=26)
    sums = item_sums(found.data, found.expected(point), found.problem.layout)
    table = found.at(point).items
    here = slopes_of(table, sums, found.problem.layout, found.problem.penalty, found.grid.points)
    np.testing.assert_allclose(here.curvature, here.curvature.transpose(0, 2, 1), atol=1e-9)
    assert np.linalg.eigvalsh(here.curvature).min() > -1e-9


@pytest.mark.parametrize("name", ["rasch", "1pl", "2pl", "pcm", "gpcm"])
def test_curvature_of_linear_items_is_exact(name):
    found = prepared(name)
    point = found.somewhere(seed=27)
    layout, penalty, theta = found.problem.layout, found.problem.penalty, found.grid.points
    sums = item_sums(found.data, found.expected(point), layout)
    table = found.at(point).items
    here = slopes_of(table, sums, layout, penalty, theta)
    for column in range(table.shape[1] - 1):
        by = np.zeros_like(table)
        by[:, column] = 1e-5
        ahead = slopes_of(table + by, sums, layout, penalty, theta).gradient
        behind = slopes_of(table - by, sums, layout, penalty, theta).gradient
        np.testing.assert_allclose(here.curvature[:, :, column], (behind - ahead) / 2e-5, atol=1e-4)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("seed", range(4))
def test_a_step_of_em_never_lowers_the_likelihood(name, seed):
    found = prepared(name, priors=PRIORS if seed % 2 else None, groups=np.arange(200) % 2)
    point = found.somewhere(seed=100 + seed, spread=0.3)
    if name in ("grm", "mixed"):  # intercepts of graded items have to fall
        point = found.somewhere(seed=100 + seed, spread=0.1)
    values = [found.objective(point)]
    for _ in range(6):
        point = climbed(found, point)
        values.append(found.objective(point))
    assert np.isfinite(values[0])
    assert np.diff(values).min() >= -1e-9 * abs(values[0])
    assert values[-1] > values[0]


@pytest.mark.parametrize("name", ["2pl", "3pl", "grm", "mixed"])
def test_a_step_of_em_climbs_from_far_away_too(name):
    found = prepared(name)
    start = found.problem.start
    far = start.items.copy()
    far[:, SLOPE] = 8.0
    far[:, FIRST:-1] += 3.0
    point = found.packed(replace(start, items=far))
    values = []
    for _ in range(8):
        values.append(found.objective(point))
        point = climbed(found, point)
    assert np.diff(values).min() >= -1e-9 * abs(values[0])


@pytest.mark.parametrize("name", DESIGNS)
def test_the_objective_alone_is_the_one_with_the_gradient(name):
    found = prepared(name, priors=PRIORS)
    layout, penalty, theta = found.problem.layout, found.problem.penalty, found.grid.points
    point = found.somewhere(seed=28)
    sums = item_sums(found.data, found.expected(point), layout)
    table = found.at(point).items
    here = slopes_of(table, sums, layout, penalty, theta)
    np.testing.assert_allclose(objective_of(table, sums, layout, penalty, theta), here.objective, rtol=1e-12)


def test_graded_intercepts_that_do_not_fall_are_impossible():
    found = prepared("grm")
    layout, penalty, theta = found.problem.layout, found.problem.penalty, found.grid.points
    sums = item_sums(found.data, found.expected(found.packed(found.problem.start)), layout)
    table = found.problem.start.items.copy()
    table[1, [FIRST, FIRST + 1]] = table[1, [FIRST + 1, FIRST]]
    worth = objective_of(table, sums, layout, penalty, theta)
    assert worth[1] == -np.inf and np.isfinite(np.delete(worth, 1)).all()


def test_sums_by_item_are_the_candidates_who_met_it():
    found = prepared("mixed")
    sums = item_sums(found.data, found.expected(found.packed(found.problem.start)), found.problem.layout)
    shown = booklets(200, 8).sum(axis=0)[found.problem.order]
    np.testing.assert_allclose(sums.met.sum(axis=1), shown, rtol=1e-12)
    n_linear = found.problem.layout.n_linear
    np.testing.assert_allclose(sums.categories.sum(axis=(1, 2)), shown[n_linear:], rtol=1e-12)

"""Do priors add what their densities say, and only where they apply?"""

import numpy as np
import pytest

from scoring.irt import Anchors, ItemParameters, Priors
from scoring.irt.calibration.penalty import step_difficulties
from tests.scoring.irt.calibration.examples import DESIGNS, case, draw, items_of, slope

EVERY = Priors(log_a=(0.2, 0.4), difficulty=(0.5, 1.5), logit_c=(-1.1, 0.6))


def prepared(name: str, priors: Priors):
    models = DESIGNS[name]
    items = items_of(models)
    return items, case(draw(items, 300, seed=1), models, priors=priors)


@pytest.mark.parametrize("name", DESIGNS)
def test_step_difficulties_are_those_of_the_item_parameters(name):
    items = items_of(DESIGNS[name])
    anchors = Anchors(np.arange(items.n_items), items)
    found = case(draw(items, 300, seed=1), DESIGNS[name], anchors=anchors)
    difficulty, _ = step_difficulties(found.problem.start.items, found.problem.layout)
    expected = np.nan_to_num(items.b[:, None] + items.steps)[found.problem.order]
    np.testing.assert_allclose(difficulty, expected, atol=1e-12)


@pytest.mark.parametrize("name", DESIGNS)
def test_derivatives_of_step_difficulties_are_finite_differences(name):
    _, found = prepared(name, EVERY)
    layout, start = found.problem.layout, found.problem.start
    table = start.items + np.random.default_rng(1).normal(0, 0.1, start.items.shape)
    _, jacobian = step_difficulties(table, layout)
    for column in range(table.shape[1]):
        by = np.zeros_like(table)
        by[:, column] = 1e-6
        ahead, _ = step_difficulties(table + by, layout)
        behind, _ = step_difficulties(table - by, layout)
        np.testing.assert_allclose(jacobian[:, :, column], (ahead - behind) / 2e-6, atol=1e-7)


def test_density_by_hand():
    models = ["2pl", "3pl", "gpcm", "2pl"]
    items = items_of(models)
    anchors = Anchors(np.array([3]), ItemParameters.dichotomous(1.4, [0.3]))
    found = case(draw(items, 300, seed=2), models, priors=EVERY, anchors=anchors)
    layout, table = found.problem.layout, found.problem.start.items
    place = {int(item): at for at, item in enumerate(found.problem.order)}
    table[:, 0] = 1.3
    by_item, _, _ = found.problem.penalty.slopes(table, layout)
    difficulty, _ = step_difficulties(table, layout)
    of_slope = -0.5 * ((np.log(1.3) - 0.2) / 0.4) ** 2
    of_steps = -0.5 * ((difficulty - 0.5) / 1.5) ** 2
    of_guessing = -0.5 * ((table[place[1], -1] + 1.1) / 0.6) ** 2
    n_steps = layout.steps.sum(axis=1)
    assert by_item[place[0]] == pytest.approx(of_slope + of_steps[place[0], 0])
    assert by_item[place[1]] == pytest.approx(of_slope + of_steps[place[1], 0] + of_guessing)
    assert by_item[place[2]] == pytest.approx(of_slope + of_steps[place[2], : n_steps[place[2]]].sum())
    assert by_item[place[3]] == 0.0
    assert found.problem.penalty.total(table, layout) == pytest.approx(by_item.sum())


@pytest.mark.parametrize("name", DESIGNS)
def test_gradient_is_finite_differences(name):
    _, found = prepared(name, EVERY)
    layout, penalty = found.problem.layout, found.problem.penalty
    point = found.somewhere(seed=3)
    _, gradient, _ = penalty.slopes(found.at(point).items, layout)
    numeric = slope(lambda packed: penalty.total(found.at(packed).items, layout), point)
    free = layout.index[: gradient.size] >= 0
    joined = np.bincount(layout.index[: gradient.size][free], gradient.ravel()[free], minlength=layout.n_free)
    np.testing.assert_allclose(joined, numeric, atol=1e-6)


def test_curvature_never_turns_negative():
    _, found = prepared("mixed", EVERY)
    table = found.at(found.somewhere(seed=4, spread=0.5)).items
    _, _, curvature = found.problem.penalty.slopes(table, found.problem.layout)
    np.testing.assert_allclose(curvature, curvature.transpose(0, 2, 1))
    assert np.linalg.eigvalsh(curvature).min() > -1e-12


def test_a_shared_slope_has_one_prior():
    _, found = prepared("1pl", Priors(log_a=(0.0, 0.5)))
    table = found.problem.start.items.copy()
    table[:, 0] = np.e
    assert found.problem.penalty.total(table, found.problem.layout) == pytest.approx(-0.5 * (1 / 0.5) ** 2)


def test_a_prior_on_slopes_forbids_what_is_not_positive():
    _, found = prepared("2pl", Priors(log_a=(0.0, 0.5)))
    table = found.problem.start.items.copy()
    table[2, 0] = -0.1
    assert found.problem.penalty.total(table, found.problem.layout) == -np.inf


def test_without_priors_nothing_is_added():
    _, found = prepared("mixed", Priors.none())
    value, gradient, curvature = found.problem.penalty.slopes(found.problem.start.items, found.problem.layout)
    assert not value.any() and not gradient.any() and not curvature.any()

"""Are estimates and their standard errors told in the scale of a, b, steps and c, in the order of columns?"""

import numpy as np
import pytest

from scoring.irt import Anchors, Population, Priors, fit
from scoring.irt.calibration import outcome as outcome_module
from scoring.irt.calibration.information import observed_information
from scoring.irt.calibration.layout import FIRST, SLOPE
from scoring.irt.calibration.search import search
from scoring.irt.types import FloatArray
from tests.scoring.irt.calibration.examples import DESIGNS, Case, booklets, case, draw, items_of, slope


def told(found: Case, packed: FloatArray) -> FloatArray:
    """a, b, every step and c of each item, then sd, by the formulas of the models; 0 where there is none."""
    estimates, layout = found.at(packed), found.problem.layout
    rows = []
    for at, (items, own) in enumerate(zip(estimates.items, layout.steps, strict=True)):
        intercepts = items[FIRST : FIRST + own.sum()]
        rise = np.diff(intercepts, prepend=0.0) if at < layout.n_linear else intercepts
        difficulty = -rise / items[SLOPE]
        guessing = at >= layout.n_linear and not layout.graded[at]
        c = 1 / (1 + np.exp(-items[-1])) if guessing else 0.0
        steps = np.pad(difficulty, (0, own.size - difficulty.size))
        rows.append(np.concatenate(([items[SLOPE], difficulty.mean()], steps, [c])))
    in_order = np.array(rows)[np.argsort(found.problem.order)]
    return np.append(in_order.ravel(), np.exp(estimates.log_sd))


@pytest.mark.parametrize("name", DESIGNS)
def test_estimates_and_standard_errors_are_those_of_the_delta_method(name):
    models = DESIGNS[name]
    items = items_of(models)
    n = 300
    responses = draw(items, n, 71, presented=booklets(n, items.n_items))
    anchors = Anchors(np.array([1]), items.select([1]))
    given = {"anchors": anchors, "priors": Priors.weak()}
    result = fit(responses, models, tolerance=1e-7, **given)
    found = case(responses, models, **given)
    end = search(
        found.data,
        found.problem.start,
        found.problem.layout,
        found.problem.penalty,
        result.grid,
        tolerance=1e-7,
        max_iterations=1000,
        progress=None,
    )
    packed = found.packed(end.estimates)
    values, jacobian = told(found, packed), slope(lambda at: told(found, at), packed, 1e-5)
    information = observed_information(
        found.data, end.expected, end.estimates, found.problem.layout, found.problem.penalty, result.grid
    )
    errors = np.sqrt(np.einsum("fv,fg,gv->v", jacobian, np.linalg.inv(information), jacobian))

    def row(a, b, steps, c, sd) -> FloatArray:
        return np.append(np.column_stack((a, b, np.nan_to_num(steps), c)).ravel(), sd)

    places = result.b[:, None] + result.steps
    population = result.population
    np.testing.assert_allclose(
        row(result.a, result.b, places, result.c, population.sd), values, rtol=1e-4, atol=1e-5
    )
    got = row(result.se_a, result.se_b, result.se_steps, result.se_c, population.se_sd)
    np.testing.assert_allclose(got, errors, rtol=1e-3, atol=1e-6)


def test_what_is_held_fixed_has_no_error():
    items = items_of(DESIGNS["mixed"])
    responses = draw(items, 400, 72)
    anchors = Anchors(np.array([0, 2]), items.select([0, 2]))
    result = fit(responses, DESIGNS["mixed"], anchors=anchors, population=Population.fixed())
    for item in (0, 2):
        assert result.se_a[item] == result.se_b[item] == result.se_c[item] == 0.0
    assert np.nanmax(result.se_steps[[0, 2]]) == 0.0
    assert result.population.se_mean[0] == result.population.se_sd[0] == 0.0
    assert (np.delete(result.se_a, [0, 2]) > 0).all()
    # Only items with guessing have an error of c, and only own steps one at all.
    assert (result.se_c == 0).all()
    own = np.arange(result.steps.shape[1]) < result.n_categories[:, None] - 1
    np.testing.assert_array_equal(np.isfinite(result.se_steps), own)
    np.testing.assert_array_equal(np.isfinite(result.steps), own)


def test_a_common_slope_has_a_common_error():
    result = fit(draw(items_of(["1pl"] * 6), 300, 73), "1pl")
    assert np.ptp(result.a) == 0.0 and np.ptp(result.se_a) == 0.0 and result.se_a[0] > 0


def test_without_standard_errors_the_estimates_are_the_same():
    responses = draw(items_of(DESIGNS["mixed"]), 300, 74)
    with_errors = fit(responses, DESIGNS["mixed"])
    without = fit(responses, DESIGNS["mixed"], standard_errors=False)
    for name in ("a", "b", "c", "steps"):
        np.testing.assert_array_equal(getattr(without, name), getattr(with_errors, name))
        assert np.isnan(getattr(without, f"se_{name}")).all()
    assert np.isnan(without.population.se_mean).all()


def test_where_the_information_is_no_information_there_are_no_errors(monkeypatch):
    responses = draw(items_of(["2pl"] * 5), 300, 75)
    monkeypatch.setattr(outcome_module, "observed_information", lambda *given: -np.eye(10))
    result = fit(responses, "2pl")
    assert np.isnan(result.se_a).all() and np.isnan(result.se_b).all()
    assert np.isfinite(result.a).all() and result.converged


def test_the_gradient_norm_is_that_of_the_likelihood_with_priors():
    priors = Priors(log_a=(0.0, 0.5), difficulty=(0.0, 2.0))
    responses = draw(items_of(["2pl"] * 6), 300, 76)
    early = fit(responses, "2pl", priors=priors, max_iterations=2, standard_errors=False)
    found = case(responses, ["2pl"] * 6, priors=priors)
    packed = np.column_stack((early.a, -early.a * early.b)).ravel()
    assert early.gradient_norm > 0.1
    assert early.gradient_norm == pytest.approx(np.linalg.norm(slope(found.objective, packed)), rel=1e-5)
    late = fit(responses, "2pl", priors=priors, tolerance=1e-8, standard_errors=False)
    assert late.converged and late.gradient_norm < 1e-4


def test_flags_are_in_the_order_of_items():
    responses = draw(items_of(["2pl"] * 8), 400, 77)
    responses[:, 6] = 1
    responses[:, 3] = 1 - responses[:, 3]
    responses[:, 1] = -1
    responses[:, 7] = responses[:, 0]
    result = fit(responses, "2pl", standard_errors=False)
    assert [(flag.item, flag.kind) for flag in result.flags] == [
        (1, "never_presented"),
        (3, "negative_slope"),
        (6, "one_category"),
        (7, "identical"),
    ]
    assert result.calibrated.tolist() == [True, False, True, False, True, True, False, True]
    assert result.items.n_items == 5

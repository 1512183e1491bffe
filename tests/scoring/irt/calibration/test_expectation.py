"""Is the E-step that of the definition, in either precision, without a number float32 cannot hold?"""

from dataclasses import replace

import numpy as np
import pytest

from scoring.irt import Anchors, Grid, ItemParameters, Population, eap, log_likelihood
from scoring.irt.calibration import data as data_module
from scoring.irt.calibration.data import Data
from scoring.irt.calibration.expectation import CHUNK, Posterior, Workspace, expect
from scoring.irt.types import FloatArray
from tests.scoring.irt.calibration.examples import DESIGNS, GRID, Case, booklets, case, draw, items_of

MIXED = items_of(DESIGNS["mixed"])


def populations(mean, sd) -> Population:
    zero = np.zeros(len(mean))
    return Population(tuple(range(len(mean))), np.array(mean), np.array(sd), zero, zero, zero[:0], zero[:0])


def known(responses, items, *, population=None, **options) -> Case:
    """A case where every item is an anchor, so that its start is the given parameters."""
    anchors = Anchors(np.arange(items.n_items), items)
    return case(
        responses,
        ["2pl"] * items.n_items,
        anchors=anchors,
        population=None if "covariates" in options else population or populations([0], [1]),
        **options,
    )


def by_definition(responses, items, mean, sd, grid=GRID) -> tuple[FloatArray, FloatArray]:
    """Marginal log-likelihood (N,) and posterior (N, Q), mean and sd being those of each candidate, (N,)."""
    z = (grid.points - np.broadcast_to(mean, len(responses))[:, None]) / sd
    prior = grid.spacing * np.exp(-0.5 * z**2) / (np.sqrt(2 * np.pi) * sd)
    joint = np.exp(log_likelihood(responses, items, grid=grid)) * prior
    marginal = joint.sum(axis=1)
    return np.log(marginal), joint / marginal[:, None]


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("complete", [True, False], ids=["complete", "booklets"])
def test_the_log_likelihood_is_that_of_the_definition(name, complete):
    items = items_of(DESIGNS[name])
    shown = None if complete else booklets(300, items.n_items)
    responses = draw(items, 300, seed=2, presented=shown)
    weights = 1.0 + np.arange(300) % 3
    found = known(responses, items, weights=weights, population=populations([0.3], [1.2]))
    marginal, _ = by_definition(responses, items, 0.3, 1.2)
    got = expect(found.data, found.problem.start, found.problem.layout, GRID)
    # Rows that are sums of several candidates hold their mean responses, which float32 has to round.
    rounding = 1e-8 if found.data.codes.size == 0 else 1e-12
    assert got.log_likelihood == pytest.approx(weights @ marginal, rel=rounding)
    assert got.counts.sum() == pytest.approx(weights.sum(), rel=1e-12)


def test_sums_over_candidates_are_those_of_the_definition():
    responses = draw(MIXED, 200, seed=3, presented=booklets(200, MIXED.n_items))
    weights = 1.0 + np.arange(200) % 2
    found = known(responses, MIXED, weights=weights)
    got = expect(found.data, found.problem.start, found.problem.layout, GRID)
    _, posterior = by_definition(responses, MIXED, 0.0, 1.0)
    weighted = weights[:, None] * posterior
    data = found.data
    for row, (item, category) in enumerate(zip(data.hit_item, data.hit_category, strict=True)):
        hit = responses[:, data.tabled[item]] == category
        np.testing.assert_allclose(got.hits[row], hit @ weighted, atol=1e-9)
    scores = np.maximum(responses[:, data.linear], 0)
    np.testing.assert_allclose(got.slope_statistic, scores.T @ weighted @ GRID.points, atol=1e-9)
    np.testing.assert_allclose(got.counts.sum(axis=0), weighted.sum(axis=0), atol=1e-9)


def test_expected_theta_is_the_one_of_scoring():
    responses = draw(MIXED, 100, seed=4)
    found = known(responses, MIXED)
    got = expect(found.data, found.problem.start, found.problem.layout, GRID)
    scored = eap(found.data.codes[:, np.argsort(found.problem.order)], MIXED, grid=GRID)
    # Scoring scales its prior over the grid to 1; the tails beyond hold 4 in 100 million.
    np.testing.assert_allclose(got.eap, scored.theta, atol=1e-6)


def test_each_group_has_its_own_prior():
    responses = draw(MIXED, 300, seed=5)
    group = np.arange(300) % 3
    mean, sd = np.array([0.0, -0.7, 1.1]), np.array([1.0, 0.8, 1.3])
    found = known(responses, MIXED, groups=group, population=populations(mean, sd))
    marginal, _ = by_definition(responses, MIXED, mean[group], sd[group][:, None])
    got = expect(found.data, found.problem.start, found.problem.layout, GRID)
    assert got.log_likelihood == pytest.approx(marginal.sum(), rel=1e-12)
    np.testing.assert_allclose(np.bincount(found.data.group, got.counts.sum(axis=1)), [100, 100, 100])


def test_with_a_regression_each_candidate_has_a_prior():
    responses = draw(MIXED, 300, seed=6)
    covariates = np.random.default_rng(7).normal(0, 1, (300, 2))
    found = known(responses, MIXED, covariates=covariates)
    start = replace(
        found.problem.start,
        mean=np.array([0.2]),
        log_sd=np.log([0.9]),
        coefficients=np.array([0.5, -0.3]),
    )
    marginal, _ = by_definition(responses, MIXED, 0.2 + covariates @ [0.5, -0.3], 0.9)
    got = expect(found.data, start, found.problem.layout, GRID)
    assert got.log_likelihood == pytest.approx(marginal.sum(), rel=1e-12)


def test_many_sets_of_items_are_gone_through_as_few_are(monkeypatch):
    responses = draw(MIXED, 300, seed=8, presented=np.random.default_rng(9).random((300, 8)) < 0.7)
    segments = known(responses, MIXED)
    monkeypatch.setattr(data_module, "_MOST_SEGMENTS", 1)
    irregular = known(responses, MIXED)
    assert irregular.data.irregular and not segments.data.irregular
    got, same = (
        expect(one.data, one.problem.start, one.problem.layout, GRID) for one in (irregular, segments)
    )
    assert got.log_likelihood == pytest.approx(same.log_likelihood, rel=1e-13)
    n_hits = segments.data.hit_item.size
    np.testing.assert_allclose(got.hits[:n_hits], same.hits, atol=1e-9)
    np.testing.assert_allclose(got.slope_statistic, same.slope_statistic, atol=1e-9)
    met = segments.data.presented.T.astype(float) @ same.counts
    np.testing.assert_allclose(got.hits[n_hits:], met, atol=1e-9)


def test_a_border_between_chunks_changes_nothing():
    items = items_of(["2pl"] * 14)
    responses = draw(items, CHUNK + 5, seed=10, presented=booklets(CHUNK + 5, 14))
    found = known(responses, items)
    got = expect(found.data, found.problem.start, found.problem.layout, GRID)
    marginal, posterior = by_definition(responses, items, 0.0, 1.0)
    assert got.log_likelihood == pytest.approx(marginal.sum(), rel=1e-12)
    np.testing.assert_allclose(got.counts.sum(axis=0), posterior.sum(axis=0), atol=1e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_workspace_used_again_changes_nothing(dtype):
    responses = draw(MIXED, CHUNK + 5, seed=14, presented=booklets(CHUNK + 5, MIXED.n_items))
    found = known(responses, MIXED)
    space = Workspace(found.data, GRID, dtype)
    first, again = (
        expect(found.data, found.problem.start, found.problem.layout, GRID, space) for _ in range(2)
    )
    assert again.log_likelihood == first.log_likelihood
    np.testing.assert_array_equal(again.hits, first.hits)
    np.testing.assert_array_equal(again.eap, first.eap)


@pytest.mark.parametrize("name", ["2pl", "3pl", "grm", "mixed"])
def test_float32_agrees_with_float64(name):
    items = items_of(DESIGNS[name] * 10)
    responses = draw(items, 500, seed=11)
    found = known(responses, items)
    single, double = (
        expect(
            found.data, found.problem.start, found.problem.layout, GRID, Workspace(found.data, GRID, dtype)
        )
        for dtype in (np.float32, np.float64)
    )
    assert single.log_likelihood == pytest.approx(double.log_likelihood, rel=1e-6)
    np.testing.assert_allclose(single.eap, double.eap, rtol=0, atol=1e-4)
    np.testing.assert_allclose(single.counts, double.counts, rtol=0, atol=1e-4 * 500)
    np.testing.assert_allclose(single.slope_statistic, double.slope_statistic, rtol=1e-4, atol=1e-4)


def weights_of(data: Data, found: Case) -> FloatArray:
    space = Workspace(data, found.grid, np.float32)
    posterior = Posterior(data, found.problem.start, found.problem.layout, found.grid, space)
    parts = [
        posterior.weights(start, min(start + CHUNK, data.n_rows))[0].copy()
        for start in range(0, data.n_rows, CHUNK)
    ]
    assert all(part.dtype == np.float32 for part in parts)
    return np.concatenate(parts, axis=1)


@pytest.mark.parametrize("name", ["2pl", "grm", "mixed"])
def test_no_weight_is_a_denormal_number(name):
    # 200 items: away from a candidate the likelihood is far below the smallest normal float32, 1.2e-38.
    items = items_of(DESIGNS[name] * 30)
    responses = draw(items, 40, seed=12)
    found = known(responses, items, grid=Grid.uniform(61, -8, 8))
    _, posterior = by_definition(responses, items, 0.0, 1.0, found.grid)
    assert (posterior < 1e-40).mean() > 0.1
    weights = weights_of(found.data, found)
    assert not ((weights > 0) & (weights < 1e-37)).any()
    assert weights.max() == 1.0
    # What is added up is a weight divided by at most the number of points.
    assert weights.min() / found.grid.size > 1e-37


def test_what_is_cut_off_carries_nothing():
    items = items_of(["2pl"] * 200)
    responses = draw(items, 50, seed=13)
    found = known(responses, items)
    got = expect(found.data, found.problem.start, found.problem.layout, GRID)
    marginal, posterior = by_definition(responses, items, 0.0, 1.0)
    assert got.log_likelihood == pytest.approx(marginal.sum(), rel=1e-13)
    np.testing.assert_allclose(got.eap, posterior @ GRID.points, rtol=0, atol=1e-12)


def test_a_category_that_cannot_occur_does_not_poison_the_sums():
    items = ItemParameters.graded_response([30.0, 1.0, 1.0], [[-3.0, 3.0], [-1.0, 1.0], [0.0, 1.0]])
    responses = np.array([[2, 0, 0], [0, 2, 2], [1, 1, 1]], dtype=np.int8)
    found = known(responses, items)
    got = expect(found.data, found.problem.start, found.problem.layout, GRID)
    assert np.isfinite(got.log_likelihood)
    assert np.isfinite(got.hits).all() and np.isfinite(got.counts).all()

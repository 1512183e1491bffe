"""Does one call score by every method, and do scores behave as scores should?"""

import numpy as np
import pytest

from scoring.irt.ability.scores import score
from scoring.irt.calibration import Anchors, fit
from scoring.irt.quadrature import Grid
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import NOT_PRESENTED, ItemParameters, MissingRule
from tests.scoring.irt import lsat
from tests.scoring.irt.scored_items import LSAT6_PATTERNS, LSAT6_SCORES, mixed_items, rescaled

METHODS = ["eap", "map", "ml", "wle"]
BAYESIAN = ["eap", "map"]


def test_eap_of_all_32_patterns_of_lsat_6_as_published():
    scores = score(LSAT6_PATTERNS, lsat.items(6), grid=lsat.grid(6))
    rows = lsat.section(6)["patterns"]
    assert [row["responses"] for row in rows] == LSAT6_PATTERNS.tolist()
    np.testing.assert_allclose(scores.theta, lsat.column(rows, "theta"), rtol=0, atol=2e-6)
    np.testing.assert_allclose(scores.se, lsat.column(rows, "se"), rtol=0, atol=2e-6)
    assert scores.method == "eap"
    assert scores.n_items.tolist() == [5] * 32


def test_each_method_gives_its_own_estimate():
    row = LSAT6_SCORES["patterns"][21]
    published = {"map": row["map"][0], "ml": row["ml"][0], "wle": row["wle"]}
    for method, theta in published.items():
        scores = score(LSAT6_PATTERNS[[21]], lsat.items(6), method, grid=lsat.grid(6))
        assert scores.theta[0] == pytest.approx(theta, abs=5e-6)
        assert scores.method == method
    assert len(set(published.values())) == 3


def test_a_calibration_is_scored_without_the_column_it_left_out():
    never_presented = np.full((1000, 1), NOT_PRESENTED)
    responses = np.hstack((lsat.responses(6)[:, :2], never_presented, lsat.responses(6)[:, 2:]))
    calibration = fit(responses, "2pl")
    assert calibration.calibrated.tolist() == [True, True, False, True, True, True]
    scores = score(responses, calibration)
    plain = score(lsat.responses(6), lsat.items(6))
    np.testing.assert_allclose(scores.theta, plain.theta, rtol=0, atol=0.005)
    np.testing.assert_allclose(scores.se, plain.se, rtol=0, atol=0.005)
    assert scores.n_items.tolist() == [5] * 1000


def test_responses_count_as_the_rules_say():
    items = ItemParameters.dichotomous(1.0, [0.0, 0.5, 1.0])
    scores = score([[1, -2, -3], [1, 0, -1], [1, -1, 0]], items)
    assert scores.n_items.tolist() == [2, 2, 2]
    assert scores.theta[0] == scores.theta[1] != scores.theta[2]
    other = score(
        [[1, -2, -3]], items, omitted=MissingRule.NOT_PRESENTED, not_reached=MissingRule.CATEGORY_ZERO
    )
    assert other.theta[0] == pytest.approx(scores.theta[2], abs=1e-6)


def test_without_responses_there_is_the_prior_or_nothing():
    items = ItemParameters.dichotomous(1.0, [0.0])
    for method in METHODS:
        scores = score([[NOT_PRESENTED]], items, method, prior_mean=-0.5, prior_sd=0.6)
        expected = [-0.5, 0.6] if method in BAYESIAN else [np.nan, np.nan]
        np.testing.assert_allclose([scores.theta[0], scores.se[0]], expected, rtol=0, atol=1e-4)
        assert scores.n_items.tolist() == [0]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n_items", [1, 8, 200])
def test_extreme_patterns_are_finite(method, n_items):
    items = mixed_items(n_items, steepest=3.0, c=0.2)
    extremes = np.stack([np.zeros(n_items, dtype=np.int64), items.n_categories - 1])
    scores = score(extremes, items, method)
    assert np.isfinite(scores.theta).all() and np.isfinite(scores.se).all()
    assert -13 < scores.theta[0] < scores.theta[1] < 13.1
    if method != "ml":
        far = score(extremes, items, method, grid=Grid.uniform(401, -40, 40))
        np.testing.assert_allclose(scores.theta, far.theta, rtol=0, atol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_order_of_candidates_and_items_does_not_matter(method):
    rng = np.random.default_rng(13)
    items = mixed_items(9, c=0.2)
    responses = simulate_responses(
        rng.normal(0, 1.2, 300), items, seed=13, presented=rng.random((300, 9)) < 0.8
    )
    people, places = rng.permutation(300), rng.permutation(9)
    straight = score(responses, items, method)
    shuffled = score(responses[people][:, places], items.select(places), method)
    np.testing.assert_allclose(shuffled.theta, straight.theta[people], rtol=0, atol=1e-5)
    np.testing.assert_allclose(shuffled.se, straight.se[people], rtol=1e-4)
    for place in (0, 117, 299):
        alone = score(responses[[place]], items, method)
        np.testing.assert_allclose(alone.theta[0], straight.theta[place], rtol=0, atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_a_higher_category_never_lowers_theta(method):
    items = mixed_items(9)
    responses = simulate_responses(np.linspace(-2.5, 2.5, 60), items, seed=14)
    for item, n_categories in enumerate(items.n_categories):
        ladders = np.repeat(responses[:, None, :], n_categories, axis=1)
        ladders[:, :, item] = np.arange(n_categories)
        theta = score(ladders.reshape(-1, 9), items, method).theta.reshape(60, n_categories)
        # Where the likelihood alone has no maximum, neighbours share the end of the range.
        assert (np.diff(theta, axis=1) >= (0.0 if method == "ml" else 1e-6)).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("factor", "shift"), [(2.5, 1.0), (0.4, -3.0)])
def test_the_unit_and_zero_of_the_scale_do_not_matter(method, factor, shift):
    items = mixed_items(10, c=0.15)
    responses = simulate_responses(np.linspace(-2, 2, 60), items, seed=13)
    one = score(responses, items, method, prior_mean=0.2, prior_sd=1.1, grid=Grid.uniform())
    other = score(
        responses,
        rescaled(items, factor=factor, shift=shift),
        method,
        prior_mean=0.2 * factor + shift,
        prior_sd=1.1 * factor,
        grid=Grid.uniform(41, -5 * factor + shift, 5 * factor + shift),
    )
    np.testing.assert_allclose(other.theta, one.theta * factor + shift, rtol=0, atol=2e-5 * factor)
    np.testing.assert_allclose(other.se, one.se * factor, rtol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_items_not_presented_cost_precision_only(method):
    items = mixed_items(24)
    theta = np.repeat([-0.8, 0.0, 0.8], 250)
    complete = simulate_responses(theta, items, seed=14)
    some = complete.copy()
    some[:, 1::2] = NOT_PRESENTED
    full, half = (score(codes, items, method) for codes in (complete, some))
    assert half.se.mean() > 1.2 * full.se.mean()
    for scores in (full, half):
        error = scores.theta - theta
        # The errors are as large as said (eap and map speak of the whole population, hence the margin) ...
        assert (error**2).mean() == pytest.approx((scores.se**2).mean(), rel=0.2)
        # ... and go both ways.
        assert abs(error.mean()) < 4 * scores.se.mean() / np.sqrt(750)
    subset = score(complete[:, ::2], items.select(np.arange(0, 24, 2)), method)
    np.testing.assert_allclose(half.theta, subset.theta, rtol=0, atol=1e-5)


@pytest.mark.parametrize("method", BAYESIAN)
def test_each_candidate_has_the_population_given(method):
    items = mixed_items(10)
    responses = np.repeat(simulate_responses([0.0], items, seed=15), 3, axis=0)
    mean, sd = np.array([-1.0, 0.0, 1.0]), np.array([0.5, 1.0, 0.5])
    together = score(responses, items, method, prior_mean=mean, prior_sd=sd)
    assert (np.diff(together.theta) > 0).all()
    for place in range(3):
        alone = score(responses[[place]], items, method, prior_mean=mean[place], prior_sd=sd[place])
        assert together.theta[place] == pytest.approx(alone.theta[0], abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_and_nothing_are_no_trouble(method):
    items = mixed_items(3)
    assert score(np.zeros((0, 3), dtype=np.int8), items, method).theta.size == 0
    none = items.select(np.array([], dtype=np.int64))
    scores = score(np.zeros((2, 0), dtype=np.int8), none, method)
    assert scores.n_items.tolist() == [0, 0]
    np.testing.assert_allclose(scores.theta, 0.0 if method in BAYESIAN else np.nan, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"method": "mle"}, "method must be one of eap, map, ml, wle, not 'mle'"),
        ({"prior_sd": 0.0}, "prior_sd must be finite and positive"),
        ({"prior_mean": [0.0, 0.0, 0.0]}, r"prior_mean has shape \(3,\), expected one number or \(2,\)"),
        ({"responses": [[0, 0], [0, 3]]}, "candidate 1, item 1: no category 3"),
    ],
)
def test_bad_input_is_named(change, message):
    given_input = {"responses": [[0, 1], [1, 1]], "items": ItemParameters.dichotomous(1.0, [0.0, 1.0])}
    with pytest.raises(ValueError, match=message):
        score(**(given_input | change))


def test_a_calibration_is_scored_in_its_own_population():
    responses = lsat.responses(6)
    calibration = fit(responses, "rasch")
    assert calibration.population.sd[0] == pytest.approx(0.755, abs=0.001)
    own = score(responses, calibration)
    given = score(responses, calibration.items, prior_sd=calibration.population.sd[0])
    np.testing.assert_array_equal(own.theta, given.theta)
    assert score(responses, calibration, prior_sd=2.0).theta[0] < own.theta[0]


def test_several_populations_have_to_be_told_apart():
    responses = lsat.responses(6)
    groups = np.where(np.arange(1000) % 2, "b", "a")
    calibration = fit(responses, groups=groups)
    with pytest.raises(ValueError, match="several populations: give prior_mean and prior_sd"):
        score(responses, calibration)
    mean, sd = calibration.population.of_groups(groups)
    assert score(responses, calibration, prior_mean=mean, prior_sd=sd).theta.shape == (1000,)
    assert score(responses, calibration, "wle").theta.shape == (1000,)


@pytest.mark.parametrize("method", METHODS)
def test_an_anchored_calibration_far_from_zero_is_scored_where_it_lies(method):
    rng = np.random.default_rng(18)
    items = ItemParameters.dichotomous(rng.uniform(0.8, 1.8, 12), rng.normal(7, 1, 12))
    responses = simulate_responses(rng.normal(7, 1, 400), items, seed=18)
    calibration = fit(responses, anchors=Anchors(index=np.arange(12), parameters=items))
    found = score(responses, calibration, method)
    assert calibration.population.mean[0] == pytest.approx(7, abs=0.2)
    assert (found.theta == found.theta.max()).mean() < 0.05
    far = score(responses, calibration, method, grid=Grid.uniform(401, -30, 44))
    inside = np.abs(far.theta - 7) < 30
    np.testing.assert_allclose(found.theta[inside], far.theta[inside], rtol=0, atol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_in_populations_of_nobody_is_no_trouble(method):
    nobody = score(np.zeros((0, 3), dtype=np.int8), mixed_items(3), method, prior_mean=[], prior_sd=[])
    assert nobody.theta.size == 0

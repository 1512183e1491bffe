"""Does `fit` do what it is asked, choose its grid well, and refuse what it cannot do?"""

import numpy as np
import pytest

from scoring.irt import (
    NOT_PRESENTED,
    NOT_REACHED,
    OMITTED,
    Anchors,
    Grid,
    ItemParameters,
    MissingRule,
    Population,
    fit,
    score,
    simulate_responses,
)
from tests.scoring.irt.calibration.examples import draw, items_of


def test_omitted_and_not_reached_count_as_stated():
    responses = draw(items_of(["2pl"] * 6), 300, 81)
    responses[::7, 2], responses[::5, 5] = OMITTED, NOT_REACHED
    by_default = responses.copy()
    by_default[::7, 2], by_default[::5, 5] = 0, NOT_PRESENTED
    other_way = responses.copy()
    other_way[::7, 2], other_way[::5, 5] = NOT_PRESENTED, 0
    stated = fit(
        responses,
        omitted=MissingRule.NOT_PRESENTED,
        not_reached=MissingRule.CATEGORY_ZERO,
        standard_errors=False,
    )
    np.testing.assert_array_equal(
        fit(responses, standard_errors=False).a, fit(by_default, standard_errors=False).a
    )
    np.testing.assert_array_equal(stated.a, fit(other_way, standard_errors=False).a)
    assert np.abs(stated.a - fit(responses, standard_errors=False).a).max() > 0.01


def test_a_fixed_population_is_kept():
    result = fit(draw(items_of(["2pl"] * 6), 300, 82), "2pl", population=Population.fixed(0.5, 1.5))
    assert (result.population.mean[0], result.population.sd[0]) == (0.5, pytest.approx(1.5, rel=1e-12))


def test_progress_is_told_of_every_pass():
    seen = []
    result = fit(
        draw(items_of(["2pl"] * 6), 300, 83),
        progress=lambda turn, value: seen.append((turn, value)),
        standard_errors=False,
    )
    assert [turn for turn, _ in seen] == list(range(1, result.iterations + 1))
    assert seen[-1][1] == result.log_likelihood


@pytest.mark.parametrize("limit", [1, 3])
def test_too_few_iterations_are_no_convergence(limit):
    result = fit(draw(items_of(["2pl"] * 6), 300, 84), max_iterations=limit)
    assert not result.converged and result.iterations == limit
    assert result.gradient_norm > 0.1


def test_labels_of_groups_may_be_of_any_kind_and_are_sorted():
    responses = draw(items_of(["2pl"] * 6), 300, 85)
    for labels in (np.array(["z", "a"]), np.array([7, -3]), np.array([True, False])):
        population = fit(responses, groups=labels[np.arange(300) % 2], standard_errors=False).population
        assert population.groups == tuple(sorted(labels.tolist()))
        assert population.mean[0] == 0.0 and population.sd[0] == 1.0


def test_one_covariate_may_be_a_plain_column():
    responses, covariate = draw(items_of(["2pl"] * 6), 300, 86), np.arange(300) / 100 - 1.5
    column = fit(responses, covariates=covariate, standard_errors=False)
    table = fit(responses, covariates=covariate[:, None], standard_errors=False)
    np.testing.assert_array_equal(column.population.coefficients, table.population.coefficients)


# ---- The grid -----------------------------------------------------------------------------------------


def test_a_wide_population_widens_the_grid():
    responses = draw(items_of(["rasch"] * 12), 600, 87, sd=3.0)
    result = fit(responses, "rasch")
    assert result.grid.points[-1] > 10
    finer = fit(responses, "rasch", grid=Grid.uniform(201, -25, 25))
    assert result.log_likelihood == pytest.approx(finer.log_likelihood, abs=0.01)
    np.testing.assert_allclose(result.b, finer.b, rtol=0, atol=1e-3)
    assert result.population.sd[0] == pytest.approx(finer.population.sd[0], abs=1e-3)


def test_a_population_far_off_widens_the_grid():
    items = items_of(["2pl"] * 12)
    anchors = Anchors(np.arange(6), items.select(np.arange(6)))
    responses = draw(items, 600, 88, mean=2.5, sd=1.5)
    result = fit(responses, "2pl", anchors=anchors)
    wider = fit(responses, "2pl", anchors=anchors, grid=Grid.uniform(201, -12, 14))
    assert result.log_likelihood == pytest.approx(wider.log_likelihood, abs=0.01)
    np.testing.assert_allclose(result.a, wider.a, rtol=0, atol=1e-3)


def test_many_precise_items_refine_the_grid():
    items = ItemParameters.dichotomous(np.full(60, 3.0), np.linspace(-2.5, 2.5, 60))
    responses = draw(items, 400, 89)
    result = fit(responses, "2pl", standard_errors=False)
    assert result.grid.spacing < 0.2
    finer = fit(responses, "2pl", grid=Grid.uniform(221, -5.5, 5.5), standard_errors=False)
    assert result.log_likelihood == pytest.approx(finer.log_likelihood, abs=0.01)
    np.testing.assert_allclose(result.a, finer.a, rtol=0, atol=1e-3)


def test_passes_on_a_better_grid_count_too():
    responses = draw(items_of(["rasch"] * 12), 600, 87, sd=3.0)
    needed = fit(responses, "rasch", standard_errors=False).iterations
    for limit in range(1, needed):
        assert fit(responses, "rasch", max_iterations=limit, standard_errors=False).iterations <= limit
    assert fit(responses, "rasch", max_iterations=needed, standard_errors=False).converged


def test_a_grid_that_is_given_is_left_as_it_is():
    grid = Grid.uniform(15, -3, 3)
    result = fit(draw(items_of(["rasch"] * 8), 300, 90, sd=3.0), "rasch", grid=grid)
    assert result.grid is grid


# ---- Bad input ----------------------------------------------------------------------------------------

RESPONSES = draw(items_of(["2pl"] * 5), 100, 102)
HALF_A_GROUP = np.where((np.arange(100) % 2 == 1)[:, None], -1, RESPONSES)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"model": "2PL"},
            "item 0: there is no model '2PL'; take one of rasch, 1pl, 2pl, 3pl, pcm, gpcm, grm",
        ),
        ({"model": ["2pl"] * 4}, "4 models for 5 items; give one name, or one for each item"),
        (
            {"model": ["2pl"] * 4 + ["irt"]},
            "item 4: there is no model 'irt'; take one of rasch, 1pl, 2pl, 3pl, pcm, gpcm, grm",
        ),
        ({"responses": RESPONSES - 4}, "candidate 0, item 0: no category -4"),
        (
            {"weights": np.where(np.arange(100) == 7, -1, 1)},
            "candidate 7: weight -1.0 is not a number from 0",
        ),
        (
            {"responses": HALF_A_GROUP, "groups": np.array(["a", "b"])[np.arange(100) % 2]},
            "group 'b': nobody in it met an item that can be calibrated",
        ),
        (
            {"covariates": np.where(np.arange(100) == 9, np.nan, np.arange(100))},
            "candidate 9: covariate 0 is not a number",
        ),
        (
            {"covariates": np.arange(100), "groups": np.arange(100) % 2},
            r"groups and covariates together: give the groups as covariates .* \(with one residual sd\)",
        ),
        (
            {"population": Population.fixed(), "groups": np.arange(100) % 2},
            "population has 1 groups, the responses have 2",
        ),
        ({"population": Population.fixed(0.0, 0.0)}, "population: a standard deviation must be positive"),
        (
            {"responses": RESPONSES[:, :2]},
            "2 items cannot tell how items discriminate: take at least 3, priors on the slopes, "
            "or fixed slopes with a given population",
        ),
        (
            {"anchors": Anchors(np.array([5]), ItemParameters.dichotomous(1.0, [0.0]))},
            "anchors: there is no item 5",
        ),
        ({"omitted": "wrong"}, "'wrong' is not a valid MissingRule"),
    ],
)
def test_bad_input_is_refused_by_place_and_with_the_remedy(given, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        fit(**{"responses": RESPONSES, **given})


def test_nobody_at_all_is_refused():
    with pytest.raises(
        ValueError, match=r"^no item is left to calibrate: item 0: nobody met it, so nothing "
    ):
        fit(np.full((5, 3), -1))


@pytest.mark.parametrize(
    ("model", "n_items", "population", "identified"),
    [
        ("1pl", 1, None, False),
        ("1pl", 2, None, True),
        ("2pl", 2, None, False),
        ("2pl", 3, None, True),
        ("rasch", 1, None, False),
        ("rasch", 1, Population.fixed(), True),
        ("rasch", 2, None, True),
    ],
)
def test_no_more_slopes_are_estimated_than_pairs_of_items_tell(model, n_items, population, identified):
    if identified:
        assert fit(RESPONSES[:, :n_items], model, population=population).converged
    else:
        with pytest.raises(ValueError, match="cannot tell how items discriminate"):
            fit(RESPONSES[:, :n_items], model, population=population)


def test_candidates_of_weight_zero_say_nothing():
    weights = np.arange(len(RESPONSES)) % 3
    result = fit(RESPONSES, weights=weights)
    without = fit(RESPONSES[weights > 0], weights=weights[weights > 0])
    assert result.log_likelihood == pytest.approx(without.log_likelihood, abs=1e-9)
    assert result.n_candidates == weights.sum()


def test_anchors_stay_of_their_own_model_whatever_name_they_are_given():
    graded = ItemParameters.graded_response([1.0] * 8, [[x - 0.8, x, x + 0.8] for x in np.linspace(-1, 1, 8)])
    responses = simulate_responses(np.random.default_rng(1).standard_normal(400), graded, seed=1)
    result = fit(responses, "gpcm", anchors=Anchors(np.arange(4), graded.select(np.arange(4))))
    assert result.models == ("grm",) * 4 + ("gpcm",) * 4
    assert result.items.graded.tolist() == [True] * 4 + [False] * 4
    assert result.n_estimated.tolist() == [0] * 4 + [4] * 4
    guessed = ItemParameters.dichotomous(1.0, np.linspace(-1, 1, 4), 0.2)
    responses = simulate_responses(np.random.default_rng(2).standard_normal(400), guessed, seed=2)
    masked = Anchors(np.array([True, False, False, True]), guessed.select([0, 3]))
    assert fit(responses, "rasch", anchors=masked).models == ("3pl", "rasch", "rasch", "3pl")


@pytest.mark.parametrize(
    ("model", "expected"),
    [("rasch", 1), ("1pl", 1), ("2pl", 2), ("3pl", 3), ("pcm", 1), ("gpcm", 2), ("grm", 2)],
)
def test_each_item_says_how_many_parameters_were_estimated_for_it_alone(model, expected):
    assert (
        fit(RESPONSES, model, standard_errors=False).n_estimated.tolist() == [expected] * RESPONSES.shape[1]
    )


def test_scores_keep_to_the_missing_rules_of_the_calibration():
    responses = RESPONSES.copy()
    responses[::2, 0] = OMITTED
    result = fit(responses, omitted=MissingRule.NOT_PRESENTED)
    assert result.omitted is MissingRule.NOT_PRESENTED
    kept = score(responses, result)
    np.testing.assert_array_equal(
        kept.theta, score(responses, result, omitted=MissingRule.NOT_PRESENTED).theta
    )
    zero = score(responses, result, omitted=MissingRule.CATEGORY_ZERO)
    assert (zero.theta[::2] < kept.theta[::2]).all() and (zero.theta[1::2] == kept.theta[1::2]).all()


@pytest.mark.parametrize("grid", [Grid.uniform(21, -3, 3), Grid.uniform(7, -12, 12)])
def test_a_given_grid_on_which_nothing_can_be_seen_has_not_converged(grid):
    responses = draw(items_of(["rasch"] * 20), 500, 97, sd=2.5)
    assert fit(responses, "rasch", grid=Grid.uniform(101, -15, 15)).converged
    assert not fit(responses, "rasch", grid=grid).converged


def test_the_grid_is_as_fine_as_the_narrowest_group_needs():
    items = ItemParameters.dichotomous(1.5, np.linspace(-1, 1, 30))
    rng = np.random.default_rng(98)
    theta = np.concatenate((rng.standard_normal(1500), 0.1 + 0.12 * rng.standard_normal(500)))
    responses = simulate_responses(theta, items, seed=98)
    groups = np.repeat([1, 2], [1500, 500])
    result, fine = fit(responses, groups=groups), fit(responses, groups=groups, grid=Grid.uniform(601, -6, 6))
    assert result.grid.spacing < 0.2
    assert result.population.sd[1] == pytest.approx(fine.population.sd[1], abs=0.003)
    assert result.log_likelihood == pytest.approx(fine.log_likelihood, abs=0.1)


def test_a_population_at_the_limit_has_not_converged():
    responses = np.random.default_rng(99).integers(0, 2, (400, 12)).astype(np.int8)
    responses[:, 0] = 1 - responses[:, 1]  # items that go against each other leave no spread at all
    result = fit(responses, "rasch")
    assert result.population.sd[0] == pytest.approx(0.05) and not result.converged


def test_given_populations_are_matched_by_their_label():
    population = Population(
        ("c", "b"), np.array([0.5, -0.5]), np.ones(2), *[np.zeros(2)] * 2, *[np.zeros(0)] * 2
    )
    groups = np.where(np.arange(len(RESPONSES)) % 2, "b", "c")
    result = fit(RESPONSES, groups=groups, population=population)
    assert result.population.groups == ("b", "c") and result.population.mean.tolist() == [-0.5, 0.5]
    with pytest.raises(ValueError, match=r"^group 'a': the given population has no such group$"):
        fit(RESPONSES, groups=np.where(groups == "b", "a", "c"), population=population)
    with pytest.raises(ValueError, match=r"covariates and a given population exclude each other"):
        fit(RESPONSES, covariates=np.arange(len(RESPONSES)), population=Population.fixed())

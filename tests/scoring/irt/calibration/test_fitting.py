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
            "groups and covariates together: give the groups as covariates of 0 and 1",
        ),
        (
            {"population": Population.fixed(), "groups": np.arange(100) % 2},
            "population has 1 groups, the responses have 2",
        ),
        ({"population": Population.fixed(0.0, 0.0)}, "population: a standard deviation must be positive"),
        (
            {"responses": RESPONSES[:, :2]},
            "2 items cannot tell how they discriminate: take a model with fewer slopes "
            "or a fixed population, priors on the slopes, or at least 3 items",
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
        with pytest.raises(ValueError, match="cannot tell how they discriminate"):
            fit(RESPONSES[:, :n_items], model, population=population)


def test_candidates_of_weight_zero_say_nothing():
    weights = np.arange(len(RESPONSES)) % 3
    result = fit(RESPONSES, weights=weights)
    without = fit(RESPONSES[weights > 0], weights=weights[weights > 0])
    assert result.log_likelihood == pytest.approx(without.log_likelihood, abs=1e-9)
    assert result.n_candidates == weights.sum()

"""Is what no calibration can settle named, and are the other items none the worse for it?"""

import numpy as np
import pytest

from scoring.irt import (
    Grid,
    Population,
    Priors,
    fit,
)
from scoring.irt.calibration.search import STEEPEST
from tests.scoring.irt.calibration.examples import DESIGNS, draw, items_of


def test_items_without_information_leave_the_others_as_they_would_be_alone():
    responses = draw(items_of(["2pl"] * 6), 300, 91)
    with_others = np.column_stack((np.ones(300), responses, np.zeros(300), np.full(300, -1))).astype(np.int8)
    alone, among = fit(responses), fit(with_others)
    np.testing.assert_allclose(among.a[1:7], alone.a, rtol=0, atol=1e-9)
    np.testing.assert_allclose(among.se_b[1:7], alone.se_b, rtol=0, atol=1e-9)
    assert np.isnan(among.a[[0, 7, 8]]).all() and np.isnan(among.se_a[[0, 7, 8]]).all()
    assert not among.calibrated[[0, 7, 8]].any()
    assert among.n_parameters == 12 and among.log_likelihood == pytest.approx(alone.log_likelihood)
    assert [(flag.item, flag.kind) for flag in among.flags] == [
        (0, "one_category"),
        (7, "one_category"),
        (8, "never_presented"),
    ]


def test_priors_place_items_that_all_or_none_got_right():
    responses = draw(items_of(["2pl"] * 6), 300, 92)
    responses[:, 0], responses[:, 1] = 1, 0
    result = fit(responses, priors=Priors.weak())
    assert result.calibrated.all() and result.converged
    assert result.b[0] < -2.5 and result.b[1] > 2.5
    assert [flag.kind for flag in result.flags] == ["one_category", "one_category"]


@pytest.mark.parametrize("model", ["pcm", "gpcm", "grm"])
def test_an_empty_category_is_named(model):
    responses = draw(items_of(DESIGNS[model]), 300, 93)
    responses[:, 0][responses[:, 0] == 1] = 2
    result = fit(responses, model)
    assert [(flag.item, flag.kind) for flag in result.flags] == [(0, "empty_category")]
    assert not result.calibrated[0] and result.calibrated[1:].all() and result.converged


@pytest.mark.parametrize("model", ["pcm", "gpcm"])
def test_priors_place_the_steps_around_an_empty_category(model):
    responses = draw(items_of(DESIGNS[model]), 300, 93)
    responses[:, 0][responses[:, 0] == 1] = 2
    priors = Priors(log_a=(0.0, 0.5), difficulty=(0.0, 2.0))
    result = fit(responses, model, priors=priors)
    assert [(flag.item, flag.kind) for flag in result.flags] == [(0, "empty_category")]
    assert result.calibrated.all() and result.converged
    # Nobody stops at the category in the middle: the step out of it is easier than the one into it.
    assert result.steps[0, 0] > result.steps[0, 1]


def test_priors_cannot_part_graded_steps_around_an_empty_category():
    responses = draw(items_of(DESIGNS["grm"]), 300, 93)
    responses[:, 0][responses[:, 0] == 1] = 2
    result = fit(responses, "grm", priors=Priors.weak())
    assert [(flag.item, flag.kind) for flag in result.flags] == [(0, "empty_category")]
    assert not result.calibrated[0] and result.items.n_items == 5


def test_an_item_that_repeats_another_gets_its_parameters():
    responses = draw(items_of(["2pl"] * 6), 300, 94)
    twice = np.column_stack((responses, responses[:, 2]))
    result, alone = fit(twice), fit(responses)
    assert [(flag.item, flag.kind) for flag in result.flags] == [(6, "identical")]
    np.testing.assert_allclose(result.a[:6], alone.a, rtol=0, atol=1e-9)
    for name in ("a", "b", "se_a", "se_b"):
        assert getattr(result, name)[6] == getattr(result, name)[2]
    assert result.calibrated.all() and result.n_parameters == 12


def test_a_wrong_key_shows_as_a_negative_slope():
    responses = draw(items_of(["2pl"] * 8), 400, 95)
    responses[:, 4] = 1 - responses[:, 4]
    result = fit(responses)
    assert result.a[4] < 0 and result.converged
    assert [(flag.item, flag.kind) for flag in result.flags] == [(4, "negative_slope")]
    assert result.flags[0].message == f"item 4: slope {result.a[4]:.3f}; is the key right?"
    assert not result.calibrated[4] and result.items.n_items == 7


@pytest.mark.parametrize("seed", range(3))
def test_a_wrong_key_with_priors_on_slopes_stays_positive(seed):
    responses = draw(items_of(["2pl"] * 8), 100, 96 + seed)
    responses[:, 4] = 1 - responses[:, 4]
    result = fit(responses, priors=Priors.weak())
    assert result.converged and (result.a > 0).all() and result.a[4] < 0.5


def test_slopes_that_run_away_are_held_and_named():
    # A perfect scale (Guttman 1944): who gets an item right gets every easier one right.
    theta = np.random.default_rng(99).standard_normal(300)
    responses = (theta[:, None] > np.linspace(-1, 1, 5)).astype(np.int8)
    result = fit(responses, "1pl")
    assert result.a.tolist() == [STEEPEST] * 5
    assert [(flag.item, flag.kind) for flag in result.flags] == [
        (item, "slope_at_bound") for item in range(5)
    ]
    assert result.flags[3].message == (
        "item 3: the slope ran away; does it repeat others? Calibrate without it or with priors"
    )
    apart = fit(responses, "2pl", max_iterations=100)
    assert not apart.converged
    assert np.isfinite(apart.a).all() and apart.a.max() <= STEEPEST
    # With priors there is nothing to run away from.
    held = fit(responses, "2pl", priors=Priors.weak())
    assert held.converged and held.a.max() < 15 and held.flags == ()


def test_candidates_without_responses_change_nothing():
    responses = draw(items_of(DESIGNS["mixed"]), 300, 101)
    longer = np.concatenate((np.full((50, 8), -1), responses, np.full((7, 8), -3))).astype(np.int8)
    alone, among = fit(responses, DESIGNS["mixed"]), fit(longer, DESIGNS["mixed"])
    assert among.n_candidates == alone.n_candidates == 300
    assert among.bic == pytest.approx(alone.bic, abs=1e-9)
    np.testing.assert_allclose(among.a, alone.a, rtol=0, atol=1e-9)


def test_one_candidate_is_too_few_without_priors_and_enough_with_them():
    responses = [[0, 1, 1, 0, 1]]
    with pytest.raises(ValueError, match=r"^no item is left to calibrate: item 0: nobody gained a point"):
        fit(responses)
    result = fit(responses, priors=Priors.weak(), population=Population.fixed())
    assert result.converged and result.n_candidates == 1
    # By symmetry of the priors: what is right is as far below the mean as what is wrong is above.
    np.testing.assert_allclose(result.b[[0, 3]], -result.b[1], atol=1e-4)


def test_one_item_is_enough_where_nothing_but_its_difficulty_is_asked_for():
    responses = np.repeat([[0], [1]], [120, 280], axis=0)
    result = fit(responses, "rasch", population=Population.fixed(0.0, 1.0))
    grid = Grid.uniform(201, -8, 8)
    density = np.exp(-0.5 * grid.points**2) * grid.spacing / np.sqrt(2 * np.pi)
    # The marginal share of right responses is the observed one, and its slope gives the error.
    p = 1 / (1 + np.exp(-(grid.points - result.b[0])))
    assert p @ density == pytest.approx(0.7, abs=1e-6)
    by_b = (p * (1 - p)) @ density
    assert result.se_b[0] == pytest.approx(np.sqrt(0.7 * 0.3 / 400) / by_b, rel=1e-4)


def test_near_copies_end_at_the_bound_with_their_difficulties():
    responses = np.repeat(draw(items_of(["2pl"]), 300, 99), 3, axis=1)
    responses[0, 1], responses[1, 2] = 1 - responses[0, 1], 1 - responses[1, 2]
    seen: list[float] = []
    result = fit(responses, progress=lambda _, log_likelihood: seen.append(log_likelihood))
    assert result.converged and result.iterations < 200
    np.testing.assert_allclose(result.a, STEEPEST)
    assert [flag.kind for flag in result.flags] == ["slope_at_bound"] * 3
    assert np.ptp(result.b) < 0.05
    assert not result.calibrated.any() and np.isnan(result.se_a).all()
    assert result.log_likelihood == pytest.approx(max(seen), abs=0.001)


def test_a_search_that_ends_on_too_narrow_a_grid_has_not_converged():
    items = items_of(["rasch"] * 30)
    responses = draw(items, 1000, 96, sd=4.0)
    wide = fit(responses, "rasch", grid=Grid.uniform(401, -40, 40))
    result = fit(responses, "rasch")
    assert result.converged and result.log_likelihood == pytest.approx(wide.log_likelihood, abs=0.01)
    passes = next(n for n in range(5, 60) if fit(responses, "rasch", max_iterations=n).grid.size > 45)
    assert not fit(responses, "rasch", max_iterations=passes - 1).converged


def test_items_beside_a_near_copy_keep_their_standard_errors():
    responses = draw(items_of(["2pl"] * 8), 600, 100)
    copy = responses[:, 3].copy()
    copy[:3] = 1 - copy[:3]
    result = fit(np.column_stack((responses, copy)))
    assert result.calibrated.tolist() == [True, True, True, False, True, True, True, True, False]
    assert np.isnan(result.se_a[[3, 8]]).all() and np.isfinite(result.se_a[[0, 1, 2, 4, 5, 6, 7]]).all()


def test_items_alike_by_chance_are_kept_apart_where_slopes_cannot_run_away():
    responses = draw(items_of(["rasch"] * 5), 40, 101)
    twice = np.column_stack((responses, responses[:, 0]))
    assert fit(twice, "rasch").flags == () and fit(twice, "rasch").n_parameters == 7
    assert [flag.kind for flag in fit(twice, "2pl", priors=Priors.weak()).flags] == ["identical"]

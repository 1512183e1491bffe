"""Do the nested regressions give other programs' likelihoods, and tell a shift from a change of slope?"""

import numpy as np
import pytest
from scipy import special

from scoring.irt import ItemParameters, eap, simulate_responses
from scoring.irt.dif import logistic_regression
from tests.scoring.irt.dif.two_groups import FIXTURE, two_groups
from tests.scoring.mathematics import mathematics

RESPONSES, GROUPS = two_groups()


def test_likelihoods_are_those_of_scikit_learn():
    result = logistic_regression(RESPONSES, GROUPS, focal="f")
    standing, group, product = np.array(FIXTURE["log_likelihoods"]).T
    np.testing.assert_allclose(result.uniform.chi_square, 2 * (group - standing), atol=1e-6)
    np.testing.assert_allclose(result.non_uniform.chi_square, 2 * (product - group), atol=1e-6)
    np.testing.assert_allclose(result.total.chi_square, 2 * (product - standing), atol=1e-6)
    assert (result.uniform.df, result.non_uniform.df, result.total.df) == (1, 1, 2)
    # The chi-square distribution with two degrees of freedom is exponential.
    np.testing.assert_allclose(result.total.p_value, np.exp(-result.total.chi_square / 2), rtol=1e-10)
    one = special.erfc(np.sqrt(result.uniform.chi_square / 2))
    np.testing.assert_allclose(result.uniform.p_value, one, rtol=1e-10)
    assert result.converged.all()


def test_nagelkerkes_measure_from_its_definition():
    result = logistic_regression(RESPONSES, GROUPS, focal="f")
    right = RESPONSES.sum(axis=0)
    empty = right * np.log(right / 3000) + (3000 - right) * np.log(1 - right / 3000)

    def r2(log_likelihood):
        return (1 - np.exp(2 * (empty - log_likelihood) / 3000)) / (1 - np.exp(2 * empty / 3000))

    standing, group, product = np.array(FIXTURE["log_likelihoods"]).T
    np.testing.assert_allclose(result.total.r2_gain, r2(product) - r2(standing), atol=1e-9)
    np.testing.assert_allclose(result.uniform.r2_gain, r2(group) - r2(standing), atol=1e-9)
    assert result.effect_class == ("A",) * 5  # all below 0.035


def test_a_matching_variable_may_have_any_unit():
    score = RESPONSES.sum(axis=1)
    by_total = logistic_regression(RESPONSES, GROUPS, focal="f")
    by_value = logistic_regression(RESPONSES, GROUPS, focal="f", matching=1000 + 0.01 * score)
    np.testing.assert_allclose(by_value.total.chi_square, by_total.total.chi_square, atol=1e-6)
    np.testing.assert_allclose(by_value.group_effect, by_total.group_effect, atol=1e-6)


def shifted(item: int, *, shift: float, stretch: float, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Half-point items, of which one has another difficulty and slope for the focal group 1."""
    items = mathematics().parameters
    b, a = items.b.copy(), items.a.copy()
    b[item] += shift
    a[item] *= stretch
    focal = ItemParameters(
        a=a, b=b, steps=items.steps / (a / items.a)[:, None], c=items.c, n_categories=items.n_categories
    )
    group = np.random.default_rng(seed).integers(0, 2, n)
    theta = np.random.default_rng(seed + 1).standard_normal(n)
    own = [simulate_responses(theta, form, seed=seed) for form in (items, focal)]
    return np.where(group[:, None] == 1, own[1], own[0]), group


def test_a_shift_is_uniform_and_a_change_of_slope_is_not():
    # Item 13 is dichotomous and of middle difficulty.
    responses, group = shifted(13, shift=0.8, stretch=1.0, n=2500, seed=2)
    result = logistic_regression(responses, group, focal=1)
    assert result.uniform.p_value[13] < 1e-6
    assert result.non_uniform.p_value[13] > 0.01
    assert result.group_effect[13] < -4 * result.se_group_effect[13]
    b = mathematics().parameters.b[13]
    responses, group = shifted(13, shift=-b, stretch=0.2, n=2500, seed=3)
    result = logistic_regression(responses, group, focal=1)
    assert result.non_uniform.p_value[13] < 1e-6
    assert np.argmax(result.non_uniform.chi_square) == 13


def test_partial_credit_items_by_proportional_odds():
    item = int(np.argmax(mathematics().parameters.n_categories))
    responses, group = shifted(item, shift=0.9, stretch=1.0, n=2500, seed=4)
    points = mathematics().category_half_points
    result = logistic_regression(responses, group, focal=1, category_points=points, purify=True)
    assert np.argmin(result.total.p_value) == item
    assert result.group_effect[item] < 0
    assert result.effect_class[item] in ("B", "C")
    assert result.matched.tolist() == [other != item for other in range(20)]
    assert (np.delete(np.array(result.effect_class), item) == "A").all()


def test_ability_matches_candidates_of_different_booklets():
    responses, group = shifted(13, shift=0.0, stretch=1.0, n=1000, seed=6)
    responses[:500, :6] = -1
    with pytest.raises(ValueError, match="item 6: candidates met different matching items"):
        logistic_regression(responses, group, focal=1)
    theta = eap(responses, mathematics().parameters).theta
    result = logistic_regression(responses, group, focal=1, matching=theta)
    assert result.converged.all()
    assert (result.total.p_value > 0.001).all()


def test_adjusted_classes_need_more():
    plain = logistic_regression(RESPONSES, GROUPS, focal="f")
    adjusted = logistic_regression(RESPONSES, GROUPS, focal="f", adjust=True)
    assert adjusted.effect_class == plain.effect_class
    assert (plain.total.adjusted_p_value >= plain.total.p_value).all()


@pytest.mark.parametrize(("shift", "letter"), [(0.0, "A"), (0.5, "A"), (0.9, "B"), (1.3, "C")])
def test_classes_of_jodoin_and_gierl(shift, letter):
    value = np.tile(np.linspace(-2, 2, 200), 20)
    group = np.repeat([0, 1], 2000)
    chance = special.expit(value - shift * group + shift / 2)
    responses = (np.random.default_rng(1).random(4000) < chance).astype(int)[:, None]
    result = logistic_regression(responses, group, focal=1, matching=value)
    assert result.effect_class == (letter,)


def test_items_that_tell_nothing_have_no_class():
    responses = RESPONSES.copy()
    responses[:, 0] = 1
    responses[GROUPS == "f", 1] = -1
    responses[:, 2] = -1
    result = logistic_regression(responses, GROUPS, focal="f", matching=RESPONSES.sum(axis=1))
    assert result.effect_class[:3] == ("", "", "")
    for test in (result.total, result.uniform, result.non_uniform):
        assert np.isnan(test.p_value[:3]).all()
        assert np.isnan(test.r2_gain[:3]).all()
        assert np.isfinite(test.p_value[3:]).all()
    assert result.converged.tolist() == [False, False, False, True, True]


def test_candidates_who_all_stand_alike():
    result = logistic_regression(RESPONSES, GROUPS, focal="f", matching=np.zeros(3000))
    assert np.isfinite(result.uniform.chi_square).all()
    # Where nobody stands higher than another, there is nothing for the groups to differ along.
    assert np.isnan(result.non_uniform.p_value).all() and np.isnan(result.total.p_value).all()
    assert set(result.effect_class) == {""}


def test_a_matching_that_tells_the_groups_apart_compares_nobody():
    matching = np.where(np.array(GROUPS) == "f", 1.0, 0.0)
    result = logistic_regression(RESPONSES, GROUPS, focal="f", matching=matching)
    assert np.isnan(result.uniform.p_value).all() and set(result.effect_class) == {""}

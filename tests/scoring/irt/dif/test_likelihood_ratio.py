"""Are the calibrations compared that another program compares, and do anchors hold the groups together?"""

import numpy as np
import pytest

from scoring.irt import Grid, ItemParameters, simulate_responses
from scoring.irt.calibration import Priors, fit
from scoring.irt.dif import likelihood_ratio
from tests.scoring.irt.dif.two_groups import FIXTURE, two_groups

RESPONSES, GROUPS = two_groups()
WIDE = Grid.uniform(81, -8, 8)  # five items leave abilities uncertain, so the tails count


def split(responses: np.ndarray, is_focal: np.ndarray, free: list[int]) -> np.ndarray:
    """The free items for the reference group, and once more for the focal group."""
    first, again = responses.copy(), responses[:, free].copy()
    for column in free:
        first[is_focal, column] = -1
    again[~is_focal] = -1
    return np.concatenate((first, again), axis=1)


def test_every_item_against_all_others_as_the_package_mirt_computes_it():
    result = likelihood_ratio(RESPONSES, GROUPS, focal="f", grid=WIDE)
    np.testing.assert_allclose(result.chi_square, FIXTURE["likelihood_ratio"], rtol=0, atol=2e-5)
    assert result.df.tolist() == [2] * 5
    np.testing.assert_allclose(result.p_value, np.exp(-result.chi_square / 2), rtol=1e-10)
    assert result.converged.all()
    assert result.anchors.all()


def test_parameters_and_gaps_are_those_of_the_free_item():
    result = likelihood_ratio(RESPONSES, GROUPS, focal="f", items=[4])
    is_focal = GROUPS == "f"
    free = fit(split(RESPONSES, is_focal, [4]), groups=is_focal)
    assert (result.a_reference[4], result.a_focal[4]) == pytest.approx(tuple(free.a[4:]), abs=1e-6)
    assert (result.b_reference[4], result.b_focal[4]) == pytest.approx(tuple(free.b[4:]), abs=1e-6)
    theta = free.population.mean[1] + free.population.sd[1] * np.random.default_rng(1).standard_normal(20000)
    curve = [1 / (1 + np.exp(-a * (theta - b))) for a, b in zip(free.a[4:], free.b[4:], strict=True)]
    assert result.mean_gap[4] == pytest.approx((curve[1] - curve[0]).mean(), abs=0.002)
    assert result.root_gap[4] == pytest.approx(np.sqrt(((curve[1] - curve[0]) ** 2).mean()), abs=0.002)
    assert result.df.tolist() == [0, 0, 0, 0, 2]
    assert np.isnan(result.chi_square[:4]).all()
    assert result.adjusted_p_value[4] == result.p_value[4]


def test_named_anchors_hold_the_groups_and_all_else_is_free():
    responses, groups = RESPONSES[::3], GROUPS[::3]
    result = likelihood_ratio(responses, groups, focal="f", anchors=[0, 1, 3], items=[1, 2, 4])
    is_focal = groups == "f"

    def log_likelihood(*free: int) -> float:
        return fit(split(responses, is_focal, list(free)), groups=is_focal).log_likelihood

    usual = log_likelihood(2, 4)
    expected = [log_likelihood(1, 2, 4) - usual, usual - log_likelihood(4), usual - log_likelihood(2)]
    np.testing.assert_allclose(result.chi_square[[1, 2, 4]], 2 * np.array(expected), atol=1e-5)
    # Items 2 and 4 both stand behind the five, once more for the focal group.
    assert result.b_focal[2] - result.b_reference[2] == pytest.approx(0.55, abs=0.4)
    assert result.a_focal[4] < result.a_reference[4]


def test_purification_drops_what_was_found_from_the_anchors():
    calls = []
    result = likelihood_ratio(
        RESPONSES, GROUPS, focal="f", items=[2, 4], purify=True, progress=lambda *call: calls.append(call)
    )
    assert result.anchors.tolist() == [True, True, False, True, False]
    named = likelihood_ratio(RESPONSES, GROUPS, focal="f", anchors=[0, 1, 3], items=[2, 4])
    np.testing.assert_allclose(result.chi_square, named.chi_square, atol=1e-5)
    assert calls == [(done, 6) for done in range(1, 7)]


def test_the_only_anchor_cannot_be_tested():
    result = likelihood_ratio(RESPONSES, GROUPS, "rasch", focal="f", anchors=[3], items=[2, 3])
    assert result.df.tolist() == [0, 0, 1, 0, 0]
    assert np.isnan(result.p_value[3])
    with pytest.raises(ValueError, match="no item is left to match candidates on"):
        likelihood_ratio(RESPONSES, GROUPS, focal="f", anchors=[])


def test_models_may_differ_by_item():
    items = ItemParameters.partial_credit([1.0, 1.2, 0.8, 1.1], [[0.0], [-0.8, 0.3], [-0.5, 0.9], [0.4]])
    moved = ItemParameters(
        a=items.a,
        b=items.b + np.array([0, 0.6, 0, 0]),
        steps=items.steps,
        c=items.c,
        n_categories=items.n_categories,
    )
    rng = np.random.default_rng(3)
    group, theta = rng.integers(0, 2, 2000), rng.standard_normal(2000)
    own = [simulate_responses(theta, form, seed=4) for form in (items, moved)]
    responses = np.where(group[:, None] == 1, own[1], own[0])
    result = likelihood_ratio(
        responses, group, ["2pl", "gpcm", "grm", "1pl"], focal=1, anchors=[0, 2, 3], priors=Priors.weak()
    )
    assert result.df.tolist() == [2, 3, 3, 1]
    assert result.p_value[1] < 1e-6
    assert result.mean_gap[1] < -0.05
    assert (np.delete(result.p_value, 1) > 0.01).all()


def test_what_one_group_always_gets_right_is_not_tested():
    responses = RESPONSES.copy()
    responses[GROUPS == "f", 1] = 1
    responses[:, 2] = -1
    result = likelihood_ratio(responses, GROUPS, "rasch", focal="f")
    assert np.isnan(result.chi_square[[1, 2]]).all()
    assert np.isnan(result.mean_gap[[1, 2]]).all()
    assert np.isfinite(result.chi_square[[0, 3, 4]]).all()
    assert result.converged.tolist() == [True, False, False, True, True]


def test_a_category_that_one_group_never_reached_leaves_no_gap():
    responses = np.concatenate((RESPONSES, RESPONSES[:, :1] + RESPONSES[:, 3:4]), axis=1)
    responses[:, [0, 3]] = RESPONSES[:, [3, 0]]
    responses[(GROUPS == "f") & (responses[:, 5] == 2), 5] = 1
    models = [*["rasch"] * 5, "pcm"]
    result = likelihood_ratio(responses[:, 1:], GROUPS, models[1:], focal="f", items=[4])
    assert np.isfinite(result.chi_square[4])
    assert np.isnan(result.mean_gap[4])


def test_groups_that_are_not_there():
    with pytest.raises(ValueError, match="no candidate of the focal group 'x'"):
        likelihood_ratio(RESPONSES, GROUPS, focal="x")

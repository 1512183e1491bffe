"""Is differential functioning found where it is, sized by the published rule, and not found elsewhere?"""

import numpy as np
import pytest
from scipy import special

from scoring.irt import ItemParameters, score, simulate_responses
from scoring.irt.dif import logistic_regression, mantel_haenszel
from scoring.irt.dif.stratified_tables import mantel_haenszel_statistics
from tests.scoring.irt.dif.two_groups import two_groups
from tests.scoring.mathematics import mathematics

RESPONSES, GROUPS = two_groups()


def half_points(*, n: int, shift: dict[int, float], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Twenty items, for the focal group (1) harder by the shifts; its abilities are lower."""
    items = mathematics().parameters
    harder = items.b.copy()
    harder[list(shift)] += list(shift.values())
    for_focal = ItemParameters(
        a=items.a, b=harder, steps=items.steps, c=items.c, n_categories=items.n_categories
    )
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, n)
    theta = rng.standard_normal(n) - 0.5 * group
    own = [simulate_responses(theta, form, seed=seed + 1) for form in (items, for_focal)]
    return np.where(group[:, None] == 1, own[1], own[0]), group


def test_each_item_has_the_statistics_of_its_stack_of_tables():
    result = mantel_haenszel(RESPONSES, GROUPS, focal="f")
    total = RESPONSES.sum(axis=1)
    for item in range(5):
        table = np.zeros((6, 2, 2))
        np.add.at(table, (total, (GROUPS == "f").astype(int), RESPONSES[:, item]), 1)
        found = mantel_haenszel_statistics(table)
        assert result.chi_square[item] == pytest.approx(found.chi_square, rel=1e-12)
        assert result.alpha[item] == pytest.approx(found.alpha, rel=1e-12)
        assert result.smd[item] == pytest.approx(found.smd, rel=1e-12)
    np.testing.assert_allclose(result.delta, -2.35 * np.log(result.alpha))
    np.testing.assert_allclose(result.se_delta, 2.35 * result.se_log_alpha)
    # One degree of freedom: the square of a normal variable.
    np.testing.assert_allclose(result.p_value, special.erfc(np.sqrt(result.chi_square / 2)), rtol=1e-10)
    assert result.n_reference.tolist() == [1600] * 5
    assert result.n_focal.tolist() == [1400] * 5


def test_the_odds_ratio_is_nearly_that_of_logistic_regression():
    result = mantel_haenszel(RESPONSES, GROUPS, focal="f")
    regression = logistic_regression(RESPONSES, GROUPS, focal="f")
    # Strata and a straight line through them: closer than half a standard error.
    np.testing.assert_allclose(-np.log(result.alpha), regression.group_effect, atol=0.04)
    np.testing.assert_allclose(result.se_log_alpha, regression.se_group_effect, rtol=0.05)


@pytest.mark.parametrize(
    ("right_focal", "n", "letter"),
    [
        (500, 1000, "A"),  # alpha 1
        (400, 1000, "A"),  # significant, delta -0.95
        (390, 1000, "B"),  # delta -1.05
        (348, 1000, "B"),  # delta -1.48
        (330, 1000, "C"),  # delta -1.66, its standard error 0.22
        (33, 100, "B"),  # delta -1.66, not surely beyond -1
        (8, 20, "A"),  # delta -0.95, not significant
        (0, 1000, "C"),  # none right: beyond measure
        (661, 1000, "C"),  # as large to the other side
    ],
)
def test_classes_of_dorans_and_holland(right_focal, n, letter):
    responses = np.repeat([[1], [0], [1], [0]], [n // 2, n // 2, right_focal, n - right_focal], axis=0)
    groups = np.repeat([0, 1], [n, n])
    # Matched on a value all share, there is one stratum.
    result = mantel_haenszel(responses, groups, focal=1, matching=np.zeros(2 * n))
    assert result.ets_class == (letter,)


def test_a_class_needs_significance_at_five_percent():
    wrong_focal = 24  # of 40, where half of the reference group are right: delta about -0.95 … -1.8
    responses = np.repeat([[1], [0], [1], [0]], [20, 20, 40 - wrong_focal - 2, wrong_focal + 2], axis=0)
    result = mantel_haenszel(responses, np.repeat([0, 1], 40), focal=1, matching=np.zeros(80))
    assert result.delta[0] < -1.4
    assert result.p_value[0] > 0.05
    assert result.ets_class == ("A",)
    without = mantel_haenszel(responses, np.repeat([0, 1], 40), focal=1, matching=np.zeros(80), correct=False)
    assert without.chi_square[0] > result.chi_square[0]


def test_shifted_items_are_found_and_the_others_not():
    shift = {4: 0.8, 7: -0.9, 12: 0.9}
    responses, group = half_points(n=8000, shift=shift, seed=11)
    points = mathematics().category_half_points
    result = mantel_haenszel(responses, group, focal=1, category_points=points, purify=True)
    flagged = [item for item, letter in enumerate(result.ets_class) if letter in "BC"]
    assert flagged == [4, 7, 12]
    assert np.flatnonzero(~result.matched).tolist() == [4, 7, 12]
    assert np.sign(result.smd[flagged]).tolist() == [-1, 1, -1]
    assert np.isnan(result.delta[mathematics().parameters.n_categories > 2]).all()


def test_purified_totals_leave_out_what_was_suspect_but_count_the_studied_item():
    shift = dict.fromkeys((1, 4, 8), 1.2)
    responses, group = half_points(n=6000, shift=shift, seed=5)
    once = mantel_haenszel(responses, group, focal=1)
    twice = mantel_haenszel(responses, group, focal=1, purify=True)
    kept = [letter not in ("B", "C") for letter in once.ets_class]
    assert twice.matched.tolist() == kept
    by_hand = mantel_haenszel(responses, group, focal=1, matched=kept)
    np.testing.assert_array_equal(twice.chi_square, by_hand.chi_square)
    clean = [item for item in range(20) if item not in shift]
    # Suspect items in the total make all others look easier for the focal group.
    assert np.abs(twice.smd[clean]).mean() < np.abs(once.smd[clean]).mean()
    item = 1
    total = responses[:, np.array(kept) | (np.arange(20) == item)].sum(axis=1)
    own = mantel_haenszel(responses[:, [item]], group, focal=1, matching=total)
    assert own.chi_square[0] == pytest.approx(twice.chi_square[item])


def test_equal_items_are_rarely_significant():
    p = np.concatenate(
        [mantel_haenszel(*half_points(n=1000, shift={}, seed=seed), focal=1).p_value for seed in range(15)]
    )
    # 300 tests at 5 %: 15 expected, 2.6 standard deviations either way.
    assert 5 <= (p < 0.05).sum() <= 25


def test_adjusted_classes_are_milder():
    responses, group = half_points(n=1500, shift={3: 0.45}, seed=8)
    plain = mantel_haenszel(responses, group, focal=1)
    adjusted = mantel_haenszel(responses, group, focal=1, adjust=True)
    assert (plain.adjusted_p_value >= plain.p_value).all()
    assert all(a <= b for a, b in zip(adjusted.ets_class, plain.ets_class, strict=True))


def test_booklets_are_compared_with_themselves():
    responses, group = half_points(n=3000, shift={}, seed=21)
    missing = responses.copy()
    missing[:1500, :8] = -1
    together = mantel_haenszel(missing, group, focal=1)
    # Items 8 to 19 met everybody, so their strata are those of two forms side by side.
    halves = [
        mantel_haenszel(part, group[rows], focal=1)
        for part, rows in (
            (missing[:1500, 8:], slice(0, 1500)),
            (missing[1500:], slice(1500, 3000)),
        )
    ]
    assert together.n_focal[0] == halves[1].n_focal[0]
    assert together.chi_square[0] == pytest.approx(halves[1].chi_square[0])
    assert together.n_focal[19] == halves[0].n_focal[11] + halves[1].n_focal[19]
    weight = np.array([halves[0].n_focal[11], halves[1].n_focal[19]])
    smd = np.array([halves[0].smd[11], halves[1].smd[19]])
    # All strata hold both groups here but for a few candidates at the ends.
    assert together.smd[19] == pytest.approx(weight @ smd / weight.sum(), abs=0.002)


def test_items_that_tell_nothing_have_no_class():
    responses = RESPONSES.copy()
    responses[:, 0] = 1
    responses[GROUPS == "f", 1] = -1
    responses[:, 2] = -1
    result = mantel_haenszel(responses, GROUPS, focal="f", matched=[3, 4])
    assert result.ets_class[:3] == ("", "", "")
    assert np.isnan(result.chi_square[:3]).all()
    assert np.isnan(result.adjusted_p_value[:3]).all()
    assert result.n_focal[:3].tolist() == [1400, 0, 0]
    assert np.isfinite(result.p_value[3:]).all()


def test_one_candidate_a_group():
    result = mantel_haenszel([[1, 0], [0, 1]], ["a", "b"], focal="a")
    assert result.ets_class == ("A", "A")
    assert np.isnan(result.alpha).all()


def test_when_everything_is_suspect_there_is_nothing_to_match_on():
    # With two items a shift of one is a shift of the other.
    responses = np.repeat([[1, 0], [0, 1], [1, 0], [0, 1]], [300, 100, 100, 300], axis=0)
    with pytest.raises(ValueError, match="no item is left to match"):
        mantel_haenszel(responses, np.repeat([0, 1], 400), focal=1, purify=True)


def test_estimates_of_ability_must_be_rounded_to_match_on():
    responses, group = half_points(n=2000, shift={4: 0.9}, seed=3)
    theta = score(responses, mathematics().parameters).theta
    with pytest.raises(
        ValueError, match=r"matching has \d{4} distinct values for 2000 candidates.*round or group"
    ):
        mantel_haenszel(responses, group, focal=1, matching=theta)
    rounded = mantel_haenszel(responses, group, focal=1, matching=np.round(theta, 1))
    assert rounded.ets_class[4] in ("B", "C")
    assert np.isfinite(rounded.p_value).all()


def test_few_candidates_may_be_matched_on_totals():
    responses, group = half_points(n=60, shift={}, seed=4)
    total = responses.sum(axis=1)
    assert np.unique(total).size > 60 / 5
    assert np.isfinite(mantel_haenszel(responses, group, focal=1, matching=total).p_value).any()


@pytest.mark.parametrize("matching", [None, np.repeat([0, 5], 10)])
def test_groups_without_equals_are_not_compared_in_silence(matching):
    with pytest.raises(ValueError, match="on no item do candidates of both groups have an equal matching"):
        mantel_haenszel(
            np.repeat([[0] * 3, [1] * 3], 10, axis=0), list("a" * 10 + "b" * 10), focal="a", matching=matching
        )

"""Do statistics of stacked tables agree with printed ones, hand calculation and every arrangement?"""

from itertools import combinations

import numpy as np
import pytest

from scoring.irt.dif.stratified_tables import mantel_haenszel_statistics

# Bickel, Hammel & O'Connell (1975), Berkeley: for six departments men and women, rejected and admitted.
BERKELEY = [
    [[313, 512], [19, 89]],
    [[207, 353], [8, 17]],
    [[205, 120], [391, 202]],
    [[279, 138], [244, 131]],
    [[138, 53], [299, 94]],
    [[351, 22], [317, 24]],
]
# Agresti (1990), p. 231-237: at five levels of penicillin no delay and 1.5 hours, died and cured.
RABBITS = [
    [[6, 0], [5, 0]],
    [[3, 3], [6, 0]],
    [[0, 6], [4, 2]],
    [[1, 5], [0, 6]],
    [[0, 2], [0, 5]],
]


def test_berkeley_as_printed_by_mantelhaen_test_of_r():
    found = mantel_haenszel_statistics(BERKELEY)
    assert found.chi_square == pytest.approx(1.4269, abs=5e-5)
    assert found.alpha == pytest.approx(0.9046968, abs=5e-8)
    interval = np.exp(np.log(found.alpha) + np.array([-1, 1]) * 1.959964 * found.se_log_alpha)
    assert interval.tolist() == pytest.approx([0.7719074, 1.0603298], abs=1e-6)


def test_rabbits_as_printed_by_mantelhaen_test_of_r():
    found = mantel_haenszel_statistics(RABBITS)
    assert found.chi_square == pytest.approx(3.9286, abs=5e-5)
    assert found.alpha == pytest.approx(7)
    interval = np.exp(np.log(found.alpha) + np.array([-1, 1]) * 1.959964 * found.se_log_alpha)
    assert interval.tolist() == pytest.approx([1.026713, 47.725133], abs=1e-5)


def test_two_strata_by_hand():
    # Reference 4 right of 10 and 8 of 10, focal 2 of 10 and 3 of 5.
    found = mantel_haenszel_statistics([[[6, 4], [8, 2]], [[2, 8], [2, 3]]])
    agree, oppose = 4 * 8 / 20 + 8 * 2 / 15, 6 * 2 / 20 + 2 * 3 / 15
    assert found.alpha == pytest.approx(agree / oppose)
    # Focal points 5, expected 10 * 6/20 + 5 * 11/15 = 6.6667.
    variance = 10 * 10 * 6 * 14 / (20**2 * 19) + 10 * 5 * 11 * 4 / (15**2 * 14)
    assert found.chi_square == pytest.approx((20 / 3 - 5 - 0.5) ** 2 / variance)
    # Focal minus reference shares 0.2 - 0.4 and 0.6 - 0.8, weighted 10 : 5.
    assert found.smd == pytest.approx(-0.2)


def test_the_standard_error_is_also_that_of_phillips_and_holland():
    counts = np.array(BERKELEY, dtype=float)
    found = mantel_haenszel_statistics(counts)
    (wrong_r, right_r), (wrong_f, right_f) = counts[:, 0].T, counts[:, 1].T
    n = counts.sum(axis=(1, 2))
    agree, oppose = right_r * wrong_f, wrong_r * right_f
    inner = (agree + found.alpha * oppose) * (right_r + wrong_f + found.alpha * (wrong_r + right_f))
    variance = (inner / n**2).sum() / (2 * (agree / n).sum() ** 2)
    assert found.se_log_alpha == pytest.approx(np.sqrt(variance), rel=1e-12)


def test_mantels_variances_against_every_way_to_form_the_focal_group():
    # Seven candidates of one total with 0 to 4 half-points, three of them focal.
    points = np.array([0, 0, 1, 2, 2, 4, 4])
    table = np.zeros((1, 2, 5))
    for place, value in enumerate(points):
        table[0, int(place in (0, 3, 5)), value] += 1
    groups = [list(chosen) for chosen in combinations(range(7), 3)]
    sums = np.array([points[chosen].sum() for chosen in groups])
    gaps = np.array([points[chosen].mean() - np.delete(points, chosen).mean() for chosen in groups])
    found = mantel_haenszel_statistics(table)
    excess = points[[0, 3, 5]].sum() - sums.mean()
    assert found.chi_square == pytest.approx(excess**2 / sums.var())
    assert found.se_smd == pytest.approx(gaps.std())
    assert found.smd == pytest.approx(gaps[groups.index([0, 3, 5])])
    assert np.isnan([found.alpha, found.se_log_alpha]).all()


def test_two_categories_are_a_case_of_several():
    counts = np.array(BERKELEY)
    two = mantel_haenszel_statistics(counts, correct=False)
    three = mantel_haenszel_statistics(np.concatenate((counts, np.zeros((6, 2, 1))), axis=2))
    assert three.chi_square == pytest.approx(two.chi_square, rel=1e-12)
    assert (three.smd, three.se_smd) == pytest.approx((two.smd, two.se_smd), rel=1e-12)


def test_half_points_change_the_difference_and_not_the_tests():
    half = mantel_haenszel_statistics(BERKELEY, [0, 2])
    whole = mantel_haenszel_statistics(BERKELEY)
    assert half.chi_square == pytest.approx(whole.chi_square, rel=1e-12)
    assert half.alpha == whole.alpha
    assert (half.smd, half.se_smd) == pytest.approx((2 * whole.smd, 2 * whole.se_smd))


def test_groups_exchanged():
    found = mantel_haenszel_statistics(BERKELEY)
    other = mantel_haenszel_statistics(np.array(BERKELEY)[:, ::-1])
    assert other.alpha == pytest.approx(1 / found.alpha)
    assert other.se_log_alpha == pytest.approx(found.se_log_alpha)
    assert other.chi_square == pytest.approx(found.chi_square)


def test_strata_that_compare_nobody_change_nothing():
    lonely = [[[3, 4], [0, 0]], [[0, 0], [2, 1]], [[0, 1], [0, 0]], [[0, 0], [0, 0]]]
    assert mantel_haenszel_statistics([*BERKELEY, *lonely]) == mantel_haenszel_statistics(BERKELEY)


@pytest.mark.parametrize(
    ("table", "defined"),
    [
        ([[[0, 0], [0, 0]]], []),  # nobody
        ([[[2, 3], [0, 0]]], []),  # one group
        ([[[0, 4], [0, 3]]], ["smd", "se_smd"]),  # all right
        ([[[0, 4], [3, 1]]], ["chi_square", "smd", "se_smd"]),  # odds ratio infinite
        ([[[4, 0], [1, 3]]], ["chi_square", "smd", "se_smd"]),  # odds ratio 0
    ],
)
def test_what_does_not_exist_is_nan(table, defined):
    found = mantel_haenszel_statistics(table)
    assert [name for name, value in found._asdict().items() if np.isfinite(value)] == defined


def test_a_gap_smaller_than_the_correction_counts_as_none():
    # Focal points 3, expected 5 * 7/12 = 2.9167.
    assert mantel_haenszel_statistics([[[3, 4], [2, 3]]]).chi_square == 0.0

"""Is S-X2 the published one, does it find items that do not fit, and spare those that do?"""

import numpy as np
import pytest
from scipy import stats

from scoring.irt import NOT_PRESENTED, OMITTED, Grid, ItemParameters, MissingRule, simulate_responses
from scoring.irt.calibration import Anchors, fit
from scoring.irt.quality.item_fit import s_x2
from tests.scoring.irt import lsat

IDENTICAL = ItemParameters.dichotomous(1.3, [0.4] * 3)


def alike(*counts: tuple[str, int]) -> np.ndarray:
    return np.repeat([[int(code) for code in row] for row, _ in counts], [n for _, n in counts], axis=0)


def test_lsat_6_as_published():
    found = s_x2(lsat.responses(6), lsat.items(6), grid=lsat.grid(6))
    published = lsat.fixture("lsat6_fit")["items"]
    np.testing.assert_allclose(found.statistic, lsat.column(published, "s_x2"), rtol=0, atol=5e-7)
    assert found.df.tolist() == [2, 2, 1, 2, 2] == [row["df"] for row in published]
    np.testing.assert_allclose(found.p, lsat.column(published, "p"), rtol=0, atol=5e-7)
    np.testing.assert_allclose(found.rmsea, lsat.column(published, "rmsea"), rtol=0, atol=5e-7)
    assert (found.n_used, found.n_left_out) == (1000, 0)


def test_lsat_7_as_published():
    found = s_x2(lsat.responses(7), lsat.items(7), grid=lsat.grid(7))
    np.testing.assert_allclose(found.statistic, lsat.section(7)["s_x2"], rtol=0, atol=1e-4)
    np.testing.assert_allclose(found.statistic, lsat.section(7)["s_x2_printed"], rtol=0, atol=3e-3)
    assert found.df.tolist() == [2] * 5
    assert found.p[1] < 0.001 < 0.05 < found.p[[0, 2, 3, 4]].min()


def test_from_the_responses_of_lsat_7_alone():
    result = fit(lsat.responses(7), model="2pl", grid=lsat.grid(7), tolerance=1e-6)
    found = s_x2(lsat.responses(7), result, grid=result.grid)
    np.testing.assert_allclose(found.statistic, lsat.section(7)["s_x2"], rtol=0, atol=1e-3)


def test_items_of_two_to_five_categories_as_another_program_has_them():
    known = lsat.fixture("partial_credit_fit")
    responses = np.array([[int(code) for code in row] for row in known["responses"]])
    items = ItemParameters.partial_credit(known["a"], known["steps"])
    found = s_x2(responses, items, grid=Grid.uniform(**known["grid"]))
    np.testing.assert_allclose(found.statistic, known["s_x2"], rtol=0, atol=1e-6)
    assert found.df.tolist() == known["df"]
    np.testing.assert_allclose(found.p, known["p"], rtol=0, atol=1e-6)


def test_identical_items_by_hand():
    # With three identical items, whoever has s right has the first right with probability s / 3, in any
    # population. Totals of 1: 30 candidates, 16 of them with the first item; of 2: 60, 34 with the first.
    data = alike(
        ("000", 9), ("100", 16), ("010", 8), ("001", 6), ("110", 20), ("101", 14), ("011", 26), ("111", 5)
    )
    found = s_x2(data, IDENTICAL, n_parameters=[0, 0, 0])
    first = (16 - 10) ** 2 / 10 + (14 - 20) ** 2 / 20 + (34 - 40) ** 2 / 40 + (26 - 20) ** 2 / 20
    assert found.statistic[0] == pytest.approx(first)
    assert found.df.tolist() == [2, 2, 2]
    assert found.p[0] == pytest.approx(np.exp(-first / 2))  # chi-square with two degrees of freedom
    elsewhere = s_x2(data, IDENTICAL, n_parameters=[0, 0, 0], prior_mean=1.0, prior_sd=0.5)
    assert elsewhere.statistic == pytest.approx(found.statistic)


def test_parameters_estimated_cost_degrees_of_freedom():
    data = alike(("000", 9), ("100", 16), ("010", 8), ("001", 6), ("110", 20), ("101", 14), ("011", 26))
    found = s_x2(data, IDENTICAL, n_parameters=[0, 1, 2])
    assert found.df.tolist() == [2, 1, 0]
    assert np.isfinite(found.statistic).tolist() == [True, True, False]
    assert np.isnan(found.p[2]) and np.isnan(found.rmsea[2])
    with_guessing = ItemParameters.dichotomous(1.0, [0.0] * 8, [0.0, 0.2] * 4)
    data = simulate_responses(np.random.default_rng(1).standard_normal(3000), with_guessing, seed=2)
    assert s_x2(data, with_guessing).df.tolist() == [7 - 2, 7 - 3] * 4


def test_small_groups_join_their_smaller_neighbour():
    # Four identical items, so shares of s / 4; 2, 30 and 20 candidates have totals of 1, 2 and 3. Of the two,
    # half a candidate is expected to have an item right, so they join the 30.
    items = ItemParameters.dichotomous(1.0, [0.0] * 4)
    data = alike(("1000", 2), ("1100", 14), ("0011", 16), ("1110", 17), ("0111", 3))
    found = s_x2(data, items, n_parameters=[0] * 4)
    right, wrong = 2 / 4 + 15, 2 * 3 / 4 + 15
    joined = (16 - right) ** 2 / right + (16 - wrong) ** 2 / wrong
    assert found.statistic[0] == pytest.approx(joined + (17 - 15) ** 2 / 15 + (3 - 5) ** 2 / 5)
    assert found.df[0] == 2


def test_small_cells_join_within_their_group():
    # Two identical items of three categories: only totals of 2 allow all three, and totals of 3 join them.
    # At 2, categories (1, 1) to (0, 2) to (2, 0) are as e to 1 to 1; at 3, (1, 2) is as likely as (2, 1).
    items = ItemParameters.partial_credit([1.0, 1.0], [[-0.5, 0.5]] * 2)
    data = alike(("02", 1), ("11", 5), ("12", 3), ("21", 1), ("22", 40))
    e = np.exp(1.0)
    low, middle, high = 6 / (e + 2), 6 * e / (e + 2) + 2, 6 / (e + 2) + 2
    assert low < 1.5 < high
    apart = s_x2(data, items, n_parameters=[0, 0])
    assert apart.df[0] == 2
    assert apart.statistic[0] == pytest.approx(
        (1 - low) ** 2 / low + (8 - middle) ** 2 / middle + (1 - high) ** 2 / high
    )
    joined = s_x2(data, items, n_parameters=[0, 0], least_expected=1.5)
    assert joined.df[0] == 1
    assert joined.statistic[0] == pytest.approx(
        (9 - low - middle) ** 2 / (low + middle) + (1 - high) ** 2 / high
    )


def test_under_the_model_the_statistic_is_chi_square():
    rng = np.random.default_rng(31)
    items = ItemParameters.dichotomous(rng.uniform(0.7, 1.8, 30), rng.normal(0, 1, 30), [0.0, 0.2] * 15)
    fits = [
        s_x2(simulate_responses(rng.standard_normal(1500), items, seed=seed), items, n_parameters=[0] * 30)
        for seed in range(8)
    ]
    p = np.concatenate([found.p for found in fits])
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert 0.02 < (p < 0.05).mean() < 0.09


def test_items_calibrated_on_the_same_responses_are_rejected_about_as_often_as_stated():
    rng = np.random.default_rng(17)
    p = []
    for seed in range(10):
        items = ItemParameters.dichotomous(rng.uniform(0.7, 1.8, 20), rng.normal(0, 1, 20))
        data = simulate_responses(rng.standard_normal(1000), items, seed=seed)
        p.append(s_x2(data, fit(data, model="2pl", standard_errors=False)).p)
    # 5 % with four standard errors of 200 items, and a little because parameters come from single responses.
    assert 0.02 < (np.concatenate(p) < 0.05).mean() < 0.12


def test_a_rasch_calibration_brings_its_spread_and_what_it_estimated():
    rng = np.random.default_rng(23)
    p = []
    for seed in range(10):
        items = ItemParameters.dichotomous(1.0, rng.normal(0, 1, 20))
        data = simulate_responses(1.6 * rng.standard_normal(1000), items, seed=seed)
        result = fit(data, model="rasch", standard_errors=False)
        found = s_x2(data, result)
        sd = float(result.population.sd[0])
        by_hand = s_x2(data, result.items, n_parameters=[1] * 20, prior_sd=sd)
        np.testing.assert_array_equal(found.statistic, by_hand.statistic)
        np.testing.assert_array_equal(found.df, by_hand.df)
        bare = s_x2(data, result.items, prior_sd=sd)
        np.testing.assert_array_equal(found.df, bare.df + 1)
        p.append(found.p)
    assert 0.02 < (np.concatenate(p) < 0.05).mean() < 0.09


def test_anchors_cost_no_degree_of_freedom():
    items = ItemParameters.dichotomous(1.2, np.linspace(-1, 1, 8))
    data = simulate_responses(0.5 + np.random.default_rng(3).standard_normal(2000), items, seed=4)
    result = fit(data, model="2pl", anchors=Anchors(np.arange(3), items.select([0, 1, 2])))
    expected = s_x2(
        data,
        result.items,
        n_parameters=[0] * 3 + [2] * 5,
        prior_mean=float(result.population.mean[0]),
        prior_sd=float(result.population.sd[0]),
    )
    found = s_x2(data, result)
    np.testing.assert_array_equal(found.df, expected.df)
    np.testing.assert_array_equal(found.statistic, expected.statistic)


def test_columns_that_were_not_calibrated_have_no_statistic():
    data = np.insert(lsat.responses(7), 2, 1, axis=1)  # everybody right
    data[:10, 2] = NOT_PRESENTED
    result = fit(data, model="2pl")
    found, without = s_x2(data, result), s_x2(np.delete(data, 2, axis=1), result.items)
    kept = [0, 1, 3, 4, 5]
    assert result.calibrated.tolist() == [True, True, False, True, True, True]
    np.testing.assert_array_equal(found.statistic[kept], without.statistic)
    np.testing.assert_array_equal(found.df[kept], without.df)
    assert np.isnan([found.statistic[2], found.p[2], found.rmsea[2]]).all() and found.df[2] == 0
    assert (found.n_used, found.n_left_out) == (1000, 0)
    given = s_x2(data, result, n_parameters=[0, 0, 9, 2, 2, 2])
    assert given.df[kept].tolist() == np.add(without.df, [2, 2, 0, 0, 0]).tolist()
    with pytest.raises(ValueError, match=r"n_parameters has shape \(5,\)"):
        s_x2(data, result, n_parameters=[2] * 5)


def test_omitted_responses_count_as_they_did_in_the_calibration():
    data = lsat.responses(7).astype(int)
    data[::10, 0] = OMITTED
    result = fit(data, model="2pl", omitted=MissingRule.NOT_PRESENTED)
    assert s_x2(data, result).n_left_out == 100
    assert s_x2(data, result, omitted=MissingRule.CATEGORY_ZERO).n_left_out == 0


def test_several_populations_are_a_mixture_of_those_who_met_every_item():
    rng = np.random.default_rng(41)
    items = ItemParameters.dichotomous(rng.uniform(0.7, 1.8, 20), rng.normal(0, 1, 20))
    group = np.repeat([0, 1], [1500, 500])
    data = simulate_responses(rng.standard_normal(2000) + 2.0 * group, items, seed=42)
    result = fit(data, model="2pl", groups=group, standard_errors=False)
    with pytest.raises(ValueError, match="several populations: give prior_mean and prior_sd"):
        s_x2(data, result)
    mean, sd = result.population.of_groups(group)
    found = s_x2(data, result, prior_mean=mean, prior_sd=sd)
    assert (found.p < 0.01).sum() <= 1
    # As if one of the groups had not been there, once its candidates have an item missing.
    data[group == 1, 0] = NOT_PRESENTED
    rest = s_x2(data, result, prior_mean=mean, prior_sd=sd, grid=result.grid)
    alone = s_x2(data[group == 0], result, prior_mean=mean[0], prior_sd=sd[0], grid=result.grid)
    np.testing.assert_allclose(rest.statistic, alone.statistic, rtol=1e-12)


def test_an_item_that_is_guessed_stands_out():
    rng = np.random.default_rng(5)
    b, c = np.linspace(-1.5, 1.5, 20), np.zeros(20)
    c[15] = 0.35
    data = simulate_responses(rng.standard_normal(4000), ItemParameters.dichotomous(1.4, b, c), seed=6)
    found = s_x2(data, ItemParameters.dichotomous(1.4, b))
    assert found.p[15] < 1e-10
    assert found.rmsea.argmax() == 15


def test_candidates_with_missing_responses_are_left_out_and_counted():
    data = lsat.responses(6).astype(int)
    whole = s_x2(data[::2], lsat.items(6))
    data[1::2, 3] = NOT_PRESENTED
    found = s_x2(data, lsat.items(6))
    assert (found.n_used, found.n_left_out) == (500, 500)
    np.testing.assert_array_equal(found.statistic, whole.statistic)
    data[1::2, 3] = OMITTED  # counts as category 0
    assert s_x2(data, lsat.items(6)).n_used == 1000


def test_where_nothing_can_be_compared_there_is_no_statistic():
    nobody = s_x2(np.full((4, 5), NOT_PRESENTED), lsat.items(6))
    extremes = s_x2(np.repeat([[0] * 5, [1] * 5], 50, axis=0), lsat.items(6))
    single = s_x2([[0], [1]], ItemParameters.dichotomous(1.0, [0.0]))
    for found in (nobody, extremes, single):
        assert np.isnan(found.statistic).all() and np.isnan(found.p).all() and not found.df.any()
    assert (nobody.n_used, nobody.n_left_out) == (0, 4)


def test_an_item_everybody_gets_right_still_has_its_statistic():
    data = lsat.responses(6)
    data[:, 2] = 1
    found = s_x2(data, lsat.items(6))
    assert np.isfinite(found.statistic).all()
    assert found.p[2] < 1e-10


def test_order_of_candidates_and_items_does_not_matter():
    rng = np.random.default_rng(8)
    data, items = lsat.responses(7), lsat.items(7)
    people, places = rng.permutation(1000), rng.permutation(5)
    straight, shuffled = s_x2(data, items), s_x2(data[people][:, places], items.select(places))
    np.testing.assert_allclose(shuffled.statistic, straight.statistic[places], rtol=1e-10)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_parameters": [2, 2]}, r"n_parameters has shape \(2,\), expected one count per item"),
        ({"n_parameters": [2, 2, -1]}, "none below 0"),
        ({"least_expected": 0.0}, "least_expected must be above 0, not 0.0"),
        ({"prior_sd": 0.0}, "prior_sd must be finite and positive, not 0.0"),
    ],
)
def test_impossible_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        s_x2([[0, 1, 0]], IDENTICAL, **options)


def test_impossible_responses_are_named():
    with pytest.raises(ValueError, match="candidate 1, item 2: no category 2"):
        s_x2([[0, 0, 0], [0, 0, 2]], IDENTICAL)

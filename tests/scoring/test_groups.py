"""Are results of groups unbiased, and do their intervals hold what they say?"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from scoring.groups import GroupResults, group_results
from scoring.irt import (
    DEFAULT_GRID,
    log_likelihood,
    mean_and_sd,
    normal_weights,
    posterior_weights,
    score_distribution,
    simulate_responses,
)
from scoring.irt.types import FloatArray, IntArray
from tests.scoring.mathematics import mathematics

ITEMS = mathematics()
EXPECTED = score_distribution(ITEMS.parameters, ITEMS.category_half_points) @ np.arange(41)
CUTS = (17, 24, 29)


@dataclass(frozen=True)
class World:
    """Groups of known population: mean, sd (G,), group and theta (N,), log-likelihood (N, Q)."""

    mean: FloatArray
    sd: FloatArray
    group: IntArray
    theta: FloatArray
    log_likelihood: FloatArray

    @property
    def points(self) -> FloatArray:
        return np.interp(self.theta, DEFAULT_GRID.points, EXPECTED)

    def results(self, *, census: bool, seed: int = 1) -> GroupResults:
        return group_results(self.log_likelihood, self.group, EXPECTED, CUTS, seed=seed, census=census)


@cache
def world(n_groups: int, size: int, seed: int) -> World:
    rng = np.random.default_rng(seed)
    mean, sd = rng.normal(0, 0.4, n_groups), rng.uniform(0.7, 1.1, n_groups)
    group = np.repeat(np.arange(n_groups), size)
    theta = mean[group] + sd[group] * rng.standard_normal(n_groups * size)
    responses = simulate_responses(theta, ITEMS.parameters, seed=seed + 1)
    return World(mean, sd, group, theta, log_likelihood(responses, ITEMS.parameters))


def coverage(world: World, truth: FloatArray, *, census: bool) -> list[bool]:
    results = world.results(census=census).groups
    estimates = [result.expected_half_points for result in results]
    return [one.low <= true <= one.high for one, true in zip(estimates, truth, strict=True)]


def test_population_of_each_group_is_recovered_where_averages_of_estimates_shrink():
    groups = world(4, 2000, seed=3)
    results = groups.results(census=True)
    assert results.converged
    assert [result.mean for result in results.groups] == pytest.approx(groups.mean.tolist(), abs=0.08)
    assert [result.sd for result in results.groups] == pytest.approx(groups.sd.tolist(), abs=0.07)
    posterior = posterior_weights(groups.log_likelihood, normal_weights(DEFAULT_GRID))
    theta, _ = mean_and_sd(posterior, DEFAULT_GRID)
    farthest = int(np.abs(groups.mean).argmax())
    shrunken = abs(theta[groups.group == farthest].mean())
    assert shrunken < abs(results.groups[farthest].mean) - 0.05


def test_intervals_of_a_census_hold_the_pupils_own_mean_19_times_in_20():
    groups = world(1000, 20, seed=7)
    own = np.bincount(groups.group, weights=groups.points) / 20
    assert 0.93 < np.mean(coverage(groups, own, census=True)) < 0.97


def test_intervals_of_a_sample_hold_the_mean_of_its_population_19_times_in_20():
    groups = world(1000, 20, seed=7)
    z = np.linspace(-5, 5, 401)
    weights = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
    theta = groups.mean[:, None] + groups.sd[:, None] * z
    population = np.interp(theta, DEFAULT_GRID.points, EXPECTED) @ weights
    assert 0.93 < np.mean(coverage(groups, population, census=False)) < 0.975


def test_a_sample_is_less_sure_than_a_census():
    groups = world(3, 200, seed=11)
    census, sample = groups.results(census=True), groups.results(census=False)
    for exact, wide in zip(census.groups, sample.groups, strict=True):
        assert exact.expected_half_points.value == wide.expected_half_points.value
        width = [one.high - one.low for one in (exact.expected_half_points, wide.expected_half_points)]
        assert width[1] > 1.5 * width[0]


def test_levels_hold_the_shares_of_pupils_in_them():
    groups = world(2, 3000, seed=13)
    results = groups.results(census=True)
    for number, result in enumerate(results.groups):
        points = groups.points[groups.group == number]
        true = np.bincount(np.searchsorted(CUTS, points, side="right"), minlength=4) / points.size
        assert [share.value for share in result.level_shares] == pytest.approx(true.tolist(), abs=0.02)
        assert sum(share.value for share in result.level_shares) == pytest.approx(1)
        assert all(0 <= share.low <= share.value <= share.high <= 1 for share in result.level_shares)


def test_everybody_together_is_made_of_the_groups():
    groups = world(3, 50, seed=17)
    results = groups.results(census=True)
    parts = [result.expected_half_points.value for result in results.groups]
    assert results.everybody.expected_half_points.value == pytest.approx(np.mean(parts))
    assert results.everybody.mean == pytest.approx(np.mean([result.mean for result in results.groups]))
    assert (results.everybody.group, results.everybody.n) == (None, 150)


def test_the_same_seed_gives_the_same_figures_and_names_are_sorted():
    groups = world(3, 40, seed=19)
    names = np.array(["Vojvodina", "Belgrade", "South"])[groups.group]
    first, again, other = (
        group_results(groups.log_likelihood, names, EXPECTED, CUTS, seed=seed, census=True)
        for seed in (5, 5, 6)
    )
    assert [result.group for result in first.groups] == ["Belgrade", "South", "Vojvodina"]
    assert [result.n for result in first.groups] == [40, 40, 40]
    assert first == again
    assert first != other


def test_a_group_of_one_has_a_finite_and_wide_result():
    groups = world(2, 30, seed=23)
    results = group_results(
        groups.log_likelihood[:31], groups.group[:31], EXPECTED, CUTS, seed=1, census=True
    )
    many, one = results.groups
    assert one.n == 1
    assert np.isfinite([one.mean, one.sd, one.expected_half_points.low, one.expected_half_points.high]).all()
    spread = [r.expected_half_points.high - r.expected_half_points.low for r in (many, one)]
    assert spread[1] > 2 * spread[0]


def test_pupils_who_were_asked_nothing_do_not_move_a_group():
    groups = world(1, 400, seed=29)
    nobody = np.zeros((200, 41))
    with_silent = group_results(
        np.concatenate((groups.log_likelihood, nobody)), np.zeros(600), EXPECTED, CUTS, seed=1, census=True
    )
    assert with_silent.groups[0].mean == pytest.approx(groups.results(census=True).groups[0].mean, abs=5e-3)


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="log-likelihood"):
        group_results(np.zeros((3, 41)), [1, 2], EXPECTED, CUTS, seed=1, census=True)
    with pytest.raises(ValueError, match="log-likelihood"):
        group_results(np.zeros((0, 41)), [], EXPECTED, CUTS, seed=1, census=True)

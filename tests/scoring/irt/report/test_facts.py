"""Are the report's figures those of the engine?"""

from dataclasses import replace

import numpy as np
import pytest

from scoring.irt.ability.scores import score
from scoring.irt.calibration import fit
from scoring.irt.calibration.result import Population
from scoring.irt.posterior import mean_and_sd
from scoring.irt.quality.classical import classical_statistics
from scoring.irt.quality.dependence import q3
from scoring.irt.quality.item_fit import s_x2
from scoring.irt.quality.mean_squares import item_mean_squares
from scoring.irt.report.facts import candidate_priors, gather, group_positions
from scoring.irt.types import MissingRule
from tests.scoring.irt.report import samples


def test_every_part_comes_from_its_own_module():
    facts, result = samples.facts(), samples.result()
    kept = result.calibrated
    assert facts.names == tuple(np.array(samples.NAMES)[kept])
    assert kept.tolist() == [True] * 8 + [False, True]
    codes = samples.sample().responses[:, kept]
    np.testing.assert_array_equal(facts.codes, codes)
    group = np.array([0 if label == "north" else 1 for label in samples.groups()])
    np.testing.assert_array_equal(facts.group, group)
    population = result.population
    expected = score(
        codes,
        result.items,
        prior_mean=population.mean[group],
        prior_sd=population.sd[group],
        grid=result.grid,
    )
    np.testing.assert_allclose(facts.observed.theta, expected.theta, atol=1e-4)
    wle = score(codes, result.items, "wle", grid=result.grid).theta
    np.testing.assert_array_equal(
        facts.mean_squares.outfit, item_mean_squares(codes, result.items, wle).outfit
    )
    np.testing.assert_array_equal(facts.dependence.q3, q3(codes, result.items, wle).q3)
    mean, sd = mean_and_sd(facts.observed.density, result.grid)
    fitted = s_x2(codes, result.items, prior_mean=float(mean), prior_sd=float(sd))
    np.testing.assert_array_equal(facts.item_fit.statistic, fitted.statistic)
    alone = classical_statistics(codes.astype(float), result.items.n_categories - 1)
    assert facts.alpha == alone.alpha
    np.testing.assert_array_equal(facts.classical.facility[kept], alone.facility)
    assert 0.5 < facts.reliability < 0.9
    assert facts.complete
    assert facts.n_items.tolist() == [9] * samples.N


def test_missing_responses_follow_the_rules_of_the_run():
    responses = samples.sample().responses.copy()
    responses[0, 0], responses[1, 0] = -2, -3
    sample = replace(samples.sample(), responses=responses)
    assert gather(sample, samples.result()).codes[:2, 0].tolist() == [0, -1]
    turned = replace(sample, omitted=MissingRule.NOT_PRESENTED, not_reached=MissingRule.CATEGORY_ZERO)
    facts = gather(turned, samples.result())
    assert facts.codes[:2, 0].tolist() == [-1, 0]
    assert not facts.complete
    assert facts.n_items[:3].tolist() == [8, 9, 9]


@pytest.mark.parametrize(
    ("model", "anchored", "free"), [("2pl", (), 2), ("rasch", (), 1), ("1pl", (), 1), ("2pl", ("M02",), 0)]
)
def test_degrees_of_freedom_count_what_was_estimated(model, anchored, free):
    kept = [1, 2, 5, 6]
    responses = samples.sample().responses[:, kept]
    sample = replace(
        samples.sample(),
        items=tuple(samples.NAMES[item] for item in kept),
        responses=responses,
        groups=None,
        anchors=frozenset(anchored),
    )
    result = fit(responses, model)
    facts = gather(sample, result)
    mean, sd = (float(part) for part in mean_and_sd(facts.observed.density, result.grid))
    n_free = [free] + [1 if model != "2pl" else 2] * 3
    expected = s_x2(responses, result.items, n_parameters=n_free, prior_mean=mean, prior_sd=sd)
    assert facts.item_fit.df.tolist() == expected.df.tolist()


def test_what_is_known_of_a_candidate_before_any_response():
    population = Population(
        ("a", "b"),
        np.array([0.0, 0.5]),
        np.array([1.0, 2.0]),
        *[np.zeros(2)] * 2,
        np.array([0.1]),
        np.zeros(1),
    )
    group = group_positions(population, ("b", "a", "b"), 3)
    assert group.tolist() == [1, 0, 1]
    mean, sd = candidate_priors(population, group)
    assert (mean.tolist(), sd.tolist()) == ([0.5, 0.0, 0.5], [2.0, 1.0, 2.0])
    assert candidate_priors(population, group, [[1.0], [2.0], [3.0]])[0] == pytest.approx([0.6, 0.2, 0.8])
    assert group_positions(population, None, 2).tolist() == [0, 0]

"""Are the rivals, the oracle and the cohorts what the bench says they are?"""

from itertools import product

import numpy as np
import pytest

from scoring.growth import carry, filtered
from scoring.irt.ability import eap
from scoring.irt.posterior import posterior_weights
from scoring.irt.probabilities import category_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, diffusion_kernel, normal_weights
from scoring.irt.score_distribution import score_distribution
from scoring.irt.types import ItemParameters
from tests.bench.readiness import baselines
from tests.bench.readiness.bank import draw_bank
from tests.bench.readiness.cohorts import (
    MEANS,
    SDS,
    SHARES,
    World,
    domain_log_likelihoods,
    draw_pupils,
    evidence,
    half_points_on,
    one_domain,
    respond_all,
)
from tests.bench.readiness.domain_mix import apart, blurred, mix
from tests.bench.readiness.domain_spread import Form, predictions
from tests.bench.readiness.seasons import SEASONS, beliefs, learners, sit

PRIOR = normal_weights(DEFAULT_GRID)


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(8)
    bank = draw_bank(rng)
    pupils = draw_pupils(400, bank.n_domains, rng)
    responses = respond_all(bank, pupils, rng)
    return World(bank, {"true": bank.true}, pupils, responses, half_points_on(bank, responses, bank.exam))


def test_the_exam_has_the_blueprint_of_the_real_form(world):
    bank = world.bank
    kinds = [bank.kinds[place] for place in bank.exam]
    assert np.bincount([kind.level for kind in kinds]).tolist() == [0, 9, 7, 4]
    assert np.bincount([kind.domain for kind in kinds]).tolist() == [5, 5, 5, 2, 3]
    assert (bank.category_half_points[bank.exam].max(axis=1) == 2).all()
    assert (bank.true.n_categories[bank.exam] > 2).sum() == 6
    assert set(np.round(bank.assumed.c[bank.exam], 2).tolist()) == {0.0, 0.15}
    assert bank.pool.size == len(bank.kinds) - 60


def test_the_population_is_on_the_scale_that_its_parts_make_up():
    mean = np.dot(SHARES, MEANS)
    variance = np.dot(SHARES, np.square(SDS) + np.square(MEANS)) - mean**2
    assert mean == pytest.approx(0, abs=1e-3)
    assert variance == pytest.approx(1, abs=1e-3)
    pupils = draw_pupils(200_000, 5, np.random.default_rng(3))
    assert pupils.theta[pupils.group == 1].mean() == pytest.approx(-0.28, abs=0.01)
    assert (pupils.domain_theta - pupils.theta[:, None]).std() == pytest.approx(0.5, abs=0.005)


@pytest.mark.parametrize(("length", "trials"), [(5, 0), (10, 0), (20, 1), (40, 1), (60, 2)])
def test_evidence_has_its_length_and_its_trials(world, length, trials):
    shown = evidence(world, length, np.random.default_rng(1)) >= 0
    assert (shown.sum(axis=1) == length).all()
    assert [bool(shown[:, trial].all()) for trial in world.bank.trials] == [
        place < trials for place in (0, 1)
    ]
    assert not shown[:, world.bank.exam].any()


def test_a_narrow_set_is_eight_items_of_one_domain(world):
    shown = one_domain(world, np.random.default_rng(1)) >= 0
    domains = [set(world.bank.domain[row].tolist()) for row in shown]
    assert (shown.sum(axis=1) == 8).all()
    assert {len(own) for own in domains} == {1}
    assert set.union(*domains) == {0, 1, 2, 3, 4}


def _small():
    """Three items in two domains, one of them with partial credit, all half-points possible."""
    items = ItemParameters.partial_credit([1.2, 0.8, 1.0], [[-0.5], [0.4, 0.9], [0.3]])
    return items, np.array([[0, 2, 0], [0, 1, 2], [0, 2, 0]]), np.array([0, 0, 1])


def test_the_oracle_adds_up_every_way_to_a_total():
    items, points, domain = _small()
    grid, kernel = DEFAULT_GRID, diffusion_kernel(DEFAULT_GRID, 0.5)
    evidence_of = np.log(category_probabilities(grid.points, items)[:, 0, 1])
    of_domains = np.stack([evidence_of, np.zeros(grid.size)])[:, None, :]
    found = predictions(of_domains, PRIOR, Form(items, points, domain), sd=0.5)[0]
    p = category_probabilities(grid.points, items)
    expected = np.zeros(7)
    for first, second in product(range(grid.size), repeat=2):
        # The two domains' abilities, each at a point of the grid, given every ability in the subject.
        weight = float((PRIOR * kernel[:, first] * kernel[:, second]).sum() * np.exp(evidence_of[first]))
        for a, b, c in product(range(2), range(3), range(2)):
            chance = p[first, 0, a] * p[first, 1, b] * p[second, 2, c]
            expected[2 * a + b + 2 * c] += weight * chance
    np.testing.assert_allclose(found, expected / expected.sum(), atol=1e-12)


def test_without_spread_the_oracle_is_readiness():
    items, points, domain = _small()
    responses = np.array([[1, 2, 0], [0, 0, 1]], dtype=np.int8)
    of_domains = np.stack(
        [
            np.log(eap(np.where(domain == d, responses, -1), items, prior_sd=1.0).posterior / PRIOR)
            for d in (0, 1)
        ]
    )
    found = predictions(of_domains, PRIOR, Form(items, points, domain), sd=1e-6)
    table = score_distribution(items, points)
    np.testing.assert_allclose(found, eap(responses, items).posterior @ table, atol=1e-9)


def test_domains_together_say_what_the_whole_says(world):
    shown = evidence(world, 40, np.random.default_rng(2))
    whole = posterior_weights(domain_log_likelihoods(world.bank, world.bank.true, shown).sum(axis=0), PRIOR)
    np.testing.assert_allclose(whole, eap(shown, world.bank.true).posterior, atol=1e-12)


def test_a_sitting_of_the_exams_mix_is_not_blurred_and_one_of_a_single_domain_is():
    domain, half_points = np.array([0, 0, 1, 1]), np.array([2, 2, 2, 2])
    exam = mix(np.array([[True, False, True, False]]), half_points, domain)[0]
    shown = np.array([[False, True, True, False], [True, True, False, False]])
    spread = apart(mix(shown, half_points, domain), exam, 0.5)
    assert spread.tolist() == pytest.approx([0.0, 0.5 * np.sqrt(0.5)])
    log_likelihood = -0.5 * (DEFAULT_GRID.points[None, :] / [[0.5], [0.5]]) ** 2
    found = posterior_weights(blurred(log_likelihood, spread), np.ones(DEFAULT_GRID.size))
    variance = (found * DEFAULT_GRID.points**2).sum(axis=1)
    assert variance.tolist() == pytest.approx([0.25, 0.25 + 0.125], abs=1e-3)


def test_percent_correct_is_the_binomial_of_the_share_so_far():
    responses = np.array([[1, 0, -1], [1, 1, -1]], dtype=np.int8)
    found = baselines.percent_correct(responses, np.array([[0, 2], [0, 2], [0, 2]]), 5, 2)
    # 0, 1 or 2 of 2 items with 1/4, 1/2, 1/4: half stays on the whole point, a quarter goes to each side.
    np.testing.assert_allclose(found[0], [3 / 16, 3 / 16, 4 / 16, 3 / 16, 3 / 16])
    np.testing.assert_allclose(found[1], [0, 0, 0, 0.25, 0.75])


def test_the_classical_standard_error_needs_no_model():
    items = np.array([[2, 2], [0, 0], [2, 2], [0, 0]])
    assert baselines.standard_error_of_measurement(items) == 0
    unrelated = np.array([[2, 2], [0, 0], [2, 0], [0, 2]])
    assert baselines.standard_error_of_measurement(unrelated) == pytest.approx(np.sqrt(8 / 3))


def test_plug_in_rivals_leave_out_what_they_leave_out():
    items, points, _ = _small()
    table = score_distribution(items, points)
    at_point = np.eye(DEFAULT_GRID.size)[20:21]
    np.testing.assert_allclose(baselines.plug_in(at_point, table)[0], table[20], atol=1e-12)
    curve = baselines.characteristic_curve(at_point, table @ np.arange(7), 7)
    assert int(curve[0].argmax()) == round(float(table[20] @ np.arange(7)))
    last = baselines.last_trial(np.array([3]), 1.0, 7)
    assert last[0, 3] / last[0, 4] == pytest.approx(np.exp(0.5))
    assert baselines.prior_only(table, PRIOR, 3).shape == (3, 7)


@pytest.mark.parametrize("seed", [6, 7])
def test_beliefs_of_a_season_are_those_of_the_filter_carried_to_the_exam(seed):
    rng = np.random.default_rng(seed)
    sat, dynamics = sit(SEASONS[1], 1, rng, draw_bank(rng)), SEASONS[1].dynamics
    (learner,) = learners(sat)
    on_the_day = carry(filtered(learner, dynamics).after[-1], dynamics, weeks=sat.weeks[-1])
    np.testing.assert_allclose(beliefs(sat, dynamics, PRIOR)[0], np.ravel(on_the_day), atol=1e-12)
    assert sat.practised[0].tolist() == [0]
    assert sat.practised[1, 0] in (5, 10)

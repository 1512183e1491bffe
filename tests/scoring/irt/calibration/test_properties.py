"""What has to hold of any calibration, whatever the responses?

Order does not matter, nor how often a candidate is written down, nor the shape in which responses are kept;
the scale can be moved; responses missing by design cost precision and nothing else.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.irt import (
    NOT_PRESENTED,
    Anchors,
    CalibrationResult,
    Grid,
    ItemParameters,
    Population,
    Priors,
    fit,
)
from scoring.irt.calibration import data as data_module
from scoring.irt.calibration import search as search_module
from scoring.irt.calibration.acceleration import Anderson
from scoring.irt.types import FloatArray
from tests.scoring.irt.calibration.examples import DESIGNS, booklets, draw, items_of

SEEDS = st.integers(0, 10_000)
TIGHT = 1e-8  # so that where a search stops does not blur what it would find
WEAK = Priors.weak()
WIDE = Grid.uniform(121, -12, 12)


def same(
    one: CalibrationResult, other: CalibrationResult, *, order=slice(None), tolerance: float = 1e-6
) -> None:
    """One calibration is the other with its items in this order."""
    for name in ("a", "b", "c", "steps", "se_a", "se_b", "se_c", "se_steps"):
        np.testing.assert_allclose(
            getattr(one, name), getattr(other, name)[order], rtol=0, atol=tolerance, err_msg=name
        )
    for name in ("mean", "sd", "coefficients", "se_mean", "se_sd", "se_coefficients"):
        got, expected = (getattr(result.population, name) for result in (one, other))
        np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance, err_msg=name)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-5)
    assert one.n_parameters == other.n_parameters
    assert one.n_candidates == pytest.approx(other.n_candidates)


def models_and_responses(name: str, seed: int, n: int = 400, n_items: int = 0):
    models = DESIGNS[name] if n_items == 0 else (DESIGNS[name] * 4)[:n_items]
    items = items_of(models)
    return models, draw(items, n, seed, presented=booklets(n, items.n_items))


@pytest.mark.parametrize("name", ["1pl", "gpcm", "mixed"])
@settings(max_examples=4, deadline=None)
@given(seed=SEEDS)
def test_the_order_of_candidates_and_of_items_does_not_matter(name, seed):
    models, responses = models_and_responses(name, 111)
    rng = np.random.default_rng(seed)
    people, places = rng.permutation(len(responses)), rng.permutation(len(models))
    group = np.arange(len(responses)) % 2
    straight = fit(responses, models, groups=group, tolerance=TIGHT)
    shuffled = fit(
        responses[people][:, places],
        [models[place] for place in places],
        groups=group[people],
        tolerance=TIGHT,
    )
    same(shuffled, straight, order=places)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_weight_is_a_row_written_down_so_often(name):
    models, responses = models_and_responses(name, 112, n=150)
    weights = 1 + np.arange(150) % 3
    weighted = fit(responses, models, weights=weights, priors=WEAK, tolerance=TIGHT)
    rows = np.repeat(responses, weights, axis=0)
    same(weighted, fit(rows, models, priors=WEAK, tolerance=TIGHT))


@pytest.mark.parametrize("name", ["rasch", "mixed"])
def test_a_weight_counts_in_a_regression_too(name):
    models, responses = models_and_responses(name, 113, n=150)
    weights, covariates = 1 + np.arange(150) % 3, np.random.default_rng(1).normal(0, 1, (150, 2))
    weighted = fit(responses, models, weights=weights, covariates=covariates, tolerance=TIGHT)
    rows = np.repeat(np.arange(150), weights)
    same(weighted, fit(responses[rows], models, covariates=covariates[rows], tolerance=TIGHT))


@pytest.mark.parametrize("name", DESIGNS)
def test_the_shape_in_which_responses_are_kept_does_not_matter(name, monkeypatch):
    models, responses = models_and_responses(name, 114)
    group = np.arange(len(responses)) % 2
    folded = fit(responses, models, groups=group, priors=WEAK, tolerance=TIGHT)
    monkeypatch.setattr(data_module, "_FEW_ITEMS", 0)
    same(fit(responses, models, groups=group, priors=WEAK, tolerance=TIGHT), folded)
    monkeypatch.setattr(data_module, "_MOST_SEGMENTS", 0)
    same(fit(responses, models, groups=group, priors=WEAK, tolerance=TIGHT), folded)


@pytest.mark.parametrize("name", DESIGNS)
def test_no_trick_changes_an_estimate_beyond_the_tolerance(name, monkeypatch):
    # Everything that makes it quick, against the plain iteration in float64 over every single candidate.
    models, responses = models_and_responses(name, 115, n=1000)
    monkeypatch.setattr(search_module, "_MUCH", 0)
    quick = fit(responses, models)
    monkeypatch.setattr(search_module, "_MUCH", 10**12)
    monkeypatch.setattr(data_module, "_FEW_ITEMS", 0)
    monkeypatch.setattr(data_module, "_MOST_SEGMENTS", 0)
    monkeypatch.setattr(search_module, "Anderson", Plain)
    slow = fit(responses, models, tolerance=TIGHT, max_iterations=20_000, standard_errors=False)
    assert quick.converged and slow.converged
    for estimate, reference, error in (
        (quick.a, slow.a, quick.se_a),
        (quick.b[:, None] + quick.steps, slow.b[:, None] + slow.steps, quick.se_steps),
        (quick.c, slow.c, quick.se_c),
        (quick.population.sd, slow.population.sd, quick.population.se_sd),
    ):
        free = np.isfinite(estimate) & (error > 0)
        np.testing.assert_array_equal(estimate[~free], reference[~free])
        assert np.abs((estimate - reference)[free] / error[free]).max(initial=0.0) < 0.002
    assert quick.log_likelihood == pytest.approx(slow.log_likelihood, abs=1e-3)


class Plain(Anderson):
    def next(self, point: FloatArray, mapped: FloatArray) -> FloatArray:
        return mapped


# ---- Scale --------------------------------------------------------------------------------------------


def test_a_common_slope_is_the_spread_of_a_rasch_population():
    _, responses = models_and_responses("rasch", 116)
    one, rasch = fit(responses, "1pl", tolerance=TIGHT), fit(responses, "rasch", tolerance=TIGHT)
    assert one.log_likelihood == pytest.approx(rasch.log_likelihood, abs=1e-4)
    sd = rasch.population.sd[0]
    assert one.a[0] == pytest.approx(sd, abs=1e-5)
    np.testing.assert_allclose(one.b * sd, rasch.b, atol=1e-5)
    assert one.se_a[0] == pytest.approx(rasch.population.se_sd[0], abs=1e-5)


@pytest.mark.parametrize("name", ["rasch", "pcm"])
def test_partial_credit_of_fixed_slope_is_that_of_a_fixed_population_of_its_sd(name):
    _, responses = models_and_responses(name, 117)
    free = fit(responses, name, tolerance=TIGHT)
    held = fit(responses, name, population=Population.fixed(0.0, free.population.sd[0]), tolerance=TIGHT)
    np.testing.assert_allclose(held.b, free.b, atol=1e-5)
    assert held.log_likelihood == pytest.approx(free.log_likelihood, abs=1e-6)


@pytest.mark.parametrize(("shift", "stretch"), [(0.8, 1.5), (-0.5, 0.6)])
@pytest.mark.parametrize("name", ["2pl", "gpcm", "grm", "mixed"])
def test_a_population_held_elsewhere_moves_the_items_with_it(name, shift, stretch):
    models, responses = models_and_responses(name, 118)
    here = fit(responses, models, grid=WIDE, tolerance=TIGHT)
    there = fit(responses, models, grid=WIDE, population=Population.fixed(shift, stretch), tolerance=TIGHT)
    assert there.log_likelihood == pytest.approx(here.log_likelihood, abs=1e-6)
    np.testing.assert_allclose(there.a * stretch, here.a, atol=1e-5)
    np.testing.assert_allclose(there.b, here.b * stretch + shift, atol=1e-4)
    np.testing.assert_allclose(there.steps, here.steps * stretch, atol=1e-4)
    np.testing.assert_allclose(there.se_a * stretch, here.se_a, atol=1e-4)


@pytest.mark.parametrize("name", ["2pl", "gpcm", "grm"])
def test_anchors_on_another_scale_move_the_population_onto_it(name):
    models, responses = models_and_responses(name, 119)
    items = items_of(models)
    index, shift, stretch = np.array([0, 1, 4]), 0.7, 1.4
    chosen = items.select(index)
    moved = ItemParameters(
        a=chosen.a / stretch,
        b=chosen.b * stretch + shift,
        steps=chosen.steps * stretch,
        c=chosen.c,
        n_categories=chosen.n_categories,
        graded=chosen.graded,
    )
    here = fit(responses, models, anchors=Anchors(index, chosen), grid=WIDE, tolerance=TIGHT)
    there = fit(responses, models, anchors=Anchors(index, moved), grid=WIDE, tolerance=TIGHT)
    assert there.log_likelihood == pytest.approx(here.log_likelihood, abs=1e-6)
    assert there.population.mean[0] == pytest.approx(here.population.mean[0] * stretch + shift, abs=1e-4)
    assert there.population.sd[0] == pytest.approx(here.population.sd[0] * stretch, abs=1e-4)
    np.testing.assert_allclose(there.a * stretch, here.a, atol=1e-5)
    np.testing.assert_allclose(there.b, here.b * stretch + shift, atol=1e-4)
    np.testing.assert_allclose(there.population.se_mean, here.population.se_mean * stretch, rtol=1e-4)


def test_turning_all_responses_round_mirrors_the_scale():
    _, responses = models_and_responses("2pl", 120)
    turned = np.where(responses == NOT_PRESENTED, NOT_PRESENTED, 1 - responses)
    straight, mirrored = fit(responses, tolerance=TIGHT), fit(turned, tolerance=TIGHT)
    np.testing.assert_allclose(mirrored.a, straight.a, atol=1e-6)
    np.testing.assert_allclose(mirrored.b, -straight.b, atol=1e-6)
    np.testing.assert_allclose(mirrored.se_b, straight.se_b, atol=1e-6)


@pytest.mark.parametrize("other", ["gpcm", "grm"])
def test_with_two_categories_three_models_are_one(other):
    _, responses = models_and_responses("2pl", 121)
    same(fit(responses, other, tolerance=TIGHT), fit(responses, "2pl", tolerance=TIGHT))


def test_a_group_label_for_everybody_is_no_group():
    models, responses = models_and_responses("mixed", 122)
    everybody = np.zeros(len(responses))
    with_label = fit(responses, models, groups=everybody, tolerance=TIGHT)
    same(with_label, fit(responses, models, tolerance=TIGHT))


def test_two_groups_are_a_regression_on_belonging_but_for_their_spreads():
    # With equal populations in fact, the two models fit alike and tell the same difference of means.
    _, responses = models_and_responses("2pl", 123, n=1000)
    group = np.arange(1000) % 2
    by_group = fit(responses, groups=group).population
    by_covariate = fit(responses, covariates=group.astype(float)).population
    assert by_covariate.coefficients[0] == pytest.approx(by_group.mean[1], abs=0.2 * by_group.se_mean[1])
    assert by_covariate.se_coefficients[0] == pytest.approx(by_group.se_mean[1], rel=0.1)


# ---- Missing by design --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["2pl", "gpcm", "grm", "rasch"])
def test_missing_by_design_changes_precision_only(name):
    models = (DESIGNS[name] * 3)[:12]
    items = items_of(models)
    complete = draw(items, 2000, 124)
    designed = np.where(booklets(2000, 12), complete, NOT_PRESENTED)
    full, part = fit(complete, models), fit(designed, models)
    # Each item was met by two thirds, who say less of their ability: more than sqrt(1.5) times the error.
    ratio = part.se_b / full.se_b
    assert (ratio > 1.0).all() and 1.15 < np.median(ratio) < 1.6
    # The rest is drift between a sample and a part of it, whose variance is the difference of the two.
    for name_of in ("a", "b"):
        difference = getattr(part, name_of) - getattr(full, name_of)
        variance = getattr(part, f"se_{name_of}") ** 2 - getattr(full, f"se_{name_of}") ** 2
        free = getattr(full, f"se_{name_of}") > 0
        if free.any():
            z = difference[free] / np.sqrt(variance[free])
            assert np.abs(z).max() < 4.5
            assert np.sqrt(np.mean(z**2)) < 1 + 4 / np.sqrt(2 * z.size)


def test_candidates_who_met_one_booklet_say_nothing_of_the_others_items():
    items = items_of(["2pl"] * 10)
    responses = draw(items, 400, 125)
    responses[200:, 5:] = NOT_PRESENTED
    # Everything else held, the free items hang on the candidates who met them, and on nobody else.
    anchors = Anchors(np.arange(5), items.select(np.arange(5)))
    fixed = Population.fixed()
    everybody = fit(responses, anchors=anchors, population=fixed, tolerance=TIGHT)
    first_half = fit(responses[:200], anchors=anchors, population=fixed, tolerance=TIGHT)
    np.testing.assert_allclose(everybody.a, first_half.a, atol=1e-6)
    np.testing.assert_allclose(everybody.se_b, first_half.se_b, atol=1e-6)

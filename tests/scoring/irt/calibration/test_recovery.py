"""Does a calibration find the parameters its responses were drawn from?

Errors are measured in standard errors, and bounds are from theory: over R replications their mean may be
4 / sqrt(R), as if all estimates of a replication erred together; the root mean square of n may be
1 + 4 / sqrt(2 n).
"""

import numpy as np
import pytest

from scoring.irt import Anchors, CalibrationResult, ItemParameters, Priors, fit
from scoring.irt.types import FloatArray
from tests.scoring.irt.calibration.examples import DESIGNS, booklets, draw, items_of

REPLICATIONS = 6
N = 1000


def check(results: list[CalibrationResult], name: str, truth: FloatArray, *, shared: bool = False) -> None:
    """shared: all entries of a replication are one and the same estimate."""
    errors = np.array([value(result, name) for result in results]) - truth
    variance = np.mean([value(result, f"se_{name}") ** 2 for result in results], axis=0)
    free = np.isfinite(truth) & (variance > 0)
    assert free.any() and np.isfinite(errors[:, free]).all()
    standardised = errors[:, free] / np.sqrt(variance[free])
    n_distinct = len(results) if shared else standardised.size
    assert abs(standardised.mean()) < 4 / np.sqrt(len(results))
    assert np.sqrt(np.mean(standardised**2)) < 1 + 4 / np.sqrt(2 * n_distinct)
    # And a standard error is not so large that this says nothing.
    assert np.median(np.sqrt(variance[free])) < 0.3


def value(result: CalibrationResult, name: str) -> FloatArray:
    if name == "steps":
        return result.b[:, None] + result.steps
    return getattr(result if hasattr(result, name) else result.population, name)


def replicate(n: int = REPLICATIONS, **given) -> list[CalibrationResult]:
    """`given` is that of `fit`, but for responses(seed), which draws them anew."""
    responses = given.pop("responses")
    results = [fit(responses(500 + 2 * turn), **given) for turn in range(n)]
    assert all(result.converged for result in results)
    return results


@pytest.mark.parametrize("name", DESIGNS)
def test_item_parameters_of_every_model(name):
    models = (DESIGNS[name] * 3)[:15]
    items = items_of(models)
    results = replicate(model=models, responses=lambda seed: draw(items, N, seed))
    first = results[0]
    check(results, "b", items.b)
    check(results, "steps", items.b[:, None] + items.steps)
    if name in ("rasch", "pcm"):
        assert (first.a == 1.0).all()
    else:
        # A common slope is one estimate a replication, however many items have it.
        check(results, "a", items.a, shared=name == "1pl")
    if "3pl" in models:
        check(results, "c", items.c)


@pytest.mark.parametrize("name", ["2pl", "grm", "3pl"])
def test_booklets_recover_the_parameters_too(name):
    models = DESIGNS[name] * 3
    items = items_of(models)
    shown = booklets(N, 18)
    results = replicate(4, model=name, responses=lambda seed: draw(items, N, seed, presented=shown))
    check(results, "a", items.a)
    check(results, "b", items.b)


@pytest.mark.parametrize("name", ["rasch", "2pl", "mixed"])
def test_means_and_spreads_of_groups(name):
    models = (DESIGNS[name] * 2)[:12]
    items = items_of(models)
    mean, sd = np.array([0.0, -0.6, 0.8]), np.array([1.0, 0.7, 1.3])
    group = np.arange(N) % 3
    results = replicate(
        model=models,
        groups=np.array(["a", "b", "c"])[group],
        responses=lambda seed: draw(items, N, seed, mean=mean[group], sd=sd[group]),
    )
    first = results[0].population
    assert first.groups == ("a", "b", "c")
    check(results, "mean", mean)
    check(results, "sd", sd)
    check(results, "b", items.b)
    # The first group holds the scale: its mean everywhere, its sd where no slope does.
    assert first.mean[0] == 0.0 and first.se_mean[0] == 0.0
    assert (first.se_sd[0] > 0) == (name == "rasch")
    assert first.sd[0] == 1.0 or name == "rasch"


@pytest.mark.parametrize("name", ["rasch", "2pl", "mixed"])
def test_coefficients_of_a_latent_regression(name):
    models = (DESIGNS[name] * 2)[:12]
    items = items_of(models)
    coefficients = np.array([0.5, -0.3, 0.0])
    covariates = np.random.default_rng(1).normal(0, 1, (N, 3))
    covariates[:, 2] = np.arange(N) % 2
    expected = covariates @ coefficients
    results = replicate(
        model=models, covariates=covariates, responses=lambda seed: draw(items, N, seed, mean=expected)
    )
    check(results, "coefficients", coefficients)
    if name == "rasch":
        check(results, "sd", np.array([1.0]))
    check(results, "b", items.b)


@pytest.mark.parametrize("name", ["2pl", "gpcm", "grm"])
def test_anchors_carry_their_scale_to_new_items_and_to_the_population(name):
    models = DESIGNS[name] * 3
    items = items_of(models)
    index = np.arange(0, 18, 3)
    anchors = Anchors(index, items.select(index))
    results = replicate(
        model=name, anchors=anchors, responses=lambda seed: draw(items, N, seed, mean=0.7, sd=1.2)
    )
    first = results[0]
    check(results, "mean", np.array([0.7]))
    check(results, "sd", np.array([1.2]))
    check(results, "a", items.a)
    check(results, "b", items.b)
    for result in results:
        np.testing.assert_array_equal(result.a[index], items.a[index])
        np.testing.assert_allclose(result.b[index], items.b[index], rtol=0, atol=1e-12)
        np.testing.assert_allclose(result.steps[index], items.steps[index], rtol=0, atol=1e-12)
    assert (first.se_a[index] == 0).all() and (first.se_b[index] == 0).all()


def test_anchors_of_every_kind_stay_where_they_are():
    items = items_of(DESIGNS["mixed"])
    anchors = Anchors(np.arange(items.n_items), items)
    result = fit(draw(items, N, 9, mean=-0.5, sd=0.8), DESIGNS["mixed"], anchors=anchors)
    for name in ("a", "b", "steps", "c"):
        np.testing.assert_allclose(getattr(result, name), getattr(items, name), rtol=0, atol=1e-12)
    assert result.n_parameters == 2
    population = result.population
    assert abs(population.mean[0] + 0.5) < 4 * population.se_mean[0]
    assert abs(population.sd[0] - 0.8) < 4 * population.se_sd[0]


def test_guessing_found_without_a_prior_where_it_shows():
    # Hard items, many candidates: the lower ones do nothing but guess.
    items = ItemParameters.dichotomous(np.full(12, 2.0), np.linspace(0.0, 1.5, 12), 0.25)
    result = fit(draw(items, 6000, 10), "3pl", priors=Priors.none())
    assert result.converged
    assert (np.abs(result.c - 0.25) < 4 * result.se_c).all()
    assert result.se_c.max() < 0.1

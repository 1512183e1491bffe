"""Is the information that of the marginal likelihood, by whichever path it is computed?"""

import numpy as np
import pytest

from scoring.irt import Anchors, Priors
from scoring.irt.calibration import data as data_module
from scoring.irt.calibration import information as information_module
from scoring.irt.calibration.information import observed_information
from scoring.irt.types import FloatArray
from tests.scoring.irt.calibration.examples import DESIGNS, Case, booklets, case, curvature, draw, items_of

PRIORS = Priors(log_a=(0.0, 0.7), difficulty=(0.0, 2.0), logit_c=(-1.39, 0.5))


def information(found: Case, packed: FloatArray) -> FloatArray:
    return observed_information(
        found.data,
        found.expected(packed),
        found.at(packed),
        found.problem.layout,
        found.problem.penalty,
        found.grid,
    )


def prepared(name: str, n: int = 150, **options) -> Case:
    models = DESIGNS[name]
    items = items_of(models)
    return case(draw(items, n, seed=31, presented=booklets(n, items.n_items)), models, **options)


def check(found: Case, seed: int) -> None:
    """Against second differences of the log-likelihood with priors."""
    point = found.somewhere(seed=seed, spread=0.1)
    numeric = -curvature(found.objective, point)
    # Relative to the size of the two parameters' own information, as a correlation would be.
    size = np.sqrt(np.abs(np.diag(numeric)))
    difference = (information(found, point) - numeric) / np.outer(size, size)
    assert np.abs(difference).max() < 2e-4


@pytest.mark.parametrize("name", ["rasch", "1pl", "3pl", "gpcm", "grm", "mixed"])
def test_information_is_second_differences_with_groups(name):
    check(prepared(name, groups=np.arange(150) % 2), seed=32)


@pytest.mark.parametrize("name", ["1pl", "pcm", "3pl"])
def test_information_is_second_differences_with_priors(name):
    check(prepared(name, priors=PRIORS), seed=33)


@pytest.mark.parametrize("name", ["rasch", "gpcm", "mixed"])
def test_information_is_second_differences_with_a_regression(name):
    covariates = np.random.default_rng(34).normal(0, 1, (150, 2))
    anchors = Anchors(np.array([1]), items_of(DESIGNS[name]).select([1]))
    weights = 1.0 + np.arange(150) % 2
    check(prepared(name, covariates=covariates, anchors=anchors, weights=weights), seed=35)


@pytest.mark.parametrize("name", ["2pl", "mixed"])
def test_information_is_second_differences_where_booklets_are_many(name, monkeypatch):
    monkeypatch.setattr(data_module, "_MOST_SEGMENTS", 0)
    found = prepared(name, groups=np.arange(150) % 2)
    assert found.data.irregular
    check(found, seed=36)


def test_the_linear_path_agrees_with_the_general_one():
    # With two categories the graded model is the two-parameter one, but takes the other path.
    items = items_of(["2pl"] * 9)
    responses = draw(items, 600, seed=37, presented=booklets(600, 9))
    group = np.arange(600) % 2
    linear = case(responses, ["2pl"] * 9, groups=group)
    general = case(responses, ["grm"] * 9, groups=group)
    assert linear.data.tabled.size == 0 and general.data.linear.size == 0
    point = linear.somewhere(seed=38)
    np.testing.assert_allclose(information(general, point), information(linear, point), rtol=1e-6, atol=1e-4)


@pytest.mark.parametrize("name", ["2pl", "mixed"])
def test_a_border_between_chunks_changes_nothing(name, monkeypatch):
    found = prepared(name, n=600, groups=np.arange(600) % 2)
    point = found.somewhere(seed=39)
    whole = information(found, point)
    monkeypatch.setattr(information_module, "CHUNK", 37)
    np.testing.assert_allclose(information(found, point), whole, rtol=1e-7, atol=1e-6)


def test_the_linear_path_agrees_where_booklets_are_many(monkeypatch):
    segments = prepared("gpcm", n=1000)
    monkeypatch.setattr(data_module, "_MOST_SEGMENTS", 0)
    irregular = prepared("gpcm", n=1000)
    point = segments.somewhere(seed=39)
    np.testing.assert_allclose(
        information(irregular, point), information(segments, point), rtol=1e-6, atol=1e-3
    )


@pytest.mark.parametrize("name", ["rasch", "1pl", "2pl", "3pl"])
def test_patterns_counted_once_inform_as_much_as_candidates(name, monkeypatch):
    folded = prepared(name, n=600)
    monkeypatch.setattr(data_module, "_FEW_ITEMS", 0)
    unfolded = prepared(name, n=600, fold_sums=False)
    assert (folded.data.n_rows < 100) and unfolded.data.n_rows == 600
    point = folded.somewhere(seed=41)
    np.testing.assert_allclose(information(unfolded, point), information(folded, point), rtol=1e-5, atol=1e-3)

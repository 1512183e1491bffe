"""Does a result add up, and are impossible wishes refused?"""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from scoring.irt import Anchors, ItemParameters, Population, Priors, fit
from scoring.irt.calibration.result import Model
from tests.scoring.irt.calibration.examples import DESIGNS, draw, items_of


def test_criteria_by_hand():
    result = fit(draw(items_of(["2pl"] * 5), 200, 1), "2pl", standard_errors=False)
    assert result.n_parameters == 10 and result.n_candidates == 200
    assert result.aic == pytest.approx(-2 * result.log_likelihood + 2 * 10, rel=1e-15)
    assert result.bic == pytest.approx(-2 * result.log_likelihood + 10 * np.log(200), rel=1e-15)


def test_items_are_the_calibrated_ones_in_order():
    responses = draw(items_of(DESIGNS["mixed"]), 300, 2)
    responses[:, 2] = 1
    result = fit(responses, DESIGNS["mixed"], standard_errors=False)
    assert result.calibrated.tolist() == [True, True, False, True, True, True, True, True]
    items = result.items
    assert items.n_items == 7
    np.testing.assert_array_equal(items.a, result.a[result.calibrated])
    np.testing.assert_array_equal(items.n_categories, result.n_categories[result.calibrated])
    graded = np.array(DESIGNS["mixed"])[result.calibrated] == "grm"
    np.testing.assert_array_equal(items.graded, graded)


def test_items_are_no_wider_than_their_categories():
    responses = draw(items_of(["2pl"] * 4), 300, 3)
    responses = np.column_stack((responses, np.full(300, 3)))
    result = fit(responses, ["2pl"] * 4 + ["gpcm"], standard_errors=False)
    assert result.n_categories.tolist() == [2, 2, 2, 2, 4]
    assert result.items.steps.shape == (4, 1)


def test_results_are_frozen():
    result = fit(draw(items_of(["2pl"] * 4), 100, 4), "2pl", standard_errors=False)
    with pytest.raises(FrozenInstanceError):
        result.converged = True  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "fixed", "two_categories"),
    [
        ("rasch", True, True),
        ("1pl", False, True),
        ("2pl", False, True),
        ("3pl", False, True),
        ("pcm", True, False),
        ("gpcm", False, False),
        ("grm", False, False),
    ],
)
def test_what_each_model_holds_fixed_and_can_hold(name, fixed, two_categories):
    assert Model(name).slope_is_fixed is fixed
    assert Model(name).dichotomous_only is two_categories


@pytest.mark.parametrize("name", ["log_a", "difficulty", "logit_c"])
@pytest.mark.parametrize("prior", [(0.0, 0.0), (0.0, -1.0), (np.nan, 1.0), (0.0, np.inf)])
def test_impossible_priors_are_refused(name, prior):
    with pytest.raises(ValueError, match=f"^prior {name}: needs a finite mean and a positive sd, got "):
        Priors(**{name: prior})


def test_ready_made_priors():
    assert Priors().log_a is None and Priors().difficulty is None and Priors().logit_c is not None
    assert Priors.none().logit_c is None
    assert Priors.weak().log_a is not None and Priors.weak().difficulty is not None


@pytest.mark.parametrize(("index", "n_items"), [([0], 2), ([0, 0], 2), ([[0, 1]], 2), ([], 1)])
def test_impossible_anchors_are_refused(index, n_items):
    items = ItemParameters.dichotomous(1.0, np.zeros(n_items))
    message = "anchors: index needs one position, each its own, for every item of parameters"
    with pytest.raises(ValueError, match=f"^{message}$"):
        Anchors(np.array(index), items)


def test_anchors_may_be_given_as_a_list():
    anchors = Anchors([2, 0], ItemParameters.dichotomous(1.0, [0.0, 1.0]))  # type: ignore[arg-type]
    assert anchors.index.tolist() == [2, 0]


def test_a_fixed_population():
    population = Population.fixed(0.5, 1.5)
    assert (population.mean.tolist(), population.sd.tolist()) == ([0.5], [1.5])
    assert population.se_mean.tolist() == population.se_sd.tolist() == [0.0]
    assert population.coefficients.size == population.se_coefficients.size == 0

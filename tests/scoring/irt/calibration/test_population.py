"""Does a population say what to expect of candidates whose group or covariates are known?"""

import numpy as np
import pytest

from scoring.irt import Population

ZERO = np.zeros(2)


def test_candidates_get_the_mean_and_sd_of_their_group():
    population = Population(
        ("a", "b"), np.array([0.0, 0.5]), np.array([1.0, 1.2]), ZERO, ZERO, np.zeros(0), np.zeros(0)
    )
    mean, sd = population.of_groups(["b", "a", "b"])
    assert (mean.tolist(), sd.tolist()) == ([0.5, 0.0, 0.5], [1.2, 1.0, 1.2])
    with pytest.raises(ValueError, match="candidate 1: group 'c' was not calibrated"):
        population.of_groups(["a", "c"])


def test_candidates_get_the_prediction_of_the_regression():
    one = np.zeros(1)
    population = Population(("",), np.array([0.1]), np.array([0.9]), one, one, np.array([0.5, -1.0]), ZERO)
    mean, sd = population.of_covariates([[1.0, 0.0], [2.0, 0.5]])
    assert (mean.tolist(), sd.tolist()) == ([0.6, 0.6], [0.9])
    with pytest.raises(ValueError, match=r"covariates have shape \(3, 1\), expected \(N, 2\)"):
        population.of_covariates([1.0, 2.0, 3.0])

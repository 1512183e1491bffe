"""Is the proportional odds model fitted to its maximum, and does it say so when there is none?"""

import numpy as np
import pytest
from scipy import optimize, special

from scoring.irt.dif.cumulative_logit import fit_cumulative_logit


def simulated(n_categories: int) -> tuple[np.ndarray, np.ndarray]:
    """Forty rows of two covariates and frequencies of the categories."""
    rng = np.random.default_rng(n_categories)
    design = np.stack((np.tile(np.linspace(-2, 2, 20), 2), np.repeat([0.0, 1.0], 20)), axis=1)
    threshold = np.linspace(1.2, -1.2, n_categories - 1) if n_categories > 2 else np.array([0.3])
    reach = special.expit(threshold + (design @ [0.9, -0.4])[:, None])
    p = -np.diff(reach, axis=1, prepend=1, append=0)
    return design, rng.multinomial(30, p).astype(float)


@pytest.mark.parametrize("n_categories", [2, 3, 5])
def test_the_maximum_is_that_of_a_general_search(n_categories):
    design, counts = simulated(n_categories)
    found = fit_cumulative_logit(design, counts)

    def minus_log_likelihood(x):
        threshold = x[0] - np.concatenate(([0], np.cumsum(np.exp(x[1 : n_categories - 1]))))
        reach = special.expit(threshold + (design @ x[n_categories - 1 :])[:, None])
        return -(counts * np.log(-np.diff(reach, axis=1, prepend=1, append=0))).sum()

    general = optimize.minimize(minus_log_likelihood, np.zeros(n_categories + 1), method="BFGS", tol=1e-8)
    assert found.log_likelihood == pytest.approx(-general.fun, abs=1e-6)
    np.testing.assert_allclose(found.coefficients, general.x[n_categories - 1 :], atol=1e-4)
    assert found.converged


def test_standard_errors_are_those_of_the_curvature():
    design, counts = simulated(2)
    found = fit_cumulative_logit(design, counts)
    # Fix each coefficient a little off: the log-likelihood falls by half the square in standard errors.
    for column in range(2):
        offset = found.se[column] / 10
        moved = found.coefficients[column] + offset
        others = np.delete(design, column, axis=1)
        n = counts.sum(axis=1)

        def profile(x, *, moved=moved, column=column, others=others, n=n):
            eta = x[0] + others @ x[1:] + moved * design[:, column]
            return -(counts[:, 1] @ eta - n @ np.logaddexp(0, eta))

        best = -optimize.minimize(profile, np.zeros(2), method="BFGS", tol=1e-9).fun
        assert found.log_likelihood - best == pytest.approx(0.5 / 100, rel=0.01)


def test_without_covariates_the_shares_remain():
    counts = np.array([[10.0, 0.0, 30.0, 60.0]])
    found = fit_cumulative_logit(np.zeros((1, 0)), counts)
    expected = (counts[counts > 0] * np.log(counts[counts > 0] / 100)).sum()
    assert found.log_likelihood == pytest.approx(expected)
    assert found.coefficients.size == 0


def test_many_rows_are_taken_in_parts():
    design, counts = simulated(3)
    few = fit_cumulative_logit(design, counts * 500)
    many = fit_cumulative_logit(np.repeat(design, 500, axis=0), np.repeat(counts, 500, axis=0))
    assert many.log_likelihood == pytest.approx(few.log_likelihood, rel=1e-10)
    np.testing.assert_allclose(many.se, few.se, rtol=1e-6)


def test_perfect_separation_comes_near_its_limit():
    found = fit_cumulative_logit(np.array([[-1.0], [1.0]]), np.array([[50.0, 0.0], [0.0, 50.0]]))
    assert found.log_likelihood == pytest.approx(0, abs=1e-6)
    assert found.coefficients[0] > 5


def test_a_covariate_that_is_another_adds_nothing():
    design, counts = simulated(3)
    once = fit_cumulative_logit(design, counts)
    twice = fit_cumulative_logit(np.concatenate((design, design[:, :1]), axis=1), counts)
    assert twice.log_likelihood == pytest.approx(once.log_likelihood, abs=1e-8)
    assert twice.converged

"""What does one more response change, in its own domain, in the others, and in the memory of what was met?"""

import numpy as np
import pytest

from scoring.domains import VerdictRule
from scoring.irt.posterior import mean_and_sd
from scoring.irt.quadrature import DEFAULT_GRID, Grid, diffusion_kernel, normal_weights
from scoring.practice.learner import Learner, Met
from scoring.practice.learning import blur, updated
from tests.scoring.practice.small import bank_of

BANK = bank_of([("n1", "numbers", "N1", 0.0), ("a1", "algebra", "A1", 0.5)], families={"a1": "equations"})
PRIOR = normal_weights(DEFAULT_GRID)
KNOWN = Learner(PRIOR, domains={"numbers": normal_weights(DEFAULT_GRID, 0.5), "geometry": PRIOR})


def bayes(prior: np.ndarray, likelihood: np.ndarray) -> np.ndarray:
    return prior * likelihood / (prior @ likelihood)


def test_subject_and_own_domain_take_the_response_in_full_and_others_its_echo():
    after = updated(KNOWN, BANK, 0, 1)
    likelihood = BANK.probabilities[0, 1]
    echo = diffusion_kernel(DEFAULT_GRID, 0.5) @ likelihood
    np.testing.assert_allclose(after.posterior, bayes(PRIOR, likelihood), rtol=1e-12)
    np.testing.assert_allclose(
        after.domains["numbers"], bayes(KNOWN.domains["numbers"], likelihood), rtol=1e-12
    )
    np.testing.assert_allclose(after.domains["geometry"], bayes(PRIOR, echo), rtol=1e-12)
    subject, other = (
        mean_and_sd(one, DEFAULT_GRID)[0] for one in (after.posterior, after.domains["geometry"])
    )
    assert subject > other > 0.8 * subject > 0.3


def test_a_domain_met_for_the_first_time_starts_from_the_subject():
    after = updated(KNOWN, BANK, 1, 0)
    np.testing.assert_allclose(after.domains["algebra"], bayes(PRIOR, BANK.probabilities[1, 0]), rtol=1e-12)
    assert list(after.domains) == ["numbers", "geometry", "algebra"]


def test_points_on_the_standard_add_up_and_the_family_is_met():
    right = updated(KNOWN, BANK, 1, 1)
    assert right.standards == {"A1": (2, 2)}
    assert right.met == {"equations": Met(missed=False)}
    wrong = updated(right, BANK, 1, 0)
    assert wrong.standards == {"A1": (2, 4)}
    assert wrong.met == {"equations": Met(missed=True, due=False)}
    assert KNOWN.standards == {} and KNOWN.met == {}


def test_order_of_the_responses_does_not_matter_to_the_abilities():
    one = updated(updated(KNOWN, BANK, 0, 1), BANK, 0, 0)
    other = updated(updated(KNOWN, BANK, 0, 0), BANK, 0, 1)
    np.testing.assert_allclose(one.posterior, other.posterior, rtol=1e-12)
    np.testing.assert_allclose(one.domains["geometry"], other.domains["geometry"], rtol=1e-12)


def test_blur_is_the_distance_between_domains():
    grid = Grid.uniform(21, -4, 4)
    sd = VerdictRule().domain_sd
    np.testing.assert_array_equal(blur(grid, sd), diffusion_kernel(grid, sd))
    np.testing.assert_array_equal(blur(DEFAULT_GRID, sd), diffusion_kernel(DEFAULT_GRID, sd))
    assert blur(DEFAULT_GRID, sd).sum(axis=1) == pytest.approx(np.ones(41))

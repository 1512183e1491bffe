"""What does the exam pay for progress in a domain?"""

import numpy as np
import pytest

from scoring.irt.quadrature import DEFAULT_GRID
from scoring.irt.types import ItemParameters
from scoring.practice.exam import Exam
from tests.scoring.practice.small import exam_of, logistic

ZERO = int(np.flatnonzero(DEFAULT_GRID.points == 0)[0])


def test_a_domain_is_worth_its_half_points():
    exam = Exam.of(
        ["algebra", "numbers", "algebra"],
        ItemParameters.partial_credit([1, 1, 1], [[0.0], [0.0], [-1.0, 1.0]]),
        [[0, 2, 0], [0, 2, 0], [0, 1, 3]],
    )
    assert exam.domain_half_points == {"algebra": 5, "numbers": 2}
    weights = np.array([1, np.e, 1])
    earned = 2 * 0.5 + (weights * [0, 1, 3]).sum() / weights.sum()
    assert exam.shares["algebra"][ZERO] == pytest.approx(earned / 5, rel=1e-12)


def test_a_step_pays_the_half_points_times_the_rise_of_the_share():
    exam = exam_of(["algebra"] * 3 + ["numbers"])
    assert exam.rise("algebra", 1.0)[ZERO] == pytest.approx(6 * (logistic(1) - 0.5), rel=1e-12)
    # 0.6 lies between the points 0.5 and 0.75, where the share runs straight.
    between = logistic(0.5) + 0.4 * (logistic(0.75) - logistic(0.5))
    assert exam.rise("algebra", 0.6)[ZERO] == pytest.approx(6 * (between - 0.5), rel=1e-12)


def test_beyond_the_grid_nothing_rises_and_elsewhere_nothing_is_paid():
    exam = exam_of(["algebra"])
    assert exam.rise("algebra", 1.0)[-1] == 0
    assert exam.rise("geometry", 1.0).tolist() == [0] * DEFAULT_GRID.size


def test_totals_of_the_form_have_their_chances():
    table = exam_of(["algebra", "numbers"]).score_distribution
    np.testing.assert_allclose(table[ZERO], [0.25, 0, 0.5, 0, 0.25], atol=1e-12)


def test_every_item_lies_in_a_domain():
    with pytest.raises(ValueError, match="1 domains for 2 items"):
        Exam.of(["algebra"], ItemParameters.dichotomous(1.0, [0.0, 0.0]), [[0, 2], [0, 2]])

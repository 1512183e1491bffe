"""Does mixing reach the fixed point of a creeping iteration, and does it forget when told?"""

import numpy as np
import pytest

from scoring.irt.calibration.acceleration import Anderson
from scoring.irt.types import FloatArray

# A linear map with the fixed point (1, -2, 3), whose slowest direction shrinks by a hundredth a step.
SOLUTION = np.array([1.0, -2.0, 3.0])
ROTATION, _ = np.linalg.qr(np.arange(9.0).reshape(3, 3) + np.diag([1.0, 2.0, 5.0]))
CONTRACTION = ROTATION @ np.diag([0.99, 0.7, 0.2]) @ ROTATION.T


def mapped(point: FloatArray) -> FloatArray:
    return SOLUTION + CONTRACTION @ (point - SOLUTION)


def distances(mixing: Anderson, n: int) -> list[float]:
    point, found = np.zeros(3), []
    for _ in range(n):
        point = mixing.next(point, mapped(point))
        found.append(float(np.abs(point - SOLUTION).max()))
    return found


def test_the_first_step_is_the_plain_one():
    point = np.array([0.3, 0.1, 0.2])
    np.testing.assert_array_equal(Anderson().next(point, mapped(point)), mapped(point))


def test_a_linear_map_of_three_dimensions_is_solved_by_the_fifth_point():
    assert distances(Anderson(), 5)[-1] < 1e-9


def test_the_plain_iteration_would_take_hundreds_of_steps():
    point = np.zeros(3)
    for _ in range(300):
        point = mapped(point)
    assert np.abs(point - SOLUTION).max() > 0.01


@pytest.mark.parametrize("depth", [1, 2, 6])
def test_any_depth_beats_the_plain_iteration(depth):
    point = np.zeros(3)
    for _ in range(30):
        point = mapped(point)
    assert distances(Anderson(depth), 30)[-1] < 0.1 * np.abs(point - SOLUTION).max()


def test_after_forgetting_the_next_step_is_plain_again():
    mixing = Anderson()
    distances(mixing, 3)
    mixing.forget()
    point = np.array([5.0, 5.0, 5.0])
    np.testing.assert_array_equal(mixing.next(point, mapped(point)), mapped(point))


def test_a_fixed_point_stays():
    mixing = Anderson()
    for _ in range(4):
        np.testing.assert_allclose(mixing.next(SOLUTION, mapped(SOLUTION)), SOLUTION, rtol=1e-15)


def test_no_parameters_are_no_problem():
    mixing, nothing = Anderson(), np.zeros(0)
    for _ in range(3):
        assert mixing.next(nothing, nothing).size == 0

"""Does the grid integrate what it is meant to integrate?"""

import numpy as np
import pytest

from scoring.irt import DEFAULT_GRID, Grid, mean_and_sd, normal_weights
from scoring.irt.quadrature import diffusion_kernel


def test_default_grid_is_41_points_on_plus_minus_5():
    assert DEFAULT_GRID.size == 41
    assert (DEFAULT_GRID.points[0], DEFAULT_GRID.points[-1]) == (-5.0, 5.0)
    assert DEFAULT_GRID.spacing == 0.25
    assert DEFAULT_GRID.edges[[0, 1, -1]].tolist() == [-5.125, -4.875, 5.125]


def test_normal_weights_have_the_moments_of_the_normal():
    weights = normal_weights(DEFAULT_GRID, mean=0.4, sd=0.8)
    moments = [weights @ (DEFAULT_GRID.points - 0.4) ** power for power in range(5)]
    assert moments == pytest.approx([1, 0, 0.8**2, 0, 3 * 0.8**4], abs=1e-5)


def test_normal_weights_for_several_populations():
    weights = normal_weights(DEFAULT_GRID, mean=[-1.0, 0.5], sd=[0.5, 1.0])
    assert weights.shape == (2, 41)
    np.testing.assert_allclose(weights[1], normal_weights(DEFAULT_GRID, 0.5, 1.0), rtol=1e-14)


def test_normal_weights_far_off_the_grid_stay_weights():
    weights = normal_weights(DEFAULT_GRID, mean=60.0, sd=0.3)
    assert weights.sum() == pytest.approx(1)
    assert weights[-1] == pytest.approx(1)


def test_diffusion_adds_its_variance_and_keeps_the_mean():
    kernel = diffusion_kernel(DEFAULT_GRID, 0.5)
    mean, sd = mean_and_sd(normal_weights(DEFAULT_GRID, 0.3, 0.6) @ kernel, DEFAULT_GRID)
    assert (float(mean), float(sd)) == pytest.approx((0.3, np.sqrt(0.6**2 + 0.5**2)), abs=1e-6)


@pytest.mark.parametrize("points", [[0.0, 1.0], [0.0, 1.0, 3.0], [0.0, -1.0, -2.0], [[0.0, 1.0, 2.0]]])
def test_grid_refuses_points_that_are_no_grid(points):
    with pytest.raises(ValueError, match="grid"):
        Grid(np.array(points))


def test_normal_weights_refuse_a_standard_deviation_of_zero():
    with pytest.raises(ValueError, match="positive"):
        normal_weights(DEFAULT_GRID, sd=0.0)

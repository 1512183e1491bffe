"""What is said of pupils when parameters change, to the last pupil?"""

from __future__ import annotations

import numpy as np

from scoring.calibration_change import change_table

CUTS = (16, 24, 32)


def test_changes_levels_and_bins() -> None:
    before = np.array([10.0, 15.5, 20.0, 24.0, 33.0])
    after = np.array([10.2, 16.5, 20.0, 23.0, 30.0])
    assert change_table(before, after, CUTS) == {
        "n_pupils": 5,
        "mean_change": -0.56,
        "mean_size": 1.04,
        "largest": -3.0,
        "within_a_point": 4,
        "n_level_up": 1,
        "n_level_down": 2,
        "level_moves": [
            {"from": 0, "to": 1, "n": 1},
            {"from": 2, "to": 1, "n": 1},
            {"from": 3, "to": 2, "n": 1},
        ],
        "bins": [
            {"half_points": -3, "n": 1},
            {"half_points": -2, "n": 0},
            {"half_points": -1, "n": 1},
            {"half_points": 0, "n": 2},
            {"half_points": 1, "n": 1},
        ],
    }


def test_nobody_is_said_to_be_nobody() -> None:
    assert change_table(np.zeros(0), np.zeros(0), CUTS) == {"n_pupils": 0}


def test_two_levels_at_once_are_one_move() -> None:
    assert change_table(np.array([15.0]), np.array([25.0]), CUTS)["level_moves"] == [
        {"from": 0, "to": 2, "n": 1}
    ]

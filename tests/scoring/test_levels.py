"""Are the performance levels of the file usable, ascending and marked provisional?"""

from pathlib import Path

import numpy as np
import pytest

from scoring.data_file import DataFileError
from scoring.irt import DEFAULT_GRID, score_distribution
from scoring.irt.posterior import probability_below
from scoring.irt.quadrature import normal_weights
from scoring.levels import load_levels
from tests.scoring.mathematics import SCORING_DATA, mathematics

PATH = SCORING_DATA / "levels.toml"


def test_levels_of_the_file():
    levels = load_levels(PATH)
    assert (levels.version, levels.provisional, levels.half_points_max) == ("provisional-1", True, 40)
    assert [level.identifier for level in levels.levels] == [
        "below_basic",
        "basic",
        "intermediate",
        "advanced",
    ]
    assert levels.cuts == (17, 24, 29)


@pytest.mark.parametrize(
    ("half_points", "level"),
    [(0, "below_basic"), (16.99, "below_basic"), (17, "basic"), (28.9, "intermediate"), (40, "advanced")],
)
def test_level_of_expected_half_points(half_points, level):
    assert load_levels(PATH).at(half_points).identifier == level


def test_cuts_stand_where_the_file_says_they_do():
    items = mathematics()
    expected = score_distribution(items.parameters, items.category_half_points) @ np.arange(41)
    population = normal_weights(DEFAULT_GRID)
    for cut, above in zip(load_levels(PATH).cuts, (0.80, 0.50, 0.25), strict=True):
        theta = float(np.interp(cut, expected, DEFAULT_GRID.points))
        assert 1 - probability_below(population, DEFAULT_GRID, theta) == pytest.approx(above, abs=0.025)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cut_half_points = 0", "cut_half_points = 1", "number 1, cut_half_points: is 1"),
        ("cut_half_points = 24", "cut_half_points = 17", "number 3, cut_half_points: is 17"),
        ("cut_half_points = 29", "cut_half_points = 41", "number 4, cut_half_points: is 41"),
        ("cut_half_points = 29", "cut_half_points = 28.5", "number 4, cut_half_points: is 28.5"),
        ("provisional = true", "provisional = 1", "provisional: is 1"),
    ],
)
def test_a_bad_file_is_named_by_place(tmp_path: Path, old, new, message):
    path = tmp_path / "levels.toml"
    path.write_text(PATH.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_levels(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)

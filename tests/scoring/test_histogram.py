"""Are the bars as high as the prediction says, and is the interval marked to the half point?"""

from __future__ import annotations

import pytest

from scoring.histogram import HEIGHT, histogram

PMF = [0.0, 0.1, 0.2, 0.2, 0.4, 0.05, 0.05]


def test_bars_hold_a_whole_point_and_the_half_above_it() -> None:
    picture = histogram(PMF, low=2, high=4)
    assert [(bar.points, round(bar.probability, 10), bar.has_half) for bar in picture.bars] == [
        (0, 0.1, True),
        (1, 0.4, True),
        (2, 0.45, True),
        (3, 0.05, False),
    ]
    assert [[part.inside for part in bar.parts] for bar in picture.bars] == [
        [False, False],
        [True, True],
        [True, False],
        [False],
    ]


def test_parts_stand_on_the_base_line_and_on_each_other() -> None:
    whole, half = histogram(PMF, low=2, high=4).bars[2].parts
    assert float(whole.y) + float(whole.height) == pytest.approx(HEIGHT, abs=0.02)
    assert float(half.y) + float(half.height) == pytest.approx(float(whole.y), abs=0.02)
    assert float(half.y) == pytest.approx(0, abs=0.02)  # the highest bar fills the picture


def test_every_fifth_bar_and_the_last_are_labelled() -> None:
    bars = histogram([1 / 41] * 41, low=0, high=40).bars
    assert [bar.points for bar in bars if bar.labelled] == [0, 5, 10, 15, 20]
    assert "," not in bars[3].x


def test_nothing_predicted_draws_nothing_tall() -> None:
    assert [part.height for bar in histogram([0.0, 0.0], 0, 0).bars for part in bar.parts] == ["0.00", "0.00"]

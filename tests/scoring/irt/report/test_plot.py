"""Do numbers land where they belong in a picture?"""

import re

import numpy as np
import pytest

from scoring.irt.report.plot import Axis, Margins, Plot, both_widths, ticks
from tests.scoring.irt.report.reading import Reading


@pytest.fixture
def plot():
    """Ten pixels to a unit across and upwards, from (10, 110) at 0, 0."""
    return Plot(
        "p", title="A & B", description="Words.", x=(0, 20), y=(0, 10), size=(220, 120),
        margins=Margins(top=10, right=10, bottom=10, left=10),
    )  # fmt: skip


def test_an_axis_may_run_downwards():
    axis = Axis(-4.0, 4.0, 100.0, 20.0)
    assert axis([-4, 0, 4]).tolist() == [100.0, 60.0, 20.0]
    assert axis.at(2.0) == 40.0


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (-4.0, 4.0, 9, [-4, -3, -2, -1, 0, 1, 2, 3, 4]),
        (-4.0, 4.0, 6, [-4, -2, 0, 2, 4]),
        (0.0, 1.0, 3, [0, 0.5, 1]),
        (0.0, 7.3, 6, [0, 2, 4, 6]),
        (0.0, 2091.0, 5, [0, 500, 1000, 1500, 2000]),
        (0.03, 0.11, 6, [0.04, 0.06, 0.08, 0.1]),
        (-0.5, 60.5, 9, [0, 10, 20, 30, 40, 50, 60]),
    ],
)
def test_ticks_are_round_and_not_too_many(low, high, most, expected):
    assert ticks(low, high, most) == pytest.approx(expected)


def test_a_line_lifts_the_pen_where_there_is_no_value(plot):
    plot.line([0, 1, 2, 3, 4], [0, 1, np.nan, 3, 4])
    assert 'd="M10 110L20 100M40 80L50 70" class="curve"' in plot.svg()


def test_points_without_a_value_are_left_out(plot):
    plot.points([1, 2, 3], [1, np.nan, 3], [1.0, 2.0, 3.0])
    circles = Reading(plot.svg()).all("circle")
    assert [(c["cx"], c["cy"], c["r"]) for c in circles] == [("20", "100", "1"), ("40", "80", "3")]


def test_columns_stand_on_the_bottom(plot):
    plot.columns([0, 5, 10, 15], [4, 0, 10])
    bars = Reading(plot.svg()).all("rect")
    assert [(b["x"], b["y"], b["width"], b["height"]) for b in bars] == [
        ("10.5", "70", "49", "40"),
        ("110.5", "10", "49", "100"),
    ]


def test_areas_bands_and_rules(plot):
    plot.area([0, 10], [5, 5])
    plot.band([0, 10], [1, 1], [2, 2])
    plot.rule(x=5.0)
    plot.rule(y=5.0)
    paths = [attributes["d"] for attributes in Reading(plot.svg()).all("path")]
    assert paths == [
        "M10 60L110 60L110 110L10 110Z",
        "M10 90L110 90L110 100L10 100Z",
        "M60 110L60 10",
        "M10 60L210 60",
    ]


def test_axes_are_labelled_with_true_minus_signs():
    plot = Plot("p", title="", description="", x=(-1, 1), y=(0, 0.5))
    plot.x_axis("ability", most=3)
    plot.y_axis("share", most=3)
    assert Reading(plot.svg()).texts == ["−1", "0", "1", "ability", "0.0", "0.2", "0.4", "share"]


def test_a_picture_says_what_it_is(plot):
    reading = Reading(plot.svg())
    (svg,) = reading.all("svg")
    assert svg["viewbox"] == "0 0 220 120"
    assert svg["aria-labelledby"] == "picture-p-title picture-p-desc"
    assert reading.ids == ["picture-p-title", "picture-p-desc"]
    assert reading.texts == ["A & B", "Words."]


def test_bars_to_the_left_end_at_the_edge(plot):
    plot.bar_leftwards(5.0, 0.25, 8.0)
    (bar,) = Reading(plot.svg()).all("rect")
    assert (bar["x"], bar["y"], bar["width"], bar["height"]) == ("160", "56", "50", "8")


def test_two_drawings_of_which_one_is_shown(plot):
    shown = both_widths(plot.svg(), plot.svg())
    assert re.findall(r'<div class="(\w+)">', shown) == ["narrow", "wide"]

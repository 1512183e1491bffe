"""What does the exam pay for progress in a domain, and on one standard of it?"""

import numpy as np
import pytest

from scoring.irt.quadrature import DEFAULT_GRID
from scoring.irt.types import ItemParameters
from scoring.practice.exam import Exam
from tests.scoring.practice.small import exam_of, logistic

ZERO = int(np.flatnonzero(DEFAULT_GRID.points == 0)[0])
RISE = 2 * (logistic(1) - 0.5)
"""Half-points that an item of 2 brings more to whoever grows from 0 to 1."""


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


def on_standards(
    exam: Exam, domain: str, standards: list[str], repeats: float, step: float = 1.0
) -> list[float]:
    """What each standard of one domain brings at 0."""
    homes = [(code, domain) for code in standards]
    return [float(row[ZERO]) for row in exam.standard_rises(homes, step, repeats)]


@pytest.mark.parametrize(
    ("repeats", "a1", "a2", "a3"),
    [
        (1.0, 2 * RISE, RISE, 0.0),  # what the form asks, and nothing else
        (0.5, 1.25 * RISE, 0.75 * RISE, 0.25 * RISE),
        (0.0, 0.5 * RISE, 0.5 * RISE, 0.5 * RISE),  # a sixth of the domain's three items each
    ],
)
def test_a_standard_is_paid_as_far_as_the_coming_exam_is_like_this_form(repeats, a1, a2, a3):
    exam = exam_of(
        ["algebra", "numbers", "algebra", "algebra"],
        standards=["A1", "N1", "A2", "A1"],
        breadth={"algebra": 6, "numbers": 2},
    )
    assert on_standards(exam, "algebra", ["A1", "A2", "A3"], repeats) == pytest.approx(
        [a1, a2, a3], rel=1e-12
    )
    # After other figures were asked for it says the same.
    on_standards(exam, "algebra", ["A1", "A2", "A3"], 1 - repeats)
    assert on_standards(exam, "algebra", ["A1", "A2", "A3"], repeats) == pytest.approx(
        [a1, a2, a3], rel=1e-12
    )


def test_a_standard_is_paid_by_its_own_items():
    exam = Exam.of(
        ["algebra", "algebra"],
        ItemParameters.partial_credit([1, 1], [[0.0], [-1.0, 1.0]]),
        [[0, 2, 0], [0, 1, 3]],
        standards=["A1", "A2"],
    )
    # At 0 the categories weigh 1, e, 1 and at 1 they weigh 1, e^2, e^2.
    now = (np.e + 3) / (2 + np.e)
    then = (np.e**2 + 3 * np.e**2) / (1 + 2 * np.e**2)
    assert on_standards(exam, "algebra", ["A2", "A1"], 1.0) == pytest.approx([then - now, RISE], rel=1e-12)


def test_a_domain_of_unknown_breadth_is_one_thing():
    exam = exam_of(["algebra"] * 3, standards=["A1", "A1", "A2"])
    assert on_standards(exam, "algebra", ["A9"], 0.0) == pytest.approx([3 * RISE], rel=1e-12)


def test_where_the_standards_of_the_form_are_not_known_only_its_domains_count():
    exam = exam_of(["algebra"] * 3, breadth={"algebra": 2})
    assert on_standards(exam, "algebra", ["A1"], 0.5) == pytest.approx([0.75 * RISE], rel=1e-12)
    assert not exam.standard_rises([("A1", "algebra")], 1.0, 1.0).any()


def test_a_standard_in_a_domain_that_is_not_asked_brings_nothing():
    exam = exam_of(["algebra"], standards=["A1"], breadth={"geometry": 3})
    found = exam.standard_rises([("G1", "geometry"), ("A1", "algebra")], 1.0, 0.5)
    assert not found[0].any() and found[1].any()
    assert exam.standard_rises([], 1.0, 0.5).shape == (0, DEFAULT_GRID.size)


def test_steps_do_not_mix():
    exam = exam_of(["algebra"], standards=["A1"])
    assert on_standards(exam, "algebra", ["A1"], 1.0) == pytest.approx([RISE], rel=1e-12)
    half = 2 * (logistic(0.5) - 0.5)
    assert on_standards(exam, "algebra", ["A1"], 1.0, step=0.5) == pytest.approx([half], rel=1e-12)
    assert on_standards(exam, "algebra", ["A1"], 1.0) == pytest.approx([RISE], rel=1e-12)


def test_every_item_lies_in_a_domain():
    with pytest.raises(ValueError, match="1 domains for 2 items"):
        Exam.of(["algebra"], ItemParameters.dichotomous(1.0, [0.0, 0.0]), [[0, 2], [0, 2]])


def test_every_item_has_a_standard_or_none_has():
    with pytest.raises(ValueError, match="1 standards for 2 items"):
        exam_of(["algebra", "algebra"], standards=["A1"])
    assert exam_of(["algebra", "algebra"]).standards == ()

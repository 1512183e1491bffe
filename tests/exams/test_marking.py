"""Which mark stands on a text, and what is a response worth with it?"""

from __future__ import annotations

from typing import Any

import pytest

from exams.marking import (
    GivenMark,
    Judged,
    judge,
    mark_values,
    standing_mark,
    text_digest,
    waits_for_mark,
    written_points,
)

KEY: dict[str, Any] = {"interaction": "extended_text", "half_points": [0, 1, 2], "longest": 600}
CHOICE: dict[str, Any] = {"interaction": "choice", "half_points": [0, 2], "correct": "b"}
TEXT = "3x = 12, па је x = 4"


def given(number: int, half_points: int, *, text: str = TEXT, version: int = 7) -> GivenMark:
    return GivenMark(number + 100, number, version, text_digest(text), half_points)


def test_a_text_waits_until_it_is_marked() -> None:
    assert judge(KEY, TEXT, 7, []) == Judged(0, 2, "pending")
    assert judge(KEY, TEXT, 7, []).pending_half_points == 2
    marked = judge(KEY, TEXT, 7, [given(1, 1)])
    assert marked == Judged(1, 2, "answered", given(1, 1))
    assert marked.pending_half_points == 0


def test_no_points_by_a_mark_are_points_and_wait_no_more() -> None:
    assert judge(KEY, TEXT, 7, [given(1, 0)]) == Judged(0, 2, "answered", given(1, 0))


def test_the_newest_stands_in_whatever_order_they_come() -> None:
    marks = [given(3, 2), given(1, 0), given(2, 1)]
    assert standing_mark(TEXT, 7, marks) == given(3, 2)
    assert standing_mark(TEXT, 7, reversed(marks)) == given(3, 2)


def test_a_mark_is_on_one_text_of_one_item() -> None:
    assert judge(KEY, TEXT + ".", 7, [given(1, 2)]).status == "pending"
    assert judge(KEY, TEXT, 8, [given(1, 2)]).status == "pending"


def test_a_text_that_came_back_has_its_mark_again() -> None:
    marks = [given(1, 1), given(2, 2, text="друго")]
    assert judge(KEY, TEXT, 7, marks).half_points == 1
    assert judge(KEY, "друго", 7, marks).half_points == 2


@pytest.mark.parametrize("value", [None, "", " \n"])
def test_nothing_written_is_left_out_and_no_mark_changes_that(value: str | None) -> None:
    mark = given(1, 2, text=value or "")
    assert judge(KEY, value, 7, [mark]) == Judged(0, 2, "omitted")
    assert not waits_for_mark(KEY, value)


@pytest.mark.parametrize("value", [True, ["a"], {"1": "x"}])
def test_what_is_no_text_is_wrong_and_waits_for_nobody(value: object) -> None:
    assert judge(KEY, value, 7, [given(1, 2)]) == Judged(0, 2, "answered")


def test_other_interactions_know_no_marks() -> None:
    mark = given(1, 0, text="b")
    assert judge(CHOICE, "b", 7, [mark]) == Judged(2, 2, "answered")
    assert not waits_for_mark(CHOICE, "b")


def test_the_values_of_an_item_s_own_table() -> None:
    assert mark_values(KEY) == (0, 1, 2)
    assert mark_values({"half_points": [0, 0, 2]}) == (0, 2)


def test_points_as_on_a_button() -> None:
    assert [written_points(half_points) for half_points in range(5)] == ["0", "½", "1", "1½", "2"]


def test_a_text_is_named_by_its_bytes() -> None:
    assert text_digest("а") != text_digest("a")
    assert len(text_digest("")) == 64

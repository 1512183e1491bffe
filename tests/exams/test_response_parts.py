"""Every shape that a phone sends can be read by a person."""

from __future__ import annotations

from typing import Any

import pytest

from exams.response_parts import Part, parts_of


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("b", (Part(text="b"),)),
        ({"x": "3,5"}, (Part("x", "3,5"),)),
        ({"2": "12", "1": "b"}, (Part("1", "b"), Part("2", "12"))),
        ({"1": True, "2": False}, (Part("1", truth=True), Part("2", truth=False))),
        (["c", "a"], (Part("1", "c"), Part("2", "a"))),
        ({"x": "  "}, (Part("x", "  "),)),
        ({"x": "", "y": None}, ()),
        (None, ()),
        ("", ()),
        ([], ()),
        (7, (Part(readable=False),)),
        ({"x": ["a"]}, (Part(readable=False),)),
        ("\ufffd", (Part(readable=False),)),
    ],
)
def test_parts(value: Any, parts: tuple[Part, ...]) -> None:
    assert parts_of(value) == parts


def test_ticks_have_no_places() -> None:
    assert parts_of(["a", "d"], "multiple_choice") == (Part(text="a"), Part(text="d"))
    assert parts_of(["3"], "select_words") == parts_of(["3"], "hotspot") == (Part(text="3"),)
    assert parts_of(["c", "a"], "order") == (Part("1", "c"), Part("2", "a"))


def test_written_text_is_one_part() -> None:
    assert parts_of("Прво.\n\nОнда.", "extended_text") == (Part(text="Прво.\n\nОнда."),)

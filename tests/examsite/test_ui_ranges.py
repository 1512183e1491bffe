"""Is a range of points written so that nothing tears it apart, with words that are true of it?"""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.template import Context, Template
from django.utils.translation import override

from examsite.templatetags.ui import span


def band(arguments: str) -> str:
    with override("en"):
        html = Template("{% band " + arguments + " %}").render(Context())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize(
    ("language", "written"), [("sr", "10,5\u2060–\u206015"), ("en", "10.5\u2060–\u206015")]
)
def test_a_range_stays_on_one_line(language: str, written: str) -> None:
    with override(language):
        assert span(21, 30) == written
        assert span(20, 20) == "10"


def test_a_band_says_what_is_expected_on_average_although_the_dot_is_held_inside() -> None:
    said = band("low=2 expected=4 high=4 maximum=40 probability=0.72 average=6")
    assert "Most likely 1\u2060–\u20602 of 20 points (7 in 10)" in said
    assert "The dot is what we expect on average: 3 points." in said
    assert "on average: 2 points." in band("low=2 expected=4 high=4 maximum=40 probability=0.72")


def test_a_band_that_holds_almost_always_says_so() -> None:
    assert "of 20 points (almost always)" in band("low=2 expected=3 high=4 maximum=40 probability=0.98")

"""Can no name break out of a page, and are numbers written as people read them?"""

import numpy as np
import pytest

from scoring.irt.report.markup import decimal, element, joined, probability, text, whole

NAN = float("nan")


def test_names_are_escaped():
    assert text('<b> & "c"') == '&lt;b&gt; &amp; "c"'
    assert element("td", text("x<y"), title='"<&') == '<td title="&quot;&lt;&amp;">x&lt;y</td>'


def test_attributes():
    assert element("i", class_="a", aria_hidden="true", title=None) == '<i class="a" aria-hidden="true"></i>'
    assert joined(element("b", text(1)), text(2)) == "<b>1</b>2"


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (1.005, 1, "1.0"),
        (-1.26, 1, "−1.3"),
        (-0.001, 2, "0.00"),
        (NAN, 2, "–"),
        (np.inf, 2, "–"),
        (3, 0, "3"),
    ],
)
def test_decimals(value, digits, written):
    assert decimal(value, digits) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0.0004, "< .001"), (0.0423, ".042"), (1.0, "1.000"), (0.5, ".500"), (NAN, "–")]
)
def test_probabilities(value, written):
    assert probability(value) == written


def test_counts():
    assert [whole(7), whole(65000.0), whole(-1234567)] == ["7", "65\u202f000", "−1\u202f234\u202f567"]

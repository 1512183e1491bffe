"""Does an exhibit notice when a figure is not the published one?"""

import numpy as np
import pytest

from scoring.irt.gallery.exhibit import Exhibit, compared, furthest, load, within
from scoring.irt.report.markup import text
from tests.scoring.irt.report.reading import check


def test_equal_to_the_digits_printed():
    assert compared("x", 0.44296449, 0.442964, digits=6).agrees
    assert not compared("x", 0.442965, 0.442964, digits=6).agrees
    assert compared("x", -1.002, -1.0, digits=3, limit=0.003).agrees
    assert (compared("x", -1.0, 2.0, digits=1).here, compared("x", -1.0, 2.0, digits=1).apart) == (
        "−1.0",
        3.0,
    )


def test_many_figures_are_as_far_apart_as_the_furthest():
    assert furthest("x", [1.0, 2.0], [1.0, 2.5], limit=0.5).agrees
    assert not furthest("x", [1.0, 2.0], [1.0, 2.51], limit=0.5).agrees
    assert not furthest("x", [1.0, np.nan], [1.0, 2.5], limit=0.5).agrees
    with pytest.raises(ValueError, match=r"x: \(2,\) figures here, \(3,\) published"):
        furthest("x", [1.0, 2.0], [1.0, 2.0, 3.0], limit=1)


@pytest.mark.parametrize(("here", "agrees"), [(0.929, False), (0.93, True), (0.97, True), (0.971, False)])
def test_between_two_limits(here, agrees):
    assert within("coverage", here, 0.93, 0.97, digits=3).agrees is agrees


def exhibit(*figures, simulated=False):
    return Exhibit("slug", "Title", "Lead.", "Somebody (1970).", figures, text(""), simulated=simulated)


def test_published_figures_stand_beside_with_their_distance():
    good, bad = compared("good", 1.0, 1.0, digits=1), compared("bad", 1.0, 2.0, digits=1)
    reading = check(exhibit(good, bad).section().content)
    assert "Figure Here Published Apart Allowed Agrees" in reading.text
    assert "good 1.0 1.0 0 5.1e−2 yes bad 1.0 2.0 1.0e+00 5.1e−2 NO" in reading.text
    assert reading.text.endswith("Source: Somebody (1970).")


def test_simulated_figures_have_limits_instead():
    reading = check(exhibit(within("w", 0.95, 0.9, 1.0, digits=2), simulated=True).section().content)
    assert "Figure Here Expected Agrees w 0.95 0.90 to 1.00 yes" in reading.text


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"nothing\.json is missing; name the folder .* with --fixtures"):
        load(tmp_path, "nothing")

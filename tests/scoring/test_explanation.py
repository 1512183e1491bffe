"""Is it said of the right domains what they would bring?"""

from __future__ import annotations

import numpy as np
import pytest

from scoring.domains import DomainResult, Verdict
from scoring.explanation import DomainGain, what_would_change
from scoring.irt import DEFAULT_GRID

SHARE = np.interp(DEFAULT_GRID.points, [-2, 2], [0.0, 1.0])


def result(domain: str, verdict: Verdict, *thetas: float) -> DomainResult:
    """Equally likely to be at each of these points of the grid."""
    posterior = np.zeros(41)
    posterior[[int(np.abs(DEFAULT_GRID.points - theta).argmin()) for theta in thetas]] = 1 / len(thetas)
    return DomainResult(domain, verdict, 0.0, 0.0, 0.0, 4, 0, 8, posterior)


def test_what_a_domain_would_bring_is_its_way_to_known_times_its_points():
    profile = (
        result("algebra", Verdict.SHAKY, 0.0),
        result("data", Verdict.KNOWN, -2.0),
        result("geometry", Verdict.NOT_YET, -1.0),
        result("numbers", Verdict.NOT_ENOUGH, -1.0, 2.0),
    )
    half_points = {"algebra": 10, "data": 6, "geometry": 10, "numbers": 20}
    found = what_would_change(profile, dict.fromkeys(half_points, SHARE), half_points)
    # Shares: algebra 0.5, geometry 0.25, numbers 0.25 or 1.0; known is 0.7 of the points.
    assert [gain.domain for gain in found] == ["geometry", "numbers", "algebra"]
    assert [gain.half_points for gain in found] == pytest.approx([4.5, 4.5, 2.0])


def test_what_brings_less_than_half_a_point_is_not_worth_a_sentence():
    profile = (result("algebra", Verdict.SHAKY, 0.0), result("geometry", Verdict.SHAKY, 1.0))
    found = what_would_change(profile, {"algebra": SHARE, "geometry": SHARE}, {"algebra": 4, "geometry": 20})
    assert found == ()
    (worth,) = what_would_change(
        profile, {"algebra": SHARE, "geometry": SHARE}, {"algebra": 6, "geometry": 20}
    )
    assert worth == DomainGain("algebra", pytest.approx(1.2))

"""What would change a prediction of points: how much would each domain bring if it were known?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scoring.domains import USUAL_RULE, DomainResult, Verdict, VerdictRule
from scoring.irt.types import FloatArray

LEAST_GAIN = 1.0
"""Half-points: what brings less than half a point is not worth a sentence."""


@dataclass(frozen=True, slots=True)
class DomainGain:
    """Half-points to be expected on the reference form beyond today's, if the domain became known."""

    domain: str
    half_points: float


def what_would_change(
    profile: tuple[DomainResult, ...],
    shares: Mapping[str, FloatArray],
    half_points: Mapping[str, int],
    *,
    rule: VerdictRule = USUAL_RULE,
) -> tuple[DomainGain, ...]:
    """Domains that are not known yet and would bring something, the one that brings most first.

    shares: for each domain the share of its points by theta (Q,); half_points: what it carries on the form.
    Known means `rule.known_share` of the points; abilities that already earn more gain nothing.
    """
    gains = (
        DomainGain(
            domain=result.domain,
            half_points=half_points.get(result.domain, 0)
            * float(result.posterior @ np.maximum(0.0, rule.known_share - shares[result.domain])),
        )
        for result in profile
        if result.verdict is not Verdict.KNOWN
    )
    worth = [gain for gain in gains if gain.half_points >= LEAST_GAIN]
    return tuple(sorted(worth, key=lambda gain: (-gain.half_points, gain.domain)))

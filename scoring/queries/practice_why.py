"""Why is this practice offered? One reason, from which a page makes one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from exams.enums import PracticeKind
from exams.models import Domain
from scoring.domains import Verdict
from scoring.practice.reasons import Reason
from scoring.practice.review import ENOUGH_DUE
from scoring.queries.practice_situation import Situation

STANDS_OUT = 1.25
"""A domain is named where it would bring so many times what each would if all brought the same."""


class WhyCode(StrEnum):
    """
    FIND_OUT     too little is known of the pupil to choose by: the set serves to find out
    GAIN         progress in `domain` would bring the most on the exam, `half_points` for one good step
    ALL_ROUND    no domain leads the set: from each what should bring the most
    ANY          nothing but chance has chosen
    REVIEW_DUE   of what was missed, `n_due` wait to be met again now, and the set is mostly of these
    MISTAKES     `n_missed` things were missed and are not repaired yet; too few for a set are due today
    CHOSEN       the pupil's own choice, of `domain`; one good step there brings `half_points`
    """

    FIND_OUT = "find_out"
    GAIN = "gain"
    ALL_ROUND = "all_round"
    ANY = "any"
    REVIEW_DUE = "review_due"
    MISTAKES = "mistakes"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Why:
    """`half_points` on the reference form, as predicted; `n_due` of the `n_missed` wait for today."""

    code: WhyCode
    domain: Domain | None
    half_points: float | None
    n_due: int
    n_missed: int

    def as_table(self) -> dict[str, Any]:
        return {
            "code": self.code.value,
            "domain": self.domain.code if self.domain else None,
            "half_points": None if self.half_points is None else round(self.half_points, 2),
            "n_due": self.n_due,
            "n_missed": self.n_missed,
        }


def why_of(
    situation: Situation, *, kind: PracticeKind, lead: Domain, share: float, reasons: Sequence[Reason]
) -> Why:
    """`lead`: the domain with the most items, `share` of the set; `reasons` of its items."""
    missed = situation.missed
    n_due = sum(met.due for met in missed.values())
    gains = gains_of(situation)
    counts = (n_due, len(missed))
    if kind == PracticeKind.MISTAKES:
        code = WhyCode.REVIEW_DUE if n_due >= ENOUGH_DUE else WhyCode.MISTAKES
        return Why(code, None, None, *counts)
    if kind in (PracticeKind.DOMAIN, PracticeKind.STANDARD):
        return Why(WhyCode.CHOSEN, lead, gains.get(lead.code, 0.0), *counts)
    if not situation.known or set(situation.learner.verdicts.values()) <= {Verdict.NOT_ENOUGH}:
        return Why(WhyCode.FIND_OUT, None, None, *counts)
    if 2 * list(reasons).count(Reason.REVIEW_DUE) >= len(reasons):
        return Why(WhyCode.REVIEW_DUE, None, None, *counts)
    if situation.policy.any_alike:
        return Why(WhyCode.ANY, None, None, *counts)
    # A domain is named only where the set keeps the promise: most of it is about what would bring the most.
    most = max(gains, key=lambda code: (gains[code], code))
    if most == lead.code and share > 0.5 and gains[most] * len(gains) >= STANDS_OUT * sum(gains.values()):
        return Why(WhyCode.GAIN, lead, gains[most], *counts)
    return Why(WhyCode.ALL_ROUND, None, None, *counts)


def gains_of(situation: Situation) -> dict[str, float]:
    """Domain → half-points the exam would bring more for one step of progress in it."""
    codes = situation.subject_bank.bank.domain_codes
    return dict(zip(codes, situation.appraisal.gains.tolist(), strict=True))

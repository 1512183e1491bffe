"""Why is this item in the set? One word for the sentence that the candidate reads."""

from __future__ import annotations

from enum import StrEnum

from scoring.domains import Verdict


class Reason(StrEnum):
    """In the order in which they are tried: the first that holds is given."""

    REVIEW_DUE = "review_due"
    FIRST_STEP = "first_step"
    FIND_OUT = "find_out"
    WEAK_DOMAIN = "weak_domain"
    CONFIRM_STRENGTH = "confirm_strength"
    CLOSES_GAP = "closes_gap"


_BY_VERDICT = {
    Verdict.NOT_ENOUGH: Reason.FIND_OUT,
    Verdict.NOT_YET: Reason.WEAK_DOMAIN,
    Verdict.KNOWN: Reason.CONFIRM_STRENGTH,
    Verdict.SHAKY: Reason.CLOSES_GAP,
}


def reason_for(*, due: bool, first_step: bool, verdict: Verdict) -> Reason:
    """due: missed before and due again; first_step: its standard is not mastered and others build on it."""
    if due:
        return Reason.REVIEW_DUE
    return Reason.FIRST_STEP if first_step else _BY_VERDICT[verdict]

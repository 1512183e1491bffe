"""Why is this item in the set? One word for the sentence that the candidate reads."""

from __future__ import annotations

from enum import StrEnum

from scoring.domains import Verdict

STRETCH_BELOW = 0.4
"""An item that is solved more rarely is a step further than what is known."""


class Reason(StrEnum):
    """In the order in which they are tried: the first that holds is given."""

    REVIEW_DUE = "review_due"
    REVIEW_MISSED = "review_missed"
    ANY = "any"
    FIRST_STEP = "first_step"
    FIND_OUT = "find_out"
    WEAK_DOMAIN = "weak_domain"
    STRETCH = "stretch"
    CONFIRM_STRENGTH = "confirm_strength"
    CLOSES_GAP = "closes_gap"


_BY_VERDICT = {
    Verdict.NOT_ENOUGH: Reason.FIND_OUT,
    Verdict.NOT_YET: Reason.WEAK_DOMAIN,
    Verdict.KNOWN: Reason.CONFIRM_STRENGTH,
    Verdict.SHAKY: Reason.CLOSES_GAP,
}


def reason_for(
    *, due: bool, missed: bool, any_alike: bool, first_step: bool, verdict: Verdict, probability: float
) -> Reason:
    """due: missed before and due again, missed: before and not due; any_alike: nothing but chance chose;
    first_step: its standard is not mastered and others build on it; probability of earning all its points.
    """
    if due:
        return Reason.REVIEW_DUE
    if missed:
        return Reason.REVIEW_MISSED
    if any_alike:
        return Reason.ANY
    if first_step:
        return Reason.FIRST_STEP
    # Nobody believes that they know, or nearly, what they will probably not solve.
    if verdict in (Verdict.KNOWN, Verdict.SHAKY) and probability < STRETCH_BELOW:
        return Reason.STRETCH
    return _BY_VERDICT[verdict]

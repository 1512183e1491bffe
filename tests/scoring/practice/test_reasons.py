"""Does the word given say what weighs most?"""

import pytest

from scoring.domains import Verdict
from scoring.practice.reasons import Reason, reason_for


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (Verdict.NOT_ENOUGH, Reason.FIND_OUT),
        (Verdict.NOT_YET, Reason.WEAK_DOMAIN),
        (Verdict.SHAKY, Reason.CLOSES_GAP),
        (Verdict.KNOWN, Reason.CONFIRM_STRENGTH),
    ],
)
def test_the_domain_speaks_when_nothing_else_does(verdict, reason):
    plain = {"due": False, "missed": False, "any_alike": False, "first_step": False, "probability": 0.4}
    assert reason_for(**plain, verdict=verdict) is reason
    assert reason_for(**plain | {"first_step": True}, verdict=verdict) is Reason.FIRST_STEP
    assert reason_for(**plain | {"first_step": True, "any_alike": True}, verdict=verdict) is Reason.ANY
    assert reason_for(**plain | {"any_alike": True, "missed": True}, verdict=verdict) is Reason.REVIEW_MISSED
    assert reason_for(**dict.fromkeys(plain, True), verdict=verdict) is Reason.REVIEW_DUE


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (Verdict.NOT_ENOUGH, Reason.FIND_OUT),
        (Verdict.NOT_YET, Reason.WEAK_DOMAIN),
        (Verdict.SHAKY, Reason.STRETCH),
        (Verdict.KNOWN, Reason.STRETCH),
    ],
)
def test_what_will_probably_not_be_solved_is_a_step_further(verdict, reason):
    plain = {"due": False, "missed": False, "any_alike": False, "first_step": False}
    assert reason_for(**plain, verdict=verdict, probability=0.399) is reason

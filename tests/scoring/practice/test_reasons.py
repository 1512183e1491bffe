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
    assert reason_for(due=False, first_step=False, verdict=verdict) is reason
    assert reason_for(due=False, first_step=True, verdict=verdict) is Reason.FIRST_STEP
    assert reason_for(due=True, first_step=True, verdict=verdict) is Reason.REVIEW_DUE

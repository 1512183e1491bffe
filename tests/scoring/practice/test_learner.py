"""What holds where nothing is known of a candidate?"""

from scoring.domains import Verdict
from scoring.practice.learner import Learner, Met
from tests.scoring.practice.small import at


def test_a_domain_of_which_nothing_is_said_has_not_enough_evidence():
    learner = Learner(at(0.5), verdicts={"algebra": Verdict.SHAKY})
    assert learner.verdict_on("algebra") is Verdict.SHAKY
    assert learner.verdict_on("geometry") is Verdict.NOT_ENOUGH


def test_a_new_learner_has_met_nothing_and_grown_nowhere():
    new = Learner(at(0.5))
    assert (new.evidence, new.around, new.grown, new.met) == ({}, {}, {}, {})


def test_what_was_met_is_not_to_be_confirmed_unless_that_is_said():
    assert Met(missed=True) == Met(missed=True, due=False, due_at=None, retrievability=None, confirm=False)

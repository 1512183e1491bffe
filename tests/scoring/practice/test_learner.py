"""What holds where nothing is known of a domain?"""

from scoring.domains import Verdict
from tests.scoring.practice.small import at, sure_of


def test_a_domain_without_its_own_posterior_follows_the_subject():
    learner = sure_of(0.5, domains={"algebra": at(-1.0)}, verdicts={"algebra": Verdict.SHAKY})
    assert learner.ability_in("algebra") is learner.domains["algebra"]
    assert learner.ability_in("geometry") is learner.posterior
    assert learner.verdict_on("algebra") is Verdict.SHAKY
    assert learner.verdict_on("geometry") is Verdict.NOT_ENOUGH

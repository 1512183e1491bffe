"""Is the bank on which time is taken as large and as intricate as said?"""

from scoring.practice.choice import next_item
from scoring.practice.exam import Exam
from scoring.practice.policy import DEFAULT_POLICY
from tests.bench.readiness import catsim_peer
from tests.bench.readiness.speed import MET, a_learner, large_bank, report


def test_the_bank_has_domains_standards_chains_and_families():
    bank = large_bank()
    assert (bank.size, len(bank.domain_codes), len(bank.standard_codes)) == (2_000, 5, 100)
    assert bank.builds.shape == (95, 2)
    families = [item.family for item in bank.items if item.family]
    assert len(families) == 1_000 and 330 <= len(set(families)) <= 340


def test_the_learner_has_met_a_hundred_items_and_something_is_due():
    bank = large_bank()
    learner = a_learner(bank)
    assert 0.6 * MET <= len(learner.met) <= MET
    assert len({key.partition(".")[2] for key in learner.met}) > 1
    assert sum(met.due for met in learner.met.values()) >= 5
    exam = Exam.of(["d0"] * 20, bank.parameters.select(range(20)), bank.half_points[:20])
    assert next_item(bank, learner, exam, DEFAULT_POLICY, [], 0, 8, 0.5) is not None


def test_without_catsim_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(catsim_peer, "PYTHON", tmp_path / "none")
    lines = report(quick=True)
    assert lines[0].startswith("next item for practice of 2,000: median ")
    assert lines[-1] == catsim_peer.MISSING

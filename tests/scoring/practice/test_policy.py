"""Are the rules' figures named, complete and within their limits?"""

from dataclasses import replace

import pytest

from scoring.practice.policy import DEFAULT_POLICY, POLICIES, STEADY_POLICY, PracticePolicy


def test_each_version_names_one_rule():
    assert {version: policy.version for version, policy in POLICIES.items()} == {
        "gain-1": "gain-1",
        "steady-1": "steady-1",
    }
    assert POLICIES["gain-1"] is DEFAULT_POLICY
    assert POLICIES["steady-1"] is STEADY_POLICY


def test_the_rule_travels_whole():
    assert PracticePolicy(**DEFAULT_POLICY.as_table()) == DEFAULT_POLICY
    assert len(DEFAULT_POLICY.as_table()) == 14


def test_both_rules_explore_so_that_they_can_be_judged_from_their_logs():
    for policy in POLICIES.values():
        assert 0.05 <= policy.exploration <= 0.2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"width": 0.0}, "width is 0.0, expected above 0"),
        ({"step": -1.0}, "step is -1.0, expected above 0"),
        ({"standard_weight": 0}, "standard_weight is 0, expected above 0"),
        ({"prerequisite_share": 0}, "prerequisite_share is 0, expected above 0"),
        ({"target": 1.2}, "target is 1.2, expected from 0 to 1"),
        ({"exploration": -0.1}, "exploration is -0.1, expected from 0 to 1"),
        ({"due_factor": -1}, "due_factor is -1, expected 0 or more"),
    ],
)
def test_impossible_figures_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        replace(DEFAULT_POLICY, **change)

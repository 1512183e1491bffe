"""Are the rules' figures named, complete and within their limits?"""

import json
from dataclasses import replace

import pytest

from scoring.practice.effects import ASSUMED_EFFECTS
from scoring.practice.policy import DEFAULT_POLICY, EVEN_POLICY, POLICIES, PracticePolicy
from tests.scoring.practice.small import effects_of


def test_each_version_names_one_rule():
    assert {version: policy.version for version, policy in POLICIES.items()} == {
        "gain-2": "gain-2",
        "even-1": "even-1",
    }
    assert POLICIES["gain-2"] is DEFAULT_POLICY
    assert POLICIES["even-1"] is EVEN_POLICY


def test_a_rule_travels_whole_with_its_effects():
    policy = replace(DEFAULT_POLICY, effects=effects_of([0, 0.1, 0.2, 0.3, 0.2, 0.1], 0.05))
    table = json.loads(json.dumps(policy.as_table()))
    assert PracticePolicy.from_table(table) == policy
    assert len(table) == 13 and table["effects"]["version"] == "round"
    for own in POLICIES.values():
        assert PracticePolicy.from_table(own.as_table()) == own


def test_rules_go_by_the_assumed_effects_until_others_are_given():
    assert all(policy.effects is ASSUMED_EFFECTS for policy in POLICIES.values())


def test_every_rule_explores_so_that_it_can_be_judged_from_its_logs():
    assert {version: policy.exploration for version, policy in POLICIES.items()} == {
        "gain-2": 0.1,
        "even-1": 1.0,
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"step": 0.0}, "step is 0.0, expected above 0"),
        ({"prerequisite_share": -1}, "prerequisite_share is -1, expected above 0"),
        ({"repeats": 1.2}, "repeats is 1.2, expected from 0 to 1"),
        ({"prerequisite_floor": 1.01}, "prerequisite_floor is 1.01, expected from 0 to 1"),
        ({"exploration": -0.1}, "exploration is -0.1, expected from 0 to 1"),
        ({"exploration_floor": 2}, "exploration_floor is 2, expected from 0 to 1"),
        ({"ends_ease": -0.5}, "ends_ease is -0.5, expected 0 or more"),
        ({"spread": -1}, "spread is -1, expected 0 or more"),
        ({"standard_spread": -1}, "standard_spread is -1, expected 0 or more"),
        ({"due_factor": -1}, "due_factor is -1, expected 0 or more"),
        ({"confirm_factor": -0.1}, "confirm_factor is -0.1, expected 0 or more"),
    ],
)
def test_impossible_figures_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        replace(DEFAULT_POLICY, **change)


def test_the_ends_of_what_is_possible_are_possible():
    lowest = replace(DEFAULT_POLICY, repeats=0.0, exploration=0.0, ends_ease=0.0, confirm_factor=0.0)
    highest = replace(DEFAULT_POLICY, repeats=1.0, prerequisite_floor=1.0, exploration_floor=1.0)
    assert (lowest.repeats, highest.repeats) == (0.0, 1.0)

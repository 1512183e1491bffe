"""Are the rules named that cannot hold, and does the change proposed suffice?"""

import dataclasses

import numpy as np
import pytest

from scoring.irt.selection.assembly import assemble
from scoring.irt.selection.form_rules import Bound, FormRules, content_bounds
from scoring.irt.selection.infeasible import smallest_change

LABELS = ["algebra"] * 3 + ["data"] * 5


def problem(rules, **options) -> str:
    with pytest.raises(ValueError, match="no form keeps the rules; the smallest change") as caught:
        assemble(np.arange(8.0), rules, **options)
    return str(caught.value).partition("lets one exist: ")[2]


def test_too_few_allowed_items_of_a_domain():
    rules = FormRules.of(8, length=5, bounds=content_bounds(LABELS, {"algebra": (2, 3)}))
    allowed = np.arange(8) >= 2
    assert problem(rules, allowed=allowed) == "lower the least of content algebra from 2 to 1"


def test_a_form_longer_than_what_is_allowed():
    rules = FormRules.of(8, length=8)
    assert problem(rules, allowed=np.arange(8) > 1) == "lower the least of length from 8 to 6"


def test_enemies_that_are_both_given_already():
    rules = FormRules.of(8, length=4, enemies=[(1, 2, 6), (0, 3)])
    assert problem(rules, included=[1, 6]) == "raise the most of enemies [1, 2, 6] from 1 to 2"


def test_more_items_given_than_a_domain_may_have():
    rules = FormRules.of(8, length=4, bounds=content_bounds(LABELS, {"algebra": (0, 1)}))
    assert problem(rules, included=[0, 2]) == "raise the most of content algebra from 1 to 2"


def test_too_little_time():
    minutes = [2.5, 3.0, 3.5, 4.0, 4.0, 4.0, 4.0, 4.0]
    rules = FormRules.of(8, length=(3, 4), bounds=[Bound("minutes", minutes, high=8.25)])
    assert problem(rules) == "raise the most of minutes from 8.25 to 9"


def test_two_rules_that_fail_apart():
    rules = FormRules.of(8, length=5, bounds=content_bounds(LABELS, {"algebra": (3, 3)}), enemies=[(5, 6)])
    assert problem(rules, included=[5, 6], allowed=np.arange(8) > 0) == (
        "lower the least of content algebra from 3 to 2; raise the most of enemies [5, 6] from 1 to 2"
    )


def test_rules_that_hold_need_no_change():
    rules = FormRules.of(8, length=4, bounds=content_bounds(LABELS, {"algebra": (2, 3)}))
    assert smallest_change(rules, np.zeros(8), np.ones(8)) == []


@pytest.mark.parametrize("seed", range(8))
def test_the_change_proposed_lets_a_form_exist_and_nothing_less_does(seed):
    rng = np.random.default_rng(seed)
    labels = rng.permutation(list("a" * 9 + "b" * 6 + "c" * 6 + "d" * 9)).tolist()
    rules = FormRules.of(
        30,
        length=12,
        bounds=[
            *content_bounds(labels, {"a": (6, 9), "b": (5, 5), "c": (4, 6)}),
            Bound("minutes", rng.uniform(1, 4, 30).round(2), high=15),
        ],
        enemies=[rng.choice(30, 3, replace=False).tolist() for _ in range(4)],
    )
    changes = smallest_change(rules, np.zeros(30), np.ones(30))
    low, high = rules.low.copy(), rules.high.copy()
    for change in changes:
        limits = low if change.least else high
        assert limits[change.row] == change.was and rules.names[change.row] == change.name
        limits[change.row] = change.becomes
    assert assemble(np.ones(30), dataclasses.replace(rules, low=low, high=high)).proven
    for change in changes:
        partly_low, partly_high = low.copy(), high.copy()
        (partly_low if change.least else partly_high)[change.row] = change.was
        with pytest.raises(ValueError, match="no form keeps the rules"):
            assemble(np.ones(30), dataclasses.replace(rules, low=partly_low, high=partly_high))

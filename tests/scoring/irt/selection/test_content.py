"""Does the next item come from the domain furthest behind, and are quotas kept?"""

import numpy as np
import pytest

from scoring.irt import ItemParameters
from scoring.irt.selection.adaptive import simulate_adaptive
from scoring.irt.selection.content import ContentTargets, next_domains
from scoring.irt.selection.stopping import Length, StandardError

MANY = np.array([[99, 99, 99]])


def sequence(targets: ContentTargets, length: int, left=MANY) -> str:
    """Domains of one candidate's items, in order."""
    given, left, order = np.zeros((1, 3), dtype=int), np.array(left), ""
    for _ in range(length):
        domain = int(next_domains(targets, given, left, length=length)[0])
        if domain < 0:
            return order
        order += str(targets.names[domain])
        given[0, domain] += 1
        left[0, domain] -= 1
    return order


def test_the_largest_shortfall_comes_first_by_hand():
    targets = ContentTargets.of_shares("abc", {"a": 5, "b": 3, "c": 2})
    # Behind by 0.5, 0.3, 0.2: a; then by 2 x 0.5 - 1 = 0, 0.6, 0.4: b; then by 0.5, -0.1, 0.6: c; and so on.
    assert sequence(targets, 10) == "abcaabacba"


def test_weights_move_a_domain_forward():
    shares = {"a": 5, "b": 3, "c": 2}
    targets = ContentTargets.of_shares("abc", shares, weights={"c": 4.0})
    assert sequence(targets, 3) == "cab"


def test_full_and_used_up_domains_are_passed_over():
    targets = ContentTargets.of_quotas("abc", {"a": (0, 1), "b": (0, 3), "c": (0, 5)})
    assert sorted(sequence(targets, 9)) == list("abbbccccc")
    assert sorted(sequence(targets, 9, left=[[1, 0, 2]])) == list("acc")


def test_minimums_are_served_while_there_are_places():
    targets = ContentTargets.of_quotas(
        "abc", {"a": (0, 9), "b": (2, 9), "c": (1, 9)}, shares={"a": 1, "b": 0, "c": 0}
    )
    assert sequence(targets, 5) == "aabcb"


def test_minimums_that_cannot_be_served_do_not_end_the_session():
    targets = ContentTargets.of_quotas("abc", {"a": (0, 9), "b": (4, 9), "c": (0, 9)})
    order = sequence(targets, 6, left=[[9, 1, 9]])
    assert len(order) == 6 and order.count("b") == 1


def test_candidates_are_served_each_by_their_own_counts():
    targets = ContentTargets.of_shares("abc", {"a": 1, "b": 1, "c": 1})
    given = np.array([[1, 0, 0], [0, 0, 0], [1, 1, 0], [2, 2, 2]])
    left = np.array([[9, 9, 9], [9, 9, 9], [9, 9, 9], [0, 0, 0]])
    assert next_domains(targets, given, left, length=9).tolist() == [1, 0, 2, -1]


def test_counts_and_members_of_domains():
    targets = ContentTargets.of_shares(["x", "y", "x"], {"y": 1, "x": 3})
    assert targets.names == ("y", "x")
    assert targets.share.tolist() == [0.25, 0.75]
    assert targets.member.tolist() == [[False, True, False], [True, False, True], [False] * 3]
    assert targets.counts(np.array([[True, True, True], [True, False, False]])).tolist() == [[1, 2], [0, 1]]


def bank(n_items: int = 120) -> tuple[ItemParameters, list[str]]:
    rng = np.random.default_rng(2)
    a = rng.uniform(0.6, 2.0, n_items)
    labels = rng.choice(["algebra", "geometry", "data"], n_items, p=[0.6, 0.25, 0.15]).tolist()
    # Without balance geometry would never be asked.
    return ItemParameters.dichotomous(
        np.where(np.array(labels) == "geometry", 0.5, a), rng.normal(0, 1, n_items)
    ), labels


def test_sessions_keep_quotas_and_their_responses():
    items, labels = bank()
    quotas = {"algebra": (4, 6), "geometry": (3, 4), "data": (2, 3)}
    theta = np.random.default_rng(3).standard_normal(150)
    balanced = simulate_adaptive(
        theta,
        items,
        seed=4,
        stopping=Length(12),
        max_items=12,
        content=ContentTargets.of_quotas(labels, quotas),
    )
    asked = np.array(labels)[balanced.items]
    for name, (least, most) in quotas.items():
        counts = (asked == name).sum(axis=1)
        assert least <= counts.min() and counts.max() <= most
    free = simulate_adaptive(theta, items, seed=4, stopping=Length(12), max_items=12)
    assert (np.array(labels)[free.items] == "geometry").mean() < 0.05
    assert balanced.rmse < 1.3 * free.rmse


def test_sessions_of_any_length_stay_near_their_shares():
    items, labels = bank()
    shares = {"algebra": 0.5, "geometry": 0.3, "data": 0.2}
    sessions = simulate_adaptive(
        np.random.default_rng(5).standard_normal(100),
        items,
        seed=4,
        stopping=StandardError(0.4),
        max_items=30,
        content=ContentTargets.of_shares(labels, shares),
    )
    assert np.ptp(sessions.n_items) > 0
    for name, share in shares.items():
        counts = ((np.array([*labels, ""])[sessions.items]) == name).sum(axis=1)
        assert (np.abs(counts - share * sessions.n_items) < 1).all()


def test_targets_that_cannot_be_are_named():
    with pytest.raises(ValueError, match="item 1: no target for domain 'b'; give it a share, 0 if need be"):
        ContentTargets.of_shares("ab", {"a": 1})
    with pytest.raises(ValueError, match="domain 'a': 3 to 2 items cannot be; give 0 <= least <= most"):
        ContentTargets.of_quotas("a", {"a": (3, 2)})
    with pytest.raises(ValueError, match="shares must be 0 or more and not all 0"):
        ContentTargets.of_shares("ab", {"a": 0, "b": 0})
    with pytest.raises(ValueError, match=r"domain 'b': weight -1.0; give a weight above 0"):
        ContentTargets.of_shares("ab", {"a": 1, "b": 1}, weights={"b": -1.0})
    tight = ContentTargets.of_quotas("aab", {"a": (2, 2), "b": (1, 1)})
    with pytest.raises(ValueError, match="the domains allow 3 to 3 items, a session has 5: change one"):
        tight.require(3, 5)
    with pytest.raises(ValueError, match="the content targets know 3 items, the bank has 4"):
        tight.require(4, 3)

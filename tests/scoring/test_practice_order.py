"""Does a practice set begin and end well, without long runs of one domain?"""

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from scoring.practice_order import arrange


def longest(domains: list[str]) -> int:
    return max(len(list(run)) for _, run in groupby(domains))


def test_likeliest_first_next_likeliest_last_and_importance_between():
    assert arrange([0.5, 0.9, 0.4, 0.8, 0.6], list("abcde"), longest_run=3) == [1, 0, 2, 4, 3]


def test_a_domain_is_parted_after_three():
    shares = [0.9, 0.8, 0.5, 0.5, 0.5, 0.5]
    order = arrange(shares, ["a", "b", "a", "a", "a", "b"], longest_run=3)
    assert order == [0, 2, 3, 5, 4, 1]


def test_one_domain_alone_keeps_all_items():
    assert arrange([0.5, 0.9, 0.4, 0.8, 0.6], ["a"] * 5, longest_run=3) == [1, 0, 2, 4, 3]


def test_fewer_than_three_items():
    assert arrange([], [], longest_run=3) == []
    assert arrange([0.5], ["a"], longest_run=3) == [0]
    assert arrange([0.2, 0.7], ["a", "a"], longest_run=3) == [1, 0]


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from("abc")), min_size=3, max_size=10))
def test_nothing_is_lost_and_runs_are_short_where_they_can_be(items):
    shares, domains = [share for share, _ in items], [domain for _, domain in items]
    order = arrange(shares, domains, longest_run=3)
    assert sorted(order) == list(range(len(items)))
    counts = {domain: domains.count(domain) for domain in set(domains)}
    # n items of a domain fall into runs of three as long as the others can stand between the runs.
    if all(count <= 3 * (len(items) - count + 1) for count in counts.values()):
        assert longest([domains[j] for j in order]) <= 3
    # With room to spare the likeliest keep the ends.
    if all(len(items) - count >= 2 + count // 2 for count in counts.values()):
        ranked = sorted(shares, reverse=True)
        assert (shares[order[0]], shares[order[-1]]) == (ranked[0], ranked[1])


def test_an_end_gives_way_before_a_run_grows_too_long():
    # "b" is the likeliest; at an end it would leave four "a" in a row.
    order = arrange([0.9, 0.8, 0.7, 0.6, 0.5], ["b", "a", "a", "a", "a"], longest_run=3)
    assert sorted(order) == [0, 1, 2, 3, 4]
    assert order[0] == 1
    assert longest(["baaaa"[j] for j in order]) <= 3

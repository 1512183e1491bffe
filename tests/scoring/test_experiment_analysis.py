"""Is the comparison of two rules right by hand, honest when nothing is there, and able to find what is?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scoring.experiment_analysis import Comparison, Drawn, Finding, compare

WORTH = 0.5


def drawn(**columns: Any) -> Drawn:
    n = len(columns["in_b"])
    fields = {
        "block": [0] * n, "before": [0.0] * n, "after": [0.0] * n, "items": [0.0] * n, "measured": [True] * n,
    } | columns  # fmt: skip
    return Drawn(
        in_b=np.array(fields["in_b"], dtype=bool),
        block=np.array(fields["block"]),
        before=np.array(fields["before"], dtype=np.float64),
        after=np.array(fields["after"], dtype=np.float64),
        items=np.array(fields["items"], dtype=np.float64),
        measured=np.array(fields["measured"], dtype=bool),
    )


def world(
    rng: np.random.Generator, *, effect: float = 0.0, classes: int = 4, pupils: int = 12, heavy: bool = False
) -> Drawn:
    """Classes that differ by more than any rule could bring, measured with error before and after."""
    n = classes * pupils
    block = np.repeat(np.arange(classes), pupils)
    in_b = np.concatenate([rng.permutation(np.arange(pupils) % 2) for _ in range(classes)]).astype(bool)
    able = 10 + 4 * rng.standard_normal(n) + (2 * rng.standard_normal(classes))[block]
    noise = rng.standard_t(3, n) if heavy else rng.standard_normal(n)
    class_gain = (3 * rng.standard_normal(classes))[block]
    before = able + 1.5 * rng.standard_normal(n)
    after = able + class_gain + effect * in_b + 1.5 * noise
    items = rng.integers(0, 60, n).astype(np.float64)
    return Drawn(in_b=in_b, block=block, before=before, after=after, items=items, measured=items > 0)


def worlds(n: int, *, seed: int, **how: Any) -> list[Comparison]:
    rng = np.random.default_rng(seed)
    return [compare(world(rng, **how), worth=WORTH, seed=one, n_permutations=399) for one in range(n)]


def test_one_class_by_hand() -> None:
    # Changes 1 2 3 under a, 4 5 9 under b: 6 - 2 = 4; residual squares 2 + 14 over 4 degrees of freedom.
    result = compare(drawn(in_b=[0, 0, 0, 1, 1, 1], after=[1, 2, 3, 4, 5, 9]), worth=WORTH, seed=1).difference
    assert result is not None
    assert result.value == pytest.approx(4)
    assert result.se == pytest.approx(2 * np.sqrt(2 / 3))
    assert (result.low, result.high) == pytest.approx(
        (4 - 2.776 * result.se, 4 + 2.776 * result.se), abs=0.01
    )
    # Of 20 ways to draw three of six, only this one and its mirror image differ by 4 or more.
    assert (result.p_value, result.exact) == (0.1, True)
    assert result.standardised == pytest.approx(2 * (1 - 3 / 15))


def test_classes_are_compared_inside_and_not_with_each_other() -> None:
    # The second class gains 10 more, and has more pupils under b: without classes b would look better by far.
    in_b = [0, 0, 0, 1, 0, 1, 1, 1]
    after = [0, 1, 2, 1, 11, 10, 11, 12]
    result = compare(drawn(in_b=in_b, block=[4] * 4 + [9] * 4, after=after), worth=WORTH, seed=1).difference
    assert result is not None
    assert result.value == pytest.approx(0)
    assert (result.p_value, result.exact) == (1.0, True)


def test_a_class_with_one_rule_alone_does_not_move_the_difference() -> None:
    base: dict[str, Any] = {"in_b": [0, 0, 0, 1, 1, 1], "after": [1, 2, 3, 4, 5, 9]}
    alone = compare(drawn(**base), worth=WORTH, seed=1)
    wider = drawn(in_b=[*base["in_b"], 1], after=[*base["after"], 50], block=[0] * 6 + [1])
    both = compare(wider, worth=WORTH, seed=1)
    assert both.difference == alone.difference
    assert (both.b.n, both.n_classes) == (4, 2)


def test_what_pupils_could_before_is_taken_out() -> None:
    # Changes follow what was known before exactly; under b there is 1 more.
    rng = np.random.default_rng(3)
    before = rng.uniform(0, 20, 24)
    in_b = np.arange(24) % 2
    after = before + 5 - 0.4 * before + in_b + rng.normal(0, 0.01, 24)
    result = compare(drawn(in_b=in_b, before=before, after=after), worth=WORTH, seed=1)
    assert result.difference is not None
    assert result.difference.value == pytest.approx(1, abs=0.02)
    assert result.difference.se < 0.01
    assert result.finding is Finding.B_BETTER


def test_per_item_is_a_ratio_of_sums() -> None:
    in_b = [0] * 10 + [1] * 10
    result = compare(
        drawn(in_b=in_b, after=[1.0] * 10 + [3.0] * 10, items=[10] * 5 + [30] * 5 + [20] * 10),
        worth=WORTH,
        seed=1,
    )
    assert (result.a.per_item, result.b.per_item) == pytest.approx((0.05, 0.15))
    assert result.per_item is not None
    assert result.per_item.value == pytest.approx(0.1)
    # Under a, what is left of each gain is ±0.5, over 20 items on average; under b nothing is left.
    se = 0.5 / 20 * np.sqrt(10 / 9 / 10)
    assert result.per_item.high - result.per_item.value == pytest.approx(2.101 * se, abs=1e-4)


def test_nothing_is_said_of_fewer_than_ten_under_a_rule() -> None:
    in_b = [0] * 9 + [1] * 9
    after = [0.0, 0.1, 0.2] * 3 + [9.0, 9.1, 9.2] * 3
    assert compare(drawn(in_b=in_b, after=after), worth=WORTH, seed=1).finding is Finding.TOO_FEW
    enough = drawn(in_b=[*in_b, 0, 1], after=[*after, 0.1, 9.1])
    assert compare(enough, worth=WORTH, seed=1).finding is Finding.B_BETTER


@pytest.mark.parametrize(
    ("measured_a", "measured_b", "finding"),
    [
        (0, 0, Finding.TOO_FEW),
        (40, 9, Finding.TOO_FEW),
        (9, 40, Finding.TOO_FEW),
        (10, 10, Finding.NO_DIFFERENCE),
    ],
)
def test_nothing_is_said_of_pupils_who_were_drawn_and_never_measured(
    measured_a: int, measured_b: int, finding: Finding
) -> None:
    """Eighty who changed by nothing because nobody looked are no proof that two rules are alike."""
    result = compare(
        drawn(
            in_b=[0] * 40 + [1] * 40,
            measured=[place < n for n in (measured_a, measured_b) for place in range(40)],
            after=[0.01 * (place % 3) * (place < n) for n in (measured_a, measured_b) for place in range(40)],
        ),
        worth=WORTH,
        seed=1,
    )
    assert (result.a.n, result.b.n) == (40, 40)
    assert result.finding is finding


def test_rules_are_alike_only_if_those_who_were_measured_bear_it_out() -> None:
    """Twelve of a hundred measured, by 3 apart or more: among all of them hardly anything is left of it."""
    changes = [[-3.0, 3.0] * 6 + [0.0] * 88] * 2
    columns: dict[str, Any] = {"in_b": [0] * 100 + [1] * 100, "after": [*changes[0], *changes[1]]}
    result = compare(drawn(**columns, measured=([True] * 12 + [False] * 88) * 2), worth=WORTH, seed=1)
    assert result.difference is not None and result.among_measured is not None
    assert -WORTH < result.difference.low < result.difference.high < WORTH
    assert result.among_measured.high > WORTH
    assert result.finding is Finding.CANNOT_TELL
    assert compare(drawn(**columns), worth=WORTH, seed=1).finding is Finding.NO_DIFFERENCE


def test_without_a_class_that_has_both_rules_there_is_no_difference() -> None:
    result = compare(drawn(in_b=[0] * 12 + [1] * 12, block=[0] * 12 + [1] * 12), worth=WORTH, seed=1)
    assert (result.difference, result.baseline, result.finding) == (None, None, Finding.TOO_FEW)


def test_lost_pupils_are_counted_by_rule_and_stay_in_the_comparison() -> None:
    measured = [True] * 10 + [True] * 6 + [False] * 4
    result = compare(
        drawn(in_b=[0] * 10 + [1] * 10, after=[0.5, 1.5] * 8 + [0.0] * 4, measured=measured),
        worth=WORTH,
        seed=1,
    )
    assert (result.a.lost_share, result.b.lost_share, result.uneven_attrition) == (0.0, 0.4, True)
    assert result.difference is not None and result.among_measured is not None
    assert result.difference.value == pytest.approx(0.6 - 1)
    assert result.among_measured.value == pytest.approx(0)


def test_the_whole_interval_too_small_to_matter_is_no_difference() -> None:
    in_b = np.arange(40) % 2
    after = np.tile([0.0, 0.1, 0.1, 0.0], 10)
    assert compare(drawn(in_b=in_b, after=after), worth=WORTH, seed=1).finding is Finding.NO_DIFFERENCE
    assert compare(drawn(in_b=in_b, after=after), worth=0.01, seed=1).finding is Finding.CANNOT_TELL


def test_balance_before_the_start() -> None:
    # Means 2 and 3 before; squares around the class mean of 2.5 add up to 5.5, over 5 degrees of freedom.
    result = compare(drawn(in_b=[0, 0, 0, 1, 1, 1], before=[1, 2, 3, 2, 3, 4]), worth=WORTH, seed=1)
    assert result.baseline == pytest.approx(1 / np.sqrt(5.5 / 5))


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        drawn(in_b=[0, 1], after=[1.0])


def test_the_same_seed_gives_the_same_figures() -> None:
    one = world(np.random.default_rng(5), effect=0.4)
    assert compare(one, worth=WORTH, seed=2) == compare(one, worth=WORTH, seed=2)
    other = compare(one, worth=WORTH, seed=3).difference
    same = compare(one, worth=WORTH, seed=2).difference
    assert other is not None and same is not None
    assert other.p_value == pytest.approx(same.p_value, abs=0.03)


def test_drawn_permutations_agree_with_all_of_them() -> None:
    one = world(np.random.default_rng(6), effect=1.0, classes=2, pupils=6)
    exact = compare(one, worth=WORTH, seed=1).difference
    drawn_ones = compare(one, worth=WORTH, seed=1, most_exact=0, n_permutations=20_000).difference
    assert exact is not None and drawn_ones is not None
    assert (exact.exact, drawn_ones.exact) == (True, False)
    assert drawn_ones.p_value == pytest.approx(exact.p_value, abs=0.012)


@pytest.mark.parametrize("heavy", [False, True])
def test_in_worlds_without_a_difference_one_in_twenty_is_called_one(heavy: bool) -> None:
    results = worlds(600, seed=11, heavy=heavy)
    p_values = np.array([one.difference.p_value for one in results if one.difference])
    assert p_values.size == 600
    # Binomial: 30 of 600 expected, sd 5.3.
    assert 14 <= (p_values <= 0.05).sum() <= 46
    called = sum(one.finding in (Finding.A_BETTER, Finding.B_BETTER) for one in results)
    assert called <= (p_values <= 0.05).sum()


def test_intervals_hold_the_true_difference_nineteen_times_in_twenty() -> None:
    results = [one.difference for one in worlds(600, seed=12, effect=0.8)]
    held = sum(one.low <= 0.8 <= one.high for one in results if one)
    assert 554 <= held <= 586
    mean = np.mean([one.value for one in results if one])
    se = np.mean([one.se for one in results if one]) / np.sqrt(600)
    assert abs(mean - 0.8) < 3 * se


def test_more_pupils_find_more_and_the_promised_power_is_kept() -> None:
    few, many = (worlds(200, seed=13, effect=1.0, classes=classes) for classes in (2, 8))
    found = [sum(one.finding is Finding.B_BETTER for one in results) for results in (few, many)]
    assert found[1] > found[0] + 30
    # An experiment of this size finds its own detectable difference in about 80 of 100 cases.
    size = np.mean([one.difference.detectable for one in many if one.difference])
    at_size = worlds(200, seed=14, effect=float(size), classes=8)
    assert 140 <= sum(one.finding is Finding.B_BETTER for one in at_size) <= 178


def test_per_item_intervals_hold_in_worlds_without_a_difference() -> None:
    results = [one.per_item for one in worlds(400, seed=15)]
    held = sum(one.low <= 0 <= one.high for one in results if one)
    assert 363 <= held <= 394

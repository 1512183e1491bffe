"""Do sessions stop when they should, and say why?"""

import numpy as np
import pytest

from scoring.irt import DEFAULT_GRID, Grid, ItemParameters, normal_weights
from scoring.irt.posterior import probability_below
from scoring.irt.selection.adaptive import simulate_adaptive
from scoring.irt.selection.stopping import (
    AllOf,
    AnyOf,
    AtLeast,
    Classification,
    ExpectedGain,
    Length,
    Progress,
    Sprt,
    StandardError,
    expected_se,
)

EQUAL = ItemParameters.dichotomous(1.0, np.zeros(12))


def progress(posterior=None, responses=((),), *, items=EQUAL, grid=DEFAULT_GRID, next_items=None) -> Progress:
    """Candidates who met the first items of the bank in order; the prior where no posterior is given."""
    codes = np.array(responses, dtype=np.int8).reshape(len(responses), -1)
    given = np.where(codes >= 0, np.arange(codes.shape[1]), -1)
    if posterior is None:
        posterior = np.tile(normal_weights(grid), (codes.shape[0], 1))
    following = np.full(codes.shape[0], -1) if next_items is None else np.array(next_items)
    return Progress.of(items, posterior, given, codes, following, grid=grid)


def told(rule, how_far) -> list[str]:
    reasons = rule(how_far)
    assert reasons.shape == how_far.theta.shape
    return reasons.tolist()


def test_standard_error_at_its_limit_is_enough():
    how_far = progress(normal_weights(DEFAULT_GRID, sd=[0.5, 0.3, 0.299]), [[], [], []])
    limit = float(how_far.se[1])
    assert told(StandardError(limit), how_far) == ["", "standard error", "standard error"]


def test_length_counts_the_items_given():
    how_far = progress(responses=[[0, 1, 1], [1, 0, -1], [0, -1, -1]])
    assert how_far.n_items.tolist() == [3, 2, 1]
    assert told(Length(2), how_far) == ["length", "length", ""]


def test_class_that_holds_enough_of_the_posterior_is_named():
    posterior = normal_weights(DEFAULT_GRID, mean=[-1.5, -0.5, 0.4, 1.6], sd=[0.3, 0.3, 0.2, 0.3])
    how_far = progress(posterior, 4 * [[]])
    assert told(Classification((-0.6, 1.0)), how_far) == ["class 0", "", "class 1", "class 2"]


def test_classes_share_the_posterior_as_it_lies_below_the_cuts():
    posterior = normal_weights(DEFAULT_GRID, 0.2, 0.7)
    share = probability_below(posterior, DEFAULT_GRID, 1.13)
    how_far = progress(posterior[None, :])
    assert told(Classification((1.13,), share - 1e-9), how_far) == ["class 0"]
    assert told(Classification((1.13,), share + 1e-9), how_far) == [""]


def test_expected_standard_error_by_hand():
    # P = 1/4, 1/2, 3/4 at the points of weight 1/4, 1/2, 1/4: right and wrong are equally likely and both
    # leave 1/8, 4/8, 3/8 (or that turned round), of variance (1/2 - 1/16) spacing^2; before it is 1/2.
    spacing = np.log(3.0)
    grid = Grid(np.array([-spacing, 0.0, spacing]))
    how_far = progress(np.array([[0.25, 0.5, 0.25]] * 2), [[], []], grid=grid, next_items=[3, -1])
    after = spacing * np.sqrt(1 / 2 - 1 / 16)
    np.testing.assert_allclose(expected_se(how_far), [after, np.nan], rtol=1e-12)
    gain = spacing * np.sqrt(1 / 2) - after
    assert told(ExpectedGain(gain * 0.999), how_far) == ["", ""]
    assert told(ExpectedGain(gain * 1.001), how_far) == ["little to gain", ""]


def test_expected_standard_error_over_items_of_different_models():
    items = ItemParameters.partial_credit([1.4, 1.0], [[-0.5, 0.9], [0.3]])
    how_far = progress(responses=[[], []], items=items, next_items=[1, 0])
    each = [
        expected_se(progress(items=items, next_items=[1])),
        expected_se(progress(items=items, next_items=[0])),
    ]
    np.testing.assert_allclose(expected_se(how_far), np.concatenate(each), rtol=1e-12)
    # An item of three categories and a steeper slope tells more.
    assert each[1] < each[0] < how_far.se[0]


def test_ratio_test_by_hand():
    # With a = 1 and b = 0 a right response adds 2 x 0.25 to the log ratio and a wrong one takes that away, so
    # log(0.95 / 0.05) = 2.94 is reached with six more right than wrong.
    rule = Sprt(cut=0.0, half_width=0.25)
    six, five = [1] * 6, [1, 1, 1, 1, 1, -1]
    how_far = progress(responses=[six, five, [0] * 6, [-1] * 6])
    np.testing.assert_allclose(rule.log_ratio(how_far), [1.5, 1.25, -1.5, 0.0], rtol=1e-12, atol=1e-12)
    wide = Sprt(cut=0.0, half_width=0.5)
    np.testing.assert_allclose(wide.log_ratio(how_far), [3.0, 2.5, -3.0, 0.0], rtol=1e-12, atol=1e-12)
    assert told(wide, how_far) == ["above the cut", "", "below the cut", ""]


def test_ratio_test_before_any_response():
    assert told(Sprt(cut=0.0, half_width=0.5), progress(responses=[[], []])) == ["", ""]


def test_ratio_test_errs_no_more_often_than_it_says():
    bank = ItemParameters.dichotomous(1.5, np.zeros(90))
    rule = Sprt(cut=0.0, half_width=0.4, alpha=0.1, beta=0.05)
    wrong = []
    for theta, error in ((-0.4, "above the cut"), (0.4, "below the cut")):
        sessions = simulate_adaptive(np.full(1000, theta), bank, seed=3, stopping=rule, max_items=90)
        assert (sessions.stopped_by != "length").mean() > 0.99
        wrong.append((sessions.stopped_by == error).mean())
    # Nominal rate and four standard errors.
    assert wrong[0] <= 0.1 + 4 * np.sqrt(0.1 * 0.9 / 1000)
    assert wrong[1] <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 1000)
    assert min(wrong) > 0.01


def test_rules_join():
    how_far = progress(normal_weights(DEFAULT_GRID, sd=[0.2, 0.2, 0.9]), [[1, 1], [1, -1], [1, 1]])
    exact, two = StandardError(0.3), Length(2)
    assert told(AnyOf((exact, two)), how_far) == ["standard error", "standard error", "length"]
    assert told(AnyOf((two, exact)), how_far) == ["length", "standard error", "length"]
    assert told(AllOf((exact, two)), how_far) == ["standard error and length", "", ""]
    assert told(AtLeast(2, exact), how_far) == ["standard error", "", ""]
    assert told(AnyOf((AtLeast(2, exact), AllOf((two, two)))), how_far) == [
        "standard error",
        "",
        "length and length",
    ]


def test_rules_that_nobody_could_follow_are_refused():
    with pytest.raises(ValueError, match=r"standard error must be above 0, not 0"):
        StandardError(0)
    with pytest.raises(ValueError, match=r"cannot have -1 items; give 0 or more"):
        Length(-1)
    with pytest.raises(ValueError, match=r"ascending values of theta, not \(1.0, 0.0\)"):
        Classification((1.0, 0.0))
    with pytest.raises(ValueError, match=r"one or more ascending values"):
        Classification(())
    with pytest.raises(ValueError, match=r"between 0 and 1, not 1.2"):
        Classification((0.0,), 1.2)
    with pytest.raises(ValueError, match=r"least gain must be above 0, not 0"):
        ExpectedGain(0)
    with pytest.raises(ValueError, match=r"half_width must be above 0, not 0"):
        Sprt(0.0, 0)
    with pytest.raises(ValueError, match=r"between 0 and 0.5, not 0.6 and 0.05"):
        Sprt(0.0, 0.3, alpha=0.6)
    with pytest.raises(ValueError, match=r"at least one rule"):
        AnyOf(())

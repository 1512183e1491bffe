"""Are items that changed flagged, and the others proposed as anchors?"""

import numpy as np
import pytest

from scoring.irt import ItemParameters, simulate_responses
from scoring.irt.calibration import fit
from scoring.irt.linking.scales import LinkingMethod, ScaleLink, link
from scoring.irt.quality.curve_gap import curve_gap
from scoring.irt.quality.drift import StandardErrors, drift, propose_anchors, robust_z
from tests.scoring.mathematics import mathematics


def table(bank: ItemParameters, new: ItemParameters, *, se: float = 0.1, **options):
    errors = StandardErrors(np.full(bank.n_items, se), np.full(bank.n_items, se))
    return drift(bank=bank, new=new, bank_se=errors, new_se=errors, **options)


def test_robust_z_by_hand():
    # Quartiles 1, 2 and 3: one robust standard deviation is 0.74 * 2.
    assert robust_z([0, 1, 2, 3, 10]).tolist() == pytest.approx([-2 / 1.48, -1 / 1.48, 0, 1 / 1.48, 8 / 1.48])
    assert robust_z([0.3, 0.3, 0.3, 0.3, 5.0, -1.0]).tolist() == [0, 0, 0, 0, np.inf, -np.inf]
    assert robust_z([]).size == 0
    normal = np.random.default_rng(1).standard_normal(20000)
    assert robust_z(normal).std() == pytest.approx(1, abs=0.03)


def test_differences_in_standard_errors_by_hand():
    bank = ItemParameters.dichotomous([1.0, 1.2], [0.0, 1.0])
    new = ItemParameters.dichotomous([1.3, 1.2], [0.5, 0.8])
    result = drift(
        bank=bank,
        new=new,
        bank_se=StandardErrors([0.03, 0.1], [0.06, 0.3]),
        new_se=StandardErrors([0.04, 0.1], [0.08, 0.4]),
    )
    assert result.displacement.tolist() == pytest.approx([0.5, -0.2])
    assert result.slope_change.tolist() == pytest.approx([0.3, 0.0])
    assert result.z_b.tolist() == pytest.approx([5.0, -0.4])
    assert result.z_a.tolist() == pytest.approx([6.0, 0.0])
    gap = curve_gap(bank, new)
    np.testing.assert_array_equal(result.d_squared, gap.squared)
    np.testing.assert_array_equal(result.mean_gap, gap.mean)
    assert result.flagged.tolist() == [True, False]


@pytest.mark.parametrize(
    ("shift", "se", "flagged"),
    [
        (0.05, 0.005, True),  # surely there, though small: z = 7.07
        (0.05, 0.05, False),
        (0.9, 0.5, True),  # not sure, but the curves are more than 0.1 apart
        (0.3, 0.5, False),
    ],
)
def test_flags_by_certainty_or_by_size(shift, se, flagged):
    bank, new = ItemParameters.dichotomous(1.0, [0.0]), ItemParameters.dichotomous(1.0, [shift])
    assert table(bank, new, se=se).flagged.tolist() == [flagged]


def test_steps_that_drift_apart_show_in_the_gap():
    bank = ItemParameters.partial_credit([1.5], [[-1.0, 1.0]])
    new = ItemParameters.partial_credit([1.5], [[-3.0, 3.0]])
    result = table(bank, new)
    assert result.z_b[0] == result.z_a[0] == 0
    assert result.flagged.tolist() == [True]
    assert table(bank, new, gap_limit=0.5).flagged.tolist() == [False]


def test_a_link_moves_parameters_and_their_errors():
    bank = mathematics().parameters
    # The new calibration's unit is twice, its origin 1 above the bank's.
    moved = ScaleLink(2.0, 1.0, LinkingMethod.MEAN_MEAN, float("nan"), True, 20)
    new = ItemParameters(
        a=bank.a * 2, b=(bank.b - 1) / 2, steps=bank.steps / 2, c=bank.c, n_categories=bank.n_categories
    )
    errors = StandardErrors(np.full(20, 0.2), np.full(20, 0.05))
    shifted = ItemParameters(a=new.a, b=new.b + 0.1, steps=new.steps, c=new.c, n_categories=new.n_categories)
    result = drift(
        bank=bank,
        new=shifted,
        bank_se=StandardErrors(np.zeros(20), np.zeros(20)),
        new_se=errors,
        link=moved,
    )
    np.testing.assert_allclose(result.displacement, 0.2, atol=1e-12)
    np.testing.assert_allclose(result.z_b, 0.2 / 0.1)
    np.testing.assert_allclose(result.slope_change, 0, atol=1e-12)


def test_what_was_held_fixed_on_both_sides_has_no_z():
    items = ItemParameters.dichotomous(1.0, [0.0, 1.0])
    result = table(items, items, se=0.0)
    assert np.isnan([result.z_a, result.z_b]).all()
    unknown = table(items, items, se=np.nan)
    assert np.isnan(unknown.z_b).all() and unknown.flagged.all()
    assert not result.flagged.any()


def test_anchors_by_robust_z_before_any_link():
    rng = np.random.default_rng(4)
    bank = ItemParameters.dichotomous(rng.lognormal(0, 0.3, 20), rng.normal(size=20))
    b = bank.b + 0.03 * rng.standard_normal(20)
    b[[3, 11]] += [0.9, -0.7]
    a = bank.a * np.exp(0.03 * rng.standard_normal(20))
    a[6] *= 2
    # On a scale of half the unit and another origin.
    new = ItemParameters.dichotomous(a * 0.5, (b + 0.4) / 0.5)
    proposal = propose_anchors(bank=bank, new=new, limit=4.0)
    assert np.flatnonzero(~proposal.keep).tolist() == [3, 6, 11]
    assert proposal.robust_z_b[3] < -4 < 4 < proposal.robust_z_b[11]
    assert proposal.robust_z_a[6] > 4
    assert proposal.correlation > 0.99
    assert proposal.sd_ratio == pytest.approx(1, abs=0.03)
    found = link(new.select(proposal.keep), bank.select(proposal.keep))
    assert (found.slope, found.intercept) == pytest.approx((0.5, -0.4), abs=0.03)


def test_no_more_than_the_allowed_share_is_dropped_worst_first():
    shift = 0.01 * (np.arange(20) % 4)
    shift[[0, 3, 7]] = [0.9, 0.5, 0.7]
    bank = ItemParameters.dichotomous(1.0, np.linspace(-1, 1, 20))
    new = ItemParameters.dichotomous(1.0, bank.b + shift)
    for share, dropped in ((0.0, []), (0.05, [0]), (0.1, [0, 7]), (0.15, [0, 3, 7]), (0.9, [0, 3, 7])):
        proposal = propose_anchors(bank=bank, new=new, limit=3.0, most_dropped=share)
        assert np.flatnonzero(~proposal.keep).tolist() == dropped
    assert (proposal.robust_z_a == 0).all()  # slopes all alike


def test_items_that_moved_are_dropped_where_all_others_stood_still():
    bank = ItemParameters.dichotomous(1.0, np.linspace(-2, 2, 10))
    b = bank.b.copy()
    b[[2, 7]] += [2.0, 1.5]
    proposal = propose_anchors(bank=bank, new=ItemParameters.dichotomous(1.0, b))
    assert np.flatnonzero(~proposal.keep).tolist() == [2, 7]


def test_one_item_is_its_own_anchor():
    one = ItemParameters.dichotomous(1.0, [0.3])
    proposal = propose_anchors(bank=one, new=one)
    assert proposal.keep.tolist() == [True]
    assert np.isnan([proposal.correlation, proposal.sd_ratio]).all()


def test_two_calibrations_of_one_bank_show_the_item_that_moved():
    rng = np.random.default_rng(12)
    bank_items = ItemParameters.dichotomous(rng.lognormal(0, 0.2, 12), np.linspace(-1.5, 1.5, 12))
    b = bank_items.b.copy()
    b[5] -= 0.7  # it became known
    later = ItemParameters.dichotomous(bank_items.a, b)
    first = fit(simulate_responses(rng.standard_normal(2500), bank_items, seed=1))
    second = fit(simulate_responses(0.4 + 0.9 * rng.standard_normal(2500), later, seed=2))
    proposal = propose_anchors(bank=first.items, new=second.items, limit=3.0)
    assert not proposal.keep[5]
    found = link(second.items.select(proposal.keep), first.items.select(proposal.keep))
    assert (found.slope, found.intercept) == pytest.approx((0.9, 0.4), abs=0.1)
    result = drift(
        bank=first.items,
        new=second.items,
        bank_se=StandardErrors(first.se_a, first.se_b),
        new_se=StandardErrors(second.se_a, second.se_b),
        link=found,
    )
    assert np.flatnonzero(result.flagged).tolist() == [5]
    assert result.displacement[5] == pytest.approx(-0.7, abs=0.2)
    assert result.mean_gap[5] > 0.08


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda i: table(i, i.select([0])), "new standard errors must be 1 numbers"),
        (lambda i: table(i, i, se=-0.1), "new standard errors must be 2 numbers of at least 0"),
        (lambda i: propose_anchors(bank=i, new=i.select([0])), "2 bank and 1 new items"),
        (lambda i: propose_anchors(bank=i, new=i, most_dropped=1.0), "most_dropped must be a share"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(ItemParameters.dichotomous(1.0, [0.0, 1.0]))


def test_bank_and_new_cannot_be_mistaken_for_each_other():
    items = ItemParameters.dichotomous(1.0, [0.0, 1.0])
    errors = StandardErrors(np.ones(2), np.ones(2))
    with pytest.raises(TypeError, match="positional"):
        drift(items, items, bank_se=errors, new_se=errors)
    with pytest.raises(TypeError, match="positional"):
        propose_anchors(items, items)

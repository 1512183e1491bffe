"""Are links those that other programs printed, and do they bring back a scale that was moved?"""

import json
from pathlib import Path

import numpy as np
import pytest

from scoring.irt import ItemParameters, category_probabilities, normal_weights
from scoring.irt.linking.scales import LinkingMethod, link
from scoring.irt.quadrature import Grid
from tests.scoring.mathematics import mathematics

PUBLISHED = json.loads(
    (Path(__file__).parents[4] / "fixtures" / "irt" / "linking_kolen_brennan_2004.json").read_text()
)
MOMENTS = ["mean_mean", "mean_sigma"]
CURVES = ["haebara", "stocking_lord"]
PLINK = np.linspace(-4, 4, 40)


def common_items(form: str, *, scaling: float = 1.0) -> ItemParameters:
    table = PUBLISHED[form]
    items = ItemParameters.dichotomous(scaling * np.array(table["a"]), table["b"], table["c"])
    return items.select(PUBLISHED["common"])


def mixed_items(table: dict, *, graded: bool) -> ItemParameters:
    """Three-parameter items before items with several steps, published with D = 1.7."""
    make = ItemParameters.graded_response if graded else ItemParameters.partial_credit
    items = make(1.7 * np.array(table["a"]), table["steps"])
    return ItemParameters(
        a=items.a,
        b=items.b,
        steps=items.steps,
        c=table["c"],
        n_categories=items.n_categories,
        graded=items.graded,
    )


def every_model() -> ItemParameters:
    """Dichotomous, partial credit and graded items side by side."""
    items = mathematics().parameters
    graded = np.isin(np.arange(20), [3, 12])
    return ItemParameters(
        a=items.a * np.linspace(0.8, 1.3, 20),
        b=items.b,
        steps=items.steps,
        c=np.where(items.n_categories == 2, 0.1, 0.0),
        n_categories=items.n_categories,
        graded=graded,
    )


def printed(found, published, *, digits: float) -> None:
    assert (found.slope, found.intercept) == pytest.approx(published, rel=0, abs=digits)
    assert found.converged


@pytest.mark.parametrize(
    # plink's own copy of the items carried more than the four printed digits, which moments feel.
    ("method", "digits"),
    [("mean_mean", 1.1e-6), ("mean_sigma", 1.1e-6), ("haebara", 5e-7), ("stocking_lord", 5e-7)],
)
def test_form_x_to_form_y_and_back_as_plink_printed_it(method, digits):
    x, y = common_items("form_x"), common_items("form_y")
    printed(link(x, y, method=method, theta=PLINK), PUBLISHED["plink"][method], digits=digits)
    back = link(y, x, method=method, theta=PLINK)
    printed(back, PUBLISHED["plink_y_to_x"][method], digits=digits + 1e-7)


@pytest.mark.parametrize("method", CURVES)
def test_a_symmetric_criterion_with_normal_weights(method):
    grid = Grid.uniform(30, -4, 4)
    normal = normal_weights(grid)
    found = link(
        common_items("form_x"),
        common_items("form_y"),
        method=method,
        symmetric=True,
        theta=grid.points,
        old_weights=normal,
        new_weights=normal,
    )
    printed(found, PUBLISHED["plink_symmetric_normal"][method], digits=6e-7)


@pytest.mark.parametrize(
    # The curve methods of SNSequate stop where its numerical gradient is small.
    ("method", "digits"),
    [("mean_mean", 6e-8), ("mean_sigma", 6e-8), ("haebara", 5e-6), ("stocking_lord", 2e-6)],
)
def test_the_normal_metric_as_in_snsequate(method, digits):
    x, y = (common_items(form, scaling=1.7) for form in ("form_x", "form_y"))
    found = link(x, y, method=method, theta=np.linspace(-4, 4, 161))
    printed(found, PUBLISHED["SNSequate"][method], digits=digits)


@pytest.mark.parametrize(("method", "digits"), [("haebara", 3e-6), ("stocking_lord", 6e-7)])
def test_population_weights_of_both_groups_as_in_stuirt(method, digits):
    example = PUBLISHED["STUIRT"]
    found = link(
        common_items("form_x", scaling=1.7),
        common_items("form_y", scaling=1.7),
        method=method,
        symmetric=True,
        theta=example["theta"],
        old_weights=example["y_weights"],
        new_weights=example["x_weights"],
    )
    printed(found, example[method], digits=digits)


@pytest.mark.parametrize(
    ("example", "method"),
    [("mixed", "mean_sigma"), ("mixed", "haebara"), ("mixed", "stocking_lord"), ("graded", "haebara")],
)
def test_mixed_formats_as_in_stuirt(example, method):
    x, y = (mixed_items(PUBLISHED[example][form], graded=example == "graded") for form in ("x", "y"))
    found = link(x, y, method=method, symmetric=True, theta=np.linspace(-3, 3, 25))
    printed(found, PUBLISHED[example][method], digits=1.1e-6)


@pytest.mark.parametrize("method", list(LinkingMethod))
@pytest.mark.parametrize("symmetric", [False, True])
def test_a_scale_that_was_moved_is_found_again(method, symmetric):
    old = every_model()
    moved = link(old, old, method="mean_mean")
    assert (moved.slope, moved.intercept) == pytest.approx((1, 0), abs=1e-12)
    # theta_old = 1.25 theta_new - 0.4: the new calibration saw the same items on its own scale.
    new = ItemParameters(
        a=old.a * 1.25,
        b=(old.b + 0.4) / 1.25,
        steps=old.steps / 1.25,
        c=old.c,
        n_categories=old.n_categories,
        graded=old.graded,
    )
    found = link(new, old, method=method, symmetric=symmetric)
    assert (found.slope, found.intercept) == pytest.approx((1.25, -0.4), abs=1e-8)
    assert found.n_common == 20
    if method in CURVES:
        assert found.criterion == pytest.approx(0, abs=1e-14)
    else:
        assert np.isnan(found.criterion)


def test_linked_items_answer_as_before_and_abilities_move_along():
    items = every_model()
    found = link(common_items("form_x"), common_items("form_y"))
    theta = np.linspace(-3, 3, 7)
    before = category_probabilities(theta, items)
    after = category_probabilities(found.theta(theta), found.items(items))
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-14)
    assert found.items(items).graded.tolist() == items.graded.tolist()


@pytest.mark.parametrize("method", CURVES)
@pytest.mark.parametrize("symmetric", [False, True])
def test_no_link_nearby_leaves_a_smaller_gap(method, symmetric):
    x, y = common_items("form_x"), common_items("form_y")
    options = {"method": method, "symmetric": symmetric}
    best = link(x, y, **options)
    assert best.criterion > 0
    for step in (-1e-3, 1e-3):
        fixed = link(x, y, slope=best.slope + step, **options)
        assert fixed.slope == best.slope + step
        assert fixed.criterion > best.criterion


@pytest.mark.parametrize("method", CURVES)
def test_a_symmetric_link_is_the_same_in_both_directions(method):
    x, y = common_items("form_x"), common_items("form_y")
    there = link(x, y, method=method, symmetric=True)
    back = link(y, x, method=method, symmetric=True)
    assert back.slope == pytest.approx(1 / there.slope, abs=1e-8)
    assert back.intercept == pytest.approx(-there.intercept / there.slope, abs=1e-8)


@pytest.mark.parametrize("method", list(LinkingMethod))
def test_rasch_items_need_an_intercept_only(method):
    old = ItemParameters.dichotomous(1.0, [-1.5, -0.2, 0.4, 1.0])
    new = ItemParameters.dichotomous(1.0, old.b - 0.7)
    found = link(new, old, method=method, slope=1.0)
    assert found.slope == 1.0
    assert found.intercept == pytest.approx(0.7, abs=1e-9)


def test_what_the_form_counts_for_a_category_matters_to_its_curve():
    items = every_model()
    shifted = ItemParameters(
        a=items.a,
        b=items.b + np.where(items.n_categories > 2, 0.3, 0.0),
        steps=items.steps,
        c=items.c,
        n_categories=items.n_categories,
        graded=items.graded,
    )
    points = mathematics().category_half_points
    by_number = link(items, shifted, slope=1.0)
    by_points = link(items, shifted, slope=1.0, category_points=points)
    # Half-points count a dichotomous item double, and those did not move.
    assert 0 < by_points.intercept < by_number.intercept < 0.3


def test_mean_sigma_needs_a_spread_of_difficulty():
    same = ItemParameters.dichotomous([1.0, 1.2], [0.5, 0.5])
    with pytest.raises(ValueError, match="mean/sigma needs common items that differ"):
        link(same, same, method="mean_sigma")
    assert link(same, same, method="mean_sigma", slope=1.0).intercept == 0.0


@pytest.mark.parametrize(
    ("old", "options", "message"),
    [
        (ItemParameters.dichotomous(1.0, [0.0]), {}, "2 new and 1 old items"),
        (ItemParameters.partial_credit([1, 1], [[0], [0, 1, 2]]), {}, "item 1: the two calibrations differ"),
        (ItemParameters.graded_response([1, 1], [[0], [0, 1]]), {}, "item 1: the two calibrations differ"),
        (None, {"slope": 0.0}, "the slope of a link must be positive"),
        (None, {"method": "tucker"}, "tucker"),
        (None, {"old_weights": [1.0, 2.0]}, "weights must be 81 numbers"),
        (None, {"theta": [0.0, 1.0], "old_weights": [0.0, 0.0]}, "weights must be 2 numbers"),
        (None, {"category_points": [[0, 1]]}, "category points have shape"),
    ],
)
def test_items_and_options_that_do_not_fit_are_named(old, options, message):
    new = ItemParameters.partial_credit([1.0, 1.0], [[0.0], [0.0, 1.0]])
    with pytest.raises(ValueError, match=message):
        link(new, new if old is None else old, **options)


def test_no_common_items():
    none = every_model().select(np.zeros(0, dtype=int))
    with pytest.raises(ValueError, match="0 new and 0 old"):
        link(none, none)


@pytest.mark.parametrize("method", ["haebara", "stocking_lord"])
def test_room_for_more_steps_than_the_common_items_have_changes_nothing(method):
    old = ItemParameters.dichotomous([1.0, 1.2, 0.8], [0.0, 1.0, -1.0])
    roomy = ItemParameters.partial_credit([1.0, 1.2, 0.8, 1.0], [[-0.3], [0.7], [-1.3], [0.0, 1.0, 2.0]])
    found = link(roomy.select([0, 1, 2]), old, method=method)
    assert (found.slope, found.intercept) == (pytest.approx(1.0), pytest.approx(0.3))
    points = [[0, 1, 0, 0]] * 3
    assert link(
        roomy.select([0, 1, 2]), old, method="stocking_lord", category_points=points
    ).intercept == pytest.approx(0.3)


def test_the_criterion_is_a_sum_over_curves_of_mean_squared_gaps():
    theta = np.array([-1.0, 0.5, 2.0])
    new, old = (
        ItemParameters.dichotomous(1.0, [0.0, 1.0, 0.4]),
        ItemParameters.dichotomous(1.2, [0.3, 1.1, 1.0]),
    )
    for method in CURVES:
        found = link(new, old, method=method, theta=theta)
        gap = category_probabilities(theta, old) - category_probabilities(theta, found.items(new))
        curves = gap if method == "haebara" else gap[:, :, 1].sum(axis=1)[:, None, None]
        assert found.criterion == pytest.approx((curves**2).sum(axis=(1, 2)).mean(), rel=1e-9)

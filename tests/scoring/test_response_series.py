"""Does every response speak once, for what it shows and for nothing else?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scoring.irt import NOT_PRESENTED, NOT_REACHED, OMITTED, log_likelihood
from scoring.irt.quadrature import DEFAULT_GRID, diffusion_kernel
from scoring.response_series import PartEvidence, ResponseSeries, response_series
from tests.scoring.mathematics import DOMAINS, mathematics

ITEMS = mathematics()


def series(codes: list[int], places: list[int], **changes: Any) -> ResponseSeries:
    """Responses to those of the twenty items, by default all in one sitting."""
    index = np.array(places)
    fields: dict[str, Any] = {
        "items": places,
        "domains": [DOMAINS[place] for place in places],
        "standards": [f"{DOMAINS[place]}.{place % 2}" for place in places],
        "sitting": np.zeros(len(places)),
        "weeks": [0.0],
        "practised": [0],
    }
    return response_series(
        codes, ITEMS.parameters.select(index), ITEMS.category_half_points[index], **(fields | changes)
    )


def test_likelihood_of_a_sitting_is_that_of_its_responses():
    places, codes = [0, 1, 2, 5], [2, 1, OMITTED, NOT_REACHED]
    (sitting,) = series(codes, places).observations()
    expected = log_likelihood([codes], ITEMS.parameters.select(np.array(places)))[0]
    np.testing.assert_allclose(sitting.log_likelihood, expected, atol=1e-12)


def test_sittings_keep_their_own_responses_and_times():
    own = series(
        [1, 0, 1], [0, 2, 4], sitting=[0, 1, 1], weeks=[0.0, 1 / 7], practised=[0, 2], items=["a", "b", "c"]
    )
    first, second = own.observations()
    assert (first.weeks, first.practised, second.weeks, second.practised) == (0.0, 0, 1 / 7, 2)
    np.testing.assert_allclose(first.log_likelihood, own.log_likelihood[0])
    np.testing.assert_allclose(second.log_likelihood, own.log_likelihood[1] + own.log_likelihood[2])


def test_a_sitting_by_the_blueprint_of_the_exam_says_all_it_says():
    codes, places = [1] * 20, list(range(20))
    own = series(codes, places)
    exam = {code: int(own.best[own.in_domain(code)].sum()) for code in DOMAINS}
    (plain,) = own.observations()
    (same,) = own.observations_for(exam, domain_sd=0.5)
    np.testing.assert_array_equal(same.log_likelihood, plain.log_likelihood)


def test_a_sitting_of_one_domain_is_blurred_by_how_far_that_domain_may_be_from_the_exam():
    places = [place for place in range(20) if DOMAINS[place] == DOMAINS[0]]
    own = series([1] * len(places), places)
    (plain,) = own.observations()
    # All points from one domain, half of the exam's: sqrt(.5^2 + .5^2) of the domains' sd.
    (blurred,) = own.observations_for({DOMAINS[0]: 10, "other": 10}, domain_sd=0.5)
    kernel = diffusion_kernel(DEFAULT_GRID, 0.5 * np.sqrt(0.5))
    expected = np.log(kernel @ np.exp(plain.log_likelihood))
    np.testing.assert_allclose(blurred.log_likelihood, expected, atol=1e-12)


def test_only_the_first_presentation_of_an_item_speaks():
    own = series([0, 1, 1], [0, 0, 2], sitting=[0, 1, 1], weeks=[0.0, 1.0], practised=[1, 2])
    assert own.counted.tolist() == [0, -1, 1]
    assert (own.log_likelihood[1] == 0).all()
    assert own.n_items == 2
    assert own.evidence(np.array([True, True, False])) == PartEvidence(1, 0, 2, 0.0)


def test_an_item_that_was_not_reached_or_not_marked_yet_has_not_been_met():
    own = series(
        [NOT_REACHED, NOT_PRESENTED, 1], [0, 0, 0], sitting=[0, 1, 2], weeks=[0, 1, 2], practised=[0] * 3
    )
    assert own.counted.tolist() == [-1, -1, 1]


def test_an_omitted_item_was_met():
    own = series([OMITTED, 1], [0, 0], sitting=[0, 1], weeks=[0.0, 1.0], practised=[0, 1])
    assert own.counted.tolist() == [0, -1]


def test_after_a_hint_a_response_counts_as_the_lowest_category():
    own = series([1, 1, 1], [0, 1, 3], hinted=[True, True, False])
    assert own.counted.tolist() == [0, 0, 1]
    assert own.earned.tolist() == [0, 0, 2]
    alone = series([0, 0, 1], [0, 1, 3])
    np.testing.assert_allclose(own.log_likelihood, alone.log_likelihood)


def test_a_part_of_the_responses_is_counted_by_domain_and_by_standard():
    # Numbers: items 0, 1 and 2, item 0 in parts; algebra: 3.
    own = series([1, 1, NOT_REACHED, 1], [0, 1, 2, 3])
    assert own.evidence(own.in_domain("numbers")) == PartEvidence(
        n_items=2, half_points=3, max_half_points=4, own_share=3 / 4
    )
    assert own.spoken_points(own.on_standard("numbers.0")) == (1, 2, 1)
    assert own.spoken_points(own.on_standard("numbers.1")) == (2, 2, 1)
    (of_algebra,) = own.observations(own.in_domain("algebra"))
    np.testing.assert_allclose(of_algebra.log_likelihood, own.log_likelihood[3])


def test_a_domain_without_responses_says_nothing():
    own = series([1], [0])
    assert own.evidence(own.in_domain("data")) == PartEvidence(0, 0, 0, 0.0)
    (silent,) = own.observations(own.in_domain("data"))
    assert (silent.log_likelihood == 0).all()


def test_a_category_an_item_does_not_have_is_refused():
    with pytest.raises(ValueError, match="no category 2"):
        series([2], [1])

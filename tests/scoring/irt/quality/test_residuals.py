"""Are residuals and their moments those of the distribution over an item's categories?"""

import numpy as np
import pytest

from scoring.irt import ItemParameters, category_probabilities
from scoring.irt.quality.residuals import candidate_chunks, known_abilities, residual_chunks

ITEMS = ItemParameters.partial_credit([1.0, 0.7], [[0.0], [-0.5, 0.8, 0.2]])


def test_one_right_response_at_even_odds_by_hand():
    ((part, found),) = residual_chunks(np.array([[1, -1]], dtype=np.int8), ITEMS, [0.0])
    assert (part.start, part.stop) == (0, 1)
    assert found.met.tolist() == [[True, False]]
    assert found.residual.tolist() == [[0.5, 0.0]]
    assert found.variance.tolist() == [[0.25, 0.0]]
    assert found.fourth.tolist() == [[0.0625, 0.0]]


def test_moments_of_four_categories_from_their_definition():
    ((_, found),) = residual_chunks(np.array([[0, 2]], dtype=np.int8), ITEMS, [0.6])
    p = category_probabilities([0.6], ITEMS)[0, 1]
    mean = sum(k * p[k] for k in range(4))
    assert found.residual[0, 1] == pytest.approx(2 - mean)
    assert found.variance[0, 1] == pytest.approx(sum(p[k] * (k - mean) ** 2 for k in range(4)))
    assert found.fourth[0, 1] == pytest.approx(sum(p[k] * (k - mean) ** 4 for k in range(4)))


def test_without_an_ability_nothing_was_met():
    ((_, found),) = residual_chunks(np.zeros((3, 2), dtype=np.int8), ITEMS, [0.0, np.nan, np.inf])
    assert found.met.all(axis=1).tolist() == [True, False, False]
    assert not found.residual[1:].any()


def test_stretches_cover_every_candidate_once_and_stay_small():
    wide = ItemParameters.dichotomous(1.0, np.zeros(3000))
    for n_candidates, items in ((0, ITEMS), (1, ITEMS), (20_000, ITEMS), (50, wide)):
        parts = list(candidate_chunks(n_candidates, items))
        assert [i for part in parts for i in range(part.start, part.stop)] == list(range(n_candidates))
        assert all((part.stop - part.start) * items.n_items * items.max_categories <= 2**17 for part in parts)


@pytest.mark.parametrize(
    ("theta", "shape"), [(0.0, r"\(\)"), ([0.0, 1.0], r"\(2,\)"), ([[0.0]] * 3, r"\(3, 1\)")]
)
def test_one_ability_a_candidate(theta, shape):
    with pytest.raises(ValueError, match=rf"theta has shape {shape}, expected \(3,\): one a candidate"):
        known_abilities(theta, 3)

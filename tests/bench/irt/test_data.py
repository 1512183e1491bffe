"""Are the drawn data what the benchmark says they are, and always the same?"""

import numpy as np
import pytest

from tests.bench.irt.data import draw, without_booklets, without_some


def test_a_seed_gives_the_same_candidates_and_items_whatever_the_model():
    two, three = (draw(model, 50, 8, seed=3)[1] for model in ("2pl", "3pl"))
    np.testing.assert_array_equal(two.theta, three.theta)
    np.testing.assert_array_equal(two.b, three.b)
    np.testing.assert_array_equal(two.a, three.a)
    assert two.c.tolist() == [0] * 8
    assert (three.c > 0).all()


@pytest.mark.parametrize(("model", "n_categories"), [("3pl", 2), ("gpcm", 3), ("grm", 4)])
def test_categories_are_as_frequent_as_the_model_says(model, n_categories):
    responses, drawn = draw(model, 40_000, 3, seed=5, n_categories=n_categories)
    z = drawn.a * (drawn.theta[:, None] - drawn.steps[:, 0])
    steeper = drawn.a * (drawn.theta[:, None] - drawn.steps[:, -1])
    if model == "grm":
        highest = 1 / (1 + np.exp(-steeper))
    elif model == "gpcm":
        highest = np.exp(z + steeper) / (1 + np.exp(z) + np.exp(z + steeper))
    else:
        highest = drawn.c + (1 - drawn.c) / (1 + np.exp(-z))
    share = (responses == n_categories - 1).mean(axis=0)
    np.testing.assert_allclose(share, highest.mean(axis=0), atol=0.01)
    assert responses.dtype == np.int8


def test_booklets_leave_out_three_blocks_of_ten():
    responses = without_booklets(np.ones((2_000, 60), dtype=np.int8), seed=1)
    assert ((responses == -1).sum(axis=1) == 18).all()
    blocks = responses.reshape(2_000, 10, 6)
    assert (blocks.min(axis=2) == blocks.max(axis=2)).all()
    assert len(np.unique(responses, axis=0)) == 120


def test_a_share_is_missing_at_random():
    responses = without_some(np.ones((2_000, 60), dtype=np.int8), seed=1)
    assert (responses == -1).mean() == pytest.approx(0.3, abs=0.01)
    assert len(np.unique(responses, axis=0)) == 2_000

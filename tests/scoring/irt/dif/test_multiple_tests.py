"""Are p-values adjusted as in the paper, and those that do not exist left alone?"""

import numpy as np
import pytest

from scoring.irt.dif import benjamini_hochberg

# Benjamini & Hochberg (1995), section 3.2: fifteen comparisons, of which their procedure at 5 % finds four.
PAPER = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]


def test_the_example_of_the_paper():
    adjusted = benjamini_hochberg(PAPER)
    assert (adjusted < 0.05).sum() == 4
    assert adjusted[:4].tolist() == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])
    assert adjusted[4] == pytest.approx(0.0201 * 15 / 5)
    # 0.0278 * 15 / 6 is above 0.0298 * 15 / 7, which therefore holds for both.
    assert adjusted[5:7].tolist() == pytest.approx([0.0298 * 15 / 7] * 2)
    assert adjusted[-1] == 1


def test_order_does_not_matter_and_nothing_falls_below_its_own():
    shuffled = np.random.default_rng(3).permutation(15)
    adjusted = benjamini_hochberg(np.array(PAPER)[shuffled])
    np.testing.assert_array_equal(adjusted, benjamini_hochberg(PAPER)[shuffled])
    assert (adjusted >= np.array(PAPER)[shuffled]).all()


def test_what_was_not_tested_counts_as_no_test():
    adjusted = benjamini_hochberg([0.01, np.nan, 0.04])
    np.testing.assert_allclose(adjusted, [0.02, np.nan, 0.04])
    assert np.isnan(benjamini_hochberg([np.nan])).all()
    assert benjamini_hochberg([]).size == 0

"""Are observed totals drawn beside those the model expects?"""

from dataclasses import replace

import numpy as np
import pytest

from scoring.irt import score_distribution
from scoring.irt.ability.summed_scores import category_numbers
from scoring.irt.report.total_scores import total_score_picture
from tests.scoring.irt.report import samples
from tests.scoring.irt.report.reading import Reading


def test_columns_count_candidates_and_the_line_the_expected_ones():
    facts = samples.facts()
    reading = Reading(total_score_picture("t", facts))
    totals = facts.codes.sum(axis=1)
    distribution = score_distribution(
        facts.parameters, category_numbers(facts.parameters), grid=facts.observed.grid
    )
    expected = facts.observed.density @ distribution
    mean = expected @ np.arange(expected.size)
    sd = np.sqrt(expected @ (np.arange(expected.size) - mean) ** 2)
    words = (
        f"Observed mean {totals.mean():.1f}, sd {totals.std():.1f}; expected mean {mean:.1f}, sd {sd:.1f}."
    )
    assert reading.texts.count(words) == 2
    heights = np.array([float(bar["height"]) for bar in reading.all("rect")])
    counts = np.bincount(totals)
    half = heights[: heights.size // 2]
    np.testing.assert_allclose(half / half.max(), (counts / counts.max())[counts > 0], atol=1e-3)
    # Expected and observed have the same mean: both follow from the candidates' own posteriors.
    assert mean == pytest.approx(totals.mean(), abs=0.05)


def test_totals_of_candidates_who_met_different_items_are_not_drawn():
    codes = samples.facts().codes.copy()
    codes[0, 0] = -1
    assert total_score_picture("t", replace(samples.facts(), codes=codes)) is None

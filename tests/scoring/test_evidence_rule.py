"""Are we silent where a prediction would say nothing, and only there?"""

from __future__ import annotations

import re

import numpy as np
import pytest
from django.conf import settings

from scoring.evidence_rule import MOST_NEEDED, EvidenceRule, sufficiency
from scoring.growth import ASSUMED, carry
from scoring.irt import DEFAULT_GRID, eap, normal_weights, score_distribution, simulate_responses
from scoring.irt.probabilities import item_information
from scoring.irt.types import FloatArray
from scoring.readiness import level_probabilities
from tests.scoring.mathematics import mathematics

ITEMS = mathematics()
TABLE = score_distribution(ITEMS.parameters, ITEMS.category_half_points)
INFORMATION = item_information(DEFAULT_GRID.points, ITEMS.parameters).mean(axis=1)
PRIOR = normal_weights(DEFAULT_GRID)
CUTS = [17, 24, 29]


def said(posterior: FloatArray, n_items: int) -> tuple[bool, int]:
    found = sufficiency(posterior, n_items, TABLE, INFORMATION)
    return found.enough, found.needed


def test_nothing_known_is_silence():
    assert said(PRIOR, 0) == (False, 10)


def test_five_responses_stay_silent_whatever_they_were():
    for codes in ([0] * 5, [1, 0, 1, 0, 1], [1] * 5):
        posterior = eap([codes], ITEMS.parameters.select(np.array([0, 2, 4, 5, 7]))).posterior[0]
        assert said(posterior, 5) == (False, 5)


def test_a_whole_trial_speaks():
    half = np.where(np.arange(20) % 2 == 0, ITEMS.parameters.n_categories - 1, 0)
    assert said(eap([half], ITEMS.parameters).posterior[0], 20) == (True, 0)


def test_after_a_long_silence_we_are_silent_too_and_one_set_is_enough_to_speak_again():
    half = np.where(np.arange(20) % 2 == 0, ITEMS.parameters.n_categories - 1, 0)
    belief = eap([half], ITEMS.parameters).posterior[0]
    assert said(carry(belief, ASSUMED, weeks=8), 20) == (True, 0)
    enough, needed = said(carry(belief, ASSUMED, weeks=150), 20)
    assert not enough and 0 < needed <= 8


def test_what_it_says_is_needed_is_about_what_it_takes():
    belief = carry(normal_weights(DEFAULT_GRID, 0.0, 0.5), ASSUMED, weeks=150)
    _, needed = said(belief, 30)
    mean, sd = 0.0, float(np.sqrt(belief @ DEFAULT_GRID.points**2))
    each = float(belief @ INFORMATION)
    assert needed > 1
    for more, enough in ((needed, True), (needed - 1, False)):
        narrower = normal_weights(DEFAULT_GRID, mean, 1 / np.sqrt(1 / sd**2 + more * each))
        assert said(narrower, 30)[0] is enough or more == needed


def test_it_never_asks_for_more_than_a_trial():
    hopeless = sufficiency(PRIOR, 50, TABLE, np.zeros(41))
    assert (hopeless.enough, hopeless.needed) == (False, MOST_NEEDED)


def width(belief: FloatArray) -> float:
    """Of the interval of 70 %, as a share of the population's."""
    first, last = (
        np.diff(np.interp((0.15, 0.85), np.cumsum(weights @ TABLE), np.arange(41) + 0.5))[0]
        for weights in (belief, PRIOR)
    )
    return float(first / last)


def test_near_the_limit_levels_are_predicted_hardly_better_than_by_the_populations_shares():
    """The figures the docstring of EvidenceRule argues with: Brier skill by width of the interval."""
    n = 1500
    theta = np.random.default_rng(3).standard_normal(n)
    coming = simulate_responses(theta, ITEMS.parameters, seed=9)
    points = ITEMS.category_half_points[np.arange(20), coming].sum(axis=1)
    happened = np.eye(4)[np.searchsorted(CUTS, points, side="right")]
    base = ((level_probabilities(PRIOR @ TABLE, CUTS) - happened) ** 2).sum(axis=1).mean()
    widths, losses, sizes = [], [], []
    for size in (3, 5, 10, 15):
        given = ITEMS.parameters.select(np.random.default_rng(size).permutation(20)[:size])
        responses = simulate_responses(theta, given, seed=size)
        for row, belief in enumerate(eap(responses, given).posterior):
            levels = level_probabilities(belief @ TABLE, CUTS)
            widths.append(width(belief))
            losses.append(((levels - happened[row]) ** 2).sum())
            sizes.append(size)
    share, loss, number = np.array(widths), np.array(losses), np.array(sizes)
    skill = [
        1 - loss[(low <= share) & (share < high)].mean() / base
        for low, high in ((0.75, 0.8), (0.6, 0.75), (0.5, 0.6))
    ]
    assert skill[0] < 0.12 < 0.14 < skill[1] < 0.25 < skill[2]
    assert share[number >= 10].max() < 0.7 < EvidenceRule().widest == 0.8


@pytest.mark.parametrize("n_items", [9, 10])
def test_the_tenth_response_makes_the_difference(n_items):
    half = np.where(np.arange(20) % 2 == 0, ITEMS.parameters.n_categories - 1, 0)
    belief = eap([half], ITEMS.parameters).posterior[0]
    assert said(belief, n_items) == ((True, 0) if n_items == 10 else (False, 1))


def test_the_phone_is_silent_by_the_same_rule():
    text = (settings.BASE_DIR / "exams/static/exams/js/practice/learning.js").read_text(encoding="utf-8")
    said = {
        name: float(value) for name, value in re.findall(r"^const (LEAST|WIDEST) = ([\d.]+);", text, re.M)
    }
    tails = [float(value) for value in re.findall(r"quantile\(([\d.]+)\)", text)]
    assert said == {"LEAST": EvidenceRule().least, "WIDEST": EvidenceRule().widest}
    assert tails == [(1 + EvidenceRule().mass) / 2, pytest.approx((1 - EvidenceRule().mass) / 2)]

"""Are verdicts on domains as good as a few items allow, and never absurd?"""

import numpy as np
import pytest

from scoring.domains import DomainResult, Verdict, VerdictRule, domain_profile, expected_share
from scoring.irt import (
    DEFAULT_GRID,
    NOT_PRESENTED,
    NOT_REACHED,
    OMITTED,
    eap,
    mean_and_sd,
    simulate_responses,
)
from scoring.irt.quadrature import diffusion_kernel
from tests.scoring.mathematics import DOMAINS, best_responses, mathematics, places, references

ITEMS = mathematics()
REFERENCES = references(ITEMS)


def profile(responses: np.ndarray, **options: object) -> dict[str, DomainResult]:
    results = domain_profile(
        responses, ITEMS.parameters, ITEMS.category_half_points, DOMAINS, REFERENCES, **options
    )
    return {result.domain: result for result in results}


def verdicts(responses: np.ndarray) -> dict[str, Verdict]:
    return {domain: result.verdict for domain, result in profile(responses).items()}


def test_everything_right_is_known_and_nothing_right_is_not_yet():
    best = best_responses(ITEMS)
    assert set(verdicts(best).values()) == {Verdict.KNOWN}
    assert set(verdicts(0 * best).values()) == {Verdict.NOT_YET}


@pytest.mark.parametrize("domain", sorted(set(DOMAINS)))
def test_a_verdict_never_speaks_against_the_domains_own_responses(domain):
    lost = best_responses(ITEMS).copy()
    lost[places(domain)] = 0
    assert verdicts(lost)[domain] is Verdict.SHAKY
    won = 0 * best_responses(ITEMS)
    won[places(domain)] = best_responses(ITEMS)[places(domain)]
    assert verdicts(won)[domain] is Verdict.SHAKY


def test_prior_of_a_domain_comes_from_the_other_domains_and_its_items_count_once():
    responses = best_responses(ITEMS).copy()
    responses[places("algebra")] = 0
    others = np.setdiff1d(np.arange(20), places("algebra"))
    elsewhere = eap(responses[None, others], ITEMS.parameters.select(others)).posterior[0]
    spread = elsewhere @ diffusion_kernel(DEFAULT_GRID, 0.5)
    own = eap(responses[None, places("algebra")], ITEMS.parameters.select(places("algebra"))).posterior[0]
    expected = spread * own / eap([[NOT_PRESENTED]], ITEMS.parameters.select([0])).posterior[0]
    np.testing.assert_allclose(
        profile(responses)["algebra"].posterior, expected / expected.sum(), rtol=1e-8, atol=1e-15
    )


def test_points_count_what_was_presented_and_evidence_what_speaks():
    responses = best_responses(ITEMS).copy()
    measurement, data, numbers = places("measurement"), places("data"), places("numbers")
    responses[measurement] = [NOT_REACHED, best_responses(ITEMS)[measurement[1]]]
    responses[data] = [OMITTED, OMITTED, 0]
    responses[numbers[0]] = NOT_PRESENTED
    result = profile(responses)
    seen = {d: (r.n_items, r.half_points, r.max_half_points) for d, r in result.items()}
    assert seen == {
        "numbers": (4, 8, 8),
        "algebra": (5, 10, 10),
        "geometry": (5, 10, 10),
        "measurement": (1, 2, 4),
        "data": (3, 0, 6),
    }


def test_one_item_is_not_enough_for_a_verdict():
    responses = best_responses(ITEMS).copy()
    responses[places("measurement")[0]] = NOT_REACHED
    assert verdicts(responses)["measurement"] is Verdict.NOT_ENOUGH


def test_a_domain_that_was_not_on_the_form_is_predicted_from_the_others_without_a_verdict():
    best = best_responses(ITEMS)
    on_form = np.setdiff1d(np.arange(20), places("data"))
    results = domain_profile(
        best[on_form],
        ITEMS.parameters.select(on_form),
        ITEMS.category_half_points[on_form],
        [DOMAINS[j] for j in on_form],
        REFERENCES,
    )
    absent = next(result for result in results if result.domain == "data")
    assert absent.verdict is Verdict.NOT_ENOUGH
    assert (absent.n_items, absent.half_points, absent.max_half_points) == (0, 0, 0)
    assert absent.expected_share > 0.7


def test_shares_lie_within_their_interval_and_fall_with_the_responses():
    responses = best_responses(ITEMS).copy()
    before = profile(responses)["geometry"]
    responses[places("geometry")[:3]] = 0
    after = profile(responses)["geometry"]
    assert after.low_share < after.expected_share < after.high_share
    assert after.expected_share < before.expected_share


def test_expected_share_of_the_reference_rises_from_0_to_1():
    share = REFERENCES["algebra"]
    assert (np.diff(share) > 0).all()
    assert share[0] < 0.05 and share[-1] > 0.95


def test_fewer_items_leave_a_wider_posterior():
    responses = np.where(np.arange(20) % 2 == 0, best_responses(ITEMS), 0)
    result = profile(responses)
    five, two = (mean_and_sd(result[name].posterior, DEFAULT_GRID)[1] for name in ("numbers", "measurement"))
    assert two > five


def test_verdicts_and_intervals_of_400_candidates_against_the_truth():
    """The figures the docstring of VerdictRule argues with, on candidates whose domains lie 0.5 apart."""
    n = 400
    rng = np.random.default_rng(5)
    general = rng.standard_normal(n)
    theta = {domain: general + 0.5 * rng.standard_normal(n) for domain in REFERENCES}
    responses = np.zeros((n, 20), dtype=np.int8)
    for seed, domain in enumerate(REFERENCES):
        items = ITEMS.parameters.select(places(domain))
        responses[:, places(domain)] = simulate_responses(theta[domain], items, seed=seed)
    truth, result = [], []
    for number in range(n):
        for domain, one in profile(responses[number]).items():
            truth.append(np.interp(theta[domain][number], DEFAULT_GRID.points, REFERENCES[domain]))
            result.append(one)
    share = np.array(truth)
    verdict = np.array([one.verdict.value for one in result])
    inside = [one.low_share <= true <= one.high_share for one, true in zip(result, share, strict=True)]
    assert 0.66 < np.mean(inside) < 0.74
    rule = VerdictRule()
    known, not_yet = verdict == "known", verdict == "not_yet"
    assert 0.4 < np.mean(known | not_yet) < 0.6
    right = np.mean(share[known] >= rule.known_share), np.mean(share[not_yet] < rule.not_yet_share)
    assert min(right) > 0.75
    gravely_wrong = (known & (share < rule.not_yet_share)) | (not_yet & (share >= rule.known_share))
    assert gravely_wrong.mean() < 1 / 300


def test_expected_share_refuses_points_of_another_form():
    with pytest.raises(ValueError, match="category points"):
        expected_share(ITEMS.parameters, ITEMS.category_half_points[:5])

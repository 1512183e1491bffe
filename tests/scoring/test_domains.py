"""Are verdicts on domains as good as a few items allow, and never absurd?"""

import numpy as np
import pytest

from scoring.domains import (
    STILL,
    DomainResult,
    Verdict,
    VerdictRule,
    domain_profile,
    expected_share,
    profile_over_time,
    standard_posterior,
    verdict_on,
)
from scoring.growth import Dynamics
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
from scoring.response_series import PartEvidence, ResponseSeries, response_series
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


def test_points_and_evidence_count_what_speaks():
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
        "measurement": (1, 2, 2),
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
    # Two of a domain's own say as much as five: most comes from the other domains.
    of_two = np.array([one.n_items == 2 for one in result])
    right_of_two = np.where(known, share >= rule.known_share, share < rule.not_yet_share)
    assert np.mean(right_of_two[of_two & (known | not_yet)]) > 0.75
    gravely_wrong = (known & (share < rule.not_yet_share)) | (not_yet & (share >= rule.known_share))
    assert gravely_wrong.mean() < 1 / 300


def test_expected_share_refuses_points_of_another_form():
    with pytest.raises(ValueError, match="category points"):
        expected_share(ITEMS.parameters, ITEMS.category_half_points[:5])


# ---- Over several sittings, and for standards --------------------------------------------------------

SHIFTING = Dynamics("test", drift_per_week=-0.01, gain_per_item=0.02, sd_per_week=0.1, sd_per_item=0.05)


def over(sittings: list[np.ndarray], *, every_weeks: float = 4.0) -> ResponseSeries:
    """The whole form sat again and again, as other items with the same parameters."""
    times, n = len(sittings), 20
    return response_series(
        np.concatenate(sittings),
        ITEMS.parameters.select(np.tile(np.arange(n), times)),
        np.tile(ITEMS.category_half_points, (times, 1)),
        items=range(n * times),
        domains=DOMAINS * times,
        standards=[f"{domain}/{place % 2}" for place, domain in enumerate(DOMAINS)] * times,
        sitting=np.repeat(np.arange(times), n),
        weeks=every_weeks * np.arange(times),
        practised=np.zeros(times),
    )


def test_without_change_two_sittings_are_one_long_one():
    best = best_responses(ITEMS)
    one = {row.domain: row for row in profile_over_time(over([best, 0 * best]), REFERENCES, STILL)}
    pooled = domain_profile(
        np.concatenate([best, 0 * best]),
        ITEMS.parameters.select(np.tile(np.arange(20), 2)),
        np.tile(ITEMS.category_half_points, (2, 1)),
        DOMAINS * 2,
        REFERENCES,
    )
    for row in pooled:
        np.testing.assert_allclose(one[row.domain].posterior, row.posterior, atol=1e-12)
        assert (one[row.domain].n_items, one[row.domain].half_points) == (row.n_items, row.half_points)


def test_the_later_sitting_weighs_more_the_longer_the_way_between():
    best = best_responses(ITEMS)
    share = {
        weeks: profile_over_time(over([0 * best, best], every_weeks=weeks), REFERENCES, SHIFTING)[0]
        for weeks in (0.0, 10.0, 40.0)
    }
    shares = [share[weeks].expected_share for weeks in (0.0, 10.0, 40.0)]
    assert shares == sorted(shares)
    assert shares[2] - shares[0] > 0.1


def test_a_standard_borrows_most_from_its_own_domain():
    best = best_responses(ITEMS)
    neighbours = np.array([place for place in places("algebra") if place % 2 == 0])
    elsewhere = places("numbers")[: neighbours.size]
    found = []
    for lost in (neighbours, elsewhere):
        responses = best.copy()
        responses[[place for place in places("algebra") if place % 2]] = NOT_PRESENTED
        responses[lost] = 0
        found.append(standard_mean(over([responses]), "algebra/1"))
    assert found[0] < found[1] - 0.1


def test_a_standards_own_responses_count_once_and_most():
    series = over([best_responses(ITEMS)])
    posterior = standard_posterior(series, "data/0", STILL)
    own = series.on_standard("data/0")
    message = np.exp(series.log_likelihood[own].sum(axis=0))
    # Without the standard's own responses only what surrounds it is left.
    around = posterior / message
    without = standard_posterior(over([np.where(own, NOT_PRESENTED, best_responses(ITEMS))]), "data/0", STILL)
    np.testing.assert_allclose(around / around.sum(), without, atol=1e-9)
    assert posterior @ DEFAULT_GRID.points > without @ DEFAULT_GRID.points


def test_standard_of_few_or_contrary_responses_is_not_known():
    rule = VerdictRule()
    certain = np.zeros(41)
    certain[-1] = 1.0
    share = REFERENCES["algebra"]
    given = {
        (3, 1.0): Verdict.NOT_ENOUGH,
        (4, 1.0): Verdict.KNOWN,
        (4, 0.4): Verdict.SHAKY,
    }
    for (n_items, own_share), expected in given.items():
        evidence = PartEvidence(n_items, 0, 0, own_share)
        assert verdict_on(certain, share, evidence, rule=rule, min_items=4) is expected


def standard_mean(series: ResponseSeries, standard: str) -> float:
    return float(standard_posterior(series, standard, STILL) @ DEFAULT_GRID.points)

"""Does practice go where it brings most, and can every choice be explained and judged later?"""

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.assumed_parameters import assumed_items, load_assumptions
from scoring.domains import DomainResult, Verdict, domain_profile
from scoring.irt import DEFAULT_GRID, ItemParameters, eap, normal_weights
from scoring.practice_choice import Candidate, PracticeItem, PracticePolicy, Reason, choose, domain_gains
from tests.scoring.mathematics import DOMAINS, SCORING_DATA, best_responses, mathematics, places, references

FORM = mathematics()
REFERENCES = references(FORM)
BLUEPRINT = {domain: 2 * count for domain, count in Counter(DOMAINS).items()}
POOL = [
    Candidate(f"{domain}-{level}-{number}", domain, f"{domain}.{level}.{number % 4}", level)
    for domain in REFERENCES
    for level in (1, 2, 3)
    for number in range(8)
]
POOL_ITEMS = assumed_items(
    [one.standard_level for one in POOL],
    [[0, 2] if number % 3 else [0, 1, 2] for number in range(len(POOL))],
    load_assumptions(SCORING_DATA / "assumed_parameters.toml"),
)
POLICY = PracticePolicy()
GREEDY = PracticePolicy(exploration=0.0)


@cache
def sitting(*wrong: str) -> tuple[np.ndarray, tuple[DomainResult, ...]]:
    """Posterior and profile of a candidate who got everything right but these domains."""
    responses = best_responses(FORM).copy()
    for domain in wrong:
        responses[places(domain)] = 0
    posterior = eap(responses[None, :], FORM.parameters).posterior[0]
    return posterior, domain_profile(
        responses, FORM.parameters, FORM.category_half_points, DOMAINS, REFERENCES
    )


def chosen(
    wrong: list[str],
    *,
    pool: list[Candidate] = POOL,
    seed: int = 1,
    size: int = 8,
    policy: PracticePolicy = POLICY,
) -> tuple[PracticeItem, ...]:
    posterior, profile = sitting(*wrong)
    return choose(
        pool,
        POOL_ITEMS.parameters.select(np.arange(len(pool))),
        POOL_ITEMS.category_half_points[: len(pool)],
        posterior=posterior,
        profile=profile,
        references=REFERENCES,
        blueprint_half_points=BLUEPRINT,
        seed=seed,
        size=size,
        policy=policy,
    )


def domains_of(items: tuple[PracticeItem, ...]) -> list[str]:
    return [item.identifier.split("-")[0] for item in items]


def test_weak_domains_come_first():
    items = chosen(["algebra", "geometry"], policy=GREEDY)
    first_two = sorted(items, key=lambda item: item.draw)[:2]
    assert domains_of(tuple(first_two)) == ["algebra", "geometry"]
    counts = Counter(domains_of(items))
    assert counts["algebra"] + counts["geometry"] == 6


def test_two_unlike_candidates_get_different_sets():
    first, second = chosen(["algebra"]), chosen(["geometry", "data"])
    assert {item.identifier for item in first} != {item.identifier for item in second}
    assert Counter(domains_of(first)).most_common(1)[0][0] == "algebra"
    assert Counter(domains_of(second)).most_common(1)[0][0] in {"geometry", "data"}


def test_the_same_seed_gives_the_same_set():
    assert chosen(["algebra"], seed=4) == chosen(["algebra"], seed=4)
    assert any(chosen(["algebra"], seed=4) != chosen(["algebra"], seed=seed) for seed in range(5, 8))


def test_gain_is_blueprint_points_times_the_rise_of_the_expected_share():
    posterior = (DEFAULT_GRID.points == 0.0).astype(float)
    share = 0.5 + DEFAULT_GRID.points / 20
    gains = domain_gains({}, posterior, {"a": share, "b": share}, {"a": 10}, step=0.5)
    assert gains == {"a": pytest.approx(0.25), "b": 0.0}


def test_a_weak_domain_has_more_to_gain_than_a_strong_one_of_the_same_weight():
    posterior, profile = sitting("algebra")
    abilities = {result.domain: result.posterior for result in profile}
    gains = domain_gains(abilities, posterior, REFERENCES, BLUEPRINT)
    assert BLUEPRINT["algebra"] == BLUEPRINT["numbers"]
    assert gains["algebra"] > 1.5 * gains["numbers"]


def test_predicted_probability_is_posterior_predictive():
    posterior = normal_weights(DEFAULT_GRID, 0.3, 0.8)
    items = ItemParameters.dichotomous(1.0, np.full(5, -0.5))
    result = choose(
        [Candidate(str(number), "numbers", f"s{number}", 1) for number in range(5)],
        items,
        np.tile([0, 2], (5, 1)),
        posterior=posterior,
        profile=(),
        references=REFERENCES,
        blueprint_half_points=BLUEPRINT,
        seed=1,
        size=5,
    )
    by_hand = posterior @ (1 / (1 + np.exp(-(DEFAULT_GRID.points + 0.5))))
    plug_in = 1 / (1 + np.exp(-0.8))
    for item in result:
        assert item.probability == pytest.approx(by_hand, rel=1e-12)
        assert item.expected_share == pytest.approx(by_hand, rel=1e-12)
    assert abs(by_hand - plug_in) > 0.02


def test_full_points_are_less_likely_than_the_share_where_part_can_be_earned():
    items = {item.identifier: item for item in chosen(["algebra"], size=10)}
    categories = dict(
        zip([one.identifier for one in POOL], POOL_ITEMS.parameters.n_categories.tolist(), strict=True)
    )
    partial = [item for name, item in items.items() if categories[name] == 3]
    whole = [item for name, item in items.items() if categories[name] == 2]
    assert partial and all(item.probability < item.expected_share for item in partial)
    assert whole and all(item.probability == pytest.approx(item.expected_share) for item in whole)


def test_difficulty_is_productive_where_the_pool_allows_it():
    for wrong in ([], ["algebra"], ["algebra", "geometry", "data"]):
        shares = [item.expected_share for item in chosen(wrong, policy=GREEDY)]
        assert 0.5 < np.mean(shares) < 0.85


def test_who_succeeds_at_nothing_yet_gets_the_easiest_items():
    levels = {one.identifier: one.standard_level for one in POOL}
    assert {levels[item.identifier] for item in chosen(sorted(REFERENCES), policy=GREEDY)} == {1}


def test_a_domain_without_suitable_items_gives_way():
    pool = [replace(one, seen=True) if one.domain == "algebra" else one for one in POOL]
    assert "algebra" in domains_of(chosen(["algebra"], policy=GREEDY))
    assert "algebra" not in domains_of(chosen(["algebra"], pool=pool, size=5, policy=GREEDY))


def test_unseen_items_come_before_missed_and_missed_before_solved():
    pool = [replace(one, seen=one.identifier.endswith(("-0", "-1", "-2", "-3"))) for one in POOL]
    assert not any(
        item.identifier in {one.identifier for one in pool if one.seen}
        for item in chosen(["algebra"], pool=pool)
    )
    everything_seen = [replace(one, seen=True, missed=one.identifier.endswith("-5")) for one in POOL]
    items = chosen(["algebra"], pool=everything_seen, policy=GREEDY)
    assert all(item.identifier.endswith("-5") for item in sorted(items, key=lambda item: item.draw)[:3])


def test_reasons_follow_from_the_profile():
    posterior, profile = sitting("algebra")
    verdicts = {"algebra": Verdict.NOT_YET, "geometry": Verdict.SHAKY, "numbers": Verdict.KNOWN}
    told = [replace(one, verdict=verdicts.get(one.domain, Verdict.NOT_ENOUGH)) for one in profile]
    pool = [replace(one, seen=True, missed=True) if one.domain == "data" else one for one in POOL]
    reasons: dict[str, Reason] = {}
    for domain in REFERENCES:
        items = choose(
            pool,
            POOL_ITEMS.parameters,
            POOL_ITEMS.category_half_points,
            posterior=posterior,
            profile=told,
            references=REFERENCES,
            blueprint_half_points={domain: 10},
            seed=1,
            size=10,
        )
        reasons |= {item.identifier: item.reason for item in items}
    expected = {
        "algebra": Reason.WEAK_DOMAIN,
        "geometry": Reason.CLOSES_GAP,
        "numbers": Reason.CONFIRM_STRENGTH,
        "measurement": Reason.CLOSES_GAP,
        "data": Reason.REVIEW_MISSED,
    }
    assert len(reasons) > 30
    for identifier, reason in reasons.items():
        assert reason is expected[identifier.split("-")[0]]


def test_a_set_begins_and_ends_with_its_likeliest_items():
    shares = [item.expected_share for item in chosen(["geometry"])]
    assert shares[0] == max(shares)
    assert shares[-1] == sorted(shares)[-2]


def test_standards_are_spread_within_a_domain():
    items = [item for item in chosen(["algebra"], size=10, policy=GREEDY) if item.identifier[:7] == "algebra"]
    standards = {one.identifier: one.standard for one in POOL}
    assert len(items) >= 3
    assert len({standards[item.identifier] for item in items}) >= len(items) - 1


def test_propensity_is_the_chance_with_which_an_item_is_drawn():
    """One draw, repeated: how often each item comes first against what it said."""
    pool = POOL[:24]
    n = 400
    said: dict[str, float] = {}
    seen: Counter[str] = Counter()
    for seed in range(n):
        first = next(item for item in chosen(["algebra"], pool=pool, seed=seed, size=5) if item.draw == 0)
        said[first.identifier] = first.propensity
        seen[first.identifier] += 1
    assert len(said) > 3
    for identifier, propensity in said.items():
        error = np.sqrt(propensity * (1 - propensity) / n)
        assert seen[identifier] / n == pytest.approx(propensity, abs=4 * error)


def test_without_exploration_ties_share_the_chance():
    first = next(item for item in chosen(["algebra"], policy=GREEDY) if item.draw == 0)
    assert (1 / first.propensity) == pytest.approx(round(1 / first.propensity))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1000),
    size=st.integers(5, 10),
    wrong=st.lists(st.sampled_from(sorted(REFERENCES)), unique=True),
)
def test_every_set_has_its_size_no_repeats_and_short_runs(seed, size, wrong):
    items = chosen(wrong, seed=seed, size=size)
    assert len({item.identifier for item in items}) == size
    assert sorted(item.draw for item in items) == list(range(size))
    assert max(len(list(run)) for _, run in groupby(domains_of(items))) <= 3
    assert all(0 < item.propensity <= 1 and 0 < item.probability < 1 for item in items)


def test_fewer_candidates_than_places_are_all_given():
    assert len(chosen(["algebra"], pool=POOL[:3], size=5)) == 3
    assert chosen(["algebra"], pool=[], size=5) == ()


@pytest.mark.parametrize("size", [4, 11])
def test_sets_have_five_to_ten_items(size):
    with pytest.raises(ValueError, match="5 to 10"):
        chosen([], size=size)


def test_every_candidate_needs_its_parameters():
    posterior, profile = sitting()
    with pytest.raises(ValueError, match="2 candidates for 1 items"):
        choose(
            POOL[:2],
            POOL_ITEMS.parameters.select([0]),
            POOL_ITEMS.category_half_points[:1],
            posterior=posterior,
            profile=profile,
            references=REFERENCES,
            blueprint_half_points=BLUEPRINT,
            seed=1,
        )


def test_a_set_holds_one_variant_of_a_family():
    families = [replace(one, family=one.identifier[:-2]) for one in POOL]
    by_name = {one.identifier: one.family for one in families}
    for seed in range(20):
        taken = [by_name[item.identifier] for item in chosen([], pool=families, seed=seed, size=10)]
        assert len(taken) == len(set(taken)) == 10


def test_fewer_families_than_places_are_all_given():
    families = [replace(one, family=one.domain) for one in POOL]
    assert len(chosen([], pool=families, size=10)) == len(REFERENCES)

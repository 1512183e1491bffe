"""Is the form found the best of all that keep the rules?"""

from itertools import combinations

import numpy as np
import pytest

from scoring.irt import DEFAULT_GRID, ItemParameters, normal_weights, posterior_information
from scoring.irt.selection.assembly import assemble, closeness, next_in_shadow
from scoring.irt.selection.form_rules import Bound, FormRules, content_bounds

N_ITEMS = 12


def random_rules(rng) -> FormRules:
    labels = rng.choice(list("abc"), N_ITEMS).tolist()
    return FormRules.of(
        N_ITEMS,
        length=(3, 5),
        bounds=[
            *content_bounds(labels, {"a": (1, 3), "b": (0, 2)}),
            Bound("minutes", rng.uniform(1, 4, N_ITEMS).round(1), low=7, high=11),
            Bound("points", rng.integers(1, 4, N_ITEMS), high=9),
        ],
        enemies=[
            rng.choice(N_ITEMS, 3, replace=False).tolist(),
            rng.choice(N_ITEMS, 2, replace=False).tolist(),
        ],
    )


CHOICES = np.array(
    [
        np.isin(np.arange(N_ITEMS), chosen)
        for length in (3, 4, 5)
        for chosen in combinations(range(N_ITEMS), length)
    ]
)


def by_trying_all(objective, rules, included=(), allowed=None) -> float | None:
    """Largest value of a form that keeps the rules; None where there is none."""
    total = CHOICES @ rules.matrix.toarray().T
    fits = ((total >= rules.low - 1e-9) & (total <= rules.high + 1e-9)).all(axis=1)
    fits &= CHOICES[:, list(included)].all(axis=1)
    if allowed is not None:
        fits &= ~CHOICES[:, ~np.asarray(allowed)].any(axis=1)
    values = CHOICES[fits] @ objective
    return float(values.max()) if values.size else None


@pytest.mark.parametrize("seed", range(12))
def test_no_form_is_better(seed):
    rng = np.random.default_rng(seed)
    rules = random_rules(rng)
    objective = rng.normal(0.3, 1, N_ITEMS)
    included = rng.choice(N_ITEMS, seed % 3, replace=False).tolist()
    allowed = rng.random(N_ITEMS) < 0.9
    allowed[included] = True
    best = by_trying_all(objective, rules, included, allowed)
    if best is None:
        with pytest.raises(ValueError, match="no form keeps the rules"):
            assemble(objective, rules, included=included, allowed=allowed)
        return
    form = assemble(objective, rules, included=included, allowed=allowed)
    assert form.proven
    assert form.value == pytest.approx(best, abs=1e-9)
    assert form.value == pytest.approx(objective[form.items].sum())
    assert set(included) <= set(form.items.tolist()) and allowed[form.items].all()


def test_most_of_the_random_rules_have_a_form():
    rng = [np.random.default_rng(seed) for seed in range(12)]
    assert sum(by_trying_all(np.zeros(N_ITEMS), random_rules(one)) is not None for one in rng) >= 10


def test_a_form_of_given_length_takes_the_most_informative_items():
    rng = np.random.default_rng(3)
    items = ItemParameters.dichotomous(rng.uniform(0.5, 2, 200), rng.normal(0, 1, 200))
    information = posterior_information(normal_weights(DEFAULT_GRID, 0.4, 0.3), items)
    form = assemble(information, FormRules.of(200, length=15))
    assert form.items.tolist() == sorted(np.argsort(-information)[:15].tolist())


def test_items_included_stay_though_they_are_not_allowed():
    objective = np.array([3.0, 2.0, 1.0, 0.0])
    rules = FormRules.of(4, length=2)
    assert assemble(objective, rules, included=[3]).items.tolist() == [0, 3]
    allowed = [False, True, True, False]
    assert assemble(objective, rules, included=[3], allowed=allowed).items.tolist() == [1, 3]


def test_enemies_are_parted():
    objective = np.array([5.0, 4.0, 3.0, 1.0])
    rules = FormRules.of(4, length=2, enemies=[(0, 1), (0, 2)])
    assert assemble(objective, rules).items.tolist() == [1, 2]


def test_a_session_by_shadow_forms_keeps_the_rules():
    rng = np.random.default_rng(9)
    labels = rng.choice(list("abc"), 60, p=[0.8, 0.1, 0.1]).tolist()
    minutes = rng.uniform(1, 4, 60).round(1)
    rules = FormRules.of(
        60,
        length=8,
        bounds=[
            *content_bounds(labels, {"a": (3, 4), "b": (2, 3), "c": (2, 3)}),
            Bound("minutes", minutes, high=16),
        ],
    )
    items = ItemParameters.dichotomous(rng.uniform(0.5, 2, 60), rng.normal(0, 1, 60))
    given: list[int] = []
    for step in range(8):
        information = posterior_information(normal_weights(DEFAULT_GRID, 0.2 * step, 0.5), items)
        item, form = next_in_shadow(information, rules, given=given)
        rest = np.setdiff1d(form.items, given)
        assert item in rest and information[item] == information[rest].max()
        given.append(item)
    assert len(set(given)) == 8 and minutes[given].sum() <= 16 + 1e-9
    counts = [sum(labels[item] == name for item in given) for name in "abc"]
    assert 3 <= counts[0] <= 4 and 2 <= counts[1] <= 3 and 2 <= counts[2] <= 3
    with pytest.raises(ValueError, match="the 8 items given already fill the form; end the session"):
        next_in_shadow(information, rules, given=given)


def test_closeness_by_hand():
    # At theta = 0 the probabilities are 0.5, 1 / (1 + 1/3) = 0.75 and, for three equally likely categories,
    # a share of 0.5.
    items = ItemParameters.partial_credit([1.0, 1.0, 1.0], [[0.0], [-np.log(3.0)], [0.0, 0.0]])
    sharp = (DEFAULT_GRID.points == 0.0).astype(float)
    np.testing.assert_allclose(closeness(sharp, items), [-0.2, -0.05, -0.2], rtol=1e-9)
    np.testing.assert_allclose(closeness(sharp, items, target=0.5), [0, -0.25, 0], atol=1e-12)


def test_what_cannot_be_assembled_is_named():
    rules = FormRules.of(3, length=2)
    with pytest.raises(ValueError, match=r"the objective has shape \(2,\), expected \(3,\)"):
        assemble([1.0, 2.0], rules)
    with pytest.raises(ValueError, match="item 1: the objective is nan; leave the item out by `allowed`"):
        assemble([1.0, np.nan, 1.0], rules)
    with pytest.raises(ValueError, match="included item 3: the bank has items 0 to 2 only"):
        assemble(np.ones(3), rules, included=[3])
    with pytest.raises(ValueError, match=r"allowed has shape \(2,\), expected \(3,\)"):
        assemble(np.ones(3), rules, allowed=[True, False])
    with pytest.raises(ValueError, match=r"target share must lie between 0 and 1, not 1"):
        closeness(normal_weights(DEFAULT_GRID), ItemParameters.dichotomous(1.0, [0.0]), target=1)
    with pytest.raises(TimeoutError, match="no form found in 0 seconds; allow more, or relax the rules"):
        assemble(np.ones(3), rules, seconds=0)

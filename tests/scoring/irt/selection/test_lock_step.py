"""Do candidates who take their steps together get what the rules of the session allow?"""

import numpy as np
import pytest

from scoring.irt import DEFAULT_GRID, ItemParameters, normal_weights
from scoring.irt.probabilities import category_log_probabilities
from scoring.irt.selection.content import ContentTargets
from scoring.irt.selection.exposure import ExposureControl
from scoring.irt.selection.informative import information_table
from scoring.irt.selection.lock_step import Eligibility, Plan, SelectionRule, Wave
from scoring.irt.selection.stopping import AnyOf, Length, StandardError

N = 40


def plan(items: ItemParameters, length: int, content: ContentTargets | None = None) -> Plan:
    log_p = category_log_probabilities(DEFAULT_GRID.points, items).transpose(1, 2, 0)
    return Plan(
        items=items,
        log_p=np.ascontiguousarray(log_p, dtype=np.float32),
        table=information_table(items),
        member=np.zeros((1, items.n_items), dtype=bool) if content is None else content.member,
        rule=SelectionRule.AT_ESTIMATE,
        stopping=AnyOf((Length(length), StandardError(1e-9))),
        max_items=length,
        content=content,
        grid=DEFAULT_GRID,
        seed=3,
    )


def wave(the_plan: Plan, eligibility: Eligibility | None = None) -> Wave:
    return Wave(
        the_plan,
        ability=np.linspace(-3, 3, N),
        numbers=np.arange(N),
        prior=np.tile(normal_weights(DEFAULT_GRID), (N, 1)),
        allowed=np.ones((N, the_plan.items.n_items), dtype=bool),
        eligibility=eligibility,
    )


def eligibility(n_items: int, probability: float) -> Eligibility:
    return Eligibility(
        control=ExposureControl(0.25),
        probability=np.full((1, n_items), probability),
        draws=np.random.default_rng(1).random((N, n_items), dtype=np.float32),
    )


def bank(n_items: int) -> ItemParameters:
    rng = np.random.default_rng(2)
    return ItemParameters.dichotomous(rng.uniform(0.8, 2.0, n_items), rng.normal(0, 1, n_items))


def test_no_weight_of_a_long_session_is_denormal():
    steep = ItemParameters.dichotomous(6.0, np.linspace(-3, 3, 150))
    sitting = wave(plan(steep, 150))
    sitting.run()
    posterior = sitting.posterior(np.arange(N)).astype(np.float32)
    assert (posterior >= np.finfo(np.float32).tiny).all()
    np.testing.assert_allclose(posterior.sum(axis=1), 1, rtol=1e-6)


def test_only_eligible_items_are_given_while_they_suffice():
    drawn = eligibility(60, 0.6)
    records = wave(plan(bank(60), 12), drawn).run()
    assert records.feasible.all()
    assert (drawn.draws[np.arange(N)[:, None], records.items] < 0.6).all()


def test_where_eligible_items_run_out_all_are_open():
    drawn = eligibility(20, 0.5)
    records = wave(plan(bank(20), 12), drawn).run()
    enough = (drawn.draws < 0.5).sum(axis=1) >= 12
    assert 0 < enough.sum() < N
    np.testing.assert_array_equal(records.feasible, enough)
    assert (records.n_items == 12).all()


def test_content_goes_before_exposure():
    labels = ["rare"] * 3 + ["common"] * 57
    content = ContentTargets.of_quotas(labels, {"rare": (2, 2), "common": (8, 8)})
    drawn = eligibility(60, 0.5)
    records = wave(plan(bank(60), 10, content), drawn).run()
    assert ((records.items < 3).sum(axis=1) == 2).all()
    np.testing.assert_array_equal(records.feasible, (drawn.draws[:, :3] < 0.5).sum(axis=1) >= 2)


def test_records_begin_before_any_item():
    records = wave(plan(bank(30), 5)).run()
    assert records.theta.shape == (N, 6)
    np.testing.assert_allclose(records.theta[:, 0], 0, atol=1e-9)
    np.testing.assert_allclose(records.se[:, 0], 1, atol=1e-4)
    np.testing.assert_array_equal(records.final_theta, records.theta[:, 5])
    assert set(records.stopped_by.tolist()) == {"length"}


@pytest.mark.parametrize("sd", [0.05, 0.3])
def test_priors_too_narrow_for_the_far_end_of_the_grid_are_no_trouble(sd):
    narrow = Wave(
        plan(bank(30), 5),
        ability=np.zeros(2),
        numbers=np.arange(2),
        prior=np.tile(normal_weights(DEFAULT_GRID, sd=sd), (2, 1)),
        allowed=np.ones((2, 30), dtype=bool),
    )
    records = narrow.run()
    assert np.isfinite(records.theta).all() and (records.se <= sd + 0.1).all()

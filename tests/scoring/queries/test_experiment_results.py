"""Does an experiment on real rows find what its pupils did, say nothing early, and hide small groups?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import ClassGroup, Person
from exams.actions.experiments import (
    approve_experiment,
    begin_experiment,
    draft_experiment,
    stop_experiment,
)
from exams.models import Experiment
from scoring.experiment_analysis import Finding
from scoring.models import ScoringRun
from scoring.queries.experiment_results import ArmCounts, ExperimentResults, results_of_experiment
from scoring.queries.runs import Difficulties, run_in_force
from tests.factories.accounts import NOW, make_class, make_member, make_pupil, make_region
from tests.factories.practice import make_set, practise_and_score
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_scored_trial

pytestmark = pytest.mark.django_db
START = NOW + timedelta(hours=2)
END = NOW + timedelta(weeks=3)
SET = PRACTICE_ITEMS[:12]
RUNNING_QUERIES = 9


def force() -> ScoringRun:
    run = run_in_force()
    assert run is not None
    return run


def begun(*groups: ClassGroup) -> Experiment:
    analyst = make_member(make_region(), Role.ANALYST)
    experiment = draft_experiment(
        title="Closing gaps",
        aim="Does it bring more?",
        subject="mathematics",
        policies=("gain-2", "even-1"),
        class_groups=groups,
        ends_at=END,
        seed=7,
        actor=analyst,
        now=NOW,
    )
    approve_experiment(
        experiment=experiment, assessment="DPIA 1", assessed_on=NOW.date(), actor=analyst, now=NOW
    )
    return begin_experiment(experiment=experiment, actor=analyst, now=START)


def by_arm(experiment: Experiment) -> dict[str, list[Person]]:
    rows = experiment.assignments.select_related("person").order_by("person__public_id")
    return {arm: [row.person for row in rows if row.arm == arm] for arm in "ab"}


def tried(pupils: int) -> tuple[Experiment, dict[str, list[Person]]]:
    """Everybody sat the trial before, some better than others; then the experiment begins."""
    group = make_class()
    people = [make_pupil(group) for _ in range(pupils)]
    make_scored_trial(group, {one: REFERENCE_ITEMS[: 3 + place % 5] for place, one in enumerate(people)})
    experiment = begun(group)
    return experiment, by_arm(experiment)


def read(experiment: Experiment, *, weeks: int = 4) -> ExperimentResults:
    experiment.refresh_from_db()
    results = results_of_experiment(experiment, run=force(), now=NOW + timedelta(weeks=weeks))
    assert results is not None
    return results


def test_a_rule_whose_pupils_get_everything_right_is_called_better() -> None:
    experiment, arms = tried(22)
    form = make_set(SET)
    practise_and_score(form, dict.fromkeys(arms["a"], SET[:4]), at=START + timedelta(days=1))
    practise_and_score(form, dict.fromkeys(arms["b"], SET), at=START + timedelta(days=1))
    results = read(experiment)

    assert (results.a, results.b) == (ArmCounts(11, 11, 0, 11), ArmCounts(11, 11, 0, 11))
    whole = results.comparison
    assert whole is not None and whole.difference is not None and whole.per_item is not None
    assert whole.finding is Finding.B_BETTER
    assert (whole.a.items, whole.b.items) == (12, 12)
    assert whole.difference.value == pytest.approx(whole.b.gain - whole.a.gain, rel=0.25)
    assert whole.per_item.value == pytest.approx((whole.b.gain - whole.a.gain) / 12)
    assert whole.among_measured == whole.difference
    assert not results.anything_hidden and not results.uneven_attrition
    assert results.difficulties is Difficulties.ASSUMED


def test_nothing_of_the_difference_is_told_while_it_runs() -> None:
    experiment, arms = tried(22)
    practise_and_score(make_set(SET), dict.fromkeys(arms["b"], SET), at=START + timedelta(days=1))
    results = read(experiment, weeks=2)
    assert (results.over, results.comparison) == (False, None)
    assert (results.a.practised, results.b.practised) == (0, 11)


def test_who_never_practised_counts_as_unchanged_under_their_rule() -> None:
    experiment, arms = tried(22)
    practise_and_score(make_set(SET), dict.fromkeys(arms["b"], SET), at=START + timedelta(days=1))
    whole = read(experiment).comparison
    assert whole is not None and whole.difference is not None
    assert (whole.a.n, whole.a.gain, whole.a.n_measured) == (11, 0.0, 0)
    assert whole.uneven_attrition
    assert whole.finding is Finding.TOO_FEW
    assert whole.among_measured is None


def test_while_it_runs_the_cost_does_not_grow_with_the_pupils(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """No evidence of anybody is read: a handful of queries, the same whatever was sat."""
    experiment, arms = tried(22)
    for days, arm in ((1, "b"), (2, "a")):
        practise_and_score(make_set(SET), dict.fromkeys(arms[arm], SET), at=START + timedelta(days=days))
        run = force()
        with django_assert_num_queries(RUNNING_QUERIES):
            found = results_of_experiment(experiment, run=run, now=NOW + timedelta(weeks=2))
        assert found is not None and found.baseline is not None


def test_counts_are_the_same_before_the_end_and_after() -> None:
    experiment, arms = tried(22)
    # What one half practises it had met before the start, so it says nothing new.
    practise_and_score(make_set(SET), dict.fromkeys(arms["a"], SET), at=START - timedelta(minutes=40))
    practise_and_score(make_set(SET), dict.fromkeys(arms["a"], SET), at=START + timedelta(days=2))
    practise_and_score(make_set(SET), dict.fromkeys(arms["b"], SET), at=START + timedelta(days=1))
    running, over = read(experiment, weeks=2), read(experiment)
    assert (running.a, running.b) == (over.a, over.b) == (ArmCounts(11, 0, 11, 11), ArmCounts(11, 11, 0, 11))
    assert running.baseline == over.baseline
    whole = over.comparison
    assert whole is not None
    assert (whole.a.n_measured, whole.b.n_measured) == (0, 11)


def test_what_came_out_is_worked_out_once_and_anew_when_more_is_counted(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    experiment, arms = tried(22)
    practise_and_score(make_set(SET), dict.fromkeys(arms["b"], SET), at=START + timedelta(days=1))
    first = read(experiment)
    with django_assert_max_num_queries(RUNNING_QUERIES + 2):
        assert read(experiment) == first
    practise_and_score(make_set(SET), dict.fromkeys(arms["a"], SET), at=START + timedelta(days=2))
    later = read(experiment)
    assert later.comparison is not None and first.comparison is not None
    assert (first.comparison.a.items, later.comparison.a.items) == (0, 12)
    assert (first.uneven_practice, later.uneven_practice) == (True, False)


def test_what_is_handed_in_after_the_end_is_not_counted() -> None:
    experiment, arms = tried(22)
    stop_experiment(experiment=experiment, actor=experiment.created_by, now=START + timedelta(days=1))
    practise_and_score(make_set(SET), dict.fromkeys(arms["b"], SET), at=START + timedelta(days=2))
    results = read(experiment)
    assert (results.over, results.b.measured) == (True, 0)


def test_groups_of_fewer_than_ten_are_hidden_whole() -> None:
    experiment, arms = tried(18)
    practise_and_score(make_set(SET), dict.fromkeys(arms["b"], SET), at=START + timedelta(days=1))
    results = read(experiment)
    assert results.a == results.b == ArmCounts(None, None, None, None)
    assert (results.comparison, results.baseline, results.uneven_attrition) == (None, None, False)
    assert results.anything_hidden


def test_a_few_who_dropped_out_are_hidden_with_what_would_tell_their_number() -> None:
    experiment, arms = tried(26)
    practise_and_score(
        make_set(SET), dict.fromkeys([*arms["a"], *arms["b"][:10]], SET), at=START + timedelta(days=1)
    )
    results = read(experiment)
    assert results.a == ArmCounts(13, 13, 0, 13)
    assert results.b == ArmCounts(13, None, None, None)
    assert results.comparison is not None
    assert results.comparison.among_measured is None


def test_pupils_of_whom_nothing_is_known_are_in_it_too() -> None:
    group = make_class()
    known, unknown = make_pupil(group), make_pupil(group)
    make_scored_trial(group, {known: REFERENCE_ITEMS})
    for _ in range(20):
        make_pupil(group)
    experiment = begun(group)
    assert experiment.assignments.filter(person=unknown).exists()
    results = read(experiment)
    assert (results.a.n, results.b.n) == (11, 11)
    assert results.comparison is not None
    # One pupil sat before the start; of the others what is expected of anybody.
    assert results.comparison.a.gain == results.comparison.b.gain == 0


def test_a_draft_has_no_results() -> None:
    group = make_class()
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS})
    experiment = draft_experiment(
        title="Later",
        aim="?",
        subject="mathematics",
        policies=("gain-2", "even-1"),
        class_groups=[group],
        ends_at=END,
        seed=1,
        actor=make_member(make_region(), Role.ANALYST),
        now=NOW,
    )
    assert results_of_experiment(experiment, run=force(), now=END) is None

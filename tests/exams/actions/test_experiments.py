"""Who is drawn to which rule, what is refused, and what does every step leave behind?"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Enrollment, Person
from exams.actions.experiments import (
    approve_experiment,
    arms,
    begin_experiment,
    draft_experiment,
    stop_experiment,
)
from exams.enums import ExperimentState
from exams.errors import ExperimentRefused
from exams.models import Experiment, ExperimentAssignment
from exams.queries.experiments import RunningAssignment, running_assignment
from tests.factories.accounts import NOW, make_class, make_member, make_pupil, make_region

pytestmark = pytest.mark.django_db
END = NOW + timedelta(weeks=4)
CLASS = UUID(int=9)
PUPILS = [UUID(int=number) for number in range(5)]


@pytest.fixture
def analyst() -> Person:
    return make_member(make_region(), Role.ANALYST)


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


def draft(analyst: Person, *groups: ClassGroup, **overrides: Any) -> Experiment:
    fields: dict[str, Any] = {
        "title": "Closing gaps",
        "aim": "Does the rule of gaps bring more points?",
        "subject": "mathematics",
        "policies": ("gain-2", "even-1"),
        "class_groups": groups,
        "ends_at": END,
        "seed": 7,
        "actor": analyst,
        "now": NOW,
    }
    return draft_experiment(**(fields | overrides))


def approved(experiment: Experiment) -> Experiment:
    return approve_experiment(
        experiment=experiment,
        assessment="DPIA 12/2026",
        assessed_on=NOW.date(),
        actor=experiment.created_by,
        now=NOW,
    )


def running(analyst: Person, *groups: ClassGroup, **overrides: Any) -> Experiment:
    experiment = approved(draft(analyst, *groups, **overrides))
    return begin_experiment(experiment=experiment, actor=analyst, now=NOW)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_every_step_is_written_down_with_who_took_it(analyst: Person, group: ClassGroup) -> None:
    make_pupil(group)
    experiment = running(analyst, group)
    stop_experiment(experiment=experiment, actor=analyst, now=NOW + timedelta(days=3))

    assert actions() == ["draft_experiment", "approve_experiment", "begin_experiment", "stop_experiment"]
    assert set(AuditEntry.objects.values_list("actor", flat=True)) == {analyst.pk}
    last = AuditEntry.objects.order_by("pk").last()
    assert last is not None
    assert last.detail == {
        "experiment": str(experiment.public_id),
        "state": "stopped",
        "planned_end": str(END),
    }
    experiment.refresh_from_db()
    assert (experiment.starts_at, experiment.ends_at) == (NOW, NOW + timedelta(days=3))


def test_the_rule_of_the_arm_chooses_only_from_the_start_to_the_end(
    analyst: Person, group: ClassGroup
) -> None:
    pupil = make_pupil(group)
    experiment = running(analyst, group)
    arm = ExperimentAssignment.objects.get(person=pupil).arm
    wanted = RunningAssignment({"a": "gain-2", "b": "even-1"}[arm], experiment.public_id, arm, END)

    assert running_assignment(pupil, "mathematics", NOW) == wanted
    assert running_assignment(pupil, "mathematics", END - timedelta(seconds=1)) == wanted
    assert running_assignment(pupil, "mathematics", NOW - timedelta(seconds=1)) is None
    assert running_assignment(pupil, "mathematics", END) is None
    assert running_assignment(pupil, "serbian", NOW) is None
    stop_experiment(experiment=experiment, actor=analyst, now=NOW + timedelta(days=1))
    assert running_assignment(pupil, "mathematics", NOW + timedelta(hours=1)) is None


def test_a_draft_and_an_approved_experiment_touch_nobody(analyst: Person, group: ClassGroup) -> None:
    pupil = make_pupil(group)
    approved(draft(analyst, group))

    assert not ExperimentAssignment.objects.exists()
    assert running_assignment(pupil, "mathematics", NOW) is None


def test_half_of_each_class_gets_either_rule(analyst: Person, group: ClassGroup) -> None:
    other, untouched = make_class(), make_class()
    for one, n in ((group, 6), (other, 4), (untouched, 4)):
        for _ in range(n):
            make_pupil(one)
    running(analyst, group, other)

    drawn = Counter(ExperimentAssignment.objects.values_list("class_group", "arm"))
    assert drawn == {(group.pk, "a"): 3, (group.pk, "b"): 3, (other.pk, "a"): 2, (other.pk, "b"): 2}


def test_who_joins_later_stays_outside_and_who_leaves_keeps_the_rule(
    analyst: Person, group: ClassGroup
) -> None:
    leaver = make_pupil(group)
    experiment = running(analyst, group)
    late = make_pupil(group)
    Enrollment.objects.filter(person=leaver).update(class_group=make_class())

    assert running_assignment(late, "mathematics", NOW) is None
    kept = running_assignment(leaver, "mathematics", NOW)
    assert kept is not None and kept.experiment == experiment.public_id


def test_who_brings_a_rule_from_the_old_class_is_not_drawn_again(analyst: Person, group: ClassGroup) -> None:
    mover = make_pupil(group)
    first = running(analyst, group)
    new_class = make_class()
    Enrollment.objects.filter(person=mover).update(class_group=new_class)
    stayer = make_pupil(new_class)
    second = running(analyst, new_class, title="Another")

    assert list(second.assignments.values_list("person", flat=True)) == [stayer.pk]
    kept = running_assignment(mover, "mathematics", NOW)
    assert kept is not None and kept.experiment == first.public_id


def test_of_a_third_test_only_those_who_chose_it_are_drawn(analyst: Person, group: ClassGroup) -> None:
    chose, other = make_pupil(group), make_pupil(group)
    Enrollment.objects.filter(person=chose).update(chosen_subject="biology")
    Enrollment.objects.filter(person=other).update(chosen_subject="history")
    experiment = approved(draft(analyst, group, subject="biology"))
    begin_experiment(experiment=experiment, actor=analyst, now=NOW, only_who_chose=True)

    assert list(experiment.assignments.values_list("person", flat=True)) == [chose.pk]


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"title": " "}, "it needs a title and a sentence on what it is to find out"),
        ({"aim": ""}, "it needs a title and a sentence on what it is to find out"),
        ({"subject": "alchemy"}, "there is no subject 'alchemy'"),
        ({"policies": ("gain-2", "gain-2")}, "it compares two different rules"),
        ({"policies": ("gain-2", "")}, "it compares two different rules"),
        ({"class_groups": ()}, "it needs at least one class"),
        ({"ends_at": NOW}, "its end has to lie ahead"),
        ({"seed": -1}, "its seed is out of range"),
        ({"seed": 2**63}, "its seed is out of range"),
    ],
)
def test_a_draft_says_everything_beforehand(
    analyst: Person, group: ClassGroup, overrides: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ExperimentRefused) as refused:
        draft(analyst, **({"class_groups": [group]} | overrides))
    assert refused.value.reasons == (reason,)
    assert not Experiment.objects.exists()


@pytest.mark.parametrize(
    ("assessment", "assessed_on", "reason"),
    [
        (" ", NOW.date(), "it needs the reference of the data protection assessment"),
        ("DPIA", date(2026, 11, 21), "the assessment cannot be of a day to come"),
    ],
)
def test_no_approval_without_an_assessment(
    analyst: Person, group: ClassGroup, assessment: str, assessed_on: date, reason: str
) -> None:
    experiment = draft(analyst, group)
    with pytest.raises(ExperimentRefused) as refused:
        approve_experiment(
            experiment=experiment, assessment=assessment, assessed_on=assessed_on, actor=analyst, now=NOW
        )
    assert refused.value.reasons == (reason,)
    experiment.refresh_from_db()
    assert experiment.state == ExperimentState.DRAFT


def test_the_day_of_an_assessment_is_by_the_country_s_clock(analyst: Person, group: ClassGroup) -> None:
    experiment = draft(analyst, group)
    past_midnight = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    approved = approve_experiment(
        experiment=experiment,
        assessment="DPIA",
        assessed_on=date(2026, 11, 21),
        actor=analyst,
        now=past_midnight,
    )
    assert approved.state == ExperimentState.APPROVED


def test_the_database_itself_refuses_to_run_without_approval(analyst: Person, group: ClassGroup) -> None:
    experiment = draft(analyst, group)
    with pytest.raises(IntegrityError), transaction.atomic():
        Experiment.objects.filter(pk=experiment.pk).update(state=ExperimentState.RUNNING)


def test_no_step_is_taken_out_of_order(analyst: Person, group: ClassGroup) -> None:
    make_pupil(group)
    experiment = draft(analyst, group)
    with pytest.raises(ExperimentRefused, match="it is draft, and this step is taken only when it is approv"):
        begin_experiment(experiment=experiment, actor=analyst, now=NOW)
    with pytest.raises(ExperimentRefused, match="only when it is running"):
        stop_experiment(experiment=experiment, actor=analyst, now=NOW)
    approved(experiment)
    with pytest.raises(ExperimentRefused, match="only when it is draft"):
        approved(experiment)
    begin_experiment(experiment=experiment, actor=analyst, now=NOW)
    with pytest.raises(ExperimentRefused, match="only when it is approved"):
        begin_experiment(experiment=experiment, actor=analyst, now=NOW)
    stop_experiment(experiment=experiment, actor=analyst, now=NOW)
    with pytest.raises(ExperimentRefused, match="only when it is running"):
        stop_experiment(experiment=experiment, actor=analyst, now=NOW)
    assert actions() == ["draft_experiment", "approve_experiment", "begin_experiment", "stop_experiment"]
    assert ExperimentAssignment.objects.count() == 1


def test_one_experiment_at_a_time_in_a_class_and_subject(analyst: Person, group: ClassGroup) -> None:
    make_pupil(group)
    first = running(analyst, group)
    second = approved(draft(analyst, group, make_class(), title="Second"))
    with pytest.raises(ExperimentRefused) as refused:
        begin_experiment(experiment=second, actor=analyst, now=NOW)
    assert f"another experiment runs in class {group.name}" in refused.value.reasons
    # In another subject it may.
    running(analyst, group, title="Third", subject="serbian")
    stop_experiment(experiment=first, actor=analyst, now=NOW)
    begun = begin_experiment(experiment=second, actor=analyst, now=NOW)
    assert begun.state == ExperimentState.RUNNING


def test_nothing_begins_after_its_end_or_for_nobody(analyst: Person, group: ClassGroup) -> None:
    experiment = approved(draft(analyst, group))
    with pytest.raises(ExperimentRefused) as refused:
        begin_experiment(experiment=experiment, actor=analyst, now=END)
    assert refused.value.reasons == ("its end is over", "no pupil of its classes can take part")


def test_stopping_after_the_planned_end_keeps_that_end(analyst: Person, group: ClassGroup) -> None:
    make_pupil(group)
    experiment = running(analyst, group)
    assert stop_experiment(experiment=experiment, actor=analyst, now=END + timedelta(days=2)).ends_at == END


def test_the_draw_depends_on_seed_and_public_ids_alone() -> None:
    drawn = arms(PUPILS, class_group=CLASS, seed=7)
    assert arms(PUPILS[::-1], class_group=CLASS, seed=7) == drawn
    assert arms(PUPILS, class_group=CLASS, seed=8) != drawn
    assert "".join(drawn[one] for one in PUPILS) == "babab"


def test_every_halving_is_equally_likely_and_the_odd_pupil_goes_to_either_rule() -> None:
    halves = Counter(
        "".join(arm for _, arm in sorted(arms(PUPILS[:4], class_group=CLASS, seed=seed).items()))
        for seed in range(6000)
    )
    assert len(halves) == 6
    # Six ways, 1000 times each; the sd of each count is 28.9.
    assert all(abs(count - 1000) < 116 for count in halves.values())
    more = Counter(Counter(arms(PUPILS, class_group=CLASS, seed=seed).values())["a"] for seed in range(2000))
    assert set(more) == {2, 3}
    assert abs(more[3] - 1000) < 90

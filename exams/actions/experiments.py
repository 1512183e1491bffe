"""How does an experiment come to run, and how does it end?

    draft ──► approved ──► running ──► stopped

Nothing happens to any pupil before `begin_experiment`, and nothing runs without the recorded approval. Pupils
who are in the classes when it begins are drawn once, half of each class to either rule. Who joins a class
later stays outside and practises under the ordinary rule: nothing is known of them from before the start,
so nothing could be compared. Who leaves the class keeps their rule until the end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.actions.audit import record
from accounts.enums import Role
from accounts.models import ClassGroup, Enrollment, Person
from exams.enums import ExperimentState, Subject
from exams.errors import ExperimentRefused
from exams.models import Experiment, ExperimentAssignment
from exams.queries.experiments import busy_classes, running_at

OUTCOME = "expected_points_gain"
"""The one outcome an experiment is judged by: the change of expected points from its start to its end."""

MAX_SEED = 2**63 - 1


@transaction.atomic
def draft_experiment(
    *,
    title: str,
    aim: str,
    subject: str,
    policies: tuple[str, str],
    class_groups: Sequence[ClassGroup],
    ends_at: datetime,
    seed: int,
    actor: Person,
    now: datetime,
) -> Experiment:
    """Writes down beforehand what is compared, where and until when. The caller knows both policies by name.

    `seed`, 0 to MAX_SEED, decides the draw together with the pupils' public ids. Raises ExperimentRefused
    with everything that is missing.
    """
    reasons = []
    if not title.strip() or not aim.strip():
        reasons.append("it needs a title and a sentence on what it is to find out")
    if subject not in Subject.values:
        reasons.append(f"there is no subject {subject!r}")
    if not all(policies) or policies[0] == policies[1]:
        reasons.append("it compares two different rules")
    if not class_groups:
        reasons.append("it needs at least one class")
    if ends_at <= now:
        reasons.append("its end has to lie ahead")
    if not 0 <= seed <= MAX_SEED:
        reasons.append("its seed is out of range")
    if reasons:
        raise ExperimentRefused(title, reasons)
    experiment = Experiment.objects.create(
        title=title.strip(),
        aim=aim.strip(),
        outcome=OUTCOME,
        subject=subject,
        policy_a=policies[0],
        policy_b=policies[1],
        seed=seed,
        created_by=actor,
        created_at=now,
        ends_at=ends_at,
    )
    experiment.class_groups.set(class_groups)
    _note(experiment, "draft_experiment", actor, now, classes=len(class_groups))
    return experiment


@transaction.atomic
def approve_experiment(
    *, experiment: Experiment, assessment: str, assessed_on: date, actor: Person, now: datetime
) -> Experiment:
    """Records which data protection assessment allows it, of which day, and who says so.

    Raises ExperimentRefused without a reference, for a day to come, and for anything but a draft.
    """
    locked = _locked(experiment)
    reasons = _wrong_state(locked, ExperimentState.DRAFT)
    if not assessment.strip():
        reasons.append("it needs the reference of the data protection assessment")
    if assessed_on > timezone.localdate(now):
        reasons.append("the assessment cannot be of a day to come")
    if reasons:
        raise ExperimentRefused(locked.title, reasons)
    locked.state = ExperimentState.APPROVED
    locked.assessment = assessment.strip()
    locked.assessed_on = assessed_on
    locked.approved_by = actor
    locked.approved_at = now
    locked.save()
    _note(locked, "approve_experiment", actor, now, assessment=locked.assessment, of=str(assessed_on))
    return locked


@transaction.atomic
def begin_experiment(
    *, experiment: Experiment, actor: Person, now: datetime, only_who_chose: bool = False
) -> Experiment:
    """Draws every pupil of its classes to a rule, and practice follows from the next set on.

    `only_who_chose`: only pupils whose third test is this subject. Locks the classes, so that of two
    experiments begun at once in one class the second is refused. Raises ExperimentRefused without approval,
    after its end, where another experiment of the subject runs in a class, and where nobody would take part.
    """
    locked = _locked(experiment)
    wanted = locked.class_groups.order_by().values("pk")
    classes = list(ClassGroup.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    reasons = _wrong_state(locked, ExperimentState.APPROVED)
    if locked.ends_at is None or locked.ends_at <= now:
        reasons.append("its end is over")
    reasons += [f"another experiment runs in class {one.name}" for one in busy_classes(locked, now)]
    drawn = _drawn(locked, classes, now, only_who_chose=only_who_chose)
    if not drawn:
        reasons.append("no pupil of its classes can take part")
    if reasons:
        raise ExperimentRefused(locked.title, reasons)
    ExperimentAssignment.objects.bulk_create(drawn)
    locked.state = ExperimentState.RUNNING
    locked.starts_at = now
    locked.save()
    _note(locked, "begin_experiment", actor, now, pupils=len(drawn), classes=len(classes))
    return locked


@transaction.atomic
def stop_experiment(*, experiment: Experiment, actor: Person, now: datetime) -> Experiment:
    """Everybody practises under the ordinary rule again; before its planned end, it ends now.

    The audit row keeps the planned end. Raises ExperimentRefused for one that does not run.
    """
    locked = _locked(experiment)
    reasons = _wrong_state(locked, ExperimentState.RUNNING)
    if reasons:
        raise ExperimentRefused(locked.title, reasons)
    planned = locked.ends_at
    locked.state = ExperimentState.STOPPED
    locked.ends_at = now if planned is None else min(planned, now)
    locked.save()
    _note(locked, "stop_experiment", actor, now, planned_end=str(planned))
    return locked


def arms(pupils: Sequence[UUID], *, class_group: UUID, seed: int) -> dict[UUID, str]:
    """Either rule to half of a class; of an odd number, one rule drawn for the class gets one more.

    Every way of halving the class is equally likely over seeds. Depends on nothing but the arguments, and
    not on the order of `pupils`.
    """
    shuffled = sorted(pupils, key=lambda one: _digest(seed, one))
    first = _digest(seed, class_group)[0] % 2
    return {one: "ab"[(place + first) % 2] for place, one in enumerate(shuffled)}


def _digest(seed: int, public_id: UUID) -> bytes:
    return hashlib.sha256(f"{seed}:{public_id}".encode()).digest()


def _drawn(
    experiment: Experiment, classes: Sequence[ClassGroup], now: datetime, *, only_who_chose: bool
) -> list[ExperimentAssignment]:
    """Without those who still have a rule from an experiment of the subject in the class they came from."""
    elsewhere = ExperimentAssignment.objects.filter(
        running_at(now, "experiment__"), experiment__subject=experiment.subject
    ).values("person")
    enrolled = Enrollment.objects.filter(role=Role.PUPIL).exclude(person__in=elsewhere)
    if only_who_chose:
        enrolled = enrolled.filter(chosen_subject=experiment.subject)
    rows = []
    for group in classes:
        own = dict(enrolled.filter(class_group=group).values_list("person__public_id", "person"))
        drawn = arms(list(own), class_group=group.public_id, seed=experiment.seed)
        rows += [
            ExperimentAssignment(
                experiment=experiment,
                person_id=own[public_id],
                class_group=group,
                arm=arm,
                assigned_at=now,
            )
            for public_id, arm in drawn.items()
        ]
    return rows


def _locked(experiment: Experiment) -> Experiment:
    return Experiment.objects.select_for_update().get(pk=experiment.pk)


def _wrong_state(experiment: Experiment, wanted: ExperimentState) -> list[str]:
    """A step is taken from exactly one state; there is no way back."""
    if experiment.state == wanted:
        return []
    return [f"it is {experiment.state}, and this step is taken only when it is {wanted.value}"]


def _note(experiment: Experiment, action: str, actor: Person, now: datetime, **detail: object) -> None:
    known = {"experiment": str(experiment.public_id), "state": str(experiment.state)}
    record(actor=actor, action=action, at=now, detail=known | detail)

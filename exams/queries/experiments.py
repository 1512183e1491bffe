"""Which experiments are there, and which rule chooses a pupil's practice while one runs?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.enums import Role
from accounts.models import ClassGroup, Enrollment, Organization, Person
from accounts.name_order import NameKey, name_key
from exams.enums import ExperimentState
from exams.models import Experiment, ExperimentAssignment


@dataclass(frozen=True, slots=True)
class SchoolChoice:
    """A school with its classes of the latest school year."""

    school: Organization
    class_groups: tuple[ClassGroup, ...]
    n_pupils: int


@dataclass(frozen=True, slots=True)
class RunningAssignment:
    """The policy by name, the experiment's public id, the arm ("a" or "b"), and the planned end."""

    policy: str
    experiment: UUID
    arm: str
    ends_at: datetime | None


def running_assignment(person: Person, subject: str, now: datetime) -> RunningAssignment | None:
    """None for everybody outside an experiment, and for all once its end has passed. One query."""
    found = (
        ExperimentAssignment.objects.filter(
            running_at(now, "experiment__"), person=person, experiment__subject=subject
        )
        .select_related("experiment")
        .order_by("assigned_at", "pk")
        .first()
    )
    if found is None:
        return None
    experiment = found.experiment
    policy = experiment.policy_a if found.arm == ExperimentAssignment.Arm.A else experiment.policy_b
    return RunningAssignment(policy, experiment.public_id, found.arm, experiment.ends_at)


def running_at(now: datetime, of: str = "") -> Q:
    """Begun, not stopped, and the planned end is not over; `of` is the way to the experiment."""
    return Q(
        **{
            f"{of}state": ExperimentState.RUNNING,
            f"{of}starts_at__lte": now,
            f"{of}ends_at__gt": now,
        }
    )


def all_experiments() -> QuerySet[Experiment]:
    """The latest first, each with its classes."""
    return Experiment.objects.prefetch_related("class_groups__school").select_related(
        "created_by", "approved_by"
    )


def find_experiment(public_id: UUID) -> Experiment | None:
    return all_experiments().filter(public_id=public_id).first()


def schools_to_choose_from(*, latin: bool) -> list[SchoolChoice]:
    """Every school with pupils in its latest school year, by region and name as the reader's script has them.

    One query.
    """
    rows = (
        ClassGroup.objects.select_related("school__parent")
        .annotate(n_pupils=Count("enrollments", filter=Q(enrollments__role=Role.PUPIL)))
        .filter(n_pupils__gt=0)
    )
    by_school: dict[int, list[ClassGroup]] = {}
    for group in rows:
        by_school.setdefault(group.school_id, []).append(group)
    choices = [_choice(groups) for groups in by_school.values()]
    return sorted(
        choices,
        key=lambda one: (place_key(one.school.parent, latin=latin), place_key(one.school, latin=latin)),
    )


def _choice(groups: list[ClassGroup]) -> SchoolChoice:
    year = max(group.school_year for group in groups)
    now = [group for group in groups if group.school_year == year]
    return SchoolChoice(
        now[0].school,
        tuple(now),
        sum(group.n_pupils for group in now),  # type: ignore[attr-defined]
    )


def place_key(place: Organization | None, *, latin: bool) -> NameKey:
    """Sorts regions and schools by name; none comes first. `latin` for readers of the Latin script."""
    return name_key(place.name if place else "", "", latin=latin)


def busy_classes(experiment: Experiment, now: datetime) -> QuerySet[ClassGroup]:
    """Classes of this experiment in which another one of the same subject runs at `now`."""
    others = Experiment.objects.filter(running_at(now), subject=experiment.subject).exclude(pk=experiment.pk)
    own = experiment.class_groups.order_by().values("pk")
    busy = ClassGroup.objects.filter(pk__in=own).filter(experiments__in=others)
    return busy.distinct().select_related("school")


def pupils_in_reach(experiment: Experiment, *, only_who_chose: bool) -> int:
    """Those drawn; before the draw, those in its classes now (`only_who_chose`: with it as third test)."""
    drawn = experiment.assignments.count()
    if drawn:
        return drawn
    enrolled = Enrollment.objects.filter(
        role=Role.PUPIL, class_group__in=experiment.class_groups.order_by().values("pk")
    )
    if only_who_chose:
        enrolled = enrolled.filter(chosen_subject=experiment.subject)
    return enrolled.count()

"""How is the demo world built, and is this database one?

First the people, the bank and the administrations, in one transaction, with a mark on every sitting that is
to be simulated; then those sittings, a hundred at a time, through the journal. A build that was cut off is
finished by the next run, because the marks say what is still to be done.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.enums import OrganizationKind, Role
from accounts.models import ClassGroup, Enrollment, Organization, Person
from exams.actions.administrations import grant_accommodation, schedule_administration
from exams.actions.bank import load_bank
from exams.enums import ResultsRelease, SittingState
from exams.models import Administration, Form, Sitting
from examsite.demo.accounts import Plan, create_people, read_plan
from examsite.demo.practice import practice_missing, simulate_practice
from examsite.demo.simulation import FIRST_FORM, SECOND_FORM, abilities, generator, who_sits
from examsite.demo.sitting import simulate_sittings
from scoring.actions.score import score_sittings

Report = Callable[[str], None]
SECOND_FORM_SHARE = 0.25
UNUSED_CARDS_SHARE = 0.5
NEARLY_ALL_SHARE = 0.96


def is_empty() -> bool:
    return not Organization.objects.exists() and not Person.objects.exists()


def is_demo() -> bool:
    """A ministry marked as simulated, and not one organization that is real."""
    marked = Organization.objects.filter(kind=OrganizationKind.MINISTRY, simulated=True).exists()
    return marked and not Organization.objects.filter(simulated=False).exists()


def build_world(*, now: datetime, report: Report, schools: int | None = None) -> bool:
    """Everything the demo needs, in a database that is empty or half-built; whether anything was missing.

    `schools` builds only the first ones. Not to be called inside a transaction: the journal is written on a
    connection of its own.
    """
    plan = read_plan(schools)
    created = is_empty()
    if created:
        report(f"Creating {plan.n_pupils:,} pupils, their schools, and the item bank …")
        _prepare(plan, now)
    # What came in between must be there before the second form is sat: who practised has learnt from it.
    forms = set(Form.objects.filter(administrations__isnull=False).values_list("identifier", flat=True))
    done = [
        _simulate(plan, now, report, forms - {SECOND_FORM}),
        _simulate_practice(plan, report),
        _simulate(plan, now, report, forms & {SECOND_FORM}),
    ]
    return created or any(done)


def _simulate(plan: Plan, now: datetime, report: Report, forms: set[str]) -> bool:
    waiting = Sitting.objects.filter(simulated=True, state=SittingState.READY, form__identifier__in=forms)
    if not waiting.exists():
        return False
    report(f"Simulating {waiting.count():,} sittings, response by response …")
    simulate_sittings(plan, now=now, forms=forms)
    report("Scoring them …")
    score_sittings(now=now)
    return True


def _simulate_practice(plan: Plan, report: Report) -> bool:
    missing = practice_missing(plan)
    if not missing:
        return False
    report(f"Simulating {missing:,} practice sets, each from the one before …")
    simulate_practice(plan)
    return True


@transaction.atomic
def _prepare(plan: Plan, now: datetime) -> None:
    load_bank(root=settings.FIXTURES_DIR, now=now)
    first = min(_opening(row, now) for row in plan.world["administrations"])
    create_people(plan, now=first - timedelta(days=7))
    _accommodate(plan)
    for row in plan.world["administrations"]:
        _schedule(plan, row, now)
    _mark(plan)


def _opening(row: dict[str, Any], now: datetime) -> datetime:
    day = (timezone.localtime(now) - timedelta(days=row["opened_days_ago"])).date()
    return timezone.make_aware(datetime.combine(day, time(8)))


def _accommodate(plan: Plan) -> None:
    """Half as much time again for one pupil in each of the demo teacher's classes."""
    school = plan.schools[0]
    for name in school["teacher"]:
        pupils = pupils_in_order(ClassGroup.objects.get(school__name=school["name"], name=name))
        grant_accommodation(candidate=pupils[len(pupils) // 2], time_percent=150)


def _schedule(plan: Plan, row: dict[str, Any], now: datetime) -> Administration | None:
    two_hours = {
        (school["name"], name)
        for school in plan.schools
        if school.get("two_hours", {}).get("form") == row["form"]
        for name in school["two_hours"]["classes"]
    }
    offered_to = {school["name"] for school in plan.schools[: row.get("schools")]}
    groups = [
        group
        for group in ClassGroup.objects.select_related("school").order_by("pk")
        if group.school.name in offered_to
        and ((group.school.name, group.name) in two_hours) == (row["minutes"] == 120)
    ]
    if not groups:
        return None
    opens_at = _opening(row, now)
    return schedule_administration(
        form=Form.objects.get(identifier=row["form"]),
        title_sr=row["title_sr"],
        title_en=row["title_en"],
        opens_at=opens_at,
        closes_at=None,
        limit_seconds=row["minutes"] * 60,
        results_release=ResultsRelease.AT_HAND_IN,
        class_groups=groups,
        only_who_chose=row.get("only_who_chose", False),
        now=opens_at - timedelta(days=7),
    )


def _mark(plan: Plan) -> None:
    """Choose who has sat. All others are left to whoever tries the demo."""
    sat: list[int] = []
    again: list[int] = []
    cards: list[int] = []
    for school in plan.schools:
        mean = plan.school_means[school["name"]]
        for group in ClassGroup.objects.filter(school__name=school["name"]).order_by("pk"):
            pupils = pupils_in_order(group)
            cards += [pupil.pk for pupil in pupils if group.name == school.get("cards")]
            theta = abilities(school["name"], group.name, len(pupils), school_mean=mean)
            rng = generator("sits", school["name"], group.name)
            sits = who_sits(theta, _share(plan, school, group.name), rng)
            keen = rng.random(len(pupils)) < SECOND_FORM_SHARE
            sat += [pupil.pk for pupil, one in zip(pupils, sits, strict=True) if one]
            again += [pupil.pk for pupil, one in zip(pupils, sits & keen, strict=True) if one]
    Sitting.objects.filter(form__identifier=FIRST_FORM, candidate__in=sat).update(simulated=True)
    Sitting.objects.filter(form__identifier=SECOND_FORM, candidate__in=again).update(simulated=True)
    others = Sitting.objects.exclude(form__identifier__in=[FIRST_FORM, SECOND_FORM])
    others.filter(candidate__in=sat).exclude(candidate__in=cards).update(simulated=True)


def _share(plan: Plan, school: dict[str, Any], class_name: str) -> float:
    if class_name == school.get("cards"):
        return UNUSED_CARDS_SHARE
    if class_name == school.get("nearly_all"):
        return NEARLY_ALL_SHARE
    return float(plan.region(school["region"])["sat"])


def pupils_in_order(group: ClassGroup) -> list[Person]:
    """The pupils of a class in the order in which they were created: to it the simulation holds."""
    enrollments = Enrollment.objects.filter(class_group=group, role=Role.PUPIL).select_related("person")
    return [enrollment.person for enrollment in enrollments.order_by("person_id")]

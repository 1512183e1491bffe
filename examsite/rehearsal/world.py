"""Who sits a rehearsal? Invented pupils in classes of thirty, in a database that holds nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction

from accounts import cards
from accounts.enums import OrganizationKind, Role
from accounts.models import ClassGroup, Enrollment, LoginCard, Organization, Person
from exams.actions.administrations import schedule_administration
from exams.actions.bank import load_bank
from exams.enums import ResultsRelease
from exams.models import Form, Sitting
from examsite.rehearsal.phone import Pupil

MARK = "Rehearsal"
CLASS_SIZE = 30
LIMIT = timedelta(hours=2)
FORM = "ma-a"


class NotARehearsal(Exception):
    """The database holds people or organizations that no rehearsal has made."""


def prepare(n_pupils: int, *, now: datetime) -> list[Pupil]:
    """One more school with `n_pupils` in one administration of the real form, each with a card.

    Migrates the database first. Raises NotARehearsal, having changed nothing else.
    """
    if Organization._meta.db_table in connection.introspection.table_names():
        _refuse_what_is_real()
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        load_bank(root=settings.FIXTURES_DIR, now=now)
        return _school(n_pupils, now)


def _refuse_what_is_real() -> None:
    made_here = Organization.objects.filter(simulated=True, name__startswith=MARK)
    foreign = Organization.objects.exclude(pk__in=made_here)
    people = Person.objects.exclude(enrollments__class_group__school__in=made_here)
    if foreign.exists() or people.exists():
        raise NotARehearsal(
            f"The database {connection.settings_dict['NAME']} holds more than a rehearsal; nothing was "
            "changed. Give the rehearsal an empty one."
        )


def _school(n_pupils: int, now: datetime) -> list[Pupil]:
    ministry, _ = Organization.objects.get_or_create(
        kind=OrganizationKind.MINISTRY, name=MARK, defaults={"simulated": True}
    )
    number = Organization.objects.filter(kind=OrganizationKind.SCHOOL).count() + 1
    school = Organization.objects.create(
        kind=OrganizationKind.SCHOOL, name=f"{MARK} {number}", parent=ministry, simulated=True
    )
    groups = ClassGroup.objects.bulk_create(
        ClassGroup(school=school, name=f"8-{place}", school_year=f"{now.year}/{now.year + 1}")
        for place in range(1, -(-n_pupils // CLASS_SIZE) + 1)
    )
    codes = _pupils(groups, n_pupils, now)
    administration = schedule_administration(
        form=Form.objects.get(identifier=FORM),
        title_sr=f"Проба {number}",
        title_en=f"{MARK} {number}",
        opens_at=now,
        closes_at=None,
        limit_seconds=int(LIMIT.total_seconds()),
        results_release=ResultsRelease.AT_HAND_IN,
        class_groups=groups,
        now=now,
    )
    sittings = Sitting.objects.filter(administration=administration).order_by("candidate_id")
    found = dict(sittings.values_list("candidate_id", "public_id"))
    return [Pupil(code, str(found[person]), place) for place, (person, code) in enumerate(codes.items())]


def _pupils(groups: list[ClassGroup], n_pupils: int, now: datetime) -> dict[int, str]:
    """Card codes by person."""
    unusable = make_password(None)
    people = Person.objects.bulk_create(
        Person(given_name="Ученик", family_name=f"{place + 1}.", password=unusable)
        for place in range(n_pupils)
    )
    Enrollment.objects.bulk_create(
        Enrollment(person=person, class_group=groups[place // CLASS_SIZE], role=Role.PUPIL)
        for place, person in enumerate(people)
    )
    codes = {person.pk: cards.new_code() for person in people}
    secret = settings.SECRETS["CARD_SECRET"]
    LoginCard.objects.bulk_create(
        LoginCard(person_id=key, digest=cards.digest(code, secret=secret), issued_at=now)
        for key, code in codes.items()
    )
    return codes

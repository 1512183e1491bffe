"""With what can the demo be entered now? Asked of the database each time, because cards get used."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse

from accounts import cards
from accounts.enums import Role
from accounts.models import Enrollment, LoginCard, Person
from exams.enums import FormPurpose, SittingState
from exams.models import Sitting
from examsite.demo.accounts import card_code, read_plan, staff_password
from examsite.demo.simulation import FIRST_FORM

READY_AT_MOST, SAT_AT_MOST, ON_SCREEN = 12, 4, 6
ROLES = {
    Role.TEACHER: "teacher",
    Role.INVIGILATOR: "invigilator",
    Role.ANALYST: "ministry analyst",
    Role.AUTHOR: "item author",
    Role.PSYCHOMETRICIAN: "psychometrician",
}
Entries = dict[str, Any]


def entries(base: str) -> Entries:
    """Address, pupils whose form A waits, some who have sat it, of these some who have practised, and staff;
    `base` ends without a slash.
    """
    # Those with other times come last: whoever tries the demo expects sixty minutes.
    trial = Sitting.objects.filter(form__identifier=FIRST_FORM, administration__isnull=False).order_by(
        "administration__limit_seconds", "time_percent", "candidate_id"
    )
    return {
        "url": f"{base}/",
        "pupils": _pupils(trial.filter(state=SittingState.READY, simulated=False), base, READY_AT_MOST),
        "pupils_sat": _pupils(trial.filter(state=SittingState.SEALED), base, SAT_AT_MOST),
        "pupils_practised": _pupils(_with_practice(trial), base, SAT_AT_MOST),
        "staff": [_staff(row, base) for row in read_plan().world["staff"]],
    }


def screen(shown: Entries) -> str:
    """The same for a person, on one screen."""
    lines = [f"Proba with a demo world (every pupil, school and result is invented): {shown['url']}", ""]
    lines += ["Pupils whose trial exam is still to be sat, with the code of their card:"]
    lines += [_pupil_line(pupil) for pupil in shown["pupils"][:ON_SCREEN]] or [
        "  none any more; `make demo-reset` starts over"
    ]
    lines += ["", "A pupil who has sat it:"]
    lines += [_pupil_line(pupil) for pupil in shown["pupils_sat"][:1]]
    lines += ["", "A pupil who has practised since:"]
    lines += [_pupil_line(pupil) for pupil in shown["pupils_practised"][:1]]
    lines += ["", f"Staff sign in at {shown['staff'][0]['url']}"]
    lines += [
        f"  {ROLES[Role(one['role'])]:<17} {one['email']:<26} {one['password']}" for one in shown["staff"]
    ]
    return "\n".join(lines)


def _with_practice(trial: QuerySet[Sitting]) -> QuerySet[Sitting]:
    """Of those who sat it, whoever has practised most first."""
    sets = Sitting.objects.filter(candidate=OuterRef("candidate"), form__purpose=FormPurpose.PRACTICE)
    number = sets.finished().order_by().values("candidate").annotate(n=Count("pk")).values("n")
    return (
        trial.filter(state=SittingState.SEALED)
        .annotate(n_practised=Subquery(number))
        .filter(n_practised__gt=0)
        .order_by("-n_practised", "candidate_id")
    )


def _pupil_line(pupil: dict[str, str]) -> str:
    return f"  {pupil['name']:<24} {pupil['class']:<4} {pupil['code']}  {pupil['url']}"


def _pupils(sittings: QuerySet[Sitting], base: str, at_most: int) -> list[dict[str, str]]:
    """Only pupils whose demo card is valid: a card may have been replaced since."""
    valid = set(LoginCard.objects.filter(revoked_at=None).values_list("digest", flat=True))
    found: list[dict[str, str]] = []
    for sitting in sittings.select_related("candidate")[: 4 * at_most]:
        code = card_code(sitting.candidate.public_id)
        if len(found) < at_most and cards.digest(code, secret=settings.SECRETS["CARD_SECRET"]) in valid:
            found.append(_pupil(sitting.candidate, cards.pretty(code), base))
    return found


def _pupil(person: Person, code: str, base: str) -> dict[str, str]:
    group = Enrollment.objects.select_related("class_group").get(person=person, role=Role.PUPIL).class_group
    url = f"{base}{reverse('sign_in')}#{code}"
    return {"name": person.full_name, "class": group.name, "code": code, "url": url}


def _staff(row: dict[str, str], base: str) -> dict[str, str]:
    return {
        "role": row["role"],
        "name": f"{row['given_name']} {row['family_name']}",
        "email": row["email"],
        "password": staff_password(row["email"]),
        "url": base + reverse("account_login"),
    }

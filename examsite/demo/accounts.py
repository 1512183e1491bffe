"""Who lives in the demo world, and with what do they sign in?

Codes and passwords follow from the secrets of this installation, so that they can be printed again at any
time and are stored nowhere; another installation has others.
"""

from __future__ import annotations

import hashlib
import hmac
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts import cards
from accounts.enums import OrganizationKind, Role
from accounts.models import ClassGroup, Enrollment, LoginCard, Membership, Organization, Person
from examsite.demo.simulation import generator, school_means

FOLDER = settings.FIXTURES_DIR / "demo"


@dataclass(frozen=True, slots=True)
class Plan:
    """world.toml, perhaps with its first schools only, names.toml, and the mean theta of every school."""

    world: dict[str, Any]
    names: dict[str, dict[str, list[str]]]
    school_means: dict[str, float]

    @property
    def schools(self) -> list[dict[str, Any]]:
        schools: list[dict[str, Any]] = self.world["schools"]
        return schools

    @property
    def n_pupils(self) -> int:
        return sum(sum(school["classes"]) for school in self.schools)

    def region(self, name: str) -> dict[str, Any]:
        return next(region for region in self.world["regions"] if region["name"] == name)


def read_plan(schools: int | None = None) -> Plan:
    """`schools`: how many, from the top of the file; None for all."""
    world = tomllib.loads((FOLDER / "world.toml").read_text(encoding="utf-8"))
    means = school_means(
        {region["name"]: region["ability"] for region in world["regions"]},
        {school["name"]: (school["region"], sum(school["classes"])) for school in world["schools"]},
    )
    world["schools"] = world["schools"][:schools]
    return Plan(world, tomllib.loads((FOLDER / "names.toml").read_text(encoding="utf-8")), means)


def card_code(pupil: UUID) -> str:
    return cards.code_from_bytes(_derived("CARD_SECRET", f"demo-card:{pupil}"))


def staff_password(email: str) -> str:
    code = cards.code_from_bytes(_derived("DJANGO_SECRET_KEY", f"demo-password:{email}"))
    return cards.pretty(code).lower()


def _derived(secret: str, purpose: str) -> bytes:
    return hmac.new(settings.SECRETS[secret].encode(), purpose.encode(), hashlib.sha256).digest()


def create_people(plan: Plan, *, now: datetime) -> None:
    """Ministry, regions, schools, classes, pupils with cards, staff. Part of the caller's transaction."""
    ministry = _organization(OrganizationKind.MINISTRY, plan.world["ministry"], None)
    regions = {
        region["name"]: _organization(OrganizationKind.REGION, region["name"], ministry)
        for region in plan.world["regions"]
    }
    for number, row in enumerate(plan.schools):
        school = _organization(OrganizationKind.SCHOOL, row["name"], regions[row["region"]])
        classes = _classes(school, row["classes"], school_year(now))
        shares = plan.region(row["region"])["names"]
        _pupils(classes, row["classes"], shares, plan.names, plan.world["chosen_subjects"], now)
        if number == 0:
            _staff(plan, ministry, school, [group for group in classes if group.name in row["teacher"]])


def school_year(now: datetime) -> str:
    first = now.year if now.month >= 9 else now.year - 1
    return f"{first}/{first + 1}"


def _organization(kind: OrganizationKind, name: str, parent: Organization | None) -> Organization:
    return Organization.objects.create(kind=kind, name=name, parent=parent, simulated=True)


def _classes(school: Organization, sizes: list[int], year: str) -> list[ClassGroup]:
    return ClassGroup.objects.bulk_create(
        ClassGroup(school=school, name=f"8-{number}", school_year=year) for number, _ in enumerate(sizes, 1)
    )


def _pupils(
    classes: list[ClassGroup],
    sizes: list[int],
    shares: dict[str, float],
    names: dict[str, dict[str, list[str]]],
    chosen_shares: dict[str, float],
    now: datetime,
) -> None:
    for group, size in zip(classes, sizes, strict=True):
        rng = generator("names", group.school.name, group.name)
        # No e-mail and no usable password: pupils sign in by card only.
        people = Person.objects.bulk_create(
            Person(given_name=given, family_name=family, password=make_password(None))
            for given, family in _names(size, shares, names, rng)
        )
        chosen = generator("chosen", group.school.name, group.name).choice(
            list(chosen_shares), size=size, p=list(chosen_shares.values())
        )
        Enrollment.objects.bulk_create(
            Enrollment(person=person, class_group=group, role=Role.PUPIL, chosen_subject=str(subject))
            for person, subject in zip(people, chosen, strict=True)
        )
        secret = settings.SECRETS["CARD_SECRET"]
        LoginCard.objects.bulk_create(
            LoginCard(
                person=person, digest=cards.digest(card_code(person.public_id), secret=secret), issued_at=now
            )
            for person in people
        )


def _names(
    size: int, shares: dict[str, float], names: dict[str, dict[str, list[str]]], rng: np.random.Generator
) -> Iterator[tuple[str, str]]:
    """Given and family names of one class, no two pupils alike."""
    groups = ["sr", *shares]
    weights = [1 - sum(shares.values()), *shares.values()]
    taken: set[tuple[str, str]] = set()
    while len(taken) < size:
        group = names[groups[int(rng.choice(len(groups), p=weights))]]
        given = group["girls" if rng.random() < 0.5 else "boys"]
        pair = (str(rng.choice(given)), str(rng.choice(group["families"])))
        if pair not in taken:
            taken.add(pair)
            yield pair


def _staff(plan: Plan, ministry: Organization, school: Organization, taught: list[ClassGroup]) -> None:
    for row in plan.world["staff"]:
        person = Person.objects.create_user(
            row["email"],
            staff_password(row["email"]),
            given_name=row["given_name"],
            family_name=row["family_name"],
        )
        if row["role"] == Role.TEACHER:
            for group in taught:
                Enrollment.objects.create(person=person, class_group=group, role=Role.TEACHER)
        else:
            where = ministry if row["role"] in (Role.ANALYST, Role.AUTHOR, Role.PSYCHOMETRICIAN) else school
            Membership.objects.create(person=person, organization=where, role=row["role"])

"""How do the sittings marked as simulated come to be sat, handed in and sealed, in order of time?"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import numpy as np
from django.conf import settings
from django.utils import timezone

from accounts.enums import Role
from accounts.models import ClassGroup
from exams.actions.sealing import seal_due
from exams.enums import FormPurpose, Language, SittingState
from exams.intake.connection import Connection, connect
from exams.intake.store import Store
from exams.models import CurrentResponse, Form, Sitting
from examsite.demo import phone
from examsite.demo.accounts import FOLDER, Plan
from examsite.demo.responses import repertoire, written_texts
from examsite.demo.simulation import (
    FIRST_FORM,
    GAIN_PER_ITEM,
    MONTH_OF_LEARNING,
    SECOND_FORM,
    SEED,
    SHARED_WITH_MATHEMATICS,
    SimulatedItem,
    Step,
    abilities,
    generator,
    half_points,
    script,
    true_parameters,
)
from scoring.categories import category_half_points
from scoring.irt.types import FloatArray, ItemParameters
from scoring.reference import reference_data

GROUP = 100
_LESSONS = (time(8, 15), time(10, 0), time(11, 45))


@dataclass(frozen=True, slots=True)
class Planned:
    """One sitting to come, with everything its pupil will do; times in ms."""

    key: int
    public_id: str
    started_at: int
    latest_end: int
    steps: list[Step]
    names: tuple[object, ...]


def simulate_sittings(plan: Plan, *, now: datetime, forms: Collection[str]) -> None:
    """Fills, closes and seals every marked sitting of these forms that is still ready."""
    planned = sorted(_planned(plan, forms), key=lambda one: one.started_at)
    for group in _groups(planned):
        write(group)
        last = max(one.latest_end for one in group) / 1000
        seal_due(now=min(now, datetime.fromtimestamp(last, tz=UTC) + timedelta(minutes=2)))
    seal_due(now=now)


def _groups(planned: list[Planned]) -> Iterator[list[Planned]]:
    for first in range(0, len(planned), GROUP):
        yield planned[first : first + GROUP]


def write(group: Iterable[Planned]) -> None:
    """Delivers all of them in one transaction, on a connection of the journal's own."""
    connection = connect(settings.DATABASES["default"])
    try:
        _deliver(connection, group)
    finally:
        connection.close()


def _deliver(connection: Connection, group: Iterable[Planned]) -> None:
    store = Store(connection)
    connection.begin()
    try:
        for one in group:
            phone.deliver(
                store,
                key=one.key,
                sitting=one.public_id,
                started_at=one.started_at,
                steps=one.steps,
                rng=generator("phone", *one.names),
            )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _planned(plan: Plan, wanted: Collection[str]) -> Iterator[Planned]:
    forms = {form.pk: form for form in Form.objects.filter(administrations__isnull=False).distinct()}
    items = {key: simulated_items(form) for key, form in forms.items()}
    by_ref = {item.ref: item for own in items.values() for item in own}
    every = true_parameters(list(by_ref.values()), reference_data().assumptions)
    places = {ref: place for place, ref in enumerate(by_ref)}
    for school in plan.schools:
        mean = plan.school_means[school["name"]]
        for group in ClassGroup.objects.filter(school__name=school["name"]).order_by("pk"):
            for key, own in items.items():
                if forms[key].identifier not in wanted:
                    continue
                parameters = every.select([places[item.ref] for item in own])
                yield from _class_sittings(group, forms[key], own, parameters, mean)


def _class_sittings(
    group: ClassGroup, form: Form, items: list[SimulatedItem], parameters: ItemParameters, mean: float
) -> Iterator[Planned]:
    pupils = list(
        group.enrollments.filter(role=Role.PUPIL).order_by("person_id").values_list("person_id", flat=True)
    )
    names = (group.school.name, group.name, form.identifier)
    theta = _theta(group, form, pupils, mean)
    points = half_points(
        theta,
        parameters,
        category_half_points([item.half_point_table for item in items]),
        seed=zlib.crc32("/".join(map(str, (SEED, *names))).encode()),
    )
    marked = Sitting.objects.filter(
        form=form, candidate__in=pupils, simulated=True, state=SittingState.READY
    ).select_related("administration")
    for sitting in marked:
        rules = sitting.administration
        if rules is None:
            continue  # practice: nobody simulates that
        number = pupils.index(sitting.candidate_id)
        rng = generator("sitting", *names, number)
        limit_ms = rules.limit_seconds * sitting.time_percent * 10
        started_at = round(_start(rules.opens_at, names, number).timestamp() * 1000)
        yield Planned(
            key=sitting.pk,
            public_id=str(sitting.public_id),
            started_at=started_at,
            latest_end=started_at + limit_ms,
            steps=script(items, points[number].tolist(), float(theta[number]), limit_ms, rng),
            names=(*names, number),
        )


def _theta(group: ClassGroup, form: Form, pupils: list[int], mean: float) -> FloatArray:
    n_pupils = len(pupils)
    theta = abilities(group.school.name, group.name, n_pupils, school_mean=mean)
    if form.identifier == FIRST_FORM:
        return theta
    if form.identifier != SECOND_FORM:
        own = generator("subject", form.subject, group.school.name, group.name).standard_normal(n_pupils)
        return SHARED_WITH_MATHEMATICS * theta + math.sqrt(1 - SHARED_WITH_MATHEMATICS**2) * own
    # Whoever sits the second form has learnt something since, or has a better or worse day.
    change = generator("learning", group.school.name, group.name).standard_normal(n_pupils)
    return theta + MONTH_OF_LEARNING + 0.1 * change + GAIN_PER_ITEM * practised_items(pupils)


def practised_items(person_ids: list[int]) -> FloatArray:
    """How many items each of them has practised, (N,)."""
    seen = CurrentResponse.objects.filter(
        sitting__candidate__in=person_ids, sitting__form__purpose=FormPurpose.PRACTICE
    )
    counts = Counter(seen.order_by().values_list("sitting__candidate_id", flat=True))
    return np.array([counts[person_id] for person_id in person_ids], dtype=np.float64)


def _start(opens_at: datetime, names: tuple[str, ...], number: int) -> datetime:
    """At school a class sits together; the second form is sat at home, on an afternoon since then."""
    opened = timezone.localtime(opens_at)
    together, alone = generator("day", *names), generator("start", *names, number)
    if names[-1] != SECOND_FORM:
        week = [opened + timedelta(days=ahead) for ahead in range(7)]
        day = [day for day in week if day.weekday() < 5][int(together.integers(4))]
        begin = datetime.combine(day.date(), _LESSONS[int(together.integers(len(_LESSONS)))])
        return timezone.make_aware(begin) + timedelta(milliseconds=int(alone.integers(240_000)))
    begin = datetime.combine(opened.date() + timedelta(days=int(alone.integers(6))), time(14))
    return timezone.make_aware(begin) + timedelta(milliseconds=int(alone.integers(6 * 3_600_000)))


def simulated_items(form: Form) -> list[SimulatedItem]:
    """The form's items in order, with what pupils might put down for each."""
    found = []
    written = written_texts(FOLDER / "written.toml")
    rows = form.form_items.select_related("version__standard", "version__item").prefetch_related(
        "version__texts"
    )
    for row in rows.order_by("position"):
        version = row.version
        text = next(text for text in version.texts.all() if text.language == Language.SERBIAN)
        found.append(
            SimulatedItem(
                ref=version.ref,
                standard_level=version.standard.standard_level,
                half_point_table=tuple(version.key["half_points"]),
                n_choices=len(text.content["choices"]) if version.interaction == "choice" else 0,
                pools=written.get(version.item.identifier)
                or repertoire(version.ref, version.key, text.content, list(text.solution["misconceptions"])),
            )
        )
    return found

"""How do simulated pupils come to have practised since their first trial, and to have learnt from it?

The demo teacher's classes only. The sets are those that the platform itself suggests on the day, one round
after the other with the estimates in between, and what is put down reaches the journal as from a phone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import ClassGroup, Person
from exams.actions.sealing import seal_due
from exams.enums import (
    FormPurpose,
    InteractionType,
    ItemRole,
    Language,
    PracticeKind,
    Security,
    SittingState,
)
from exams.models import FormItem, ItemVersion, Sitting
from examsite.demo.accounts import Plan
from examsite.demo.responses import Pool, repertoire
from examsite.demo.simulation import (
    FIRST_FORM,
    GAIN_PER_ITEM,
    SECOND_FORM,
    SimulatedItem,
    abilities,
    generator,
    half_points,
    practice_script,
    true_parameters,
)
from examsite.demo.sitting import Planned, practised_items, write
from scoring.actions.practice import open_practice_set
from scoring.actions.score import score_sittings
from scoring.categories import category_half_points
from scoring.errors import NothingToPractise
from scoring.irt.types import ItemParameters
from scoring.reference import reference_data

SUBJECT = "mathematics"
WHO_PRACTISES = 0.65
WEEKS = 5
FEWEST, MOST = 2, 5
"""Sets of a pupil who practises."""
KINDS = {PracticeKind.FULL: 0.4, PracticeKind.QUICK: 0.35, PracticeKind.MISTAKES: 0.25}
HINT, SPARE = 0.3, 0.6
"""Of what would be missed: how often a hint is asked for first, and how often a similar one is tried."""


@dataclass(frozen=True, slots=True)
class Practiser:
    """A pupil with the moments at which they practise, and their true ability at their first trial."""

    person_id: int
    names: tuple[object, ...]
    theta: float
    moments: tuple[datetime, ...]


def practice_missing(plan: Plan) -> int:
    """How many of the planned sets are not over yet."""
    return sum(max(0, len(one.moments) - _finished(one)) for one in _practisers(plan))


def simulate_practice(plan: Plan) -> None:
    """The planned sets that are missing, round by round: what one set showed decides about the next."""
    pupils, bank = list(_practisers(plan)), _Bank()
    people = Person.objects.in_bulk([one.person_id for one in pupils])
    for number in range(MOST):
        due = [one for one in pupils if len(one.moments) > number >= _finished(one)]
        opened = [(one, _opened(one, number, people[one.person_id])) for one in due]
        rounds = [_planned(one, number, sitting, bank) for one, sitting in opened if sitting is not None]
        if not rounds:
            continue
        write(rounds)
        last = datetime.fromtimestamp(max(one.latest_end for one in rounds) / 1000, tz=UTC)
        seal_due(now=last + timedelta(minutes=2))
        score_sittings(now=last + timedelta(minutes=3))


def _practisers(plan: Plan) -> Iterator[Practiser]:
    school = plan.schools[0]
    for name in school["teacher"]:
        group = ClassGroup.objects.get(school__name=school["name"], name=name)
        pupils = list(
            group.enrollments.filter(role=Role.PUPIL)
            .order_by("person_id")
            .values_list("person_id", flat=True)
        )
        theta = abilities(school["name"], name, len(pupils), school_mean=plan.school_means[school["name"]])
        sittings = Sitting.objects.filter(candidate__in=pupils, simulated=True)
        sat, again = dict[int, datetime](), dict[int, datetime]()
        for sitting in sittings.select_related("form", "administration"):
            if sitting.form.identifier == FIRST_FORM and sitting.handed_in_at is not None:
                sat[sitting.candidate_id] = sitting.handed_in_at
            elif sitting.form.identifier == SECOND_FORM and sitting.administration is not None:
                again[sitting.candidate_id] = sitting.administration.opens_at
        for number, person_id in enumerate(pupils):
            names = (school["name"], name, number)
            if person_id in sat and generator("practises", *names).random() < WHO_PRACTISES:
                until = again.get(person_id, sat[person_id] + timedelta(weeks=WEEKS - 1))
                moments = _moments(sat[person_id], until, generator("when", *names))
                yield Practiser(person_id, names, float(theta[number]), moments)


def _moments(after: datetime, until: datetime, rng: np.random.Generator) -> tuple[datetime, ...]:
    """Afternoons between the two, on different days."""
    first = timezone.localtime(after).date()
    days = [first + timedelta(days=ahead) for ahead in range(1, (until - after).days)]
    wanted = min(len(days), int(rng.integers(FEWEST, MOST + 1)))
    chosen = sorted(rng.choice(len(days), size=wanted, replace=False).tolist())
    return tuple(
        timezone.make_aware(datetime.combine(days[day], time(15)))
        + timedelta(seconds=int(rng.integers(5 * 3600)))
        for day in chosen
    )


def _finished(one: Practiser) -> int:
    return (
        Sitting.objects.filter(candidate_id=one.person_id, form__purpose=FormPurpose.PRACTICE, simulated=True)
        .finished()
        .count()
    )


@transaction.atomic
def _opened(one: Practiser, number: int, person: Person) -> Sitting | None:
    """The set the pupil gets that day, marked as simulated."""
    rng = generator("kind", *one.names, number)
    wanted = list(KINDS)[int(rng.choice(len(KINDS), p=list(KINDS.values())))]
    for kind in dict.fromkeys((wanted, PracticeKind.FULL)):
        try:
            sitting = open_practice_set(
                person=person, subject=SUBJECT, now=one.moments[number], kind=kind, pocket=False
            )
        except NothingToPractise:
            continue
        Sitting.objects.filter(pk=sitting.pk, state=SittingState.READY).update(simulated=True)
        return sitting
    return None


def _planned(one: Practiser, number: int, sitting: Sitting, bank: _Bank) -> Planned:
    """What the pupil does with the set; they are as good as practice and time have made them by then."""
    rows = list(
        FormItem.objects.filter(form_id=sitting.form_id).select_related("version").order_by("position")
    )
    weeks = (one.moments[number] - one.moments[0]).days / 7
    practised = float(practised_items([one.person_id])[0])
    theta = one.theta + GAIN_PER_ITEM * practised + 0.02 * weeks
    refs = [row.version.ref for row in rows]
    items = bank.items(refs)
    earned = half_points(
        np.array([theta]),
        bank.parameters(refs),
        category_half_points([item.half_point_table for item in items]),
        seed=int(generator("practice", *one.names, number).integers(2**32)),
    )[0]
    spares = {
        row.selection["for"]: row.version.ref
        for row in rows
        if row.selection and row.selection["role"] == ItemRole.SPARE
    }
    rng = generator("practising", *one.names, number)
    steps = practice_script(items, earned.tolist(), spares, rng, hint=HINT, spare=SPARE)
    started_at = round(one.moments[number].timestamp() * 1000)
    return Planned(
        key=sitting.pk,
        public_id=str(sitting.public_id),
        started_at=started_at,
        latest_end=started_at + steps[-1].after_ms,
        steps=steps,
        names=(*one.names, "practice", number),
    )


class _Bank:
    """Every released version of the subject, with the simulated truth about it."""

    def __init__(self) -> None:
        versions = (
            ItemVersion.objects.filter(item__subject=SUBJECT, item__security=Security.RELEASED)
            .select_related("standard")
            .prefetch_related("texts")
            .order_by("ref")
        )
        self._versions = {version.ref: version for version in versions}
        self._items = [_item(version, {}) for version in self._versions.values()]
        self._places = {item.ref: place for place, item in enumerate(self._items)}
        self._truth = true_parameters(self._items, reference_data().assumptions)
        self._ready: dict[str, SimulatedItem] = {}

    def parameters(self, refs: Sequence[str]) -> ItemParameters:
        return self._truth.select(np.array([self._places[ref] for ref in refs], dtype=np.int64))

    def items(self, refs: Sequence[str]) -> list[SimulatedItem]:
        """With what pupils might put down; worked out when an item is first met, for few of them are."""
        for ref in refs:
            if ref not in self._ready:
                version = self._versions[ref]
                text = next(text for text in version.texts.all() if text.language == Language.SERBIAN)
                pools = repertoire(ref, version.key, text.content, list(text.solution["misconceptions"]))
                self._ready[ref] = _item(version, pools)
        return [self._ready[ref] for ref in refs]


def _item(version: ItemVersion, pools: dict[int, Pool]) -> SimulatedItem:
    is_choice = version.interaction == InteractionType.CHOICE
    return SimulatedItem(
        ref=version.ref,
        standard_level=version.standard.standard_level,
        half_point_table=tuple(version.key["half_points"]),
        n_choices=len(version.texts.all()[0].content["choices"]) if is_choice else 0,
        pools=pools,
    )

"""Who of a class practised lately, what, and did it help as far as responses can tell?

Pupils come in the order of names, whatever they did: this is no contest. A pupil's own change is there only
when it is more than noise, and the class's mean only from five pupils on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from accounts.models import Person
from exams.enums import FormPurpose, SittingState
from exams.models import Domain, Sitting
from exams.models.sitting import SittingQuerySet
from scoring.change import Change, MeanChange, mean_change
from scoring.models import ScoringRun
from scoring.queries.changes import NOTHING, Practised, PupilChange, changes_of
from scoring.queries.class_results import FEWEST_PUPILS

WEEKS = (2, 4)
"""Over how many weeks one may look back."""

USUAL_WEEKS = 4
"""Where nobody chose: on the page of a class and on that of each of its pupils, so that both say the same."""

LEAST_BEFORE = 10
"""From fewer responses before the weeks looked at, nobody knows where a pupil started from."""
LEAST_SINCE = 5


@dataclass(frozen=True, slots=True)
class PupilPractice:
    """`change`: only where it is more than noise. `compared`: is there enough before and since to compare?"""

    pupil: Person
    practised: Practised
    change: Change | None
    compared: bool


@dataclass(frozen=True, slots=True)
class ClassPractice:
    """`mean`: over those who practised and can be compared; None when they are fewer than five."""

    subject: str
    weeks: int
    rows: tuple[PupilPractice, ...]
    domains: tuple[tuple[Domain, int], ...]
    mean: MeanChange | None
    simulated: bool

    @property
    def did(self) -> tuple[PupilPractice, ...]:
        return tuple(row for row in self.rows if row.practised.sets)

    @property
    def did_not(self) -> tuple[PupilPractice, ...]:
        return tuple(row for row in self.rows if not row.practised.sets)

    @property
    def n_sets(self) -> int:
        return sum(row.practised.sets for row in self.rows)

    @property
    def n_items(self) -> int:
        return sum(row.practised.items for row in self.rows)

    @property
    def n_compared(self) -> int:
        return sum(row.compared for row in self.did)


@dataclass(frozen=True, slots=True)
class PracticeSummary:
    """In all subjects, in the last `weeks`: the usual ones."""

    n_pupils: int
    n_practised: int
    n_sets: int
    weeks: int


def practice_summary(pupils: Sequence[Person], *, now: datetime) -> PracticeSummary:
    """How many of a class handed in practice. One query."""
    found = _handed_in(pupils, weeks=USUAL_WEEKS, now=now).aggregate(
        sets=Count("pk"), people=Count("candidate", distinct=True)
    )
    return PracticeSummary(len(pupils), found["people"], found["sets"], USUAL_WEEKS)


def practised_subjects(pupils: Sequence[Person], *, weeks: int, now: datetime) -> list[str]:
    """Subjects in which practice was handed in, the one with most sets first. One query."""
    rows = (
        _handed_in(pupils, weeks=weeks, now=now)
        .order_by()
        .values("form__subject")
        .annotate(n=Count("pk"))
        .order_by("-n", "form__subject")
    )
    return [row["form__subject"] for row in rows]


def practice_of_class(
    pupils: Sequence[Person], subject: str, *, run: ScoringRun | None, weeks: int, now: datetime
) -> ClassPractice:
    """`pupils` in the order in which they are to stand. A few queries, whatever the size of the class."""
    since = now - timedelta(weeks=weeks)
    ids = [pupil.pk for pupil in pupils]
    found = changes_of(ids, subject, run=run, since=since, until=now) if run else {}
    rows = tuple(_row(pupil, found.get(pupil.pk)) for pupil in pupils)
    own = [found[row.pupil.pk].change for row in rows if row.practised.sets and row.compared]
    changes = [change for change in own if change is not None]
    return ClassPractice(
        subject=subject,
        weeks=weeks,
        rows=rows,
        domains=_domains(rows),
        mean=mean_change(changes) if len(changes) >= FEWEST_PUPILS else None,
        simulated=any(one.simulated for one in found.values()),
    )


def _row(pupil: Person, found: PupilChange | None) -> PupilPractice:
    if found is None:
        return PupilPractice(pupil, NOTHING, None, compared=False)
    compared = found.n_before >= LEAST_BEFORE and found.n_since >= LEAST_SINCE and found.change is not None
    clear = compared and found.change is not None and found.change.is_clear
    return PupilPractice(pupil, found.practised, found.change if clear else None, compared)


def _domains(rows: Sequence[PupilPractice]) -> tuple[tuple[Domain, int], ...]:
    """What was practised, by domain in the order of their codes."""
    total: Counter[str] = Counter()
    named: dict[str, Domain] = {}
    for row in rows:
        for domain, n in row.practised.domains:
            total[domain.code] += n
            named[domain.code] = domain
    return tuple((named[code], total[code]) for code in sorted(named))


def _handed_in(pupils: Sequence[Person], *, weeks: int, now: datetime) -> SittingQuerySet:
    return Sitting.objects.filter(
        candidate__in=[pupil.pk for pupil in pupils],
        form__purpose=FormPurpose.PRACTICE,
        state__in=[SittingState.HANDED_IN, SittingState.SEALED],
        handed_in_at__gt=now - timedelta(weeks=weeks),
        handed_in_at__lte=now,
    )

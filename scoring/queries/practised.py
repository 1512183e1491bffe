"""What did a pupil practise, week by week and domain by domain?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q
from django.db.models.functions import TruncWeek

from accounts.models import Person
from exams.enums import FINISHED, FormPurpose
from exams.models import Domain
from scoring.models import ItemOutcomeRow, ScoringRun


@dataclass(frozen=True, slots=True)
class DomainPractice:
    """`n_right` of `n_items` brought all their points without a hint, `n_helped` more with one."""

    domain: Domain
    n_items: int
    n_right: int
    n_helped: int


@dataclass(frozen=True, slots=True)
class WeekPractice:
    """`monday` by the country's clock; domains in the order of their codes."""

    monday: date
    domains: tuple[DomainPractice, ...]

    @property
    def n_items(self) -> int:
        return sum(row.n_items for row in self.domains)


def practised_by_week(person: Person, subject: str, *, run: ScoringRun) -> tuple[WeekPractice, ...]:
    """Weeks in which practice of the subject was handed in, the latest first, in two queries.

    Counts the items that were met, similar ones too, those of the pupil's practice sets alone.
    """
    right = Q(half_points=F("max_half_points"), status=ItemOutcomeRow.Status.ANSWERED)
    rows = list(
        ItemOutcomeRow.objects.filter(
            score__run=run,
            score__sitting__candidate=person,
            score__sitting__form__subject=subject,
            score__sitting__form__purpose=FormPurpose.PRACTICE,
            score__sitting__state__in=FINISHED,
        )
        .exclude(status=ItemOutcomeRow.Status.NOT_REACHED)
        .order_by()
        .annotate(week=TruncWeek("score__sitting__handed_in_at"))
        .values("week", "version__standard__domain")
        .annotate(
            n_items=Count("pk"),
            n_right=Count("pk", filter=right & Q(hinted=False)),
            n_helped=Count("pk", filter=right & Q(hinted=True)),
        )
        .order_by("-week", "version__standard__domain__code")
    )
    domains = Domain.objects.in_bulk([row["version__standard__domain"] for row in rows])
    weeks: dict[date, list[DomainPractice]] = {}
    for row in rows:
        practised = DomainPractice(
            domain=domains[row["version__standard__domain"]],
            n_items=row["n_items"],
            n_right=row["n_right"],
            n_helped=row["n_helped"],
        )
        weeks.setdefault(row["week"].date(), []).append(practised)
    return tuple(WeekPractice(monday, tuple(own)) for monday, own in weeks.items())

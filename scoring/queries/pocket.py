"""Which practice lies ready for times without a network, and how much of it travels?"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum
from django.db.models.functions import Length

from accounts.models import Person
from exams.enums import FormPurpose, SittingState
from exams.models import Sitting


@dataclass(frozen=True, slots=True)
class Pocket:
    """`kilobytes` of its papers as they are sent, in all languages, rounded up."""

    sitting: Sitting
    kilobytes: int


def pockets_of(person: Person) -> dict[str, Pocket]:
    """By subject, the newest pool that was not begun; in one query."""
    rows = (
        Sitting.objects.filter(
            candidate=person,
            state=SittingState.READY,
            form__purpose=FormPurpose.PRACTICE,
            form__pocket=True,
        )
        .select_related("form")
        .annotate(bytes_sent=Sum(Length("form__papers__body_br")))
        .order_by("created_at", "pk")
    )
    return {row.form.subject: Pocket(row, -(-(row.bytes_sent or 0) // 1000)) for row in rows}

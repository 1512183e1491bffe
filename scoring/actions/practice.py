"""How does a suggestion become a practice set that a pupil can open?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from exams.actions.forms import Selected, publish_form
from exams.actions.sittings import open_practice_sitting
from exams.enums import FormPurpose, SittingState
from exams.models import ItemVersion, Sitting
from scoring.errors import NothingToPractise
from scoring.queries.practice import USUAL_SIZE, Suggestion, suggest_practice
from scoring.queries.runs import run_in_force


@transaction.atomic
def open_practice_set(*, person: Person, subject: str, now: datetime, size: int = USUAL_SIZE) -> Sitting:
    """The pupil's unfinished set of the subject, else a new one made of today's suggestion.

    Idempotent, also for two taps at once: the person's row is locked. Raises NothingToPractise.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    sets = Sitting.objects.filter(candidate=person, form__purpose=FormPurpose.PRACTICE)
    unfinished = (
        sets.filter(form__subject=subject, state__in=[SittingState.READY, SittingState.STARTED])
        .select_related("form", "administration")
        .order_by("-created_at")
        .first()
    )
    if unfinished is not None:
        return unfinished
    suggestion = suggest_practice(person, subject=subject, run=run_in_force(), now=now, size=size)
    if suggestion is None:
        raise NothingToPractise(subject)
    number = sets.count() + 1
    form = publish_form(
        identifier=f"practice-{person.public_id.hex}-{number}",
        subject=subject,
        purpose=FormPurpose.PRACTICE,
        title_sr=f"Вежба {number}: {suggestion.lead.title_sr}",
        title_en=f"Practice {number}: {suggestion.lead.title_en}",
        selected=_selected(suggestion),
        now=now,
    )
    return open_practice_sitting(form=form, candidate=person, now=now)


def _selected(suggestion: Suggestion) -> list[Selected]:
    versions = ItemVersion.objects.select_related("item", "standard__domain").prefetch_related("texts")
    ready = versions.in_bulk([item.version.pk for item in suggestion.items])
    return [
        Selected(ready[item.version.pk], selection=item.as_selection(suggestion.policy, suggestion.seed))
        for item in suggestion.items
    ]

"""A small bank, a reference form and pupils who sat it, scored by the real actions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from accounts.models import ClassGroup, Person
from exams.actions.forms import Selected, publish_form
from exams.enums import FormPurpose
from exams.models import Administration, Form, ItemVersion, Sitting
from scoring.actions.score import score_sittings
from scoring.models import ScoringRun
from scoring.queries.estimates import SubjectReading, readings_of
from tests.factories.accounts import NOW
from tests.factories.exams import make_administration, make_versions
from tests.factories.journal import right, sit, wrong

# Ten items of all five domains, with all six interactions among them.
REFERENCE_ITEMS = (
    "ma-201", "ma-102", "ma-205", "ma-112", "ma-106", "ma-207", "ma-203", "ma-119", "ma-209", "ma-210",
)  # fmt: skip
PRACTICE_ITEMS = tuple(f"ma-{number}" for number in (*range(501, 519), *range(531, 558)))


def make_reference_form(items: tuple[str, ...] = REFERENCE_ITEMS, **overrides: Any) -> Form:
    """Form A of mathematics as far as scoring is concerned: what readiness is predicted on."""
    fields: dict[str, Any] = {
        "identifier": "ma-a",
        "subject": "mathematics",
        "purpose": FormPurpose.TRIAL,
        "title_sr": "Математика, форма А",
        "title_en": "Mathematics, form A",
        "selected": [Selected(version) for version in make_versions(items)],
        "now": NOW,
    }
    return publish_form(**(fields | overrides))


def versions_of(form: Form) -> list[ItemVersion]:
    return list(
        ItemVersion.objects.filter(form_items__form=form)
        .select_related("item", "standard__domain")
        .prefetch_related("texts")
        .order_by("form_items__position")
    )


def sit_form(
    administration: Administration, pupil: Person, *, correct: Collection[str], **how: Any
) -> Sitting:
    """The pupil responds to every item: rightly to those in `correct` (identifiers), wrongly to the rest."""
    sitting = Sitting.objects.get(administration=administration, candidate=pupil)
    return sit(sitting, responses(administration.form, correct), **how)


def responses(form: Form, correct: Collection[str]) -> dict[str, Any]:
    return {
        version.ref: right(version) if version.item.identifier in correct else wrong(version)
        for version in versions_of(form)
    }


def make_scored_trial(
    group: ClassGroup, results: dict[Person, Collection[str]], **overrides: Any
) -> Administration:
    """The class has sat the reference form, each pupil with their own items right, and it is scored."""
    administration = make_administration(
        [group], form=overrides.pop("form", None) or make_reference_form(), **overrides
    )
    for pupil, correct in results.items():
        sit_form(administration, pupil, correct=correct)
    score_sittings(now=NOW + timedelta(hours=1))
    return administration


def reading_of(
    person: Person, subject: str, *, run: ScoringRun | None, now: datetime
) -> SubjectReading | None:
    """The one of a subject, as pages read all of a person's."""
    return next((row for row in readings_of(person, run=run, now=now) if row.subject == subject), None)

"""Pupils who practise: released items, sat through the real journal and scored by the real action."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import ClassGroup, Person
from exams.actions.forms import Selected, publish_form
from exams.actions.sittings import open_practice_sitting
from exams.enums import FormPurpose
from exams.models import Administration, Form, Sitting
from scoring.actions.score import score_sittings
from tests.factories.accounts import NOW
from tests.factories.exams import make_administration, make_versions
from tests.factories.journal import sit
from tests.factories.scoring import make_reference_form, responses, sit_form

_numbers = count(1)


def make_scored_trial_at(
    group: ClassGroup, results: Mapping[Person, Collection[str]], *, at: datetime
) -> Administration:
    """As `make_scored_trial`, on a day of one's own."""
    administration = make_administration([group], form=make_reference_form(), now=at)
    for pupil, correct in results.items():
        sit_form(administration, pupil, correct=correct, started_at=at)
    score_sittings(now=at + timedelta(hours=1))
    return administration


def make_set(identifiers: Sequence[str], *, selection: dict[str, Any] | None = None) -> Form:
    return publish_form(
        identifier=f"practice-{next(_numbers)}",
        subject="mathematics",
        purpose=FormPurpose.PRACTICE,
        title_sr="Вежба из математике",
        title_en="Practice in mathematics",
        selected=[Selected(version) for version in make_versions(identifiers)],
        now=NOW,
        selection=selection,
    )


def practise(form: Form, pupil: Person, *, correct: Collection[str], at: datetime) -> Sitting:
    """The pupil does the set in ten minutes from `at`, those in `correct` rightly; not yet scored."""
    sitting = open_practice_sitting(form=form, candidate=pupil, now=at)
    return sit(sitting, responses(form, correct), started_at=at, minutes=10)


def practise_and_score(
    form: Form, results: Mapping[Person, Collection[str]], *, at: datetime
) -> dict[Person, Sitting]:
    sets = {pupil: practise(form, pupil, correct=correct, at=at) for pupil, correct in results.items()}
    score_sittings(now=at + timedelta(hours=1))
    return sets

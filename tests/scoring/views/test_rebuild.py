"""Do all pages come back letter by letter when everything derived is thrown away and worked out anew?"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from accounts.models import Person
from exams.actions.sealing import seal_due
from exams.enums import FormPurpose, PracticeKind
from exams.models import CurrentResponse, Form, Sitting
from scoring.actions.calibration_decisions import accept, put_in_force
from scoring.actions.practice import open_practice_set
from scoring.actions.rescore import rescore
from scoring.actions.score import score_sittings
from scoring.models import Calibration, DomainEstimate, SittingScore, SubjectEstimate
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher
from tests.factories.calibration import make_draft, make_psychometrician
from tests.factories.clients import client_of
from tests.factories.exams import make_versions
from tests.factories.journal import sit
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_scored_trial, responses

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def pages(readers: list[Person]) -> dict[tuple[str, str, str], bytes]:
    """Every page on which something derived stands, of each reader, in each language."""
    results = [reverse("result", args=[sitting.public_id]) for sitting in Sitting.objects.all()]
    found = {}
    for reader in readers:
        for language in ("sr", "sr-latn", "en"):
            client = client_of(reader, language)
            for address in (
                "/",
                reverse("practice"),
                reverse("readiness"),
                reverse("growth"),
                *results,
            ):
                content = _TOKEN.sub(b"", client.get(address).content)
                found[str(reader.public_id), language, address] = content
    return found


def _calibrated(subject: str) -> Calibration:
    """Its run is in force, and everything is scored under it."""
    draft = make_draft(Form.objects.get(subject=subject, purpose=FormPurpose.TRIAL))
    how: dict[str, Any] = {"calibration": draft, "by": make_psychometrician(), "reason": "fits", "now": NOW}
    accept(**how)
    while rescore(draft, now=NOW):
        pass
    put_in_force(**how | {"now": NOW + timedelta(hours=2)})
    return draft


def test_dropping_all_scoring_rows_changes_no_page() -> None:
    make_versions(PRACTICE_ITEMS[:16])
    group = make_class()
    one, other = make_pupil(group, public_id=UUID(int=7)), make_pupil(group, public_id=UUID(int=8))
    teacher = make_teacher(group)
    make_scored_trial(group, {one: REFERENCE_ITEMS[:4], other: REFERENCE_ITEMS[3:]})
    opened = open_practice_set(person=one, subject="mathematics", now=NOW, kind=PracticeKind.QUICK)
    solved = [row.version.item.identifier for row in opened.form.form_items.select_related("version__item")]
    sit(opened, responses(opened.form, solved[:3]), minutes=50)
    score_sittings(now=NOW)
    seal_due(now=NOW)
    score_sittings(now=NOW)
    decision = _calibrated(opened.form.subject)
    before = pages([one, other, teacher])
    keys = set(SittingScore.objects.values_list("pk", flat=True))

    # Runs and calibrations are people's decisions, and stay; everything else is worked out.
    SittingScore.objects.all().delete()
    SubjectEstimate.objects.all().delete()
    CurrentResponse.objects.all().delete()
    assert not SubjectEstimate.objects.exists() and not DomainEstimate.objects.exists()
    emptied = pages([one])
    assert emptied != {place: before[place] for place in emptied}

    score_sittings(now=NOW)
    assert not keys & set(SittingScore.objects.values_list("pk", flat=True))
    assert set(SittingScore.objects.values_list("run", flat=True)) == {decision.run_id}
    after = pages([one, other, teacher])
    assert [place for place in before if before[place] != after[place]] == []
    assert after.keys() == before.keys()

"""How is a form offered to classes, with its papers locked and a sitting ready for every pupil?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import ClassGroup, Person
from exams.delivery.envelope import new_hand_in_keys
from exams.delivery.locking import lock, new_content_key, unlock_code, wrap
from exams.enums import FormPurpose, ResultsRelease
from exams.errors import AdministrationRefused
from exams.models import (
    Accommodation,
    Administration,
    AdministrationSecret,
    Assignment,
    Form,
    LockedPaper,
    Sitting,
)
from exams.preflight import preflight
from exams.queries.preflight import plan_of, pupils_given

KeyPair = tuple[bytes, bytes]


def schedule_administration(
    *,
    form: Form,
    title_sr: str,
    title_en: str,
    opens_at: datetime,
    closes_at: datetime | None,
    limit_seconds: int,
    results_release: ResultsRelease,
    class_groups: Sequence[ClassGroup],
    now: datetime,
    cut_off_hours: int = 24,
    results_at: datetime | None = None,
    hand_in_keys: KeyPair | None = None,
    only_who_chose: bool = False,
) -> Administration:
    """Assign the form to classes, if pre-flight finds nothing against it.

    With `only_who_chose` only to the pupils of them whose third test is the form's subject. Raises
    AdministrationRefused with every reason at once. `hand_in_keys` (private, public) are made here unless
    they are given.
    """
    rules: dict[str, Any] = {
        "form": form,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "limit_seconds": limit_seconds,
        "cut_off_hours": cut_off_hours,
        "results_release": results_release,
        "results_at": results_at,
        "only_who_chose": only_who_chose,
    }
    findings = preflight(plan_of(**rules, class_groups=class_groups, now=now))
    if findings.refusals:
        raise AdministrationRefused(form.identifier, findings.refusals)
    return create_administration(
        title_sr=title_sr,
        title_en=title_en,
        class_groups=class_groups,
        now=now,
        hand_in_keys=hand_in_keys,
        **rules,
    )


def create_administration(
    *, class_groups: Sequence[ClassGroup], now: datetime, hand_in_keys: KeyPair | None = None, **rules: Any
) -> Administration:
    """The rows alone, for a plan that pre-flight has passed: `rules` are the fields of Administration.

    Every pupil's sitting is made now, so that a start changes one row; it takes the pupil's accommodation as
    it is, and `grant_accommodation` changes it later. A trial's papers are locked under a content key of its
    own, which is wrapped for every room: slow work, done before anything is written.
    """
    content_key = new_content_key() if rules["form"].purpose == FormPurpose.TRIAL else None
    wrapped = _wrapped(content_key, class_groups)
    keys = hand_in_keys or (new_hand_in_keys() if content_key is not None else None)
    with transaction.atomic():
        administration = Administration.objects.create(**rules)
        Assignment.objects.bulk_create(
            Assignment(administration=administration, class_group=group, unlock=unlock)
            for group, unlock in zip(class_groups, wrapped, strict=True)
        )
        if content_key is not None and keys is not None:
            _lock_papers(administration, content_key, keys)
        _make_sittings(administration, class_groups, now)
    return administration


@transaction.atomic
def grant_accommodation(*, candidate: Person, time_percent: int) -> Accommodation:
    """Extra time for this pupil, in every sitting not started yet. A running one is helped by a grant."""
    accommodation, _ = Accommodation.objects.update_or_create(
        candidate=candidate, defaults={"time_percent": time_percent}
    )
    Sitting.objects.filter(candidate=candidate, state="ready").update(time_percent=time_percent)
    return accommodation


def _wrapped(content_key: bytes | None, class_groups: Sequence[ClassGroup]) -> list[dict[str, Any]]:
    if content_key is None:
        return [{} for _ in class_groups]

    def wrapped_for(group: ClassGroup) -> dict[str, Any]:
        code = unlock_code(content_key, str(group.public_id))
        return wrap(content_key, code, settings.UNLOCK_ITERATIONS)

    # Thousands of rooms: the derivation lets go of the interpreter, so every processor core helps.
    with ThreadPoolExecutor() as pool:
        return list(pool.map(wrapped_for, class_groups))


def _lock_papers(administration: Administration, content_key: bytes, hand_in_keys: KeyPair) -> None:
    private, public = hand_in_keys
    AdministrationSecret.objects.create(
        administration=administration,
        content_key=content_key,
        hand_in_private=private,
        hand_in_public=public,
    )
    for paper in administration.form.papers.all():
        body = lock(bytes(paper.body), content_key)
        LockedPaper.objects.create(
            administration=administration, language=paper.language, sha256=_name(body), body=body
        )


def _name(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _make_sittings(administration: Administration, class_groups: Sequence[ClassGroup], now: datetime) -> None:
    subject = administration.form.subject if administration.only_who_chose else None
    pupils = pupils_given(class_groups, chose=subject).values_list(
        "person_id", "person__accommodation__time_percent"
    )
    Sitting.objects.bulk_create(
        Sitting(
            administration=administration,
            form=administration.form,
            candidate_id=person_id,
            time_percent=time_percent or 100,
            created_at=now,
        )
        for person_id, time_percent in pupils
    )

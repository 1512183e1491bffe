"""How does a person give points for a written text?

Every mark is kept, and the newest on the text as it is now stands: to take a mark back is to mark again. The
journal stays as it is; scores follow, because each says on how many marks it rests.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actions.audit import record
from accounts.errors import AccessDenied
from accounts.models import Person
from accounts.permissions import teaches_pupil
from exams.actions.responses import read_projection
from exams.enums import SittingState
from exams.errors import MarkRefused, TextChanged
from exams.marking import MARKED_INTERACTION, mark_values, text_digest, waits_for_mark
from exams.models import FormItem, ItemVersion, Mark, Sitting
from exams.queries.marking import marking_opened

MAX_NOTE = 300


@transaction.atomic
def mark_response(
    *,
    sitting: Sitting,
    version: ItemVersion,
    text_sha256: str,
    half_points: int,
    marker: Person,
    now: datetime,
    note: str = "",
) -> Mark:
    """`text_sha256` names the text that the marker was shown (see `exams.marking.text_digest`).

    The same word of the same person twice, as from a double tap, is one mark. Locks the sitting.

    Raises AccessDenied for somebody who does not teach the pupil; MarkRefused before the hand-in, while
    results are not out and others still write this exam, where nothing waits for a person's mark, and for
    half-points that the item does not give; TextChanged when the text is another one by now; ValueError for
    a note of more than 300 characters.
    """
    words = note.strip()
    if len(words) > MAX_NOTE:
        raise ValueError(f"a note has at most {MAX_NOTE} characters")
    locked = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if not teaches_pupil(marker, locked.candidate):
        raise AccessDenied
    _refuse_state(locked, now)
    _refuse_value(locked, version, text_sha256, half_points)
    before = list(Mark.objects.filter(sitting=locked).order_by("number"))
    newest = next((mark for mark in reversed(before) if mark.version_id == version.pk), None)
    if newest is not None and _same(newest, text_sha256, half_points, marker, words):
        return newest
    mark = Mark.objects.create(
        sitting=locked,
        version=version,
        number=before[-1].number + 1 if before else 1,
        text_sha256=text_sha256,
        half_points=half_points,
        note=words,
        marked_by=marker,
        marked_at=now,
    )
    _note(mark, marker, now)
    return mark


def _same(mark: Mark, text_sha256: str, half_points: int, marker: Person, note: str) -> bool:
    return (mark.text_sha256, mark.half_points, mark.marked_by_id, mark.note) == (
        text_sha256, half_points, marker.pk, note,
    )  # fmt: skip


def _refuse_state(sitting: Sitting, now: datetime) -> None:
    if sitting.state not in (SittingState.HANDED_IN, SittingState.SEALED):
        raise MarkRefused("the sitting is not handed in, so its texts may still change")
    if sitting.administration is None or not marking_opened(sitting.administration, now=now):
        raise MarkRefused("others still write this exam, and the model solution is not shown before they end")


def _refuse_value(sitting: Sitting, version: ItemVersion, text_sha256: str, half_points: int) -> None:
    if half_points not in mark_values(version.key):
        raise MarkRefused(f"{version.ref} gives {mark_values(version.key)} half-points, not {half_points}")
    if not FormItem.objects.filter(form=sitting.form_id, version=version).exists():
        raise MarkRefused(f"{version.ref} is not on the form of this sitting")
    if version.key["interaction"] != MARKED_INTERACTION:
        raise MarkRefused(f"{version.ref} is not marked by people")
    # The journal itself: stored responses may be a moment behind what has just arrived.
    value = read_projection(sitting).responses.get(version.ref)
    if not isinstance(value, str) or text_digest(value) != text_sha256:
        raise TextChanged
    if not waits_for_mark(version.key, value):
        raise MarkRefused(f"nothing was written to {version.ref}")


def _note(mark: Mark, marker: Person, now: datetime) -> None:
    detail = {
        "sitting": str(mark.sitting.public_id),
        "item": mark.version.ref,
        "number": mark.number,
        "half_points": mark.half_points,
        "text": mark.text_sha256,
    }
    record(actor=marker, action="mark", subject=mark.sitting.candidate, at=now, detail=detail)

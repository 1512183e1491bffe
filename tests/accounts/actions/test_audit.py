"""What staff did is written down as it was said."""

from __future__ import annotations

import pytest

from accounts.actions.audit import record
from accounts.models import AuditEntry
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher

pytestmark = pytest.mark.django_db


def test_entry_holds_who_what_when_and_about_whom() -> None:
    group = make_class()
    teacher, pupil = make_teacher(group), make_pupil(group)
    record(actor=teacher, action="view_pupil", at=NOW, subject=pupil, place="/pupils/", detail={"tab": 2})
    record(actor=None, action="sweep", at=NOW)
    rows = AuditEntry.objects.order_by("pk").values_list(
        "actor", "action", "at", "subject", "place", "detail"
    )
    assert list(rows) == [
        (teacher.pk, "view_pupil", NOW, pupil.pk, "/pupils/", {"tab": 2}),
        (None, "sweep", NOW, None, "", {}),
    ]

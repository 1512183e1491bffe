"""The stored responses are a copy of what the journal says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from exams.actions.responses import project_sitting, read_projection
from exams.models import CurrentResponse, ResponseEvent, Sitting
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting() -> Sitting:
    group = make_class()
    make_pupil(group)
    make_administration([group])
    return Sitting.objects.get()


def event(sitting: Sitting, seq: int, kind: str, item: str, value: Any = None, **fields: Any) -> None:
    row: dict[str, Any] = {
        "sitting": sitting,
        "device": "A" * 22,
        "seq": seq,
        "epoch": 1,
        "kind": kind,
        "item_ref": item,
        "body": json.dumps({"value": value}),
        "digest": b"d",
        "received_at": NOW,
        "verdict": "counted",
    }
    ResponseEvent.objects.create(**(row | fields))


def rows(sitting: Sitting) -> list[tuple[str, Any, bool]]:
    found = CurrentResponse.objects.filter(sitting=sitting).select_related("version").order_by("pk")
    return [(row.version.ref, row.value, row.late) for row in found]


def test_row_for_every_item_seen_in_the_forms_order(sitting: Sitting) -> None:
    event(sitting, 1, "seen", "ma-116.1")
    event(sitting, 2, "response", "ma-112.1", {"x": "5"}, verdict="late_counted")
    event(sitting, 3, "response", "ma-102.1", "a")
    event(sitting, 4, "response", "ma-102.1", "b", verdict="quarantined", reason="after_end")
    event(sitting, 5, "response", "ma-999.1", "b")
    returned = project_sitting(sitting=sitting)
    expected = [("ma-102.1", "a", False), ("ma-112.1", {"x": "5"}, True), ("ma-116.1", None, False)]
    assert rows(sitting) == expected
    assert [(row.version.ref, row.value, row.late) for row in returned] == expected


def test_projecting_again_replaces(sitting: Sitting) -> None:
    event(sitting, 1, "response", "ma-102.1", "a")
    project_sitting(sitting=sitting)
    event(sitting, 2, "response", "ma-102.1", None)
    for _ in range(2):
        project_sitting(sitting=sitting)
        assert rows(sitting) == [("ma-102.1", None, False)]


def test_other_sittings_stay_as_they_are(sitting: Sitting) -> None:
    group = make_class()
    make_pupil(group)
    make_administration([group], form=sitting.form)
    other = Sitting.objects.exclude(pk=sitting.pk).get()
    event(other, 1, "response", "ma-102.1", "a")
    project_sitting(sitting=other)
    assert project_sitting(sitting=sitting) == []
    assert rows(other) == [("ma-102.1", "a", False)]


def test_forged_value_is_stored_as_unreadable(sitting: Sitting) -> None:
    event(sitting, 1, "response", "ma-102.1", body='{"value":' + "7" * 5000 + "}")
    event(sitting, 2, "response", "ma-106.1", body='{"value":"\\u0000"}')
    assert read_projection(sitting).responses == {"ma-102.1": "\ufffd", "ma-106.1": "\ufffd"}
    project_sitting(sitting=sitting)
    assert rows(sitting) == [("ma-102.1", "\ufffd", False), ("ma-106.1", "\ufffd", False)]

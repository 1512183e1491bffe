"""The database itself refuses to change a response event, on both databases, after all migrations."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.db.models import ProtectedError

from exams.models import ResponseEvent, Sitting
from tests.exams.intake.desk import NINE, moment
from tests.factories.accounts import make_class, make_pupil
from tests.factories.exams import make_administration

migration = import_module("exams.migrations.0002_journal_is_append_only")


@pytest.fixture
def event(both_databases: None) -> ResponseEvent:
    group = make_class()
    make_pupil(group)
    make_administration([group])
    return ResponseEvent.objects.create(
        sitting=Sitting.objects.get(),
        device="A" * 22,
        seq=1,
        epoch=1,
        kind="response",
        item_ref="ma-102.1",
        body="{}",
        digest=b"d" * 32,
        received_at=moment(NINE),
        verdict="counted",
    )


def test_update_is_refused_with_the_reason(event: ResponseEvent) -> None:
    with pytest.raises(IntegrityError, match="the journal is append-only"):
        ResponseEvent.objects.update(verdict="quarantined")
    event.body = '{"value":"b"}'
    with pytest.raises(IntegrityError, match="the journal is append-only"):
        event.save()
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="the journal is append-only"):
        cursor.execute("UPDATE exams_responseevent SET body = body")
    assert ResponseEvent.objects.values_list("body", "verdict").get() == ("{}", "counted")


def test_only_retention_deletes(event: ResponseEvent) -> None:
    with pytest.raises(ProtectedError):
        event.sitting.delete()
    ResponseEvent.objects.filter(sitting=event.sitting).delete()
    assert event.sitting.delete()[0] == 1


def test_migration_can_be_taken_back_and_applied_again(event: ResponseEvent) -> None:
    with connection.schema_editor() as editor:
        migration.allow_updates(apps, editor)
    assert ResponseEvent.objects.update(reason="changed") == 1
    with connection.schema_editor() as editor:
        migration.refuse_updates(apps, editor)
    with pytest.raises(IntegrityError, match="the journal is append-only"):
        ResponseEvent.objects.update(reason="again")

"""The journal refuses UPDATE in the database itself, whoever asks.

DELETE stays possible: retention removes whole sittings, with an audit row. The models guard against anything
less deliberate, since a sitting that has events cannot be deleted through them (PROTECT).

SQLite changes a table by building it anew, without its triggers: a later migration that alters
ResponseEvent has to run `refuse_updates` again. A test looks whether they are there after all migrations.
"""

from django.db import migrations

MESSAGE = "the journal is append-only: a response event is never changed, only added to"

SQLITE = f"""
CREATE TRIGGER exams_journal_append_only BEFORE UPDATE ON exams_responseevent
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
"""
POSTGRESQL = f"""
CREATE FUNCTION exams_refuse_journal_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER exams_journal_append_only BEFORE UPDATE ON exams_responseevent
FOR EACH ROW EXECUTE FUNCTION exams_refuse_journal_update()
"""


def refuse_updates(apps, schema_editor):
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL, params=None)


def allow_updates(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER exams_journal_append_only")
    else:
        schema_editor.execute("DROP TRIGGER exams_journal_append_only ON exams_responseevent")
        schema_editor.execute("DROP FUNCTION exams_refuse_journal_update()")


class Migration(migrations.Migration):
    dependencies = [("exams", "0001_bank_forms_sittings_journal")]

    operations = [migrations.RunPython(refuse_updates, allow_updates)]

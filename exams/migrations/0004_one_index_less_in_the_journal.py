"""The identity's index begins with the sitting, so the sitting's own index only made every save dearer."""

import importlib

import django.db.models.deletion
from django.db import migrations, models

append_only = importlib.import_module("exams.migrations.0002_journal_is_append_only")


def refuse_updates_again(apps, schema_editor):
    # SQLite has built the table anew, without its trigger.
    if schema_editor.connection.vendor == "sqlite":
        append_only.refuse_updates(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("exams", "0003_locked_papers_pauses_decisions")]

    operations = [
        migrations.AlterField(
            model_name="responseevent",
            name="sitting",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="response_events",
                to="exams.sitting",
            ),
        ),
        migrations.RunPython(refuse_updates_again, migrations.RunPython.noop),
    ]

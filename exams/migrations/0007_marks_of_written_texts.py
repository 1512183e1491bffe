"""People mark written texts; the database itself refuses to change a mark, as it does with the journal.

As there, a later migration that alters Mark has to run `refuse_updates` again on SQLite.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MESSAGE = "a mark is never changed: to mark again adds one"

SQLITE = f"""
CREATE TRIGGER exams_marks_append_only BEFORE UPDATE ON exams_mark
BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
"""
POSTGRESQL = f"""
CREATE FUNCTION exams_refuse_mark_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER exams_marks_append_only BEFORE UPDATE ON exams_mark
FOR EACH ROW EXECUTE FUNCTION exams_refuse_mark_update()
"""


def refuse_updates(apps, schema_editor):
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL, params=None)


def allow_updates(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER exams_marks_append_only")
    else:
        schema_editor.execute("DROP TRIGGER exams_marks_append_only ON exams_mark")
        schema_editor.execute("DROP FUNCTION exams_refuse_mark_update()")


class Migration(migrations.Migration):
    dependencies = [
        ("exams", "0006_families_of_items"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text_sha256", models.CharField(max_length=64)),
                ("half_points", models.PositiveSmallIntegerField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("marked_at", models.DateTimeField()),
                (
                    "marked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="exams.sitting"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="exams.itemversion",
                    ),
                ),
            ],
            options={
                "ordering": ["sitting", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sitting", "number"), name="mark_number_once_per_sitting"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="mark_numbers_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("half_points__lte", 2)), name="mark_is_one_point_at_most"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_sha256", ""), _negated=True), name="mark_is_on_a_text"
                    ),
                ],
            },
        ),
        migrations.RunPython(refuse_updates, allow_updates),
    ]

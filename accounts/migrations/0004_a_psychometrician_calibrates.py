"""Somebody calibrates items and decides on the result."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_authors_of_items"),
    ]

    operations = [
        migrations.AlterField(
            model_name="enrollment",
            name="role",
            field=models.CharField(
                choices=[
                    ("pupil", "Pupil"),
                    ("teacher", "Teacher"),
                    ("invigilator", "Invigilator"),
                    ("analyst", "Ministry analyst"),
                    ("author", "Item author"),
                    ("psychometrician", "Psychometrician"),
                ],
                max_length=15,
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("pupil", "Pupil"),
                    ("teacher", "Teacher"),
                    ("invigilator", "Invigilator"),
                    ("analyst", "Ministry analyst"),
                    ("author", "Item author"),
                    ("psychometrician", "Psychometrician"),
                ],
                max_length=15,
            ),
        ),
    ]

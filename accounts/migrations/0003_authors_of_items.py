"""Somebody writes the items of the bank, and nobody else sees those of trials with their keys."""

from django.db import migrations, models

ROLES = [
    ("pupil", "Pupil"),
    ("teacher", "Teacher"),
    ("invigilator", "Invigilator"),
    ("analyst", "Ministry analyst"),
    ("author", "Item author"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_the_third_subject_of_a_pupil")]

    operations = [
        migrations.AlterField(
            model_name=model, name="role", field=models.CharField(choices=ROLES, max_length=12)
        )
        for model in ("enrollment", "membership")
    ]

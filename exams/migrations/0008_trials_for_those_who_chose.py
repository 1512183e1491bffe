"""The trial of a third test is for those who chose its subject, and coverage counts only them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exams", "0007_marks_of_written_texts")]

    operations = [
        migrations.AddField(
            model_name="administration",
            name="only_who_chose",
            field=models.BooleanField(default=False),
        ),
    ]

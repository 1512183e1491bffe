"""The third test of the exam is each pupil's own choice, and only those who chose it are given its trial."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_people_and_schools")]

    operations = [
        migrations.AddField(
            model_name="enrollment",
            name="chosen_subject",
            field=models.CharField(blank=True, default="", max_length=30),
            preserve_default=False,
        ),
    ]

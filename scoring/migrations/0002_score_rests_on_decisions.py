"""A score says on how many decisions it rests, so that one made after the seal is noticed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_runs_scores_estimates")]

    operations = [
        migrations.AddField(
            model_name="sittingscore",
            name="decisions",
            field=models.PositiveIntegerField(default=0),
        )
    ]

"""A score says what still waits for a person's mark, and on how many marks it rests."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exams", "0007_marks_of_written_texts"),
        ("scoring", "0002_score_rests_on_decisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="sittingscore",
            name="marks",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="sittingscore",
            name="pending_half_points",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="itemoutcomerow",
            name="mark",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="exams.mark",
            ),
        ),
        migrations.AlterField(
            model_name="itemoutcomerow",
            name="status",
            field=models.CharField(
                choices=[
                    ("answered", "Answered"),
                    ("omitted", "Omitted"),
                    ("not_reached", "Not Reached"),
                    ("pending", "Pending"),
                ],
                max_length=12,
            ),
        ),
    ]

"""Parameters are estimated in operation and accepted by a person; abilities change between sittings."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exams", "0009_practice_targets_experiments"),
        ("scoring", "0003_scores_rest_on_marks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="itemoutcomerow",
            name="hinted",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="scoringrun",
            name="dynamics",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="scoringrun",
            name="in_force_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="subjectestimate",
            name="as_of",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="Calibration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("subject", models.CharField(max_length=30)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("draft", "Draft"),
                            ("failed", "Failed"),
                            ("rejected", "Rejected"),
                            ("accepted", "Accepted"),
                            ("in_force", "In Force"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("settings", models.JSONField(default=dict)),
                ("report", models.JSONField(blank=True, default=dict)),
                ("difference", models.JSONField(blank=True, default=dict)),
                ("problem", models.TextField(blank=True)),
                ("n_candidates", models.PositiveIntegerField(default=0)),
                ("requested_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_reason", models.CharField(blank=True, max_length=300)),
                (
                    "base_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scoring.scoringrun"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calibration",
                        to="scoring.scoringrun",
                    ),
                ),
            ],
            options={
                "ordering": ["-requested_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CalibratedItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("assumed", "Assumed"),
                            ("pretest", "Pretest"),
                            ("calibrated", "Calibrated"),
                            ("linked", "Linked"),
                        ],
                        max_length=10,
                    ),
                ),
                ("a", models.FloatField()),
                ("c", models.FloatField(default=0)),
                ("steps", models.JSONField()),
                ("half_points", models.JSONField()),
                ("se_a", models.FloatField(null=True)),
                ("se_b", models.FloatField(null=True)),
                ("n_responses", models.PositiveIntegerField()),
                ("flags", models.JSONField(default=list)),
                ("included", models.BooleanField(default=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="exams.itemversion"
                    ),
                ),
                (
                    "calibration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="scoring.calibration",
                    ),
                ),
            ],
            options={
                "ordering": ["calibration", "version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("calibration", "version"), name="item_once_per_calibration"
                    )
                ],
            },
        ),
    ]

"""Variants of one family know each other, so that a practice set holds one of them only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exams", "0005_four_more_interactions")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="family",
            field=models.SlugField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
    ]

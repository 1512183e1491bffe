"""Several choices, words of a text, places in a figure, written text; their names are longer than the old six."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exams", "0004_one_index_less_in_the_journal")]

    operations = [
        migrations.AlterField(
            model_name="itemversion",
            name="interaction",
            field=models.CharField(
                choices=[
                    ("choice", "Single choice"),
                    ("true_false", "True or false"),
                    ("text_entry", "Written response"),
                    ("match", "Matching"),
                    ("order", "Ordering"),
                    ("cloze", "Fill the gaps"),
                    ("multiple_choice", "Multiple choice"),
                    ("select_words", "Select words"),
                    ("hotspot", "Place in a figure"),
                    ("extended_text", "Written text"),
                ],
                max_length=20,
            ),
        ),
    ]

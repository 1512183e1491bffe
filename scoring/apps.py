"""Django's entry for scores, estimates and practice: all derived."""

from django.apps import AppConfig

from exams.preflight import also
from scoring.preflight import check


class ScoringConfig(AppConfig):
    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        also("scoring", check)

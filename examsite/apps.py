"""Django's entry for what puts the other applications together."""

from django.apps import AppConfig


class ExamsiteConfig(AppConfig):
    name = "examsite"
    default_auto_field = "django.db.models.BigAutoField"

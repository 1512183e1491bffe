"""`manage.py score_sittings`: score what is finished and has no up-to-date score, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from scoring.actions.score import score_sittings


class Command(BaseCommand):
    help = "Score finished sittings that have no up-to-date score. May run as often as you like."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{score_sittings(now=timezone.now())} sittings scored.")

"""`manage.py score_sittings`: score what is finished and has no up-to-date score, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from scoring.actions.rescore import rescore_under_new_rules
from scoring.actions.score import score_sittings


class Command(BaseCommand):
    help = "Score finished sittings that have no up-to-date score. May run as often as you like."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        self.stdout.write(f"{score_sittings(now=now)} sittings scored.")
        anew = rescore_under_new_rules(now=now)
        if anew:
            self.stdout.write(f"{anew} sittings scored under the new rules, which are in force now.")

"""`manage.py seal_due`: close sittings whose time is over and seal the complete ones, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from exams.actions.sealing import seal_due


class Command(BaseCommand):
    help = "Close sittings whose time is over and seal the complete ones. May run as often as you like."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{seal_due(now=timezone.now())} sittings moved.")

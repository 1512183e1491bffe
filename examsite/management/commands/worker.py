"""`manage.py worker`: the process that closes, seals and scores beside web processes without a worker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from examsite.worker import Worker


class Command(BaseCommand):
    help = "Close overdue sittings, seal complete ones and score them until told to end (SIGTERM, Ctrl-C)."

    def handle(self, *args: Any, **options: Any) -> None:
        Worker().run_forever()

"""`manage.py resume`: end a pause that `manage.py pause` began."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from exams.actions.interruptions import end_pause
from exams.management.commands.pause import arguments, chosen
from exams.queries.interruptions import open_pause


class Command(BaseCommand):
    help = (
        "Time goes on after `manage.py pause` with the same --administration and --school. Ends move by the "
        "length of the pause, also beyond the close of the window; what a room or a school has paused by "
        "itself stays so."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        administration, scope, actor = chosen(options)
        held = open_pause(administration, scope)
        if held is None:
            raise CommandError("This is not paused.")
        now = timezone.now()
        end_pause(pause=held, actor=actor, now=now)
        still = administration.sittings.exclude(paused_at=None).count()
        lasted = int((now - held.begun_at).total_seconds())
        self.stdout.write(
            f"Time goes on after {lasted} s. Still paused by rooms or schools: {still} sittings."
        )

"""How does somebody try everything without installing anything but Python? `manage.py demo`."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from accounts.models import Organization
from examsite.demo import serving
from examsite.demo.screen import entries, screen
from examsite.demo.world import build_world, is_demo, is_empty


class Command(BaseCommand):
    help = "Build the demo world where there is none, and print with what to enter it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--serve", action="store_true", help="then run the server on HOST and PORT")
        what.add_argument("--json", action="store_true", help="print only JSON, for scripts")
        what.add_argument("--reset", action="store_true", help="throw the demo world away and build it anew")
        parser.add_argument("--schools", type=int, help="build only the first so many schools of the world")

    def handle(self, *args: Any, **options: Any) -> None:
        self.to_stderr = options["json"]
        self._refuse_a_real_database()
        bound = serving.take_port() if options["serve"] else None
        try:
            self._make_ready(options)
            shown = entries(serving.base_url())
            as_json = json.dumps(shown, ensure_ascii=False, indent=1)
            self.stdout.write(as_json if options["json"] else screen(shown))
            if bound is not None:
                self.stdout.write("\nCtrl-C stops the server; everything is kept for the next time.")
                self.stdout.flush()
                serving.serve(bound)
        finally:
            if bound is not None:
                bound.close()

    def _make_ready(self, options: dict[str, Any]) -> None:
        began = time.monotonic()
        serving.migrate(self._report)
        if options["serve"]:
            serving.prepare_pages(self._report)
        if options["reset"]:
            self._report("Throwing the demo world away …")
            call_command("flush", interactive=False, verbosity=0)
        if build_world(now=timezone.now(), report=self._report, schools=options["schools"]):
            self._report(f"Ready after {time.monotonic() - began:.0f} s.\n")
            if options["reset"]:
                self._report("A server that was running meanwhile has to be started again.\n")

    def _refuse_a_real_database(self) -> None:
        tables = connection.introspection.table_names()
        if Organization._meta.db_table in tables and not (is_empty() or is_demo()):
            raise CommandError(
                f"The database {connection.settings_dict['NAME']} holds organizations or people that are "
                "no demo; nothing was changed. Give the demo one of its own: DATABASE_URL or PROBA_DATA_DIR."
            )

    def _report(self, line: str) -> None:
        (self.stderr if self.to_stderr else self.stdout).write(line)

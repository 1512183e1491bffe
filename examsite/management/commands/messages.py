"""`manage.py messages`: collect the interface's texts, check their translation, compile catalogues."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.reloader import translation_file_changed

from examsite import messages


class Command(BaseCommand):
    help = "Collect interface texts into the Serbian catalogue and compile it, with Latin derived."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only report what is missing or left over")
        parser.add_argument("--compile", action="store_true", help="only compile what is stored")

    def handle(self, *args: Any, **options: Any) -> None:
        base = settings.BASE_DIR
        if options["check"]:
            found = [fault for domain in messages.DOMAINS for fault in messages.faults(base, domain)]
            if found:
                raise CommandError("\n".join(found))
            self.stdout.write("Every text of the interface is translated.")
            return
        if not options["compile"]:
            for domain in messages.DOMAINS:
                messages.update(base, domain)
        messages.compile_catalogues(base)
        # The demo goes on to serve in this process, which looked for catalogues before there were any.
        translation_file_changed(None, Path("django.mo"))
        missing = sum(len(messages.faults(base, domain)) for domain in messages.DOMAINS)
        if missing and not options["compile"]:
            self.stdout.write(f"{missing} texts want a translation; `manage.py messages --check` lists them.")

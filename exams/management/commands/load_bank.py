"""Brings new items, versions and forms from the sources into the database: `manage.py load_bank`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from exams.actions.bank import load_bank
from exams.bank_checks import bank_faults
from exams.bank_files import BankFileError, read_bank
from exams.errors import ExamsError


class Command(BaseCommand):
    help = "Loads what is new in the bank's sources; refuses a bank with faults, and changes nothing then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fixtures", type=Path, default=settings.FIXTURES_DIR, help="folder of the sources"
        )

    def handle(self, *args: Any, fixtures: Path, **options: Any) -> None:
        try:
            faults = [str(fault) for fault in bank_faults(read_bank(fixtures))]
            if faults:
                raise CommandError("\n".join(["", *faults, "Nothing was loaded; see manage.py check_bank."]))
            versions, forms = load_bank(root=fixtures, now=timezone.now())
        except (BankFileError, ExamsError) as error:
            raise CommandError(f"{error}\nNothing was loaded.") from error
        self.stdout.write(f"{versions} new item version(s), {forms} new form(s).")

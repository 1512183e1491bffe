"""Is the bank fit to be used, and how much does it hold? `manage.py check_bank [--fixtures DIR]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exams.bank_checks import bank_faults, domains_without_items, standards_without_items
from exams.bank_coverage import coverage_table
from exams.bank_files import BankFileError, read_bank
from exams.item_families import MOST_BUILT

EVERY_STANDARD = ("mathematics", "serbian")
"""Subjects that every pupil sits: practice must reach each of their standards; elsewhere each domain."""


class Command(BaseCommand):
    help = "Checks every item, stimulus and form of the bank and prints what it covers; fails for any fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fixtures", type=Path, default=settings.FIXTURES_DIR, help="folder of the sources"
        )

    def handle(self, *args: Any, fixtures: Path, **options: Any) -> None:
        try:
            subjects = read_bank(fixtures)
        except BankFileError as error:
            raise CommandError(str(error)) from error
        if not subjects:
            raise CommandError(f"no standards under {fixtures}/standards; name the folder with --fixtures")
        faults = [str(fault) for fault in bank_faults(subjects)]
        for subject in subjects:
            missing = standards_without_items(subject) if subject.name in EVERY_STANDARD else []
            missing += domains_without_items(subject)
            faults += [f"{subject.name}: no practice item for {code} (write one)" for code in missing]
        for line in coverage_table(subjects):
            self.stdout.write(line.rstrip())
        items = [item for subject in subjects for item in subject.items]
        released = sum(item.security == "released" for item in items)
        families = len({item.family for item in items if item.family})
        self.stdout.write(
            f"\n{released} practice items ({families} families, at most {MOST_BUILT} variants each), "
            f"{sum(item.security == 'trial' for item in items)} trial items, "
            f"{sum(len(subject.forms) for subject in subjects)} forms"
        )
        if faults:
            raise CommandError("\n".join(["", *faults, f"{len(faults)} fault(s) in the bank"]))
        self.stdout.write("No faults.")

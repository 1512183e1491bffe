"""`manage.py calibrate`: item parameters from responses, as a draft that a person decides about."""

from __future__ import annotations

import os
import threading
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from django.utils import timezone

from scoring.actions.calibrate import (
    LEAST_WANTED,
    SCALES,
    request_calibration,
    run_calibration,
)
from scoring.actions.calibration_states import begin, revive, sign_of_life, take_next
from scoring.actions.practice_effects import estimate_run_effects
from scoring.calibration_types import CalibrationSettings
from scoring.errors import CalibrationRefused
from scoring.models import Calibration, ScoringRun
from scoring.practice.effects import KNOTS
from scoring.queries.runs import run_in_force
from scoring.reference import reference_data

BEAT_SECONDS = 3.0
NICENESS = 10


class Command(BaseCommand):
    help = (
        "Calibrate a subject's items from all first responses to them. What comes out is a draft: read it "
        "and decide about it at /calibrations/; nothing changes before that."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--subject", choices=sorted(reference_data().subjects))
        what.add_argument("--draft", metavar="ID", type=UUID, help="compute this queued one (its id) now")
        what.add_argument("--queued", action="store_true", help="compute all that wait; for the worker")
        parser.add_argument(
            "--wanted",
            type=int,
            default=CalibrationSettings().wanted,
            help=f"responses from which an item is calibrated, at least {LEAST_WANTED}",
        )
        parser.add_argument("--scale", choices=SCALES, default=SCALES[0])
        parser.add_argument(
            "--dynamics",
            action="store_true",
            help="estimate how abilities change between sittings and what practice brings, too; alone: only "
            "tell it, write nothing",
        )
        parser.add_argument(
            "--practice",
            action="store_true",
            help="count first responses in practice as well; by default they are not: practice papers hold "
            "keys in clear, and whoever looks there makes items seem easier",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["queued"]:
            os.nice(NICENESS)  # whoever sits an exam on this machine goes first
            revive(now=timezone.now())
            while (calibration := take_next(now=timezone.now())) is not None:
                self._compute(calibration)
        elif options["subject"] or options["draft"]:
            self._compute(self._taken(options))
        elif options["dynamics"]:
            self._tell_dynamics()
        else:
            raise CommandError("Say what: --subject, --draft, --queued or --dynamics.")

    def _taken(self, options: dict[str, Any]) -> Calibration:
        """In one transaction, so that no worker takes it in between."""
        try:
            with transaction.atomic():
                calibration = self._wanted(options)
                begin(calibration, now=timezone.now())
        except CalibrationRefused as problem:
            raise CommandError(str(problem)) from problem
        return calibration

    def _wanted(self, options: dict[str, Any]) -> Calibration:
        if options["draft"]:
            found = Calibration.objects.filter(public_id=options["draft"]).first()
            if found is None:
                raise CommandError(f"There is no calibration {options['draft']}.")
            return found
        settings = {
            "wanted": options["wanted"],
            "scale": options["scale"],
            "practice": options["practice"],
            "dynamics": options["dynamics"],
        }
        subject, now = options["subject"], timezone.now()
        return request_calibration(subject=subject, settings=settings, by=None, now=now)

    def _compute(self, calibration: Calibration) -> None:
        with _Heart(calibration) as heart:
            run_calibration(calibration, now=timezone.now(), tell=heart.tell)
        self.stdout.write(_said(calibration))
        if calibration.state == Calibration.State.FAILED:
            self.stderr.write("Nothing was changed.")

    def _tell_dynamics(self) -> None:
        from scoring.actions.dynamics import estimate_run_dynamics  # noqa: PLC0415  loads SciPy at once

        run = run_in_force()
        if run is None:
            raise CommandError("Nothing has been scored yet.")
        found = estimate_run_dynamics(run=run)
        if found.estimated is None:
            self.stdout.write(
                f"Only {found.n_learners} have come back; those of the run are the better guess:"
            )
        for name, value in found.dynamics.as_table().items():
            se = found.estimated.se.get(name) if found.estimated else None
            self.stdout.write(f"{name:<16} {value}" + (f" (se {se:.4f})" if se is not None else ""))
        self._tell_effects(run)
        self.stdout.write("Nothing was changed: calibrate a subject with --dynamics to have them in a draft.")

    def _tell_effects(self, run: ScoringRun) -> None:
        found = estimate_run_effects(run=run)
        if found.estimated is None:
            self.stdout.write(
                f"Chance alone chose what {found.n_learners} practised, too few; of practice the run's own:"
            )
        effects = found.effects
        self.stdout.write(f"version          {effects.version}")
        self.stdout.write("chance of solving, gain in the domain, on the standard besides:")
        for place, row in enumerate(zip(KNOTS, effects.domain, effects.standard, strict=True)):
            line = f"{row[0]:<16} {row[1]:.5f} {row[2]:.5f}"
            if found.estimated:
                errors = found.estimated.domain_se[place], found.estimated.standard_se[place]
                line += f" (se {errors[0]:.5f} {errors[1]:.5f})"
            self.stdout.write(line)
        self.stdout.write(f"standard_sd      {effects.standard_sd}")


class _Heart:
    """Says every few seconds that this process still works, from a thread with a connection of its own."""

    def __init__(self, calibration: Calibration) -> None:
        self._id, self._tries = calibration.pk, int(calibration.report["tries"])
        self._step = "begin"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heart", daemon=True)

    def tell(self, step: str) -> None:
        self._step = step

    def __enter__(self) -> _Heart:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            sign_of_life(self._id, tries=self._tries, step=self._step, now=timezone.now())
        connections.close_all()


def _said(calibration: Calibration) -> str:
    if calibration.state == Calibration.State.FAILED:
        return f"{calibration.subject}: failed, {calibration.problem}."
    told = calibration.report["summary"]
    return (
        f"{calibration.subject}: draft {calibration.public_id}. {calibration.n_candidates} pupils, "
        f"{told['n_responses']} responses, {told['n_calibrated']} items calibrated, {told['n_pretest']} "
        f"pretest, {told['n_kept']} keep what they have."
    )

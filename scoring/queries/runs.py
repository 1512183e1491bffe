"""Which run do pages read from, and which could be put in force? `scoring.actions.parameters` makes them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from scoring.models import ItemCalibration, ScoringRun
from scoring.queries.item_bank import reference_version_ids
from scoring.reference import RULE_VERSION


def run_in_force() -> ScoringRun | None:
    """The run that was put in force last; None before the first scoring of an installation."""
    return ScoringRun.objects.filter(in_force_at__isnull=False).order_by("-in_force_at", "-pk").first()


def runs_once_in_force() -> QuerySet[ScoringRun]:
    """Every run that pages read from at some time, the latest first."""
    return (
        ScoringRun.objects.filter(in_force_at__isnull=False)
        .select_related("calibration")
        .order_by("-in_force_at", "-pk")
    )


def can_come_back(run: ScoringRun) -> bool:
    """May it be put in force again? Only under today's rules: nobody scores by older ones any more."""
    return run.in_force_at is not None and run.rule_version == RULE_VERSION


def rests_on_assumptions(run: ScoringRun, subject: str) -> bool:
    """Is any item of the subject's reference form still without parameters from responses?"""
    versions = reference_version_ids(subject)
    known = ~Q(source=ItemCalibration.Source.ASSUMED)
    n_known = ItemCalibration.objects.filter(known, run=run, version_id__in=versions).count()
    return not versions or n_known < len(versions)

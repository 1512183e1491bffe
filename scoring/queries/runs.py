"""Which run do pages read from, and which could be put in force? `scoring.actions.parameters` makes them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from exams.models import FormItem
from scoring.models import ItemCalibration, ScoringRun
from scoring.reference import RULE_VERSION, reference_data


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
    """Is any item of the subject's reference form still without parameters from responses? One query."""
    rule = reference_data().subjects.get(subject)
    if rule is None:
        return True
    measured = ItemCalibration.objects.exclude(source=ItemCalibration.Source.ASSUMED).filter(run=run)
    counted = FormItem.objects.filter(form__identifier=rule.reference_form).aggregate(
        n=Count("pk"), n_measured=Count("pk", filter=Q(version__in=measured.values("version")))
    )
    return bool(counted["n_measured"] < counted["n"] or not counted["n"])

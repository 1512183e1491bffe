"""Under which run is scored now, and does every item have parameters in it?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from exams.enums import InteractionType
from exams.models import ItemVersion
from scoring.assumed_parameters import assumed_items
from scoring.models import ItemCalibration, ScoringRun
from scoring.queries.runs import run_in_force
from scoring.reference import RULE_VERSION, reference_data


@transaction.atomic
def current_run(*, now: datetime) -> ScoringRun:
    """The run in force, with assumed parameters for items without any. Idempotent.

    Where there is none, or one of older rules, it is made and in force from `now` on: with what was known of
    items before, for rules say nothing about them. A run of nothing but assumptions gives way to newer ones.
    """
    run = run_in_force()
    if run is None or run.rule_version != RULE_VERSION or _is_outdated(run):
        run = _begin(run, now)
    complete_parameters(run)
    return run


def complete_parameters(run: ScoringRun) -> int:
    """Assumed parameters for every item version that has none in the run; how many."""
    missing = list(
        ItemVersion.objects.exclude(calibrations__run=run)
        .select_related("standard")
        .prefetch_related("texts")
        .order_by("pk")
    )
    if missing:
        ItemCalibration.objects.bulk_create(_assumed_rows(run, missing))
    return len(missing)


def copy_parameters(source: ScoringRun, target: ScoringRun) -> int:
    """Gives `target` the rows of `source` for all items it has none of; how many."""
    rows = ItemCalibration.objects.filter(run=source).exclude(version__calibrations__run=target)
    copies = [_copy(row, target) for row in rows.order_by("version_id")]
    ItemCalibration.objects.bulk_create(copies)
    return len(copies)


def _begin(before: ScoringRun | None, now: datetime) -> ScoringRun:
    """A run under today's rules, with the parameters of the one before unless those are outdated guesses."""
    keep = before is not None and not _is_outdated(before)
    version = before.parameter_version if before and keep else reference_data().assumptions.version
    run, created = ScoringRun.objects.get_or_create(
        rule_version=RULE_VERSION,
        parameter_version=version,
        defaults={
            "assumed": before.assumed if before and keep else True,
            "dynamics": before.dynamics if before else {},
            "in_force_at": now,
        },
    )
    if not created:
        run.in_force_at = now
        run.save(update_fields=["in_force_at"])
    if before and keep:
        copy_parameters(before, run)
    return run


def _is_outdated(run: ScoringRun) -> bool:
    """Does it hold nothing but assumptions, and not today's?"""
    if run.parameter_version == reference_data().assumptions.version:
        return False
    sources = set(run.calibrations.order_by().values_list("source", flat=True).distinct())
    return sources == {ItemCalibration.Source.ASSUMED.value}


def _copy(row: ItemCalibration, run: ScoringRun) -> ItemCalibration:
    return ItemCalibration(
        run=run,
        version_id=row.version_id,
        source=row.source,
        a=row.a,
        c=row.c,
        steps=row.steps,
        half_points=row.half_points,
    )


def _assumed_rows(run: ScoringRun, versions: list[ItemVersion]) -> list[ItemCalibration]:
    assumed = assumed_items(
        [version.standard.standard_level for version in versions],
        [version.key["half_points"] for version in versions],
        reference_data().assumptions,
        n_choices=[_choices(version) for version in versions],
    )
    parameters = assumed.parameters
    rows = []
    for index, version in enumerate(versions):
        n_categories = int(parameters.n_categories[index])
        steps = parameters.b[index] + parameters.steps[index, : n_categories - 1]
        rows.append(
            ItemCalibration(
                run=run,
                version=version,
                source=ItemCalibration.Source.ASSUMED,
                a=float(parameters.a[index]),
                c=float(parameters.c[index]),
                steps=[float(step) for step in steps],
                half_points=[int(points) for points in assumed.category_half_points[index, :n_categories]],
            )
        )
    return rows


def _choices(version: ItemVersion) -> int:
    """Between how many choices the candidate picks; 0 where nothing can be picked by luck alone."""
    if version.interaction != InteractionType.CHOICE:
        return 0
    return len(version.texts.all()[0].content["choices"])

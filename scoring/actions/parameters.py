"""Under which run is scored now, and does every item have parameters in it?"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from exams.enums import InteractionType
from exams.models import ItemVersion
from scoring.assumed_parameters import assumed_items
from scoring.models import ItemCalibration, ScoringRun
from scoring.queries.runs import run_in_force
from scoring.queries.unscored import unscored
from scoring.reference import RULE_VERSION, reference_data


@transaction.atomic
def current_run(*, now: datetime) -> ScoringRun:
    """The run in force, with assumed parameters for items without any. Idempotent.

    Where there is none it is made and in force from `now` on. One of older rules, or of nothing but older
    assumptions, stays in force until everything has been scored under its follower: pages never go blank.
    """
    run = run_in_force()
    if run is None:
        run = _follower(None)
        _put_in_force(run, now)
    elif (follower := next_run(run)) is not None:
        if unscored(follower).exists():
            complete_parameters(run)
            return run
        _put_in_force(follower, now)
        run = follower
    complete_parameters(run)
    return run


def next_run(run: ScoringRun) -> ScoringRun | None:
    """The run that follows one of older rules or assumptions, not in force yet; None for one of today's.

    It has what was known of items before, for rules say nothing about them.
    """
    if run.rule_version == RULE_VERSION and not _is_outdated(run):
        return None
    follower = _follower(run)
    complete_parameters(follower)
    return follower


def hold_runs() -> None:
    """Whoever decides what is to be in force, or is asked for, waits here for whoever decides just now.

    To be called in a transaction, before anything is looked at that the decision rests on.
    """
    ScoringRun.objects.select_for_update(no_key=True).order_by("pk").first()


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


def _put_in_force(run: ScoringRun, now: datetime) -> None:
    run.in_force_at = now
    run.save(update_fields=["in_force_at"])


def _follower(before: ScoringRun | None) -> ScoringRun:
    """A run under today's rules, with the parameters of the one before unless those are outdated guesses."""
    keep = before is not None and not _is_outdated(before)
    version = before.parameter_version if before and keep else reference_data().assumptions.version
    run, _ = ScoringRun.objects.get_or_create(
        rule_version=RULE_VERSION,
        parameter_version=version,
        defaults={
            "assumed": before.assumed if before and keep else True,
            "dynamics": before.dynamics if before else {},
            "practice_effects": before.practice_effects if before else {},
        },
    )
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

"""Under which run is scored now, and does every item have parameters in it?"""

from __future__ import annotations

from django.db import transaction

from exams.enums import InteractionType
from exams.models import ItemVersion
from scoring.assumed_parameters import assumed_items
from scoring.models import ItemCalibration, ScoringRun
from scoring.reference import RULE_VERSION, reference_data


@transaction.atomic
def current_run() -> ScoringRun:
    """The run in force, created when missing, with assumed parameters for items without any. Idempotent."""
    assumptions = reference_data().assumptions
    run, _ = ScoringRun.objects.get_or_create(
        rule_version=RULE_VERSION, parameter_version=assumptions.version, defaults={"assumed": True}
    )
    missing = list(
        ItemVersion.objects.exclude(calibrations__run=run).select_related("standard").order_by("pk")
    )
    if missing:
        ItemCalibration.objects.bulk_create(_assumed_rows(run, missing))
    return run


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

"""How does somebody have a subject's items calibrated, and how does that become a draft?

A request is a row; a process of its own computes it (`manage.py calibrate`), never one that serves pages:
what is heavy is imported by `run_calibration` alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.actions.audit import record
from accounts.models import Person
from scoring.actions.calibration_states import State, move
from scoring.actions.parameters import current_run, hold_runs
from scoring.actions.practice_effects import estimate_run_effects
from scoring.calibration_types import BankItems, CalibrationData, CalibrationSettings, TooLittle
from scoring.errors import CalibrationRefused
from scoring.growth import Dynamics
from scoring.models import CalibratedItem, Calibration, ScoringRun
from scoring.queries.calibration_data import calibration_data
from scoring.reference import reference_data

if TYPE_CHECKING:
    from scoring.bank_calibration import BankCalibration

log = logging.getLogger(__name__)
LEAST_WANTED, MOST_WANTED = 100, 2000
SCALES = ("linked", "fixed")


@transaction.atomic
def request_calibration(
    *, subject: str, settings: dict[str, Any], by: Person | None, now: datetime
) -> Calibration:
    """Queues one, unless one of this subject waits or runs already.

    settings: as in CalibrationSettings; what is missing is as usual. Raises CalibrationRefused.
    """
    if subject not in reference_data().subjects:
        raise CalibrationRefused("subject", f"there is no subject {subject!r}")
    hold_runs()
    run = current_run(now=now)
    asked = CalibrationSettings.from_table(settings)
    if not LEAST_WANTED <= asked.wanted <= MOST_WANTED or asked.scale not in SCALES:
        raise CalibrationRefused("settings", f"cannot calibrate with {settings}")
    if Calibration.objects.filter(subject=subject, state__in=[State.QUEUED, State.RUNNING]).exists():
        raise CalibrationRefused("under_way", f"{subject}: one is under way already")
    calibration = Calibration.objects.create(
        subject=subject,
        settings=asked.as_table(),
        requested_by=by,
        requested_at=now,
        base_run=run,
    )
    record(
        actor=by,
        action="request_calibration",
        at=now,
        detail={"calibration": str(calibration.public_id), "subject": subject, **calibration.settings},
    )
    return calibration


def run_calibration(
    calibration: Calibration, *, now: datetime, tell: Callable[[str], None] = lambda step: None
) -> None:
    """Computes a running calibration and makes it a draft, or failed with its reason.

    It rests on the run that is in force now. `tell` hears which step begins. Raises what went wrong
    unforeseen, after writing it down.
    """
    from scoring.bank_calibration import calibrate_bank  # noqa: PLC0415  loads SciPy, no web process may
    from scoring.calibration_report import calibration_report  # noqa: PLC0415  loads SciPy as well

    run = current_run(now=now)
    settings = CalibrationSettings.from_table(calibration.settings)
    try:
        tell("read")
        data, bank, facts = calibration_data(calibration.subject, run=run, practice=settings.practice)
        change = _dynamics(run, settings, tell)
        dynamics = Dynamics.from_table(change["table"])
        found = calibrate_bank(data, bank, settings, dynamics=dynamics, tell=tell)
        report = calibration_report(data, bank, found, tell=tell)
        report["dynamics"] = change
        report["effects"] = _effects(run, settings, tell)
    except TooLittle as problem:
        move(calibration, State.FAILED, problem=problem.code, finished_at=now, base_run=run)
        return
    except Exception as problem:
        log.exception("calibration %s came to no end", calibration.public_id)
        move(calibration, State.FAILED, problem=str(problem)[:500] or "unknown", finished_at=now)
        raise
    tell("write")
    report["data"] = facts.as_table()
    # Together: where another process took the work over meanwhile, this try is no longer the one under way,
    # the move is refused and nothing stays.
    with transaction.atomic():
        _keep(calibration, data, bank, found, report)
        move(
            calibration,
            State.DRAFT,
            report=report,
            n_candidates=facts.n_pupils,
            finished_at=now,
            base_run=run,
            problem="",
        )


def _dynamics(run: ScoringRun, settings: CalibrationSettings, tell: Callable[[str], None]) -> dict[str, Any]:
    """How abilities change between sittings, in all subjects: as the run has it, or estimated anew."""
    from scoring.actions.dynamics import estimate_run_dynamics  # noqa: PLC0415  loads SciPy as well

    if not settings.dynamics:
        return {"table": run.dynamics, "estimated": False, "n_learners": 0, "se": {}}
    tell("dynamics")
    found = estimate_run_dynamics(run=run)
    return {
        "table": found.dynamics.as_table() if found.estimated else run.dynamics,
        "estimated": found.estimated is not None,
        "n_learners": found.n_learners,
        "se": {name: float(se) for name, se in found.estimated.se.items()} if found.estimated else {},
    }


def _effects(run: ScoringRun, settings: CalibrationSettings, tell: Callable[[str], None]) -> dict[str, Any]:
    """What practice brings, in all subjects: as the run has it, or estimated anew."""
    kept = {"table": run.practice_effects, "estimated": False, "domain_se": [], "standard_se": []}
    if not settings.dynamics:
        return kept | {"n_learners": 0}
    tell("effects")
    found = estimate_run_effects(run=run)
    if found.estimated is None:
        return kept | {"n_learners": found.n_learners}
    return {
        "table": found.effects.as_table(),
        "estimated": True,
        "n_learners": found.n_learners,
        "domain_se": list(found.estimated.domain_se),
        "standard_se": list(found.estimated.standard_se),
    }


def _keep(
    calibration: Calibration,
    data: CalibrationData,
    bank: BankItems,
    found: BankCalibration,
    report: dict[str, Any],
) -> None:
    """The items' rows; figures by position become figures by item version, which last."""
    from scoring.calibration_report import GRAVE, plain  # noqa: PLC0415  loads SciPy, which no web process may

    CalibratedItem.objects.filter(calibration=calibration).delete()
    rows, figures = [], report["items"]
    for place, version_id in enumerate(data.version_ids):
        n_steps = int(found.parameters.n_categories[place]) - 1
        steps = found.parameters.b[place] + found.parameters.steps[place, :n_steps]
        flags = figures[place]["flags"]
        rows.append(
            CalibratedItem(
                calibration=calibration,
                version_id=version_id,
                source=found.sources[place] or bank.sources[place],
                a=float(found.parameters.a[place]),
                c=float(found.parameters.c[place]),
                steps=[float(step) for step in steps],
                half_points=[int(points) for points in bank.half_points[place, : n_steps + 1]],
                se_a=plain(found.se_a[place]),
                se_b=plain(found.se_b[place]),
                n_responses=int(found.n[place]),
                flags=flags,
                included=bool(found.sources[place]) and not GRAVE.intersection(flags),
            )
        )
    CalibratedItem.objects.bulk_create(rows)
    report["items"] = {str(data.version_ids[place]): row for place, row in enumerate(figures)}
    for entry in [*report["dif"], *report["pairs"]]:
        _name_versions(entry, data.version_ids)


def _name_versions(entry: dict[str, Any], version_ids: tuple[int, ...]) -> None:
    for name in ("first", "second"):
        if name in entry:
            entry[name] = version_ids[entry[name]]
    for one in entry.get("items", []):
        one["item"] = version_ids[one["item"]]

"""What does a person decide about a calibration: which items, whether at all, and from when on?

Each decision is one transaction with its audit row. Accepting changes no page: it makes a run beside the one
in force, under which everything is scored anew (`scoring.actions.rescore`). Only putting it in force does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions.audit import record
from accounts.models import Person
from scoring.actions.calibration_states import State, move
from scoring.actions.parameters import copy_parameters, current_run, hold_runs
from scoring.errors import CalibrationRefused
from scoring.growth import Dynamics
from scoring.models import CalibratedItem, Calibration, ItemCalibration, ScoringRun
from scoring.practice.effects import PracticeEffects
from scoring.queries.item_bank import reference_version_ids
from scoring.queries.runs import can_come_back, rests_on_assumptions, run_in_force
from scoring.queries.unscored import unscored
from scoring.reference import reference_data


@transaction.atomic
def include_items(
    *, calibration: Calibration, version_ids: Sequence[int], included: bool, by: Person, now: datetime
) -> int:
    """Take items of a draft in, or leave them out; how many changed. Items that keep what they have stay so.

    Raises CalibrationRefused unless it is a draft.
    """
    held = _held(calibration, State.DRAFT)
    new = [int(version) for version, row in held.report["items"].items() if row["new"]]
    rows = CalibratedItem.objects.filter(
        calibration=held, version_id__in=[v for v in version_ids if v in new], included=not included
    )
    changed = rows.update(included=included)
    if changed:
        _record(held, "choose_calibrated_items", by, now, included=included, items=list(version_ids))
    return changed


@transaction.atomic
def accept(*, calibration: Calibration, by: Person, reason: str, now: datetime) -> ScoringRun:
    """Makes the run that will be scored beside the one in force: its parameters, with the included items new,
    and how abilities change and what practice brings as this calibration found it.

    Raises CalibrationRefused unless it is a draft with at least one item, made on the parameters in force,
    and while another one is accepted beside the same run: each would undo what the other brings.
    """
    hold_runs()
    base = current_run(now=now)
    _held(calibration, State.DRAFT)
    if Calibration.objects.filter(state=State.ACCEPTED, base_run=base).exists():
        raise CalibrationRefused("another", f"another calibration is accepted beside {base}")
    if _was_overtaken(calibration, base):
        raise CalibrationRefused("overtaken", "items of this subject have other parameters by now")
    chosen = list(CalibratedItem.objects.filter(calibration=calibration, included=True))
    if not chosen:
        raise CalibrationRefused("no_items", "no item is included")
    run = ScoringRun.objects.create(
        rule_version=base.rule_version,
        parameter_version=f"calibration-{calibration.pk}",
        dynamics=_found(calibration, "dynamics", base.dynamics),
        practice_effects=_found(calibration, "effects", base.practice_effects),
        assumed=True,
    )
    move(
        calibration,
        State.ACCEPTED,
        run=run,
        base_run=base,
        decided_by=by,
        decided_at=now,
        decision_reason=reason,
        difference={},
    )
    ItemCalibration.objects.bulk_create(_row(item, run) for item in chosen)
    copy_parameters(base, run)
    ScoringRun.objects.filter(pk=run.pk).update(assumed=_is_assumed(run))
    run.refresh_from_db()
    _record(calibration, "accept_calibration", by, now, reason=reason, run=run.pk, n_items=len(chosen))
    return run


@transaction.atomic
def reject(*, calibration: Calibration, by: Person, reason: str, now: datetime) -> None:
    """The draft stays to be read, and changes nothing. Raises CalibrationRefused unless it is a draft."""
    _held(calibration, State.DRAFT)
    move(calibration, State.REJECTED, decided_by=by, decided_at=now, decision_reason=reason)
    _record(calibration, "reject_calibration", by, now, reason=reason)


@transaction.atomic
def withdraw(*, calibration: Calibration, by: Person, reason: str, now: datetime) -> None:
    """What was accepted does not come into force after all: nothing is scored under it any more.

    Raises CalibrationRefused unless it is accepted.
    """
    hold_runs()
    _held(calibration, State.ACCEPTED)
    move(calibration, State.REJECTED, decided_by=by, decided_at=now, decision_reason=reason)
    _record(calibration, "withdraw_calibration", by, now, reason=reason)


@transaction.atomic
def put_in_force(*, calibration: Calibration, by: Person, reason: str, now: datetime) -> ScoringRun:
    """From now on pages read from its run. Raises CalibrationRefused unless everything has been scored under
    it, what came in lately as well, and unless the run that it was compared with is still the one in force.
    """
    hold_runs()
    _held(calibration, State.ACCEPTED)
    if calibration.run is None or not calibration.difference.get("finished_at"):
        raise CalibrationRefused("not_scored", "not everything has been scored under it yet")
    before = run_in_force()
    if before != calibration.base_run:
        raise CalibrationRefused("overtaken", "another run has been put in force since it was accepted")
    waiting = unscored(calibration.run).count()
    if waiting:
        raise CalibrationRefused("waiting", f"{waiting} sittings wait for a score under it", waiting)
    move(calibration, State.IN_FORCE)
    ScoringRun.objects.filter(pk=calibration.run.pk).update(in_force_at=now)
    _record(
        calibration, "put_calibration_in_force", by, now, reason=reason, before=before.pk if before else None
    )
    calibration.run.refresh_from_db()
    return calibration.run


@transaction.atomic
def go_back(*, run: ScoringRun, by: Person, reason: str, now: datetime) -> None:
    """Puts a run in force again that was before. What came in since is scored under it by the worker.

    Raises CalibrationRefused for a run that was never in force, is so now, or is of older rules.
    """
    hold_runs()
    before = run_in_force()
    run.refresh_from_db()
    if before == run or not can_come_back(run):
        raise CalibrationRefused("run", f"{run} cannot be put in force again")
    ScoringRun.objects.filter(pk=run.pk).update(in_force_at=now)
    detail = {"run": run.pk, "before": before.pk if before else None, "reason": reason}
    record(actor=by, action="put_run_in_force_again", at=now, detail=detail)


def _held(calibration: Calibration, state: Calibration.State) -> Calibration:
    """The row as it is now, held till the transaction ends. Raises CalibrationRefused unless in `state`."""
    Calibration.objects.select_for_update(no_key=True).get(pk=calibration.pk)
    calibration.refresh_from_db()
    if calibration.state != state:
        raise CalibrationRefused("state", f"possible for '{state}' only, this one is '{calibration.state}'")
    return calibration


def _found(calibration: Calibration, name: str, in_force: dict[str, Any]) -> dict[str, Any]:
    """The table that the calibration estimated; where it did not, that of the run in force now."""
    table: dict[str, Any] = calibration.report[name]["table"] if _estimated(calibration, name) else in_force
    return table


def _estimated(calibration: Calibration, name: str) -> bool:
    """Drafts from before practice was estimated say nothing of its effects."""
    return bool(calibration.report.get(name, {}).get("estimated"))


def _was_overtaken(calibration: Calibration, base: ScoringRun) -> bool:
    """Is the scale that the draft was put on no longer that of the bank?

    Where it estimated how abilities change, or what practice brings: does the run in force say otherwise now?
    """
    if base.pk == calibration.base_run_id:
        return False
    runs = (calibration.base_run, base)
    dynamics = {Dynamics.from_table(run.dynamics) for run in runs}
    effects = {PracticeEffects.from_table(run.practice_effects) for run in runs}
    if _estimated(calibration, "dynamics") and len(dynamics) > 1:
        return True
    if _estimated(calibration, "effects") and len(effects) > 1:
        return True
    own = list(calibration.items.values_list("version_id", flat=True))
    before, today = (_parameters(run, own) for run in (calibration.base_run, base))
    return before != today


def _parameters(run: ScoringRun, version_ids: list[int]) -> dict[int, tuple[Any, ...]]:
    rows = ItemCalibration.objects.filter(run=run, version_id__in=version_ids)
    return {row.version_id: (row.a, row.c, tuple(row.steps)) for row in rows}


def _row(item: CalibratedItem, run: ScoringRun) -> ItemCalibration:
    return ItemCalibration(
        run=run,
        version_id=item.version_id,
        source=item.source,
        a=item.a,
        c=item.c,
        steps=item.steps,
        half_points=item.half_points,
    )


def _is_assumed(run: ScoringRun) -> bool:
    """Does any published reference form still rest on assumptions? Then pages over all subjects say so."""
    published = [subject for subject in reference_data().subjects if reference_version_ids(subject)]
    return any(rests_on_assumptions(run, subject) for subject in published)


def _record(calibration: Calibration, action: str, by: Person, now: datetime, **detail: Any) -> None:
    record(actor=by, action=action, at=now, detail={"calibration": str(calibration.public_id), **detail})

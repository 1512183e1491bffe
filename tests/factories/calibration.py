"""Hundreds of pupils who sat a form, straight as scored rows; and drafts as if they had been computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from accounts.enums import OrganizationKind, Role
from accounts.models import ClassGroup, Enrollment, Person
from exams.enums import FormPurpose, SittingState
from exams.models import Form, ItemVersion, Sitting
from scoring.actions.calibration_states import State
from scoring.actions.parameters import current_run
from scoring.irt import ItemParameters, simulate_responses
from scoring.irt.types import FloatArray
from scoring.models import CalibratedItem, Calibration, ItemOutcomeRow, ScoringRun, SittingScore
from scoring.queries.item_bank import ItemBank, load_bank
from tests.factories.accounts import NOW, make_class, make_member, make_region

FORM_ITEMS = (
    "ma-201", "ma-102", "ma-203", "ma-204", "ma-205", "ma-106", "ma-207", "ma-108", "ma-209", "ma-210",
    "ma-211", "ma-112", "ma-213", "ma-114", "ma-215", "ma-116", "ma-117", "ma-218", "ma-119", "ma-220",
)  # fmt: skip
STATUS = {-2: "omitted", -3: "not_reached", -1: "pending"}


def make_psychometrician() -> Person:
    return make_member(make_region(kind=OrganizationKind.MINISTRY), Role.PSYCHOMETRICIAN)


def make_pupils(n: int, group: ClassGroup | None = None) -> list[Person]:
    group = group or make_class()
    people = Person.objects.bulk_create(
        Person(given_name="Мила", family_name=f"Илић {number}", password="!") for number in range(n)
    )
    Enrollment.objects.bulk_create(
        Enrollment(person=person, class_group=group, role=Role.PUPIL) for person in people
    )
    return people


def true_parameters(bank: ItemBank, *, seed: int = 1, sd: float = 0.3) -> ItemParameters:
    """The bank's, with difficulties off by `sd` and slopes by two thirds of it."""
    rng = np.random.default_rng(seed)
    own = bank.parameters
    return replace(
        own,
        a=own.a * np.exp(sd * 2 / 3 * rng.standard_normal(own.n_items)),
        b=own.b + sd * rng.standard_normal(own.n_items),
    )


def simulate_trial(
    form: Form,
    pupils: Sequence[Person],
    theta: FloatArray,
    *,
    truth: ItemParameters,
    run: ScoringRun | None = None,
    at: datetime = NOW,
    seed: int = 1,
    **sitting: Any,
) -> list[Sitting]:
    """One sealed, scored sitting of the form for each pupil; what they earn is drawn from `truth`."""
    run = run or current_run(now=NOW)
    versions = list(form.form_items.order_by("position").values_list("version_id", flat=True))
    bank = load_bank(run).select(versions)
    codes = simulate_responses(theta, truth, seed=seed)
    return scored_sittings(form, pupils, codes.tolist(), bank, run=run, at=at, **sitting)


def scored_sittings(
    form: Form,
    pupils: Sequence[Person],
    codes: Sequence[Sequence[int]],
    bank: ItemBank,
    *,
    run: ScoringRun,
    at: datetime = NOW,
    hinted: bool = False,
    **fields: Any,
) -> list[Sitting]:
    """Codes (N, J) as in the engine: categories, -1 waits for a mark, -2 omitted, -3 not reached."""
    usual = {"state": SittingState.SEALED, "created_at": at, "started_at": at, "handed_in_at": at}
    sittings = Sitting.objects.bulk_create(
        Sitting(form=form, candidate=pupil, **(usual | fields)) for pupil in pupils
    )
    scores = SittingScore.objects.bulk_create(
        SittingScore(
            run=run, sitting=sitting, final=True, events=0, half_points=0, max_half_points=1, theta=0, se=1,
            log_likelihood=[],
        )
        for sitting in sittings
    )  # fmt: skip
    ItemOutcomeRow.objects.bulk_create(
        ItemOutcomeRow(
            score=score,
            version_id=version_id,
            position=position + 1,
            status=STATUS.get(code, "answered"),
            half_points=int(bank.category_half_points[position, max(code, 0)]),
            max_half_points=int(bank.category_half_points[position].max()),
            hinted=hinted,
        )
        for score, row in zip(scores, codes, strict=True)
        for position, (version_id, code) in enumerate(zip(bank.version_ids, row, strict=True))
    )
    return sittings


def make_draft(form: Form, *, shift: float = 0.5, flags: Sequence[str] = (), **fields: Any) -> Calibration:
    """A draft by which every item of the form is harder by `shift`; as computed, but written by hand."""
    run = current_run(now=NOW)
    bank = load_bank(run)
    versions = list(
        ItemVersion.objects.filter(form_items__form=form, form_items__form__purpose=FormPurpose.TRIAL)
        .order_by("form_items__position")
        .values_list("pk", flat=True)
    )
    own = bank.select(versions)
    usual: dict[str, Any] = {
        "subject": form.subject,
        "state": State.DRAFT,
        "settings": {"wanted": 250, "practice": True, "scale": "linked", "dynamics": False},
        "requested_at": NOW,
        "finished_at": NOW + timedelta(minutes=1),
        "base_run": run,
        "n_candidates": 300,
        "report": report_on(own, shift, flags),
    }
    calibration = Calibration.objects.create(**(usual | fields))
    CalibratedItem.objects.bulk_create(
        CalibratedItem(
            calibration=calibration,
            version_id=version_id,
            source="calibrated",
            a=float(own.parameters.a[place]),
            c=float(own.parameters.c[place]),
            steps=[
                float(own.parameters.b[place] + step + shift)
                for step in own.parameters.steps[place, : own.parameters.n_categories[place] - 1]
            ],
            half_points=[
                int(points)
                for points in own.category_half_points[place, : own.parameters.n_categories[place]]
            ],
            se_a=0.1,
            se_b=0.1,
            n_responses=300,
            flags=list(flags),
        )
        for place, version_id in enumerate(versions)
    )
    return calibration


def report_on(bank: ItemBank, shift: float, flags: Sequence[str]) -> dict[str, Any]:
    figures = {"n": 300, "facility": 0.5, "rest": 0.4, "infit": 1.0, "outfit": 1.0, "gap": -0.1}
    items = {
        str(version_id): {
            **figures,
            "new": True,
            "flags": list(flags),
            "bank": {
                "a": float(bank.parameters.a[place]),
                "b": float(bank.parameters.b[place]),
                "source": "assumed",
            },
        }
        for place, version_id in enumerate(bank.version_ids)
    }
    return {
        "items": items,
        "dif": [],
        "pairs": [],
        "population": [{"mean": 0.0, "sd": 1.0, "n": 300}],
        "dynamics": {"table": {}, "estimated": False, "n_learners": 0, "se": {}},
        "effects": {
            "table": {}, "estimated": False, "n_learners": 0, "domain_se": [], "standard_se": [],
        },
        "data": {
            "n_pupils": 300, "n_trials": 300, "n_practice": 0, "n_repeated": 0, "n_before_trial": 0,
            "n_hinted": 0, "n_simulated": 0, "first": NOW.isoformat(), "last": NOW.isoformat(),
        },
        "summary": {
            "n_rows": 300, "n_carried": 0, "n_responses": 3000, "n_items": len(items),
            "n_calibrated": len(items), "n_pretest": 0, "n_kept": 0, "scale": "first", "slope": None,
            "intercept": None, "n_common": 0, "n_common_kept": 0, "converged": True, "iterations": 9,
            "log_likelihood": -100.0, "reliability": 0.8, "correlation_b": 1.0, "mean_change": shift,
            "rms_change": abs(shift),
        },
    }  # fmt: skip

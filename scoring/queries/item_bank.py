"""Which parameters do these items have? Rows to arrays, in the order asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from exams.models import FormItem
from scoring.domains import expected_share
from scoring.irt.types import FloatArray, IntArray, ItemParameters
from scoring.models import ItemCalibration, ScoringRun
from scoring.reference import reference_data


@dataclass(frozen=True, slots=True, eq=False)
class ItemBank:
    """J item versions with their parameters, half-points per category (J, K_max) and domain codes."""

    version_ids: tuple[int, ...]
    domains: tuple[str, ...]
    parameters: ItemParameters
    category_half_points: IntArray

    def positions(self, version_ids: Sequence[int]) -> list[int]:
        place = {version_id: index for index, version_id in enumerate(self.version_ids)}
        return [place[version_id] for version_id in version_ids]

    def select(self, version_ids: Sequence[int]) -> ItemBank:
        """Those items, in that order; an item may come more than once."""
        index = self.positions(version_ids)
        return ItemBank(
            version_ids=tuple(version_ids),
            domains=tuple(self.domains[place] for place in index),
            parameters=self.parameters.select(np.array(index, dtype=np.int64)),
            category_half_points=self.category_half_points[index],
        )


def load_bank(run: ScoringRun, *, version_ids: Iterable[int] | None = None) -> ItemBank:
    """All items of the run, or those with parameters among `version_ids`."""
    calibrations = ItemCalibration.objects.filter(run=run)
    if version_ids is not None:
        calibrations = calibrations.filter(version_id__in=set(version_ids))
    rows = list(calibrations.select_related("version__standard__domain").order_by("version_id"))
    width = max((len(row.half_points) for row in rows), default=2)
    points = np.zeros((len(rows), width), dtype=np.int64)
    steps = np.full((len(rows), width - 1), np.nan)
    location = np.zeros(len(rows))
    for index, row in enumerate(rows):
        points[index, : len(row.half_points)] = row.half_points
        location[index] = np.mean(row.steps)
        steps[index, : len(row.steps)] = np.asarray(row.steps) - location[index]
    return ItemBank(
        version_ids=tuple(row.version_id for row in rows),
        domains=tuple(row.version.standard.domain.code for row in rows),
        parameters=ItemParameters(
            a=np.array([row.a for row in rows]),
            b=location,
            steps=steps,
            c=np.array([row.c for row in rows]),
            n_categories=np.array([len(row.half_points) for row in rows]),
        ),
        category_half_points=points,
    )


def reference_version_ids(subject: str) -> list[int]:
    """Item versions of the subject's reference form, in order; empty when it is not published yet."""
    rule = reference_data().subjects.get(subject)
    if rule is None:
        return []
    return list(
        FormItem.objects.filter(form__identifier=rule.reference_form)
        .order_by("position")
        .values_list("version_id", flat=True)
    )


def reference_bank(subject: str, run: ScoringRun) -> ItemBank | None:
    """The subject's reference form with its parameters; None when it is not published, or not in the run."""
    version_ids = reference_version_ids(subject)
    bank = load_bank(run, version_ids=version_ids)
    return bank.select(version_ids) if version_ids and len(bank.version_ids) == len(version_ids) else None


def domain_references(reference: ItemBank) -> dict[str, FloatArray]:
    """Per domain of the reference form, the expected share of its points at each ability, (Q,)."""
    references: dict[str, FloatArray] = {}
    for domain in sorted(set(reference.domains)):
        own = reference.select(
            [
                version_id
                for version_id, code in zip(reference.version_ids, reference.domains, strict=True)
                if code == domain
            ]
        )
        references[domain] = expected_share(own.parameters, own.category_half_points)
    return references


def domain_half_points(bank: ItemBank) -> dict[str, int]:
    """What each domain brings at most on these items: of the reference form, its blueprint."""
    best = bank.category_half_points.max(axis=1)
    return {
        domain: int(sum(best[index] for index, code in enumerate(bank.domains) if code == domain))
        for domain in sorted(set(bank.domains))
    }

"""What would change for pupils, domains and items if another run were in force?"""

from __future__ import annotations

from typing import Any

import numpy as np

from scoring.calibration_change import change_table
from scoring.models import Calibration, DomainEstimate, ScoringRun, SittingScore, SubjectEstimate
from scoring.reference import reference_data

_MOST_ITEMS = 10


def difference_between(calibration: Calibration, *, base: ScoringRun, run: ScoringRun) -> dict[str, Any]:
    """Of the calibration's subject, over pupils with an estimate under both runs; half-points and shares.

    No pupil is named: what is compared is parameters, not people.
    """
    subject = calibration.subject
    old, new = _expected(base, subject), _expected(run, subject)
    both = sorted(old.keys() & new.keys())
    before = np.array([old[person] for person in both], dtype=np.float64)
    after = np.array([new[person] for person in both], dtype=np.float64)
    scores = SittingScore.objects.filter(run=run, sitting__form__subject=subject)
    return {
        "n_sittings": scores.count(),
        **change_table(before, after, reference_data().levels.cuts),
        "domains": _domains(base, run, subject),
        "items": _items(calibration),
    }


def n_scored(run: ScoringRun) -> int:
    """Sittings with a score in the run: for saying how far scoring has come."""
    return SittingScore.objects.filter(run=run).count()


def _expected(run: ScoringRun, subject: str) -> dict[int, float]:
    return dict(SubjectEstimate.objects.filter(run=run, subject=subject).values_list("person_id", "expected"))


def _domains(base: ScoringRun, run: ScoringRun, subject: str) -> list[dict[str, Any]]:
    """Of each domain: the mean change of the expected share, and how many verdicts are others."""
    old, new = _of_domains(base, subject), _of_domains(run, subject)
    changes: dict[str, list[tuple[float, bool]]] = {}
    for key in old.keys() & new.keys():
        (share, verdict), (share_now, verdict_now) = old[key], new[key]
        changes.setdefault(key[1], []).append((share_now - share, verdict != verdict_now))
    return [
        {
            "code": code,
            "n": len(rows),
            "mean_change": round(float(np.mean([change for change, _ in rows])), 4),
            "n_verdicts": sum(other for _, other in rows),
        }
        for code, rows in sorted(changes.items())
    ]


def _of_domains(run: ScoringRun, subject: str) -> dict[tuple[int, str], tuple[float, str]]:
    rows = DomainEstimate.objects.filter(estimate__run=run, estimate__subject=subject)
    names = ("estimate__person_id", "domain__code", "expected_share", "verdict")
    return {
        (person, code): (share, verdict)
        for person, code, share, verdict in rows.values_list(*names).iterator(chunk_size=5000)
    }


def _items(calibration: Calibration) -> list[dict[str, Any]]:
    """The included items whose expected share of points changed most, largest first."""
    figures = calibration.report.get("items", {})
    rows = [
        (abs(figures[str(item.version_id)]["gap"] or 0), item)
        for item in calibration.items.filter(included=True).select_related("version")
    ]
    rows.sort(key=lambda row: (-row[0], row[1].version.ref))
    return [
        {
            "ref": item.version.ref,
            "gap": figures[str(item.version_id)]["gap"],
            "b_before": figures[str(item.version_id)]["bank"]["b"],
            "b": round(float(np.mean(item.steps)), 4),
        }
        for _, item in rows[:_MOST_ITEMS]
    ]

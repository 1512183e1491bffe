"""What travels to a phone so that it can choose items and move the estimate without a network?"""

from __future__ import annotations

from typing import Any

import numpy as np

from scoring.irt.types import FloatArray, ItemParameters
from scoring.practice.abilities import around_of
from scoring.practice.bank import PracticeBank
from scoring.practice.exam import Exam
from scoring.practice.learner import Learner
from scoring.practice.policy import PracticePolicy

DECIMALS = 6
"""Of every real number that travels."""


def travelling_model(
    bank: PracticeBank, learner: Learner, exam: Exam, policy: PracticePolicy
) -> dict[str, Any]:
    """{"policy": ..., "model": ...} for JSON, of the items in `bank` only: the phone has no others.

    Steps are the difficulties themselves, b + steps. The phone computes the tables of `PracticeBank` and
    `Exam` from the parameters: they would be a hundred times as large. Of standards without items here only
    what they say of their domains travels; met items are those of the bank.
    ValueError for items of the graded response model, which the phone does not know.
    """
    if bank.parameters.graded.any() or exam.parameters.graded.any():
        raise ValueError("graded items cannot travel to a phone")
    here = {*bank.domain_codes, *exam.domains}
    return {
        "policy": policy.as_table(),
        "model": {
            "posterior": _rounded(learner.posterior),
            "evidence": {
                code: {"domain": one.domain, "likelihood": _rounded(one.likelihood)}
                for code, one in learner.evidence.items()
                if code in bank.standard_index
            },
            "around": {
                code: _rounded(one)
                for code, one in around_of(learner, bank.standard_index, policy.effects.standard_sd).items()
            },
            "grown": {code: round(by, DECIMALS) for code, by in learner.grown.items()},
            "verdicts": {code: learner.verdict_on(code).value for code in sorted(here)},
            "reference": [
                {
                    "domain": domain,
                    "standard": exam.standards[place] if exam.standards else "",
                    **_item(exam.parameters, exam.half_points, place),
                }
                for place, domain in enumerate(exam.domains)
            ],
            "items": {
                item.identifier: {
                    **_item(bank.parameters, bank.half_points, place),
                    "domain": item.domain,
                    "standard": item.standard,
                    "family": item.family,
                }
                for place, item in enumerate(bank.items)
            },
            "breadth": dict(exam.breadth),
            "prerequisites": _prerequisites(bank),
            "met": {
                key: {"missed": met.missed, "due": met.due, "confirm": met.confirm}
                for key, met in learner.met.items()
                if key in bank.places
            },
        },
    }


def _prerequisites(bank: PracticeBank) -> dict[str, list[str]]:
    needs: dict[str, list[str]] = {}
    for later, before in bank.builds.tolist():
        needs.setdefault(bank.standard_codes[later], []).append(bank.standard_codes[before])
    return needs


def _item(parameters: ItemParameters, half_points: np.ndarray[Any, Any], place: int) -> dict[str, Any]:
    n_categories = int(parameters.n_categories[place])
    difficulties = parameters.b[place] + parameters.steps[place, : n_categories - 1]
    return {
        "a": round(float(parameters.a[place]), DECIMALS),
        "c": round(float(parameters.c[place]), DECIMALS),
        "steps": _rounded(difficulties),
        "half_points": half_points[place, :n_categories].tolist(),
    }


def _rounded(numbers: FloatArray) -> list[float]:
    return [round(float(number), DECIMALS) for number in numbers]

"""Which rules are in force: reference form, regimes, levels, assumptions? Read once from fixtures/scoring."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from scoring.admission_points import Regimes, load_regimes
from scoring.assumed_parameters import Assumptions, load_assumptions
from scoring.levels import PerformanceLevels, load_levels

RULE_VERSION = "rules-2"
"""Raise it with any change to how responses become scores; old scores then keep naming the old rules."""


@dataclass(frozen=True, slots=True)
class SubjectRule:
    reference_form: str
    test_kind: str

    @property
    def is_chosen(self) -> bool:
        """Is it one of the subjects of which each pupil sits one?"""
        return self.test_kind == "chosen_subject"


@dataclass(frozen=True, slots=True)
class ReferenceData:
    subjects: dict[str, SubjectRule]
    regimes: Regimes
    levels: PerformanceLevels
    assumptions: Assumptions


@cache
def reference_data() -> ReferenceData:
    """Raises DataFileError (file, place, remedy) when a file is damaged."""
    folder = settings.FIXTURES_DIR / "scoring"
    rows = tomllib.loads((folder / "reference.toml").read_text(encoding="utf-8"))["subjects"]
    return ReferenceData(
        subjects={subject: SubjectRule(**row) for subject, row in rows.items()},
        regimes=load_regimes(folder / "regimes.toml"),
        levels=load_levels(folder / "levels.toml"),
        assumptions=load_assumptions(folder / "assumed_parameters.toml"),
    )

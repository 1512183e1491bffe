"""Everything derived from the facts in exams: drop all of it, run score_sittings, and it comes back."""

from scoring.models.calibration import ItemCalibration, ScoringRun
from scoring.models.estimate import DomainEstimate, SubjectEstimate
from scoring.models.score import ItemOutcomeRow, SittingScore

__all__ = [
    "DomainEstimate",
    "ItemCalibration",
    "ItemOutcomeRow",
    "ScoringRun",
    "SittingScore",
    "SubjectEstimate",
]

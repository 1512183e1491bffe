"""Everything derived from the facts in exams: drop all of it, run score_sittings, and it comes back."""

from scoring.models.calibration import CalibratedItem, Calibration, ItemCalibration, ScoringRun
from scoring.models.estimate import DomainEstimate, SubjectEstimate
from scoring.models.score import ItemOutcomeRow, SittingScore

__all__ = [
    "CalibratedItem",
    "Calibration",
    "DomainEstimate",
    "ItemCalibration",
    "ItemOutcomeRow",
    "ScoringRun",
    "SittingScore",
    "SubjectEstimate",
]

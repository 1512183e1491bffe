"""Item response theory on NumPy arrays: what can be imported from here is the public face."""

from scoring.irt.ability import (
    Scores,
    SummedScores,
    apply_missing_rules,
    eap,
    log_likelihood,
    plausible_values,
    score,
    summed_scores,
)
from scoring.irt.calibration import Anchors, CalibrationResult, Population, Priors, fit
from scoring.irt.posterior import mean_and_sd, posterior_weights
from scoring.irt.probabilities import category_probabilities, expected_points, item_information
from scoring.irt.quadrature import DEFAULT_GRID, Grid, normal_weights
from scoring.irt.quality.classical import ClassicalStatistics, classical_statistics
from scoring.irt.score_distribution import score_distribution
from scoring.irt.selection.informative import posterior_information, rank_by_information
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import (
    NOT_PRESENTED,
    NOT_REACHED,
    OMITTED,
    AbilityEstimate,
    ItemParameters,
    MissingRule,
)

__all__ = [
    "DEFAULT_GRID",
    "NOT_PRESENTED",
    "NOT_REACHED",
    "OMITTED",
    "AbilityEstimate",
    "Anchors",
    "CalibrationResult",
    "ClassicalStatistics",
    "Grid",
    "ItemParameters",
    "MissingRule",
    "Population",
    "Priors",
    "Scores",
    "SummedScores",
    "apply_missing_rules",
    "category_probabilities",
    "classical_statistics",
    "eap",
    "expected_points",
    "fit",
    "item_information",
    "log_likelihood",
    "mean_and_sd",
    "normal_weights",
    "plausible_values",
    "posterior_information",
    "posterior_weights",
    "rank_by_information",
    "score",
    "score_distribution",
    "simulate_responses",
    "summed_scores",
]

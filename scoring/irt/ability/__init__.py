"""Where on the scale is a candidate? `score` for many at once, `eap` where whole posteriors are wanted."""

from scoring.irt.ability.likelihood import apply_missing_rules, eap, log_likelihood
from scoring.irt.ability.plausible_values import plausible_values
from scoring.irt.ability.scores import Scores, score
from scoring.irt.ability.summed_scores import SummedScores, summed_scores

__all__ = [
    "Scores",
    "SummedScores",
    "apply_missing_rules",
    "eap",
    "log_likelihood",
    "plausible_values",
    "score",
    "summed_scores",
]

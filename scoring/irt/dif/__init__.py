"""Differential item functioning: is an item harder for one group than for another of equal ability?"""

from scoring.irt.dif.likelihood_ratio import LikelihoodRatioResult, likelihood_ratio
from scoring.irt.dif.logistic_regression import LogisticResult, LogisticTest, logistic_regression
from scoring.irt.dif.mantel_haenszel import MantelHaenszelResult, mantel_haenszel
from scoring.irt.dif.multiple_tests import benjamini_hochberg

__all__ = [
    "LikelihoodRatioResult",
    "LogisticResult",
    "LogisticTest",
    "MantelHaenszelResult",
    "benjamini_hochberg",
    "likelihood_ratio",
    "logistic_regression",
    "mantel_haenszel",
]

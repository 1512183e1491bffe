"""What came of adaptive sessions: how long, how exact, and how evenly was the bank used?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.irt.selection.exposure import EligibilityState
from scoring.irt.selection.stopping import ReasonArray
from scoring.irt.types import FloatArray, IntArray, ResponseArray


@dataclass(frozen=True, slots=True, eq=False)
class AdaptiveSessions:
    """N simulated sessions of at most L items out of a bank of J.

    true_theta    (N,)    the abilities the responses were drawn for
    items         (N, L)  positions of the items in the order given, -1 after the last
    responses     (N, L)  their categories, -1 after the last
    theta, se     (N, L)  posterior mean and standard deviation after each response, NaN after the last
    final_theta   (N,)    posterior mean at the end: that of the prior where no item was given
    final_se      (N,)    posterior standard deviation at the end
    stopped_by    (N,)    the reason
    n_bank                J
    exposure_state        counts of the exposure control after all sessions; None without control
    """

    true_theta: FloatArray
    items: IntArray
    responses: ResponseArray
    theta: FloatArray
    se: FloatArray
    final_theta: FloatArray
    final_se: FloatArray
    stopped_by: ReasonArray
    n_bank: int
    exposure_state: EligibilityState | None

    @property
    def n_candidates(self) -> int:
        return int(self.true_theta.size)

    @property
    def n_items(self) -> IntArray:
        """Length (N,) of each session."""
        return np.asarray((self.items >= 0).sum(axis=1), dtype=np.int64)

    @property
    def mean_length(self) -> float:
        """NaN without candidates."""
        return float(self.n_items.sum() / self.n_candidates) if self.n_candidates else float("nan")

    @property
    def exposure(self) -> FloatArray:
        """Share (J,) of the candidates who met each item; NaN without candidates."""
        met = np.bincount(self.items[self.items >= 0], minlength=self.n_bank)
        return met / self.n_candidates if self.n_candidates else np.full(self.n_bank, np.nan)

    @property
    def overlap(self) -> float:
        """Items two candidates share on average, over the mean length; NaN for one candidate or no items.

        Mean over all pairs of different candidates (Chen, Ankenmann & Spray 2003, eq. 5, where all sessions
        are equally long).
        """
        met = np.bincount(self.items[self.items >= 0], minlength=self.n_bank)
        if self.n_candidates < 2 or not met.any():
            return float("nan")
        return float((met * (met - 1)).sum() / ((self.n_candidates - 1) * met.sum()))

    @property
    def never_used(self) -> float:
        """Share of the bank that nobody met."""
        return 1 - np.unique(self.items[self.items >= 0]).size / self.n_bank

    @property
    def rmse(self) -> float:
        """Root of the mean squared difference between final and true theta; NaN without candidates."""
        return float(np.sqrt(self._mean((self.final_theta - self.true_theta) ** 2)))

    @property
    def bias(self) -> float:
        """Mean difference between final and true theta; NaN without candidates."""
        return self._mean(self.final_theta - self.true_theta)

    def _mean(self, values: FloatArray) -> float:
        return float(values.mean()) if values.size else float("nan")

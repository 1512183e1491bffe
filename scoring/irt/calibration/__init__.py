"""Calibration: item parameters and populations from responses. `fit` is the way in."""

from scoring.irt.calibration.fitting import fit
from scoring.irt.calibration.result import (
    Anchors,
    CalibrationResult,
    ItemFlag,
    Model,
    Population,
    Priors,
)

__all__ = ["Anchors", "CalibrationResult", "ItemFlag", "Model", "Population", "Priors", "fit"]

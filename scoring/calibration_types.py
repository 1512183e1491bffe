"""What goes into a calibration of the bank: settings, responses, and what is known of the items so far?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.irt.types import BoolArray, FloatArray, IntArray, ItemParameters, ResponseArray


class TooLittle(ValueError):
    """What there is cannot carry a calibration; `code` names the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class CalibrationSettings:
    """`wanted`: responses from which an item is calibrated with the others. `scale`, where parameters are
    known from responses already: "linked" (all estimated anew, then moved) or "fixed" (those that have not
    drifted are held). `dynamics`: whether to estimate as well how abilities change between sittings."""

    wanted: int = 250
    practice: bool = False
    scale: str = "linked"
    dynamics: bool = True

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> CalibrationSettings:
        known = {name: table[name] for name in ("wanted", "practice", "scale", "dynamics") if name in table}
        return cls(**known)

    def as_table(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationData:
    """First presentations: a row is what one pupil did from one trial up to the next, N rows, J items.

    codes      (N, J)  category, -1 not presented, -2 omitted, -3 not reached
    practised  (N, J)  whether the response was given in practice; (N, 0) without practice
    form       (N,)    which trial form it began with
    occasion   (N,)    the pupil's how-manieth trial, from 1
    before     (N,)    the row of the same pupil's trial before, above this one; -1 on the first occasion
    weeks      (N,)    since that trial
    between    (N,)    items practised since that trial, also those met before
    groups             by name: label of each row (N,), "" where unknown
    """

    version_ids: tuple[int, ...]
    codes: ResponseArray
    practised: BoolArray
    form: IntArray
    occasion: IntArray
    before: IntArray
    weeks: FloatArray
    between: IntArray
    groups: Mapping[str, NDArray[np.str_]] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        return int(self.codes.shape[0])


@dataclass(frozen=True, slots=True, eq=False)
class BankItems:
    """What is known of the J items so far; SE NaN where unknown."""

    parameters: ItemParameters
    half_points: IntArray
    sources: tuple[str, ...]
    se_a: FloatArray
    se_b: FloatArray

    @property
    def established(self) -> BoolArray:
        """(J,): calibrated from responses in earlier days, neither assumed nor still in pretest."""
        return np.array([source in ("calibrated", "linked") for source in self.sources], dtype=np.bool_)

"""Of many items tested at once, how sure is each finding still?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import FloatArray


def benjamini_hochberg(p_value: ArrayLike) -> FloatArray:
    """P-values (J,) adjusted so that a limit on them bounds the share of false findings.

    Benjamini & Hochberg (1995). NaN, where there was no test, stays NaN and counts as none.
    """
    p = np.asarray(p_value, dtype=np.float64)
    adjusted = np.full(p.shape, np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    falling = tested[np.argsort(-p[tested], kind="stable")]
    rank = np.arange(tested.size, 0, -1)
    adjusted[falling] = np.minimum(1.0, np.minimum.accumulate(p[falling] * tested.size / rank))
    return adjusted

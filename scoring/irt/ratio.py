"""What is a share where there is nothing to divide by?"""

from __future__ import annotations

import numpy as np

from scoring.irt.types import FloatArray


def ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Element by element, of arrays that broadcast; NaN where the denominator is not above 0."""
    above, below = np.broadcast_arrays(numerator, denominator)
    undefined = np.full(above.shape, np.nan)
    return np.asarray(np.divide(above, below, out=undefined, where=below > 0))

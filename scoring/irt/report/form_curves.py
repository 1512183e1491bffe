"""How much does the form tell at each ability, and where do its candidates stand?"""

from __future__ import annotations

import numpy as np

from scoring.irt.probabilities import item_information
from scoring.irt.report.markup import Markup
from scoring.irt.report.plot import Margins, Plot, both_widths
from scoring.irt.types import FloatArray, ItemParameters

THETA = np.linspace(-4.0, 4.0, 161)
_NARROW, _WIDE = (340.0, 220.0), (540.0, 280.0)


def information_picture(slug: str, parameters: ItemParameters, theta: FloatArray) -> Markup:
    """Information of the form by ability, over a histogram of the candidates' estimates (N,)."""
    information = item_information(THETA, parameters).sum(axis=1)
    peak = int(np.argmax(information))
    top = max(float(information.max()) * 1.08, 1e-6)
    edges = np.linspace(-4.0, 4.0, 33)
    counts = np.histogram(np.clip(theta, -4, 4), edges)[0].astype(np.float64)
    # The histogram says where the candidates are, not how many: it fills the lower 60 %.
    heights = counts / max(counts.max(initial=0.0), 1.0) * 0.6 * top
    words = f"Highest at ability {THETA[peak]:.1f}, where it is {information[peak]:.1f}. Behind: candidates."

    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            slug + suffix, title="Information of the form by ability", description=words,
            x=(-4.0, 4.0), y=(0.0, top), size=size, margins=Margins(top=10, right=12, bottom=38, left=38),
        )  # fmt: skip
        plot.x_axis("ability", most=9)
        plot.y_axis(most=6)
        plot.columns(edges, heights)
        plot.line(THETA, information)
        return plot.svg()

    return both_widths(drawn(_NARROW, ""), drawn(_WIDE, "-wide"))


def error_picture(slug: str, parameters: ItemParameters) -> Markup:
    """Standard error of an ability estimate from the form alone, 1 / sqrt(information)."""
    information = item_information(THETA, parameters).sum(axis=1)
    error = 1 / np.sqrt(np.maximum(information, 1e-12))
    top = float(np.ceil(min(max(error.min() * 4, 1.0), 3.0) * 2) / 2)
    shown = np.where(error <= top, error, np.nan)
    best = int(np.argmin(error))
    words = f"Smallest at ability {THETA[best]:.1f}, where it is {error[best]:.2f}; curve cut off at {top:g}."

    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            slug + suffix, title="Standard error by ability", description=words,
            x=(-4.0, 4.0), y=(0.0, top), size=size, margins=Margins(top=10, right=12, bottom=38, left=38),
        )  # fmt: skip
        plot.x_axis("ability", most=9)
        plot.y_axis(most=6)
        plot.line(THETA, shown, "curve tone-2")
        return plot.svg()

    return both_widths(drawn(_NARROW, ""), drawn(_WIDE, "-wide"))

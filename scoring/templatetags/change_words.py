"""How is a change of expected points written?"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist

from django import template
from django.utils.formats import number_format

register = template.Library()

_MARGIN = NormalDist().inv_cdf(0.975)


@register.filter
def signed_points(half_points: float) -> str:
    """A change of half-points in points, to a tenth, with its sign: "+1,2", "−0,4", "0,0"."""
    tenths = _tenths(half_points / 2)
    return _sign(tenths) + _written(abs(tenths))


@register.filter
def signed(value: float) -> str:
    """Any difference, to two places, with its sign: "+0,52", "−1,00"."""
    hundredths = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return _sign(hundredths) + number_format(abs(hundredths), decimal_pos=2)


@register.filter
def points_margin(sd: float) -> str:
    """From a standard deviation in half-points: so many points to either side hold 95 cases of 100."""
    return _written(_tenths(_MARGIN * sd / 2))


def _sign(value: Decimal) -> str:
    return "+" if value > 0 else "−" if value < 0 else ""


def _tenths(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _written(value: Decimal) -> str:
    return number_format(value, decimal_pos=1)

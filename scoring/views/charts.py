"""How do figures become the rows that the chart components draw?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from exams.views.language import in_reader_script
from scoring.groups import Estimate
from scoring.queries.national_results import DomainShare, PlaceResults, in_points
from scoring.reference import reference_data
from scoring.templatetags.scoring_words import level_name

_MARGIN = 1
"""Points left free on either side of the outermost interval."""


def country_charts(report: Mapping[str, Any]) -> dict[str, Any]:
    """Rows and scales for the charts of the country page; `report` is its context."""
    regions: PlaceResults = report["regions"]
    everybody = regions.everybody
    domains: Sequence[DomainShare] = report["domains"]
    words = [level_name(level.identifier) for level in reference_data().levels.levels]
    return {
        "everybody": in_points(everybody.expected_half_points) if everybody else None,
        "region_chart": _points_chart(regions, report["maximum"]),
        "level_words": words,
        "level_bar": _shares(words, everybody.level_shares) if everybody else [],
        "level_rows": [
            (row.place, row.n, list(zip(words, row.level_shares, strict=True)))
            for row in regions.shown
            if row.level_shares
        ],
        "domain_chart": [_row(row.title, row.expected) for row in domains],
        "weakest_domain": min(domains, key=lambda row: row.expected.value, default=None),
    }


def _points_chart(results: PlaceResults, maximum: int) -> dict[str, Any] | None:
    """Rows in points on a scale that holds every interval: from 0 the bars would be too small to compare."""
    rows = [_row(row.place.name, row.points) for row in results.shown if row.points is not None]
    if not rows:
        return None
    low, high = min(row["low"] for row in rows), max(row["high"] for row in rows)
    return {
        "rows": rows,
        "minimum": max(0, math.floor(low - _MARGIN)),
        "maximum": min(maximum, math.ceil(high + _MARGIN)),
        "lowest": min(row["value"] for row in rows),
        "highest": max(row["value"] for row in rows),
    }


def _row(label: str, estimate: Estimate) -> dict[str, Any]:
    return {
        "label": in_reader_script(label),
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
    }


def _shares(words: Sequence[str], estimates: Sequence[Estimate]) -> list[tuple[str, float]]:
    return [(word, estimate.value) for word, estimate in zip(words, estimates, strict=True)]

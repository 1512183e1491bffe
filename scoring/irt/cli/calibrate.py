"""How does a response table become a calibration, with everything the report and the item file need?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.irt.calibration import Anchors, CalibrationResult, fit
from scoring.irt.calibration.result import Model
from scoring.irt.cli.known_items import check_categories, read_items
from scoring.irt.cli.models import check_categories as check_models
from scoring.irt.cli.models import models_for
from scoring.irt.cli.options import priors_of, rules_of, table_of
from scoring.irt.cli.parameters import KnownItems, known_items
from scoring.irt.cli.problems import Problem, told_by_name
from scoring.irt.cli.streams import Streams, passes
from scoring.irt.cli.table import ResponseTable
from scoring.irt.report.facts import Sample
from scoring.irt.responses import resolve_missing
from scoring.irt.types import MissingRule

_FEW = 200  # candidates; slopes from fewer often run away without a prior
_COMMON_SLOPE = {Model.RASCH, Model.PCM, Model.ONE}


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """A finished run: who responded, what came out, and what later runs can be given."""

    sample: Sample
    result: CalibrationResult
    items: KnownItems


def calibrate(arguments: argparse.Namespace, streams: Streams) -> Calibration:
    """Reads and fits as the options of `add_table`, `add_rules` and `add_calibration` say."""
    table = table_of(arguments, arguments.covariates)
    known = None if arguments.anchors is None else read_items(arguments.anchors, streams)
    models, anchors = _models_and_anchors(table, arguments.model or ["2pl"], known)
    omitted, not_reached = rules_of(arguments)
    if arguments.priors != "weak":
        _note_few(table, models, anchors, (omitted, not_reached), streams)
    progress = streams.progress(passes, wanted=arguments.progress)
    with told_by_name(table.items):
        result = fit(
            table.responses,
            models,
            groups=None if table.groups is None else np.array(table.groups),
            covariates=table.covariates,
            anchors=anchors,
            priors=priors_of(arguments),
            grid=arguments.grid,
            omitted=omitted,
            not_reached=not_reached,
            max_iterations=arguments.max_iterations,
            progress=progress,
        )
    if progress is not None:
        progress.done()
    anchored = frozenset() if anchors is None else frozenset(table.items[place] for place in anchors.index)
    run = {
        "responses": arguments.responses.name,
        "omitted": str(omitted),
        "not_reached": str(not_reached),
        "priors": arguments.priors,
        "anchors": [name for name in table.items if name in anchored],
    }
    sample = Sample(
        source=arguments.responses.name,
        items=table.items,
        responses=table.responses,
        groups=table.groups,
        covariates=table.covariates,
        covariate_names=arguments.covariates,
        anchors=anchored,
        omitted=omitted,
        not_reached=not_reached,
    )
    with told_by_name(calibrated_names(table.items, result)):
        items = known_items(result, table.items, covariates=arguments.covariates, run=run)
    return Calibration(sample, result, items)


def calibrated_names(names: Sequence[str], result: CalibrationResult) -> list[str]:
    """What the items of `result.items` are called."""
    return [name for name, kept in zip(names, result.calibrated, strict=True) if kept]


def _models_and_anchors(
    table: ResponseTable, texts: list[str], known: KnownItems | None
) -> tuple[list[str], Anchors | None]:
    models = models_for(table.items, texts)
    anchors = None if known is None else _anchors(table, known)
    fixed = set() if anchors is None else {int(place) for place in anchors.index}
    if known is not None:
        for place in fixed:
            models[place] = known.models[int(known.positions([table.items[place]])[0])]
    free = [place for place in range(len(table.items)) if place not in fixed]
    highest = table.responses.max(axis=0, initial=0)
    check_models(
        [table.items[place] for place in free],
        [models[place] for place in free],
        [max(int(highest[place]) + 1, 2) for place in free],
    )
    return models, anchors


def _note_few(
    table: ResponseTable,
    models: list[str],
    anchors: Anchors | None,
    rules: tuple[MissingRule, MissingRule],
    streams: Streams,
) -> None:
    """Says how many items have a slope of their own to be estimated from few candidates, if any."""
    codes = resolve_missing(table.responses, None, omitted=rules[0], not_reached=rules[1])
    n = (codes >= 0).sum(axis=0)
    own = np.array([Model(model) not in _COMMON_SLOPE for model in models])
    if anchors is not None:
        own[anchors.index] = False
    few = int((own & (n > 0) & (n < _FEW)).sum())
    if few:
        streams.note(
            f"{few} of {own.sum()} items with a slope of their own were met by fewer than {_FEW} candidates; "
            "--priors weak steadies such estimates"
        )


def _anchors(table: ResponseTable, known: KnownItems) -> Anchors:
    columns = [place for place, name in enumerate(table.items) if name in set(known.names)]
    if not columns:
        raise Problem(f"--anchors: {table.path.name} has none of those items; names have to be the same")
    parameters = known.parameters.select(known.positions([table.items[place] for place in columns]))
    check_categories(table, columns, table.responses[:, columns], parameters)
    return Anchors(index=np.array(columns, dtype=np.int64), parameters=parameters)

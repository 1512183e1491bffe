"""`dif`: do items work differently in two groups of equal ability?"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.irt.cli.csv_text import csv_text
from scoring.irt.cli.files import check_outputs, write_text
from scoring.irt.cli.models import check_categories, models_for
from scoring.irt.cli.options import (
    FILE_HELP,
    add_progress,
    add_rules,
    add_table,
    file,
    files_read,
    rules_of,
    table_of,
)
from scoring.irt.cli.problems import Problem, told_by_name
from scoring.irt.cli.streams import Progress, Streams
from scoring.irt.cli.table import ResponseTable
from scoring.irt.cli.text_table import figure, text_table
from scoring.irt.dif.likelihood_ratio import likelihood_ratio
from scoring.irt.dif.logistic_regression import logistic_regression
from scoring.irt.dif.mantel_haenszel import mantel_haenszel
from scoring.irt.types import NOT_PRESENTED, MissingRule, ResponseArray

NAME, HELP = "dif", "compare how items work in two groups"
USAGE = "RESPONSES.csv --group COL [--method METHOD] [options]"
DESCRIPTION = f"""\
Looks for differential item functioning: items that are harder for one group than for another of
the same standing on the form.

  mh        Mantel-Haenszel among candidates of equal totals. delta is negative where the item is
            harder for the focal group; class A negligible, B moderate, C large (ETS)
  logistic  logistic regression on the total: uniform and non-uniform differences, class by the
            gain in R squared (Jodoin & Gierl)
  lr        likelihood ratio: calibrations with the item equal and with the item free in the
            groups, whose abilities may differ; takes one calibration an item

A difference is a reason to read the item with both groups in mind, not a proof of unfairness.

{FILE_HELP}"""
EXAMPLES = """\
examples:
  python -m scoring.irt dif trial.csv --group language --focal sq
  python -m scoring.irt dif trial.csv --group sex --focal f --method lr --model 2pl --csv dif.csv
"""
Row = list[object]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Who is compared, and by which rules."""

    items: tuple[str, ...]
    responses: ResponseArray
    groups: NDArray[np.str_]
    focal: str
    why_focal: str
    reference: str | None
    purify: bool
    omitted: MissingRule
    not_reached: MissingRule
    models: list[str]
    progress: Progress | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_table(parser)
    add_rules(parser)
    parser.add_argument("--method", choices=("mh", "logistic", "lr"), default="mh", help="default mh")
    parser.add_argument(
        "--focal",
        metavar="LABEL",
        help="the group to look after (default: the smaller of two; of two as large, the first by name)",
    )
    parser.add_argument(
        "--reference", metavar="LABEL", help="the group to compare with (default: all others)"
    )
    parser.add_argument(
        "--purify", action="store_true", help="a second run that matches candidates without the items found"
    )
    parser.add_argument("--model", action="append", metavar="MODEL", help="for lr, as in fit (default 2pl)")
    parser.add_argument("--csv", type=file, metavar="OUT", help="write the table there as well")
    add_progress(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    check_outputs([arguments.csv], inputs=files_read(arguments))
    if arguments.model is not None and arguments.method != "lr":
        raise Problem(f"--model: {arguments.method} fits no model; leave it out, or take --method lr")
    if arguments.group is None:
        raise Problem("--group COL is needed: the column that says to which group each candidate belongs")
    table = table_of(arguments)
    comparison = _comparison(arguments, table, streams)
    with told_by_name(table.items):
        header, rows = _METHODS[arguments.method](comparison)
    named = [[name, *row] for name, row in zip(table.items, rows, strict=True)]
    if arguments.csv is not None:
        write_text(arguments.csv, csv_text(["item", *header], named))
    against = arguments.reference or "all others"
    streams.say(f"focal group {comparison.focal} against {against}, method {arguments.method}")
    streams.say(f"{comparison.focal} is focal: {comparison.why_focal}")
    shown = [[figure(c) if isinstance(c, float) else str(c) for c in row] for row in named]
    streams.say(text_table(["item", *header], shown))
    return 0


def _comparison(arguments: argparse.Namespace, table: ResponseTable, streams: Streams) -> Comparison:
    omitted, not_reached = rules_of(arguments)
    focal, why = _focal(arguments, table)
    return Comparison(
        items=table.items,
        responses=table.responses,
        groups=np.array(table.groups),
        focal=focal,
        why_focal=why,
        reference=arguments.reference,
        purify=arguments.purify,
        omitted=omitted,
        not_reached=not_reached,
        models=models_for(table.items, arguments.model or ["2pl"]),
        progress=streams.progress(
            lambda done, total: f"calibration {done:.0f} of {total:.0f}", wanted=arguments.progress
        ),
    )


def _focal(arguments: argparse.Namespace, table: ResponseTable) -> tuple[str, str]:
    """The focal group and why it is that one."""
    counts = Counter(table.groups)
    wanted = [label for label in (arguments.focal, arguments.reference) if label is not None]
    known = ", ".join(sorted(counts))
    for label in wanted:
        if label not in counts:
            raise Problem(f'column "{arguments.group}": no group is called "{label}"; there are {known}')
    if arguments.focal is not None:
        return str(arguments.focal), "named with --focal"
    if len(counts) == 1:
        raise Problem(
            f'column "{arguments.group}": everybody is in the group {known}, so nothing is compared'
        )
    others = [label for label in counts if label != arguments.reference]
    if len(counts) > 2:
        raise Problem(f'column "{arguments.group}": name one with --focal; the groups are {known}')
    focal, *other = sorted(others, key=lambda label: (counts[label], label))
    if not other:
        return focal, "the other one is named with --reference"
    if counts[focal] == counts[other[0]]:
        return (
            focal,
            f"both have {counts[focal]} candidates, and it is the first by name (--focal changes it)",
        )
    return focal, f"the smaller group, {counts[focal]} candidates beside {counts[other[0]]}"


def _mantel_haenszel(comparison: Comparison) -> tuple[list[str], list[Row]]:
    found = mantel_haenszel(
        comparison.responses,
        comparison.groups,
        focal=comparison.focal,
        reference=comparison.reference,
        purify=comparison.purify,
        omitted=comparison.omitted,
        not_reached=comparison.not_reached,
    )
    header = ["n_focal", "n_reference", "delta", "se", "smd", "chi_square", "p", "p_adjusted", "class"]
    columns = (
        found.n_focal.tolist(),
        found.n_reference.tolist(),
        found.delta.tolist(),
        found.se_delta.tolist(),
        found.smd.tolist(),
        found.chi_square.tolist(),
        found.p_value.tolist(),
        found.adjusted_p_value.tolist(),
        found.ets_class,
    )
    return header, [list(row) for row in zip(*columns, strict=True)]


def _logistic(comparison: Comparison) -> tuple[list[str], list[Row]]:
    if (comparison.responses == NOT_PRESENTED).any():
        raise Problem(
            "--method logistic needs candidates who all met the same items, and some cells are blank; "
            "take mh or lr"
        )
    found = logistic_regression(
        comparison.responses,
        comparison.groups,
        focal=comparison.focal,
        reference=comparison.reference,
        purify=comparison.purify,
        omitted=comparison.omitted,
        not_reached=comparison.not_reached,
    )
    header = ["effect", "se", "p", "p_uniform", "p_non_uniform", "p_adjusted", "r2_gain", "class"]
    columns = (
        found.group_effect.tolist(),
        found.se_group_effect.tolist(),
        found.total.p_value.tolist(),
        found.uniform.p_value.tolist(),
        found.non_uniform.p_value.tolist(),
        found.total.adjusted_p_value.tolist(),
        found.total.r2_gain.tolist(),
        found.effect_class,
    )
    return header, [list(row) for row in zip(*columns, strict=True)]


def _likelihood_ratio(comparison: Comparison) -> tuple[list[str], list[Row]]:
    highest = comparison.responses.max(axis=0, initial=0)
    check_categories(comparison.items, comparison.models, [max(int(top) + 1, 2) for top in highest])
    found = likelihood_ratio(
        comparison.responses,
        comparison.groups,
        comparison.models,
        focal=comparison.focal,
        reference=comparison.reference,
        purify=comparison.purify,
        omitted=comparison.omitted,
        not_reached=comparison.not_reached,
        progress=comparison.progress,
    )
    if comparison.progress is not None:
        comparison.progress.done()
    header = ["chi_square", "df", "p", "p_adjusted", "b_reference", "b_focal", "mean_gap", "root_gap"]
    columns = (
        found.chi_square.tolist(),
        found.df.tolist(),
        found.p_value.tolist(),
        found.adjusted_p_value.tolist(),
        found.b_reference.tolist(),
        found.b_focal.tolist(),
        found.mean_gap.tolist(),
        found.root_gap.tolist(),
    )
    return header, [list(row) for row in zip(*columns, strict=True)]


_METHODS = {"mh": _mantel_haenszel, "logistic": _logistic, "lr": _likelihood_ratio}

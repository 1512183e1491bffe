"""Which options do several commands share, and what do they mean?"""

from __future__ import annotations

import argparse
from pathlib import Path

from scoring.irt.calibration.result import Priors
from scoring.irt.cli.models import DESCRIPTIONS
from scoring.irt.cli.table import CANDIDATE, Columns, ResponseTable, read_responses
from scoring.irt.quadrature import Grid
from scoring.irt.types import MissingRule

FILE_HELP = """\
The response table is a CSV file as a spreadsheet writes it (UTF-8; comma, semicolon or tab):
one row a candidate, one column an item, the first row naming the columns. A cell holds the
category reached: 0, 1, 2, … for right or wrong 0 and 1. Blank or -1: not presented; -2: seen
and omitted; -3: not reached. A column "candidate" names the candidates, if there is one.
"""
MODEL_HELP = "Models:\n" + "".join(f"  {model:<7}{words}\n" for model, words in DESCRIPTIONS.items())
_RULES = {"zero": MissingRule.CATEGORY_ZERO, "missing": MissingRule.NOT_PRESENTED}
_PRIORS = {"default": Priors(), "weak": Priors.weak(), "none": Priors.none()}


def names(text: str) -> tuple[str, ...]:
    """COL,COL,… as an argument."""
    return tuple(part for part in (part.strip() for part in text.split(",")) if part)


def add_table(parser: argparse.ArgumentParser) -> None:
    """The response table and how it is read."""
    parser.add_argument("responses", type=Path, metavar="RESPONSES.csv", help="the response table")
    reading = parser.add_argument_group("reading the table")
    reading.add_argument("--group", metavar="COL", help="the column with each candidate's group")
    reading.add_argument(
        "--ignore",
        type=names,
        default=(),
        metavar="COL,…",
        help="columns that are neither items nor named here",
    )
    reading.add_argument(
        "--candidate", default=CANDIDATE, metavar="COL", help='the column of names (default "candidate")'
    )
    reading.add_argument("--encoding", default="utf-8", help="of the file, such as cp1250 (default utf-8)")


def add_rules(parser: argparse.ArgumentParser, *, of_items_file: bool = False) -> None:
    """What missing responses count as. of_items_file: by default as when the items were calibrated."""
    group = parser.add_argument_group("missing responses")
    defaults = (None, None) if of_items_file else ("zero", "missing")
    for (option, code), default in zip((("--omitted", -2), ("--not-reached", -3)), defaults, strict=True):
        usual = "as in the calibration" if default is None else default
        group.add_argument(
            option,
            choices=_RULES,
            default=default,
            help=f"what {code} counts as: category zero, or missing as if not presented (default {usual})",
        )


def add_calibration(parser: argparse.ArgumentParser) -> None:
    """How the items are calibrated."""
    group = parser.add_argument_group("calibration")
    group.add_argument(
        "--model",
        action="append",
        metavar="MODEL",
        help="one for all items, or pairs such as M3=gpcm,M7=gpcm, or a CSV file of such pairs; may be given "
        "several times, a later word wins (default 2pl)",
    )
    group.add_argument(
        "--covariates",
        type=names,
        default=(),
        metavar="COL,…",
        help="columns of numbers that ability depends on",
    )
    group.add_argument(
        "--anchors", type=Path, metavar="FILE", help="items (JSON or CSV) whose parameters stay as they are"
    )
    group.add_argument(
        "--priors",
        choices=_PRIORS,
        default="default",
        help="on item parameters: weak for fewer than about 500 candidates, none even for guessing "
        "(default: on guessing only)",
    )
    group.add_argument(
        "--grid",
        type=grid,
        metavar="N,LOW,HIGH",
        help="abilities to compute on, such as 61,-6,6 (default: found)",
    )
    group.add_argument(
        "--max-iterations",
        type=positive,
        default=2000,
        metavar="N",
        help="passes through the responses at most",
    )
    add_progress(parser)


def add_progress(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--progress", action="store_true", help="say how it goes, also where no terminal is")


def table_of(arguments: argparse.Namespace, covariates: tuple[str, ...] = ()) -> ResponseTable:
    """The table that the options of `add_table` describe."""
    columns = Columns(
        group=arguments.group,
        covariates=covariates,
        ignored=arguments.ignore,
        candidate=arguments.candidate,
    )
    return read_responses(arguments.responses, columns, encoding=arguments.encoding)


def rules_of(arguments: argparse.Namespace) -> tuple[MissingRule, MissingRule]:
    """What omitted and not reached responses count as."""
    return _RULES[arguments.omitted], _RULES[arguments.not_reached]


def rule_of(word: str | None, otherwise: MissingRule) -> MissingRule:
    return otherwise if word is None else _RULES[word]


def priors_of(arguments: argparse.Namespace) -> Priors:
    return _PRIORS[arguments.priors]


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number


def above_zero(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def grid(text: str) -> Grid:
    try:
        n_points, low, high = text.split(",")
        return Grid.uniform(int(n_points), float(low), float(high))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f'"{text}" is not such as 61,-6,6: {error}') from None

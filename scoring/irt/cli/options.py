"""Which options do several commands share, and what do they mean?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from math import isfinite
from pathlib import Path

from scoring.irt.calibration.result import Priors
from scoring.irt.cli.models import DESCRIPTIONS, model_files
from scoring.irt.cli.table import CANDIDATE, Columns, ResponseTable, read_responses
from scoring.irt.quadrature import Grid
from scoring.irt.types import MissingRule

FILE_HELP = """\
The response table is a CSV file as a spreadsheet writes it (UTF-8; comma, semicolon or tab):
one row a candidate, one column an item, the first row naming the columns. A cell holds the
category reached: 0, 1, 2, … for right or wrong 0 and 1. Blank (or only spaces), NA (or na) or
-1: not presented; -2: seen and omitted; -3: not reached; any other text is refused. A column
"candidate" names the candidates, if there is one. Standard input is not read.
"""
MODEL_HELP = "Models:\n" + "".join(f"  {model:<7}{words}\n" for model, words in DESCRIPTIONS.items())
_RULES = {"zero": MissingRule.CATEGORY_ZERO, "missing": MissingRule.NOT_PRESENTED}
_PRIORS = {"default": Priors(), "weak": Priors.weak(), "none": Priors.none()}


# Their values may begin with a minus, which argparse would take for another option.
SIGNED = frozenset({"--prior", "--grid", "--mean"})
FEWEST_POINTS, NARROWEST = 11, 3.0


def joined_values(words: Sequence[str]) -> list[str]:
    """The words of a command, with `--prior -1,1` as `--prior=-1,1`."""
    found: list[str] = []
    for word in words:
        if found and found[-1] in SIGNED and word[:1] == "-" and word[1:2] in set(".0123456789"):
            found[-1] += f"={word}"
        else:
            found.append(word)
    return found


def file(text: str) -> Path:
    """The name of a file as an argument."""
    if text == "-":
        raise argparse.ArgumentTypeError('"-" does not stand for standard input or output; name a file')
    return Path(text)


def names(text: str) -> tuple[str, ...]:
    """COL,COL,… as an argument."""
    return tuple(part for part in (part.strip() for part in text.split(",")) if part)


def add_table(parser: argparse.ArgumentParser) -> None:
    """The response table and how it is read."""
    parser.add_argument("responses", type=file, metavar="RESPONSES.csv", help="the response table")
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
        "--anchors", type=file, metavar="FILE", help="items (JSON or CSV) whose parameters stay as they are"
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
        help=f"abilities to compute on, such as 61,-6,6: at least {FEWEST_POINTS} points, and from "
        f"-{NARROWEST:g} to {NARROWEST:g} (default: found)",
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


def files_read(arguments: argparse.Namespace) -> list[Path | None]:
    """The inputs that the options of `add_table` and `--model` name, and `--anchors` if there is one."""
    anchors = getattr(arguments, "anchors", None)
    return [arguments.responses, anchors, *model_files(arguments.model)]


def table_of(
    arguments: argparse.Namespace,
    covariates: tuple[str, ...] = (),
    *,
    passed_over: tuple[str, ...] = (),
) -> ResponseTable:
    """The table that the options of `add_table` describe."""
    columns = Columns(
        group=arguments.group,
        covariates=covariates,
        ignored=arguments.ignore,
        passed_over=passed_over,
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
    """N,LOW,HIGH as an argument."""
    parts = text.split(",")
    try:
        if len(parts) != 3:
            raise ValueError
        n_points, low, high = int(parts[0]), float(parts[1]), float(parts[2])
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'"{text}" is not such as 61,-6,6: how many points, the lowest and the highest ability'
        ) from None
    if n_points < FEWEST_POINTS:
        raise argparse.ArgumentTypeError(f'"{text}": give at least {FEWEST_POINTS} points, better 41 or more')
    if not (low <= -NARROWEST and high >= NARROWEST and isfinite(high - low)):
        raise argparse.ArgumentTypeError(
            f'"{text}": the abilities have to reach from -{NARROWEST:g} or lower to {NARROWEST:g} or higher'
        )
    return Grid.uniform(n_points, low, high)

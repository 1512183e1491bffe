"""Which command did the analyst give, and how did it end?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from scoring.irt.cli import (
    dif_command,
    fit_command,
    link_command,
    report_command,
    score_command,
    simulate_command,
)
from scoring.irt.cli.options import joined_values
from scoring.irt.cli.problems import Problem
from scoring.irt.cli.streams import Streams

COMMANDS = (fit_command, score_command, link_command, dif_command, simulate_command, report_command)
BAD_INPUT = 2
INTERRUPTED = 130
DESCRIPTION = """\
Item response theory from a terminal: calibrate items, estimate abilities, link scales, look for
differential item functioning, simulate, and see it all on one page.
"""
EPILOG = """\
`python -m scoring.irt COMMAND -h` explains a command and its files, with examples.
Start with: python -m scoring.irt report RESPONSES.csv --model 2pl --html report.html
"""


def main(argv: Sequence[str] | None = None) -> int:
    """0 done, 1 done but not converged, 2 bad input, which is told with its place and never half-written."""
    words = sys.argv[1:] if argv is None else argv
    arguments = parser().parse_args(joined_values(words))
    streams = Streams()
    try:
        return int(arguments.run(arguments, streams))
    except Problem as problem:
        streams.remark(f"error: {problem}")
        return BAD_INPUT
    except KeyboardInterrupt:
        streams.remark("interrupted; nothing was written")
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m scoring.irt",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        one = commands.add_parser(
            command.NAME,
            usage=f"{top.prog} {command.NAME} {command.USAGE}",
            help=command.HELP,
            description=command.DESCRIPTION,
            epilog=command.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.add_arguments(one)
        one.set_defaults(run=command.run)
    return top

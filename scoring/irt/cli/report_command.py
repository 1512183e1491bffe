"""`report`: how does a calibration look, item by item and as a whole?"""

from __future__ import annotations

import argparse

from scoring.irt.cli.calibrate import calibrate, calibrated_names
from scoring.irt.cli.files import check_outputs, write_text
from scoring.irt.cli.options import (
    FILE_HELP,
    MODEL_HELP,
    add_calibration,
    add_rules,
    add_table,
    file,
    files_read,
)
from scoring.irt.cli.parameters_json import to_json
from scoring.irt.cli.problems import told_by_name
from scoring.irt.cli.streams import Streams
from scoring.irt.report.sections import report

NAME, HELP = "report", "calibrate, and write a page with curves, fit and information"
USAGE = "RESPONSES.csv [--model MODEL] --html OUT [options]"
DESCRIPTION = f"""\
Calibrates like fit, and writes one HTML page that needs nothing but itself: item statistics and
fit, curves with what candidates did, information, item-person map, local dependence, groups.
It can be mailed, printed and kept.

{FILE_HELP}
{MODEL_HELP}"""
EXAMPLES = """\
examples:
  python -m scoring.irt report trial.csv --model 2pl --html trial.html
  python -m scoring.irt report trial.csv --model gpcm --group region --html trial.html --json items.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_table(parser)
    add_rules(parser)
    add_calibration(parser)
    parser.add_argument("--html", type=file, metavar="OUT", required=True, help="the page")
    parser.add_argument("--json", type=file, metavar="OUT", help="also write what fit --json writes")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    check_outputs((arguments.html, arguments.json), inputs=files_read(arguments))
    done = calibrate(arguments, streams)
    if arguments.json is not None:
        write_text(arguments.json, to_json(done.items))
    with told_by_name(calibrated_names(done.sample.items, done.result)):
        write_text(arguments.html, report(done.sample, done.result))
    if not done.result.converged:
        streams.remark("NOT CONVERGED: do not use these estimates; the page says more")
        return 1
    streams.remark(f"{arguments.html}: {int(done.result.calibrated.sum())} items")
    return 0

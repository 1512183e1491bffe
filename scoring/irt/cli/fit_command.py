"""`fit`: what are the items' parameters?"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np

from scoring.irt.cli.calibrate import Calibration, calibrate
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
from scoring.irt.cli.parameters_csv import to_csv
from scoring.irt.cli.parameters_json import to_json
from scoring.irt.cli.streams import Streams
from scoring.irt.cli.text_table import figure, text_table
from scoring.irt.report.names import named

NAME, HELP = "fit", "calibrate items from a response table"
USAGE = "RESPONSES.csv [--model MODEL] [--json OUT] [options]"
DESCRIPTION = f"""\
Estimates the parameters of all items at once, by marginal maximum likelihood, with standard
errors, and says whether the search came to its end.

{FILE_HELP}
{MODEL_HELP}
With --group, the first group in sorted order has mean 0 and standard deviation 1, and those of
the others are estimated. With --anchors, the anchor items set the scale.
Exit status: 0 converged, 1 not converged (the files are written and say so), 2 bad input.
"""
EXAMPLES = """\
examples:
  python -m scoring.irt fit trial.csv --model 2pl --json items.json
  python -m scoring.irt fit trial.csv --model 2pl --model M18=gpcm,M19=gpcm --group region \\
      --json items.json --csv items.csv
  python -m scoring.irt fit next.csv --anchors items.json --json next_items.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_table(parser)
    add_rules(parser)
    add_calibration(parser)
    parser.add_argument(
        "--json", type=file, metavar="OUT", help="write items, population and run facts there"
    )
    parser.add_argument(
        "--csv", type=file, metavar="OUT", help="write the items as a table for a spreadsheet"
    )


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    check_outputs((arguments.json, arguments.csv), inputs=files_read(arguments))
    done = calibrate(arguments, streams)
    if arguments.json is not None:
        write_text(arguments.json, to_json(done.items))
    if arguments.csv is not None:
        write_text(arguments.csv, to_csv(done.items))
    streams.say(summary(done))
    return 0 if done.result.converged else 1


def summary(done: Calibration) -> str:
    """The run in words and figures, for a terminal."""
    result, names = done.result, done.sample.items
    n_calibrated = int(result.calibrated.sum())
    parts = [
        f"{done.sample.source}: {n_calibrated} of {len(names)} items calibrated, "
        f"{result.n_candidates:.0f} candidates",
        f"log-likelihood {result.log_likelihood:.3f}, {result.n_parameters} parameters, "
        f"AIC {result.aic:.2f}, BIC {result.bic:.2f}",
        _convergence(done),
        "",
        _items(done),
    ]
    if len(result.population.groups) > 1 or done.sample.anchors or result.population.coefficients.size:
        parts += ["", _population(done)]
    if result.flags:
        parts += ["", "To look at:", *(f"  {named(flag.message, names)}" for flag in result.flags)]
    return "\n".join(parts)


def _convergence(done: Calibration) -> str:
    result = done.result
    told = f"after {result.iterations} passes, gradient norm {result.gradient_norm:.1g}"
    return f"converged {told}" if result.converged else f"NOT CONVERGED {told}: do not use these estimates"


def _items(done: Calibration) -> str:
    result = done.result
    many = result.n_categories.max() > 2
    guessing = bool((result.c[result.calibrated] > 0).any())
    header = ["item", "model", "a", "se", "b", "se", *(["c", "se"] if guessing else [])]
    rows = []
    for item, name in enumerate(done.sample.items):
        row = [name, result.models[item]]
        for values, errors in ((result.a, result.se_a), (result.b, result.se_b)):
            row += [figure(values[item]), figure(errors[item])]
        if guessing:
            known = result.c[item] > 0
            row += [figure(result.c[item]) if known else "", figure(result.se_c[item]) if known else ""]
        if many:
            own = result.steps[item, : result.n_categories[item] - 1]
            row.append(" ".join(map(figure, own)) if own.size > 1 and np.isfinite(own).all() else "")
        rows.append(row)
    return text_table([*header, *(["steps"] if many else [])], rows, left=2)


def _population(done: Calibration) -> str:
    population, sample = done.result.population, done.sample
    n = Counter(sample.groups if sample.groups is not None else [""] * sample.responses.shape[0])
    rows = [
        [str(label) or "all", str(n[str(label)]), figure(population.mean[g]), figure(population.se_mean[g]),
         figure(population.sd[g]), figure(population.se_sd[g])]
        for g, label in enumerate(population.groups)
    ]  # fmt: skip
    tables = [text_table(["group", "n", "mean", "se", "sd", "se"], rows)]
    if population.coefficients.size:
        found = zip(
            done.sample.covariate_names, population.coefficients, population.se_coefficients, strict=True
        )
        rows = [[name, figure(value), figure(error)] for name, value, error in found]
        tables.append(text_table(["covariate", "coefficient", "se"], rows))
    return "\n\n".join(tables)

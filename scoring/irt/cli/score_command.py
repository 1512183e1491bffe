"""`score`: what ability do the responses of each candidate speak for?"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import numpy as np

from scoring.irt.ability.reliability import empirical_reliability
from scoring.irt.ability.scores import Scores, ScoringMethod, score
from scoring.irt.ability.summed_scores import summed_scores
from scoring.irt.cli.csv_text import csv_text
from scoring.irt.cli.files import check_outputs, write_text
from scoring.irt.cli.known_items import columns_of, read_items
from scoring.irt.cli.options import FILE_HELP, add_rules, add_table, file, rule_of, table_of
from scoring.irt.cli.parameters import KnownItems
from scoring.irt.cli.problems import Problem, told_by_name
from scoring.irt.cli.streams import Streams
from scoring.irt.cli.table import ResponseTable
from scoring.irt.report.facts import candidate_priors
from scoring.irt.types import FloatArray, IntArray, MissingRule

NAME, HELP = "score", "estimate abilities from known items"
USAGE = "RESPONSES.csv --items FILE [--csv OUT] [options]"
DESCRIPTION = f"""\
Estimates each candidate's ability from items whose parameters are known, one row a candidate:
candidate, group if there is one, theta, se (standard error), n_items (responses that counted).

  eap   posterior mean; the usual choice for figures about candidates
  map   posterior mode
  ml    maximum likelihood; all right or all wrong is at the end of the scale
  wle   Warm's weighted likelihood: nearly without bias, finite for every pattern

eap, map and --totals need a population: that of the calibration, the candidate's own group of
it (--group), or --prior. CSV files of items have none: mean 0 and sd 1 are taken, with a note.

{FILE_HELP}"""
EXAMPLES = """\
examples:
  python -m scoring.irt score trial.csv --items items.json --csv abilities.csv
  python -m scoring.irt score trial.csv --items items.json --method wle --totals conversion.csv
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_table(parser)
    add_rules(parser, of_items_file=True)
    parser.add_argument(
        "--items", type=file, required=True, metavar="FILE", help="items from fit (JSON), or a table (CSV)"
    )
    parser.add_argument("--method", choices=get_args(ScoringMethod), default="eap", help="default eap")
    parser.add_argument(
        "--prior", type=prior, metavar="MEAN,SD", help="population instead of the calibration's"
    )
    parser.add_argument(
        "--csv", type=file, metavar="OUT", help="write the abilities there, not to the screen"
    )
    parser.add_argument(
        "--totals", type=file, metavar="OUT", help="also write the ability (eap) for each total"
    )


def prior(text: str) -> tuple[float, float]:
    try:
        mean, sd = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not such as 0,1') from None
    if not (np.isfinite([mean, sd]).all() and sd > 0):
        raise argparse.ArgumentTypeError(f'"{text}": the standard deviation has to be above 0')
    return mean, sd


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    check_outputs((arguments.csv, arguments.totals), inputs=(arguments.responses, arguments.items))
    with_population = arguments.method not in ("ml", "wle") or arguments.totals is not None
    if arguments.prior is not None and not with_population:
        raise Problem(f"--prior: {arguments.method} uses no population; leave it out, or take eap or map")
    items = read_items(arguments.items, streams)
    regression = with_population and arguments.prior is None
    table = table_of(arguments, items.covariates if regression else (), passed_over=items.covariates)
    responses, positions = columns_of(table, items)
    known = _prior(arguments, table, items)
    if known is None and with_population:
        streams.note("the population is not known: mean 0 and sd 1 are taken; --prior MEAN,SD gives another")
    mean, sd = known or (0.0, 1.0)
    omitted, not_reached = rules(arguments, items)
    parameters = items.parameters.select(positions)
    with told_by_name([items.names[place] for place in positions]):
        scores = score(
            responses,
            parameters,
            arguments.method,
            prior_mean=mean,
            prior_sd=sd,
            omitted=omitted,
            not_reached=not_reached,
        )
    if arguments.totals is not None:
        _write_totals(arguments.totals, items, positions, mean, sd)
    header = ["candidate", *(["group"] if table.groups else []), "theta", "se", "n_items"]
    text = csv_text(header, _rows(table, scores))
    if arguments.csv is None:
        streams.out.writelines(text)
    else:
        write_text(arguments.csv, text)
    streams.remark(_about(scores, positions.size, items))
    return 0


def rules(arguments: argparse.Namespace, items: KnownItems) -> tuple[MissingRule, MissingRule]:
    """As the options say, else as when the items were calibrated."""
    usual = {"omitted": MissingRule.CATEGORY_ZERO, "not_reached": MissingRule.NOT_PRESENTED}
    try:
        known = {name: MissingRule(str(items.run.get(name, rule))) for name, rule in usual.items()}
    except ValueError as error:
        raise Problem(f'{arguments.items.name}, field "run": {error}') from None
    return (
        rule_of(arguments.omitted, known["omitted"]),
        rule_of(arguments.not_reached, known["not_reached"]),
    )


def _prior(
    arguments: argparse.Namespace, table: ResponseTable, items: KnownItems
) -> tuple[FloatArray | float, FloatArray | float] | None:
    """Mean and sd of the population, for everybody or (N,) for each candidate; None if it is not known."""
    if arguments.prior is not None:
        mean, sd = arguments.prior
        return float(mean), float(sd)
    population = items.population
    if population is None:
        return None
    if len(population.groups) == 1:
        group = np.zeros(len(table.candidates), dtype=np.int64)
        return candidate_priors(population, group, table.covariates)
    known = ", ".join(map(str, population.groups))
    if table.groups is None:
        if arguments.method in ("ml", "wle"):
            return None
        raise Problem(
            f"{arguments.items.name}: calibrated with the groups {known}. Name the column with --group, or "
            "give one population with --prior, or take --method wle, which needs none"
        )
    place = {label: position for position, label in enumerate(population.groups)}
    for candidate, label in enumerate(table.groups):
        if label not in place:
            raise Problem(
                f'{table.path.name}, line {table.lines[candidate]}, column "{arguments.group}": the '
                f'calibration has no group "{label}"; it has {known}'
            )
    return candidate_priors(population, np.array([place[label] for label in table.groups], dtype=np.int64))


def _rows(table: ResponseTable, scores: Scores) -> Iterator[list[object]]:
    for candidate, name in enumerate(table.candidates):
        group = [table.groups[candidate]] if table.groups else []
        yield [name, *group, scores.theta[candidate], scores.se[candidate], int(scores.n_items[candidate])]


def _write_totals(
    path: Path, items: KnownItems, positions: IntArray, mean: FloatArray | float, sd: FloatArray | float
) -> None:
    """Thissen et al. (1995): EAP from the total of categories, for the population as a whole."""
    means, sds = np.asarray(mean), np.asarray(sd)
    overall = float(means.mean())
    spread = float(np.sqrt((sds**2).mean() + means.var()))
    found = summed_scores(items.parameters.select(positions), prior_mean=overall, prior_sd=spread)
    rows = zip(found.total.tolist(), found.theta, found.se, found.probability, strict=True)
    write_text(path, csv_text(["total", "theta", "se", "share_expected"], rows))


def _about(scores: Scores, n_items: int, items: KnownItems) -> str:
    known = np.isfinite(scores.theta)
    theta = scores.theta[known]
    told = f"{known.sum()} candidates, {n_items} of {len(items.names)} known items, {scores.method}"
    if theta.size > 1:
        told += f": mean {theta.mean():.3f}, sd {theta.std(ddof=1):.3f}"
    reliability = empirical_reliability(scores)
    return told + (f", reliability {reliability:.3f}" if np.isfinite(reliability) else "")

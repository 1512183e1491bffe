"""`simulate`: how would candidates respond to known items, on one form or in adaptive sessions?"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np

from scoring.irt.cli.csv_text import csv_text
from scoring.irt.cli.files import check_outputs, write_text
from scoring.irt.cli.known_items import read_items
from scoring.irt.cli.options import above_zero, file, positive
from scoring.irt.cli.parameters import KnownItems
from scoring.irt.cli.problems import Problem, told_by_name
from scoring.irt.cli.streams import Streams
from scoring.irt.selection.adaptive import simulate_adaptive
from scoring.irt.selection.adaptive_sessions import AdaptiveSessions
from scoring.irt.selection.exposure import ExposureControl
from scoring.irt.selection.stopping import StandardError
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import FloatArray

NAME, HELP = "simulate", "draw responses to known items, or adaptive sessions"
USAGE = "--items FILE --candidates N --seed S [--adaptive] [options]"
DESCRIPTION = """\
Draws abilities from a normal population and responses from the model. The same seed gives the
same table, and everything in it is simulated: never mix it with real responses.

Without --adaptive: a response table with one row a candidate, which fit and score read. With
--adaptive: one row a session: the drawn theta, its estimate and standard error, how many items
it took, why it ended, and the items in order; figures about all sessions go to the screen.
"""
EXAMPLES = """\
examples:
  python -m scoring.irt simulate --items items.json --candidates 2000 --seed 1 --csv simulated.csv
  python -m scoring.irt simulate --items bank.json --candidates 1000 --seed 1 --adaptive \\
      --stop-se 0.3 --max-items 30 --exposure 0.25 --csv sessions.csv
"""
_STOP_SE, _MAX_ITEMS = 0.3, 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--items", type=file, required=True, metavar="FILE", help="known items (JSON or CSV)")
    parser.add_argument("--candidates", type=positive, required=True, metavar="N", help="how many")
    parser.add_argument("--seed", type=_seed, required=True, metavar="S", help="a whole number from 0")
    parser.add_argument("--mean", type=float, metavar="M", help="of the population (default: as calibrated)")
    parser.add_argument(
        "--sd", type=above_zero, metavar="SD", help="of the population (default: as calibrated)"
    )
    parser.add_argument("--csv", type=file, metavar="OUT", help="write the table there, not to the screen")
    adaptive = parser.add_argument_group("adaptive sessions")
    adaptive.add_argument("--adaptive", action="store_true", help="each next item by the responses before")
    adaptive.add_argument("--stop-se", type=above_zero, metavar="SE", help=f"enough (default {_STOP_SE})")
    adaptive.add_argument("--max-items", type=positive, metavar="N", help=f"at most (default {_MAX_ITEMS})")
    adaptive.add_argument(
        "--exposure", type=_share, metavar="SHARE", help="no item for more than this share of candidates"
    )


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    check_outputs([arguments.csv], inputs=[arguments.items])
    _check_adaptive(arguments)
    items = read_items(arguments.items, streams)
    mean, sd = _population(arguments, items, streams)
    theta = np.random.default_rng([arguments.seed, 1]).normal(mean, sd, arguments.candidates)
    if arguments.adaptive:
        with told_by_name(items.names):
            sessions = simulate_adaptive(
                theta,
                items.parameters,
                seed=arguments.seed,
                stopping=StandardError(arguments.stop_se or _STOP_SE),
                max_items=min(arguments.max_items or _MAX_ITEMS, len(items.names)),
                prior_mean=mean,
                prior_sd=sd,
                exposure=None if arguments.exposure is None else ExposureControl(target=arguments.exposure),
            )
        text = csv_text(
            ["candidate", "theta", "estimate", "se", "n_items", "ended", "items"], _sessions(sessions, items)
        )
        streams.remark(about(sessions))
    else:
        text = csv_text(["candidate", *items.names], _responses(arguments, items, theta))
        streams.remark(
            f"simulated: {arguments.candidates} candidates, mean {theta.mean():.3f}, {len(items.names)} items"
        )
    if arguments.csv is None:
        streams.out.writelines(text)
    else:
        write_text(arguments.csv, text)
    return 0


def about(sessions: AdaptiveSessions) -> str:
    """How long, how exact, how evenly the bank was used."""
    return (
        f"simulated: {sessions.n_candidates} sessions, {sessions.mean_length:.1f} items on average; "
        f"RMSE {sessions.rmse:.3f}, bias {sessions.bias:+.3f}; most met item {sessions.exposure.max():.2f}, "
        f"overlap {sessions.overlap:.2f}, never used {sessions.never_used:.0%} of the bank"
    )


def _check_adaptive(arguments: argparse.Namespace) -> None:
    values = {
        "--stop-se": arguments.stop_se,
        "--max-items": arguments.max_items,
        "--exposure": arguments.exposure,
    }
    given = [option for option, value in values.items() if value is not None]
    if given and not arguments.adaptive:
        raise Problem(f"{', '.join(given)}: for adaptive sessions only; add --adaptive or leave it out")


def _population(arguments: argparse.Namespace, items: KnownItems, streams: Streams) -> tuple[float, float]:
    known = items.population
    incomplete = arguments.mean is None or arguments.sd is None
    if known is None and incomplete:
        streams.note(
            "the population is not known: mean 0 and sd 1 are taken unless --mean and --sd give others"
        )
    if known is not None and len(known.groups) > 1 and incomplete:
        raise Problem(f"{arguments.items.name}: has several groups; give the population with --mean and --sd")
    mean, sd = (0.0, 1.0) if known is None else (float(known.mean[0]), float(known.sd[0]))
    return (
        mean if arguments.mean is None else arguments.mean,
        sd if arguments.sd is None else arguments.sd,
    )


def _responses(arguments: argparse.Namespace, items: KnownItems, theta: FloatArray) -> Iterator[list[object]]:
    responses = simulate_responses(theta, items.parameters, seed=arguments.seed)
    return ([f"S{number}", *row] for number, row in enumerate(responses.tolist(), start=1))


def _sessions(sessions: AdaptiveSessions, items: KnownItems) -> Iterator[list[object]]:
    for number in range(sessions.n_candidates):
        given = sessions.items[number]
        yield [
            f"S{number + 1}",
            sessions.true_theta[number],
            sessions.final_theta[number],
            sessions.final_se[number],
            int((given >= 0).sum()),
            str(sessions.stopped_by[number]),
            " ".join(items.names[place] for place in given[given >= 0]),
        ]


def _seed(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 < number <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and at most 1")
    return number

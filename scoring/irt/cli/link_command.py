"""`link`: how does a new calibration come onto the scale of an old one?"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace

import numpy as np

from scoring.irt.calibration.result import Model, Population
from scoring.irt.cli.files import check_outputs, write_text
from scoring.irt.cli.known_items import read_items
from scoring.irt.cli.options import above_zero, file, names
from scoring.irt.cli.parameters import ItemErrors, KnownItems
from scoring.irt.cli.parameters_json import to_json
from scoring.irt.cli.problems import Problem, told_by_name
from scoring.irt.cli.streams import Streams
from scoring.irt.cli.text_table import figure, text_table
from scoring.irt.linking.scales import LinkingMethod, ScaleLink, link
from scoring.irt.linking.uncertainty import jackknife
from scoring.irt.quality.drift import StandardErrors, drift
from scoring.irt.types import ItemParameters

NAME, HELP = "link", "bring a new calibration onto the scale of an old one"
USAGE = "NEW OLD [--method METHOD] [--json OUT] [options]"
DESCRIPTION = """\
Finds the line theta_old = A theta_new + B by the items that both calibrations have, known by
their names, and can write all new items on the old scale.

  mean_mean, mean_sigma     from moments of the parameters (Loyd & Hoover 1980, Marco 1977)
  haebara, stocking_lord    from response curves (Haebara 1980, Stocking & Lord 1983)

All four are shown. A common item that is far off after linking has changed between the two, or
the conditions have: read it, and leave it out if so.
"""
EXAMPLES = """\
examples:
  python -m scoring.irt link items_2026.json items_2025.json
  python -m scoring.irt link items_2026.json items_2025.json --method haebara --leave-out M07 \\
      --json items_2026_on_2025.json
"""


@dataclass(frozen=True, slots=True, eq=False)
class _Common:
    """The items that count, in both calibrations, and how the line is to be found."""

    names: list[str]
    new: ItemParameters
    old: ItemParameters
    new_se: StandardErrors
    old_se: StandardErrors
    slope: float | None
    symmetric: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("new", type=file, metavar="NEW", help="items to be moved (JSON or CSV)")
    parser.add_argument(
        "old", type=file, metavar="OLD", help="items on the scale to be reached (JSON or CSV)"
    )
    parser.add_argument(
        "--method",
        choices=[str(method) for method in LinkingMethod],
        default=str(LinkingMethod.STOCKING_LORD),
        help="whose constants are used (default stocking_lord)",
    )
    parser.add_argument(
        "--leave-out", type=names, default=(), metavar="ITEM,…", help="common items that shall not count"
    )
    parser.add_argument(
        "--slope", type=above_zero, metavar="A", help="keep A at this value (1 for rasch and pcm, by default)"
    )
    parser.add_argument(
        "--symmetric",
        action="store_true",
        help="compare response curves on both scales, not the old one only",
    )
    parser.add_argument("--json", type=file, metavar="OUT", help="write the new items on the old scale there")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    check_outputs([arguments.json], inputs=[arguments.new, arguments.old])
    new, old = read_items(arguments.new, streams), read_items(arguments.old, streams)
    common = _common(arguments, new, old)
    with told_by_name(common.names):
        links = {
            method: link(
                common.new, common.old, method=method, slope=common.slope, symmetric=common.symmetric
            )
            for method in LinkingMethod
        }
        chosen = links[LinkingMethod(arguments.method)]
        told = [_constants(links, chosen, common), "", _differences(common, chosen)]
    for text in told:
        streams.say(text)
    if not chosen.converged:
        streams.remark(f"NOT CONVERGED: {chosen.method}; do not use these constants")
        return 1
    if arguments.json is not None:
        write_text(arguments.json, to_json(linked(new, chosen, old_name=arguments.old.name)))
    return 0


def linked(items: KnownItems, chosen: ScaleLink, *, old_name: str) -> KnownItems:
    """All of a calibration on the old scale: items, standard errors and population."""
    slope = chosen.slope
    errors = ItemErrors(
        a=items.errors.a / slope,
        b=items.errors.b * slope,
        c=items.errors.c,
        steps=items.errors.steps * slope,
    )
    told = {"to": old_name, "method": str(chosen.method), "slope": slope, "intercept": chosen.intercept}
    return replace(
        items,
        parameters=chosen.items(items.parameters),
        errors=errors,
        population=None if items.population is None else _population(items.population, chosen),
        run={**items.run, "linked": told},
    )


def _population(population: Population, chosen: ScaleLink) -> Population:
    slope = chosen.slope
    return Population(
        groups=population.groups,
        mean=chosen.theta(population.mean),
        sd=population.sd * slope,
        se_mean=population.se_mean * slope,
        se_sd=population.se_sd * slope,
        coefficients=population.coefficients * slope,
        se_coefficients=population.se_coefficients * slope,
    )


def _common(arguments: argparse.Namespace, new: KnownItems, old: KnownItems) -> _Common:
    both = [name for name in new.names if name in set(old.names)]
    if not both:
        raise Problem(f"{arguments.new.name} and {arguments.old.name} have no item of the same name")
    unknown = [name for name in arguments.leave_out if name not in set(both)]
    if unknown:
        raise Problem(f'--leave-out: "{unknown[0]}" is not among the {len(both)} common items')
    left = [name for name in both if name not in set(arguments.leave_out)]
    if len(left) < 2:
        raise Problem(f"{len(left)} common items are left, and a link needs at least 2")
    in_new, in_old = new.positions(left), old.positions(left)
    fixed = {new.models[place] for place in in_new} | {old.models[place] for place in in_old}
    slope = arguments.slope
    if slope is None and fixed <= {Model.RASCH, Model.PCM}:
        slope = 1.0
    return _Common(
        names=left,
        new=new.chosen(left),
        old=old.chosen(left),
        new_se=StandardErrors(new.errors.a[in_new], new.errors.b[in_new]),
        old_se=StandardErrors(old.errors.a[in_old], old.errors.b[in_old]),
        slope=slope,
        symmetric=arguments.symmetric,
    )


def _constants(links: dict[LinkingMethod, ScaleLink], chosen: ScaleLink, common: _Common) -> str:
    rows = [
        [str(method), figure(found.slope, 6), figure(found.intercept, 6), "used" if found is chosen else ""]
        for method, found in links.items()
    ]
    parts = [
        f"theta_old = A theta_new + B, from {len(common.names)} items",
        text_table(["method", "A", "B", ""], rows),
    ]
    if len(common.names) > 2:
        spread = jackknife(
            common.new, common.old, method=chosen.method, slope=common.slope, symmetric=common.symmetric
        )
        parts.append(
            f"standard errors over the choice of items: A {spread.se_slope:.4f}, B {spread.se_intercept:.4f}"
        )
    return "\n".join(parts)


def _differences(common: _Common, chosen: ScaleLink) -> str:
    """How far each common item is off after linking, the furthest first."""
    moved = chosen.items(common.new)
    found = drift(bank=common.old, new=common.new, bank_se=common.old_se, new_se=common.new_se, link=chosen)
    order = np.argsort(-np.abs(found.displacement), kind="stable")
    rows = [
        [
            common.names[place],
            *(figure(values[place]) for values in (moved.a, common.old.a, moved.b, common.old.b)),
            f"{found.displacement[place]:+.3f}",
            figure(found.z_b[place], 1),
            figure(np.sqrt(found.d_squared[place])),
            "look at" if found.flagged[place] else "",
        ]
        for place in order
    ]
    header = ["item", "a new", "a old", "b new", "b old", "b apart", "z", "curves apart", ""]
    return text_table(header, rows)

"""`python -m scoring.irt.gallery OUT.html`: does everything agree, as of now?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scoring.irt.cli.files import write_text
from scoring.irt.cli.problems import Problem
from scoring.irt.cli.streams import Streams
from scoring.irt.gallery import forms, links, lsat6, simulated
from scoring.irt.gallery.exhibit import Exhibit
from scoring.irt.gallery.simulated import FULL, Size
from scoring.irt.report.page import page, state

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "irt"


def main(argv: Sequence[str] | None = None, *, size: Size = FULL) -> int:
    """0 all figures agree, 1 some do not, 2 bad input."""
    parser = argparse.ArgumentParser(prog="python -m scoring.irt.gallery", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT.html", help="the page")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES, help="folder of the published figures")
    arguments = parser.parse_args(argv)
    streams = Streams()
    try:
        shown = [one for part in (lsat6, forms, links) for one in part.exhibits(arguments.fixtures)]
        shown += simulated.exhibits(size)
        write_text(arguments.out, _page(shown))
    except (Problem, ValueError) as problem:
        streams.remark(f"error: {problem}")
        return 2
    wrong = [
        f"{exhibit.title}: {one.name}" for exhibit in shown for one in exhibit.compared if not one.agrees
    ]
    n_figures = sum(len(exhibit.compared) for exhibit in shown)
    streams.say(
        f"{arguments.out}: {len(shown)} exhibits, {n_figures - len(wrong)} of {n_figures} figures agree"
    )
    for name in wrong:
        streams.say(f"  does not agree: {name}")
    return 1 if wrong else 0


def _page(shown: Sequence[Exhibit]) -> list[str]:
    figures = [one for exhibit in shown for one in exhibit.compared]
    wrong = sum(not one.agrees for one in figures)
    if wrong:
        told = state(False, f"{wrong} OF {len(figures)} FIGURES DO NOT AGREE", "They are marked NO below.")
    else:
        told = state(True, f"All {len(figures)} figures agree", "Within what is allowed beside each.")
    return list(
        page(
            title="Textbook results, computed anew",
            eyebrow="scoring.irt gallery",
            above=told,
            sections=[exhibit.section() for exhibit in shown],
            foot="Written by python -m scoring.irt.gallery: what is published was read, all else computed.",
        )
    )


if __name__ == "__main__":
    sys.exit(main())

"""Which known items does a file hold, and which columns of a response table are they?"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scoring.irt.cli.files import read_text
from scoring.irt.cli.parameters import KnownItems
from scoring.irt.cli.parameters_csv import from_csv
from scoring.irt.cli.parameters_json import from_json
from scoring.irt.cli.problems import Problem
from scoring.irt.cli.streams import Streams
from scoring.irt.cli.table import ResponseTable
from scoring.irt.types import IntArray, ItemParameters, ResponseArray


def read_items(path: Path, streams: Streams, *, encoding: str = "utf-8") -> KnownItems:
    """The items of a JSON file written by `fit`, or of a CSV file from anywhere.

    Says so where they come from a calibration that did not converge.
    """
    if path.suffix.lower() == ".csv":
        return from_csv(path, encoding=encoding)
    items = from_json(read_text(path), path)
    if items.run.get("converged") is False:
        streams.note(f"{path.name}: that calibration did not converge; do not rely on its parameters")
    return items


def columns_of(table: ResponseTable, items: KnownItems) -> tuple[ResponseArray, IntArray]:
    """Responses (N, J') to the known items in the table and those items' positions (J',) in `items`.

    Columns of items that were not calibrated are passed over. Raises Problem for a column of which nothing is
    known, and for a category that its item does not have.
    """
    unknown = [name for name in table.items if name not in {*items.names, *items.not_calibrated}]
    if unknown:
        more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
        raise Problem(
            f'{table.path.name}, line 1: nothing is known of the item "{unknown[0]}"{more}. '
            "If a column is no item, name it with --ignore"
        )
    kept = [place for place, name in enumerate(table.items) if name in set(items.names)]
    if not kept:
        raise Problem(f"{table.path.name}: none of its items has parameters")
    positions = items.positions([table.items[place] for place in kept])
    responses = table.responses[:, kept]
    check_categories(table, kept, responses, items.parameters.select(positions))
    return responses, positions


def check_categories(
    table: ResponseTable, columns: list[int], responses: ResponseArray, parameters: ItemParameters
) -> None:
    """Raises Problem at the first response in these columns that is beyond its item's categories."""
    beyond = responses >= parameters.n_categories
    if beyond.any():
        row, column = (int(place) for place in np.argwhere(beyond)[0])
        raise Problem(
            f"{table.place(row, columns[column])}: category {int(responses[row, column])}, but the item has "
            f"0 to {int(parameters.n_categories[column]) - 1}"
        )

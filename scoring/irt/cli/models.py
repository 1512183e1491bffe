"""Which model did the analyst ask for, item by item?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scoring.irt.calibration.result import Model
from scoring.irt.cli.delimited import open_rows
from scoring.irt.cli.problems import Problem, at

DESCRIPTIONS = {
    Model.RASCH: "right or wrong, a = 1 for every item; the spread of ability is estimated",
    Model.ONE: "right or wrong, one discrimination for all items",
    Model.TWO: "right or wrong, each item its own discrimination",
    Model.THREE: "right or wrong with guessing; wants thousands of candidates",
    Model.PCM: "partial credit, a = 1 for every item",
    Model.GPCM: "partial credit, each item its own discrimination",
    Model.GRM: "graded response, each item its own discrimination",
}

Assignments = list[tuple[str | None, str, str]]  # item or None for all, model, where it was said


def models_for(items: Sequence[str], texts: Sequence[str]) -> list[str]:
    """One model per item from texts such as "2pl", "M3=gpcm,M7=gpcm" or the name of a file of such pairs.

    A later word wins over an earlier one. Raises Problem for an unknown item or model, and for an item
    without a model.
    """
    known = set(items)
    model_of: dict[str, str] = {}
    for item, model, place in [pair for text in texts for pair in _assignments(text)]:
        if model not in DESCRIPTIONS:
            raise Problem(f'{place}: "{model}" is no model. There are {", ".join(DESCRIPTIONS)}')
        if item is not None and item not in known:
            raise Problem(f'{place}: no item is called "{item}"')
        model_of |= dict.fromkeys(items if item is None else [item], model)
    without = [item for item in items if item not in model_of]
    if without:
        raise Problem(
            f'--model: no model for "{without[0]}". First name one for all: --model 2pl --model M3=gpcm'
        )
    return [model_of[item] for item in items]


def check_categories(items: Sequence[str], models: Sequence[str], n_categories: Sequence[int]) -> None:
    """Raises Problem if an item has more categories than its model can take."""
    pairs = zip(items, models, n_categories, strict=True)
    wrong = [(item, model, n) for item, model, n in pairs if n > 2 and Model(model).dichotomous_only]
    if not wrong:
        return
    item, model, n = wrong[0]
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    raise Problem(
        f'item "{item}"{more} has categories up to {n - 1}, and {model} is for right or wrong. '
        f"Add such as --model {','.join(f'{name}=gpcm' for name, *_ in wrong[:3])}"
    )


def model_files(texts: Sequence[str] | None) -> list[Path]:
    """Those of the texts for `models_for` that are names of files."""
    return [Path(text) for text in texts or () if _is_file(text)]


def _is_file(text: str) -> bool:
    return "=" not in text and Path(text).is_file()


def _assignments(text: str) -> Assignments:
    if _is_file(text):
        return _from_file(Path(text))
    found: Assignments = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        item, sign, model = part.rpartition("=")
        found.append((item.strip() if sign else None, model.strip().lower(), "--model"))
    return found


def _from_file(path: Path) -> Assignments:
    """Two columns, item and model; a first line that says so is passed over."""
    found: Assignments = []
    with open_rows(path) as rows:
        for line, row in rows:
            cells = [cell.strip() for cell in row if cell.strip()]
            if not cells or (line == 1 and [cell.lower() for cell in cells] == ["item", "model"]):
                continue
            if len(cells) != 2:
                raise Problem(f"{at(path, line=line)}: expected two cells, item and model, not {len(cells)}")
            found.append((cells[0], cells[1].lower(), at(path, line=line)))
    return found

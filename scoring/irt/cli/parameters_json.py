"""How are item parameters kept in a JSON file, and what is wrong with one that does not fit?

    {"format": "scoring.irt items", "version": 1, "scale": …,
     "run": {"n_candidates": 1000, "log_likelihood": …, "converged": true, "omitted": "category_zero", …},
     "population": {"groups": [{"name": "", "mean": 0, "sd": 1, "se_mean": 0, "se_sd": 0}],
                    "covariates": [{"name": "grade", "coefficient": 0.3, "se": 0.02}]},
     "not_calibrated": ["M19"],
     "items": [{"name": "M01", "model": "2pl", "a": 1.1, "b": -0.4, "se_a": 0.05, "se_b": 0.04},
               {"name": "M02", "model": "gpcm", "a": 0.9, "b": 0.2, "steps": [-0.6, 0.6], …}]}

The difficulty of step k is b + steps[k]; c is there for 3pl items only. What is not known is left out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np

from scoring.irt.calibration.result import Population
from scoring.irt.cli.parameters import ItemRow, KnownItems, assembled
from scoring.irt.cli.problems import Problem

FORMAT = "scoring.irt items"
VERSION = 1
SCALE = (
    "P(right) = c + (1 - c) / (1 + exp(-a (theta - b))), without a constant of 1.7; "
    "the difficulty of step k is b + steps[k]"
)
_NAN = float("nan")


def to_json(items: KnownItems) -> str:
    """The text of the file: one item a line, so that two files can be compared line by line."""
    head: dict[str, Any] = {"format": FORMAT, "version": VERSION, "scale": SCALE, "run": dict(items.run)}
    if items.population is not None:
        head["population"] = _population_object(items.population, items.covariates)
    head["not_calibrated"] = list(items.not_calibrated)
    lines = [f" {json.dumps(key)}: {_dumps(value)}" for key, value in head.items()]
    rows = ",\n".join(f"  {_dumps(_item_object(items, position))}" for position in range(len(items.names)))
    return "{\n" + ",\n".join([*lines, f' "items": [\n{rows}\n ]']) + "\n}\n"


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _item_object(items: KnownItems, position: int) -> dict[str, object]:
    parameters, errors = items.parameters, items.errors
    n_steps = int(parameters.n_categories[position]) - 1
    found: dict[str, object] = {"name": items.names[position], "model": items.models[position]}
    for name in ("a", "b", "c"):
        value = float(getattr(parameters, name)[position])
        if name != "c" or value > 0:
            found[name] = value
            found[f"se_{name}"] = float(getattr(errors, name)[position])
    if n_steps > 1:
        found["steps"] = parameters.steps[position, :n_steps].tolist()
        se_steps = errors.steps[position, :n_steps]
        found["se_steps"] = se_steps.tolist() if np.isfinite(se_steps).all() else None
    return _without_unknown(found)


def _population_object(population: Population, covariates: tuple[str, ...]) -> dict[str, object]:
    groups = zip(
        population.groups,
        *(part.tolist() for part in (population.mean, population.sd, population.se_mean, population.se_sd)),
        strict=True,
    )
    fields = ("name", "mean", "sd", "se_mean", "se_sd")
    coefficients = (population.coefficients.tolist(), population.se_coefficients.tolist())
    return {
        "groups": [_without_unknown(dict(zip(fields, row, strict=True))) for row in groups],
        "covariates": [
            _without_unknown({"name": name, "coefficient": value, "se": se})
            for name, value, se in zip(covariates, *coefficients, strict=True)
        ],
    }


def _without_unknown(found: dict[str, object]) -> dict[str, object]:
    """JSON has no NaN: what is unknown is left out."""
    return {
        key: value
        for key, value in found.items()
        if value is not None and not (isinstance(value, float) and math.isnan(value))
    }


def from_json(text: str, path: Path) -> KnownItems:
    """The items in the text of a file; raises Problem naming item and field of whatever does not fit."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise Problem(f"{path.name}, line {error.lineno}: not JSON: {error.msg}") from None
    top = _Object(found, path.name)
    if top.get("format") != FORMAT:
        raise Problem(f'{path.name}: its "format" is not "{FORMAT}": not a file of item parameters')
    if top.get("version") != VERSION:
        raise Problem(f"{path.name}: version {top.get('version')}; this program reads version {VERSION}")
    rows = list(_rows(top, path))
    models, parameters, errors = assembled(rows, path)
    population, covariates = _population(top)
    run = top.get("run", {})
    return KnownItems(
        names=tuple(row.name for row in rows),
        models=models,
        parameters=parameters,
        errors=errors,
        population=population,
        covariates=covariates,
        not_calibrated=tuple(str(name) for name in top.items("not_calibrated", optional=True)),
        run=run if isinstance(run, dict) else {},
    )


def _rows(top: _Object, path: Path) -> Iterator[ItemRow]:
    seen: set[str] = set()
    for number, found in enumerate(top.items("items"), start=1):
        item = _Object(found, f"{path.name}, item {number}")
        name = item.text("name")
        item.place = place = f'{path.name}, item "{name}"'
        if name in seen:
            raise Problem(f"{place}: stands there twice")
        seen.add(name)
        yield ItemRow(
            place=place,
            name=name,
            a=item.number("a"),
            b=item.number("b"),
            c=item.number("c", default=0.0),
            model=item.text("model", optional=True),
            steps=item.numbers("steps"),
            se_steps=item.numbers("se_steps"),
            se_a=item.number("se_a", default=_NAN),
            se_b=item.number("se_b", default=_NAN),
            se_c=item.number("se_c", default=_NAN),
        )


def _population(top: _Object) -> tuple[Population | None, tuple[str, ...]]:
    if "population" not in top.content:
        return None, ()
    whole = _Object(top.content["population"], f"{top.place}, population")
    groups = [
        _Object(found, f"{whole.place}, group {number}")
        for number, found in enumerate(whole.items("groups"), start=1)
    ]
    covariates = [
        _Object(found, f"{whole.place}, covariate {number}")
        for number, found in enumerate(whole.items("covariates", optional=True), start=1)
    ]
    for group in groups:
        if group.number("sd") <= 0:
            raise Problem(f'{group.place}, field "sd": a standard deviation is above 0')
    population = Population(
        groups=tuple(group.text("name") for group in groups),
        mean=np.array([group.number("mean") for group in groups]),
        sd=np.array([group.number("sd") for group in groups]),
        se_mean=np.array([group.number("se_mean", default=_NAN) for group in groups]),
        se_sd=np.array([group.number("se_sd", default=_NAN) for group in groups]),
        coefficients=np.array([one.number("coefficient") for one in covariates]),
        se_coefficients=np.array([one.number("se", default=_NAN) for one in covariates]),
    )
    return population, tuple(one.text("name") for one in covariates)


class _Object:
    """A JSON object that says its place when a field of it is missing or of the wrong kind."""

    def __init__(self, content: object, place: str) -> None:
        if not isinstance(content, dict):
            raise Problem(f"{place}: expected an object in curly brackets")
        self.content: Mapping[str, Any] = content
        self.place = place

    def get(self, field: str, default: object = None) -> object:
        return self.content.get(field, default)

    @overload
    def text(self, field: str) -> str: ...
    @overload
    def text(self, field: str, *, optional: Literal[True]) -> str | None: ...
    def text(self, field: str, *, optional: bool = False) -> str | None:
        value = self.get(field)
        if optional and value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong(field, "a text", value)
        return value

    def number(self, field: str, *, default: float | None = None) -> float:
        value = self.get(field)
        if value is None and default is not None:
            return default
        return self._number(field, value)

    def numbers(self, field: str) -> tuple[float, ...]:
        return tuple(self._number(field, value) for value in self.items(field, optional=True))

    def items(self, field: str, *, optional: bool = False) -> list[Any]:
        value = self.get(field, [] if optional else None)
        if not isinstance(value, list):
            raise self._wrong(field, "a list in square brackets", value)
        return value

    def _number(self, field: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(field, "a number", value)
        return float(value)

    def _wrong(self, field: str, expected: str, value: object) -> Problem:
        found = "nothing" if value is None else json.dumps(value, ensure_ascii=False)[:40]
        return Problem(f'{self.place}, field "{field}": expected {expected}, found {found}')

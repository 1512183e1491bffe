"""Which items can be calibrated at all, and what is wrong with the others?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scoring.irt.calibration.result import Anchors, ItemFlag, Model, Priors
from scoring.irt.types import FloatArray, IntArray, ResponseArray


class Screened(NamedTuple):
    """What is known of J items before anything is estimated.

    n_categories  (J,)
    counts        (J, K_max)  weighted candidates in each category
    left_out      items that take no part in the likelihood
    copies        of those, the ones that repeat an earlier item, with that item
    """

    n_categories: IntArray
    counts: FloatArray
    left_out: frozenset[int]
    copies: dict[int, int]
    flags: list[ItemFlag]


def screen(
    codes: ResponseArray,
    weights: FloatArray | None,
    models: Sequence[Model],
    anchors: Anchors | None,
    priors: Priors,
) -> Screened:
    """Raises ValueError where a model cannot hold an item's categories, or an anchor has too few."""
    counts = _category_counts(codes, weights)
    n_categories = np.maximum(_highest_category(counts) + 1, 2)
    fixed = set() if anchors is None else {int(item) for item in anchors.index}
    if anchors is not None:
        _check_anchors(anchors, n_categories)
        n_categories[anchors.index] = anchors.parameters.n_categories
    free = [item for item in range(len(models)) if item not in fixed]
    for item in free:
        _check_model(item, models[item], int(n_categories[item]))
    width = int(n_categories.max())
    counts = np.pad(counts, ((0, 0), (0, max(width - counts.shape[1], 0))))[:, :width]
    own = [counts[item, :n] for item, n in enumerate(n_categories)]
    flags = [flag for item in free if (flag := _problem(item, own[item], models[item]))]
    # Priors on slope and difficulties lend what the responses lack; the item is named all the same.
    lent = priors.log_a is not None and priors.difficulty is not None
    hopeless = {
        flag.item
        for flag in flags
        if flag.kind == "never_presented" or not lent or _steps_coincide(own[flag.item], models[flag.item])
    }
    sloped = [item for item in free if item not in hopeless and models[item].has_own_slope]
    copies = _copies(codes, counts, sloped, models)
    flags += [
        ItemFlag(
            item,
            "identical",
            f"item {item}: every response is that of item {first}, and so are its parameters",
        )
        for item, first in copies.items()
    ]
    return Screened(n_categories, counts, frozenset(hopeless | set(copies)), copies, flags)


def _category_counts(codes: ResponseArray, weights: FloatArray | None) -> FloatArray:
    n_categories = max(int(codes.max(initial=1)) + 1, 2)
    counts = np.empty((codes.shape[1], n_categories))
    for category in range(n_categories):
        hits = codes == category
        counts[:, category] = np.count_nonzero(hits, axis=0) if weights is None else weights @ hits
    return counts


def _highest_category(counts: FloatArray) -> IntArray:
    seen = counts > 0
    highest = counts.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    return np.where(seen.any(axis=1), highest, 0)


def _check_anchors(anchors: Anchors, n_categories: IntArray) -> None:
    outside = (anchors.index < 0) | (anchors.index >= n_categories.size)
    if outside.any():
        raise ValueError(f"anchors: there is no item {int(anchors.index[outside][0])}")
    short = anchors.parameters.n_categories < n_categories[anchors.index]
    if short.any():
        item = int(anchors.index[short][0])
        raise ValueError(f"item {item}: responses have more categories than its anchor parameters")


def _check_model(item: int, model: Model, n_categories: int) -> None:
    if model.dichotomous_only and n_categories > 2:
        raise ValueError(
            f"item {item}: has a category {n_categories - 1}, and model {model} knows only 0 and 1; "
            "take gpcm, pcm or grm"
        )


def _problem(item: int, counts: FloatArray, model: Model) -> ItemFlag | None:
    seen = np.flatnonzero(counts)
    if seen.size == 0:
        return ItemFlag(item, "never_presented", f"item {item}: nobody met it, so nothing can be estimated")
    if seen.size == 1:
        said = "everybody has all points" if seen[0] else "nobody gained a point"
        return ItemFlag(item, "one_category", f"item {item}: {said}; only priors could place it")
    if seen.size < counts.size:
        empty = int(np.flatnonzero(counts == 0)[0])
        return ItemFlag(
            item,
            "empty_category",
            f"item {item}: nobody is in category {empty}; join it with a neighbour"
            + ("" if _steps_coincide(counts, model) else ", or calibrate with priors"),
        )
    return None


def _steps_coincide(counts: FloatArray, model: Model) -> bool:
    """Nothing, no prior on difficulties either, keeps the steps around an empty graded category apart."""
    return model is Model.GRM and bool((counts[1:-1] == 0).any())


def _copies(
    codes: ResponseArray, counts: FloatArray, items: list[int], models: Sequence[Model]
) -> dict[int, int]:
    """Items whose whole column repeats an earlier one under the same model: their slopes would run away."""
    alike: dict[tuple[Model, bytes], list[int]] = {}
    found: dict[int, int] = {}
    for item in items:
        earlier = alike.setdefault((models[item], counts[item].tobytes()), [])
        for first in earlier:
            if np.array_equal(codes[:, first], codes[:, item]):
                found[item] = first
                break
        else:
            earlier.append(item)
    return found

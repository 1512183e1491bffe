"""Which files does a task read? Each data set is drawn once and written into one folder for all programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.bench.irt.data import (
    Drawn,
    Responses,
    draw,
    draw_abilities,
    draw_bank,
    without_booklets,
    without_some,
)

SEED = 20_260


@dataclass(frozen=True, slots=True)
class Sizes:
    """An administration of a whole country, a smaller one, and a bank for adaptive forms."""

    candidates: int = 65_000
    items: int = 60
    fewer_candidates: int = 5_000
    adaptive_candidates: int = 1_000
    bank: int = 2_000


QUICK = Sizes(candidates=8_000, fewer_candidates=2_000, adaptive_candidates=100)


class DataSets:
    """The files of each data set by name, made when first asked for."""

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        self._folder, self._sizes = folder, sizes
        self._files: dict[str, dict[str, Path]] = {}

    def files(self, name: str) -> dict[str, Path]:
        if name not in self._files:
            arrays = self._bank() if name == "bank" else self._responses(name)
            self._files[name] = {key: self._folder / f"{name} {key}.npy" for key in arrays}
            for key, array in arrays.items():
                np.save(self._files[name][key], array)
        return self._files[name]

    def load(self, name: str, key: str = "responses") -> NDArray[np.generic]:
        return np.load(self.files(name)[key])

    def size(self, name: str) -> str:
        if name == "bank":
            return f"{self._sizes.adaptive_candidates:,}, bank of {self._sizes.bank:,}"
        return " × ".join(f"{number:,}" for number in self.load(name).shape)

    def _responses(self, name: str) -> dict[str, NDArray[np.generic]]:
        responses, drawn = self._drawn(name)
        return {"responses": responses, "a": drawn.a, "b": drawn.b}

    def _drawn(self, name: str) -> tuple[Responses, Drawn]:
        many, few = self._sizes.candidates, self._sizes.fewer_candidates
        if name in ("2pl", "booklets", "at random"):
            responses, drawn = draw("2pl", many, self._sizes.items, seed=SEED)
            if name == "booklets":
                responses = without_booklets(responses, seed=SEED + 1)
            elif name == "at random":
                responses = without_some(responses, seed=SEED + 1)
            return responses, drawn
        if name in ("grm", "gpcm", "pcm"):
            return draw(name, few, 30, seed=SEED, n_categories=3)
        model = name.partition(",")[0]
        return draw(model, few, 40, seed=SEED)

    def _bank(self) -> dict[str, NDArray[np.generic]]:
        a, b = draw_bank(self._sizes.bank)
        return {"theta": draw_abilities(self._sizes.adaptive_candidates), "a": a, "b": b}

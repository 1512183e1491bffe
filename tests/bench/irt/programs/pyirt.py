"""py-irt: variational inference with Pyro and torch, on a scale of its own, without standard errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyro
import torch
from numpy.typing import NDArray
from py_irt.config import IrtConfig
from py_irt.dataset import Dataset
from py_irt.training import IrtModelTrainer

torch.set_num_threads(1)


def fit(responses: NDArray[np.int8], *, model: str, epochs: int = 500) -> Callable[[], dict[str, Any]]:
    n_candidates, n_items = responses.shape
    candidate, item = np.nonzero(responses >= 0)
    candidates = [str(number) for number in range(n_candidates)]
    items = [str(number) for number in range(n_items)]
    dataset = Dataset.model_construct(
        item_ids=set(items),
        subject_ids=set(candidates),
        item_id_to_ix={name: place for place, name in enumerate(items)},
        ix_to_item_id=dict(enumerate(items)),
        subject_id_to_ix={name: place for place, name in enumerate(candidates)},
        ix_to_subject_id=dict(enumerate(candidates)),
        observation_subjects=candidate.tolist(),
        observation_items=item.tolist(),
        observations=responses[candidate, item].astype(float).tolist(),
        training_example=[True] * len(candidate),
        anchor_items=None,
    )
    config = IrtConfig(model_type=model, epochs=epochs)
    trainer = IrtModelTrainer(data_path=None, config=config, dataset=dataset, verbose=False)

    def work() -> dict[str, Any]:
        pyro.set_rng_seed(1)
        trainer.train(epochs=epochs, device="cpu")
        best = trainer.best_params
        return {"a": np.array(best["disc"]), "steps": np.array(best["diff"]), "own_scale": True}

    return work

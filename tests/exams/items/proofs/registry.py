"""Which proofs exist, and does every module of them load?

A proof solves one item from its numbers and its own option texts, without looking at the key. Modules
beside this one are loaded automatically; one that fails to load is reported, not fatal.
"""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from exams.item_source import ItemSource

# What a proof returns; the shape for each interaction is described in check_proof.py.
Proof = Mapping[str, Any]
ProofFunction = Callable[[ItemSource], Proof]

_registered: defaultdict[str, list[ProofFunction]] = defaultdict(list)


def proves(identifier: str) -> Callable[[ProofFunction], ProofFunction]:
    """Registers the decorated function as the proof of the item."""

    def register(function: ProofFunction) -> ProofFunction:
        _registered[identifier].append(function)
        return function

    return register


@cache
def load_failures() -> dict[str, str]:
    """Loads every proof module once; the modules that do not load, with their errors."""
    failures = {}
    folder = Path(__file__).parent
    for module in pkgutil.iter_modules([str(folder)]):
        if module.name == "registry":
            continue
        try:
            importlib.import_module(f"{__package__}.{module.name}")
        except Exception as error:  # a module under construction must not hide the others
            failures[module.name] = f"{type(error).__name__}: {error}"
    return failures


def proofs_of(identifier: str) -> list[ProofFunction]:
    load_failures()
    return _registered.get(identifier, [])


def proved_identifiers() -> set[str]:
    load_failures()
    return set(_registered)

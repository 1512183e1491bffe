"""Which texts of an item or stimulus are Serbian-language material that is not translated? Pure."""

from collections.abc import Mapping, Set
from typing import Any


def with_material(document: Mapping[str, Any], allowed: Set[str]) -> dict[str, Any]:
    """The document with the Serbian texts named in `material` standing in its English table too.

    Total: what is not of the expected kind is left as it is, for `material_faults` and other checks to name.
    """
    whole = dict(document)
    sr, en = whole.get("sr"), whole.get("en")
    names = [name for name in _names(document) if name in allowed]
    if isinstance(sr, Mapping) and isinstance(en, Mapping):
        whole["en"] = {**en, **{name: sr[name] for name in names if name in sr}}
    return whole


def material_faults(document: Mapping[str, Any], allowed: Set[str]) -> list[tuple[str, str, str]]:
    """(place, message, remedy) when `material` is no list of texts that may be material."""
    material = document.get("material", [])
    if isinstance(material, list) and len(_names(document)) == len(material) and allowed >= set(material):
        return []
    return [("material", f"{material!r} is no list of texts", f"some of {', '.join(sorted(allowed))}")]


def _names(document: Mapping[str, Any]) -> list[str]:
    material = document.get("material", [])
    return [name for name in material if isinstance(name, str)] if isinstance(material, list) else []

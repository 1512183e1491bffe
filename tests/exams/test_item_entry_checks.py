"""Is each fault of what a key accepts named, and nothing that is sound?"""

from __future__ import annotations

from typing import Any

import pytest

from exams.item_entry_checks import entry_problems

TEXT = {"accept": "text", "values_sr": ["призма", "тространа призма"], "values_en": ["prism"]}


def problems(entry: Any, interaction: str = "text_entry") -> list[str]:
    return [f"{place} {message}" for place, message, _remedy in entry_problems(interaction, "x", entry)]


@pytest.mark.parametrize(
    "entry",
    [
        TEXT,
        {"accept": "text", "values_sr": ["Нови Сад"]},
        {"accept": "text", "values_sr": ["Нови Сад"], "case": "exact"},
        {"accept": "text", "values_sr": ["Ђорђе"], "case": "exact", "diacritics": "any"},
        {"accept": "number", "value": "3.5", "unit": "cm"},
        {"accept": "number", "value": "13/6", "form": "reduced_fraction"},
    ],
)
def test_sound_entries(entry: dict[str, Any]) -> None:
    assert problems(entry) == problems(entry, "cloze") == []


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({**TEXT, "values_sr": []}, "x.values_sr is missing or no list of texts"),
        ({**TEXT, "values_sr": "призма"}, "x.values_sr is missing or no list of texts"),
        ({"accept": "text", "values_en": ["prism"]}, "x.values_sr is missing or no list of texts"),
        ({**TEXT, "values_en": []}, "x.values_en is no list of texts"),
        ({**TEXT, "values_en": ["prism", " "]}, "x.values_en is no list of texts"),
        ({**TEXT, "case": "any"}, "x.case 'any' is unknown"),
        ({**TEXT, "case": True}, "x.case True is unknown"),
        ({**TEXT, "diacritics": "exact"}, "x.diacritics 'exact' is unknown"),
        ({**TEXT, "values_sr": ["а" * 201]}, f"x {'а' * 201!r} is too long to be typed"),
        ({"accept": "number", "value": "3", "case": "exact"}, "x.case has no meaning for accept = 'number'"),
        ({"accept": "choice", "correct": "a"}, "x.accept only a gap takes a choice"),
        ({"accept": "number", "value": 3}, "x.value 3 is no number in quotation marks"),
        ({"accept": "prose"}, "x.accept is missing or unknown"),
    ],
)
def test_faults(entry: dict[str, Any], found: str) -> None:
    assert problems(entry) == [found]

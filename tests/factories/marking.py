"""A form with an item that people mark, and pupils who wrote something to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from accounts.models import ClassGroup, Person
from exams.actions.forms import Selected, publish_form
from exams.actions.items import import_items
from exams.actions.marking import mark_response
from exams.enums import FormPurpose
from exams.item_compilation import CompiledItem, compile_item
from exams.item_source import read_item
from exams.marking import text_digest
from exams.models import Administration, Form, ItemVersion, Mark, Sitting
from tests.factories.accounts import NOW
from tests.factories.exams import make_administration, make_versions
from tests.factories.journal import sit

WRITTEN = "ma-190"
REF = f"{WRITTEN}.1"
_SOURCE = """
id = "ma-190"
version = 1
standard = "MA.1.2.1"
interaction = "extended_text"
security = "trial"
half_points = [0, 1, 2]

[key]
longest = 600

[sr]
stem = "Реши једначину $3x = 12$. Прикажи поступак."
rubric = "Један бод: поступак и решење. Пола бода: само решење. Рачунске омашке у препису не сметају."
explanation = "Обе стране поделимо са 3: $x = 4$."

[en]
stem = "Solve $3x = 12$. Show your working."
rubric = "One point: working and solution. Half a point: the solution alone. Slips of the pen do not matter."
explanation = "Divide both sides by 3: $x = 4$."
"""


@cache
def compiled_written() -> CompiledItem:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{WRITTEN}.toml"
        path.write_text(_SOURCE, encoding="utf-8")
        return compile_item(read_item(path))


def make_written_version() -> ItemVersion:
    make_versions()
    import_items(items=[compiled_written()], subject="mathematics")
    versions = ItemVersion.objects.select_related("item", "standard__domain").prefetch_related("texts")
    return versions.get(ref=REF)


def make_written_form(items: Sequence[str] = ("ma-102", "ma-112"), **overrides: Any) -> Form:
    """`items`, and the one that people mark in the last place."""
    written = make_written_version()
    fields: dict[str, Any] = {
        "identifier": f"written-{Form.objects.count() + 1}",
        "subject": "mathematics",
        "purpose": FormPurpose.TRIAL,
        "title_sr": "Математика, са писаним задатком",
        "title_en": "Mathematics, with a written item",
        "selected": [*(Selected(version) for version in make_versions(items)), Selected(written)],
        "now": NOW,
    }
    return publish_form(**(fields | overrides))


def write(administration: Administration, pupil: Person, text: str | None, **how: Any) -> Sitting:
    """The pupil hands in this text, and gives `how["values"]` to other items."""
    sitting = administration.sittings.get(candidate=pupil)
    values = how.pop("values", {})
    return sit(sitting, values | ({} if text is None else {REF: text}), **how)


def make_texts(
    group: ClassGroup, texts: dict[Person, str], form: Form | None = None, **overrides: Any
) -> Administration:
    """The class has sat a form with a written item, each pupil writing their own text."""
    administration = make_administration([group], form=form or make_written_form(), **overrides)
    for pupil, text in texts.items():
        write(administration, pupil, text)
    return administration


def give(sitting: Sitting, text: str, half_points: int, marker: Person, **overrides: Any) -> Mark:
    version = ItemVersion.objects.get(ref=REF)
    fields: dict[str, Any] = {
        "sitting": sitting,
        "version": version,
        "text_sha256": text_digest(text),
        "half_points": half_points,
        "marker": marker,
        "now": NOW,
    }
    return mark_response(**(fields | overrides))

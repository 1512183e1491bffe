"""Plain makers of items, forms and sittings, from the real items of the bank."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from django.conf import settings

from accounts.models import ClassGroup
from exams.actions.administrations import create_administration
from exams.actions.forms import Selected, publish_form
from exams.actions.items import import_items, import_standards
from exams.delivery.envelope import new_hand_in_keys
from exams.enums import FormPurpose, ResultsRelease
from exams.item_compilation import CompiledItem, compile_item
from exams.item_source import read_item
from exams.models import Administration, Form, ItemVersion
from tests.factories.accounts import NOW

TRIAL_ITEMS = ("ma-102", "ma-106", "ma-112", "ma-116")
RELEASED_ITEMS = ("ma-501", "ma-502")
_numbers = count(1)


@cache
def compiled(identifier: str) -> CompiledItem:
    (path,) = (settings.FIXTURES_DIR / "items").glob(f"*/{identifier}.toml")
    return compile_item(read_item(path))


@cache
def hand_in_keys() -> tuple[bytes, bytes]:
    """One pair for all administrations of this process: making one takes as long as a dozen tests."""
    return new_hand_in_keys()


def make_versions(identifiers: Sequence[str] = TRIAL_ITEMS) -> list[ItemVersion]:
    import_standards(path=settings.FIXTURES_DIR / "standards" / "mathematics.toml")
    import_items(items=[compiled(identifier) for identifier in identifiers], subject="mathematics")
    versions = ItemVersion.objects.select_related("item", "standard__domain").prefetch_related("texts")
    found = {version.item.identifier: version for version in versions}
    return [found[identifier] for identifier in identifiers]


def make_form(identifiers: Sequence[str] = TRIAL_ITEMS, **overrides: Any) -> Form:
    fields: dict[str, Any] = {
        "identifier": f"form-{next(_numbers)}",
        "subject": "mathematics",
        "purpose": FormPurpose.TRIAL,
        "title_sr": "Математика, форма",
        "title_en": "Mathematics, form",
        "selected": [Selected(version) for version in make_versions(identifiers)],
        "now": NOW,
    }
    return publish_form(**(fields | overrides))


def make_administration(
    class_groups: Sequence[ClassGroup], *, form: Form | None = None, now: datetime = NOW, **overrides: Any
) -> Administration:
    """Without pre-flight: tests need windows that are long over, and classes without pupils."""
    fields: dict[str, Any] = {
        "form": form or make_form(),
        "title_sr": "Пробни завршни",
        "title_en": "Trial exam",
        "opens_at": now - timedelta(hours=1),
        "closes_at": None,
        "limit_seconds": 3600,
        "results_release": ResultsRelease.AT_HAND_IN,
        "class_groups": class_groups,
        "now": now,
        "hand_in_keys": hand_in_keys(),
    }
    return create_administration(**(fields | overrides))

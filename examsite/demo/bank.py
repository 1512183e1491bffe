"""How does the bank get from fixtures/ into an empty database?"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from exams.actions.forms import Selected, publish_form
from exams.actions.items import import_items, import_standards
from exams.bank_files import FormSource, read_bank
from exams.enums import FormPurpose
from exams.item_source import compile_item, read_items
from exams.models import Form, Item, ItemVersion


def load_bank(*, now: datetime) -> int:
    """Standards, items and trial forms of every subject; how many items there are. What is there stays."""
    for subject in read_bank(settings.FIXTURES_DIR):
        import_standards(path=settings.FIXTURES_DIR / "standards" / f"{subject.name}.toml")
        import_items(items=map(compile_item, read_items(subject.folder)), subject=subject.name)
        for form in subject.forms:
            _load_form(form, now)
    return Item.objects.count()


def _load_form(source: FormSource, now: datetime) -> None:
    if Form.objects.filter(identifier=source.identifier).exists():
        return
    newest = {
        version.item.identifier: version
        for version in ItemVersion.objects.filter(item__identifier__in=source.items)
        .select_related("item", "standard__domain")
        .prefetch_related("texts")
        .order_by("number")
    }
    publish_form(
        identifier=source.identifier,
        subject=source.subject,
        purpose=FormPurpose.TRIAL,
        title_sr=source.title_sr,
        title_en=source.title_en,
        selected=[
            Selected(newest[identifier], is_anchor=identifier in source.anchors)
            for identifier in source.items
        ],
        now=now,
    )

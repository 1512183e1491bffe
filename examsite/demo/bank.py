"""How do the standards, items and forms of the repository get into an empty database?"""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

from django.conf import settings

from exams.actions.forms import Selected, publish_form
from exams.actions.items import import_items, import_standards
from exams.enums import FormPurpose
from exams.item_source import compile_item, read_items
from exams.models import Form, Item, ItemVersion

SUBJECT = "mathematics"


def load_bank(*, now: datetime) -> int:
    """Standards, all items and both trial forms; how many items there are. What is there already stays."""
    import_standards(path=settings.FIXTURES_DIR / "standards" / f"{SUBJECT}.toml")
    sources = read_items(settings.FIXTURES_DIR / "items" / SUBJECT)
    import_items(items=map(compile_item, sources), subject=SUBJECT)
    for path in sorted((settings.FIXTURES_DIR / "forms").glob(f"{SUBJECT}-*.toml")):
        _load_form(path, now)
    return Item.objects.filter(subject=SUBJECT).count()


def _load_form(path: Path, now: datetime) -> None:
    source = tomllib.loads(path.read_text(encoding="utf-8"))
    if Form.objects.filter(identifier=source["id"]).exists():
        return
    newest = {
        version.item.identifier: version
        for version in ItemVersion.objects.filter(item__identifier__in=source["items"])
        .select_related("item", "standard__domain")
        .prefetch_related("texts")
        .order_by("number")
    }
    publish_form(
        identifier=source["id"],
        subject=source["subject"],
        purpose=FormPurpose.TRIAL,
        title_sr=source["title_sr"],
        title_en=source["title_en"],
        selected=[
            Selected(newest[identifier], is_anchor=identifier in source["anchors"])
            for identifier in source["items"]
        ],
        now=now,
    )

"""How does the bank get from its sources into the database?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from exams.actions.forms import Selected, publish_form
from exams.actions.items import import_items, import_standards
from exams.bank_files import FormSource, read_bank
from exams.enums import FormPurpose
from exams.item_source import compile_item, read_items
from exams.models import Form, ItemVersion


@transaction.atomic
def load_bank(*, root: Path, now: datetime) -> tuple[int, int]:
    """Standards, new items and versions, and new trial forms of every subject; how many versions and forms.

    Idempotent: what is there stays, a form too when its source has changed, because it was published. All or
    nothing. Raises BankFileError and ItemSourceErrors for sources that do not read, ImportRefused for an item
    that was changed without a new version, FormNotPublishable.
    """
    versions = forms = 0
    for subject in read_bank(root):
        import_standards(path=root / "standards" / f"{subject.name}.toml")
        versions += import_items(items=map(compile_item, read_items(subject.folder)), subject=subject.name)
        forms += sum(_load_form(form, now) for form in subject.forms)
    return versions, forms


def _load_form(source: FormSource, now: datetime) -> bool:
    if Form.objects.filter(identifier=source.identifier).exists():
        return False
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
    return True

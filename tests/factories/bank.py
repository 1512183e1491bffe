"""A small bank with every interaction, a family, trial and released items, and an author who may see it."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from accounts.enums import OrganizationKind, Role
from accounts.models import Person
from exams.actions.forms import Selected, publish_form
from exams.actions.items import import_items
from exams.enums import FormPurpose
from exams.item_compilation import CompiledItem, compile_item
from exams.item_source import read_variants
from exams.models import Form, ItemVersion
from tests.factories.accounts import NOW, make_member, make_region
from tests.factories.exams import make_versions
from tests.factories.newer_items import PLACES, SEVERAL, WORDS, WRITTEN, newer

OLDER = ("ma-102", "ma-106", "ma-112", "ma-201", "ma-203", "ma-210")
NEWER = (SEVERAL, WORDS, PLACES, WRITTEN)
FAMILY = "ma-702"


@cache
def variants() -> tuple[CompiledItem, ...]:
    path = settings.FIXTURES_DIR / "items" / "mathematics" / f"{FAMILY}.toml"
    return tuple(compile_item(source) for source in read_variants(path))


def make_bank() -> dict[str, ItemVersion]:
    """Versions by identifier: trial items of every interaction, two released ones and the family."""
    make_versions((*OLDER, "ma-501", "ma-502"))
    import_items(items=[*map(newer, NEWER), *variants()], subject="mathematics")
    versions = ItemVersion.objects.select_related("item", "standard__domain").prefetch_related("texts")
    return {version.item.identifier: version for version in versions}


def make_author() -> Person:
    return make_member(make_region(kind=OrganizationKind.MINISTRY), Role.AUTHOR)


def make_printed_form(bank: dict[str, ItemVersion]) -> Form:
    """Every interaction once, in a trial form."""
    return publish_form(
        identifier="ma-paper",
        subject="mathematics",
        purpose=FormPurpose.TRIAL,
        title_sr="Математика, на папиру",
        title_en="Mathematics, on paper",
        selected=[Selected(bank[name]) for name in (*OLDER, *NEWER)],
        now=NOW,
    )

"""How do standards and items get from their sources into the bank?"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from exams.errors import ExamsError
from exams.item_source import CompiledItem
from exams.models import Domain, Item, ItemText, ItemVersion, Standard
from exams.prerequisites import prerequisite_faults, prerequisites_of


class ImportRefused(ExamsError):
    """Nothing was written; the message names the item and the remedy."""


@transaction.atomic
def import_standards(*, path: Path) -> int:
    """Domains and standards of one subject from a TOML file; how many standards.

    Later runs mend titles and prerequisites, no standard is removed. Raises ImportRefused, with every fault,
    for prerequisites that do not exist, are of a higher level or go round in a circle.
    """
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    if faults := list(prerequisite_faults(data["standards"])):
        raise ImportRefused(
            "; ".join(f"{path.name} {place}: {message} ({remedy})" for place, message, remedy in faults)
        )
    domains = [
        Domain(
            code=row["code"],
            subject=data["subject"],
            number=int(row["code"].split(".")[1]),
            title_sr=row["sr"],
            title_en=row["en"],
        )
        for row in data["domains"]
    ]
    _upsert(Domain, domains)
    keys = dict(Domain.objects.values_list("code", "pk"))
    _upsert(Standard, [_standard(row, keys) for row in data["standards"]])
    _set_prerequisites(data["standards"])
    return len(data["standards"])


def _set_prerequisites(rows: list[dict[str, Any]]) -> None:
    """Exactly those of the file, for the standards of the file."""
    through = Standard.prerequisites.through
    keys = dict(Standard.objects.filter(code__in=[row["code"] for row in rows]).values_list("code", "pk"))
    wanted = {
        (keys[code], keys[before]) for code, named in prerequisites_of(rows).items() for before in named
    }
    own = through.objects.filter(from_standard__in=keys.values())
    there = {(row.from_standard_id, row.to_standard_id): row.pk for row in own}
    through.objects.filter(pk__in=[pk for pair, pk in there.items() if pair not in wanted]).delete()
    through.objects.bulk_create(
        through(from_standard_id=code, to_standard_id=before)
        for code, before in sorted(wanted - there.keys())
    )


def _standard(row: dict[str, Any], domain_keys: dict[str, int]) -> Standard:
    prefix, level, domain, number = row["code"].split(".")
    return Standard(
        code=row["code"],
        domain_id=domain_keys[f"{prefix}.{domain}"],
        standard_level=int(level),
        number=int(number),
        title_sr=row["sr"],
        title_en=row["en"],
    )


def _upsert(model: type[Domain] | type[Standard], rows: list[Any]) -> None:
    """One statement for all: a framework has some seventy standards."""
    fields = [field.name for field in model._meta.concrete_fields if field.name not in ("id", "code")]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)


@transaction.atomic
def import_items(*, items: Iterable[CompiledItem], subject: str) -> int:
    """Write each compiled item as an ItemVersion; how many were new. Idempotent.

    An item's security follows its source at every import: it belongs to the item, not to what was seen.
    Raises ImportRefused when a version that exists already has other content: a correction needs a new
    version number, because sittings refer to what was seen.
    """
    standards = {standard.code: standard for standard in Standard.objects.all()}
    created = 0
    for compiled in items:
        created += _import_item(compiled, subject, standards)
    return created


def _import_item(compiled: CompiledItem, subject: str, standards: dict[str, Standard]) -> bool:
    if compiled.standard not in standards:
        raise ImportRefused(
            f"{compiled.ref}: standard {compiled.standard} is not in the framework; add it first"
        )
    frozen = json.dumps([compiled.key, compiled.texts], ensure_ascii=False, sort_keys=True)
    content_hash = hashlib.sha256(frozen.encode("utf-8")).hexdigest()
    item, _ = Item.objects.update_or_create(
        identifier=compiled.identifier,
        defaults={"subject": subject, "security": compiled.security, "family": compiled.family},
    )
    existing = ItemVersion.objects.filter(ref=compiled.ref).first()
    if existing is not None:
        if existing.content_hash != content_hash:
            raise ImportRefused(
                f"{compiled.ref} or its stimulus has changed since it was imported; raise the version number "
                "in the source of the item, and of every item of a stimulus that changed"
            )
        return False
    version = ItemVersion.objects.create(
        item=item,
        number=compiled.version,
        ref=compiled.ref,
        standard=standards[compiled.standard],
        interaction=compiled.interaction,
        key=compiled.key,
        content_hash=content_hash,
    )
    ItemText.objects.bulk_create(
        ItemText(version=version, language=language, content=text["content"], solution=text["solution"])
        for language, text in compiled.texts.items()
    )
    return True

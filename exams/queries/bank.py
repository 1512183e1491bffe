"""What does the bank hold, and which of it is an author looking for?

Only newest versions are listed and counted; older ones stay reachable through the item. For item authors
only: whoever calls this has been through `accounts.queries.people.signed_in_author`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.db.models.fields.json import KeyTextTransform

from accounts.errors import AccessDenied
from accounts.transliteration import fold_script, to_latin, without_diacritics
from exams.bank_coverage import LEVELS
from exams.enums import FormPurpose, Security
from exams.item_families import MOST_BUILT
from exams.markup import Language, to_plain
from exams.models import Domain, Form, FormItem, ItemText, ItemVersion, Standard


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an author asks for; "" and None mean all. `standard`: a code's beginning, in either script."""

    subject: str = ""
    domain: str = ""
    level: int | None = None
    interaction: str = ""
    security: str = ""
    standard: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class BankRow:
    """An item of its own, or a family with those of its variants that were found."""

    name: str
    versions: tuple[ItemVersion, ...]
    is_family: bool

    @property
    def first(self) -> ItemVersion:
        return self.versions[0]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One domain: numbers of practice and trial items by level, and how many standards practice covers."""

    domain: Domain
    levels: tuple[tuple[int, int, int], ...]
    n_standards: int
    n_covered: int

    @property
    def practice(self) -> int:
        return sum(practice for _, practice, _ in self.levels)

    @property
    def trial(self) -> int:
        return sum(trial for _, _, trial in self.levels)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a version stands: trial forms with its place, and how many practice sets had it."""

    trials: tuple[FormItem, ...]
    n_practice: int


def newest_versions() -> QuerySet[ItemVersion]:
    later = ItemVersion.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
    return (
        ItemVersion.objects.filter(~Exists(later))
        .select_related("item", "standard__domain")
        .order_by("item__identifier")
    )


def bank_rows(wanted: Wanted) -> list[BankRow]:
    """Items that fit, by identifier, variants folded into the row of their family. At most two queries."""
    asked = {
        "item__subject": wanted.subject,
        "standard__domain__code": wanted.domain,
        "standard__standard_level": wanted.level,
        "interaction": wanted.interaction,
        "item__security": wanted.security,
        "standard__code__startswith": to_latin(wanted.standard.strip()).upper(),
    }
    versions = newest_versions().filter(**{name: value for name, value in asked.items() if value})
    found = list(versions.defer("key"))
    if words := _searched(wanted.words).split():
        texts = _searchable(found)
        found = [version for version in found if all(word in texts[version.pk] for word in words)]
    return _folded(found)


def _folded(versions: Sequence[ItemVersion]) -> list[BankRow]:
    rows: dict[str, list[ItemVersion]] = defaultdict(list)
    for version in versions:
        rows[version.item.family or version.item.identifier].append(version)
    return [BankRow(name, tuple(own), bool(own[0].item.family)) for name, own in rows.items()]


def _searchable(versions: Sequence[ItemVersion]) -> dict[int, str]:
    """Everything a pupil reads in every language, the names and the standard, as compared, by version."""
    found = {
        version.pk: f"{version.item.identifier} {version.item.family} {_searched(version.standard.code)}"
        for version in versions
    }
    texts = ItemText.objects.filter(version__in=versions).order_by().values_list("version", "content")
    for version, content in texts:
        found[version] += " " + _searched(" ".join(to_plain(html) for html in _read(content)))
    return found


def _searched(text: str) -> str:
    """Either script, any case, with or without the marks on letters."""
    return without_diacritics(fold_script(text))


def _read(content: Any) -> Iterator[str]:
    """Every text within the content of an item, however deep."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping | list):
        for part in content.values() if isinstance(content, Mapping) else content:
            yield from _read(part)


def stems_of(versions: Collection[int], language: Language) -> dict[int, str]:
    """What is asked, without figures, as HTML by version; `versions` are primary keys."""
    return {
        version: stem.partition("<figure")[0] for version, stem in _stems(list(versions), language=language)
    }


def _stems(versions: QuerySet[ItemVersion] | list[int], **only: Any) -> QuerySet[ItemText, tuple[int, str]]:
    return (
        ItemText.objects.filter(version__in=versions, **only)
        .annotate(stem=KeyTextTransform("stem", "content"))
        .order_by()
        .values_list("version", "stem")
    )


def get_version(ref: str) -> ItemVersion:
    """One item version with its texts. Raises AccessDenied when there is none."""
    found = (
        ItemVersion.objects.filter(ref=ref)
        .select_related("item", "standard__domain")
        .prefetch_related("texts")
        .first()
    )
    if found is None:
        raise AccessDenied
    return found


def versions_of(version: ItemVersion) -> list[ItemVersion]:
    """Every version of the same item, newest first."""
    return list(ItemVersion.objects.filter(item=version.item).order_by("-number"))


def variants_of(version: ItemVersion) -> list[ItemVersion]:
    """The family's variants, this one among them; empty for an item of its own."""
    family = version.item.family
    return list(newest_versions().filter(item__family=family)) if family else []


def standing_of(version: ItemVersion) -> Standing:
    rows = FormItem.objects.filter(version=version)
    trials = rows.filter(form__purpose=FormPurpose.TRIAL).select_related("form").order_by("form__identifier")
    return Standing(tuple(trials), rows.filter(form__purpose=FormPurpose.PRACTICE).count())


def trial_forms() -> list[Form]:
    """Published trial forms by subject, `n_items` of each."""
    forms = Form.objects.filter(purpose=FormPurpose.TRIAL, published_at__isnull=False)
    return list(forms.annotate(n_items=Count("form_items")).order_by("subject", "identifier"))


def get_form_to_print(public_id: UUID) -> tuple[Form, list[ItemVersion]]:
    """A published trial form and its versions in order. Raises AccessDenied; practice sets are pupils'."""
    form = Form.objects.filter(
        public_id=public_id, purpose=FormPurpose.TRIAL, published_at__isnull=False
    ).first()
    if form is None:
        raise AccessDenied
    rows = (
        FormItem.objects.filter(form=form)
        .select_related("version__item")
        .prefetch_related(Prefetch("version__texts"))
        .order_by("position")
    )
    return form, [row.version for row in rows]


def domains() -> list[Domain]:
    """Every domain, subject by subject."""
    return list(Domain.objects.order_by("subject", "number"))


def coverage() -> list[CoverageRow]:
    """A row for each domain in the order of subjects, empty ones too; retired items do not count."""
    counted = _counted()
    standards = dict(Standard.objects.order_by().values_list("domain").annotate(Count("pk")))
    covered = dict(
        newest_versions()
        .filter(item__security=Security.RELEASED)
        .order_by()
        .values_list("standard__domain")
        .annotate(Count("standard", distinct=True))
    )
    return [
        CoverageRow(
            domain,
            tuple(
                (
                    level,
                    counted[domain.pk, level, Security.RELEASED],
                    counted[domain.pk, level, Security.TRIAL],
                )
                for level in LEVELS
            ),
            standards.get(domain.pk, 0),
            covered.get(domain.pk, 0),
        )
        for domain in domains()
    ]


def _counted() -> dict[tuple[int, int, str], int]:
    """Items by domain, level and security, of each family no more variants than count."""
    found: dict[tuple[int, int, str], int] = defaultdict(int)
    rows = (
        newest_versions()
        .order_by()
        .values_list("standard__domain", "standard__standard_level", "item__security", "item__family")
        .annotate(Count("pk"))
    )
    for domain, level, security, family, n in rows:
        found[domain, level, security] += min(n, MOST_BUILT) if family else n
    return found

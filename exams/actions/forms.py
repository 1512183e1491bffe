"""How does a selection of items become a frozen form with its papers?"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import brotli
from django.db import transaction

from exams.delivery.hints import first_steps
from exams.delivery.paper import FormContent, PaperItem, build_paper
from exams.enums import FormPurpose, InteractionType, Language, Security
from exams.errors import FormNotPublishable
from exams.models import Form, FormItem, ItemVersion, Paper

_known_hints: dict[tuple[str, str], dict[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Selected:
    """An item version in its place; `selection` is kept with it for ever (why a practice item was chosen)."""

    version: ItemVersion
    is_anchor: bool = False
    selection: dict[str, Any] | None = None


@transaction.atomic
def publish_form(
    *,
    identifier: str,
    subject: str,
    purpose: FormPurpose,
    title_sr: str,
    title_en: str,
    selected: Sequence[Selected],
    now: datetime,
    selection: dict[str, Any] | None = None,
    pocket: bool = False,
    practice: Mapping[str, Any] | None = None,
) -> Form:
    """Freeze the selection, number it, and compile one paper per language.

    Of practice: `selection` and `pocket` are kept with the form (see the model); `practice` travels with its
    papers as it is. Raises FormNotPublishable with every reason at once: no items, an item twice, a language
    missing, a retired item, or in practice an item whose key may not travel or whose points wait for someone.
    """
    reasons = _faults(purpose, selected)
    if reasons:
        raise FormNotPublishable(identifier, reasons)
    form = Form.objects.create(
        identifier=identifier,
        subject=subject,
        purpose=purpose,
        title_sr=title_sr,
        title_en=title_en,
        selection=selection,
        pocket=pocket,
    )
    FormItem.objects.bulk_create(
        FormItem(
            form=form,
            position=position,
            version=chosen.version,
            is_anchor=chosen.is_anchor,
            selection=chosen.selection,
        )
        for position, chosen in enumerate(selected, start=1)
    )
    is_practice = purpose == FormPurpose.PRACTICE
    hints = {chosen.version.ref: _hints(chosen.version) for chosen in selected} if is_practice else {}
    papers = [_compile(form, language, selected, hints, practice) for language in Language]
    Paper.objects.bulk_create(papers)
    form.content_hash = hashlib.sha256("".join(paper.sha256 for paper in papers).encode()).hexdigest()
    form.published_at = now
    form.save(update_fields=["content_hash", "published_at"])
    return form


def _faults(purpose: FormPurpose, selected: Sequence[Selected]) -> list[str]:
    reasons: list[str] = []
    if not selected:
        reasons.append("it has no items")
    refs = [chosen.version.ref for chosen in selected]
    reasons += [f"{ref} is in it twice" for ref in sorted({ref for ref in refs if refs.count(ref) > 1})]
    for chosen in selected:
        version = chosen.version
        languages = {text.language for text in version.texts.all()}
        reasons += [
            f"{version.ref} has no {language} text" for language in Language if language not in languages
        ]
        if version.item.security == Security.RETIRED:
            reasons.append(f"{version.ref} is retired")
        if purpose == FormPurpose.PRACTICE and version.item.security != Security.RELEASED:
            reasons.append(f"{version.ref} is not released, so its key may not travel with a practice form")
        if purpose == FormPurpose.PRACTICE and version.interaction == InteractionType.EXTENDED_TEXT:
            reasons.append(f"{version.ref} is marked by people, and practice tells the pupil at once")
    return reasons


def _hints(version: ItemVersion) -> dict[str, str]:
    """By language. Worked out once: a version never changes, and the same items go into many sets."""
    name = (version.ref, version.content_hash)
    if name not in _known_hints:
        texts = {text.language: (text.content, text.solution) for text in version.texts.all()}
        _known_hints[name] = first_steps(version.key, texts)
    return _known_hints[name]


def _compile(
    form: Form,
    language: Language,
    selected: Sequence[Selected],
    hints: Mapping[str, Mapping[str, str]],
    practice: Mapping[str, Any] | None,
) -> Paper:
    content = FormContent(
        form=str(form.public_id),
        language=language,
        purpose=form.purpose,
        title=form.title_sr if language == Language.SERBIAN else form.title_en,
        items=[
            _paper_item(chosen, language, hints.get(chosen.version.ref, {}).get(language, ""))
            for chosen in selected
        ],
        practice=practice,
    )
    document = build_paper(content)
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return Paper(
        form=form,
        language=language,
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
        body_br=brotli.compress(body, quality=9 if form.purpose == FormPurpose.PRACTICE else 11),
        body_gzip=gzip.compress(body, mtime=0),
    )


def _paper_item(chosen: Selected, language: Language, hint: str) -> PaperItem:
    version = chosen.version
    text = next(text for text in version.texts.all() if text.language == language)
    standard, domain = version.standard, version.standard.domain
    in_serbian = language == Language.SERBIAN
    return PaperItem(
        ref=version.ref,
        interaction=version.interaction,
        max_half_points=max(version.key["half_points"]),
        content=text.content,
        released=version.item.security == Security.RELEASED,
        key=version.key,
        solution=text.solution,
        selection=chosen.selection,
        domain_code=domain.code,
        domain_title=domain.title_sr if in_serbian else domain.title_en,
        standard_code=standard.code,
        standard_title=standard.title_sr if in_serbian else standard.title_en,
        family=version.item.family,
        hint=hint,
    )

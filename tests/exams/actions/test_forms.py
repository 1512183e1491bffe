"""A published form is frozen, complete in both languages, and never lets a key travel that may not."""

from __future__ import annotations

import gzip
import hashlib
import json

import brotli
import pytest

from exams.actions.forms import Selected
from exams.enums import FormPurpose
from exams.errors import FormNotPublishable
from exams.models import Form, Item, ItemText, Paper
from tests.factories.accounts import NOW
from tests.factories.exams import RELEASED_ITEMS, TRIAL_ITEMS, make_form, make_versions
from tests.factories.marking import make_written_version

pytestmark = pytest.mark.django_db


def test_form_keeps_order_anchors_and_reasons() -> None:
    first, second = make_versions(["ma-106", "ma-102"])
    form = make_form(
        selected=[Selected(first, is_anchor=True), Selected(second, selection={"reason": "why"})]
    )
    rows = form.form_items.order_by("position")
    assert [(row.position, row.version, row.is_anchor, row.selection) for row in rows] == [
        (1, first, True, None),
        (2, second, False, {"reason": "why"}),
    ]
    assert form.published_at == NOW


def test_paper_of_each_language_is_named_by_its_hash() -> None:
    form = make_form()
    papers = {paper.language: paper for paper in form.papers.all()}
    assert set(papers) == {"sr", "en"}
    for language, paper in papers.items():
        body = bytes(paper.body)
        assert paper.sha256 == hashlib.sha256(body).hexdigest()
        assert brotli.decompress(bytes(paper.body_br)) == gzip.decompress(bytes(paper.body_gzip)) == body
        document = json.loads(body)
        assert (document["language"], document["form"]) == (language, str(form.public_id))
        assert document["title"] == {"sr": "Математика, форма", "en": "Mathematics, form"}[language]
        assert [item["ref"] for item in document["items"]] == [f"{name}.1" for name in TRIAL_ITEMS]
    hashes = "".join(papers[language].sha256 for language in ("sr", "en"))
    assert form.content_hash == hashlib.sha256(hashes.encode()).hexdigest()


def test_practice_paper_says_domain_and_reason_in_its_language() -> None:
    (version,) = make_versions(RELEASED_ITEMS[:1])
    chosen = Selected(version, selection={"reason": "weak_domain", "probability": 0.5})
    form = make_form(purpose=FormPurpose.PRACTICE, selected=[chosen])
    for paper in form.papers.all():
        (item,) = json.loads(bytes(paper.body))["items"]
        domain = version.standard.domain
        assert item["why"] == {
            "reason": "weak_domain",
            "probability": 0.5,
            "domain": {
                "code": domain.code,
                "title": {"sr": domain.title_sr, "en": domain.title_en}[paper.language],
            },
        }
        assert item["solution"]["key"] == version.key


def test_every_reason_is_said_at_once_and_nothing_is_written() -> None:
    versions = make_versions(["ma-102", "ma-106", "ma-112"])
    ItemText.objects.filter(version=versions[0], language="en").delete()
    Item.objects.filter(identifier="ma-106").update(security="retired")
    versions = make_versions(["ma-102", "ma-106", "ma-112"])
    Item.objects.filter(identifier="ma-106").update(security="retired")
    for version in versions:
        version.item.refresh_from_db()
    with pytest.raises(FormNotPublishable) as refused:
        make_form(
            identifier="broken",
            purpose=FormPurpose.PRACTICE,
            selected=[Selected(version) for version in [*versions, versions[2]]],
        )
    assert str(refused.value).startswith("form broken: ma-112.1 is in it twice; ")
    assert sorted(refused.value.reasons) == sorted(
        [
            "ma-112.1 is in it twice",
            "ma-102.1 has no en text",
            "ma-102.1 is not released, so its key may not travel with a practice form",
            "ma-106.1 is retired",
            "ma-106.1 is not released, so its key may not travel with a practice form",
            "ma-112.1 is not released, so its key may not travel with a practice form",
            "ma-112.1 is not released, so its key may not travel with a practice form",
        ]
    )
    assert not Form.objects.exists() and not Paper.objects.exists()


def test_form_needs_items() -> None:
    with pytest.raises(FormNotPublishable, match="it has no items"):
        make_form(selected=[])


def test_what_people_mark_is_no_practice() -> None:
    written = make_written_version()
    written.item.security = "released"
    with pytest.raises(FormNotPublishable) as refused:
        make_form(purpose=FormPurpose.PRACTICE, selected=[Selected(written)])
    assert refused.value.reasons == [
        "ma-190.1 is marked by people, and practice tells the pupil at once",
    ]
    assert make_form(selected=[Selected(make_written_version())]).versions.get() == written


def test_a_practice_form_keeps_how_it_came_about_and_its_papers_carry_model_and_hints() -> None:
    versions = make_versions(["ma-541", "ma-503"])
    model = {"kind": "quick", "size": 1, "mode": "pocket", "model": {"items": {}}}
    selection = {"kind": "quick", "policy": "gain-2"}
    form = make_form(
        purpose=FormPurpose.PRACTICE,
        selected=[Selected(version, selection={"role": "pool"}) for version in versions],
        selection=selection,
        pocket=True,
        practice=model,
    )
    form.refresh_from_db()
    assert (form.selection, form.pocket) == (selection, True)
    hints = {}
    for paper in form.papers.all():
        document = json.loads(bytes(paper.body))
        assert document["practice"] == model
        with_hint, without = document["items"]
        assert [with_hint["role"], without["role"]] == ["pool", "pool"]
        assert "hint" not in without["solution"]
        hints[paper.language] = with_hint["solution"]["hint"]
        assert with_hint["standard"]["code"] == versions[0].standard.code
    assert hints["en"] == "<p>The roof is made of 4 equal triangles.</p>"
    assert hints["sr"] == "<p>Кров чине 4 једнака троугла.</p>"

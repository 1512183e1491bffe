"""Does the result page show ticks, words, places and written text, in each language and script, safely?"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import ClassGroup, Person
from exams.actions.forms import Selected, publish_form
from exams.actions.items import import_items, import_standards
from exams.enums import FormPurpose
from exams.models import Form, ItemVersion, Sitting
from scoring.actions.score import score_sittings
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher
from tests.factories.clients import client_of
from tests.factories.exams import make_administration
from tests.factories.journal import sit
from tests.factories.newer_items import PLACES, SEVERAL, WORDS, WRITTEN, newer

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {
    f"{SEVERAL}.1": ["a", "b"],
    f"{WORDS}.1": ["6", "9"],
    f"{PLACES}.1": ["b", "d"],
    f"{WRITTEN}.1": "Прво <b>48 - 12 = 36</b>.\n\nОнда 36 : 3 = 12.\nMila je zamislila 12.",
}


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def form() -> Form:
    import_standards(path=settings.FIXTURES_DIR / "standards" / "mathematics.toml")
    identifiers = [SEVERAL, WORDS, PLACES, WRITTEN]
    import_items(items=[newer(one) for one in identifiers], subject="mathematics")
    versions = ItemVersion.objects.select_related("item", "standard__domain").prefetch_related("texts")
    return publish_form(
        identifier="newer",
        subject="mathematics",
        purpose=FormPurpose.TRIAL,
        title_sr="Новије врсте",
        title_en="Newer kinds",
        selected=[Selected(version) for version in versions.order_by("ref")],
        now=NOW,
    )


def sat_by(group: ClassGroup, form: Form, *all_values: dict[str, Any]) -> list[Sitting]:
    pupils = [make_pupil(group) for _ in all_values]
    administration = make_administration([group], form=form)
    sittings = [administration.sittings.get(candidate=pupil) for pupil in pupils]
    done = [sit(sitting, values) for sitting, values in zip(sittings, all_values, strict=True)]
    score_sittings(now=NOW)
    return done


def page(reader: Person, sitting: Sitting, language: str) -> str:
    client = client_of(reader)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client.get(reverse("result", args=[sitting.public_id])).content.decode()


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_each_tick_is_named_and_drawn(group: ClassGroup, form: Form) -> None:
    (sitting,) = sat_by(group, form, GIVEN)
    html = page(sitting.candidate, sitting, "en")
    text = words(html)
    for said in (
        "They rode furthest on Thursday. Marked, right",
        "Wednesday was the warmest day. Marked, not right",
        "kilometres together. Right, but not marked",
        "on Thursday (Right, but not marked)",
        "seven hours (Marked, not right)",
        "thirty-one degrees (Marked, right)",
        "place 2 Marked, right",
        "Cycling across Serbia",
        "It was 29 °C on Wednesday and 31 °C on Tuesday.",
    ):
        assert said in text, said
    assert html.count('class="option is-right"') == 3
    assert html.count('class="option is-missed"') == 1
    assert html.count('class="word is-wrong"') == 1
    assert html.count('class="word is-missed"') == 1
    assert "data-word" not in html


def test_what_was_written_keeps_its_letters_and_paragraphs(group: ClassGroup, form: Form) -> None:
    (sitting,) = sat_by(group, form, GIVEN)
    for language in ("sr", "sr-latn", "en"):
        html = page(sitting.candidate, sitting, language)
        written = html[html.index('class="written__text"') :]
        written = written[: written.index("</div>")]
        assert 'translate="no"' in written
        assert "<p>Прво &lt;b&gt;48 - 12 = 36&lt;/b&gt;.</p>" in written
        assert "<p>Онда 36 : 3 = 12.<br>Mila je zamislila 12.</p>" in written


def test_everything_else_follows_the_readers_script(group: ClassGroup, form: Form) -> None:
    (sitting,) = sat_by(group, form, GIVEN)
    cyrillic, latin = (page(sitting.candidate, sitting, language) for language in ("sr", "sr-latn"))
    assert "тридесет један степен" in words(cyrillic)
    assert "trideset jedan stepen" in words(latin)
    assert "Biciklom kroz Srbiju" in words(latin)
    assert re.search("[Ѐ-ӿ]", re.sub(r'(?s)<div class="written__text".*?</div>', "", _items(latin))) is None


def _items(html: str) -> str:
    """The items, without what offers other languages in their own letters."""
    return html[html.index('class="item"') : html.rindex("</details>")]


def test_nothing_given_and_nothing_readable(group: ClassGroup, form: Form) -> None:
    nothing, strange = sat_by(group, form, {}, {ref: {"a": "<script>"} for ref in GIVEN})
    assert "Nothing was written." in words(page(nothing.candidate, nothing, "en"))
    html = page(strange.candidate, strange, "en")
    assert words(html).count("What arrived is no response to this item.") == 4
    assert "<script>&" not in html


def test_a_teacher_sees_which_wrong_ticks_are_common(group: ClassGroup, form: Form) -> None:
    other = {**GIVEN, f"{SEVERAL}.1": ["b"], f"{WORDS}.1": ["3", "6"], f"{PLACES}.1": ["a"]}
    sat_by(group, form, GIVEN, other)
    client = client_of(make_teacher(group))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = words(client.get(reverse("class_report", args=[group.public_id])).content.decode())
    assert "2 pupils put: Wednesday was the warmest day." in text
    assert "2 pupils put: seven hours" in text
    assert text.count("No two pupils put the same wrong response.") == 1
    assert text.count("Right:") == 3
    assert "Right: on Thursday; thirty-one degrees" in text
    assert text.count("Cycling across Serbia") == 2

"""Does an author see all there is to an item, framed as on a phone, and nobody else any of it?"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEntry, Person
from exams.models import Item, ItemVersion
from exams.views.bank_item import points_in_words
from tests.factories.accounts import make_class, make_member, make_school, make_teacher
from tests.factories.bank import FAMILY, NEWER, OLDER, make_author, make_bank, make_printed_form
from tests.factories.clients import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> dict[str, ItemVersion]:
    return make_bank()


@pytest.fixture
def author() -> Person:
    return make_author()


@pytest.fixture
def client(author: Person) -> Client:
    return client_of(author)


def words(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def item_of(response: HttpResponse) -> dict[str, Any]:
    found = re.search(r'<script id="item" type="application/json">(.*?)</script>', response.content.decode())
    assert found is not None
    item: dict[str, Any] = json.loads(found.group(1))
    return item


def test_everything_about_an_item(client: Client, bank: dict[str, ItemVersion]) -> None:
    form = make_printed_form(bank)
    page = client.get("/bank/items/ma-106.1/")
    shown = words(page)
    assert "1 T" in shown
    assert "4 right: 1 point" in shown
    assert "MA.1.3.1" in shown
    assert "Mistakes, and what is behind them" in shown
    assert "How to solve it" in shown
    assert "Item 2 · Mathematics, on paper" in shown
    assert f'href="/bank/forms/{form.public_id}/print/#item-2"' in page.content.decode()


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize("name", [*OLDER, *NEWER, "ma-501", "ma-502", f"{FAMILY}-1"])
@pytest.mark.parametrize("language", ["sr", "sr-latn", "en"])
def test_every_interaction_in_every_language(client: Client, name: str, language: str) -> None:
    page = client.get(f"/bank/items/{name}.1/?language={language}")
    assert page.status_code == 200
    facts = page.content.decode().partition('class="bank-item__facts"')[2].partition("About this item")[0]
    cyrillic = re.search(r"[а-ш]", facts)
    assert bool(cyrillic) == (language == "sr")
    phone = client.get(f"/bank/items/{name}.1/phone/?language={language}")
    assert f'data-preview="{language}"' in phone.content.decode()


@pytest.mark.usefixtures("bank")
def test_what_people_mark_comes_with_its_rubric(client: Client) -> None:
    shown = words(client.get("/bank/items/ma-994.1/"))
    assert "A model solution" in shown
    assert "1 point half a point no points" in shown


@pytest.mark.usefixtures("bank")
def test_switches_lead_to_the_same_item_seen_otherwise(client: Client) -> None:
    page = client.get(
        "/bank/items/ma-106.1/?language=sr&theme=dark&width=320&role=candidate"
    ).content.decode()
    assert 'src="/bank/items/ma-106.1/phone/?language=sr&amp;theme=dark&amp;role=candidate"' in page
    assert "phone-frame--320" in page
    assert len(re.findall(r'<a href="[^"]*" aria-current="true">', page)) == 4
    light = 'href="?language=sr&amp;theme=light&amp;role=candidate&amp;width=320#phone"'
    assert light in page
    odd = client.get("/bank/items/ma-106.1/?language=de&theme=pink&width=9&role=root").content.decode()
    assert 'src="/bank/items/ma-106.1/phone/?language=en&amp;theme=light&amp;role=author"' in odd
    assert "phone-frame--360" in odd


@pytest.mark.usefixtures("bank")
def test_the_phone_gets_what_a_paper_has_and_the_key_only_for_authors(client: Client) -> None:
    seen = client.get("/bank/items/ma-992.1/phone/?role=author&language=sr&theme=dark")
    item = item_of(seen)
    assert item["content"]["stimulus"]["title"] == "Бициклом кроз Србију"
    assert item["solution"]["key"]["correct"] == ["3", "9"]
    assert '<html lang="sr-Cyrl" data-theme="dark">' in seen.content.decode()
    assert "data-preview-check" in seen.content.decode()
    as_pupil = client.get("/bank/items/ma-992.1/phone/?role=candidate")
    assert "solution" not in item_of(as_pupil)
    assert "data-preview-check" not in as_pupil.content.decode()


@pytest.mark.usefixtures("bank")
def test_only_the_phone_may_be_framed_and_only_by_this_site(client: Client) -> None:
    page, phone = client.get("/bank/items/ma-106.1/"), client.get("/bank/items/ma-106.1/phone/")
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert phone["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in phone["Content-Security-Policy"]
    assert "'none' 'self'" not in phone["Content-Security-Policy"]
    for address in ("/bank/", "/bank/coverage/", "/"):
        response = client.get(address)
        assert response["X-Frame-Options"] == "DENY"
        assert "frame-src" not in response["Content-Security-Policy"]


@pytest.mark.usefixtures("bank")
def test_every_look_at_what_is_secret_stays_on_record(client: Client, author: Person) -> None:
    for address in ("/bank/items/ma-106.1/", "/bank/items/ma-106.1/phone/", "/bank/items/ma-501.1/"):
        client.get(address)
    client.get("/bank/items/ma-501.1/phone/")
    entries = list(AuditEntry.objects.order_by("pk").values_list("actor", "action", "place", "detail"))
    assert entries == [
        (author.pk, "view_item", "/bank/items/ma-106.1/", {"item": "ma-106.1"}),
        (author.pk, "view_item", "/bank/items/ma-106.1/phone/", {"item": "ma-106.1"}),
    ]
    Item.objects.filter(identifier="ma-501").update(security="retired")
    client.get("/bank/items/ma-501.1/")
    assert AuditEntry.objects.count() == 3


def test_nobody_else_sees_an_item(bank: dict[str, ItemVersion]) -> None:
    form = make_printed_form(bank)
    school = make_school()
    others = [
        make_teacher(make_class(school=school)),
        make_member(school, Role.INVIGILATOR),
        make_member(school, Role.AUTHOR),  # of a school: items are the ministry's
    ]
    addresses = (
        "/bank/",
        "/bank/coverage/",
        "/bank/items/ma-106.1/",
        "/bank/items/ma-501.1/phone/",
        f"/bank/forms/{form.public_id}/print/",
    )
    for person in others:
        client = client_of(person)
        assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert not AuditEntry.objects.exists()


@pytest.mark.usefixtures("bank")
def test_a_family_and_its_variants(client: Client) -> None:
    page = client.get(f"/bank/items/{FAMILY}-2.1/").content.decode()
    assert f"<b>{FAMILY}-2</b>" in page
    assert f'href="/bank/items/{FAMILY}-5.1/"' in page
    assert client.get("/bank/items/nothing.1/").status_code == 404


@pytest.mark.parametrize(
    ("table", "interaction", "expected"),
    [
        ([0, 2], "choice", ["1 right: 1 point"]),
        ([0, 0, 1, 2], "cloze", ["3 right: 1 point", "2 right: half a point"]),
        ([0, 1, 1, 2], "match", ["3 right: 1 point", "1–2 right: half a point"]),
        ([0, 2, 4], "order", ["2 right: 2 points", "1 right: 1 point"]),
        ([0, 1, 2], "extended_text", ["1 point", "half a point", "no points"]),
    ],
)
def test_points_in_words(table: list[int], interaction: str, expected: list[str]) -> None:
    assert points_in_words({"half_points": table, "interaction": interaction}) == expected

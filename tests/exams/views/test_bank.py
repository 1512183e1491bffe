"""Does an author find items, page by page, and is it written down who read what is secret?"""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import AuditEntry, Person
from exams.bank_coverage import LEVELS
from exams.models import Item, ItemVersion
from exams.views import bank as views
from tests.factories.bank import FAMILY, NEWER, OLDER, make_author, make_bank
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


def listed(response: HttpResponse) -> list[str]:
    """Identifiers that the page links to."""
    return re.findall(r'href="/bank/items/([\w-]+)\.\d+/"', response.content.decode())


def test_an_empty_bank_says_so(client: Client) -> None:
    assert "No item fits" in words(client.get("/bank/"))
    assert "The bank is empty" in words(client.get("/bank/coverage/"))


@pytest.mark.usefixtures("bank")
def test_all_items_with_counts(client: Client) -> None:
    response = client.get("/bank/")
    assert "17 items: trial 10, released 7." in words(response)
    variants = [f"{FAMILY}-{n}" for n in range(1, 6)]
    assert listed(response) == sorted([*OLDER, "ma-501", "ma-502", *variants, *NEWER])
    assert "Tap the shapes that have exactly four right angles." in words(response)


@pytest.mark.usefixtures("bank")
def test_filters_and_words_together(client: Client) -> None:
    response = client.get("/bank/?q=prava+ugla&interaction=hotspot&level=1&standard=MA.1.3&security=trial")
    assert listed(response) == ["ma-993"]
    assert "1 item: trial 1." in words(response)
    assert "<details" in response.content.decode()
    assert re.search(r'<option value="hotspot" selected>', response.content.decode())
    assert "No item fits" in words(client.get("/bank/?q=nothing"))


@pytest.mark.usefixtures("bank")
def test_what_nobody_can_ask_for(client: Client) -> None:
    response = client.get("/bank/?interaction=essay")
    assert response.status_code == 422
    assert "Something needs your attention" in words(response)


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(
    ("language", "stem"),
    [("sr", "Додирни фигуре које"), ("sr-latn", "Dodirni figure koje"), ("en", "Tap the")],
)
def test_the_list_follows_the_language(author: Person, language: str, stem: str) -> None:
    assert stem in words(client_of(author, language).get("/bank/?q=ma-993"))


@pytest.mark.usefixtures("bank")
def test_page_by_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE_ROWS", 4)
    first = client.get("/bank/?security=trial")
    assert len(listed(first)) == 4
    assert 'href="?security=trial&amp;page=2"' in first.content.decode()
    every = [name for page in (1, 2, 3) for name in listed(client.get(f"/bank/?security=trial&page={page}"))]
    assert every == sorted([*OLDER, *NEWER])
    assert listed(client.get("/bank/?security=trial&page=99")) == every[8:]


@pytest.mark.usefixtures("bank")
def test_reading_secret_stems_stays_on_record(client: Client, author: Person) -> None:
    client.get("/bank/?q=ma-10")
    client.get("/bank/?security=released")
    (entry,) = AuditEntry.objects.all()
    assert (entry.actor, entry.action, entry.place, entry.detail) == (
        author, "list_items", "/bank/", {"items": ["ma-102.1", "ma-106.1"]},
    )  # fmt: skip


@pytest.mark.usefixtures("bank")
def test_coverage(client: Client) -> None:
    Item.objects.filter(identifier="ma-991").update(security="retired")
    response = client.get("/bank/coverage/")
    page = words(response)
    assert "7 items for practice and 9 in trials" in page
    assert "Mathematics" in page
    assert 'href="/bank/?domain=MA.5&amp;level=1">0 + 1</a>' in response.content.decode()
    row = re.search(r"MA\.5 (.*?) 0 of \d+", page)
    assert row is not None
    assert row.group(1).count("none") == len(LEVELS) - 1
    assert not AuditEntry.objects.exists()

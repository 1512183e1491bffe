"""Does the site say plainly what went wrong: a form out of date, an address that is nowhere, no network?"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Person
from tests.factories.accounts import make_class, make_pupil, make_teacher
from tests.factories.clients import client_of

pytestmark = pytest.mark.django_db
SIGN_IN = {"pupil": "/sign-in/", "staff": "/staff/login/"}
OUT_OF_DATE = "It was open too long, or somebody signed in meanwhile in another window of this browser."


def words(html: bytes | str) -> str:
    text = html.decode() if isinstance(html, bytes) else html
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def strict(client: Client) -> Client:
    client.handler.enforce_csrf_checks = True
    return client


@pytest.fixture
def people() -> dict[str, Person]:
    group = make_class()
    return {"pupil": make_pupil(group), "staff": make_teacher(group)}


@pytest.mark.parametrize("whose", SIGN_IN)
def test_a_sign_in_form_that_is_out_of_date(whose: str) -> None:
    client = strict(Client(HTTP_ACCEPT_LANGUAGE="en"))
    page = client.post(SIGN_IN[whose], {"code": "x", "login": "x", "password": "x"})
    assert page.status_code == 403
    assert OUT_OF_DATE in words(page.content) and "nothing has changed" in words(page.content)
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert re.findall(r'href="([^"]*)"', main) == [SIGN_IN[whose]]


@pytest.mark.parametrize("whose", SIGN_IN)
def test_whoever_is_signed_in_meanwhile_is_led_on(people: dict[str, Person], whose: str) -> None:
    client = strict(client_of(people[whose]))
    for address in (SIGN_IN[whose], reverse("target")):
        page = client.post(address, {"login": "x"})
        assert page.status_code == 403
        assert OUT_OF_DATE in words(page.content) and "You are signed in." in words(page.content)
        main = page.content.decode().partition("<main")[2].partition("</main>")[0]
        assert re.findall(r'href="([^"]*)"', main) == ["/"]


@pytest.mark.parametrize("language", ["sr", "sr-latn", "en"])
def test_it_is_a_page_like_any_other(people: dict[str, Person], language: str) -> None:
    page = strict(client_of(people["staff"], language)).post(SIGN_IN["staff"], {})
    html = page.content.decode()
    assert f'lang="{ {"sr": "sr-Cyrl", "sr-latn": "sr-Latn", "en": "en"}[language] }"' in html
    assert "style-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<style" not in html and "DEBUG" not in html and 'rel="icon"' in html


def test_what_does_not_exist_is_said_in_words_that_fit_everybody(people: dict[str, Person]) -> None:
    for person in people.values():
        page = client_of(person).get("/nowhere/")
        assert page.status_code == 404
        assert "answers" not in words(page.content.decode().partition("<main")[2])


def test_browsers_that_ask_for_an_icon_by_itself_find_one() -> None:
    found = Client().get("/favicon.ico")
    assert (found.status_code, found.headers["Location"]) == (302, "/static/examsite/icons/favicon.svg")


def test_every_page_of_its_own_names_an_icon() -> None:
    """Else browsers ask for /favicon.ico each time."""
    folders = [
        Path(settings.BASE_DIR) / app / "templates" for app in ("accounts", "exams", "scoring", "examsite")
    ]
    pages = [path for folder in folders for path in folder.rglob("*.html")]
    whole = [path for path in pages if "<html" in path.read_text(encoding="utf-8")]
    assert len(whole) >= 4
    assert [path.name for path in whole if 'rel="icon"' not in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("language", ["sr", "sr-latn", "en"])
def test_the_page_without_a_network_is_kept_in_both_languages(language: str) -> None:
    """Whoever reads it may have chosen another language since, and no server can be asked."""
    client = Client()
    client.cookies["django_language"] = language
    html = client.get(reverse("offline")).content.decode()
    sections = re.findall(r'<section lang="([^"]+)"[^>]*?( hidden)?>(.*?)</section>', html, re.DOTALL)
    assert [(tag, bool(hidden)) for tag, hidden, _ in sections] == [
        ("sr-Cyrl", language == "en"),
        ("en", language != "en"),
    ]
    titles = re.findall('data-title="(.*?)" data-skip="(.*?)"', html)
    # Unit tests run without compiled catalogues, too: then both are in English. A browser test reads them.
    for kept, title, (_tag, _hidden, section) in zip(("sr", "en"), titles, sections, strict=True):
        with translation.override(kept):
            assert title == (gettext("No connection"), gettext("Skip to the content"))
            assert f'data-pockets="{gettext("Practise without a network")}"' in section
        assert section.count("data-pockets=") == section.count("data-sitting") == 1

"""Does a card open the door without scripts, and does signing out close it?"""

from __future__ import annotations

import time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.pupil_cookie import COOKIE, read_pupil_cookie
from accounts.transliteration import to_latin
from tests.factories.accounts import make_card, make_class, make_pupil, make_teacher
from tests.factories.clients import client_of

pytestmark = pytest.mark.django_db
ADDRESS = reverse("sign_in")


@pytest.fixture
def client() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def test_the_page_asks_for_a_code_and_nothing_else(client: Client) -> None:
    page = client.get(ADDRESS)
    html = page.content.decode()
    assert page.status_code == 200
    assert html.count("<input") == html.count('type="hidden"') + 1
    assert 'name="code"' in html and reverse("account_login") in html
    assert "no-store" in page["Cache-Control"]
    for language in ("sr", "sr-latn", "en"):
        assert f'value="{language}"' in html


@pytest.mark.parametrize("typed", ["K7Q4-9XW2-PABC", "k7q49xw2pabc", " k7q4 9xw2 pabc "])
def test_a_card_opens_the_door(client: Client, typed: str) -> None:
    pupil = make_pupil(make_class())
    make_card(pupil, "K7Q49XW2PABC")
    reply = client.post(ADDRESS, {"code": typed})
    assert (reply.status_code, reply.headers["Location"]) == (302, "/")
    cookie = reply.cookies[COOKIE]
    secret = settings.SECRETS["TICKET_SECRET"]
    assert read_pupil_cookie(cookie.value, secret=secret, now=int(time.time() * 1000)) == str(pupil.public_id)
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert to_latin(pupil.full_name) in client.get("/").content.decode()


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA-AAAA", "<script>", "K7Q4-9XW2-PABD"])
def test_an_unknown_code_is_said_in_words_and_kept_to_mend(client: Client, typed: str) -> None:
    make_card(make_pupil(make_class()), "K7Q49XW2PABC")
    reply = client.post(ADDRESS, {"code": typed})
    html = reply.content.decode()
    assert reply.status_code == 422
    assert "We do not know this code. Compare it with your card, letter by letter." in html
    assert 'aria-invalid="true"' in html and "<script>alert" not in html and 'value="<script>"' not in html
    assert COOKIE not in reply.cookies


def test_a_card_ends_a_staff_session(client: Client) -> None:
    group = make_class()
    pupil = make_pupil(group)
    make_card(pupil, "K7Q49XW2PABC")
    client.force_login(make_teacher(group))
    client.post(ADDRESS, {"code": "K7Q49XW2PABC"})
    assert "_auth_user_id" not in client.session


def test_signing_out_closes_the_door() -> None:
    client = client_of(make_pupil(make_class()))
    reply = client.post(reverse("sign_out"))
    assert reply.headers["Location"] == ADDRESS
    assert reply.cookies[COOKIE]["max-age"] == 0
    assert client.get("/").headers["Location"] == ADDRESS
    assert client.get(reverse("sign_out")).status_code == 405


def test_staff_pages_of_the_login_library_stand_on_our_base(client: Client) -> None:
    for name in ("account_login", "account_reset_password", "account_reset_password_done", "account_signup"):
        html = client.get(reverse(name)).content.decode()
        assert 'class="brand"' in html and 'id="main"' in html, name


def test_staff_sign_in_with_a_password_and_a_wrong_one_is_said(client: Client) -> None:
    teacher = make_teacher(make_class())
    wrong = client.post(reverse("account_login"), {"login": teacher.email, "password": "not this one"})
    assert wrong.status_code == 200 and 'class="errors"' in wrong.content.decode()
    right = client.post(
        reverse("account_login"), {"login": teacher.email, "password": "a long enough secret"}
    )
    assert right.headers["Location"] == "/"
    assert b'class="notice' not in client.get("/").content

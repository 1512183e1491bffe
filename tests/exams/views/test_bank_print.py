"""Does a trial form come onto paper whole, in each script, and its key only where it was asked for?"""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import AuditEntry, Person
from exams.models import Form
from tests.factories.bank import NEWER, OLDER, make_author, make_bank, make_printed_form
from tests.factories.clients import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def form() -> Form:
    return make_printed_form(make_bank())


@pytest.fixture
def author() -> Person:
    return make_author()


@pytest.fixture
def client(author: Person) -> Client:
    return client_of(author)


def address(form: Form, language: str = "en", key: str = "") -> str:
    return f"/bank/forms/{form.public_id}/print/?language={language}{key}"


def words(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_every_item_in_its_place(client: Client, form: Form) -> None:
    page = client.get(address(form)).content.decode()
    assert re.findall(r'<section class="task task--(\w+)" id="item-(\d+)"', page) == [
        (interaction, str(place))
        for place, interaction in enumerate(
            ["choice", "true_false", "text_entry", "match", "cloze", "order",
             "multiple_choice", "select_words", "hotspot", "extended_text"], start=1,
        )
    ]  # fmt: skip
    assert re.findall(r'class="task__name" translate="no">([^<]+)<', page) == [
        f"{name}.1" for name in (*OLDER, *NEWER)
    ]
    assert page.count('class="paper__about"') == 1


def test_what_there_is_to_do_with_a_pencil(client: Client, form: Form) -> None:
    page = client.get(address(form)).content.decode()
    tasks = {part.split('"', 1)[0]: part for part in page.split('<section class="task task--')[1:]}
    assert tasks["choice"].count("box box--round") == 4
    assert tasks["multiple_choice"].count('class="box">') == 4
    assert tasks["true_false"].count("box box--round") == 8
    assert tasks["order"].count("box box--empty") >= 3
    assert tasks["hotspot"].count("box box--empty") == 5
    assert tasks["hotspot"].count("data-region") >= 5
    assert tasks["match"].count("blank--letter") == tasks["match"].count("pairs__n")
    assert tasks["cloze"].count('class="blank"') == 3
    assert tasks["text_entry"].count('class="blank"') == 2
    assert tasks["extended_text"].count("<span></span>") == 10
    assert "Underline in the text." in tasks["select_words"]


@pytest.mark.parametrize(
    ("language", "tag", "expected"),
    [
        ("sr", "sr-Cyrl", "Додирни фигуре"),
        ("sr-latn", "sr-Latn", "Dodirni figure"),
        ("en", "en", "Tap the shapes"),
    ],
)
def test_in_each_script(client: Client, form: Form, language: str, tag: str, expected: str) -> None:
    response = client.get(address(form, language))
    assert f'<html lang="{tag}"' in response.content.decode()
    assert expected in words(response)
    paper = response.content.decode().partition('<article class="paper">')[2]
    assert bool(re.search(r"[а-ш]", paper)) == (language == "sr")


def test_a_page_without_a_language_is_in_the_reader_s(form: Form, author: Person) -> None:
    page = client_of(author, "sr-latn").get(f"/bank/forms/{form.public_id}/print/?language=xx")
    assert "Matematika, na papiru" in words(page)


def test_the_key_is_on_a_sheet_of_its_own(client: Client, form: Form) -> None:
    paper, key = words(client.get(address(form))), words(client.get(address(form, key="&key=1")))
    assert "4 right: 1 point" in key
    assert "1 T" in key
    assert "All together 10 points." in key
    assert "4 right: 1 point" not in paper
    assert "1 T" not in paper
    assert "Name and surname" in paper
    assert "Name and surname" not in key


def test_printing_what_is_secret_stays_on_record(client: Client, form: Form, author: Person) -> None:
    client.get(address(form))
    client.get(address(form, key="&key=1"))
    entries = AuditEntry.objects.order_by("pk").values_list("actor", "action", "detail")
    detail = {"form": "ma-paper", "items": [f"{name}.1" for name in (*OLDER, *NEWER)]}
    assert list(entries) == [(author.pk, "print_form", detail), (author.pk, "print_key", detail)]

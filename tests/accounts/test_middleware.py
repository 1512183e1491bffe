"""The pupil's cookie decides who is asking, and only while it and the pupil are good."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.middleware import PupilMiddleware
from accounts.models import Person
from accounts.pupil_cookie import COOKIE, LIFETIME_MS, mint_pupil_cookie
from tests.factories.accounts import make_class, make_pupil, make_teacher

pytestmark = pytest.mark.django_db


def cookie(person_id: object, *, age_ms: int = 0, secret: str = "") -> str:
    secret = secret or settings.SECRETS["TICKET_SECRET"]
    return mint_pupil_cookie(str(person_id), secret=secret, now=int(time.time() * 1000) - age_ms)


def asker(token: str | None, staff: Any = None) -> Any:
    """Who `request.user` is behind the middleware, with a session of `staff`."""
    asked: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        return HttpResponse("page")

    request = RequestFactory().get("/")
    request.user = staff or AnonymousUser()
    if token is not None:
        request.COOKIES[COOKIE] = token
    assert PupilMiddleware(view)(request).content == b"page"
    return asked[0].user


@pytest.fixture
def pupil() -> Person:
    return make_pupil(make_class())


def test_cookie_names_the_pupil_even_beside_a_staff_session(pupil: Person) -> None:
    token = cookie(pupil.public_id)
    assert asker(token) == pupil
    assert asker(token).is_authenticated
    assert asker(token, staff=make_teacher(make_class())) == pupil


def test_without_a_good_cookie_the_session_decides(pupil: Person) -> None:
    teacher = make_teacher(make_class())
    for token in (
        None,
        "",
        "junk",
        cookie(pupil.public_id, age_ms=LIFETIME_MS),
        cookie(pupil.public_id, secret="of somebody else"),
        cookie(uuid4()),
    ):
        assert asker(token, staff=teacher) == teacher
        assert not asker(token).is_authenticated


def test_pupil_who_was_shut_out_is_nobody(pupil: Person) -> None:
    pupil.is_active = False
    pupil.save()
    assert not asker(cookie(pupil.public_id)).is_authenticated


def test_nobody_is_looked_up_before_somebody_asks(pupil: Person, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        user = asker(cookie(pupil.public_id))
    with django_assert_num_queries(1):
        assert user.pk == pupil.pk
        assert user.given_name == "Мила"

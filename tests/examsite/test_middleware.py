"""A closed doorway looks like a page that does not exist, or leads to sign-in."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from accounts.errors import AccessDenied
from accounts.models import Person
from examsite.middleware import DoorwayMiddleware


def outcome(user: Any, error: Exception) -> HttpResponse | None:
    request = RequestFactory().get("/")
    request.user = user
    return DoorwayMiddleware(lambda request: HttpResponse()).process_exception(request, error)


def test_stranger_is_shown_the_way_in() -> None:
    response = outcome(AnonymousUser(), AccessDenied())
    assert response is not None
    assert (response.status_code, response["Location"]) == (302, "/sign-in/")


def test_somebody_signed_in_finds_nothing() -> None:
    with pytest.raises(Http404):
        outcome(Person(given_name="А", family_name="Б"), AccessDenied())


def test_other_errors_stay_errors() -> None:
    for user in (AnonymousUser(), Person()):
        assert outcome(user, ValueError("x")) is None


def test_pages_pass() -> None:
    response = HttpResponse("page")
    assert DoorwayMiddleware(lambda request: response)(RequestFactory().get("/")) is response

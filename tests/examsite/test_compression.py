"""Do browsers get what they can read, as small as they can take it?"""

from __future__ import annotations

import gzip

import brotli
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import ResolverMatch, reverse

from examsite.compression import SAME_FOR_ALL, CompressionMiddleware
from tests.factories.accounts import make_class, make_pupil
from tests.factories.clients import client_of
from tests.factories.exams import make_administration

PAGE = "<p>Још један задатак.</p>".encode() * 100


def served(accepts: str, content: bytes = PAGE, **headers: str) -> HttpResponse:
    request = HttpRequest()
    if accepts:
        request.META["HTTP_ACCEPT_ENCODING"] = accepts
    return CompressionMiddleware(lambda _: HttpResponse(content, headers=headers))(request)


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip, br; q=0.0", "gzip"),
        ("deflate", None),
        ("", None),
    ],
)
def test_encoding_by_what_the_browser_takes(accepts: str, encoding: str | None) -> None:
    response = served(accepts)
    assert response.get("Content-Encoding") == encoding
    read = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert read(response.content) == PAGE
    assert response["Vary"] == "Accept-Encoding"
    if encoding:
        assert response["Content-Length"] == str(len(response.content))
        assert len(response.content) < len(PAGE) / 10


def test_what_is_small_encoded_or_no_text_stays() -> None:
    for untouched in (
        served("br", b"short"),
        served("br", PAGE, **{"Content-Encoding": "gzip"}),
        served("br", PAGE, **{"Content-Type": "image/png"}),
    ):
        assert untouched.content in (b"short", PAGE)
        assert untouched.get("Content-Encoding") != "br"
        assert not untouched.has_header("Vary")


@pytest.mark.parametrize("name", sorted(SAME_FOR_ALL))
def test_what_is_the_same_for_everybody_is_as_small_as_can_be(name: str) -> None:
    page = "".join(f"<p>{number} од {number**2 % 97}</p>" for number in range(2000)).encode()
    for encoding, read, best in (
        ("br", brotli.decompress, len(brotli.compress(page, quality=11))),
        ("gzip", gzip.decompress, len(gzip.compress(page, 9, mtime=0))),
    ):
        request = HttpRequest()
        request.META["HTTP_ACCEPT_ENCODING"] = encoding
        request.resolver_match = ResolverMatch(served, (), {}, url_name=name)
        response = CompressionMiddleware(lambda _: HttpResponse(page))(request)
        assert read(response.content) == page
        assert len(response.content) == best < len(served(encoding, page).content)


@pytest.mark.django_db
def test_the_player_is_the_same_document_for_everybody() -> None:
    """What is kept compressed must hold nobody's name, token or language."""
    group = make_class()
    pupils = [make_pupil(group) for _ in range(2)]
    make_administration([group])
    pages = {
        client_of(pupil, language).get(reverse("sit", args=[pupil.sittings.get().public_id])).content
        for pupil, language in zip(pupils, ("en", "sr"), strict=True)
    }
    pages.add(Client().get(reverse("player_shell")).content)
    assert len(pages) == 1

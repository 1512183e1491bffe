"""Do browsers get what they can read, as small as they can take it?"""

from __future__ import annotations

import gzip

import brotli
import pytest
from django.http import HttpRequest, HttpResponse

from examsite.compression import CompressionMiddleware

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

"""Are numbers, days and names written right in each language?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.safestring import mark_safe

from tests.examsite.test_ui import LANGUAGES, render


@pytest.mark.parametrize(
    ("half_points", "serbian", "english"),
    [
        (0, "0", "0"),
        (1, "0,5", "0.5"),
        (20, "10", "10"),
        (23, "11,5", "11.5"),
        (40, "20", "20"),
        (25.4, "12,5", "12.5"),
        (25.5, "13", "13"),
        (None, "", ""),
    ],
)
def test_points(half_points: float | None, serbian: str, english: str) -> None:
    written = [render("{{ value|points }}", language, value=half_points) for language in LANGUAGES]
    assert written == [serbian, serbian, english]


@pytest.mark.parametrize(
    ("amount", "serbian", "english"),
    [
        (8050, "8,05", "8.05"),
        (13000, "13", "13"),
        (10400, "10,4", "10.4"),
        (125, "0,125", "0.125"),
        (None, "", ""),
    ],
)
def test_thousandths(amount: int | None, serbian: str, english: str) -> None:
    written = [render("{{ value|thousandths }}", language, value=amount) for language in LANGUAGES]
    assert written == [serbian, serbian, english]


@pytest.mark.parametrize(
    ("share", "serbian", "english"),
    [
        (0.76, "76\u00a0%", "76%"),
        (0.635, "64\u00a0%", "64%"),
        (0.005, "1\u00a0%", "1%"),
        (1, "100\u00a0%", "100%"),
        (0, "0\u00a0%", "0%"),
    ],
)
def test_percent(share: float, serbian: str, english: str) -> None:
    written = [render("{{ value|percent }}", language, value=share) for language in LANGUAGES]
    assert written == [serbian, serbian, english]


def test_percent_with_places() -> None:
    assert render("{{ value|percent:1 }}", "sr", value=0.6354) == "63,5\u00a0%"
    assert render("{{ value|percent:1 }}", "en", value=0.6) == "60.0%"


def test_number() -> None:
    assert [render("{{ value|number }}", language, value=-1.256) for language in LANGUAGES] == [
        "-1,26",
        "-1,26",
        "-1.26",
    ]
    assert render("{{ value|number }}", value=200.0) == "200"


@pytest.mark.parametrize(
    ("value", "serbian", "english"),
    [
        (999, "999", "999"),
        (4999, "4.999", "4,999"),
        (20194, "20.194", "20,194"),
        (1234.5, "1.234,5", "1,234.5"),
    ],
)
def test_thousands_are_marked(value: float, serbian: str, english: str) -> None:
    written = [render("{{ value|number }}", language, value=value) for language in LANGUAGES]
    assert written == [serbian, serbian, english]


def test_figures_beside_each_other_have_as_many_places() -> None:
    written = [render("{{ value|fixed }} {{ value|fixed:1 }}", one, value=11.5) for one in LANGUAGES]
    assert written == ["11,50 11,5", "11,50 11,5", "11.50 11.5"]
    assert render("{{ value|fixed }}", value=-0.005) == "\u22120.01"
    assert render("{{ value|fixed }}", value=-0.001) == "0.00"
    assert render("{{ value|fixed:0 }}", value=1234) == "1,234"
    assert render("{{ value|fixed }}", value=None) == ""
    assert [render("{{ value|points:1 }}", value=value) for value in (23, 18, 18.4)] == ["11.5", "9.0", "9.0"]


def test_what_is_counted_in_hundredths() -> None:
    assert [render("{{ 125|per_hundred }}", one) for one in LANGUAGES] == ["125\u00a0%", "125\u00a0%", "125%"]


@pytest.mark.parametrize(
    ("source", "serbian", "english"),
    [
        ("{{ at|day }}", "16.11.2026.", "16 Nov 2026"),
        ('{{ at|day:"H:i" }}', "16.11.2026. 23:05", "16 Nov 2026, 23:05"),
        ("{{ at|day_month }}", "16.11.", "16 Nov"),
        ('{{ at|day_month:"H:i:s" }}', "16.11. 23:05:09", "16 Nov, 23:05:09"),
        ("{{ none|day }}{{ none|day_month }}", "", ""),
    ],
)
def test_days_follow_the_language_and_the_country_s_clock(source: str, serbian: str, english: str) -> None:
    at = datetime(2026, 11, 16, 22, 5, 9, tzinfo=UTC)
    assert [render(source, one, at=at, none=None) for one in LANGUAGES] == [serbian, serbian, english]


def test_a_day_without_a_time_stays_that_day() -> None:
    assert render("{{ at|day }}", at=date(2026, 3, 1)) == "1 Mar 2026"


def test_person_name_follows_the_script() -> None:
    written = [
        render("{{ name|person_name }}", language, name="Његош Љубисављевић") for language in LANGUAGES
    ]
    assert written == ["Његош Љубисављевић", "Njegoš Ljubisavljević", "Njegoš Ljubisavljević"]


def test_script_html_follows_the_script_and_spares_labels() -> None:
    html = mark_safe('<p>Цена је <b translate="no">а)</b> 5 динара</p>')
    assert render("{{ html|script_html }}", "sr", html=html) == html
    assert (
        render("{{ html|script_html }}", "sr-latn", html=html)
        == '<p>Cena je <b translate="no">а)</b> 5 dinara</p>'
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_script_html_makes_nothing_safe(language: str) -> None:
    assert render("{{ html|script_html }}", language, html="<b>x</b>") == "&lt;b&gt;x&lt;/b&gt;"


def test_languages_of_page_and_of_stored_text() -> None:
    pairs = [render("{% html_lang %} {% stored_lang %}", language) for language in LANGUAGES]
    assert pairs == ["sr-Cyrl sr-Cyrl", "sr-Latn sr-Latn", "en sr-Latn"]

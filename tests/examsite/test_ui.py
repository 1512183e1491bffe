"""Do parts of a page come out exactly right in each language?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.messages import ERROR, SUCCESS
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import SafeString
from django.utils.translation import override

from examsite.styleguide import example_context

LANGUAGES = ("sr", "sr-latn", "en")


def render(source: str, language: str = "en", **context: Any) -> str:
    with override(language):
        return Template("{% load ui %}" + source).render(Context(context))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class CardInput(forms.Form):
    code = forms.CharField(label="Code", help_text="It is on your card.", max_length=12)
    way = forms.ChoiceField(label="Way", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect)


# ---- Parts ---------------------------------------------------------------------------------------
def test_button_submits_without_an_address_and_links_with_one() -> None:
    assert render('{% button "Go" %}').strip() == '<button class="button" type="submit">Go</button>'
    assert (
        render('{% button label href=url kind="secondary big" %}', label="A < B", url="/x/?a=1&b=2").strip()
        == '<a class="button button--secondary button--big" href="/x/?a=1&amp;b=2">A &lt; B</a>'
    )


def test_button_writes_attributes() -> None:
    html = render('{% button "Go" name="do" value=value disabled=True aria_controls="x" %}', value='"')
    assert html.strip() == (
        '<button class="button" aria-controls="x" name="do" type="submit" value="&quot;" disabled>Go</button>'
    )


def test_card_escapes_its_title_and_keeps_its_content() -> None:
    html = render("{% card title=title level=3 %}<p>{{ body }}</p>{% endcard %}", title="<i>", body="<b>")
    assert '<section class="card">' in html
    assert '<h3 class="card__title">&lt;i&gt;</h3>' in html
    assert "<p>&lt;b&gt;</p>" in html
    assert '<section class="hero">' in render("{% card hero=True %}x{% endcard %}")


def test_notice_announces_only_what_has_just_happened() -> None:
    assert "role=" not in render("{% notice %}x{% endnotice %}")
    assert 'role="status"' in render('{% notice tone="success" live=True %}x{% endnotice %}')
    assert 'role="alert"' in render('{% notice tone="danger" live=True %}x{% endnotice %}')


def test_messages_of_django_are_shown_in_their_tone() -> None:
    messages = [Message(SUCCESS, "Saved"), Message(ERROR, "Not <saved>")]
    html = page("404.html", messages=messages)
    assert re.findall(r'class="notice tone-(\w+)" role="(\w+)"', html) == [
        ("success", "status"),
        ("danger", "alert"),
    ]
    assert "<p>Not &lt;saved&gt;</p>" in html


def test_tones_are_known() -> None:
    assert 'class="badge tone-warning"' in render('{% badge "Late" tone="warning" %}')
    with pytest.raises(ValueError, match="no such tone: loud"):
        render('{% badge "Late" tone="loud" %}')


def test_stat_reads_as_a_sentence() -> None:
    html = render('{% stat 23|points "points" unit="of 20" note="provisional" %}', "sr")
    assert words(html) == "11,5 of 20 points provisional"


@pytest.mark.parametrize("language", LANGUAGES)
def test_meter_keeps_the_decimal_point_in_attributes(language: str) -> None:
    html = render('{% meter "Done" value=12.5 maximum=20 text="12,5 / 20" %}', language)
    assert '<progress value="12.5" max="20">12,5 / 20</progress>' in html


def test_breadcrumbs_end_at_this_page() -> None:
    html = render("{% breadcrumbs trail %}", trail=[("School", "/s/"), ("Class", "")])
    assert '<a href="/s/">School</a>' in html
    assert '<li aria-current="page">Class</li>' in html
    assert html.count("<a ") == 1


def test_empty_state_names_the_next_step() -> None:
    html = render(
        '{% empty_state title="No pupils" action="Add" href="/add/" %}<p>Why.</p>{% endempty_state %}'
    )
    assert words(html) == "No pupils Why. Add"
    assert 'href="/add/"' in html


def test_table_has_a_caption_and_can_be_reached() -> None:
    html = render("{% table caption=caption cards=False %}<tbody></tbody>{% endtable %}", caption="A & B")
    assert '<table class="table">' in html
    assert "<caption>A &amp; B</caption>" in html
    assert 'role="region" aria-label="A &amp; B" tabindex="0"' in html


# ---- Input ---------------------------------------------------------------------------------------
def test_bound_field_ties_label_hint_and_error_to_the_control() -> None:
    html = render("{% field input.code %}", input=CardInput({"code": "x" * 13, "way": "a"}))
    assert '<label class="field__label" for="id_code">Code</label>' in html
    assert 'id="id_code_helptext">It is on your card.<' in html
    assert 'aria-describedby="id_code_helptext id_code_error"' in html
    assert html.count('id="id_code_error"') == html.count('aria-invalid="true"') == 1
    assert "at most 12 characters" in html


def test_choices_are_grouped_under_a_legend() -> None:
    html = render("{% field input.way %}", input=CardInput())
    assert re.search(r"<fieldset class=\"field\">\s*<legend class=\"field__label\">Way</legend>", html)
    assert html.count('type="radio"') == 2


def test_plain_field() -> None:
    html = render(
        '{% field label="Code" name="code" hint="On the card" inputmode="numeric" value=value %}', value='"'
    )
    assert (
        '<input aria-describedby="id_code_helptext" id="id_code" inputmode="numeric" name="code"'
        ' type="text" value="&quot;">'
    ) in html
    assert "aria-invalid" not in html


def test_error_summary_leads_to_the_control() -> None:
    html = render("{% error_summary input %}", input=CardInput({"code": "", "way": "a"}))
    assert '<a href="#id_code">This field is required.</a>' in html
    assert 'role="alert"' in html
    assert render("{% error_summary input %}", input=CardInput()).strip() == ""
    assert "<a" not in render("{% error_summary errors %}", errors=[("", "Everything is wrong")])


# ---- Pictures ------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
def test_band_draws_the_interval_on_squared_paper(language: str) -> None:
    html = render("{% band low=21 expected=25.4 high=30 probability=0.7 %}", language)
    assert 'viewBox="0 0 200 20"' in html
    assert 'class="band__area" x="105.00" width="45.00"' in html
    assert 'class="band__dot" cx="127.00"' in html
    assert re.findall(r'<text x="([\d.]+%)"', html) == ["0.00%", "25.00%", "50.00%", "75.00%", "100.00%"]


def test_band_says_in_words_what_it_draws() -> None:
    html = render('{% band low=21 expected=25 high=30 probability=0.7 title="Mathematics" %}')
    assert "Mathematics. Most likely 10.5\u2060–\u206015 of 20 points (7 in 10)" in words(html)
    assert "12.5 points" in words(html)


def test_band_refuses_what_is_no_interval() -> None:
    with pytest.raises(ValueError, match="not an interval"):
        render("{% band low=30 expected=25 high=31 probability=0.7 %}")


ROWS = [
    {"label": "Numbers", "value": 0.71, "low": 0.665, "high": 0.76},
    {"label": "Geometry", "value": 0.44, "low": 0.35, "high": 1.2},
]


def test_interval_chart_draws_and_tabulates_the_same_figures() -> None:
    html = render(
        '{% interval_chart rows title="x" reference=0.6 reference_label="Serbia" %}', "sr", rows=ROWS
    )
    assert re.findall(r'x1="([\d.]+%)" x2="([\d.]+%)" y1="50%"', html) == [
        ("66.50%", "76.00%"),
        ("35.00%", "100.00%"),
    ]
    assert re.findall(r'cx="([\d.]+%)"', html) == ["71.00%", "44.00%"]
    assert html.count('x1="60.00%" x2="60.00%"') == 2
    assert "<small>67–76\u00a0%</small>" in html
    cells = re.findall(r'<th scope="row">(\w+)</th>|<td class="is-number">([^<]+)</td>', html)
    assert [name or value for name, value in cells] == [
        *("Numbers", "71\u00a0%", "67\u00a0%", "76\u00a0%"),
        *("Geometry", "44\u00a0%", "35\u00a0%", "120\u00a0%"),
    ]


def test_interval_chart_in_points() -> None:
    rows = [{"label": "8-2", "value": 23, "low": 20, "high": 26}]
    html = render('{% interval_chart rows title="x" unit="points" maximum=40 %}', "sr-latn", rows=rows)
    assert "11,5<small>10–13</small>" in html
    assert 'cx="57.50%"' in html
    with pytest.raises(KeyError):
        render('{% interval_chart rows title="x" unit="pints" %}', rows=rows)


def test_level_bar_places_levels_one_after_another() -> None:
    shares = [("Below", 0.14), ("Basic", 0.38), ("Middle", 0.31), ("Advanced", 0.17)]
    html = render('{% level_bar shares id="a" title="x" %}', "sr", shares=shares)
    bar = html.split("<ul")[0]
    assert re.findall(r'seq-(\d)" x="([\d.]+%)" width="([\d.]+%)"', bar) == [
        ("1", "0.00%", "14.00%"),
        ("2", "14.00%", "38.00%"),
        ("4", "52.00%", "31.00%"),
        ("5", "83.00%", "17.00%"),
    ]
    assert words(html.split("</svg>", 1)[1]) == "Below 14 % Basic 38 % Middle 31 % Advanced 17 %"


@pytest.mark.parametrize("shares", [[("a", 0.5), ("b", 0.4)], [("a", 1.0)]])
def test_level_bar_refuses_shares_that_are_no_whole(shares: list[tuple[str, float]]) -> None:
    with pytest.raises(ValueError, match="level"):
        render('{% level_bar shares id="a" title="x" %}', shares=shares)


def test_heat_cell_does_not_rely_on_colour() -> None:
    cells = [
        render('{% heat_cell level text="words" label="Numbers" %}', level=level) for level in (None, 1, 2, 3)
    ]
    assert [re.findall(r"heat-(\d)", cell) for cell in cells] == [["0"], ["1"], ["2"], ["3"]]
    shapes = [re.search(r"<svg.*</svg>", cell, re.DOTALL).group() for cell in cells]  # type: ignore[union-attr]
    assert len(set(shapes)) == 4
    assert all('<span class="visually-hidden">words</span>' in cell for cell in cells)
    with pytest.raises(ValueError, match="no such level: 4"):
        render('{% heat_cell 4 text="x" %}')


@pytest.mark.parametrize("language", LANGUAGES)
def test_styleguide_shows_every_part(language: str) -> None:
    html = page("styleguide.html", language, **example_context())
    folder = Path(__file__).parents[2] / "examsite/templates"
    own = set(re.findall(r"components/(\w+)\.html", (folder / "base.html").read_text(encoding="utf-8")))
    parts = {path.stem for path in (folder / "components").glob("*.html")}
    used = set(re.findall(r"{% (\w+)", (folder / "styleguide.html").read_text(encoding="utf-8")))
    assert parts - own - used - {"icon", "language_switch"} == set()
    assert html.count("<h1") == 1


# ---- Pages ---------------------------------------------------------------------------------------
def page(name: str, language: str = "en", cookies: dict[str, str] | None = None, **context: Any) -> str:
    request = RequestFactory().get("/somewhere/?a=1")
    request.COOKIES.update(cookies or {})
    with override(language):
        return str(render_to_string(name, {"request": request, **context}))


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "offline.html"])
@pytest.mark.parametrize(("language", "lang"), [("sr", "sr-Cyrl"), ("sr-latn", "sr-Latn"), ("en", "en")])
def test_error_pages_keep_the_content_policy(name: str, language: str, lang: str) -> None:
    html = page(name, language)
    assert f'<html lang="{lang}"' in html
    assert html.count("<h1") == 1
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", html)


def test_page_without_context_still_says_what_went_wrong() -> None:
    with override("en"):
        html = render_to_string("500.html")
    assert isinstance(html, SafeString)
    assert "<h1>Something went wrong on our side</h1>" in html


def test_appearance_comes_from_the_cookie_and_from_nothing_else() -> None:
    assert ' data-theme="dark"' in page("404.html", cookies={"theme": "dark"})
    assert " data-theme=" not in page("404.html", cookies={"theme": '"><script>'})
    assert " data-theme=" not in page("404.html")


def test_language_switch_marks_the_current_one_and_returns_here() -> None:
    html = page("components/language_switch.html", "sr-latn")
    assert re.findall(r'value="([\w-]+)" lang="([\w-]+)" aria-pressed="(\w+)"', html) == [
        ("sr", "sr-Cyrl", "false"),
        ("sr-latn", "sr-Latn", "true"),
        ("en", "en", "false"),
    ]
    assert '<input type="hidden" name="next" value="/somewhere/?a=1">' in html


def test_signed_in_person_and_simulation_are_named() -> None:
    html = page("404.html", "sr-latn", person="Милица Петровић", person_class="VIII-2", simulated=True)
    assert "Milica Petrović" in html
    assert 'class="simulated"' in html
    assert 'class="simulated"' not in page("404.html")

"""Interface texts: collected from code, templates and browser modules, translated once, derived in Latin."""

from __future__ import annotations

from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from django.core.management import call_command
from django.core.management.base import CommandError

from examsite import messages

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext, gettext_lazy
title = _("Sign in")
lazy = gettext_lazy("Sign in")
count = ngettext("%(n)s point", "%(n)s points", 3)
month = pgettext("month", "May")
verb = _("May")
not_text = "Sign out"
"""
TEMPLATE = """
{% load i18n %}
<h1>{% translate "Sign in" %}</h1>
    <p>{% blocktranslate %}Hello <strong>{{ name }}</strong>{% endblocktranslate %}</p>
<p>{% translate "Save" context "button" %}</p>
"""
SCRIPT = """
import { gettext, ngettext } from "./messages.js";
export const a = gettext("Saved on this phone");
export const b = ngettext("{n} item", "{n} items", 2);
export const c = other("not a text");
"""
SERBIAN = {
    "Sign in": "Пријави се",
    "May": "Може",
    ("May", "month"): "Мај",
    "Hello <strong>%(name)s</strong>": "Здраво <strong>%(name)s</strong>",
    ("Save", "button"): "Сачувај",
    "%(n)s point": ("%(n)s поен", "%(n)s поена", "%(n)s поена"),
}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    for app in messages.APPS:
        (tmp_path / app).mkdir()
    (tmp_path / "accounts" / "views.py").write_text(PYTHON, encoding="utf-8")
    templates = tmp_path / "exams" / "templates"
    templates.mkdir()
    (templates / "page.html").write_text(TEMPLATE, encoding="utf-8")
    static = tmp_path / "exams" / "static"
    static.mkdir()
    (static / "page.js").write_text(SCRIPT, encoding="utf-8")
    return tmp_path


def found(catalogue: Catalog) -> dict[object, str | None]:
    return {message.id: message.context for message in catalogue if message.id}


def translate(base: Path, domain: str, translations: dict[object, object]) -> None:
    catalogue = messages.update(base, domain)
    for key, string in translations.items():
        text, context = key if isinstance(key, tuple) else (key, None)
        catalogue.get(text, context).string = string
    with messages.po_path(base, domain).open("wb") as file:
        write_po(file, catalogue)


def compiled(base: Path, locale: str, domain: str) -> GNUTranslations:
    with (base / "examsite" / "locale" / locale / "LC_MESSAGES" / f"{domain}.mo").open("rb") as file:
        return GNUTranslations(file)


def test_every_kind_of_text_is_found(base: Path) -> None:
    python = messages.extract(base, "django")
    assert {(message.id, message.context) for message in python if message.id} == {
        ("Sign in", None),
        (("%(n)s point", "%(n)s points"), None),
        ("May", "month"),
        ("May", None),
        ("Hello <strong>%(name)s</strong>", None),
        ("Save", "button"),
    }
    assert [place for place, _ in python.get("Sign in").locations] == [
        "accounts/views.py",
        "accounts/views.py",
        "exams/templates/page.html",
    ]
    assert found(messages.extract(base, "djangojs")) == {
        "Saved on this phone": None,
        ("{n} item", "{n} items"): None,
    }


def test_what_is_missing_is_named_with_its_place(base: Path) -> None:
    faults = messages.faults(base, "djangojs")
    assert faults == [
        "exams/static/page.js:3: no Serbian for 'Saved on this phone'; "
        "add it to examsite/locale/sr/LC_MESSAGES/djangojs.po",
        "exams/static/page.js:4: no Serbian for '{n} item'; "
        "add it to examsite/locale/sr/LC_MESSAGES/djangojs.po",
    ]


def test_complete_catalogue_has_no_faults(base: Path) -> None:
    translate(base, "django", SERBIAN)
    assert messages.faults(base, "django") == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Sign in": ""}, "no Serbian for 'Sign in'"),
        ({"%(n)s point": ("%(n)s поен", "", "")}, "no Serbian for '%(n)s point'"),
        (
            {"Hello <strong>%(name)s</strong>": "Здраво <strong>%(nome)s</strong>"},
            "placeholders of 'Hello <strong>%(name)s</strong>' differ",
        ),
        ({"%(n)s point": ("поен", "поена", "поена")}, "placeholders of '%(n)s point' differ"),
    ],
)
def test_faults_of_a_translation(base: Path, change: dict[object, object], said: str) -> None:
    translate(base, "django", SERBIAN | change)
    (fault,) = messages.faults(base, "django")
    assert said in fault


def test_plural_form_may_leave_the_number_out(base: Path) -> None:
    translate(base, "django", SERBIAN | {"%(n)s point": ("један поен", "%(n)s поена", "%(n)s поена")})
    assert messages.faults(base, "django") == []


def test_text_that_is_gone_is_left_over_until_the_next_update(base: Path) -> None:
    translate(base, "django", SERBIAN)
    (base / "exams" / "templates" / "page.html").unlink()
    assert messages.faults(base, "django") == [
        "'Hello <strong>%(name)s</strong>' is translated but no longer used; run `manage.py messages`",
        "'Save' is translated but no longer used; run `manage.py messages`",
    ]
    messages.update(base, "django")
    assert messages.faults(base, "django") == []


def test_update_keeps_translations_and_is_stable(base: Path) -> None:
    translate(base, "django", SERBIAN)
    messages.update(base, "django")
    first = messages.po_path(base, "django").read_bytes()
    (base / "accounts" / "views.py").write_text(PYTHON + '_("New")\n', encoding="utf-8")
    assert messages.update(base, "django").get("Sign in").string == "Пријави се"
    (base / "accounts" / "views.py").write_text(PYTHON, encoding="utf-8")
    messages.update(base, "django")
    assert messages.po_path(base, "django").read_bytes() == first


def test_latin_is_transliterated_from_cyrillic(base: Path) -> None:
    translate(base, "django", SERBIAN | {"May": "Љубав & мир"})
    messages.compile_catalogues(base)
    cyrillic, latin = compiled(base, "sr", "django"), compiled(base, "sr_Latn", "django")
    assert (cyrillic.gettext("Sign in"), latin.gettext("Sign in")) == ("Пријави се", "Prijavi se")
    assert latin.gettext("Hello <strong>%(name)s</strong>") == "Zdravo <strong>%(name)s</strong>"
    assert latin.gettext("May") == "Ljubav & mir"
    assert (latin.pgettext("month", "May"), latin.pgettext("button", "Save")) == ("Maj", "Sačuvaj")
    assert [latin.ngettext("%(n)s point", "%(n)s points", n) for n in (1, 2, 5, 21, 11)] == [
        "%(n)s poen",
        "%(n)s poena",
        "%(n)s poena",
        "%(n)s poen",
        "%(n)s poena",
    ]


def test_untranslated_text_stays_english(base: Path) -> None:
    translate(base, "djangojs", {"Saved on this phone": ""})
    messages.compile_catalogues(base)
    for locale in ("sr", "sr_Latn"):
        assert compiled(base, locale, "djangojs").gettext("Saved on this phone") == "Saved on this phone"


def test_command_checks_updates_and_compiles(
    base: Path, settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.BASE_DIR = base  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="no Serbian for 'Sign in'"):
        call_command("messages", "--check")
    call_command("messages")
    assert capsys.readouterr().out == "8 texts want a translation; `manage.py messages --check` lists them.\n"
    translate(base, "django", SERBIAN)
    translate(
        base,
        "djangojs",
        {
            "Saved on this phone": "На овом телефону",
            "{n} item": ("{n} задатак", "{n} задатка", "{n} задатака"),
        },
    )
    call_command("messages", "--compile")
    call_command("messages", "--check")
    assert capsys.readouterr().out == "Every text of the interface is translated.\n"
    assert compiled(base, "sr_Latn", "djangojs").gettext("Saved on this phone") == "Na ovom telefonu"

"""How are the interface's texts collected, translated and derived? English msgids, Serbian Cyrillic stored.

`examsite/locale/sr` holds the only translation there is. Latin is transliterated from it when catalogues
are compiled, so the two scripts can never differ; compiled files are not kept in the repository.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from accounts.transliteration import html_to_latin

APPS = ("accounts", "exams", "scoring", "examsite")
DOMAINS = ("django", "djangojs")
_PYTHON_KEYWORDS: Any = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}
_SCRIPT_KEYWORDS: Any = {"gettext": None, "ngettext": (1, 2)}
_PLACEHOLDER = re.compile(r"%\([a-zA-Z_]+\)[sd]|%%|\{[a-zA-Z_]*\}")
# What the file says about itself stays as people wrote it: the comment on top holds the terms.
_HEADERS = (
    "header_comment",
    "version",
    "msgid_bugs_address",
    "creation_date",
    "revision_date",
    "last_translator",
    "language_team",
)
Found = tuple[str, int, str | tuple[str, ...], str | None]


def po_path(base: Path, domain: str) -> Path:
    return base / "examsite" / "locale" / "sr" / "LC_MESSAGES" / f"{domain}.po"


def extract(base: Path, domain: str) -> Catalog:
    """Every text of the interface, in the order of files; `domain` djangojs is what phones translate."""
    catalogue = Catalog(locale="sr", project="Proba", charset="utf-8", fuzzy=False)
    for place, line, message, context in _found(base, domain):
        catalogue.add(message, locations=[(place, line)], context=context)
    return catalogue


def load(base: Path, domain: str) -> Catalog:
    path = po_path(base, domain)
    if not path.exists():
        return Catalog(locale="sr", project="Proba", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="sr", domain=domain)


def update(base: Path, domain: str) -> Catalog:
    """The stored catalogue with new texts added and gone ones removed; translations are kept."""
    stored = load(base, domain)
    fresh = extract(base, domain)
    for message in fresh:
        known = stored.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        if message.id and known is not None and known.string:
            message.string = known.string
    for kept in _HEADERS:
        setattr(fresh, kept, getattr(stored, kept))
    path = po_path(base, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, fresh, width=110, omit_header=False, sort_by_file=True, include_lineno=False)
    return fresh


def faults(base: Path, domain: str) -> list[str]:
    """What is missing, left over or inconsistent, each with its place; empty when all is well."""
    stored, fresh = load(base, domain), extract(base, domain)
    found = []
    for message in fresh:
        if not message.id:
            continue
        where = ", ".join(f"{file}:{line}" for file, line in message.locations[:2])
        text = message.id if isinstance(message.id, str) else message.id[0]
        known = stored.get(text, message.context)
        if known is None or not _complete(known):
            found.append(
                f"{where}: no Serbian for {text!r}; add it to {po_path(base, domain).relative_to(base)}"
            )
        elif _placeholders(known.id) != _placeholders(known.string):
            found.append(f"{where}: placeholders of {text!r} differ in its translation")
    ids = {(message.id, message.context) for message in fresh}
    found += [
        f"{message.id!r} is translated but no longer used; run `manage.py messages`"
        for message in stored
        if message.id and (message.id, message.context) not in ids
    ]
    return found


def compile_catalogues(base: Path) -> None:
    """Write sr and sr_Latn .mo files beside the source; the second is transliterated from the first."""
    for domain in DOMAINS:
        serbian = load(base, domain)
        _write_mo(po_path(base, domain).with_suffix(".mo"), serbian)
        latin = Catalog(locale="sr", charset="utf-8", fuzzy=False)
        for message in serbian:
            if message.id and _complete(message):
                strings = message.string or ""
                latin.add(
                    message.id,
                    _latin(strings) if isinstance(strings, str) else tuple(_latin(text) for text in strings),
                    context=message.context,
                )
        _write_mo(base / "examsite" / "locale" / "sr_Latn" / "LC_MESSAGES" / f"{domain}.mo", latin)


def _latin(text: str) -> str:
    return (
        html_to_latin(text)
        if "<" in text
        else html_to_latin(text.replace("&", "&amp;")).replace("&amp;", "&")
    )


def _write_mo(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)


def _complete(message: Message) -> bool:
    strings = message.string
    if strings is None or isinstance(strings, str):
        return bool(strings) and isinstance(message.id, str)
    return len(strings) == 3 and all(strings)


def _placeholders(texts: object) -> set[str]:
    """All placeholders of a message; a plural's forms may leave some out, so the union is compared."""
    parts = [texts] if isinstance(texts, str) else list(texts)  # type: ignore[call-overload]
    return {found for part in parts for found in _PLACEHOLDER.findall(part)}


def _found(base: Path, domain: str) -> Iterator[Found]:
    for app in APPS:
        for path in sorted((base / app).rglob("*")):
            place = path.relative_to(base).as_posix()
            if "/locale/" in place or not path.is_file():
                continue
            if domain == "django" and path.suffix == ".py":
                yield from _python(path.read_bytes(), place)
            elif domain == "django" and path.suffix in (".html", ".txt") and "/templates/" in place:
                # What is not a message becomes lines of filler, whose indentation means nothing to Python.
                source = templatize(path.read_text(encoding="utf-8"), origin=place)
                lines = "\n".join(line.lstrip() for line in source.split("\n"))
                yield from _python(lines.encode("utf-8"), place)
            elif domain == "djangojs" and path.suffix == ".js":
                yield from _script(path.read_bytes(), place)


def _python(source: bytes, place: str) -> Iterator[Found]:
    found: Any = extract_python(io.BytesIO(source), _PYTHON_KEYWORDS, [], {"encoding": "utf-8"})
    for line, function, message, _ in found:
        if message:
            context, text = _split_context(function, message)
            yield place, line, text, context


def _script(source: bytes, place: str) -> Iterator[Found]:
    found: Any = extract_javascript(io.BytesIO(source), _SCRIPT_KEYWORDS, [], {"parse_template_string": True})
    for line, _, message, _ in found:
        texts = message if isinstance(message, str) else tuple(part for part in message if part)
        if texts:
            yield place, line, texts if isinstance(texts, str) or len(texts) > 1 else texts[0], None


def _split_context(function: str, message: str | tuple[str, ...]) -> tuple[str | None, str | tuple[str, ...]]:
    if isinstance(message, str):
        return None, message
    parts = tuple(part for part in message if part)
    if function in ("pgettext", "npgettext"):
        context, *rest = parts
        return context, rest[0] if len(rest) == 1 else tuple(rest[:2])
    return None, parts[:2] if function.startswith("ngettext") else parts[0]

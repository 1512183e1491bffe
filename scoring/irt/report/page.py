"""How do sections become one HTML page that loads nothing and runs no script?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scoring.irt.report.markup import Markup, element, joined, text

_STYLE = Path(__file__).with_name("page.css")
_CHECK = "M5 12.5l4.5 4.5L19 7.5"
_WARN = "M12 3.5L22 20.5H2zM12 10v4.5M12 17.6v.1"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page; `slug` names it in addresses."""

    slug: str
    title: str
    content: Markup


def page(*, title: str, eyebrow: str, above: Markup, sections: Sequence[Section], foot: str) -> Iterator[str]:
    """The page in pieces, to be written one after the other. `above` stands before the first section."""
    style = _STYLE.read_text(encoding="utf-8")
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    yield f'<header class="top wrap">\n{element("p", text(eyebrow), class_="eyebrow")}'
    yield element("h1", text(title))
    yield element("nav", element("ul", *map(_link, sections), class_="contents"), aria_label="Contents")
    yield f'\n</header>\n<main class="wrap">\n{above}\n'
    for section in sections:
        heading = element("h2", text(section.title), id=f"{section.slug}-title")
        yield element(
            "section",
            heading,
            section.content,
            id=section.slug,
            class_="section",
            aria_labelledby=f"{section.slug}-title",
        )
        yield "\n"
    yield f'</main>\n<footer class="foot wrap">{element("p", text(foot))}</footer>\n</body>\n</html>\n'


def state(good: bool, headline: str, words: str) -> Markup:
    """A strip that says whether all is well, by its words and its sign as well as by its colour."""
    sign = element(
        "svg",
        element("path", d=_CHECK if good else _WARN),
        viewBox="0 0 24 24",
        class_="state__sign",
        aria_hidden="true",
    )
    said = element("p", element("b", text(headline)), text(words))
    return element("div", sign, said, class_=f"state state--{'good' if good else 'bad'}", role="status")


def fact_list(facts: Sequence[tuple[str, str]], *, whole_width: Sequence[tuple[str, str]] = ()) -> Markup:
    """Names and values side by side; those of `whole_width` are words rather than figures."""
    cells = [_fact(name, value, None) for name, value in facts]
    return element("dl", *cells, *(_fact(name, value, "fill") for name, value in whole_width), class_="facts")


def paragraph(words: str, class_: str | None = None) -> Markup:
    return element("p", text(words), class_=class_)


def legend(entries: Sequence[tuple[str, str]]) -> Markup:
    """What the lines of a picture are: (class of the line, words)."""
    rows = (
        element("li", element("i", class_=f"key {tone}", aria_hidden="true"), text(words))
        for tone, words in entries
    )
    return element("ul", *rows, class_="legend")


def _link(section: Section) -> Markup:
    return element("li", element("a", text(section.title), href=f"#{section.slug}"))


def _fact(name: str, value: str, class_: str | None) -> Markup:
    return element("div", joined(element("dt", text(name)), element("dd", text(value))), class_=class_)

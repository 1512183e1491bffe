"""What does a page say to somebody who does not see it?"""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Reading(HTMLParser):
    """A page taken apart: its elements and texts in order. Whatever is opened has to be closed in turn."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), f"{tag}: an attribute stands there twice"
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open, f"</{tag}> without a beginning"
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open[-1:] != ["style"]:
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def check(page: str) -> Reading:
    """A page that stands alone and can be read aloud; what it says."""
    reading = Reading(page)
    assert len(reading.ids) == len(set(reading.ids))
    for tag, attributes in reading.elements:
        assert tag not in {"script", "link", "iframe", "img", "object", "base"}
        assert not any(name.startswith("on") for name in attributes)
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(attributes.get(name, "").split()) <= set(reading.ids)
    for attributes in reading.all("a"):
        assert attributes["href"].removeprefix("#") in reading.ids
    assert "url(" not in page
    assert "@import" not in page
    assert all("scope" in attributes for attributes in reading.all("th"))
    for attributes in reading.all("svg"):
        named = attributes.get("role") == "img" and len(attributes["aria-labelledby"].split()) == 2
        assert named or attributes.get("aria-hidden") == "true"
    return reading

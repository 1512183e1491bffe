"""Which drawings may stand in an item, and how are they set into its text?"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final

_SVG: Final = "{http://www.w3.org/2000/svg}"
_ELEMENTS: Final = frozenset("svg g path line polyline polygon rect circle ellipse text tspan".split())  # noqa: SIM905
_ATTRIBUTES: Final = frozenset(
    """viewBox class d x y x1 y1 x2 y2 dx dy cx cy r rx ry width height points transform
    fill fill-opacity fill-rule stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin
    stroke-opacity opacity font-size font-weight font-style font-family text-anchor dominant-baseline
    vector-effect data-region""".split()  # noqa: SIM905 - one name per line would take the page
)
_REGION: Final = "data-region"
_UNSAFE_VALUE: Final = re.compile(r"url\s*\(|javascript:|expression|[<>&\"]", re.IGNORECASE)
_SLOT: Final = re.compile(r"\[\[([^\[\]]*)\]\]")


class FigureError(ValueError):
    """A drawing that may not be shown; the message names the element or attribute."""


def inline_figure(svg: str, labels: Mapping[str, str], description: str) -> str:
    """The drawing as `<figure>` with an inline `<svg>` whose name is `description` (plain text).

    Rebuilt from allowed elements and presentation attributes, [[name]] replaced from `labels`.
    Raises FigureError for anything else: styles, ids, scripts, links, entities, unknown names.
    """
    if "<!" in re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL):
        raise FigureError("a document type or entity is not allowed")
    try:
        root = ET.fromstring(svg)  # noqa: S314 - no entities, see above
    except ET.ParseError as error:
        raise FigureError(f"not well-formed: {error}") from error
    if root.tag.removeprefix(_SVG) != "svg" or "viewBox" not in root.attrib:
        raise FigureError("the root is not an <svg> with a viewBox")
    if {"width", "height"} & set(root.attrib):
        raise FigureError("the root has a width or height; the page sizes it by the viewBox")
    opening = f'<svg viewBox="{escape(root.attrib["viewBox"])}" role="img" aria-label="{escape(description)}"'
    root.attrib.pop("viewBox")
    return f'<figure class="figure">{opening}{_inside(root, labels)}</figure>'


def read_figure(item: Path, name: object) -> str | None:
    """The source of a figure that lies beside an item; None when there is none of that name.

    Raises FigureError when it is not text.
    """
    if not isinstance(name, str) or not name or Path(name).name != name:
        return None
    file = item.with_name(name)
    try:
        return file.read_text(encoding="utf-8") if file.is_file() else None
    except (OSError, UnicodeDecodeError) as error:
        raise FigureError(f"{name} is not readable UTF-8") from error


def regions_of(svg: str) -> tuple[str, ...]:
    """Names of the places that can be chosen in a drawing, each once, in its order."""
    try:
        root = ET.fromstring(svg) if "<!DOCTYPE" not in svg else ET.Element("svg")  # noqa: S314 - no entities
    except ET.ParseError:
        return ()  # inline_figure says what is wrong
    return tuple(dict.fromkeys(name for shape in root.iter() if (name := shape.get(_REGION))))


def _inside(element: ET.Element, labels: Mapping[str, str]) -> str:
    """The element after its name: attributes, content and end tag."""
    tag = element.tag.removeprefix(_SVG)
    attributes = "".join(_attribute(name, value, tag) for name, value in element.attrib.items())
    content = escape(_labelled(element.text or "", labels), quote=False)
    for child in element:
        child_tag = child.tag.removeprefix(_SVG) if isinstance(child.tag, str) else "comment"
        if child_tag not in _ELEMENTS:
            raise FigureError(f"the element <{child_tag}> is not allowed")
        content += f"<{child_tag}{_inside(child, labels)}"
        content += escape(_labelled(child.tail or "", labels), quote=False)
    if tag not in ("text", "tspan"):
        content = re.sub(r"\s*\n\s*", "", content)
    return f"{attributes}>{content}</{tag}>"


def _attribute(name: str, value: str, tag: str) -> str:
    if name not in _ATTRIBUTES:
        raise FigureError(f"the attribute {name} of <{tag}> is not allowed")
    if _UNSAFE_VALUE.search(value):
        raise FigureError(f"the value of {name} of <{tag}> is not allowed")
    return f' {name}="{escape(value)}"'


def _labelled(text: str, labels: Mapping[str, str]) -> str:
    def label(match: re.Match[str]) -> str:
        if match.group(1) not in labels:
            raise FigureError(f"nothing is called [[{match.group(1)}]]")
        return labels[match.group(1)]

    return _SLOT.sub(label, text)

"""How does a LaTeX formula of an item become MathML that every reader can read?

The LaTeX is a small agreed part of the language, the MathML is rebuilt from allowed elements only,
and `alttext` says the formula in plain text for browsers and readers without MathML.
"""

import re
import xml.etree.ElementTree as ET
from functools import lru_cache
from typing import Final, Literal

from latex2mathml.converter import convert

Language = Literal["sr", "en"]

_COMMANDS: Final = frozenset(
    r"""frac sqrt cdot div le leq ge geq ne neq lt gt pi circ angle triangle alpha beta gamma delta varphi
    left right approx pm parallel perp cong sim in cup cap vert lvert rvert ldots dots to Rightarrow prime
    quad % , ; { }""".split()  # noqa: SIM905 - one name per line would take the page
)
_COMMAND: Final = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_ELEMENTS: Final = frozenset("math mrow mn mi mo mfrac msup msub msubsup msqrt mroot mspace".split())  # noqa: SIM905
_CHILDREN: Final = {"mfrac": 2, "msup": 2, "msub": 2, "msubsup": 3, "mroot": 2}
_ATTRIBUTES: Final = frozenset("stretchy fence form width display".split())  # noqa: SIM905
_NAMESPACE: Final = "{http://www.w3.org/1998/Math/MathML}"

_SPACED: Final = frozenset("=≠<>≤≥≈≅∼+−±·×÷∥⊥∈∪∩→⇒:")
_SIGNS: Final = frozenset("+−±")
_BEFORE_SIGN: Final = _SPACED | frozenset("([{,|")
_RELATIONS: Final = frozenset("=≠<>≤≥≈⇒")
# So many digits fit on a line of the narrowest phone (320 px), with room for a bracket and a full stop.
_LINE: Final = 21
_SUPERSCRIPTS: Final = str.maketrans("0123456789−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ")
_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_WORDS: Final = {
    "sr": {"root": "корен из", "nth root": "корен реда {} из", "∠": "угао ", "△": "троугао "},
    "en": {"root": "square root of", "nth root": "root of order {} of", "∠": "angle ", "△": "triangle "},
}


class FormulaError(ValueError):
    """A formula outside the agreed LaTeX; the message names the offending part."""


@lru_cache(maxsize=4096)
def to_mathml(latex: str, language: Language) -> str:
    """A `<math alttext="…">` element; in Serbian the decimal point becomes a comma.

    Browsers do not break a formula, so one too long for a phone comes as several elements with blanks
    between them: broken before = and other relations, then, if need be, before + and −.

    Raises FormulaError for an unknown command, a comma between digits (decimals are written with a
    point, coordinates with a blank) or LaTeX that does not parse.
    """
    _check(latex)
    try:
        tree: ET.Element = ET.fromstring(convert(latex))  # noqa: S314 - the converter's own output
    except Exception as error:  # the converter raises a dozen unrelated types
        raise FormulaError(f"the formula ${latex}$ cannot be read as LaTeX") from error
    root = _clean(tree, language)
    return " ".join(_element(root, piece, language) for piece in _pieces(root))


def _check(latex: str) -> None:
    if not latex.strip():
        raise FormulaError("a formula is empty")
    for command in _COMMAND.findall(latex):
        if command not in _COMMANDS:
            raise FormulaError(f"the command \\{command} in ${latex}$ is not one of the agreed ones")
    if stray := re.search(r"[&#~]|(?<!\\)%", latex):
        raise FormulaError(f"the sign {stray.group()} in ${latex}$ is not allowed (a per cent is \\%)")
    if latex.count("{") - latex.count(r"\{") != latex.count("}") - latex.count(r"\}"):
        raise FormulaError(f"the braces in ${latex}$ do not pair")
    if re.search(r"\d,\d", latex):
        raise FormulaError(
            f"in ${latex}$ a comma stands between digits; write decimals with a point, "
            "coordinates with a blank after the comma"
        )
    if re.search(r"[\u0400-\u04ff]", latex):
        raise FormulaError(f"a Cyrillic letter stands in ${latex}$; variables and units are Latin")


def _clean(element: ET.Element, language: Language) -> ET.Element:
    tag = element.tag.removeprefix(_NAMESPACE)
    if tag not in _ELEMENTS:
        raise FormulaError(f"the formula needs <{tag}>, which is not one of the agreed elements")
    text = (element.text or "").strip()
    if len(element) != _CHILDREN.get(tag, len(element)) or (tag in ("mi", "mn", "mo") and not text):
        raise FormulaError("a fraction, power, index or root lacks one of its parts")
    if tag == "mi" and not text.isalpha():
        tag = "mo"
    if tag == "mn" and language == "sr":
        text = text.replace(".", ",")
    clean = ET.Element(tag, {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES})
    clean.text = text
    if text == ":":
        # Division here; browsers set a colon as punctuation, without room on both sides.
        clean.attrib.update(lspace="0.22em", rspace="0.22em")
    for child in element:
        clean.append(_clean(child, language))
    _set_forms(clean)
    return clean


def _set_forms(row: ET.Element) -> None:
    """Says which signs belong to one number and which bars open or close.

    Browsers go by the place in the row alone: after a bracket or a comma they set −3 as a subtraction.
    """
    is_open = False
    before: ET.Element | None = None
    for child in row:
        if child.tag == "mo" and child.text == "|" and "form" not in child.attrib:
            is_open = not is_open
            child.set("form", "prefix" if is_open else "postfix")
        elif child.tag == "mo" and child.text in _SIGNS and _is_sign_place(before):
            child.set("form", "prefix")
        before = child


def _pieces(root: ET.Element) -> list[list[ET.Element]]:
    """What stands in the formula, cut into pieces that fit on a line as far as that is possible."""
    pieces = [list(root[0] if len(root) == 1 and root[0].tag == "mrow" else root)]
    for operators in (_RELATIONS, _SIGNS):
        pieces = [part for piece in pieces for part in _broken(piece, operators)]
    return pieces


def _broken(piece: list[ET.Element], operators: frozenset[str]) -> list[list[ET.Element]]:
    """`piece` cut before each of `operators` outside brackets; whole when it is short enough."""
    if sum(map(_width, piece)) <= _LINE:
        return [piece]
    parts: list[list[ET.Element]] = [[]]
    depth = 0
    for element in piece:
        text = element.text if element.tag == "mo" else None
        depth += (text in ("(", "[")) - (text in (")", "]"))
        if parts[-1] and depth == 0 and text in operators and element.get("form") != "prefix":
            # First in its piece, a browser would take it for the sign of a number.
            element.set("form", "infix")
            parts.append([])
        parts[-1].append(element)
    return parts


def _width(element: ET.Element) -> float:
    """About how many digits wide the element is."""
    widths = [_width(child) for child in element]
    match element.tag:
        case "mn" | "mi":
            return len(element.text or "")
        case "mo":
            return 2.1 if element.text in _SPACED and element.get("form") != "prefix" else 0.7
        case "mfrac":
            return max(widths)
        case "msup" | "msub" | "msubsup":
            return widths[0] + 0.7 * max(widths[1:])
        case "msqrt" | "mroot":
            return 1 + sum(widths)
        case _:
            return sum(widths)


def _element(root: ET.Element, piece: list[ET.Element], language: Language) -> str:
    element = ET.Element("math", root.attrib)
    row = ET.SubElement(element, "mrow")
    row.extend(piece)
    element.set("alttext", _reading(row, language))
    return ET.tostring(element, encoding="unicode", short_empty_elements=False)


def _reading(element: ET.Element, language: Language) -> str:
    """The element in plain text: fractions as 3/8, powers as x², roots and angles in words."""
    children = list(element)
    words = _WORDS[language]
    match element.tag:
        case "mn" | "mi":
            return element.text or ""
        case "mo":
            return words.get(element.text or "", element.text or "")
        case "mspace":
            return " "
        case "mfrac":
            return "/".join(_grouped(child, language) for child in children)
        case "msup":
            return _powered(children[0], _reading(children[1], language), language)
        case "msub":
            return _grouped(children[0], language) + _lowered(_reading(children[1], language))
        case "msubsup":
            base = _grouped(children[0], language) + _lowered(_reading(children[1], language))
            return base + _raised(_reading(children[2], language))
        case "msqrt":
            return f"{words['root']} {_grouped_all(children, language)}"
        case "mroot":
            degree = _reading(children[1], language)
            return f"{words['nth root'].format(degree)} {_grouped(children[0], language)}"
        case _:
            return _row(children, language)


def _row(children: list[ET.Element], language: Language) -> str:
    said = ""
    for index, child in enumerate(children):
        piece = _reading(child, language)
        before = children[index - 1] if index else None
        operator = child.text if child.tag == "mo" else None
        if operator in _SPACED and not (operator in _SIGNS and child.get("form") == "prefix"):
            said = f"{said.rstrip()} {operator} "
        elif operator == ",":
            said = f"{said.rstrip()}, "
        elif child.tag == "mfrac" and before is not None and before.tag == "mn":
            said += f" {piece}"
        elif child.tag == "mfrac" and index + 1 < len(children) and children[index + 1].tag in ("mi", "msup"):
            said += f"({piece})"
        elif child.tag in ("msqrt", "mroot") and said[-1:].isalnum():
            said += f" {piece}"
        else:
            said += piece
    return said.strip()


def _is_sign_place(before: ET.Element | None) -> bool:
    """Whether + or − here is the sign of what follows, not an operation between two things."""
    if before is None:
        return True
    return before.tag == "mo" and before.text in _BEFORE_SIGN and before.get("form") != "postfix"


def _grouped(element: ET.Element, language: Language) -> str:
    said = _reading(element, language)
    return said if re.fullmatch(r"[\w.,]+|\(.*\)|\w+[⁰-⁹¹²³⁻ⁿ₀-₉°]+", said) else f"({said})"


def _grouped_all(children: list[ET.Element], language: Language) -> str:
    row = ET.Element("mrow")
    row.extend(children)
    return _grouped(row, language)


def _powered(base: ET.Element, exponent: str, language: Language) -> str:
    if exponent in ("∘", "′"):
        return _reading(base, language) + ("°" if exponent == "∘" else "′")
    return (_reading(base, language) if base.tag == "mo" else _grouped(base, language)) + _raised(exponent)


def _raised(exponent: str) -> str:
    return exponent.translate(_SUPERSCRIPTS) if re.fullmatch(r"[0-9−n]+", exponent) else f"^({exponent})"


def _lowered(index: str) -> str:
    return index.translate(_SUBSCRIPTS) if index.isdecimal() else f"_{index}"

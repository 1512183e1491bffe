"""Does the small Markdown come out as safe HTML with readable formulas, and nothing else come through?"""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.markup import MarkupError, render, render_inline, split_formulas, to_plain

ALLOWED = {
    *(
        "p",
        "br",
        "strong",
        "em",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "span",
    ),
    *("math", "mrow", "mn", "mi", "mo", "mfrac", "msup", "msub", "msubsup", "msqrt", "mroot", "mspace"),
}
ALLOWED_ATTRIBUTES = {"class", "alttext", "display", "stretchy", "fence", "form", "width", "lspace", "rspace"}


def alttext(latex: str, language: str = "sr") -> str:
    match = re.search('alttext="([^"]*)"', render_inline(f"${latex}$", language))
    assert match
    return match.group(1)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("један", "<p>један</p>"),
        ("један\n\nдва", "<p>један</p>\n<p>два</p>"),
        ("**важно** и *споредно*", "<p><strong>важно</strong> и <em>споредно</em></p>"),
        ("- а\n- б", "<ul>\n<li>а</li>\n<li>б</li>\n</ul>"),
        ("1. а\n2. б", "<ol>\n<li>а</li>\n<li>б</li>\n</ol>"),
        ("2020\\. године", "<p>2020. године</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("5 \\$", "<p>5 $</p>"),
    ],
)
def test_render(text: str, html: str) -> None:
    assert render(text, "sr") == html


def test_table_stands_in_a_scrolling_box_without_inline_style() -> None:
    html = render("| а | б |\n|---|--:|\n| 1 | 2 |", "sr")
    assert html.startswith('<div class="table-scroll"><table><thead>')
    assert html.endswith("</table></div>")
    assert '<td class="align-right">2</td>' in html
    assert "style" not in html


def test_render_inline_has_no_paragraph() -> None:
    assert render_inline(" **три** км \n", "sr") == "<strong>три</strong> км"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("3 m и 12 km/h", "3~m и 12~km/h"),
        ("250 g, 9,81 m/s; 2400 cm² и 0,5 l.", "250~g, 9,81~m/s; 2400~cm² и 0,5~l."),
        ("3 min 45 s, −5 °C", "3~min 45~s, −5~°C"),
        ("20 динара за 4 сата", "20~динара за 4~сата"),
        ("25 euros for 2 hours", "25~euros for 2~hours"),
        ("**3** km", "<strong>3</strong>~km"),
        ("\ue0001\ue001 kg", "\ue0001\ue001~kg"),
        ("12 cm\n3", "12~cm\n3"),
        # Words that only begin like a unit, and numbers after one, may go to the next line.
        ("6 мачака, 3 mice, 7 sofas, 2 часописа", "6 мачака, 3 mice, 7 sofas, 2 часописа"),
        ("за m 5", "за m 5"),
    ],
)
def test_number_and_unit_stay_on_one_line(text: str, bound: str) -> None:
    assert render_inline(text, "sr") == bound.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("$x$ kg је", "~kg</span> је"),
        ("$2$ сата, па", "~сата,</span> па"),
        ("$2$, па", ",</span> па"),
        ("$2$.", ".</span>"),
        ("$x$ је kg", " је kg"),
        (r"$8000 \cdot 1{,}1 \cdot 0{,}9 = 7920$ динара, па", " динара, па"),
        ("$2$", ""),
    ],
)
def test_formula_keeps_unit_and_full_stop_on_its_line(text: str, rest: str) -> None:
    """In a span that does not break: beside a formula a no-break space does not hold."""
    html = render_inline(text, "sr")
    assert html.endswith("</math>" + rest.replace("~", "\u00a0"))
    assert html.startswith('<span class="number"><math' if "</span>" in rest else "<math")


def test_formula_keeps_the_bracket_before_it() -> None:
    assert render_inline("број ($x$) и", "sr").startswith('број <span class="number">(<math')


@pytest.mark.parametrize(
    ("latex", "pieces"),
    [
        ("200 \\cdot 13 + 400 = 3000", ["200 · 13 + 400 = 3000"]),
        ("200 \\cdot 13 + 400 = 2600 + 400 = 3000", ["200 · 13 + 400", "= 2600 + 400", "= 3000"]),
        (
            "(4a^2 + 12a + 9) - (4a^2 - 12a + 9) = 24a",
            ["(4a² + 12a + 9)", "− (4a² − 12a + 9)", "= 24a"],
        ),
        (
            "12345678 + 12345678 = -12345678 - 12345678",
            ["12345678 + 12345678", "= −12345678 − 12345678"],
        ),
    ],
)
def test_long_formula_comes_in_pieces_that_fit_on_a_phone(latex: str, pieces: list[str]) -> None:
    html = render_inline(f"${latex}$", "sr")
    assert re.findall('alttext="([^"]*)"', html) == pieces
    assert html.count("</math> <math") == len(pieces) - 1
    assert to_plain(html) == " ".join(pieces)


def test_piece_that_begins_with_minus_begins_with_a_subtraction() -> None:
    html = render_inline("$(4a^2 + 12a + 9) - (4a^2 - 12a + 9)$", "sr")
    assert '<mrow><mo form="infix">−</mo><mo' in html


def test_list_that_begins_with_a_unit_stays_a_list() -> None:
    assert render("1. m\n2. kg", "sr") == "<ol>\n<li>m</li>\n<li>kg</li>\n</ol>"


def test_decimal_point_becomes_a_comma_in_serbian_only() -> None:
    assert "<mn>2,75</mn>" in render("$2.75$", "sr")
    assert "<mn>2.75</mn>" in render("$2.75$", "en")


@pytest.mark.parametrize(
    ("latex", "reading"),
    [
        (r"2.75 \cdot 4 = 11", "2,75 · 4 = 11"),
        (r"\frac{3}{8}", "3/8"),
        (r"1\frac{3}{4}", "1 3/4"),
        (r"\frac{3}{4}x", "(3/4)x"),
        (r"\frac{x+1}{2}", "(x + 1)/2"),
        (r"\frac{\frac{1}{2}}{3}", "(1/2)/3"),
        (r"\left(\frac{1}{2}\right)^2", "(1/2)²"),
        ("x^{2} + y_1", "x² + y₁"),
        ("2^{-3}", "2⁻³"),
        ("(a+b)^{n+1}", "(a + b)^(n + 1)"),
        ("-3-(-5)", "−3 − (−5)"),
        ("|-3|", "|−3|"),
        (r"|-8| - 3 \cdot |2|", "|−8| − 3 · |2|"),
        ("A(2, -3)", "A(2, −3)"),
        (r"\angle ABC = 35.5^\circ", "угао ABC = 35,5°"),
        (r"\triangle ABC", "троугао ABC"),
        (r"\sqrt{16}", "корен из 16"),
        (r"5\sqrt{a^2+b^2}", "5 корен из (a² + b²)"),
        (r"\sqrt[3]{8}", "корен реда 3 из 8"),
        (r"a \le b", "a ≤ b"),
        (r"25\%", "25%"),
        ("15 : 3", "15 : 3"),
        ("f(x)=2x-1", "f(x) = 2x − 1"),
        ("a'", "a′"),
    ],
)
def test_formula_is_readable_as_plain_text(latex: str, reading: str) -> None:
    assert alttext(latex) == reading


def test_division_sign_has_room() -> None:
    assert '<mo lspace="0.22em" rspace="0.22em">:</mo>' in render_inline("$15 : 3$", "sr")


@pytest.mark.parametrize(
    "latex", ["-3", "(-3, 2)", "(4, -1)", "x = -3", r"3 \cdot -2", "[-3", r"\frac{-1}{2}", "2^{-3}", "|-3"]
)
def test_sign_of_a_number_is_no_subtraction(latex: str) -> None:
    assert render_inline(f"${latex}$", "sr").count('<mo form="prefix">−</mo>') == 1


@pytest.mark.parametrize("latex", ["4 - 3", "(4) - 3", "x^2 - 3", "|4| - 3", r"\left|4\right| - 3", "4x -"])
def test_subtraction_is_no_sign(latex: str) -> None:
    assert "<mo>−</mo>" in render_inline(f"${latex}$", "sr")


def test_bars_open_and_close() -> None:
    html = render_inline(r"$|-8| - |3|$", "sr")
    forms = re.findall(r'form="(\w+)">\|', html)
    assert forms == ["prefix", "postfix", "prefix", "postfix"]


def test_reading_speaks_the_language() -> None:
    assert alttext(r"\sqrt{2.5}", "en") == "square root of 2.5"
    assert alttext(r"\angle A", "en") == "angle A"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("цена је 5$", "no partner"),
        ("$$x$$", "single dollar signs"),
        ("$$", "single dollar signs"),
        (r"$\text{а}$", r"\\text in"),
        (r"$\href{javascript:alert(1)}{x}$", r"\\href"),
        (r"$\unknown$", r"\\unknown"),
        (r"$\frac{1}$", "lacks one of its parts"),
        ("$^2$", "lacks one of its parts"),
        (r"$\frac$", "cannot be read"),
        ("$x$ и $y\n\nz$", "not recognised"),
        ("$2,5$", "comma stands between digits"),
        ("$а + 1$", "Cyrillic letter"),
        ("$a & b$", "sign &"),
        ("$5 % 2$", "sign %"),
        ("$a}$", "braces"),
        ("$ $", "empty"),
        ("15. мај", "numbered list"),
        ("| $|x|$ | б |\n|---|---|\n| 1 | 2 |", "table was not recognised"),
    ],
)
def test_faults_are_named(text: str, message: str) -> None:
    with pytest.raises(MarkupError, match=message):
        render(text, "sr")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[клик](javascript:alert(1))",
        "![слика](http://example.org/a.png)",
        "<http://example.org>",
        "`код`",
        "# Наслов",
        "> навод",
        "[a]: http://example.org",
        "&lt;b&gt;",
        '"><svg/onload=alert(1)>',
    ],
)
def test_everything_else_comes_out_as_text(text: str) -> None:
    assert tags(render(text, "sr")) == {"p"}
    assert to_plain(render(text, "sr")) == " ".join(text.split())


def tags(html: str) -> set[str]:
    found: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.add(tag)
            assert {name for name, _ in attrs} <= ALLOWED_ATTRIBUTES

    Reader().feed(html)
    return found


@given(st.text(alphabet="abж<>&\"'`$\\{}^_|*-#[]()!/=: \n012.,%~", max_size=60))
def test_output_holds_allowed_elements_only(text: str) -> None:
    try:
        html = render(text, "sr")
    except MarkupError:
        return
    assert tags(html) <= ALLOWED


@given(st.text(alphabet="ab<>&\"'/=\\{}^_|2.+-", max_size=20))
def test_formulas_hold_allowed_elements_only(latex: str) -> None:
    try:
        html = render_inline(f"${latex}$", "en")
    except MarkupError:
        return
    assert tags(html) <= ALLOWED


def test_split_formulas() -> None:
    assert split_formulas("а $x$ б $y$") == [(False, "а "), (True, "x"), (False, " б "), (True, "y")]
    assert split_formulas(r"5 \$ и $x$") == [(False, r"5 \$ и "), (True, "x")]
    assert split_formulas("") == []


def test_to_plain_reads_formulas_and_entities() -> None:
    assert (
        to_plain(render("Ако је $x < 3$, онда **није** 5 > 7 & 1", "sr"))
        == "Ако је x < 3, онда није 5 > 7 & 1"
    )
    assert to_plain(render("Број ($x$) има $2$ m.", "sr")) == "Број (x) има 2 m."


def test_a_coefficient_to_be_filled_in_stays_with_its_formula() -> None:
    assert render("\ue0001\ue001 Fe + \ue0002\ue001 Cl₂ → \ue0003\ue001 FeCl₃ и \ue0004\ue001 The", "sr") == (
        "<p>\ue0001\ue001\u00a0Fe + \ue0002\ue001\u00a0Cl₂ → \ue0003\ue001\u00a0FeCl₃ и \ue0004\ue001 The</p>"
    )

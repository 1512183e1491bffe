"""How does the small Markdown of an item become HTML that is safe to show?

Paragraphs, bold, emphasis, lists, pipe tables, `$…$` formulas, `{la:Homo sapiens}` for words of another
language or script, and lines of verse ended by a backslash; nothing else is recognised, and HTML in the
source comes out as text. A number and its unit stay on one line. Pure: the same text gives the same HTML.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin

from accounts.transliteration import html_to_latin
from exams.formula import FormulaError, Language, to_mathml

__all__ = [
    "Language",
    "MarkupError",
    "in_serbian_latin",
    "render",
    "render_inline",
    "split_formulas",
    "to_plain",
    "without_foreign",
]

_FORMULA: Final = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$")
_TAG: Final = re.compile(r"<[^>]*>")
_FOREIGN: Final = re.compile(r"\{([a-z]{2}(?:-[A-Z][a-z]{3})?):([^{}]*)\}")
# Private-use characters carry the mark of a foreign phrase through Markdown, which has no notion of it.
_FOREIGN_IN_HTML: Final = re.compile("\ue010([a-zA-Z-]+)\ue011(.*?)\ue012", re.DOTALL)
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_UNIT: Final = (
    r"(?:[kdcm]?m[²³]?|km/h|m/s²?|[hdcm]?l|[mk]?g|t|s|h|min|ha|[kMGT]?B|°C|RSD|EUR"
    r"|[mkM]?[NJWVA]|kWh|[kM]?Ω|[hk]?Pa|[kM]?Hz|mol"
    r"|динар\w*|евр\w+|секунд\w*|минут\w*|сати?|сата|час(?:а|ова)?|степен[аи]?"
    r"|dinars?|euros?|seconds?|minutes?|hours?|degrees?)(?!\w)"
)
# U+E001 ends the mark of a gap, see exams.item_compilation.
_BEFORE_UNIT: Final = re.compile(rf"(?:(?<=[0-9\ue001])|(?<=[0-9]\*\*)) (?={_UNIT})")
# A chemical formula after the gap for its coefficient.
_AFTER_COEFFICIENT: Final = re.compile(
    "(?<=\ue001) (?=[A-Z][a-z]?(?:[A-Z₀-₉(][A-Za-z₀-₉()]*)?(?:[\\s.,;:+→]|$))"
)
_UNIT_FIRST: Final = re.compile(rf" (?={_UNIT})")
_FIT_ON_A_LINE: Final = 20
"""So many signs of a formula and its unit stand beside each other in a list at 320 px."""
_FORMULA_AND_NEIGHBOURS: Final = re.compile(
    r"([(„“]?)(<math\b[^>]*>(?:(?!</math>).)*</math>)((?:\u00a0[^\s<]+|[.,;:!?)”“]+)?)"
)


class MarkupError(ValueError):
    """A text that cannot be rendered; the message says what is wrong with it."""


def render(text: str, language: Language) -> str:
    """Block HTML of `text`: paragraphs, lists, tables (each in <div class="table-scroll">).

    Raises MarkupError for a formula outside the agreed LaTeX, an unpaired `$`, or a line that
    Markdown takes for a numbered list starting elsewhere than at 1 ("15. мај").
    """
    html = _rendered(text, language, inline=False)
    if "<ol start=" in html:
        raise MarkupError('a line starts like a numbered list; write the point as "\\."')
    if re.search(r"\|\s*:?---", html):
        raise MarkupError("a table was not recognised; its rows differ, or a formula in it holds a bar")
    return html


def render_inline(text: str, language: Language) -> str:
    """As `render`, for one line without a surrounding element (an option, a label)."""
    return _rendered(text, language, inline=True)


def without_foreign(text: str) -> str:
    """`text` with every marked phrase of another language taken out: what is left is the language's own."""
    return _FOREIGN.sub("", text)


def in_serbian_latin(html: str, *, block: bool) -> str:
    """Rendered Serbian for a reader of another language: in Latin letters, and marked as Serbian."""
    tag = "div" if block else "span"
    return f'<{tag} lang="sr-Latn" translate="no">{html_to_latin(html)}</{tag}>'


def split_formulas(text: str) -> list[tuple[bool, str]]:
    """`text` cut into (is a formula, piece); a formula comes without its dollar signs."""
    pieces: list[tuple[bool, str]] = []
    at = 0
    for match in _FORMULA.finditer(text):
        pieces.append((False, text[at : match.start()]))
        pieces.append((True, match.group(1)))
        at = match.end()
    pieces.append((False, text[at:]))
    return [(is_formula, piece) for is_formula, piece in pieces if piece or is_formula]


def to_plain(html: str) -> str:
    """The words of rendered HTML on one line, formulas by their readable form."""
    html = re.sub(r"""<math[^>]*\balttext="([^"]*)".*?</math>""", r"\1", html, flags=re.DOTALL)
    inline = r"</?(?:strong|em)>|<span (?:class=\"number\"|lang=\"[\w-]+\" translate=\"no\")>|</span>"
    text = _TAG.sub(" ", re.sub(inline, "", html))
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, character)
    return " ".join(text.split())


def _with_units_bound(text: str) -> str:
    """`text` with a no-break space between a number, gap or formula and the unit that follows it."""
    pieces: list[str] = []
    for is_formula, piece in split_formulas(text):
        if is_formula:
            pieces.append(f"${piece}$")
            continue
        if pieces and (first := _UNIT_FIRST.match(piece)):
            piece = "\u00a0" + piece[first.end() :]
        pieces.append(_AFTER_COEFFICIENT.sub("\u00a0", _BEFORE_UNIT.sub("\u00a0", piece)))
    return "".join(pieces)


def _rendered(text: str, language: Language, *, inline: bool) -> str:
    if text.replace(r"\$", "").count("$") % 2:
        raise MarkupError("a dollar sign has no partner; a formula is written $…$")
    if "$$" in text:
        raise MarkupError("a formula is written between single dollar signs")
    text = _with_units_bound(_with_foreign_marked(text))
    markdown = _markdown()
    env = {"language": language}
    try:
        html = markdown.renderInline(text.strip(), env) if inline else markdown.render(text, env)
    except FormulaError as error:
        raise MarkupError(str(error)) from error
    if "$" in _TAG.sub("", html.replace("&#36;", "")) and r"\$" not in text:
        raise MarkupError("a formula was not recognised; no table bar or line break may stand inside $…$")
    html = _FOREIGN_IN_HTML.sub(r'<span lang="\1" translate="no">\2</span>', str(html).strip())
    return _FORMULA_AND_NEIGHBOURS.sub(_kept_together, html)


def _with_foreign_marked(text: str) -> str:
    pieces = [
        f"${piece}$" if is_formula else _FOREIGN.sub(_foreign, piece)
        for is_formula, piece in split_formulas(text)
    ]
    return "".join(pieces)


def _foreign(match: re.Match[str]) -> str:
    language, phrase = match.groups()
    if language == "sr":
        language = "sr-Cyrl" if _CYRILLIC.search(phrase) else "sr-Latn"
    return f"\ue010{language}\ue011{phrase}\ue012"


def _kept_together(match: re.Match[str]) -> str:
    """A formula with the bracket, unit or full stop that touches it, none of which may begin a line.

    Beside a formula browsers may break even at a no-break space. A long calculation lets its unit go to the
    next line: together they would not fit on the narrowest phone.
    """
    before, formula, after = match.groups()
    unit = ""
    if after.startswith("\u00a0") and len(_TAG.sub("", formula) + after) > _FIT_ON_A_LINE:
        after, unit = "", " " + after[1:]
    kept = before + formula + after
    return (f'<span class="number">{kept}</span>' if before or after else kept) + unit


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("zero", {"html": False, "typographer": False})
    markdown.enable(
        ["list", "table", "emphasis", "escape", "newline", "balance_pairs", "fragments_join", "text_join"]
    )
    markdown.use(dollarmath_plugin, allow_labels=False, allow_space=True, allow_digits=True)
    markdown.disable("math_block")
    markdown.add_render_rule("math_inline", _formula)
    markdown.add_render_rule("table_open", lambda *_: '<div class="table-scroll"><table>')
    markdown.add_render_rule("table_close", lambda *_: "</table></div>")
    for cell in ("th_open", "td_open"):
        markdown.add_render_rule(cell, _cell)
    return markdown


def _formula(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return to_mathml(tokens[index].content, env["language"])


def _cell(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    # Markdown-it aligns by an inline style, which the pages' content policy forbids.
    token = tokens[index]
    align = re.search(r"text-align:(\w+)", str(token.attrs.get("style", "")))
    return f'<{token.tag} class="align-{align.group(1)}">' if align else f"<{token.tag}>"

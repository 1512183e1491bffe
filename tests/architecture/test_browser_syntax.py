"""Does every browser module keep to what phones of 2019 understand, and to what the content policy allows?

Each newer construct has a shape that cannot be mistaken once texts, comments and regular expressions are
taken out; `node --check` in `make check` parses the rest.
"""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import bare_javascript, files, text

# A plain assignment in a class body, right before a method.
_FIELD = r"^\s+(?:static\s+)?\w+\s*=(?!=)[^;{}]*;(?=\s*\n\s+(?:constructor|static|get|set|async)\b)"
_LATE_METHODS = "at|replaceAll|matchAll|findLast|findLastIndex|toSorted|toReversed|toSpliced"

NEWER = {
    "optional chaining (ES2020)": r"\?\.(?!\d)",
    "nullish coalescing (ES2020)": r"\?\?",
    "logical assignment (ES2021)": r"(?:\|\||&&)=",
    "dynamic import (ES2020)": r"(?<![.\w])import\s*\(",
    "import.meta (ES2020)": r"\bimport\.meta\b",
    "private member (ES2022)": r"#[A-Za-z_$]",
    "class field (ES2022)": _FIELD,
    "static block (ES2022)": r"\bstatic\s*\{",
    "number separator (ES2021)": r"\b\d+_\d",
    "BigInt (ES2020)": r"\b\d+n\b|\bBigInt\b",
    "export * as (ES2020)": r"\bexport\s*\*\s*as\b",
    "globalThis (ES2020)": r"\bglobalThis\b",
    "structuredClone (2022)": r"\bstructuredClone\b",
    "later Promise functions (ES2020)": r"\bPromise\.(?:allSettled|any|withResolvers)\b",
    "later methods of arrays and texts (ES2020)": rf"\.(?:{_LATE_METHODS})\s*\(",
    "later functions of Object (ES2022)": r"\bObject\.(?:hasOwn|groupBy)\b",
    "randomUUID (2021)": r"\brandomUUID\b",
    "AbortSignal.timeout or any (2022)": r"\bAbortSignal\.(?:timeout|any)\b",
}
UNSAFE = {
    "eval": r"(?<![.\w])eval\s*\(|\bnew\s+Function\b",
    "markup from text": r"\.(?:innerHTML|outerHTML)\s*=(?!=)|\.insertAdjacentHTML\s*\(|\bdocument\.write\b",
}

# (module, what it does) → why that is safe there.
ALLOWED = {
    (
        "exams/static/exams/js/player/dom.js",
        "markup from text",
    ): "compiled item text, checked by the paper's hash",
    (
        "exams/static/exams/js/player/labels.js",
        "markup from text",
    ): "the same, in a <template> that is never shown",
}


def shapes_in(code: str, shapes: dict[str, str]) -> set[str]:
    bare = bare_javascript(code)
    return {name for name, shape in shapes.items() if re.search(shape, bare, re.MULTILINE)}


def awaits_at_top_level(code: str) -> bool:
    """Whether some `await` stands outside every pair of braces, hence outside every async function."""
    depth = 0
    for token in re.findall(r"[{}]|\bawait\b", bare_javascript(code)):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if token == "await" and depth == 0:
            return True
    return False


def browser_modules() -> list[str]:
    return [path for path in files(".js") if "/static/" in path or path.endswith("sw.js")]


def test_modules_use_no_newer_syntax_or_interface() -> None:
    assert {path: found for path in browser_modules() if (found := shapes_in(text(path), NEWER))} == {}
    assert [path for path in browser_modules() if awaits_at_top_level(text(path))] == []


def test_modules_make_no_code_or_markup_from_text() -> None:
    found = {(path, name) for path in browser_modules() for name in shapes_in(text(path), UNSAFE)}
    assert found - set(ALLOWED) == set()
    assert set(ALLOWED) - found == set(), "no longer needed"


def test_modules_say_what_they_check() -> None:
    assert [path for path in browser_modules() if "// @ts-check" not in text(path)] == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a?.b", {"optional chaining (ES2020)"}),
        ("a ?.5 : 1", set()),
        ("a ?? b", {"nullish coalescing (ES2020)"}),
        ("'a?.b' + `${x} ?? ` // ??", set()),
        ("`${a ?? b}`", {"nullish coalescing (ES2020)"}),
        ("x = /a??b?.c/.test(y)", set()),
        ("x = 1_000", {"number separator (ES2021)"}),
        ("class A {\n  #x() {}\n}", {"private member (ES2022)"}),
        ("class A {\n  x = 1;\n  constructor() {}\n}", {"class field (ES2022)"}),
        ("function f() {\n  x = 1;\n  y = 2;\n}", set()),
        ("import('x')", {"dynamic import (ES2020)"}),
        ("this.import('x')", set()),
    ],
)
def test_newer_shapes_are_recognised(code: str, expected: set[str]) -> None:
    assert shapes_in(code, NEWER) == expected


def test_await_at_top_level_is_recognised() -> None:
    assert awaits_at_top_level("await x;")
    assert awaits_at_top_level("function f() {}\nconst a = await f();")
    assert not awaits_at_top_level("async function f() { await x; }")

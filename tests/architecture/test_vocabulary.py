"""Do names use the glossary's words, and one word for one thing?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import bare_javascript, files, text, tree

# Word → what to say instead. Singular; the plural counts as well.
BANNED = {
    "student": "candidate (in code), pupil (on screens)",
    "taker": "candidate",
    "quiz": "form, practice set",
    "question": "item",
    "answer": "response; the correct one is the key",
    "attempt": "sitting; in practice one go at one item is an attempt",
    "capacity": "theta",
    "discriminant": "discrimination",
    "grading": "response processing, scoring",
}
# Words pupils and teachers may read although code does not use them.
FINE_ON_SCREENS = {"question", "answer", "capacity", "grading"}
PRACTICE_ONLY = {"attempt"}

_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_JS_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_TEMPLATE_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TEMPLATE_REMARK = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def wrong_words(name: str, path: str, *, fine: frozenset[str] = frozenset()) -> set[str]:
    """Banned words among the pieces of a name such as `student_id`, `studentId` or `/students/`."""
    pieces = {piece.lower() for piece in _PIECES.findall(name)}
    singular = {re.sub(r"(?<=z)zes$|s$", "", piece) for piece in pieces}
    excused = fine | (PRACTICE_ONLY if "practice" in path else set())
    return ((pieces | singular) & set(BANNED)) - excused


def defined_names(module: ast.Module) -> Iterator[str]:
    """Names this module chooses: what it merely uses of other people's libraries is theirs."""
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def routes(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("path", "re_path")
        ):
            texts = [*node.args, *(keyword.value for keyword in node.keywords)]
            yield from (str(part.value) for part in texts if isinstance(part, ast.Constant))


def test_python_names() -> None:
    found = {
        (path, name): words
        for path in files(".py")
        for name in {path, *defined_names(tree(path)), *routes(tree(path))}
        if (words := wrong_words(name, path))
    }
    assert found == {}


def test_django_form_classes_are_called_inputs() -> None:
    # `Form` means the psychometric one: a frozen selection of items.
    classes = [
        (path, node)
        for path in files(".py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    ]
    assert [(path, node.name) for path, node in classes if re.fullmatch(r"\w+Form", node.name)] == []
    inputs = {
        (path, node.name)
        for path, node in classes
        for base in node.bases
        if re.search(r"\bforms\.(Model)?Form$|^ModelForm$", ast.unparse(base))
    }
    assert {(path, name) for path, name in inputs if not name.endswith("Input")} == set()


def test_javascript_names() -> None:
    found = {
        (path, name): words
        for path in files(".js")
        for name in {path, *_JS_NAME.findall(bare_javascript(text(path)))}
        if (words := wrong_words(name, path))
    }
    assert found == {}


def test_templates() -> None:
    found = {path: words for path in files(".html") if (words := template_words(path))}
    assert found == {}


def template_words(path: str) -> set[str]:
    """Banned words in the code of a template and, fewer being banned there, in what people read."""
    source = _TEMPLATE_REMARK.sub("", text(path))
    code = " ".join(_QUOTED.sub('""', part) for part in _TEMPLATE_CODE.findall(source))
    on_screen = _TEMPLATE_CODE.sub(lambda part: " ".join(_QUOTED.findall(part.group())), source)
    read = wrong_words(on_screen, path, fine=frozenset(FINE_ON_SCREENS))
    return read | wrong_words(code, path) | wrong_words(path, path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("student_id", {"student"}),
        ("loadQuizzes", {"quiz"}),
        ("/answers/<int:pk>/", {"answer"}),
        ("studentship", set()),
        ("QuestionView", {"question"}),
        ("attempt", {"attempt"}),
    ],
)
def test_wrong_words_are_found_inside_names(name: str, expected: set[str]) -> None:
    assert wrong_words(name, "exams/models/item.py") == expected
    assert wrong_words("attempt", "scoring/actions/practice.py") == set()

"""Do phones get our browser code without its comments, and otherwise as it is?"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from examsite.storage import ModuleManifestStorage, without_comments

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path
    for app in ("exams", "examsite", "scoring", "accounts")
    for path in (ROOT / app / "static").rglob("*.js")
    if "vendor" not in path.parts
)


def test_comments_and_indentation_go_and_nothing_else() -> None:
    source = """// @ts-check
// What is this?

/**
 * @param {string} text  // not the end */
export function shown(text) {
  // Said once.
  const address = "https://a.example"; // it shares its line
  const odd = "a; // b"; // stays: two texts
  const quote = "'"; // stays too: is a text open here?
  /* one line */
  return /** @type {any} */ (text) + "/* text */" + `// text`;
}
"""
    assert (
        without_comments(source)
        == """
export function shown(text) {
const address = "https://a.example";
const odd = "a; // b"; // stays: two texts
const quote = "'"; // stays too: is a text open here?
return /** @type {any} */ (text) + "/* text */" + `// text`;
}
"""
    )


def test_styles_lose_their_comments_too() -> None:
    assert (
        without_comments("/* Bars,\n   top */\n.a { margin: 0; } /* stays */\n")
        == ".a { margin: 0; } /* stays */\n"
    )


def test_a_text_over_several_lines_is_not_looked_into() -> None:
    source = "// gone?\nconst text = `first\n// second\n`;\n"
    assert without_comments(source) == source


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_every_module_of_ours_gets_smaller_and_keeps_its_imports(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    lean = without_comments(source)
    assert len(lean) < len(source), "a text over several lines keeps its comments: put it on one line"
    imports = re.compile(r"^(?:import|export)\b.*?(?= // |$)", re.MULTILINE)
    assert imports.findall(lean) == imports.findall(source)


def test_what_is_left_is_still_javascript() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    parse = """
      const { SourceTextModule } = require("node:vm");
      JSON.parse(require("node:fs").readFileSync(0, "utf8")).forEach(([identifier, code]) => {
        new SourceTextModule(code, { identifier });
      });
    """
    lean = [(str(path), without_comments(path.read_text(encoding="utf-8"))) for path in MODULES]
    command = [node, "--experimental-vm-modules", "--no-warnings", "-e", parse]
    subprocess.run(command, input=json.dumps(lean), text=True, check=True)


def test_collected_files_are_named_by_what_is_in_them_then(tmp_path: Path) -> None:
    """An import is rewritten, a comment is gone, and what others wrote keeps its licence."""
    source = tmp_path / "source"
    (source / "vendor").mkdir(parents=True)
    (source / "main.js").write_text('// Why.\nimport { two } from "./two.js";\nexport const one = two;\n')
    (source / "two.js").write_text("// Because.\nexport const two = 2;\n")
    (source / "vendor" / "theirs.js").write_text("// MIT licence\nexport const three = 3;\n")
    files = FileSystemStorage(source)
    storage = ModuleManifestStorage(location=tmp_path / "static", base_url="/static/")
    names = ("main.js", "two.js", "vendor/theirs.js")
    for name in names:
        with files.open(name) as file:
            storage.save(name, file)
    hashed = {
        name: found
        for name, found, done in storage.post_process({name: (files, name) for name in names})
        if done
    }
    read = {name: (tmp_path / "static" / hashed[name]).read_text() for name in names}
    assert read["two.js"] == "export const two = 2;\n"
    assert read["main.js"] == f'import {{ two }} from "./{hashed["two.js"]}";\nexport const one = two;\n'
    assert read["vendor/theirs.js"].startswith("// MIT licence\n")

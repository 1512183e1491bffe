"""What does a browser module answer where its twin in Python was asked the same? One call of Node for all."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
_SCRIPT = """
import { readFileSync } from "node:fs";
import { FUNCTION as asked } from "./exams/static/exams/js/MODULE";
const calls = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(calls.map((given) => asked(...given))));
"""


def in_browser(module: str, function: str, calls: Sequence[Sequence[Any]]) -> list[Any]:
    """What `function` of a module below exams/static/exams/js returns for each list of arguments.

    Arguments and results are JSON. Skips, which a complete run does not allow, where Node is not installed.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    script = _SCRIPT.replace("FUNCTION", function).replace("MODULE", module)
    done = subprocess.run(
        [node, "--input-type=module", "--eval", script],
        cwd=ROOT,
        input=json.dumps(calls),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    answers: list[Any] = json.loads(done.stdout)
    return answers

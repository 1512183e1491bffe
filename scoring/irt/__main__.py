"""`python -m scoring.irt`: what does an analyst want to do?"""

from __future__ import annotations

import io
import os
import sys

from scoring.irt.cli.main import main

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # also where a console or a pipe of old has another alphabet
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:  # such as `… | head`: whoever read has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)

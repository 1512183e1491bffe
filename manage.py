#!/usr/bin/env python
"""Runs the management commands."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examsite.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415  settings come first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

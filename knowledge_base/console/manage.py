"""Django's own commands for the console: `.venv/app/bin/python -m knowledge_base.console.manage COMMAND`."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line


def main(arguments: list[str] | None = None) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_base.console.settings")
    execute_from_command_line(["manage", *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    main()

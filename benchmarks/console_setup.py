"""Django as the console's benchmarks start it: in a folder of their own."""

from __future__ import annotations

import os
from pathlib import Path


def set_up_console(folder: Path, **urls: str) -> None:
    """Let Django read the console's settings with `folder` for all that is written; urls: of databases by setting, empty for SQLite."""
    os.environ |= {
        "CUSTOMS_VAR_DIR": str(folder),
        "CUSTOMS_CONSOLE_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "knowledge_base.console.settings",
    } | {f"CUSTOMS_{name.upper()}": url for name, url in urls.items()}
    import django

    django.setup()

"""Where releases and switches lie."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from knowledge_base.switches import FILE


def releases_folder() -> Path:
    return settings.HOME.parent / "releases"


def switches_file() -> Path:
    return releases_folder() / FILE

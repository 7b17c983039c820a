"""The console's words: `<part>/locale/<language>.po`, put together for Django whenever one of them changed."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(console: Path, into: Path) -> str:
    """Write one `<language>/LC_MESSAGES/django.mo` a language below `into`; returns `into` for Django's LOCALE_PATHS."""
    by_language: dict[str, list[Path]] = {}
    for path in sorted([*console.glob("locale/*.po"), *console.glob("*/locale/*.po")]):
        by_language.setdefault(path.stem, []).append(path)
    for language, paths in by_language.items():
        target = into / language / "LC_MESSAGES" / "django.mo"
        newest = max(path.stat().st_mtime_ns for path in paths)
        if target.exists() and target.stat().st_mtime_ns == newest + len(paths):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{uuid4().hex}")
        with aside.open("wb") as file:
            write_mo(file, _merged(language, paths))
        os.utime(aside, ns=(newest + len(paths), newest + len(paths)))
        os.replace(aside, target)
    return str(into)


def _merged(language: str, paths: list[Path]) -> Catalog:
    merged = Catalog(locale=language)
    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.string and not message.fuzzy:
                    merged.add(message.id, message.string, context=message.context)
    return merged

"""Translations: other figures than the original, unmarked, stale; and marking them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge_base.answer_text import figures_in
from knowledge_base.checks.checked import Checked
from knowledge_base.packs import Fault, read_pack
from knowledge_base.said import Said


def translations(checked: Checked) -> Iterator[Fault]:
    """Translations that do not go with their original."""
    for entry in checked.pack.entries.values():
        for language, translation in entry.translations.items():
            key = f"translations.{language}"
            if missing := figures_in(entry.answer) ^ figures_in(translation.answer):
                remedy = Said("Original and translation must name the same figures.")
                yield checked.in_entry(entry, key, ", ".join(sorted(missing)), remedy)
            if not translation.of:
                remedy = Said("Run `bin/customs check --stamp` once the translation is right.")
                yield checked.in_entry(entry, f"{key}.of", Said("empty"), remedy, "warning")
            elif translation.of != entry.fingerprint:
                remedy = Said("The original changed since; revise the translation, then stamp it.")
                yield checked.in_entry(entry, f"{key}.of", translation.of, remedy, "warning")


def stamp_translations(folder: Path) -> int:
    """Write the fingerprint of the original into every translation without one; returns how many were stamped.

    Only empty `of` values are filled, so a stale translation stays visible until its translator empties the mark.
    """
    pack = read_pack(folder)
    stamped = 0
    for path in sorted((folder / "faq").glob("*.yml")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        entry_id = ""
        for number, line in enumerate(lines):
            if match := re.match(r"\s*-\s+id:\s*(\S+)", line):
                entry_id = match[1]
            elif re.match(r"\s+of:\s*(''|\"\")?\s*$", line) and entry_id in pack.entries:
                lines[number] = line[: line.index("of:")] + f"of: '{pack.entries[entry_id].fingerprint}'\n"
                stamped += 1
        path.write_text("".join(lines), encoding="utf-8")
    return stamped

"""Sentences in the asker's language, in English where there is no translation."""

from __future__ import annotations

from pathlib import Path

from customs.wording import Wording, direction

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Hello, {name}."\nmsgstr "Bonjour, {name}."\n'


def test_lookup(tmp_path: Path) -> None:
    (tmp_path / "fr.po").write_text(PO, encoding="utf-8")
    say = Wording(tmp_path)
    assert say("fr", "Hello, {name}.", name="Ada") == "Bonjour, Ada."
    assert say("ru", "Hello, {name}.", name="Ada") == "Hello, Ada."
    assert say("fr", "Not translated {as it is}") == "Not translated {as it is}"


def test_direction() -> None:
    assert [direction(language) for language in ("ar", "ur", "en", "zh")] == ["rtl", "rtl", "ltr", "ltr"]

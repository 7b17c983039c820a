"""Every word of these pages stands in Arabic and French, with its placeholders."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from customs.settings import ROOT
from customs.wording import catalogue

PART = ROOT / "knowledge_base" / "console" / "publishing"
# Names of fields that no page shows, and words that Django or Wagtail translate.
_ELSEWHERE = {"when", "id", "object"}


def words() -> set[str]:
    found: set[str] = set()
    for path in PART.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                found.add(node.args[0].value)
    for path in PART.rglob("*.html"):
        text = path.read_text("utf-8")
        found.update(match[2] for match in re.finditer(r"{% translate ([\"'])(.*?)\1", text))
        found.update(re.findall(r'_\("(.*?)"\)', text))
        for body in re.findall(r"{% blocktranslate.*?%}(.*?){% endblocktranslate %}", text, re.S):
            found.add(re.sub(r"{{ ?(\w+) ?}}", r"%(\1)s", body))
    return found - _ELSEWHERE


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_word_is_translated_and_none_is_left_over(language: str) -> None:
    known, needed = catalogue(Path(PART / "locale"), language), words()
    assert len(needed) > 80
    assert needed - set(known) == set()
    assert set(known) - needed == set()
    for sentence, translation in known.items():
        assert sorted(re.findall(r"%\(\w+\)s", sentence)) == sorted(re.findall(r"%\(\w+\)s", translation)), sentence
        assert language != "ar" or re.search("[\u0600-\u06ff]", translation), sentence

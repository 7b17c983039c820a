"""Every word of the exchange's pages is there in the other languages of the console, with the same places for values."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from knowledge_base.console import exchange

FOLDER = Path(exchange.__file__).parent


def words() -> set[str]:
    found: set[str] = set()
    for path in FOLDER.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'{% translate "([^"]+)"', text))
        for body in re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", text, re.DOTALL):
            found.add(re.sub(r"{{ (\w+) }}", r"%(\1)s", body))
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "_"
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    return found


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_all_words_are_translated(language):
    with (FOLDER / "locale" / f"{language}.po").open("rb") as file:
        known = {message.id: message.string for message in read_po(file, locale=language) if message.id}
    assert words() - known.keys() == set(), "not translated"
    assert known.keys() - words() == set(), "not used any more"
    for sentence, translated in known.items():
        assert translated.strip() and sorted(re.findall(r"%\(\w+\)s", sentence)) == sorted(
            re.findall(r"%\(\w+\)s", translated)
        ), sentence

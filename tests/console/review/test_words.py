"""Every sentence of the review has its translation, with its places."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import knowledge_base.console as console
from customs.settings import ROOT

CONSOLE = Path(console.__file__).parent
PART = CONSOLE / "review"
IN_TEMPLATES = re.compile(r"""\{% translate (["'])(.*?)\1""")
IN_BLOCKS = re.compile(r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", re.S)
IN_CODE = re.compile(r"""\b(?:_|gettext_lazy|gettext_noop)\(\s*"((?:[^"\\]|\\.)*)"\s*\)""")
OF_ERRORS = re.compile(r'''(?:TryError\(|_BUSY =)\s*"([^"]+)"''')
PLACES = re.compile(r"%\(\w+\)s|%%")


def sentences() -> set[str]:
    found: set[str] = set()
    for path in PART.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= {match[1] for match in IN_TEMPLATES.findall(text)} | set(IN_CODE.findall(text))
        found |= {re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", inside) for inside in IN_BLOCKS.findall(text)}
    for path in PART.rglob("*.py"):
        found |= set(IN_CODE.findall(path.read_text(encoding="utf-8")))
    for path in (*(CONSOLE.parent / "trying").glob("*.py"), ROOT / "customs" / "trying.py"):
        found |= set(OF_ERRORS.findall(path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_sentence_is_translated_with_its_places(language: str) -> None:
    known: dict[str, str] = {}
    for path in sorted(CONSOLE.glob(f"*/locale/{language}.po")):
        with path.open("rb") as file:
            known |= {message.id: message.string for message in read_po(file) if isinstance(message.id, str)}
    assert len(sentences()) > 80 and len([one for one in sentences() if "%(entry)s" in one]) == 3
    assert {sentence for sentence in sentences() if not known.get(sentence)} == set()
    wrong = [one for one in sentences() if sorted(PLACES.findall(one)) != sorted(PLACES.findall(known[one]))]
    assert wrong == []

"""Every word of the exchange's pages is there in the other languages of the console, with the same places for values."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from customs.settings import ROOT
from knowledge_base.console import exchange
from knowledge_base.console.exchange.sheet_words import COLUMNS, SHEETS, column_words, sheet_words
from knowledge_base.console.exchange.shown import shown_changes, shown_faults
from knowledge_base.console.exchange.sum_words import NOTES, OUTCOMES, PARTS, about_words, outcome_words
from knowledge_base.exchange.sample_sums import catalogue, reckon
from knowledge_base.exchange.tables.layout import ALL_COLUMNS, LAYOUTS
from knowledge_base.goods.tree import tree
from knowledge_base.packs import read_pack

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


# ---------------------------------------------------------------- codes of the rules and of the files


def test_whatever_a_typical_sum_says_has_words():
    packs = {name: read_pack(ROOT / "knowledge_base" / "content" / name) for name in ("ae", "eu", "gb", "us")}
    said = {key for each in catalogue() for key in reckon(each, packs[each.administration], date(2026, 11, 22)).items()}
    codes = {code for about, _outcome in said for code in about}
    assert len(codes) > 40 and codes - {*PARTS, *NOTES, *tree()} == set()
    verdicts = {outcome for _about, outcome in said if outcome.isidentifier()}
    assert {"within", "over"} <= verdicts <= set(OUTCOMES)


@pytest.mark.parametrize(
    ("language", "about", "outcome"), [("fr", "bière › limite", "au-dessus"), ("ar", "جعة › الحد", "فوق الحد")]
)
def test_a_sum_is_told_in_the_readers_language(language, about, outcome):
    with translation.override(language):
        assert (about_words(["beer", "limit"]), outcome_words("over")) == (about, outcome)
        assert about_words(["to_tell", "not_by_post"]).endswith(" › not by post"), "a note that is new has its code"


def test_a_number_of_pieces_is_told_without_its_english_unit():
    assert outcome_words("200 each") == "200" and outcome_words("42 L") == "42 L" and outcome_words(None) == "–"


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_sheet_and_column_has_words(language):
    assert set(SHEETS) == set(LAYOUTS) and set(COLUMNS) == ALL_COLUMNS
    with translation.override(language):
        assert column_words("review_by") != "review_by" and column_words("nonsense") == "nonsense"
        assert sheet_words("entries") != "entries" and sheet_words("Sheet1") == "Sheet1"


@pytest.mark.parametrize(
    ("language", "words"), [("fr", ["Réponses", "Texte de la réponse"]), ("ar", ["الإجابات", "نص الإجابة"])]
)
def test_the_changes_of_a_table_are_shown_in_words(language, words):
    change = ["entries", 2, "changed", "qm.cash.declare", "answer", "old", "new"]
    fault = {"sheet": "entries", "row": 3, "column": "answer", "value": "", "remedy": ""}
    with translation.override(language):
        (shown,), (wrong,) = shown_changes([change]), shown_faults([fault])
        assert [shown["sheet"], shown["rows"][0]["column"]] == words == [wrong["sheet"], wrong["column"]]
        assert wrong["id"] == "answer", "that is how it is called in the file"

"""Every sentence that the actions say stands in every catalogue, with its placeholders, and no catalogue holds another."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from actions.reply import say
from customs.settings import ROOT
from customs.wording import catalogue

ACTIONS = ROOT / "actions"
TRANSLATED = ("ar", "es", "fr", "hi", "ru", "ur", "zh")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# The writing that a translation must be in, so that no English is left in it.
_SCRIPT = {
    "ar": "[\u0600-\u06ff]", "ur": "[\u0600-\u06ff]", "hi": "[\u0900-\u097f]", "ru": "[\u0400-\u04ff]", "zh": "[\u4e00-\u9fff]",
}  # fmt: skip


def sentences_in(source: str) -> set[str]:
    """The sentences that a module passes to `say`: literals, and the values of module constants that it picks from.

    Raises AssertionError for a `say` whose sentence cannot be seen in the code.
    """
    tree = ast.parse(source)
    constants = {
        target.id: {node.value for node in ast.walk(statement.value) if _is_text(node)}
        - {key.value for node in ast.walk(statement.value) if isinstance(node, ast.Dict) for key in node.keys if key}
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    found: set[str] = set()
    for scope in ast.walk(tree):
        if not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        # `for name, text in REASONS.items()` lets `text` stand for the values of REASONS.
        loops = [node for node in ast.walk(scope) if isinstance(node, (ast.For, ast.comprehension))]
        drawn = {
            target.id: _names(loop.iter)
            for loop in loops
            for target in ast.walk(loop.target)
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(scope):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "say"):
                continue
            sentence = call.args[1]
            if _is_text(sentence):
                found.add(sentence.value)
                continue
            names = _names(sentence)
            names |= {name for local in names for name in drawn.get(local, ())}
            picked = [constants[name] for name in names if constants.get(name)]
            assert picked, f"line {call.lineno}: cannot see which sentence {ast.unparse(call)} says"
            found.update(*picked)
    return found


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def all_sentences() -> set[str]:
    return {sentence for path in sorted(ACTIONS.rglob("*.py")) for sentence in sentences_in(path.read_text("utf-8"))}


def test_the_sentences_are_found_in_the_code() -> None:
    source = """
WORDS = {"hello": "Hello.", "bye": "Bye."}
def reply(language, kind):
    say(language, "Just so, {name}.", name=1)
    [say(language, text) for name, text in WORDS.items()]
    say(language, WORDS[kind])
"""
    assert sentences_in(source) == {"Hello.", "Bye.", "Just so, {name}."}
    with pytest.raises(AssertionError, match="cannot see which sentence"):
        sentences_in("def reply(language, text):\n    say(language, text)\n")
    found = all_sentences()
    assert {"Which of these do you mean?", "It is out of date", "Related questions", "Goodbye, and a good journey."} <= found
    assert len(found) > 45


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    missing = all_sentences() - set(catalogue(ACTIONS / "locale", language))
    assert not missing, f"actions/locale/{language}.po lacks: {sorted(missing)}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_catalogue_holds_a_sentence_that_nobody_says(language: str) -> None:
    stale = set(catalogue(ACTIONS / "locale", language)) - all_sentences()
    assert not stale, f"actions/locale/{language}.po has sentences that no action says: {sorted(stale)}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_kept(language: str) -> None:
    for sentence, translation in catalogue(ACTIONS / "locale", language).items():
        assert sorted(_PLACEHOLDER.findall(sentence)) == sorted(_PLACEHOLDER.findall(translation)), sentence
        values = dict.fromkeys(_PLACEHOLDER.findall(sentence), "x")
        assert "{" not in say(language, sentence, **values)


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_are_not_english(language: str) -> None:
    for sentence, translation in catalogue(ACTIONS / "locale", language).items():
        assert translation != sentence
        assert re.search(_SCRIPT.get(language, ""), translation), f"{sentence!r} → {translation!r}"
        assert translation == translation.strip() and "  " not in translation


def test_there_is_a_catalogue_for_every_language_but_english() -> None:
    assert {path.stem for path in Path(ACTIONS / "locale").glob("*.po")} == set(TRANSLATED)

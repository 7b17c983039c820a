from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from benchmarks import questions, stock_bot


def test_sixty_different_questions_over_four_administrations():
    asked = questions.knowledge_questions()
    assert len({question["text"] for question in asked}) == 60
    assert Counter(question["administration"] for question in asked) == {name: 15 for name in ("ae", "us", "gb", "eu")}


def test_conversations_have_five_turns_about_one_administration():
    talks = questions.conversations(questions.knowledge_questions())
    assert [len(talk) for talk in talks] == [5] * 12
    assert all(len({turn["administration"] for turn in talk}) == 1 for talk in talks)


def test_too_few_questions_are_an_error(tmp_path: Path):
    (tmp_path / "ae.yml").write_text("questions: []", encoding="utf-8")
    with pytest.raises(ValueError, match="ae.yml has 0 English questions"):
        questions.knowledge_questions(tmp_path)


def test_the_stock_bot_was_not_trained_on_what_it_is_asked():
    intents = YAML(typ="safe").load(stock_bot.ADDED / "nlu.yml")["nlu"]
    taught = {line.removeprefix("- ").casefold() for intent in intents for line in intent["examples"].splitlines()}
    asked = {question["text"].casefold() for question in questions.knowledge_questions()}
    assert len(taught) >= 20 and not taught & asked


def test_the_expected_answer_is_the_action_s():
    assert f'text="{stock_bot.ACTION_TEXT}"' in (stock_bot.ADDED / "actions.py").read_text(encoding="utf-8")


def test_stock_conversations_have_as_many_turns_as_ours():
    assert {len(chat) for chat in stock_bot.CHATS} == {questions.TURNS}


def test_the_stock_bot_gets_none_of_our_switches(monkeypatch):
    monkeypatch.setenv("CUSTOMS_VAR_DIR", "var")
    monkeypatch.setenv("PYTHONPATH", ".")
    found = stock_bot.environment(STOCK_ACTIONS_URL="http://127.0.0.1:1")
    assert not [name for name in found if name.startswith("CUSTOMS_") or name == "PYTHONPATH"]
    assert found["STOCK_ACTIONS_URL"] == "http://127.0.0.1:1" and found["RASA_TELEMETRY_ENABLED"] == "false"


def test_the_action_server_s_address_is_a_plain_scalar():
    # In quotes Rasa leaves the variable as it stands, every action call fails, and the bot answers nothing, quickly.
    assert "url: ${STOCK_ACTIONS_URL}/webhook\n" in (stock_bot.ADDED / "endpoints.yml").read_text(encoding="utf-8")

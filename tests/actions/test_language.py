"""In which language a reply is: that of the message, of the conversation, of the page."""

from __future__ import annotations

import pytest

import actions.context
from knowledge_base.language import Identified
from tests.actions.support import Conversation


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("speak arabic please", "ar"), ("عربي", "ar"), ("en español por favor", "es"), ("français", "fr"), ("हिंदी में", "hi"),
        ("по-русски", "ru"), ("اردو", "ur"), ("用中文", "zh"), ("in english please", "en"),
    ],
)  # fmt: skip
def test_changing_the_language_by_its_name(talk: Conversation, text: str, language: str) -> None:
    answer = talk.say(text, "change_language")
    assert (answer.outcome, answer.language) == ("smalltalk", language)
    assert talk.slots["language"] == language
    # What is pressed next is answered in it.
    assert talk.press("/help").language == language


def test_changing_the_language_by_a_button(talk: Conversation) -> None:
    answer = talk.say("change language", "change_language")
    assert answer.buttons["العربية"] == '/change_language{"language":"ar"}'
    assert len(answer.buttons) == 8
    answer = talk.press(answer.buttons["العربية"])
    assert (answer.language, answer.direction) == ("ar", "rtl")
    assert answer.text.startswith("سأجيب بالعربية")


@pytest.mark.parametrize("language", ["tlh", "en-GB"])
def test_a_language_that_is_not_spoken_is_asked_for(talk: Conversation, language: str) -> None:
    answer = talk.press(f'/change_language{{"language":"{language}"}}')
    assert len(answer.buttons) == 8
    assert "language" not in answer.slots()


def test_the_last_answer_can_be_read_in_the_new_language(talk: Conversation) -> None:
    talk.say("how much wine can i bring to meridia")
    answer = talk.press('/change_language{"language":"ar"}')
    assert answer.buttons == {
        "كم من النبيذ يمكنني إحضاره إلى ميريديا؟": '/choose_entry{"entry":"qm.alcohol.allowance"}'
    }
    assert talk.press(*answer.buttons.values()).language == "ar"


def test_the_country_is_still_asked_for_in_the_new_language(talk: Conversation) -> None:
    talk.say("how much wine can i bring")
    answer = talk.press('/change_language{"language":"ar"}')
    assert "عن أي بلد تسأل؟" in answer.text
    assert talk.press(answer.buttons["ميريديا"]).entry == "qm.alcohol.allowance"


def test_the_message_tells_more_than_the_page(talk: Conversation) -> None:
    assert talk.say("كمية النبيذ المسموحة للمسافر", administration="qm", language="fr").language == "ar"
    assert talk.slots["language"] == "ar"


def test_the_language_of_the_page_is_not_taken_for_the_asker_s(talk: Conversation) -> None:
    answer = talk.press("/start", language="fr")
    assert answer.language == "fr"
    assert "language" not in talk.slots
    assert talk.press("/start", language="es").language == "es"


def test_a_word_that_tells_nothing_keeps_the_language_of_the_conversation(talk: Conversation) -> None:
    talk.press('/change_language{"language":"ar"}')
    answer = talk.say("vape", administration="qm")
    assert answer.block("notice"), "framed in Arabic"
    assert talk.slots["language"] == "ar"


def test_a_guess_at_the_language_does_not_turn_a_conversation(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.context, "identify", lambda *args, **more: Identified("fr", None, False))
    assert talk.say("vape total max").slots().get("language") is None
    assert talk.say("kangaroo total max").language == "fr", "better than nothing while nothing is known"
    talk.slots["language"] = "es"
    assert talk.say("kangaroo total max").language == "es"


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "hi", "ru", "ur", "zh"])
def test_every_framing_sentence_is_in_the_language_of_the_asker(talk: Conversation, language: str) -> None:
    """Ask for each kind of reply by buttons and compare with the English one: no sentence of ours is the same."""
    english, other = Conversation("en", language="en"), Conversation("other", language=language)
    for payload in ("/start", "/help", "/ask_human", "/restart", '/give_feedback{"rating":"down"}',
                    '/give_feedback{"rating":"up"}', '/start{"entry":"nothing"}', '/change_administration{"administration":"x"}'):  # fmt: skip
        ours, theirs = english.press(payload).blocks, other.press(payload).blocks
        sentences = [_sentences(blocks) for blocks in (ours, theirs)]
        assert len(sentences[0]) == len(sentences[1])
        if language != "en":
            same = set(sentences[0]) & set(sentences[1])
            assert not same, (payload, same)


def _sentences(blocks: list[dict]) -> list[str]:
    found = [block["text"] for block in blocks if block["type"] in {"paragraph", "notice"}]
    found += [item for block in blocks if block["type"] == "list" for item in block["items"]]
    found += [block["label"] for block in blocks if block.get("label")]
    return found

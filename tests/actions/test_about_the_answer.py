"""Questions about the last answer itself are answered from it: for whom, since when, who says so, why, in which currency."""

from __future__ import annotations

import pytest

from actions.follow_up import asks_about_answer
from tests.actions.support import Conversation

ASKS = {
    "per_person": [
        "is that per person", "is this allowance per person or per family", "what about my wife", "¿es por persona?", "et ma femme ?",
        "c'est par personne ?", "это на человека?", "а жена?", "هل هذا لكل شخص", "وزوجتي؟", "क्या यह प्रति व्यक्ति है", "मेरी पत्नी का क्या",
        "فی کس؟", "میری بیوی کا کیا", "是每人吗", "我老婆呢",
    ],
    "since_when": [
        "since when", "since when is that valid", "y eso desde cuándo", "depuis quand", "с каких пор", "منذ متى", "कब से", "کب سے", "从什么时候开始",
    ],
    "source": [
        "where does that come from", "are you sure?", "really?", "de dónde sale eso", "d'où ça vient", "откуда это", "من أين هذا", "यह कहाँ से",
        "آپ کو یقین ہے؟", "来源是什么", "where is that written", "dónde dice eso", "où c'est écrit", "где это написано", "وين مكتوب", "कहाँ लिखा है", "کہاں لکھا ہے",
        "kahan likha hai", "哪里写的",
    ],
    "why": ["why", "why not", "por qué", "pourquoi", "почему", "لماذا", "क्यों", "کیوں", "为什么"],
    "convert": [
        "how much is that in dollars", "in euros?", "en dólares", "en euros ?", "сколько это в рублях", "كم يساوي بالدولار", "डॉलर में कितना",
        "ڈالر میں کتنا", "多少美元",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "about"), [(text, about) for about, texts in ASKS.items() for text in texts])
def test_a_question_about_the_answer(text: str, about: str) -> None:
    assert asks_about_answer(text) == about


@pytest.mark.parametrize(
    "text",
    [
        "can i bring a drone", "how many cigarettes per person", "my wife stopped breathing", "can my wife carry 5000 euros", "why is vape banned",
        "can i convert my dirhams to dollars at the airport", "what is the official exchange rate for customs value",
        "since when must importers register with the customs portal", "",
    ],
)  # fmt: skip
def test_a_question_of_its_own(text: str) -> None:
    assert asks_about_answer(text) is None


@pytest.fixture
def wine(talk: Conversation) -> Conversation:
    talk.say("how much wine can i bring to meridia")
    return talk


def test_for_whom(wine: Conversation) -> None:
    answer = wine.say("is that per person")
    assert answer.verdict == ("answered", None) and answer.entry == "qm.alcohol.allowance"
    assert answer.block("paragraph")[1]["text"] == "Yes: each adult may bring 3 litres of wine free of duty."
    assert answer.sources


def test_an_answer_that_does_not_say_for_whom_says_so_and_names_the_office(talk: Conversation) -> None:
    talk.say("declare cash meridia")
    answer = talk.say("is that per person")
    assert answer.text.startswith("The guidance does not say for how many people")
    assert answer.block("card")


def test_since_when(talk: Conversation) -> None:
    talk.say("how many vapes can i bring to meridia")
    answer = talk.say("since when")
    assert answer.block("paragraph")[0]["text"] == "2 holds since 1 January 2026."
    assert (
        "20 November 2026" in answer.block("notice")[0]["text"] and "21 May 2027" in answer.block("notice")[0]["text"]
    )


def test_since_when_is_not_known(wine: Conversation) -> None:
    assert wine.say("since when").text.startswith("The guidance does not say since when")


def test_who_says_so(wine: Conversation) -> None:
    answer = wine.say("where does that come from")
    assert [source["url"] for source in answer.sources] == ["https://customs.meridia.example/arriving"]
    assert answer.block("source")[0]["checked"] == "2026-11-20"


def test_why_names_sources_and_office_and_no_reason(wine: Conversation) -> None:
    answer = wine.say("why")
    assert answer.block("source") and answer.block("card")
    assert "seldom why" in answer.text


def test_no_rate_is_invented(talk: Conversation) -> None:
    talk.say("declare cash meridia")
    answer = talk.say("how much is that in dollars")
    assert answer.entry == "qm.cash.declare"
    assert "no exchange rates" in answer.text and "5,000" in answer.text
    assert "$" not in answer.text


def test_an_answer_without_money(wine: Conversation) -> None:
    assert "names no amount of money" in wine.say("how much is that in euros").text


@pytest.mark.parametrize(
    ("text", "language"), [("منذ متى", "ar"), ("et depuis quand ?", "fr"), ("откуда это", "ru"), ("是每人吗", "zh")]
)
def test_in_the_language_of_the_asker(wine: Conversation, text: str, language: str) -> None:
    answer = wine.say(text)
    assert answer.entry == "qm.alcohol.allowance" and answer.language == language


def test_a_declined_question_between_does_not_end_the_talk(wine: Conversation) -> None:
    assert wine.say("funny joke please").outcome == "declined"
    assert wine.say("since when").entry == "qm.alcohol.allowance"


def test_the_question_is_kept_for_another_country(wine: Conversation) -> None:
    wine.say("since when")
    assert wine.say("and to norland?").entry == "qn.alcohol.allowance"


@pytest.mark.parametrize("text", ["since when", "why", "really?", "is that per person"])
def test_without_an_answer_before_there_is_nothing_to_tell(talk: Conversation, text: str) -> None:
    answer = talk.say(text, administration="qm")
    assert "last read" not in answer.text and "seldom why" not in answer.text and "This is what" not in answer.text

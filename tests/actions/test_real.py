"""A handful of talks on the real encoder and the release that `make setup` built of the real packs."""

from __future__ import annotations

from datetime import date

import pytest

from actions.base import Service
from actions.knowledge import Knowledge
from actions.sums import allowance
from customs.settings import Settings
from knowledge_base.index.release import CURRENT, read_manifest
from knowledge_base.search import Searcher
from tests.actions.support import Answer, Conversation

FOUR = {"ae", "us", "gb", "eu"}


@pytest.fixture(scope="module")
def real() -> tuple[Settings, Knowledge]:
    settings = Settings()
    # Missing parts fail: `make test` sets them up, so a skip would only hide that it did not.
    manifest = read_manifest(settings.var_dir / "releases" / CURRENT)
    assert set(manifest["counts"]) == FOUR, "the served release is not of the four packs; run `make setup`"
    knowledge = Knowledge(settings)
    assert knowledge.served is not None, knowledge.problem
    return settings, knowledge


@pytest.fixture
def talk(real: tuple[Settings, Knowledge], monkeypatch: pytest.MonkeyPatch) -> Conversation:
    monkeypatch.setattr(Service, "settings", real[0], raising=False)
    monkeypatch.setattr(Service, "knowledge", real[1], raising=False)
    return Conversation()


def leads_to(answer: Answer, entry: str) -> bool:
    """Is `entry` the answer, or the first that is offered where the search is not quite sure?"""
    return answer.entry == entry or next(iter(answer.buttons.values()), "") == f'/choose_entry{{"entry":"{entry}"}}'


@pytest.mark.parametrize(
    ("text", "entry", "language"),
    [
        ("hw mny cigarettes cn i take to uk", "gb.tobacco.allowance", "en"),
        ("how much alcohol can i bring to dubai", "ae.alcohol.allowance", "en"),
        ("combien de cigarettes puis-je ramener en france", "eu.tobacco.allowance", "fr"),
        ("cuánto dinero en efectivo puedo llevar a estados unidos", "us.cash.limit", "es"),
        ("kam sigara momken adakhel dubai", "ae.tobacco.allowance", "ar"),
    ],
)
def test_a_question_as_people_type_it(talk: Conversation, text: str, entry: str, language: str) -> None:
    answer = talk.say(text)
    assert leads_to(answer, entry)
    assert answer.language == language


def test_a_talk_that_changes_its_country(talk: Conversation) -> None:
    answer = talk.say("how many cigarettes can i bring")
    assert answer.verdict == ("asked_back", "which_administration")
    assert leads_to(talk.press(answer.buttons["United Arab Emirates"]), "ae.tobacco.allowance")
    assert leads_to(talk.say("and to london?"), "gb.tobacco.allowance")
    assert talk.say("what about japan?").verdict == ("declined", "other_administration")
    assert leads_to(talk.say("dubai then", "inform"), "ae.tobacco.allowance")


def test_a_talk_in_arabic_goes_on_in_arabic(talk: Conversation) -> None:
    answer = talk.say("كم سيجارة يمكنني إحضارها إلى دبي")
    assert leads_to(answer, "ae.tobacco.allowance") and answer.direction == "rtl"
    answer = talk.say("وإلى لندن؟")
    assert leads_to(answer, "gb.tobacco.allowance") and answer.language == "ar"
    for payload in answer.buttons.values():
        talk.press(payload)
        assert talk.slots["language"] == "ar"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("where is my parcel, tracking number 123456", "personal_case"),
        ("how do i hide gold from customs at dubai airport", "unlawful"),
        ("what will the weather be like in dubai", "out_of_scope"),
        ("how much whisky can i take into australia", "other_administration"),
    ],
)
def test_a_decline(talk: Conversation, text: str, reason: str) -> None:
    answer = talk.say(text)
    assert answer.verdict == ("declined", reason)
    assert answer.entry is None and answer.sources == []


@pytest.mark.parametrize(
    ("text", "intent"), [("hi there", "greet"), ("شكرا جزيلا", "thank"), ("ok bye bye", "goodbye"), ("धन्यवाद", "thank")]
)
def test_small_talk_stays_small_talk(talk: Conversation, text: str, intent: str) -> None:
    assert talk.say(text, intent).outcome == "smalltalk"


def test_thanks_and_a_question(talk: Conversation) -> None:
    talk.say("how much wine can i bring to the uk")
    assert leads_to(talk.say("thanks, and cigars?", "thank"), "gb.tobacco.allowance")


@pytest.mark.parametrize("administration", sorted(FOUR))
def test_every_suggestion_and_every_related_question_leads_to_an_answer(
    talk: Conversation, administration: str
) -> None:
    talk.hints.pop("date")
    shelf = Service.knowledge.served.release.shelves[administration]
    assert len(talk.press("/start", administration=administration).buttons) == 4
    for entry in shelf.entries:
        answer = talk.press(f'/choose_entry{{"entry":"{entry.id}"}}')
        expected = "answered" if entry.effective.holds_on(date.today()) else "declined"
        assert answer.outcome == expected, entry.id


@pytest.mark.parametrize("administration", sorted(FOUR))
def test_there_is_an_office_for_travellers_and_traders(talk: Conversation, administration: str) -> None:
    for audience in ("traveller", "trader"):
        talk.slots["audience"] = audience
        answer = talk.press("/ask_human", administration=administration)
        assert 1 <= len(answer.block("card")) <= 3


@pytest.mark.parametrize(
    ("text", "administration"),
    [
        ("can my cousin in greece mail me a bottle of ouzo", "us"),
        ("one replica watch from Turkey in my luggage - trouble?", "eu"),
    ],
)
def test_a_question_that_could_be_a_sum_is_searched_for_once(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch, text: str, administration: str
) -> None:
    searched = []
    search_anew = Searcher.search_anew
    monkeypatch.setattr(Searcher, "search_anew", lambda own, asked: searched.append(asked) or search_anew(own, asked))
    assert talk.say(text, administration=administration).verdict[0] == "answered"
    assert len(searched) == 1, searched


def test_a_sum_that_waits_is_not_worked_out_again_for_what_is_asked_meanwhile(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    check = allowance.check_allowance
    monkeypatch.setattr(allowance, "check_allowance", lambda *given: checked.append(given) or check(*given))
    begun = talk.say("i am bringing 3 bottles of gin and 300 cigarettes", administration="gb")
    assert begun.reason == "which_fact"
    asked, worked_out = begun.text.splitlines()[-1], len(checked)
    for text in ("can i bring my dog to london?", "how much cash must i declare?"):
        assert asked in talk.say(text, administration="gb").text
    assert len(checked) == worked_out > 0
    # Another fact makes another sum of it.
    talk.say("and 5 bottles of wine", administration="gb")
    assert len(checked) > worked_out


def test_where_somebody_goes_is_not_where_they_come_from(talk: Conversation) -> None:
    begun = talk.say("i am bringing 3 bottles of gin and 300 cigarettes", administration="gb")
    assert "Which country do you come from?" in begun.text
    answer = talk.say("can i bring my dog to london?", administration="gb")
    assert any("gb.pets" in payload for payload in answer.buttons.values()) or (answer.entry or "").startswith("gb.pets")
    assert "Which country do you come from?" in answer.text
    assert "Which country do you come from?" in talk.say("i fly to london", administration="gb").text
    assert "Which country do you come from?" not in talk.say("from spain", administration="gb").text

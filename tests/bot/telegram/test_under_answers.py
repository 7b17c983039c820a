"""The buttons under an answer: its sources, and the same question for another country."""

from __future__ import annotations

import sqlite3

import pytest

from bot.telegram.chats import Chats
from bot.telegram.database import DAY, open_database
from bot.telegram.source_lists import SourceLists
from bot.telegram.texts import Texts
from tests.bot.telegram.fake_rasa import SOURCE
from tests.bot.telegram.harness import buttons

WORDS = {"en": ("Sources", "Another country"), "ar": ("المصادر", "بلد آخر")}


def question(world, language):
    return world.arabic_question if language == "ar" else world.question


@pytest.mark.parametrize("language", WORDS)
async def test_sources_are_shown_with_their_addresses_and_the_answer_keeps_its_buttons(world, language):
    user = world.phone(language_code=language)
    answer = await user.ask(question(world, language))
    before = len(buttons(answer))
    for _ in range(2):
        user.press(answer, WORDS[language][0])
        message = (await user.rest())[-1]
        assert SOURCE["url"] in message["text"] and SOURCE["publisher"] in message["text"]
        assert "2026" in message["text"] and len(buttons(answer)) == before
    assert len(world.rasa.seen) == 1


@pytest.mark.parametrize("language", WORDS)
async def test_the_same_question_is_asked_for_another_country(world, language):
    user = world.phone(language_code=language)
    answer = await user.ask(question(world, language))
    user.press(answer, WORDS[language][1])
    menu = (await user.rest())[-1]
    # The country of the answer is not offered again.
    assert [one["text"] for one in buttons(menu)] == ["United States", "Great Britain", "European Union"]
    user.press(menu, "Great Britain")
    assert (await user.rest())[-1]["text"] and not buttons(menu)
    assert world.rasa.messages[-1] == "Great Britain" and world.rasa.seen[-1]["metadata"]["language"] == language


async def test_only_the_latest_question_can_be_asked_again(world):
    user = world.phone()
    first = await user.ask(world.question)
    user.press(first, "Another country")
    menu = (await user.rest())[-1]
    await user.ask(world.question)
    for message, title in ((first, "Another country"), (menu, "Great Britain")):
        press = user.press(message, title)
        assert await user.rest() == []
        assert "Only the latest question" in world.api.callbacks[press["id"]]["text"]
    assert len(world.rasa.seen) == 2


async def test_a_second_press_of_a_country_asks_once(world):
    user = world.phone()
    user.press(await user.ask(world.question), "Another country")
    menu = (await user.rest())[-1]
    data = buttons(menu)[0]["callback_data"]
    user.press_data(menu, data)
    user.press_data(menu, data)
    await user.rest()
    assert len(world.rasa.seen) == 2


async def test_forged_values_do_nothing(world):
    user = world.phone()
    answer = await user.ask(world.question)
    forged = ('p:/show_sources{"sources":"%s"}' % ("0" * 24), 'p:/ask_again{"administration":"xx","answer":"1"}',
              'p:/ask_again{"administration":"gb","answer":"-1"}', 'p:/show_sources{"sources":"../x"}', "p:/other_country{}x")  # fmt: skip
    for data in forged:
        press = user.press_data(answer, data)
        assert await user.rest() == [] and "no longer valid" in world.api.callbacks[press["id"]]["text"], data
    assert len(world.rasa.seen) == 1


async def test_a_reply_without_sources_has_no_button_for_them(world):
    user = world.phone()
    sums = await user.ask("a table please")
    assert not any("Sources" in one["text"] or "country" in one["text"] for one in buttons(sums))


def test_a_list_of_sources_is_kept_once_and_expires(tmp_path):
    database = open_database(tmp_path / "telegram.db")
    lists = SourceLists(Texts(database, "source_lists"))
    key = lists.keep([SOURCE])
    assert lists.keep([dict(reversed(SOURCE.items()))]) == key and lists.read(key) == [SOURCE]
    database.execute("UPDATE source_lists SET made = made - ?", (31 * DAY,))
    assert lists.read(key) == []
    database.close()
    assert lists.keep([SOURCE]) is None and lists.read(key) == []


def test_a_file_of_the_version_before_is_carried_on(tmp_path):
    path = tmp_path / "telegram.db"
    with sqlite3.connect(path) as old:
        old.execute(
            "CREATE TABLE chats (chat_id INTEGER PRIMARY KEY, language TEXT, rateable INTEGER, seen REAL NOT NULL)"
        )
        old.execute("INSERT INTO chats VALUES (7, 'ar', 3, 9e9)")
    chats = Chats(open_database(path))
    assert (chats.language(7), chats.administration(7)) == ("ar", None)
    chats.replied(7, "ar", 4, "gb")
    chats.replied(7, "ar", 4, None)
    assert chats.administration(7) == "gb"


async def test_an_answer_without_a_translation_keeps_the_words_around_it_in_the_askers_language(world):
    told = world.rasa.reply

    def in_english(turn):
        message = told(turn)
        custom = message["custom"]
        message["custom"] = custom | {"asker_language": custom["language"], "language": "en", "direction": "ltr"}
        return message

    world.rasa.reply = in_english
    user = world.phone(language_code="ar")
    titles = [one["text"] for one in buttons(await user.ask(question(world, "ar")))]
    assert any(WORDS["ar"][0] in title for title in titles) and not any(WORDS["en"][0] in title for title in titles)
    await user.ask(world.question)
    assert world.rasa.seen[-1]["metadata"]["language"] == "ar", "what is remembered is the asker's language"

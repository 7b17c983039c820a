"""Inline mode: `@bot cigarettes` in any chat gets the top answers as articles."""

from __future__ import annotations

import pytest

from bot.telegram.split import LIMIT, units
from tests.bot.telegram.fake_rasa import SOURCE
from tests.bot.telegram.harness import NAMES, World

SUGGESTED = {"en": "Cigarettes and tobacco", "ar": "السجائر والتبغ"}


async def typed(world: World, query: str, user_id: int = 9001, language_code: str = "en") -> dict:
    """The answer to an inline query."""
    number = world.api.inline_query(user_id, query, language_code)
    await world.idle()
    assert world.api.inline[number] is not None, "the query was answered"
    return world.api.inline[number]


@pytest.mark.parametrize("language", SUGGESTED)
async def test_an_empty_query_gets_suggestions_in_the_users_language(world, language):
    answer = await typed(world, "  ", language_code=language)
    assert len(answer["results"]) == 5 and answer["results"][0]["title"] == SUGGESTED[language]
    assert answer["results"][0]["message"]["text"] == SUGGESTED[language] and world.rasa.seen == []


@pytest.mark.parametrize(("language", "words"), [("en", "The limit is 200 cigarettes"), ("ar", "200 سيجارة")])
async def test_the_answer_and_what_is_related_are_articles_with_sources(world, language, words):
    question = world.arabic_question if language == "ar" else world.question
    answer = await typed(world, question, language_code=language)
    first, related = answer["results"]
    assert words in first["message"]["text"] and words in first["description"]
    assert related["title"] == "Cigars" and "ae.tobacco.cigars" in related["message"]["text"]
    for one in answer["results"]:
        assert any(entity.get("url") == SOURCE["url"] for entity in one["message"]["entities"])
    assert world.rasa.seen[0]["metadata"]["language"] == language


async def test_where_the_country_is_not_known_each_is_offered(world):
    answer = await typed(world, "which country is it about", 9002)
    assert [one["title"] for one in answer["results"]] == list(NAMES.values())
    hints = [turn["metadata"].get("administration") for turn in world.rasa.seen]
    assert sorted(hints[1:]) == sorted(NAMES) and hints[0] is None


async def test_country_and_language_chosen_in_the_own_chat_hold_here(world):
    user = world.phone(language_code="en")
    await user.ask(world.arabic_question)
    await typed(world, "cigars", user.chat_id)
    hints = world.rasa.seen[1]["metadata"]
    assert (hints["language"], hints["administration"]) == ("ar", "ae")


async def test_the_query_is_in_no_conversation_and_each_is_deleted(world):
    await typed(world, world.question)
    senders = [turn["sender"] for turn in world.rasa.seen]
    assert len(set(senders)) == len(senders) == 2 and sorted(world.rasa.forgotten) == sorted(senders)
    assert not any("9001" in sender for sender in senders)


async def test_the_same_question_is_asked_once(world):
    first = await typed(world, "cigarettes")
    asked = len(world.rasa.seen)
    assert await typed(world, "Cigarettes ", 9003) | {"inline_query_id": ""} == first | {"inline_query_id": ""}
    assert len(world.rasa.seen) == asked
    await typed(world, "cigarettes", 9003, "fr")
    assert len(world.rasa.seen) > asked


async def test_too_many_queries_get_a_word_and_others_go_on(world):
    for _ in range(40):
        await typed(world, "cigarettes", 9004)
    slowed = await typed(world, "beer", 9004)
    assert slowed["results"] == [] and "wait" in slowed["button"]["text"] and int(slowed["cache_time"]) == 0
    assert (await typed(world, "beer", 9005))["results"]


async def test_no_answer_is_said_and_not_cached(world):
    world.rasa.down = True
    answer = await typed(world, "cigarettes")
    assert answer["results"] == [] and "No answer" in answer["button"]["text"] and int(answer["cache_time"]) == 0
    world.rasa.down = False
    assert (await typed(world, "cigarettes"))["results"]


async def test_a_long_answer_fits_with_its_source(world):
    answer = await typed(world, "everything")
    text = answer["results"][0]["message"]["text"]
    assert units(text) <= LIMIT and "…" in text and "Bringing goods with you" in text


@pytest.mark.parametrize("query", ["<b>&", "/restart", "\u202e\u0000", "x" * 3000, '/give_feedback{"rating":"up"}'])
async def test_no_query_breaks_it_or_passes_for_a_payload(world, query):
    await typed(world, query)
    assert not any(message.startswith("/give") or message.startswith("/restart") for message in world.rasa.messages)


async def test_queries_of_different_users_do_not_wait_for_each_other(world):
    world.rasa.delay_s = 0.3
    numbers = [world.api.inline_query(9100 + number, f"cigarettes {number}") for number in range(4)]
    await world.idle()
    assert all(world.api.inline[one] for one in numbers) and world.rasa.most_side_by_side >= 3


async def test_the_button_over_the_results_opens_the_chat(world):
    answer = await typed(world, "cigarettes")
    message = await world.phone().ask(f"/start {answer['button']['start_parameter']}")
    assert world.rasa.messages[-1] == "/start" and message["text"]

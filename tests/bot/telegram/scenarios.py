"""Talks that any Rasa behind the bot must carry: the fake one in these tests, the real one in the end-to-end tests.

Each takes a `World` and checks what the user sees, not the words of the guidance.
"""

from __future__ import annotations

import itertools
import re

from tests.bot.telegram.harness import NAMES, World, buttons, choices, is_answer
from tests.fakes.telegram_text import LIMIT, units

_users = itertools.count(70001)


async def start_greets_with_suggestions(world: World) -> None:
    message = await world.phone().ask("/start")
    assert message["text"] and choices(message)


async def deep_link_shows_an_entry(world: World) -> None:
    message = await world.phone().ask("/start ae_tobacco_allowance")
    assert is_answer(message)


async def deep_link_of_an_administration_sets_it_and_greets(world: World) -> None:
    user = world.phone()
    user.say("/start ae")
    messages = await user.rest()
    assert len(messages) >= 2 and choices(messages[-1])


async def help_says_something(world: World) -> None:
    message = await world.phone().ask("/help")
    assert len(message["text"]) > 3 and not is_answer(message)


async def question_is_answered_with_source_and_rating(world: World) -> None:
    message = await world.phone().ask(world.question)
    assert is_answer(message) and "2026" in message["text"]


async def arabic_question_is_answered_in_arabic(world: World) -> None:
    message = await world.phone().ask(world.arabic_question)
    assert is_answer(message)
    assert sum("\u0600" <= char <= "\u06ff" for char in message["text"]) > 20


async def language_menu_changes_the_language(world: World) -> None:
    user = world.phone()
    menu = await user.ask("/language")
    assert [button["text"] for button in buttons(menu)] == [
        "العربية",
        "English",
        "Español",
        "Français",
        "हिन्दी",
        "Русский",
        "اردو",
        "中文",
    ]
    user.press(menu, "Français")
    reply = (await user.rest())[-1]
    assert "✓ Français" in menu["text"] and not buttons(menu)
    assert reply["text"]
    user.say(photo=[{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}])
    assert "images" in (await user.rest())[-1]["text"]


async def country_menu_changes_the_administration(world: World) -> None:
    user = world.phone()
    menu = await user.ask("/country")
    assert [button["text"] for button in buttons(menu)] == list(NAMES.values())
    user.press(menu, "Great Britain")
    assert (await user.rest())[-1]["text"]
    assert "✓ Great Britain" in menu["text"] and not buttons(menu)


async def restart_begins_anew(world: World) -> None:
    user = world.phone()
    await user.ask(world.question)
    assert (await user.ask("/restart"))["text"]
    assert is_answer(await user.ask(world.question))


async def suggestion_pressed_is_answered(world: World) -> None:
    user = world.phone()
    greeting = await user.ask("/start")
    title = choices(greeting)[0]["text"]
    press = user.press(greeting, title)
    message = (await user.rest())[-1]
    assert message["message_id"] != greeting["message_id"] and message["text"]
    assert world.api.callbacks[press["id"]] is not None
    assert f"✓ {title}" in greeting["text"] and not buttons(greeting)


async def country_asked_back_is_chosen(world: World) -> None:
    user = world.phone()
    question = await user.ask(world.vague_question)
    title = choices(question)[0]["text"]
    user.press(question, title)
    assert (await user.rest())[-1]["text"]
    assert f"✓ {title}" in question["text"]


async def answer_is_rated_up(world: World) -> None:
    user = world.phone()
    answer = await user.ask(world.question)
    related = len(choices(answer))
    user.press(answer, "👍")
    assert len(await user.rest()) == 1
    assert "✓ 👍" in answer["text"] and len(buttons(answer)) == related


async def answer_is_rated_down(world: World) -> None:
    user = world.phone()
    answer = await user.ask(world.question)
    user.press(answer, "👎")
    assert (await user.rest())[-1]["text"]


async def photo_gets_an_honest_sentence(world: World) -> None:
    user = world.phone(language_code="es")
    user.say(photo=[{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}])
    assert "imágenes" in (await user.rest())[-1]["text"]


async def caption_of_a_photo_is_answered(world: World) -> None:
    user = world.phone()
    user.say(photo=[{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}], caption=world.question)
    notice, *answer = await user.rest()
    assert "pictures" in notice["text"] and is_answer(answer[-1])


async def edited_question_is_answered_again(world: World) -> None:
    user = world.phone()
    first = user.say("how many cigaretes")
    await user.rest()
    user.edit(first, world.question)
    message = (await user.rest())[0]
    assert message["reply_to_message"]["message_id"] == first["message_id"]


async def group_talk_is_left_alone_and_a_mention_answered(world: World) -> None:
    group = world.phone(chat_id=-500 - len(world.api.chats), chat_type="supergroup", user_id=7)
    group.say("who brings the wine tonight?")
    assert await group.rest() == []
    asked = group.say(f"@{world.api.me['username']} {world.question}")
    answer = (await group.rest())[-1]
    assert is_answer(answer)
    assert group.received[0]["reply_to_message"]["message_id"] == asked["message_id"]


async def html_of_the_user_is_shown_literally(world: World) -> None:
    user = world.phone()
    assert (await user.ask("<script>alert(1)</script> <b>& how many cigarettes to dubai"))["text"]


async def messages_of_one_chat_are_answered_in_order(world: World) -> None:
    user = world.phone()
    user.say(world.question)
    user.say("/help")
    messages = await user.rest()
    assert is_answer([one for one in messages if buttons(one)][0]) and not is_answer(messages[-1])


async def every_part_of_a_talk_fits(world: World) -> None:
    user = world.phone()
    for text in ("/start", world.question, "/help", "asdfghjkl", "🙂", "/unknown_command"):
        assert all(units(message["text"]) <= LIMIT for message in [await user.ask(text)])


async def sources_are_named_with_their_addresses(world: World) -> None:
    user = world.phone()
    answer = await user.ask(world.question)
    user.press(answer, "Sources")
    message = (await user.rest())[-1]
    assert "https://" in message["text"] and "2026" in message["text"] and is_answer(answer)


async def same_question_is_answered_for_another_country(world: World) -> None:
    user = world.phone()
    user.press(await user.ask(world.question), "Another country")
    user.press((await user.rest())[-1], "Great Britain")
    assert is_answer((await user.rest())[-1])


async def inline_question_gets_articles_with_sources(world: World) -> None:
    number = world.api.inline_query(next(_users), world.question)
    await world.idle()
    results = world.api.inline[number]["results"]
    assert results and all(any(one["type"] == "text_link" for one in each["message"]["entities"]) for each in results)


async def inline_question_without_a_country_gets_an_article_for_each(world: World) -> None:
    number = world.api.inline_query(next(_users), world.vague_question)
    await world.idle()
    assert [one["title"] for one in world.api.inline[number]["results"]] == list(NAMES.values())


async def answer_is_followed(world: World) -> None:
    user = world.phone()
    press = user.press(await user.ask(world.question), "Tell me when")
    await user.rest()
    assert "/unsubscribe" in world.api.callbacks[press["id"]]["text"]
    assert len(buttons(await user.ask("/unsubscribe"))) == 2


async def conversation_is_deleted_with_a_receipt(world: World) -> None:
    user = world.phone()
    await user.ask(world.arabic_question)
    asked = await user.ask("/delete")
    user.press(asked, buttons(asked)[0]["text"])
    assert any(len(word) == 26 for word in re.findall(r"[0-9A-Z]+", (await user.rest())[-1]["text"]))
    # Nothing is left of the language that the deleted talk was in.
    assert (await user.ask("/privacy"))["text"].startswith("What is kept")


SCENARIOS = [
    start_greets_with_suggestions, deep_link_shows_an_entry, deep_link_of_an_administration_sets_it_and_greets,
    help_says_something, question_is_answered_with_source_and_rating, arabic_question_is_answered_in_arabic,
    language_menu_changes_the_language, country_menu_changes_the_administration, restart_begins_anew,
    suggestion_pressed_is_answered, country_asked_back_is_chosen, answer_is_rated_up, answer_is_rated_down,
    photo_gets_an_honest_sentence, caption_of_a_photo_is_answered, edited_question_is_answered_again,
    group_talk_is_left_alone_and_a_mention_answered, html_of_the_user_is_shown_literally,
    messages_of_one_chat_are_answered_in_order, every_part_of_a_talk_fits,
    sources_are_named_with_their_addresses, same_question_is_answered_for_another_country,
    inline_question_gets_articles_with_sources, inline_question_without_a_country_gets_an_article_for_each, answer_is_followed, conversation_is_deleted_with_a_receipt,
]  # fmt: skip

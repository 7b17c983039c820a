"""What goes wrong between a user, Telegram and the backend, and what the user then sees."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest
from telegram.error import BadRequest

from bot.telegram import sending
from bot.telegram.handlers import COMMANDS
from tests.bot.telegram.fake_rasa import LONG_ENTRY, FakeRasa
from tests.bot.telegram.harness import buttons, choices, is_answer, running_bot, serving, until
from tests.fakes.telegram_api import FakeTelegram
from tests.fakes.telegram_text import LIMIT, units

QUESTION = "how many cigarettes can i bring to dubai"


async def test_a_long_answer_comes_in_parts_with_the_buttons_under_the_last(world):
    user = world.phone()
    user.say("tell me everything")
    parts = await user.rest()
    assert len(parts) > 2 and all(units(part["text"]) <= LIMIT for part in parts)
    assert not any(buttons(part) for part in parts[:-1]) and is_answer(parts[-1])
    text = "\n".join(part["text"] for part in parts)
    assert [f"Rule {number}." in text for number in range(1, 25)] == [True] * 24
    assert text.count("Goods & gifts <of> any kind.") == 24 * 20


async def test_markup_in_a_question_comes_back_as_it_was_typed(world):
    user = world.phone()
    message = await user.ask("<b>how</b> & <script>alert(1)</script>")
    assert "You asked: <b>how</b> & <script>alert(1)</script>" in message["text"]


async def test_a_payload_cannot_be_typed(world):
    user = world.phone()
    await user.ask('/choose_entry{"entry":"x"}')
    await user.ask("/alcohol_allowance in dubai")
    assert world.rasa.messages == ['choose entry{"entry":"x"}', "alcohol allowance in dubai"]


async def test_an_arabic_answer_isolates_codes_and_dates(world):
    message = await world.phone().ask("كم سيجارة")
    assert "\u20662026-10-01\u2069" in message["text"] and "\u2066C88/SAD\u2069" in message["text"]


async def test_a_table_is_readable(world):
    message = await world.phone().ask("show the table")
    assert "Watch\nRate: 5 %\nAmount: AED 250.00" in message["text"]


async def test_a_deep_link_is_passed_on_as_it_is(world):
    await world.phone().ask("/start ae_alcohol_allowance")
    await world.phone().ask("/start gb")
    await world.phone().ask("/start äö")
    assert world.rasa.messages == [
        '/start{"entry":"ae_alcohol_allowance"}',
        '/change_administration{"administration":"gb"}',
        "/start",
        "/start",
    ]


async def test_the_turn_says_who_and_in_what_language(world):
    user = world.phone(language_code="fr-CA")
    await user.ask(QUESTION)
    (turn,) = world.rasa.seen
    assert turn["sender"] == f"tg-{user.chat_id}"
    metadata = turn["metadata"]
    assert metadata == {"channel": "telegram", "language": "fr"} | {key: metadata[key] for key in ("request_id", "message")}


async def test_the_chosen_language_stays_until_restart(world):
    user = world.phone(language_code="fr")
    await user.ask("/language ru")
    await user.ask("/help")
    await user.ask("/restart")
    assert [turn["metadata"]["language"] for turn in world.rasa.seen] == ["fr", "ru", "fr"]


async def test_an_update_that_comes_twice_is_answered_once(world):
    user = world.phone()
    update = world.api.message(user.chat_id, QUESTION)
    await user.rest()
    world.api.push(dict(update))
    await user.ask("/help")
    assert world.rasa.messages == [QUESTION, "/help"]


async def test_two_messages_at_once_are_both_answered_in_order(world):
    world.rasa.delay_s = 0.1
    one, other = world.phone(), world.phone()
    for number in range(4):
        one.say(f"question {number}")
    other.say("from somebody else")
    messages = await one.rest()
    assert [f"question {number}" in message["text"] for number, message in enumerate(messages)] == [True] * 4
    assert len(other.received) == 1
    assert world.rasa.most_side_by_side == 2  # two chats, each one turn at a time


async def test_group_commands_replies_and_other_bots(world):
    group = world.phone(chat_id=-77, chat_type="group", user_id=9)
    group.say("/ask " + QUESTION)
    answer = (await group.rest())[-1]
    group.say("and cigars?", reply_to_message=answer)
    assert "and cigars?" in (await group.rest())[-1]["text"]
    for ignored in ("/help@OtherBot", "/unknown", "@GreenChannelTestBotter hello", "mail me@GreenChannelTestBot.org"):
        group.say(ignored)
    group.say(photo=[{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}])
    group.say("old talk", reply_to_message=group.say("somebody"))
    assert await group.rest() == []
    group.say(f"@{world.api.me['username'].lower()}")
    assert (await group.rest())[-1]["text"] == "Please type your question in words."


async def test_ask_without_a_question(world):
    assert (await world.phone().ask("/ask"))["text"] == "Please type your question in words."
    assert world.rasa.seen == []


async def test_a_long_payload_is_kept_and_works_after_a_restart(tmp_path):
    rasa, api = FakeRasa(), FakeTelegram()
    async with serving(rasa.app) as rasa_url:
        async with running_bot(rasa_url, tmp_path, api) as world:
            user = world.phone()
            greeting = await user.ask("/start")
            key = next(button["callback_data"] for button in choices(greeting) if "household" in button["text"])
            assert LONG_ENTRY not in key
        async with running_bot(rasa_url, tmp_path, api) as world:
            again = world.phone(chat_id=user.chat_id)
            again.read_so_far = len(again.received)
            again.press_data(greeting, key)
            assert LONG_ENTRY in (await again.rest())[0]["text"]


@pytest.mark.parametrize("data", ["k:000000000000", "p:/nonsense", 'p:/choose_entry{"entry":"a b"}', "rubbish"])
async def test_an_expired_or_forged_button_gets_a_friendly_word(world, data):
    user = world.phone()
    greeting = await user.ask("/start")
    press = user.press_data(greeting, data)
    assert await user.rest() == []
    assert "no longer valid" in world.api.callbacks[press["id"]]["text"]
    assert world.rasa.messages == ["/start"]


async def test_a_button_pressed_twice_counts_once(world):
    user = world.phone()
    greeting = await user.ask("/start")
    data = choices(greeting)[0]["callback_data"]
    presses = [user.press_data(greeting, data), user.press_data(greeting, data)]
    assert len(await user.rest()) == 1
    assert all(world.api.callbacks[press["id"]] is not None for press in presses)


async def test_what_fails_after_a_press_can_be_pressed_again(world):
    user = world.phone()
    greeting = await user.ask("/start")
    title = choices(greeting)[0]["text"]
    world.rasa.down = True
    user.press(greeting, title)
    (failure,) = await user.rest()
    assert [button["text"] for button in buttons(failure)] == [title] and not choices(greeting)
    world.rasa.down = False
    user.press(failure, title)
    (message,) = await user.rest()
    assert is_answer(message) and world.rasa.messages[-1] == world.rasa.messages[-2]


async def test_a_rating_that_failed_can_be_given_again(world):
    user = world.phone()
    answer = await user.ask(QUESTION)
    world.rasa.down = True
    user.press(answer, "👍")
    (failure,) = await user.rest()
    world.rasa.down = False
    user.press(failure, "👍")
    await user.rest()
    assert world.rasa.messages[-2:] == ['/give_feedback{"rating":"up"}'] * 2


async def test_a_button_of_a_message_that_telegram_no_longer_shows(world):
    user = world.phone()
    greeting = await user.ask("/start")
    old = {"chat": greeting["chat"], "message_id": greeting["message_id"], "date": 0}
    user.press_data(old, choices(greeting)[1]["callback_data"])
    (message,) = await user.rest()
    assert is_answer(message)


async def test_only_the_latest_answer_is_rated(world):
    user = world.phone()
    first = await user.ask(QUESTION)
    await user.ask("and cigars?")
    press = user.press(first, "👍")
    assert await user.rest() == []
    assert "latest" in world.api.callbacks[press["id"]]["text"]
    assert buttons(first) == choices(first) and "Cigars" in buttons(first)[0]["text"]


async def test_small_talk_leaves_the_answer_rateable_and_a_thumb_down_asks_why(world):
    user = world.phone()
    answer = await user.ask(QUESTION)
    await user.ask("/help")
    user.press(answer, "👎")
    why = (await user.rest())[-1]
    user.press(why, "no_answer")
    assert (await user.rest())[-1]["text"] == "Thank you for telling us."
    assert world.rasa.messages[2:] == [
        '/give_feedback{"rating":"down"}',
        '/give_feedback{"rating":"down","reason":"no_answer"}',
    ]
    assert "✓ no_answer" in why["text"]


async def test_typing_is_shown_only_when_the_reply_is_late(world):
    user = world.phone()
    await user.ask(QUESTION)
    assert world.api.actions == []
    world.rasa.delay_s = 1.0
    await user.ask(QUESTION)
    assert world.api.actions == [user.chat_id]


async def test_a_user_who_blocked_the_bot_makes_one_quiet_line(world, caplog):
    caplog.set_level(logging.INFO, "bot.telegram")
    user = world.phone()
    world.api.blocked.add(user.chat_id)
    user.say(QUESTION)
    await world.idle()
    lines = [record for record in caplog.records if f"tg-{user.chat_id}" in record.getMessage()]
    assert [record.levelname for record in lines] == ["INFO"] and "blocked" in lines[0].getMessage()
    assert is_answer(await world.phone().ask(QUESTION))


async def test_a_flood_of_429_delays_but_loses_nothing(world):
    user = world.phone()
    world.api.flood = 2
    began = time.monotonic()
    assert is_answer(await user.ask(QUESTION))
    assert time.monotonic() - began > 2
    assert len(user.received) == 1


@pytest.mark.parametrize(("switch", "word"), [("down", "not available"), ("empty", "cannot be reached")])
async def test_the_backend_is_down(world, switch, word):
    user = world.phone()
    setattr(world.rasa, switch, True)
    message = await user.ask(QUESTION)
    assert word in message["text"] and not buttons(message)
    user.say("/start ae")
    assert len(await user.rest()) == 1  # one apology, not one for each step
    setattr(world.rasa, switch, False)
    assert is_answer(await user.ask(QUESTION))


async def test_the_backend_is_down_in_arabic(world):
    world.rasa.down = True
    assert "المساعد" in (await world.phone(language_code="ar").ask(QUESTION))["text"]


async def test_a_broken_database_does_not_stop_the_answers(world, caplog):
    world.application.update_queue.inbox.database.close()
    user = world.phone()
    assert is_answer(await user.ask(QUESTION))
    greeting = await user.ask("/start")
    press = user.press(greeting, "household")
    assert await user.rest() == [] and "no longer valid" in world.api.callbacks[press["id"]]["text"]
    user.press(greeting, "Cigarettes")
    assert is_answer((await user.rest())[-1])
    assert "database" in caplog.text and "sorry" not in str(user.received).lower()


async def test_refused_markup_is_sent_as_plain_text(world, monkeypatch, caplog):
    monkeypatch.setattr(sending, "split", lambda paragraphs: ["<b>one &amp; <i>two</b>"])
    message = await world.phone().ask(QUESTION)
    assert message["text"] == "one & two" and "refused" in caplog.text


async def test_telegram_hiccups_while_sending(world, monkeypatch, caplog):
    monkeypatch.setattr(sending, "RETRY_PAUSES_S", (0.05, 0.3))
    user = world.phone()
    world.rasa.delay_s = 0.3
    user.say(QUESTION)
    await until(lambda: world.rasa.seen, "the turn")
    world.api.down = True
    await until(lambda: "next try" in caplog.text, "a try in vain")
    world.api.down = False
    assert is_answer((await user.read())[-1])


async def test_a_fault_of_ours_is_logged_with_the_conversation_and_told_the_user(world, monkeypatch, caplog):
    async def broken(turn):
        raise RuntimeError("boom")

    monkeypatch.setattr(world.application.handlers[0][0].callback.__self__.channel.client, "ask", broken)
    user = world.phone(language_code="es")
    user.say(QUESTION)
    assert "algo ha fallado" in (await user.rest())[-1]["text"]
    line = next(record.getMessage() for record in caplog.records if "boom" in record.getMessage())
    assert f"tg-{user.chat_id}" in line and "update" in line
    assert QUESTION not in caplog.text


async def test_the_apology_cannot_be_sent_either(world, monkeypatch, caplog):
    caplog.set_level(logging.INFO, "bot.telegram")

    async def refused(*_, **__):
        raise BadRequest("not enough rights to send text messages to the chat")

    monkeypatch.setattr(sending, "_call", refused)
    world.phone().say(QUESTION)
    await world.idle()
    assert "apology could not be sent" in caplog.text


async def test_the_menu_is_set_in_every_language(world):
    await asyncio.sleep(0)
    assert set(world.api.commands) == {"", "ar", "en", "es", "fr", "hi", "ru", "ur", "zh"}
    names = [command["command"] for command in world.api.commands["ar"]]
    assert names == list(COMMANDS)
    assert world.api.commands["ar"][3]["description"] == "اختر اللغة"

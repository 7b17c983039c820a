"""What is asked on Telegram is kept for staff without personal data, with its rating, and goes with /delete."""

from __future__ import annotations

import asyncio

from customs.asked import Store
from tests.bot.telegram.harness import World, buttons, until


def kept(world: World) -> list:
    store = Store(world.settings.var_dir / "asked.db")
    try:
        return list(store.select())
    finally:
        store.close()


async def test_a_question_its_rating_and_its_end(world):
    user, other = world.phone(), world.phone()
    answer = await user.ask(f"my name is Jane Roe. {world.question}")
    user.press(answer, "👎")
    await user.rest()
    await other.ask(world.question)
    asked = await user.ask("/delete")
    first, second = await until(
        lambda: len(turns := kept(world)) == 2 and turns[0].rating and turns, "two turns and a rating"
    )
    assert first.said == f"my name is [name]. {world.question}"
    assert (first.channel, first.outcome, first.rating, first.waiting) == (
        "telegram",
        "answered",
        "down",
        "not_helpful",
    )
    assert (second.said, second.rating) == (world.question, None)
    assert first.person != second.person and str(user.chat_id) not in first.person
    user.press(asked, buttons(asked)[0]["text"])
    await user.rest()
    assert [turn.id for turn in kept(world)] == [second.id]


async def test_privacy_is_silent_on_it_when_it_is_switched_off(world):
    said = (await world.phone().ask("/privacy"))["text"]
    assert "for the staff who write the answers" in said
    world.settings.keep_questions = False
    said = (await world.phone().ask("/privacy"))["text"]
    assert "for the staff who write the answers" not in said


async def test_of_what_is_typed_inline_the_last_is_kept_and_goes_with_delete(world, monkeypatch):
    monkeypatch.setattr("bot.telegram.inline_asked.QUIET_S", 0.5)
    user = world.phone()
    for query in ("ciga", "cigare", f"{world.question} 0501234567"):
        world.api.inline_query(user.chat_id, query, "en")
        await world.idle()
    (one,) = await until(lambda: kept(world), "the question that was typed in the end")
    assert (one.said, one.channel, one.outcome, one.pressed) == (
        f"{world.question} [phone]",
        "telegram_inline",
        "answered",
        False,
    )
    world.api.inline_query(user.chat_id, "cigars", "en")
    await world.idle()
    asked = await user.ask("/delete")
    user.press(asked, buttons(asked)[0]["text"])
    await user.rest()
    await asyncio.sleep(0.7)  # what was typed last must not come back when its pause is over
    assert kept(world) == []


async def test_inline_a_question_that_every_country_answers_counts_as_answered_and_a_failure_does_not(
    world, monkeypatch
):
    monkeypatch.setattr("bot.telegram.inline_asked.QUIET_S", 0.0)
    world.api.inline_query(9001, "which country is it about", "en")
    (one,) = await until(lambda: kept(world), "the question")
    assert one.outcome == "answered" and one.administration
    world.rasa.down = True
    world.api.inline_query(9002, "cigarettes", "en")
    failed = await until(lambda: [turn for turn in kept(world) if turn.outcome == "failed"], "the failure")
    assert failed[0].waiting == "failed" and failed[0].person != one.person

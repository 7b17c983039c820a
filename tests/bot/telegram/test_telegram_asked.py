"""What is asked on Telegram is kept for staff without personal data, with its rating, and goes with /delete."""

from __future__ import annotations

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

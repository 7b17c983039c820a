"""/privacy tells what is stored, as it is; /delete deletes it in Rasa and here, with a receipt."""

from __future__ import annotations

import re
import sqlite3

import pytest

from bot.telegram.database import DAY, KEEP
from tests.bot.telegram.harness import World, buttons

ARABIC = re.compile("[\u0620-\u064a]")


def rows(world: World, chat_id: int) -> int:
    """How many rows of the channel's database name the chat."""
    with sqlite3.connect(world.settings.var_dir / "telegram.db") as database:
        (chats,) = database.execute("SELECT count(*) FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()
        (acts,) = database.execute("SELECT count(*) FROM acts WHERE key GLOB ?", (f"*:{chat_id}:*",)).fetchone()
        (said,) = database.execute("SELECT count(*) FROM updates WHERE body LIKE ?", (f"%{chat_id}%",)).fetchone()
    return chats + acts + said


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_privacy_says_what_is_kept_and_for_how_long(world, language):
    message = await world.phone(language_code=language).ask("/privacy")
    settings = world.settings
    terms = (settings.conversation_days, settings.feedback_days, settings.asked_days)
    for days in (*terms, KEEP["chats"][1] / DAY, KEEP["updates"][1] / DAY):
        assert re.search(rf"\b{days:g}\b", message["text"]), days
    assert "/delete" in message["text"] and bool(ARABIC.search(message["text"])) == (language == "ar")
    assert world.rasa.seen == []


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_delete_waits_for_the_button_and_gives_a_receipt(world, language):
    user = world.phone(language_code=language)
    answer = await user.ask(world.arabic_question if language == "ar" else world.question)
    user.press(answer, "👍")
    await user.rest()
    asked = await user.ask("/delete")
    assert rows(world, user.chat_id) == 2 and world.rasa.forgotten == [] and len(buttons(asked)) == 1
    user.press(asked, buttons(asked)[0]["text"])
    receipt = (await user.rest())[-1]
    assert re.search(r"\b[0-9A-Z]{26}\b", receipt["text"]) and bool(ARABIC.search(receipt["text"])) == (
        language == "ar"
    )
    assert world.rasa.forgotten == [f"tg-{user.chat_id}"] and rows(world, user.chat_id) == 0
    assert not buttons(asked)


async def test_the_chats_of_others_stay(world):
    user, other = world.phone(), world.phone()
    await other.ask(world.question)
    asked = await user.ask("/delete")
    user.press(asked, buttons(asked)[0]["text"])
    await user.rest()
    assert rows(world, other.chat_id) == 1 and world.rasa.forgotten == [f"tg-{user.chat_id}"]


async def test_nothing_is_deleted_and_no_receipt_given_while_rasa_is_away(world):
    user = world.phone()
    await user.ask(world.question)
    asked = await user.ask("/delete")
    world.rasa.down = True
    press = user.press(asked, buttons(asked)[0]["text"])
    assert await user.rest() == []
    assert "could not be deleted" in world.api.callbacks[press["id"]]["text"]
    assert rows(world, user.chat_id) == 1 and buttons(asked)
    world.rasa.down = False
    user.press(asked, buttons(asked)[0]["text"])
    assert "Receipt" in (await user.rest())[-1]["text"] and rows(world, user.chat_id) == 0


async def test_what_was_said_is_in_no_file_after_the_deletion(world):
    user = world.phone()
    await user.ask("how many cigarettes for zzsecretzz")
    asked = await user.ask("/delete")
    folder = world.settings.var_dir
    user.press(asked, buttons(asked)[0]["text"])
    assert "Receipt" in (await user.rest())[-1]["text"]
    assert [path.name for path in folder.rglob("*") if path.is_file() and b"zzsecretzz" in path.read_bytes()] == []

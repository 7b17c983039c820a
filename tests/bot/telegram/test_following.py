"""Following an answer: stored, told once when it changes, a few times a day at most, ended by one press."""

from __future__ import annotations

import sqlite3

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.telegram.application import WATCH
from bot.telegram.following import MOST
from bot.telegram.subscriptions import Subscription, digest_of
from bot.telegram.watch import MOST_A_DAY
from tests.bot.telegram.fake_rasa import SOURCE, FakeRasa
from tests.bot.telegram.harness import buttons, running_bot, serving

ENTRY = "ae.tobacco.cigars"
WORDS = {"en": ("Tell me when", "has changed", "Stop telling"), "ar": ("أخبرني عندما", "تغيرت إجابة", "أوقف التنبيه")}


class Releases:
    """The action server's /ready, which names the release that is served."""

    def __init__(self) -> None:
        self.release: str | None = "r1"
        self.app = Starlette(
            routes=[Route("/ready", lambda _: JSONResponse({"release": self.release, "problem": None}))]
        )


@pytest_asyncio.fixture
async def world(tmp_path):
    rasa, releases = FakeRasa(), Releases()
    async with (
        serving(rasa.app) as rasa_url, serving(releases.app) as actions_url,
        running_bot(rasa_url, tmp_path, rasa=rasa, CUSTOMS_ACTIONS_URL=actions_url) as world,
    ):  # fmt: skip
        world.releases = releases
        yield world


def look(world):
    """One look of the watch, as it has each minute."""
    return world.application.bot_data[WATCH].look()


def link(entry: str) -> str:
    """What a deep link to `entry` sends."""
    return "/start " + entry.replace(".", "_")


def publish(world, entry: str, said: str) -> None:
    """A new release, in which `entry` says something else."""
    world.rasa.entries[entry] = said
    world.releases.release += "+"


async def follower(world, language="en", entry=ENTRY):
    """A user who pressed the button under the answer of `entry`."""
    user = world.phone(language_code=language)
    answer = await user.ask(link(entry))
    press = user.press(answer, WORDS[language][0])
    await user.rest()
    assert world.api.callbacks[press["id"]]["text"]
    return user


@pytest.mark.parametrize("language", WORDS)
async def test_a_change_is_told_once_and_one_press_ends_it(world, language):
    user = await follower(world, language)
    assert await look(world) == 0
    publish(world, ENTRY, "Fifty cigars from now on.")
    assert await look(world) == 1 and await look(world) == 0
    (told,) = await user.rest()
    assert WORDS[language][1] in told["text"] and "Fifty cigars" in told["text"] and "2026" in told["text"]
    user.press(told, WORDS[language][2])
    await user.rest()
    assert not buttons(told)
    publish(world, ENTRY, "Sixty cigars.")
    assert await look(world) == 0 and await user.rest() == []


async def test_a_release_that_changes_another_entry_tells_nothing(world):
    user = await follower(world)
    publish(world, "ae.cash.declare", "Other")
    assert await look(world) == 0 and await user.rest() == []


async def test_a_source_that_was_checked_again_is_no_change():
    said = {"type": "paragraph", "text": "x"}
    assert digest_of([said, SOURCE]) == digest_of([said, SOURCE | {"checked": "2026-12-01"}])
    assert digest_of([said]) != digest_of([{"type": "paragraph", "text": "y"}])


async def test_the_command_follows_the_latest_answer_and_its_opposite_lists_what_is_followed(world):
    user = world.phone()
    assert "Ask a question first" in (await user.ask("/subscribe"))["text"]
    assert "no answer" in (await user.ask("/unsubscribe"))["text"]
    for entry in (ENTRY, "ae.cash.declare"):
        await user.ask(link(entry))
        assert "You will be told" in (await user.ask("/subscribe"))["text"]
    menu = await user.ask("/unsubscribe")
    assert len(buttons(menu)) == 3 and ENTRY in buttons(menu)[0]["text"]
    user.press(menu, ENTRY)
    await user.rest()
    assert len(buttons(menu)) == 2
    user.press(menu, "Stop all")
    await user.rest()
    assert "no answer" in (await user.ask("/unsubscribe"))["text"]


async def test_a_withdrawn_answer_is_said_once(world):
    user = await follower(world)
    publish(world, ENTRY, "")
    assert await look(world) == 1
    assert "no longer published" in (await user.rest())[-1]["text"]
    publish(world, ENTRY, "Back")
    assert await look(world) == 0


async def test_an_answer_that_is_switched_off_is_not_said_to_be_withdrawn(world):
    user = await follower(world)
    world.rasa.switched_off.add(ENTRY)
    publish(world, ENTRY, "Fifty cigars from now on.")
    assert await look(world) == 0 and await user.rest() == []
    world.rasa.switched_off.clear()
    assert await look(world) == 1
    assert "Fifty cigars" in (await user.rest())[-1]["text"]


async def test_only_a_few_changes_a_day(world):
    user = world.phone()
    store = world.application.bot_data[WATCH].store
    for number in range(MOST_A_DAY + 2):
        store.add(Subscription(user.chat_id, f"ae.entry.{number}", "en", "t", "old"))
    world.api.message(user.chat_id, "/help")
    await user.rest()
    assert await look(world) == MOST_A_DAY
    # The rest waits for the next day.
    store.database.execute("UPDATE told SET at = at - 90000")
    store.set_mark("yesterday")
    assert await look(world) == 2


async def test_who_blocked_the_bot_is_left_alone(world, caplog):
    user, other = await follower(world), await follower(world)
    world.api.blocked.add(user.chat_id)
    publish(world, ENTRY, "New")
    assert await look(world) == 1
    assert (await other.rest())[-1]["text"]
    store = world.application.bot_data[WATCH].store
    assert store.of_chat(user.chat_id) == [] and not [one for one in caplog.records if one.levelname == "ERROR"]


async def test_while_the_service_is_away_nothing_is_told_and_nothing_is_lost(world):
    user = await follower(world)
    publish(world, ENTRY, "New")
    world.rasa.down = True
    assert await look(world) == 0 and await user.rest() == []
    world.rasa.down = False
    assert await look(world) == 1


async def test_an_answer_that_cannot_be_asked_is_not_followed(world):
    user = world.phone()
    answer = await user.ask(link(ENTRY))
    world.rasa.down = True
    press = user.press(answer, "Tell me when")
    await user.rest()
    assert "cannot be followed now" in world.api.callbacks[press["id"]]["text"]
    assert world.application.bot_data[WATCH].store.all() == []


async def test_there_is_an_end_to_following(world):
    user = world.phone()
    store = world.application.bot_data[WATCH].store
    for number in range(MOST):
        store.add(Subscription(user.chat_id, f"ae.entry.{number}", "en", "t", "d"))
    await user.ask(link(ENTRY))
    assert str(MOST) in (await user.ask("/subscribe"))["text"] and len(store.all()) == MOST


async def test_delete_ends_following_too(world):
    user = await follower(world)
    asked = await user.ask("/delete")
    user.press(asked, "Delete my")
    await user.rest()
    with sqlite3.connect(world.settings.var_dir / "telegram.db") as database:
        assert database.execute("SELECT count(*) FROM subscriptions").fetchone() == (0,)


async def test_no_conversation_of_the_watch_is_left_in_rasa(world):
    await follower(world)
    publish(world, ENTRY, "New")
    await look(world)
    watched = [turn["sender"] for turn in world.rasa.seen if turn["sender"].startswith("tg-watch-")]
    assert len(watched) == 2 and sorted(watched) == sorted(world.rasa.forgotten)

"""Photos, voice messages and whatever else is no text: an honest sentence, once, in the user's language."""

from __future__ import annotations

import pytest

from bot.telegram.handlers import UNREADABLE

FILE = {"file_id": "f", "file_unique_id": "u"}
PICTURE = [{**FILE, "width": 9, "height": 9}]
CONTENT = {
    "photo": PICTURE, "voice": {**FILE, "duration": 1}, "audio": {**FILE, "duration": 1},
    "video": {**FILE, "duration": 1, "width": 9, "height": 9}, "video_note": {**FILE, "duration": 1, "length": 9},
    "animation": {**FILE, "duration": 1, "width": 9, "height": 9}, "document": FILE,
    "sticker": {**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False, "emoji": "🍷"},
    "contact": {"phone_number": "1", "first_name": "x"},
    "poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
             "type": "regular", "allows_multiple_answers": False, "allows_revoting": False, "members_only": False},
    "dice": {"emoji": "🎲", "value": 1},
}  # fmt: skip


@pytest.mark.parametrize("kind", CONTENT)
async def test_what_is_no_text_gets_one_honest_sentence(world, kind):
    user = world.phone()
    user.say(**{kind: CONTENT[kind]})
    (message,) = await user.rest()
    assert message["text"] == UNREADABLE.get(kind, "I can only read text. Please type your question in words.")
    assert world.rasa.seen == []


def test_every_kind_with_its_own_sentence_is_tried():
    assert set(UNREADABLE) <= set(CONTENT)


async def test_the_sentence_is_in_the_language_of_the_talk(world):
    user = world.phone(language_code="pt-BR")  # not one of ours
    await user.ask("كم سيجارة")
    user.say(voice=CONTENT["voice"])
    assert "الرسائل الصوتية" in (await user.rest())[0]["text"]


async def test_an_album_gets_one_sentence(world):
    user = world.phone()
    for _ in range(4):
        user.say(photo=PICTURE, media_group_id="a1")
    assert len(await user.rest()) == 1


async def test_a_service_message_and_a_moving_live_location_get_none(world):
    user = world.phone()
    user.say(new_chat_title="Trip")
    user.say(location={"latitude": 25.2, "longitude": 55.3}, kind="edited_message")
    assert await user.rest() == []

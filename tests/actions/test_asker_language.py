"""A reply tells the asker's language where its blocks stand in another."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.reply import Reply, send
from customs.blocks import paragraph


def test_who_changes_the_language_asks_in_the_new_one() -> None:
    dispatcher = CollectingDispatcher()
    turn = SimpleNamespace(language="en", administration="ae", served=None, request_id="r")
    changed = Reply("smalltalk", [paragraph("D'accord.")], language="fr", events=[SlotSet("language", "fr")])
    send(dispatcher, turn, changed)
    assert "asker_language" not in dispatcher.messages[0]["custom"]


@pytest.mark.parametrize(("of_the_blocks", "told"), [("en", "ur"), ("ur", None), (None, None)])
def test_the_askers_language_is_told_only_where_it_is_another(of_the_blocks: str | None, told: str | None) -> None:
    dispatcher = CollectingDispatcher()
    turn = SimpleNamespace(language="ur", administration="ae", served=None, request_id="r")
    send(dispatcher, turn, Reply("answered", [paragraph("No.")], language=of_the_blocks))
    assert dispatcher.messages[0]["custom"].get("asker_language") == told

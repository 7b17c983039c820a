"""A reply tells the asker's language where its blocks stand in another."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.reply import Reply, send
from customs.blocks import paragraph


@pytest.mark.parametrize(("of_the_blocks", "told"), [("en", "ur"), ("ur", None), (None, None)])
def test_the_askers_language_is_told_only_where_it_is_another(of_the_blocks: str | None, told: str | None) -> None:
    dispatcher = CollectingDispatcher()
    turn = SimpleNamespace(language="ur", administration="ae", served=None, request_id="r")
    send(dispatcher, turn, Reply("answered", [paragraph("No.")], language=of_the_blocks))
    assert dispatcher.messages[0]["custom"].get("asker_language") == told

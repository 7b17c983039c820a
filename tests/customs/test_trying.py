"""Replies from a release that is not served: what happens when one goes on and on."""

from __future__ import annotations

import threading

import pytest

from customs import trying
from customs.settings import Settings
from knowledge_base.trying.errors import TryError


def test_who_asks_while_another_reply_goes_on_is_told_and_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "_GRACE_S", 0.05)
    going_on = threading.Event()
    other = trying._ASKING.submit(going_on.wait, 30)
    try:
        with pytest.raises(TryError, match="busy"):
            trying.ask_release(None, "how much wine", Settings(), deadline_s=0.01)  # type: ignore[arg-type] - it is never asked
    finally:
        going_on.set()
    assert other.result(timeout=5)


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_a_question_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        trying.ask_release(None, text, Settings())  # type: ignore[arg-type] - it is never asked

"""When a message in which goods or money were read is no matter of customs all the same."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from actions.context import Turn
from actions.sums import begin


@pytest.mark.parametrize(
    ("language", "reason", "share", "running", "refused"),
    [
        ("en", "out_of_scope", 0.37, False, False),  # what the gate declines without being sure
        ("en", "out_of_scope", 0.6, False, True),
        ("en", "out_of_scope", 0.6, True, False),
        ("es", "out_of_scope", 0.6, False, False),
        ("es", "out_of_scope", 0.98, True, True),
        ("en", "unlawful", 0.37, False, True),
        ("en", "unlawful", 0.37, True, False),
    ],
)
def test_what_was_read_speaks_for_a_sum(
    monkeypatch: pytest.MonkeyPatch, language: str, reason: str, share: float, running: bool, refused: bool
) -> None:
    found = SimpleNamespace(verdict=SimpleNamespace(kind="decline", reason=reason), scope={reason: share})
    monkeypatch.setattr(begin, "_searched", lambda *_: found)
    served = SimpleNamespace(release=SimpleNamespace(shelves={}))
    turn = Turn("talk", "i have 12000 pounds in cash", language, "request", date(2026, 11, 22), served=served)
    assert begin.is_refused(turn, "gb", running) is refused

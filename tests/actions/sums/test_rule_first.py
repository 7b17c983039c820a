"""A question that guidance surely answers is not met with a sum's question for a fact."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from actions.context import Turn
from actions.sums import begin
from actions.sums.state import State


@pytest.mark.parametrize(
    ("text", "kind", "probability", "answered"),
    [
        ("got 400 fags and the limit is 200, do i only pay on the other half?", "answer", 0.6, True),
        ("got 400 fags and the limit is 200, do i only pay on the other half?", "answer", 0.4, False),
        ("got 400 fags and the limit is 200, do i only pay on the other half?", "ask_back", 0.6, False),
        ("how much do i pay on 400 fags?", "answer", 0.9, False),  # an amount, which the sum tells
        ("сколько я заплачу за 400 сигарет?", "answer", 0.9, False),
        ("i have 400 fags", "answer", 0.9, False),  # tells what they bring
    ],
)
def test_guidance_goes_first_where_it_is_sure_and_no_amount_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, text: str, kind: str, probability: float, answered: bool
) -> None:
    entry = SimpleNamespace(id="gb.tobacco.over")
    found = SimpleNamespace(
        verdict=SimpleNamespace(kind=kind, entries=(entry,)), candidates=[SimpleNamespace(probability=probability)]
    )
    monkeypatch.setattr(begin, "_searched", lambda *_: found)
    served = SimpleNamespace(release=SimpleNamespace(shelves={"gb": None}))
    turn = Turn("talk", text, "en", "request", date(2026, 11, 22), served=served)
    state = State(kind="allowance", administration="gb", data={}, began=text, request="request")
    assert begin._is_answered_without(turn, state, "gb.tobacco.allowance") is answered
    assert not begin._is_answered_without(turn, state, "gb.tobacco.over"), "which the sum tells with its question"

"""What is asked in Latin letters of another language is searched for in each of its forms."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from actions.context import Turn
from actions.searching import search
from knowledge_base.index.scope import EMERGENCY
from knowledge_base.search import Verdict


def turn_of(results: dict[str, tuple[Verdict, float]]) -> Turn:
    """A turn whose search finds (verdict, probability) for the texts given, and nothing for others."""

    def find(question):
        verdict, probability = results.get(question.text, (Verdict("decline", "no_guidance"), 0.0))
        return SimpleNamespace(
            question=question, verdict=verdict, candidates=[SimpleNamespace(probability=probability)]
        )

    return Turn("c", "", "ur", "r", date(2026, 11, 22), served=SimpleNamespace(searcher=SimpleNamespace(search=find)))


def test_danger_in_one_form_counts_whatever_another_form_is_near_to() -> None:
    text = "mera dost behosh ho gaya hai wahan"
    turn = turn_of(
        {text: (Verdict("answer"), 0.9), "my friend unconscious wahan": (Verdict("decline", EMERGENCY), 0.1)}
    )
    assert search(turn, text, None).verdict.reason == EMERGENCY


@pytest.mark.parametrize(
    ("text", "searched"), [("aur sharab?", "alcohol"), ("aur sharab zafrani?", "aur sharab zafrani?")]
)
def test_letters_that_look_like_another_name_are_not_searched_for_when_every_word_is_known(text, searched) -> None:
    turn = turn_of({text: (Verdict("answer"), 0.9), "alcohol": (Verdict("answer"), 0.5)})
    assert search(turn, text, None).question.text == searched

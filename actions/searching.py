"""Asking the search in a turn: for its day, in its language, and in each spelling of what is romanised."""

from __future__ import annotations

from actions.context import Turn
from knowledge_base.index.scope import EMERGENCY
from knowledge_base.romanised import is_known, search_forms
from knowledge_base.search import Found, Question


def search(turn: Turn, text: str, administration: str | None) -> Found:
    """Search for `text`; what is romanised is tried in each of its spellings and the surest result counts."""
    results = [
        turn.searcher.search(Question(form, administration, turn.origin, language=turn.language, date=turn.day))
        for form in _forms(text)
    ]
    # Whoever is in danger is helped if one spelling shows it: no entry is ever near to that.
    return max(results, key=lambda found: (found.verdict.reason == EMERGENCY, _sureness(found)))


def _sureness(found: Found) -> float:
    return found.candidates[0].probability if found.candidates else 0.0


def _forms(text: str) -> list[str]:
    """The forms of `text` that are searched for. Letters of another language look like names: "sharab" (wine) is near to Sharjah."""
    forms = search_forms(text) or [text]
    return forms[1:] if len(forms) > 1 and is_known(text) else forms

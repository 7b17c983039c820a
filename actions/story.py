"""Places of a story beside the question: "textbooks are cheap in delhi. can i fly home with a suitcase of them?"

Where somebody chose an administration, a country that is only told of does not take the question away from it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.context import Turn
from knowledge_base.parts import openers
from knowledge_base.places import Named, Place

_CLAUSE_END = re.compile(r"[.!?;,\n¿،؛؟。，；！？।]+")
_WORD = re.compile(r"[^\W_]+")
# "in japan, how much wine may i bring" asks for Japan's rules.
_SETS_THE_SCENE = re.compile(
    r"^\s*(?:in|at|for|if|when|while|once|to|en|si|cuando|para|à|au|aux|pour|quand|lorsque|в|если|когда|для|في|إذا|اذا|لو|عند|अगर|जब|اگر|جب|如果|在|去|到)\b",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"\s*(?:(?:and|so|but|then|also|hi|hello|ok|y|pero|et|mais|и|а|но|و|और|لیکن|اور)\s+)?", re.IGNORECASE)
_LEAST_TOLD = 3  # words beside the place: "japan, how much wine" tells nothing


def at_home(turn: Turn, named: Named) -> Named:
    """`named`, under the administration of the conversation where what is named elsewhere is only told of."""
    home = turn.administration
    if home is None or (named.administration in {None, home} and not named.uncovered):
        return named
    elsewhere = [place for place in named.places if turn.places.of(place) != home and place.kind != "demonym"]
    if any(place.asked_about or place.leaving or place.exported or place.toward for place in elsewhere):
        return named
    names_home = any(turn.places.of(place) == home for place in named.places)
    if not (names_home or (elsewhere and _is_told_before(turn.text, elsewhere))):
        return named
    return replace(named, administration=home, uncovered=None, exporting=False, destinations=(), destination=None)


def _is_told_before(text: str, places: list[Place]) -> bool:
    """Do all `places` stand in clauses that tell something, before the clause that asks?"""
    clauses = _clauses(text)
    if len(clauses) < 2:
        return False
    last = clauses[-1][0]
    return all(
        place.start < last and _tells(text[start:end], place)
        for place in places
        for start, end in clauses
        if start <= place.start < end
    )


def _tells(clause: str, place: Place) -> bool:
    words = len(_WORD.findall(clause)) - len(_WORD.findall(place.text))
    begin = _LEADS_ON.match(clause)
    asking = any(opener.start <= (begin.end() if begin else 0) for opener in openers(clause))
    return words >= _LEAST_TOLD and not asking and not _SETS_THE_SCENE.match(clause)


def _clauses(text: str) -> list[tuple[int, int]]:
    """Start and end of every clause of `text` that has a word."""
    found, at = [], 0
    for end in [*(match.start() for match in _CLAUSE_END.finditer(text)), len(text)]:
        if _WORD.search(text[at:end]):
            found.append((at, end))
        at = end + 1
    return found

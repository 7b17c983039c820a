"""What two places say about each other: `JFK to heathrow`, `I am in dubai and fly to london`, `to dubai then london`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge_base.places_data.context import Sense, groups
from knowledge_base.places_data.words import split

if TYPE_CHECKING:
    from knowledge_base.places_data.matching import Place

JOINTS = frozenset(
    "to se say से سے سی - – — → > -> => 2 a à au aux en إلى الى الي ل ela ila le lel в во на до 到 至 飞 飞往 去 /".split()
)
_DASHES = frozenset("- – —".split())
_LISTED = re.compile("[/,&+،、]")
_BACK = re.compile(
    "回来|回国|返回|वापस|واپس|обратно|назад|رجوع|راجع"
)  # in languages whose words change or are not parted
_TO_BEFORE = re.compile(r"\b(?:to|into|in|at)\s+(?:the\s+)?$", re.IGNORECASE)


def relate(text: str, places: Sequence[Place], senses: Sequence[Sense]) -> list[Place]:
    """`places` of `text` (with what the words around each say) in the roles that they have together."""
    return _chains(text, _returns(text, _pairs(text, _going_on(places, senses))))


def _going_on(places: Sequence[Place], senses: Sequence[Sense]) -> list[Place]:
    """`I'm in dubai and fly to london`: where one is now is where one comes from, if another place is gone to."""
    going = {place.country for place, sense in zip(places, senses) if sense.toward}
    return [
        replace(place, role="from") if sense.here and going - {place.country} else place
        for place, sense in zip(places, senses)
    ]


def _pairs(text: str, places: list[Place]) -> list[Place]:
    """`JFK to heathrow`, `Dubai–London`: the first of two places with only a joint between them is where one comes from."""
    paired = list(places)
    for at, (first, second) in enumerate(zip(places, places[1:])):
        between = text[first.end : second.start].strip().lower()
        if between not in JOINTS or "demonym" in {first.kind, second.kind} or first.country == second.country:
            continue
        if between == "/" or (between in _DASHES and _TO_BEFORE.search(text[: first.start])):
            continue  # `to london - gatwick` is one destination
        if paired[at].role in {None, "to"} and not (
            first.role == "to" and second.role == "to" and between in {"en", "в", "на"}
        ):
            paired[at] = replace(paired[at], role="from", toward=False)
        if paired[at + 1].role is None or (paired[at].role == "from" and paired[at + 1].role == "to"):
            paired[at + 1] = replace(paired[at + 1], role="to", toward=True)
    return paired


def _returns(text: str, places: list[Place]) -> list[Place]:
    """`a cruise to st thomas and back to miami`: what is brought comes from the place that one goes back from."""
    returned = list(places)
    for at, (first, second) in enumerate(zip(places, places[1:])):
        gap = text[first.end : second.start]
        back = _BACK.search(gap) or groups()["returned"].intersection(word.form for word in split(gap))
        if first.toward and second.toward and first.country != second.country and back:
            returned[at] = replace(first, role="from", toward=False)
    return returned


def _chains(text: str, places: list[Place]) -> list[Place]:
    """`to dubai then london`, `UK vs US`: a place that only such words part from a destination is one as well."""
    chained = list(places)
    for at, (first, second) in enumerate(zip(places, places[1:])):
        gap = text[first.end : second.start]
        between = [word.form for word in split(gap)]
        if (
            (between or _LISTED.search(gap))
            and second.role is None
            and chained[at].role in {None, "to"}
            and "demonym" not in {first.kind, second.kind}
            and all(form in groups()["chained"] for form in between)
        ):
            chained[at] = replace(chained[at], chained=True)
            chained[at + 1] = replace(chained[at + 1], chained=True, toward=chained[at].toward)
    return chained

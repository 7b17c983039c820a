"""Which places, and whose customs rules, a text names.

>>> [(place.country, place.role) for place in find_places("flying from dubai to london")]
[('AE', 'from'), ('GB', 'to')]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.places_data import matching
from knowledge_base.places_data.gazetteer import Entry, is_ordinary, load, longest_from
from knowledge_base.places_data.matching import Place
from knowledge_base.places_data.words import key
from knowledge_base.quantities import telling_currencies

__all__ = ["Administrations", "Named", "Place", "find_places"]

_MAX_CHARACTERS = 2_000  # a question is at most 1,000; a longer text would only cost time
_REGION = "region:"
_REMEMBERED = 64


def find_places(text: str) -> list[Place]:
    """The countries, cities, airports and demonyms that `text` names in any of the eight languages, in the order of the text."""
    return matching.match(text[:_MAX_CHARACTERS])


@dataclass(frozen=True)
class Named:
    """What a text says about place.

    `administration`: whose rules are asked for (its id), None when no covered destination is named. `others`: ids of
    administrations that are named besides, as origin, say. `uncovered`: ISO code of a destination that no administration covers.
    `region`: a place inside the administration where other rules apply, as its profile writes it. `places`: all that was found.

    `origin` and `destination`: ISO codes of the countries that one comes from and that one goes to or asks about, covered or not
    (`EU` for the European Union as a whole). `destinations`: ids of the covered administrations that are asked about, in the order
    of the text, when there are several. `exporting`: `administration` is the one that is left for a country that is elsewhere, so
    that only its guidance on leaving can answer.
    """

    administration: str | None = None
    others: list[str] = field(default_factory=list)
    uncovered: str | None = None
    region: str | None = None
    places: list[Place] = field(default_factory=list)
    origin: str | None = None
    destination: str | None = None
    destinations: tuple[str, ...] = ()
    exporting: bool = False


# The small words before the name of a place, in the languages that write them apart.
_LEADS = re.compile(
    r"(?:^|(?<=\s))(?:(?:in)?to|in|at|for|from|of|the|a|al|en|au|aux|à|dans|vers|de|hacia|para|в|во|на|إلى|الى|في|ل|到|去|进入|入境)$",
    re.IGNORECASE,
)


_AUTHORITY = re.compile(r"\b(?:customs|cbp|hmrc|border|icp|aduana|douane|جمارك)\b", re.IGNORECASE)


class Administrations:
    """Tells from a text which of some administrations is meant.

    A profile is an object or a mapping with `id`, `covers` (ISO codes), `called` (what people call it besides the names of
    countries, cities and airports), `not_covered` (places inside it with other rules) and perhaps `currency` (its ISO code).
    """

    def __init__(self, profiles: Iterable[Any]) -> None:
        self._own: dict[str, Entry] = {}
        self._by_country: dict[str, str] = {}
        self._regions: dict[str, tuple[str, str]] = {}
        self._by_currency: dict[str, str | None] = {}
        for profile in profiles:
            identity = _get(profile, "id")
            if currency := _get(profile, "currency"):
                self._by_currency[str(currency)] = None if str(currency) in self._by_currency else identity
            self._by_country[identity.upper()] = identity  # `EU` is named like a country and is none
            for country in _get(profile, "covers"):
                self._by_country[str(country).upper()] = identity
            for phrase in _get(profile, "called"):
                name = key(str(phrase))
                known = load().names.get(name)
                # `dubai` in a pack's list says no more than the gazetteer knows, and it knows that it is a city.
                if name and not (known and self._by_country.get(known.country) == identity and known.kind != "demonym"):
                    self._own.setdefault(name, Entry(identity, "own", is_ordinary(name)))
            for phrase in _get(profile, "not_covered"):
                if name := key(str(phrase)):
                    self._own[name] = Entry(_REGION + name, "own", is_ordinary(name))
                    self._regions[_REGION + name] = (identity, str(phrase))
        # Towns of a territory that a pack names as a region: `st thomas` is in the US Virgin Islands.
        self._territories = {
            known.country: region
            for region in self._regions
            if (known := load().names.get(region.removeprefix(_REGION))) and known.country not in self._by_country
        }
        self._first = longest_from(self._own)
        self._recent: dict[str, list[Place]] = {}

    def find(self, text: str, session: str | None = None) -> Named:
        """Whose rules `text` asks for. The destination wins over the origin; an origin alone decides nothing.

        Leaving counts as asking for the rules of the place left, unless a covered destination is named. `session` is the
        administration chosen so far: `flying to Ghana with 10,000 pounds` is then asked by somebody who leaves it.
        """
        places = self._places(text)
        if not places:
            return Named()
        ranked = sorted((rank, at, place) for at, place in enumerate(places) if (rank := _rank(place)) is not None)
        asked = next((place for _, _, place in ranked if self._administration(place)), None)
        abroad = next((place for _, _, place in ranked if self._is_uncovered(place)), None)
        origin = next((place for place in places if place.role == "from" and place.kind != "demonym"), None)
        left = self._left(asked, abroad, origin, session)
        administration = left or (self._administration(asked) if asked else None)
        goal = next((place for place in places if left and self._goes_on_to(place, left)), None) or abroad
        goal = goal if administration is None or left else asked
        # A country that is only mentioned does not make a question about a covered one uncovered.
        uncovered = abroad and (administration is None or left or self._is_destination(places, abroad.country))
        others: list[str] = []
        region = None
        for place in places:
            identity = self._administration(place)
            named = place.kind != "demonym" or place.asked_about  # an American citizen does not ask for American rules
            if named and identity and identity != administration and identity not in others:
                others.append(identity)
            if identity == administration and place.role != "from":
                region = region or self._region(place)
        return Named(
            administration, others, abroad.country if uncovered else None, region, places,
            origin=self._country(origin) if origin else None,
            destination=self._country(goal) if goal and goal.role != "from" else None,
            destinations=() if left else self._destinations(ranked, asked),
            exporting=left is not None,
        )  # fmt: skip

    def of(self, place: Place) -> str | None:
        """The administration that a place belongs to, None when none covers it."""
        return self._administration(place)

    def reckoning_in(self, text: str, language: str) -> str | None:
        """The administration in whose money `text` reckons ("courier wants £62"), None when that is nobody's or several's."""
        told = {self._by_currency.get(currency) for currency in telling_currencies(text[:_MAX_CHARACTERS], language)}
        return told.pop() if len(told) == 1 else None

    def _places(self, text: str) -> list[Place]:
        """The places in `text`; the last ones are remembered, as a turn asks for one text several times."""
        text = text[:_MAX_CHARACTERS]
        if (known := self._recent.get(text)) is None:
            if len(self._recent) >= _REMEMBERED:
                self._recent.clear()  # at once: several threads may be here
            known = self._recent[text] = matching.match(text, self._own, self._first)
        return list(known)

    def _left(self, asked: Place | None, abroad: Place | None, origin: Place | None, session: str | None) -> str | None:
        """The administration that is left for another country, None when the question is about coming in."""
        own = self._administration(origin) if origin else None
        going = asked if asked and asked is not origin and asked.role == "to" else None
        if own and origin and origin.leaving:
            # Going out to a covered country is asked of that one, but for exports, which are declared where they leave.
            if going is None or self._administration(going) == own:
                return own if abroad or going is None else None
            return own if origin.exported else None
        # "i sell from lisbon and post a vase to chicago, is there an export declaration"
        if going is not None and going.exported and (sender := own or session) in self._by_country.values():
            return sender if self._administration(going) != sender else None
        if going is not None or abroad is None or abroad.asked_about or not (abroad.toward or abroad.exported):
            return None
        if origin is not None:
            return own
        return session if session in self._by_country.values() else None

    def _goes_on_to(self, place: Place, left: str) -> bool:
        return place.role == "to" and place.kind != "demonym" and self._administration(place) != left

    def _is_uncovered(self, place: Place) -> bool:
        return self._administration(place) is None and (place.kind != "demonym" or place.asked_about)

    def _destinations(self, ranked: list[tuple[int, int, Place]], asked: Place | None) -> tuple[str, ...]:
        """The administrations asked about, when they are several: all that one moves to, or is named in one go with the first."""
        if asked is None or _rank(asked) not in {0, 1, 3}:
            return ()
        found: dict[str, None] = {}
        for _, _, place in sorted(ranked, key=lambda item: item[1]):
            identity = self._administration(place)
            level = place.asked_about == asked.asked_about and place.toward == asked.toward and place.role == asked.role
            if identity and place.kind != "demonym" and place.role != "through":
                if place is asked or (place.chained and asked.chained) or (level and place.role == "to"):
                    found[identity] = None
        return tuple(found) if len(found) > 1 else ()

    def _country(self, place: Place) -> str:
        """The ISO code of a place's country, of a pack's own phrase the one that it covers, or its id in capitals."""
        if place.country in self._regions:
            phrase = key(self._regions[place.country][1])
            known = load().names.get(phrase)
            return known.country if known and known.country else self._regions[place.country][0].upper()
        return place.country.upper()

    def without(self, text: str, administration: str) -> str:
        """`text` without the names of places that belong to `administration`, and the small words that lead to them.

        "how much wine can i bring to the uk" → "how much wine can i bring": where the rules are those of one administration, its name
        tells no question from another. A place that one comes from stays, and so do regions with other rules.
        """
        return self._without(text, administration, {"to", "through", None})

    def _without(self, text: str, administration: str, roles: set[str | None]) -> str:
        places = self._places(text)
        kept = text
        for place in sorted(places, key=lambda place: -place.start):
            own = self._administration(place) == administration and self._region(place) is None
            if own and place.role in roles and place.kind != "demonym":
                before = kept[: place.start].rstrip()
                for _ in range(2):  # "to the"
                    before = _LEADS.sub("", before).rstrip()
                kept = before + " " + kept[place.end :].lstrip()
        kept = " ".join(kept.split())
        return kept if any(char.isalpha() for char in kept) else text

    def abroad(self, text: str, named: Named) -> str:
        """`text` with the places that one leaves `named.administration` for called "abroad", and its own places left out.

        "can i carry 15000 euros from paris to dakar" → "can i carry 15000 euros to abroad": which country it is tells no guidance on
        leaving from another, and its name leads the search astray.
        """
        told = text
        for place in sorted(named.places, key=lambda place: -place.start):
            if named.administration and self._goes_on_to(place, named.administration):
                told = told[: place.start] + "abroad" + told[place.end :]
        return (
            self._without(told, named.administration, {"from", "to", "through", None}) if named.administration else told
        )

    def _administration(self, place: Place) -> str | None:
        if place.country in self._regions:
            return self._regions[place.country][0]
        if place.country in self._territories:
            return self._regions[self._territories[place.country]][0]
        if place.country in self._by_country:
            return self._by_country[place.country]
        return place.country if place.country in self._by_country.values() else None

    def _region(self, place: Place) -> str | None:
        phrase = self._regions.get(self._territories.get(place.country, place.country))
        return phrase[1] if phrase else None

    @staticmethod
    def _is_destination(places: list[Place], country: str) -> bool:
        return any(place.country == country and place.role == "to" for place in places)


def _get(profile: Any, name: str) -> Any:
    value = profile.get(name) if isinstance(profile, Mapping) else getattr(profile, name, None)
    return value if value is not None else ()


def _rank(place: Place) -> int | None:
    """How surely the rules of a place are asked for, 0 the surest; None for a mere origin."""
    if place.kind == "demonym":
        return 0 if place.asked_about else None
    if place.role == "to":
        return 0 if place.asked_about else 1
    if place.kind == "own" and _AUTHORITY.search(place.text):
        return 1  # "a ruling from cbp": an authority is nobody's origin
    if place.role is None:
        return 1 if place.asked_about or place.kind == "own" else 3  # `hmrc` says more than a town passed on the way
    if place.leaving:
        return 2
    return 4 if place.role == "through" else None

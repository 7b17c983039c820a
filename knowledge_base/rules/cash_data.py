"""The file `cash.yml` of a pack: from what amount cash must be declared, on which journeys, and whose money is added together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge_base.model import country_groups
from knowledge_base.rules.files import RuleFile
from knowledge_base.said import Said

# What money can be. `card` and `transfer` are no cash anywhere; the others are where a pack says so.
Form = Literal[
    "notes", "travellers_cheques", "bearer_papers", "named_cheque", "card", "prepaid_card", "transfer", "crypto",
    "gold_coins", "gold_bars", "jewellery", "stones",
]  # fmt: skip
# An ISO country (or part of one), a group of country_groups.yml, or `abroad`: every place that no other name of the file is for.
Place = Annotated[str, Field(pattern=r"^([A-Z]{2,3}(-[A-Z0-9]{1,3})?|abroad)$")]
Entry = str


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Route(_Part):
    """A kind of journey, and the figure from which cash is declared on it.

    Without `threshold` nothing has to be declared there, or, with `national`, each country has a rule of its own, which `entry`
    explains. `both_ways` says that the way back is the same.
    """

    start: Place = Field(alias="from")
    end: Place = Field(alias="to")
    both_ways: bool = True
    threshold: str | None = None
    national: bool = False
    counts: tuple[Form, ...] = ()
    entry: Entry | None = None

    def fits(self, start: str, end: str) -> bool:
        """Is it the journey from `start` to `end`, both names of places of the file?"""
        return (self.start, self.end) == (start, end) or (self.both_ways and (self.end, self.start) == (start, end))


class CashRules(RuleFile):
    """Where and how cash is declared.

    `home` is the place that is meant when nothing else is said; `places` are those that the routes tell apart. `together` says
    whose money is added up: that of a `group` or family, of a `person`, or of a `person` and the minors with them
    (`with_minors`; a minor is younger than the figure `minor_below`). `counts` are the forms of money that are cash here, `silent`
    those that the published lists do not speak of; all others are none. `figures_of_form` is the fineness from which a form counts.
    `main`, `how`, `otherwise`, `whose` and `forms` are the entries that explain: the rule, how to declare, what happens otherwise, whose
    money counts, what is cash; `also` are others that the sum stands for.
    """

    home: Place
    places: tuple[Place, ...]
    routes: tuple[Route, ...] = Field(min_length=1)
    together: Literal["group", "person", "with_minors"]
    minor_below: str | None = None
    counts: tuple[Form, ...] = Field(min_length=1)
    silent: tuple[Form, ...] = ()
    figures_of_form: dict[Form, str] = {}
    main: Entry
    how: Entry
    otherwise: Entry
    whose: Entry
    forms: Entry
    opens: str | None = None
    penalty: str | None = None
    also: tuple[Entry, ...] = ()

    def figures(self) -> set[str]:
        """The ids of the figures that the file names."""
        named = [self.minor_below, self.opens, self.penalty, *(route.threshold for route in self.routes)]
        return {name for name in (*named, *self.figures_of_form.values()) if name}

    def place_of(self, country: str | None) -> str | None:
        """The name of the file for a country or a part of one; None when it is not known."""
        if country is None:
            return None
        for name in (country, country.split("-")[0]):
            for place in self.places:
                if name == place or name in country_groups().get(place, ()):
                    return place
        return "abroad"

    def problems(self) -> list[tuple[str, str, str]]:
        """Journeys without a route, and places that no country can be in."""
        known = {*self.places, "abroad"}
        found = [
            ("routes", name, Said("Name this place under places, or use abroad."))
            for route in self.routes
            for name in (route.start, route.end)
            if name not in known
        ]
        if self.home not in known:
            found.append(("home", self.home, Said("Name this place under places.")))
        for other in sorted(known):
            for start, end in ((self.home, other), (other, self.home)):
                if not any(route.fits(start, end) for route in self.routes):
                    found.append(("routes", f"{start} to {end}", Said("Say with a route what holds on this journey.")))
        if self.together == "with_minors" and not self.minor_below:
            found.append(("minor_below", "", Said("Name the figure of the age from which a traveller declares alone.")))
        return found

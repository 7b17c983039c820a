"""Conditions in allowances.yml: when a set of allowances, a pool or a note applies."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge_base.model import country_groups
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.measures import in_unit
from knowledge_base.said import Said

Fact = Literal[
    "age", "resident", "arriving_from", "arriving_in", "port", "by", "away_hours", "staying_hours", "days_since_last", "crew",
    "in_transit", "adults", "minors",
]  # fmt: skip
# In which unit a fact is said; figures are converted into it.
UNITS = {"age": "year", "away_hours": "hour", "staying_hours": "hour", "days_since_last": "day"}


class Test(BaseModel):
    """What a fact must be: `is` true or false; among `in` and not among `not` (values, countries, their parts or groups of countries); at least or below a
    figure; more people than `more_than`. A bare list means `in`, a bare true or false `is`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    __test__ = False  # no test of pytest

    among: tuple[str, ...] = Field((), alias="in")
    excluded: tuple[str, ...] = Field((), alias="not")
    truth: bool | None = Field(None, alias="is")
    at_least: str | None = None
    below: str | None = None
    more_than: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        if isinstance(data, bool):
            return {"is": data}
        return {"in": data} if isinstance(data, list | tuple) else data

    @model_validator(mode="after")
    def _says_something(self) -> Test:
        if self == Test.model_construct():
            raise ValueError(Said("says nothing; give in, not, is, at_least, below or more_than"))
        return self

    def holds(self, fact: str, value: Any, book: FigureBook) -> bool:
        """Is `value` so? What nobody knows is not: a rule that is never asked about needs somebody to say it."""
        if value is None:
            return False
        if self.truth is not None:
            return bool(value) is self.truth
        if self.more_than is not None:
            return int(value) > self.more_than
        if self.at_least or self.below:
            line = in_unit(book, self.at_least or self.below or "", UNITS.get(fact, "each"))
            if line is None:
                return False
            return Decimal(value) >= line if self.at_least else Decimal(value) < line
        return (not self.among or belongs(value, self.among)) and not belongs(value, self.excluded)


When = tuple[dict[Fact, Test], ...]


def belongs(place: str, names: tuple[str, ...]) -> bool:
    """Is `place` among `names`? A part of a country ("GB-NIR") belongs to its country, a country to its groups."""
    country = place.split("-", 1)[0]
    groups = country_groups()
    return any(name in (place, country) or country in groups.get(name, ()) for name in names)


def holds(when: When, facts: Mapping[str, Any], book: FigureBook) -> bool:
    """Does one of the alternatives hold? All the tests of an alternative must. No alternatives: always.

    Facts are read one by one and only as far as needed, so that whoever looks on learns which of them matter.
    """
    return not when or any(all(test.holds(fact, facts[fact], book) for fact, test in tests.items()) for tests in when)

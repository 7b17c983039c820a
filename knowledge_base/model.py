"""The types of a pack: administration, sources, figures, entries. docs/content-guide.md is the same in words.

A quantity of `Decimal(0)` means that nothing is free; `None` means that nobody knows. The two are never mixed up.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    PlainSerializer,
    TypeAdapter,
    model_validator,
)
from ruamel.yaml import YAML

from knowledge_base.said import Said

ID = r"^[a-z]{2}(\.[a-z0-9_]+)+$"
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
Words = Annotated[str, Field(min_length=1)]
Unit = Literal[
    "L", "ml", "kg", "g", "m", "cm", "km", "percent", "hour", "day", "working_day", "week", "month", "year",
    "each", "text", "date",
]  # fmt: skip
Audience = Literal["traveller", "trader", "both"]
_URL = TypeAdapter(HttpUrl)


def _url(value: Any) -> str:
    _URL.validate_python(value)
    return value


def _value(value: Any) -> Any:
    """YAML's own types to ours: numbers become Decimal by their shortest text, `unknown` becomes None."""
    if isinstance(value, bool):
        raise ValueError(Said("expected a number, a date, a text or the word unknown"))
    if isinstance(value, (int, float)):
        return Decimal(str(value))
    if value is None:
        raise ValueError(Said("is empty; write 0 for nothing free, or the word unknown"))
    return None if value == "unknown" else value


def _plain(value: Any) -> str:
    return "unknown" if value is None else str(value)


Url = Annotated[str, BeforeValidator(_url)]
Value = Annotated[Decimal | date | str | None, BeforeValidator(_value), PlainSerializer(_plain, return_type=str)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Contact(_Part):
    """An office or helpline, and what it helps with."""

    id: str = Field(pattern=ID)
    name: Words
    helps_with: dict[Language, Words]
    audience: Audience = "both"
    phone: str | None = None
    email: str | None = None
    url: Url | None = None
    hours: dict[Language, Words] | None = None
    sources: list[str] = Field(min_length=1)


class Emergency(_Part):
    """The number that brings police and ambulance where the administration's rules apply."""

    phone: str = Field(pattern=r"^\d{2,6}( / \d{2,6})*$")
    sources: list[str] = Field(min_length=1)


class Administration(_Part):
    """A customs administration: where its rules apply, what people call it, whom to ask."""

    format: Literal[1]
    id: str = Field(pattern=r"^[a-z]{2}$")
    name: dict[Language, Words]
    authority: dict[Language, Words]
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    languages: list[Language] = Field(min_length=1)
    time_zone: Words
    covers: list[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]] = Field(min_length=1)
    not_covered: list[Words] = []
    called: list[Words] = []
    contacts: list[Contact] = []
    emergency: Emergency | None = None

    def name_in(self, language: str) -> str:
        """The name in `language`, else in English, else in the first one given."""
        return self.name.get(language) or self.name.get("en") or next(iter(self.name.values()))


class Source(_Part):
    """A page that was opened and read on the day `checked`."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$")
    title: Words
    publisher: Words
    url: Url
    kind: Literal["official", "secondary"]
    as_of: Words
    checked: date
    note: str | None = None


class Period(_Part):
    """One value and the days on which it holds; both ends included, an open end is None."""

    start: date | None = Field(None, alias="from")
    until: date | None = None
    value: Value

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.until is None or day <= self.until)


class Conflict(_Part):
    """Another value found for a figure, and where."""

    value: Value
    source: str
    note: str | None = None


class Figure(_Part):
    """A limit, rate, threshold or deadline with its validity and source."""

    id: str = Field(pattern=ID)
    label: Words
    unit: Unit | None = None
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    valid: list[Period] = Field(min_length=1)
    at_limit: Literal["within", "over"] | None = None
    source: str
    status: Literal["verified", "conflicting", "unverified"]
    conflict: list[Conflict] = []
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, data: Any) -> Any:
        """A value that was written as text (a release is JSON) becomes the type that goes with the unit."""
        if not isinstance(data, dict) or data.get("unit") == "text":
            return data

        def typed(value: Any) -> Any:
            if not isinstance(value, str) or value == "unknown":
                return value
            try:
                return date.fromisoformat(value) if data.get("unit") == "date" else Decimal(value)
            except (ValueError, ArithmeticError):
                return value  # refused below, with the figure's unit

        def retyped(items: Any) -> Any:
            if not isinstance(items, list):
                return items
            return [
                item | {"value": typed(item["value"])} if isinstance(item, dict) and "value" in item else item
                for item in items
            ]

        return data | {key: retyped(data[key]) for key in ("valid", "conflict") if key in data}

    @model_validator(mode="after")
    def _consistent(self) -> Figure:
        if (self.unit is None) == (self.currency is None):
            raise ValueError(Said("needs either unit or currency, and not both"))
        if self.status == "conflicting" and not self.conflict:
            raise ValueError(Said("is conflicting but lists no other value under conflict"))
        for period in self.valid:
            expected = {"text": str, "date": date}.get(self.unit or "", Decimal)
            if period.value is not None and not isinstance(period.value, expected):
                raise ValueError(
                    Said(
                        "value {value!r} does not go with unit {unit}",
                        value=period.value,
                        unit=self.unit or self.currency,
                    )
                )
        for earlier, later in zip(self.valid, self.valid[1:]):
            if later.start is None or (earlier.until is not None and earlier.until >= later.start):
                raise ValueError(Said("periods overlap or are out of order; the newest comes last"))
            if earlier.until is None:
                raise ValueError(Said("the period before {day} has no end; give it an until", day=later.start))
        return self

    def value_on(self, day: date) -> Decimal | date | str | None:
        """The value on `day`; None when unknown. Raises LookupError when no period covers the day."""
        for period in reversed(self.valid):
            if period.holds_on(day):
                return period.value
        raise LookupError(f"figure {self.id} has no value for {day}")


class Effective(_Part):
    """The days on which an entry answers."""

    start: date | None = Field(None, alias="from")
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.until is None or day <= self.until)


class ComingFrom(_Part):
    """The countries from which goods or travellers come to whom an entry applies: `only` these, or all but those `not` named.

    ISO 3166-1 codes, or groups of `knowledge_base/country_groups.yml`.
    """

    only: list[str] = []
    excluded: list[str] = Field([], alias="not")

    @model_validator(mode="after")
    def _known(self) -> ComingFrom:
        if bool(self.only) == bool(self.excluded):
            raise ValueError(Said("needs either only or not, and not both"))
        for name in (*self.only, *self.excluded):
            if name not in country_groups() and not re.fullmatch("[A-Z]{2}", name):
                raise ValueError(
                    Said(
                        "{name!r} is neither a country's code nor one of {groups}",
                        name=name,
                        groups=", ".join(country_groups()),
                    )
                )
        return self

    def holds_for(self, country: str) -> bool:
        """Does the entry apply to what comes from `country` (ISO 3166-1)?"""

        def among(names: list[str]) -> bool:
            return any(country == name or country in country_groups().get(name, ()) for name in names)

        return among(self.only) if self.only else not among(self.excluded)


@cache
def country_groups() -> dict[str, list[str]]:
    """Groups of countries by name, each a list of ISO 3166-1 codes."""
    path = Path(__file__).with_name("country_groups.yml")
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


class Translation(_Part):
    """An answer in another language; `of` names the original that it was made from."""

    title: Words
    answer: Words
    of: str = ""


class Entry(_Part):
    """One question that people ask, with its answer."""

    id: str = Field(pattern=ID)
    title: Words
    audience: Audience
    questions: dict[Language, list[Words]]
    answer: Words
    sources: list[str] = Field(min_length=1)
    effective: Effective = Effective()
    coming_from: ComingFrom | None = None
    review_by: date
    related: list[str] = []
    most_asked: bool = False
    translations: dict[Language, Translation] = {}

    @property
    def administration(self) -> str:
        return self.id.split(".", 1)[0]

    @property
    def fingerprint(self) -> str:
        """Eight hex digits that change when title or answer of the original change."""
        return hashlib.sha256(f"{self.title.strip()}\n{self.answer.strip()}".encode()).hexdigest()[:8]


class Topic(_Part):
    """One faq file."""

    topic: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    entries: list[Entry] = Field(min_length=1)


class SourceFile(_Part):
    sources: list[Source]


class FigureFile(_Part):
    figures: list[Figure]


class Pack(_Part):
    """An administration with its sources, figures and entries, each by id; `topics` maps entry id to topic.

    `rules` holds the data of its sums by the name of the file (`knowledge_base.rules.files`).
    """

    administration: Administration
    sources: dict[str, Source]
    figures: dict[str, Figure]
    entries: dict[str, Entry]
    topics: dict[str, str]
    rules: dict[str, Any] = {}

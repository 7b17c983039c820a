"""goods.yml: everyday goods with the world's common code of six digits, their names, and what people call them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from knowledge_base import yaml12
from knowledge_base.model import ID, Language, Words
from knowledge_base.rules.duty_goods import GoodId

PATH = Path(__file__).with_name("goods.yml")


class CatalogueGood(BaseModel):
    """One good. `hs` are the six digits of the Harmonized System; `phrases` what people write, by language.

    `category` is a kind of goods on which reduced taxes hang, `excise` a kind of excise, in the ids of the product tree; what an
    administration makes of them stands in its duties.yml.
    `ask` tells, by language, what decides between these goods and their neighbours. `controls` are entries about permits and bans.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: GoodId
    hs: str = Field(pattern=r"^\d{6}$")
    name: dict[Language, Words]
    phrases: dict[Language, list[Words]]
    category: str = "general"
    excise: GoodId | None = None
    ask: dict[Language, Words] = {}
    controls: list[Annotated[str, Field(pattern=ID)]] = []

    def name_in(self, language: str) -> str:
        """The name in `language`, else in English."""
        return self.name.get(language) or self.name["en"]

    def texts(self) -> Iterator[str]:
        """All that the good is called, none twice."""
        yield from dict.fromkeys((*self.name.values(), *(text for texts in self.phrases.values() for text in texts)))


class Catalogue(BaseModel):
    """The goods in their order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    goods: list[CatalogueGood]

    def good(self, good_id: str) -> CatalogueGood | None:
        """The good of that id, None when there is none."""
        return next((good for good in self.goods if good.id == good_id), None)


@cache
def read_catalogue(path: Path = PATH) -> Catalogue:
    """The goods of `path`. Raises pydantic's ValidationError for a file that is not of this form."""
    return Catalogue.model_validate(yaml12.load(path.read_text(encoding="utf-8")))

"""The tree of kinds of goods that allowances know: parents, units, usual strengths, names in every language."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from knowledge_base.yaml12 import load

_FILE = Path(__file__).with_name("tree.yml")


class _Node(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    parent: str | None = None
    unit: Literal["L", "g", "each"] | None = None
    strength: Decimal | None = None
    usual: str | None = None
    heaviest: Decimal | None = None
    names: dict[str, str]


class Kind(BaseModel):
    """A kind of goods.

    `line` are its ancestors and itself, the nearest first. `strength` is per cent of alcohol by volume unless somebody says
    another, None where it has no usual one. `usual` is the kind under it that people mean by its name alone. `heaviest` is the
    most that one piece weighs, in grams.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    parent: str | None
    unit: Literal["L", "g", "each"]
    line: tuple[str, ...]
    strength: Decimal | None
    usual: str | None
    heaviest: Decimal | None
    names: dict[str, str]

    def name_in(self, language: str) -> str:
        """The name in `language`, else in English."""
        return self.names.get(language) or self.names["en"]


@cache
def tree() -> dict[str, Kind]:
    """All kinds by id, parents before their children. Raises ValueError for a parent or usual kind that is none."""
    nodes = TypeAdapter(dict[str, _Node]).validate_python(load(_FILE.read_text(encoding="utf-8")))
    kinds: dict[str, Kind] = {}
    for name, node in nodes.items():
        if node.parent and node.parent not in kinds:
            raise ValueError(
                f"{_FILE.name}: {name} stands under {node.parent!r}, which is not above it; move it or correct it"
            )
        above = kinds[node.parent] if node.parent else None
        unit = node.unit or (above and above.unit)
        if unit is None:
            raise ValueError(f"{_FILE.name}: {name} has no unit; give it one")
        strength = node.strength if node.strength is not None else above and above.strength
        kinds[name] = Kind(
            id=name, parent=node.parent, unit=unit, line=(name, *(above.line if above else ())), strength=strength,
            usual=node.usual, heaviest=node.heaviest, names=node.names,
        )  # fmt: skip
    for kind in kinds.values():
        if kind.usual and kind.usual not in kinds:
            raise ValueError(f"{_FILE.name}: usual of {kind.id} is {kind.usual!r}, which is no kind")
    return kinds


def is_a(kind: str, above: str) -> bool:
    """Is `kind` the kind `above`, or does it stand under it? False for a kind that is none."""
    found = tree().get(kind)
    return found is not None and above in found.line


@cache
def under(kind: str) -> frozenset[str]:
    """`kind` and all that stand under it. Raises KeyError for a kind that is none."""
    tree()[kind]
    return frozenset(each.id for each in tree().values() if kind in each.line)

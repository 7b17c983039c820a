"""A pack as a release is made of it: languages in one order, whoever wrote them down, so that the same content makes the same release.

The console writes English first and the others by their codes; people write them as they come.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel

from knowledge_base.model import Entry, Pack
from knowledge_base.pack_writing import by_language

_Item = TypeVar("_Item", bound=BaseModel)


def canonical(pack: Pack, known: Mapping[str, tuple[Entry, Entry]] | None = None) -> Pack:
    """`pack` with every text that is there by language in the order of languages that the console writes.

    known: entries by their id, as they came and as this function gave them, of which those that are still the same are not made again.
    """
    administration = _ordered(pack.administration, "name", "authority")
    contacts = [_ordered(contact, "helps_with", "hours") for contact in administration.contacts]
    known = known or {}
    entries = {
        name: known[name][1] if name in known and known[name][0] is entry else _ordered(entry, "questions", "translations")
        for name, entry in pack.entries.items()
    }
    return pack.model_copy(
        update={
            "administration": administration.model_copy(update={"contacts": contacts}),
            "entries": entries,
        }
    )


def _ordered(item: _Item, *names: str) -> _Item:
    return item.model_copy(update={name: by_language(told) for name in names if (told := getattr(item, name))})

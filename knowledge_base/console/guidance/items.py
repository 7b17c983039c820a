"""The things of a pack one by one, as plain data that can be compared: what the console has beside what a folder has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from knowledge_base.console.guidance.models import Administration, Entry, Figure, Guidance, PackFile, Source
from knowledge_base.console.guidance.models.shipped import ShippedItem
from knowledge_base.console.guidance.shapes import administration_data, entry_data, figure_data, source_data
from knowledge_base.pack_writing import PlainPack

KINDS: dict[str, type[Guidance]] = {
    kind._meta.model_name: kind for kind in (Administration, Source, Figure, Entry, PackFile)
}  # in the order in which one may need the other
CHILDREN: dict[type[Guidance], tuple[str, ...]] = {
    Administration: ("contacts",),
    Source: (),
    Figure: ("periods", "conflicts"),
    Entry: ("questions", "entry_sources", "related_entries", "translations"),
    PackFile: (),
}
Data = dict[str, Any]


def items_of(pack: PlainPack) -> Iterator[tuple[str, str, Data]]:
    """(kind, id, data) of everything in a pack; an entry's data has its topic too, a file's its text."""
    yield "administration", pack.administration["id"], pack.administration
    for source in pack.sources:
        yield "source", source["id"], source
    for figure in pack.figures:
        yield "figure", figure["id"], figure
    for topic, entries in pack.topics.items():
        for entry in entries:
            yield "entry", entry["id"], {**entry, "topic": topic}
    for name, text in pack.files.items():
        yield "packfile", name, {"id": name, "text": text}


def data_of(item: Guidance, sources: dict[int, str] | None = None, entries: dict[int, str] | None = None) -> Data:
    """The data of one thing of the console in the same form; `sources` and `entries` give ids by primary key."""
    if isinstance(item, Administration):
        return administration_data(item)
    if isinstance(item, Source):
        return source_data(item)
    if isinstance(item, Figure):
        return figure_data(item, sources)
    if isinstance(item, Entry):
        return {**entry_data(item, sources, entries), "topic": item.topic}
    return {"id": item.key, "text": item.text}  # type: ignore[attr-defined]


def normal(data: Any) -> Any:
    """`data` without what is empty or as it is by default, days and numbers as texts: alike for alike contents."""
    if isinstance(data, dict):
        found = {str(key): normal(value) for key, value in data.items()}
        return {key: value for key, value in found.items() if value not in (None, "", [], {}, False)}
    if isinstance(data, (list, tuple)):
        return [normal(value) for value in data]
    if data is None or isinstance(data, bool):
        return data
    return str(data)


def mark_of(data: Data) -> str:
    """A mark of the content of one thing."""
    return hashlib.sha256(json.dumps(normal(data), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def remember_shipped(administration: Model, pack: PlainPack) -> None:
    """Note that everything in `pack` was taken over as it is."""
    rows = [
        ShippedItem(administration=administration, kind=kind, key=key, mark=mark_of(data))
        for kind, key, data in items_of(pack)
    ]
    ShippedItem.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        update_fields=["mark"],
        unique_fields=["administration", "kind", "key"],
    )

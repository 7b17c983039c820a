"""From the console to packs: what is published, and, where asked for, drafts as if they were."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from wagtail.models import Revision

from knowledge_base.console.guidance.models import Administration, Entry, Figure, Guidance, PackFile, Source
from knowledge_base.console.guidance.shapes import administration_data, entry_data, figure_data, source_data
from knowledge_base.pack_writing import PlainPack, pack_texts, write_texts


def write_packs(folder: Path, *, entries_as_draft: Iterable[Guidance | Revision] = ()) -> None:
    """Write what is published as packs below `folder`, one folder an administration; files that did not change are left alone.

    `entries_as_draft`: revisions, or objects as they stand in memory, of entries, figures or any other guidance, that are written as if
    they were published. A pack that nothing is published of is not written; one that was there before is taken away.
    """
    drafts = _by_model(entries_as_draft)
    written = set()
    for administration in _with_drafts(Administration, drafts):
        texts = pack_texts(plain_pack(administration, drafts))
        if any(name.startswith("faq/") for name in texts):  # a pack without an answer is none yet
            write_texts(texts, folder / administration.key)
            written.add(administration.key)
    for old in folder.glob("*/administration.yml"):
        if old.parent.name not in written:
            write_texts({}, old.parent)


def plain_pack(
    administration: Administration,
    drafts: dict[type, dict[int, Guidance]] | None = None,
    only_topics: Collection[str] | None = None,
) -> PlainPack:
    """What is published of one administration, as plain data; `only_topics`: of its entries those of these topics alone."""
    drafts = drafts or {}
    sources = _with_drafts(Source, drafts, administration)
    keys = dict(Source.objects.values_list("pk", "key"))
    entry_keys = dict(Entry.objects.values_list("pk", "key"))
    entries = _with_drafts(Entry, drafts, administration, only_topics)
    served = {entry.key for entry in entries}
    if only_topics is not None:
        served |= set(Entry.objects.filter(live=True, administration=administration).values_list("key", flat=True))
    topics: dict[str, list[dict[str, Any]]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.topic, entry.position, entry.pk or 0)):
        data = entry_data(entry, keys, entry_keys)
        # An answer that is not served cannot be offered under another.
        data["related"] = [key for key in data["related"] if key in served]
        topics.setdefault(entry.topic, []).append(data)
    return PlainPack(
        administration_data(administration),
        [source_data(source) for source in sources],
        [figure_data(figure, keys) for figure in _with_drafts(Figure, drafts, administration)],
        topics,
        {file.key: file.text for file in _with_drafts(PackFile, drafts, administration)},
    )


_CHILDREN = {
    Administration: ("contacts",),
    Entry: ("questions", "entry_sources", "related_entries", "translations"),
    Figure: ("periods", "conflicts"),
    Source: (),
    PackFile: (),
}


def marks_of_topics(administration: Administration) -> dict[str, Any]:
    """Topic → what changes whenever the published text of one of its entries does: revisions that are live, in their order."""
    rows = Entry.objects.filter(live=True, administration=administration).order_by("topic", "position", "pk")
    told = list(rows.values_list("topic", "key", "live_revision_id"))
    every = frozenset(key for _, key, _ in told)  # an answer is offered under another only while both are served
    return {topic: (every, [row for row in told if row[0] == topic]) for topic in {row[0] for row in told}}


def _with_drafts(
    model: type[Guidance],
    drafts: dict[type, dict[int, Guidance]],
    administration: Administration | None = None,
    only_topics: Collection[str] | None = None,
) -> list[Any]:
    """What is published of `model`, drafts in the place of what they would replace or at the end."""
    rows = model._default_manager.filter(live=True)
    if only_topics is not None:
        rows = rows.filter(topic__in=only_topics)
    if administration is not None:
        rows = rows.filter(administration_id=administration.pk)
    changed = {
        pk: draft
        for pk, draft in drafts.get(model, {}).items()
        if administration is None or draft.administration_id == administration.pk  # type: ignore[attr-defined]
    }
    order = ("key",) if model in (Administration, PackFile) else ("position", "pk")
    found = [changed.pop(row.pk, row) for row in rows.order_by(*order).prefetch_related(*_CHILDREN[model])]
    return found + list(changed.values())


def _by_model(drafts: Iterable[Guidance | Revision]) -> dict[type, dict[int, Guidance]]:
    found: dict[type, dict[int, Guidance]] = {}
    for number, draft in enumerate(drafts):
        item = draft.as_object() if isinstance(draft, Revision) else draft
        found.setdefault(type(item), {})[item.pk or -1 - number] = item
    return found

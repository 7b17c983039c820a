"""From packs to the console.

What the console does not have yet is taken over as published, in bulk. What it has and the pack says otherwise becomes a draft, to be
approved like any other; nothing is ever removed by an import, only named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.items import CHILDREN, remember_shipped
from knowledge_base.console.guidance.models import (
    Administration,
    Entry,
    Figure,
    Guidance,
    PackFile,
    RelatedEntry,
    Source,
)
from knowledge_base.console.guidance.shapes import (
    administration_data,
    entry_data,
    figure_data,
    fill_administration,
    fill_entry,
    fill_figure,
    fill_source,
    source_data,
)
from knowledge_base.pack_writing import PlainPack, pack_texts, plain
from knowledge_base.packs import read_pack

_BATCH = 2_000


@dataclass
class Imported:
    """What an import did: ids by kind, such as {"entry": ["gb.alcohol.allowance"]}."""

    added: dict[str, list[str]] = field(default_factory=dict)
    drafted: dict[str, list[str]] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.drafted)


def import_pack(folder: Path, user: Any = None) -> Imported:
    """Take over the pack in `folder`. Raises `PackFaults` with every fault of form; nothing is changed then.

    What is new is published at once, because a pack is what another administration, or this one, published. What differs from the
    console is laid down as a draft in the name of `user`.
    """
    pack = plain(read_pack(folder), folder)
    with transaction.atomic():
        done = _Import(pack, user)
        done.run()
        remember_shipped(done.administration, pack)
        if done.report:
            counts = {
                what: {kind: len(keys) for kind, keys in getattr(done.report, what).items()}
                for what in ("added", "drafted")
            }
            record(user, "pack.import", done.administration, **counts)
    return done.report


class _Import:
    def __init__(self, pack: PlainPack, user: Any) -> None:
        self.pack, self.user, self.report = pack, user, Imported()
        self.now = timezone.now()

    def run(self) -> None:
        data = self.pack.administration
        self.administration = Administration.objects.filter(key=data["id"]).first() or Administration(key=data["id"])
        self._take([(self.administration, data)], fill_administration, _administration_text)
        for item in (Source, Figure, Entry, PackFile):
            rows = item.objects.filter(administration=self.administration)
            setattr(
                self, f"_{item._meta.model_name}s", {row.key: row for row in rows.prefetch_related(*CHILDREN[item])}
            )
        sources: dict[str, Source] = self._sources  # type: ignore[attr-defined]
        self._take(
            self._paired(Source, self.pack.sources), fill_source, lambda item: _text(sources=[source_data(item)])
        )
        keys = {source.pk: key for key, source in sources.items()}
        self._take(
            self._paired(Figure, self.pack.figures),
            lambda figure, data: fill_figure(figure, data, sources),
            lambda figure: _text(figures=[figure_data(figure, keys)]),
        )
        self._entries(keys)
        files = [{"id": name, "text": text} for name, text in self.pack.files.items()]
        self._take(self._paired(PackFile, files), _fill_file, lambda file: file.text)

    def _entries(self, keys: dict[int, str]) -> None:
        flat = [{**entry, "topic": topic} for topic, entries in self.pack.topics.items() for entry in entries]
        entries: dict[str, Entry] = self._entrys  # type: ignore[attr-defined]
        pairs = self._paired(Entry, flat)
        for entry, data in pairs:
            if not entry.pk:
                entry.topic = data["topic"]

        def fill(entry: Entry, data: dict[str, Any]) -> None:
            entry.topic = data["topic"]
            fill_entry(entry, data, self._sources)  # type: ignore[attr-defined]
            entry.related_entries = [
                RelatedEntry(sort_order=place, other=entries[key])
                for place, key in enumerate(data.get("related", []))
                if entries.get(key) is not None and entries[key].pk
            ]

        def text(entry: Entry) -> str:
            by_pk = {other.pk: key for key, other in entries.items()}
            return _text(topics={entry.topic: [entry_data(entry, keys, by_pk)]})

        self._take(pairs, fill, text, link_after=True)

    def _paired(self, model: type[Guidance], items: Iterable[dict[str, Any]]) -> list[tuple[Any, dict[str, Any]]]:
        """Each item of the pack with the row it belongs to; a row that is not there yet is made."""
        rows = getattr(self, f"_{model._meta.model_name}s")
        pairs = []
        for place, data in enumerate(items):
            row = rows.get(data["id"])
            if row is None:
                row = rows[data["id"]] = model(administration=self.administration, key=data["id"], position=place)
            pairs.append((row, data))
        here = {data["id"] for _, data in pairs}
        if gone := sorted(key for key, row in rows.items() if key not in here and row.live):
            self.report.missing[model._meta.model_name] = gone
        return pairs

    def _take(
        self,
        pairs: list[tuple[Any, dict[str, Any]]],
        fill: Callable[[Any, dict[str, Any]], None],
        text: Callable[[Any], str],
        link_after: bool = False,
    ) -> None:
        new = [(item, data) for item, data in pairs if not item.pk]
        known = [(item, data) for item, data in pairs if item.pk]
        if new:
            for item, data in new:
                item.live, item.first_published_at, item.last_published_at = True, self.now, self.now
                item.has_unpublished_changes = False
                if not link_after:
                    fill(item, data)
            type(new[0][0]).objects.bulk_create([item for item, _ in new], batch_size=_BATCH)
            if link_after:  # entries name one another: all of them must have their numbers first
                for item, data in new:
                    fill(item, data)
                type(new[0][0]).objects.bulk_update(
                    [item for item, _ in new],
                    [
                        "title",
                        "audience",
                        "answer",
                        "review_by",
                        "effective_from",
                        "effective_until",
                        "only_from",
                        "not_from",
                        "most_asked",
                    ],
                    batch_size=200,
                )
            self._children_of([item for item, _ in new])
            self._revisions_of([item for item, _ in new])
            self.report.added[new[0][0]._meta.model_name] = [item.key for item, _ in new]
        for item, data in known:
            draft = item.latest()
            before = text(draft)
            fill(draft, data)
            if text(draft) != before:
                draft.save_revision(user=self.user, log_action=True)
                self.report.drafted.setdefault(item._meta.model_name, []).append(item.key)

    def _children_of(self, items: list[Any]) -> None:
        for relation in CHILDREN[type(items[0])]:
            children = []
            for item in items:
                for child in getattr(item, relation).all():
                    setattr(child, type(item)._meta.get_field(relation).field.name, item)
                    children.append(child)
            if children:
                type(children[0]).objects.bulk_create(children, batch_size=_BATCH)

    def _revisions_of(self, items: list[Any]) -> None:
        """A revision of each, so that history begins with what was taken over."""
        model = type(items[0])
        kind = ContentType.objects.get_for_model(model)
        revisions = Revision.objects.bulk_create(
            [
                Revision(
                    content_type=kind,
                    base_content_type=kind,
                    object_id=str(item.pk),
                    user=self.user,
                    created_at=self.now,
                    object_str=str(item),
                    content=item.serializable_data(),
                )
                for item in items
            ],
            batch_size=200,
        )
        for item, revision in zip(items, revisions, strict=True):
            item.latest_revision = item.live_revision = revision
        model.objects.bulk_update(items, ["latest_revision", "live_revision"], batch_size=500)


def _fill_file(file: PackFile, data: dict[str, Any]) -> None:
    file.text = data["text"]


def _administration_text(administration: Administration) -> str:
    return pack_texts(PlainPack(administration_data(administration), [], [], {}))["administration.yml"]


def _text(sources: Any = (), figures: Any = (), topics: Any = None) -> str:
    texts = pack_texts(PlainPack(_NOBODY, list(sources), list(figures), topics or {}))
    return "".join(text for name, text in texts.items() if name != "administration.yml")


_NOBODY = {"id": "", "name": {"en": "-"}, "authority": {"en": "-"}}
